// What comes out of mails does no harm on the screen or when it is pasted.

import assert from "node:assert/strict";
import { test } from "node:test";
import { JSDOM } from "jsdom";
import { defang } from "../../src/shared/defang.js";
import { element, visible } from "../../src/shared/dom.js";

for (const [value, harmless] of [
  ["http://evil.example/a.php", "hxxp://evil[.]example/a[.]php"],
  ["HTTPS://evil.example", "HXXPS://evil[.]example"],
  ["billing@evil.example", "billing[@]evil[.]example"],
  ["203.0.113.9", "203[.]0[.]113[.]9"],
  ["bücher.example", "bücher[.]example"],
  ["d41d8cd98f00b204e9800998ecf8427e", "d41d8cd98f00b204e9800998ecf8427e"],
  ["ends with a dot.", "ends with a dot."],
]) {
  test(`«${value}» is shown as «${harmless}»`, () => assert.equal(defang(value), harmless));
}

test("marks that turn text around, and invisible characters, are written out", () => {
  assert.equal(visible("invoice\u202Egnp.exe"), "invoice‹U+202E›gnp.exe");
  assert.equal(visible("pay\u200Bpal\uFEFF"), "pay‹U+200B›pal‹U+FEFF›");
});

test("letters, accents and the narrow blank of French are left alone", () => {
  assert.equal(visible("Événement nº 3\u202F: 東京 Ω"), "Événement nº 3\u202F: 東京 Ω");
});

test("markup in a text stays text", () => {
  globalThis.document = new JSDOM().window.document;
  const line = element("p", { title: "<b>" }, "<img src=x onerror=alert(1)>", null, false, " & more");
  assert.equal(line.children.length, 0);
  assert.equal(line.textContent, "<img src=x onerror=alert(1)> & more");
  assert.equal(line.getAttribute("title"), "<b>");
});
