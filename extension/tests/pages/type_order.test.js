// The order of the groups of the review.

import assert from "node:assert/strict";
import { test } from "node:test";
import { typeOrder } from "../../src/review/type_order.js";

test("addresses come before hashes, other types by name after them, links last", () => {
  const types = ["vulnerability", "link", "md5", "btc", "sha256", "ip-dst", "url", "AS"];
  assert.deepEqual(types.toSorted(typeOrder), ["url", "ip-dst", "sha256", "md5", "AS", "btc", "vulnerability", "link"]);
});
