// Everything that host and protocol can say has words of its own on the pages.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const read = (path) => readFileSync(new URL(path, import.meta.url), "utf8");
const words = JSON.parse(read("../../src/_locales/en/messages.json"));
const protocol = JSON.parse(read("../../../protocol/protocol.schema.json"));
const test_ = protocol.methods["connection.test"].result.oneOf;

/** Asserts that there are words for each member of a list. */
function spoken(members, ...keys) {
  assert.ok(members.length > 0);
  const missing = members.flatMap((member) => keys.map((key) => key(member))).filter((key) => !(key in words));
  assert.deepEqual(missing, []);
}

test("every problem of a connection has a title and a next step", () => {
  const problems = test_[1].properties.problem.enum;
  spoken(problems, (problem) => `options_test_${problem}`, (problem) => `options_test_${problem}_step`);
});

test("every right that is lacking and every warning of a connection has words", () => {
  spoken(test_[0].properties.lacks.items.enum, (right) => `options_lacks_${right}`);
  spoken(test_[0].properties.warnings.items.enum, (warning) => `options_warning_${warning}`);
});

test("every state of a delivery has words", () => {
  spoken(protocol.$defs.delivery.properties.status.enum, (status) => `common_${status}`);
});

test("every stage of progress has words", () => {
  spoken([...protocol.notifications.progress.properties.stage.enum, "uploading"], (stage) => `common_stage_${stage}`);
});

test("every note on the settings has words", () => {
  const notes = protocol.methods.status.result.properties.notes.items.enum;
  assert.ok(notes.includes("no_server")); // It has words of its own, with the folder of the feed.
  spoken(notes.filter((note) => note !== "no_server"), (note) => `common_note_${note}`);
});

test("every mode has words", () => spoken(protocol.$defs.mode.enum, (mode) => `common_mode_${mode}`));

test("every part of the options page is one that the program fills", () => {
  const parts = [...read("../../src/options/options.html").matchAll(/data-fields="([^"]+)"/gu)].map(([, part]) => part);
  assert.deepEqual(parts.sort(), [...protocol.$defs.settings.properties.page.required].sort());
});
