// What is said of something that takes its time.

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { Going } from "../../src/review/going.js";
import { stage } from "./stage.js";

let page;
let said;
let going;

beforeEach(() => {
  page = stage("<div id=going hidden><progress id=progress></progress><button id=cancel></button></div>");
  mock.timers.enable({ apis: ["setTimeout"] });
  Object.assign(page.defaultView, { setTimeout, clearTimeout });
  said = [];
  going = new Going((words) => said.push(words));
});

afterEach(() => mock.timers.reset());

const shown = () => !page.getElementById("going").hidden;

test("what is over within a second is not spoken of", () => {
  const doing = going.begin();
  doing.onProgress({ stage: "delivering", done: 0, total: 1 });
  mock.timers.tick(900);
  going.end(doing);
  mock.timers.tick(1000);
  assert.deepEqual([shown(), said], [false, []]);
});

test("after a second it is said what goes on, also if that began before and nothing was heard since", () => {
  going.begin().onProgress({ stage: "delivering", done: 0, total: 1 });
  mock.timers.tick(1000);
  assert.deepEqual([shown(), said], [true, ["Delivering to MISP…"]]);
});

test("bytes are told, and shown as part of the whole", () => {
  const doing = going.begin();
  mock.timers.tick(1000);
  doing.onProgress({ stage: "uploading", done: 5_000_000, total: 25_000_000 });
  assert.deepEqual(said, ["Handing over the mail: 5 MB of 25 MB"]);
  const bar = page.getElementById("progress");
  assert.deepEqual([bar.value, bar.max], [5_000_000, 25_000_000]);
});

test("of one single thing there is no part to show", () => {
  going.begin().onProgress({ stage: "delivering", done: 0, total: 1 });
  assert.equal(page.getElementById("progress").hasAttribute("value"), false);
});

test("the button cancels what goes on", () => {
  const doing = going.begin();
  page.getElementById("cancel").click();
  assert.equal(doing.signal.aborted, true);
  assert.equal(going.isLatest(doing), true);
});

test("something new ends what went on before, and its progress is heard no more", () => {
  const first = going.begin();
  const second = going.begin();
  mock.timers.tick(1000);
  first.onProgress({ stage: "reading", done: 0, total: 0 });
  assert.deepEqual([first.signal.aborted, going.isLatest(first), going.isLatest(second), said], [true, false, true, []]);
  going.end(first);
  assert.equal(shown(), true);
});
