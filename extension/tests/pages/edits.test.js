// What the analyst changes goes to the host only where it differs from the preview, and comes back as it was.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Edits } from "../../src/review/edits.js";

const event = { info: "M2M - Bait", tags: ["tlp:amber", "PAP:GREEN", "one", "two"], threat_level: 3, sharing_group: null };
const URL_ROW = { type: "url", value: "http://evil.example/" };

function begun(...events) {
  const edits = new Edits();
  edits.begin({ events: events.length ? events : [event] });
  return edits;
}

test("an untouched event has no overrides", () => {
  const edits = begun();
  assert.deepEqual(edits.overrides(), {});
  edits.title = event.info;
  edits.threatLevel = 3;
  edits.pap = "PAP:GREEN";
  assert.deepEqual(edits.overrides(), {});
});

test("levels are no tags to take away", () => {
  assert.deepEqual(begun().tags, ["one", "two"]);
});

test("a tag that is taken away and added again is as before", () => {
  const edits = begun();
  edits.removeTag("one");
  edits.addTag("three");
  assert.deepEqual(edits.tags, ["two", "three"]);
  assert.deepEqual(edits.overrides(), { tags_added: ["three"], tags_removed: ["one"] });
  edits.addTag("one");
  edits.removeTag("three");
  assert.deepEqual(edits.overrides(), {});
});

test("what was chosen comes back", () => {
  const edits = begun();
  const chosen = { title: "Gate", pap: "PAP:RED", tags_added: ["x"], threat_level: 1, sharing_group: 7, rows: [{ ...URL_ROW, to_ids: false }] };
  edits.restore({ ...chosen, rows: [{ ...URL_ROW, to_ids: false, as: null, comment: null }] });
  assert.deepEqual(edits.overrides(), chosen);
  assert.deepEqual(edits.row(URL_ROW), { ...URL_ROW, to_ids: false });
});

test("a line without changes is as the host decides", () => {
  const edits = begun();
  edits.changeRow(URL_ROW, { comment: "" });
  assert.deepEqual(edits.overrides().rows, [{ ...URL_ROW, comment: "" }]);
  edits.changeRow(URL_ROW, {});
  assert.deepEqual(edits.overrides(), {});
});

test("several events have no common title", () => {
  const edits = begun(event, { ...event, info: "Other", tags: ["tlp:red", "three"] });
  assert.equal(edits.base.title, "");
  assert.deepEqual(edits.tags, ["one", "two", "three"]);
});
