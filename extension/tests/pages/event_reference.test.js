// How an event can be named.

import assert from "node:assert/strict";
import { test } from "node:test";
import { eventReference } from "../../src/review/event_reference.js";

const UUID = "5f1d2f6c-1111-4a2b-8c3d-000000000001";

for (const [typed, meant] of [
  ["42", "42"],
  ["  42 ", "42"],
  ["#42", "42"],
  [UUID, UUID],
  [UUID.toUpperCase(), UUID],
  ["https://misp.example.org/events/view/42", "42"],
  ["https://misp.example.org/events/view2/42?focus=x", "42"],
  [`https://misp.example.org/events/view/${UUID}#attributes`, UUID],
]) {
  test(`«${typed}» names event ${meant}`, () => assert.equal(eventReference(typed), meant));
}

for (const typed of ["", "0", "-1", "1.5", "42 43", "event 42", "5f1d2f6c", "https://misp.example.org/events/index", "%", "!42"]) {
  test(`«${typed}» names no event`, () => assert.equal(eventReference(typed), null));
}
