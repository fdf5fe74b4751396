// How the mails of a batch are counted.

import assert from "node:assert/strict";
import { test } from "node:test";
import { countOutcomes, outcomeOf } from "../../src/batch/outcome.js";

const done = (...statuses) => ({ state: "done", deliveries: statuses.map((status) => ({ status })) });

test("a mail counts as the worst of its events", () => {
  assert.equal(outcomeOf(done("created", "unchanged")), "done");
  assert.equal(outcomeOf(done("created", "queued")), "queued");
  assert.equal(outcomeOf(done("queued", "failed", "created")), "failures");
});

test("every mail of a batch is counted once", () => {
  const items = [
    done("created"),
    done("queued"),
    done("failed"),
    { state: "failed", deliveries: null },
    { state: "cancelled", deliveries: null },
    { state: "waiting", deliveries: null },
    { state: "uploading", deliveries: null },
    { state: "sending", deliveries: null },
    { state: "left_out", deliveries: null },
  ];
  assert.deepEqual(countOutcomes({ items }), { done: 1, queued: 1, failures: 2, not_sent: 1, left: 3, left_out: 1 });
});
