// Words, numbers and sizes in the language of the messages.

import assert from "node:assert/strict";
import { test } from "node:test";
import { localize, number, plural, size, text } from "../../src/shared/localize.js";
import { stage } from "./stage.js";

test("texts and attributes of a page are filled in, and its language is that of the words", () => {
  const page = stage('<h1 data-text="options_title"></h1><input data-placeholder="review_filter" data-aria-label="review_filter">');
  localize(page);
  assert.equal(page.documentElement.lang, "en");
  assert.equal(page.querySelector("h1").textContent, "MISPigeon settings");
  assert.equal(page.querySelector("input").placeholder, "Filter the list");
  assert.equal(page.querySelector("input").getAttribute("aria-label"), "Filter the list");
});

test("a number of things has its own form for one", () => {
  stage("");
  assert.equal(plural("review_indicators", 1), "1 indicator");
  assert.equal(plural("review_indicators", 0), "0 indicators");
  assert.equal(plural("review_indicators", 2000), "2,000 indicators");
});

test("values stand where the message wants them", () => {
  stage("");
  assert.equal(text("review_count_of", number(3), number(1500)), "3 of 1,500");
});

for (const [bytes, words] of [[0, "0 byte"], [999, "999 byte"], [1000, "1 kB"], [1540, "1.5 kB"], [482_133, "482 kB"], [25_000_000, "25 MB"], [3.2e9, "3.2 GB"]]) {
  test(`${bytes} bytes are ${words}`, () => {
    stage("");
    assert.equal(size(bytes), words);
  });
}
