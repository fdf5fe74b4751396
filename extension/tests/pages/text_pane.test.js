// The text of the mail beside the list: pieces as text, marks, further pages, keys.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { TextPane } from "../../src/review/text_pane.js";
import { growsAsThings } from "../doubles/visits.js";
import { stage } from "./stage.js";

const item = (shown, action = "add") => ({ item: "indicator", shown, action });
const PAGES = [
  {
    pieces: [
      { part: "Subject", event: 0, subject: "New kit" },
      { text: "New kit" },
      { part: "text/plain", event: 0, subject: "New kit" },
      { text: "see <b>" },
      { text: "hxxp://a[.]example", items: [0, 1] },
      { text: " and\n" },
      { text: "", items: [2] },
    ],
    next: 7,
  },
  { pieces: [{ text: "setup.py", items: [3] }, { text: " \u202e end" }], next: null },
];
const ITEMS = [item("hxxp://a[.]example"), item("a[.]example"), item("hxxp://link[.]example"), item("setup.py", "skip")];

let page;
let pane;
let asked;
let chosen;

beforeEach(async () => {
  page = stage("<section id=text></section>");
  asked = [];
  chosen = [];
  pane = new TextPane(page.getElementById("text"), (items) => chosen.push(items));
  await pane.begin(async (offset) => {
    asked.push(offset);
    return PAGES[offset === 0 ? 0 : 1];
  }, ITEMS, "Outer");
});

const marks = () => [...page.querySelectorAll(".mark")];

test("the text is shown as text, with its parts and marks", () => {
  assert.deepEqual([...page.querySelectorAll("h2, .block")].map(({ textContent }) => textContent), [
    "New kit",
    "Subject",
    "New kit",
    "text/plain",
    "see <b>hxxp://a[.]example and\nhxxp://link[.]example",
  ]);
  assert.equal(page.querySelector("b"), null);
  assert.deepEqual(marks().map((mark) => [mark.className, mark.dataset.items]), [["mark", "0 1"], ["mark apart", "2"]]);
});

test("a mark that is clicked chooses its items, by mouse and by keys", () => {
  marks()[0].click();
  assert.deepEqual(chosen, [[0, 1]]);
  const press = (key) => page.activeElement.dispatchEvent(new page.defaultView.KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  marks()[0].focus();
  press("ArrowDown");
  assert.equal(page.activeElement, marks()[1]);
  press("Enter");
  assert.deepEqual(chosen.at(-1), [2]);
  assert.deepEqual(marks().map((mark) => mark.tabIndex), [-1, 0]);
});

test("further pages come when a mark among them is asked for, once", async () => {
  assert.deepEqual(asked, [0]);
  await Promise.all([pane.reveal(3), pane.reveal(3)]);
  assert.deepEqual(asked, [0, 7]);
  assert.deepEqual(page.querySelector("[aria-current]").dataset.items, "3");
  assert.equal(marks()[2].className, "mark left-out");
  assert.match(page.body.textContent, /‹U\+202E› end/u);
  await pane.reveal(99);
  assert.deepEqual(asked, [0, 7]);
});

test("another preview begins anew, and what comes late of the one before is dropped", async () => {
  let answer;
  const late = pane.begin(() => new Promise((resolve) => (answer = resolve)), ITEMS, null);
  await pane.begin(async () => ({ pieces: [{ text: "other" }], next: null }), [], null);
  answer(PAGES[0]);
  await late;
  assert.equal(page.getElementById("text").textContent, "other");
});

test("a long line is put together without reading it again for each of its marks", async () => {
  const { prototype } = globalThis.Node;
  const original = Object.getOwnPropertyDescriptor(prototype, "textContent");
  const read = async (count) => {
    let letters = 0;
    const get = function () {
      const words = original.get.call(this);
      letters += words.length;
      return words;
    };
    Object.defineProperty(prototype, "textContent", { ...original, get });
    const pieces = Array.from({ length: count }, () => ({ text: "x".repeat(1000) }));
    await pane.begin(async () => ({ pieces, next: null }), [], null);
    Object.defineProperty(prototype, "textContent", original);
    return letters;
  };
  await growsAsThings(read, 20);
});
