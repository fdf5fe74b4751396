// A table in the options: what its lines say, and what the host gets.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { stage } from "./stage.js";

let document;
let control;
let changes;

beforeEach(async () => {
  document = stage("<main></main>");
  const { TableControl } = await import("../../src/options/table_control.js");
  control = new TableControl("tags.by_subject");
  document.querySelector("main").append(control.node);
  changes = 0;
  control.node.addEventListener("input", () => (changes += 1));
});

const TABLE = { locky: ['misp-galaxy:ransomware="Locky, the first"', "tlp:red"], emotet: ["x"] };

test("a table comes back as it was shown", () => {
  control.show(TABLE);
  assert.deepEqual(control.read(), TABLE);
  control.show(null);
  assert.deepEqual(control.read(), {});
});

test("lines that are not filled in do not count, lines of one word count together", () => {
  control.show({ a: ["1"] });
  for (const [word, list] of [["a", "2\n\n 3 "], ["", "4"], ["b", " "]]) {
    control.node.querySelector(".add").click();
    const line = control.node.querySelector(".line:last-child");
    line.querySelector("input").value = word;
    line.querySelector("textarea").value = list;
  }
  assert.deepEqual(control.read(), { a: ["1", "2", "3"] });
});

test("a new line gets the focus, a removed one gives it to the button", () => {
  control.show({ a: ["1"] });
  control.node.querySelector(".add").click();
  assert.equal(document.activeElement, control.node.querySelector(".line:last-child input"));
  control.node.querySelector(".line button").click();
  assert.equal(document.activeElement, control.node.querySelector(".add"));
  assert.deepEqual([control.read(), changes], [{}, 1]);
});

test("a table that somebody else sets cannot be changed", () => {
  control.show(TABLE);
  control.disable(true);
  const controls = [...control.node.querySelectorAll(".line :is(input, textarea, button)")];
  assert.ok(controls.length === 6 && controls.every(({ disabled }) => disabled));
  assert.equal(control.node.querySelector(".add").hidden, true);
});

test("every control has a name", () => {
  control.show(TABLE);
  for (const node of control.node.querySelectorAll("input, textarea, .line button")) assert.ok(node.getAttribute("aria-label").length > 3);
});
