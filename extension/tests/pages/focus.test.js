// A review of a part of the mail: what is ticked then, and how the whole mail comes back.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { FocusedReview } from "../../src/review/focus.js";
import { Selection } from "../../src/review/selection.js";
import { stage } from "./stage.js";

const indicator = (type, value, action = "add") => ({ item: "indicator", event: 0, type, value, action });
const attachment = (name, action = "sample") => ({ item: "attachment", event: 0, name, action });

const ITEMS = [
  indicator("url", "http://evil.example/a"),
  indicator("domain", "evil.example"),
  indicator("url", "https://own.example/wiki", "skip"),
  indicator("hostname", "own.example", "skip"),
  attachment("invoice.exe"),
  attachment("logo.png", "skip"),
];

let document;
let selection;
let asked;
let within;
let focused;

beforeEach(() => {
  document = stage('<p id="focus" hidden></p>');
  selection = new Selection();
  selection.add(ITEMS);
  asked = [];
  within = [];
  const handover = {
    ask: async (method, params) => {
      asked.push([method, params]);
      return { items: within };
    },
  };
  focused = new FocusedReview(handover, selection, { showTicks() {}, focus() {} });
});

const ticked = () => ITEMS.map((item) => selection.isTicked(item));
const words = () => document.getElementById("focus").textContent;

test("without a focus all is as usual", async () => {
  await focused.apply(ITEMS);
  assert.deepEqual([ticked(), asked], [[true, true, false, false, true, false], []]);
  assert.equal(document.getElementById("focus").hidden, true);
});

test("of a selected text only what would be sent is ticked", async () => {
  within = [1, 2, 3];
  focused.restore({ kind: "text", text: "see evil.example, as the wiki says" });
  await focused.apply(ITEMS);
  assert.deepEqual(asked, [["preview.within", { text: "see evil.example, as the wiki says" }]]);
  assert.deepEqual(ticked(), [false, true, false, false, false, false]);
  assert.match(words(), /selected text is ticked: 1 of 6/u);
});

test("a link is ticked even if the settings leave it out, its host is not", async () => {
  within = [2, 3];
  focused.restore({ kind: "link", link: "https://own.example/wiki" });
  await focused.apply(ITEMS);
  assert.deepEqual(asked, [["preview.within", { link: "https://own.example/wiki" }]]);
  assert.deepEqual(ticked(), [false, false, true, false, false, false]);
});

test("an attachment is found by its name, and the program is not asked", async () => {
  focused.restore({ kind: "files", files: [{ name: "logo.png", size: 7 }] });
  await focused.apply(ITEMS);
  assert.deepEqual([ticked(), asked], [[false, false, false, false, false, true], []]);
});

test("where nothing belongs to the part, nothing is ticked, and that is said", async () => {
  focused.restore({ kind: "link", link: "https://elsewhere.example/" });
  await focused.apply(ITEMS);
  assert.deepEqual(new Set(ticked()), new Set([false]));
  assert.match(words(), /nothing is ticked/u);
});

test("read anew the part stays, and so does what the analyst chose", async () => {
  within = [0];
  focused.restore({ kind: "text", text: "x" });
  await focused.apply(ITEMS);
  selection.choose([ITEMS[0]], false);
  selection.choose([ITEMS[4]], true);
  await focused.apply(ITEMS);
  assert.deepEqual(ticked(), [false, false, false, false, true, false]);
});

test("one click gives the whole mail back, for good", async () => {
  within = [0];
  focused.restore({ kind: "text", text: "x" });
  await focused.apply(ITEMS);
  document.getElementById("focus-whole").click();
  assert.deepEqual(ticked(), [true, true, false, false, true, false]);
  assert.equal(document.getElementById("focus").hidden, true);
  assert.equal(focused.keep(), null);
});
