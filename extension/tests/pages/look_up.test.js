// The look-ups of a line: its button, the menu that is made when it is asked for, keys, marks, and what is asked of the background.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { LookUps, lookUpButton } from "../../src/review/look_up.js";
import { DEFAULTS } from "../../src/shared/preferences.js";
import { stage } from "./stage.js";

const URL_INDICATOR = { type: "url", value: "http://a.example/" };

/** What the background is asked; the port of the pages stays open over all tests. */
const asked = [];
const port = {
  onMessage: { addListener: (listener) => (port.answer = listener) },
  onDisconnect: { addListener: () => {} },
  postMessage: ({ id, method, params }) => {
    asked.push([method, params]);
    queueMicrotask(() => port.answer(port.refusal ? { id, error: port.refusal } : { id, result: {} }));
  },
};

let page;
let lookUps;
let about;
let failures;

beforeEach(() => {
  page = stage("<main><div id=indicators></div></main>");
  globalThis.browser.runtime = { connect: () => port };
  asked.length = 0;
  port.refusal = null;
  failures = [];
  about = { server: "https://misp.example.org", marks: [], profile: null };
  lookUps = new LookUps(() => about, (thrown) => failures.push(thrown));
});

const choose = (...names) => lookUps.begin({ ...DEFAULTS, ...Object.fromEntries(names.map((name) => [name, true])) });

/** Puts the button of an indicator on the page. */
function show(indicator = URL_INDICATOR) {
  const button = lookUpButton(indicator, "hxxp://a[.]example/");
  if (button) page.getElementById("indicators").append(button);
  return button;
}

const box = () => page.getElementById("look-up");
const items = () => [...box().querySelectorAll("[role=menuitem]")];
const press = (key) => {
  const event = new page.defaultView.KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
  page.activeElement.dispatchEvent(event);
  return event;
};
const answered = () => new Promise((resolve) => setImmediate(resolve));

test("a line has no button until something is chosen that takes it", () => {
  choose();
  assert.equal(show(), null);
  choose("lookUpPandora");
  assert.equal(show(), null);
  choose("lookUpVirustotal");
  assert.equal(show().getAttribute("aria-label"), "Look up hxxp://a[.]example/");
});

test("thousands of buttons make no menu; a click makes that of its line", () => {
  choose("lookUpMisp", "lookUpUrlscan");
  for (let at = 0; at < 3000; at += 1) show({ type: "url", value: `http://a.example/${at}` });
  const button = show();
  assert.equal(items().length, 0);
  assert.equal(box().hidden, true);
  button.click();
  assert.deepEqual(items().map((item) => item.textContent), ["MISP", "urlscan"]);
  assert.equal(button.getAttribute("aria-expanded"), "true");
  assert.equal(page.activeElement, items()[0]);
  assert.match(box().textContent, /service gets to know the value/u);
  button.click();
  assert.equal(box().hidden, true);
});

test("choosing a service asks for it, closes the menu and gives the focus back", async () => {
  choose("lookUpVirustotal");
  about = { ...about, marks: ["tlp:green"], profile: "lab" };
  const button = show();
  button.click();
  items()[0].click();
  assert.deepEqual(asked, [["look_up", { service: "virustotal", indicator: URL_INDICATOR, marks: ["tlp:green"], profile: "lab" }]]);
  assert.equal(box().hidden, true);
  assert.equal(page.activeElement, button);
  await answered();
  assert.deepEqual(failures, []);
});

test("nothing is asked before a person chooses", () => {
  choose("lookUpMisp", "lookUpVirustotal", "lookUpUrlscan", "lookUpLookyloo", "lookUpPandora");
  show().click();
  assert.deepEqual(asked, []);
});

test("arrows go round in the menu, Escape leaves it and nothing else", () => {
  choose("lookUpMisp", "lookUpVirustotal", "lookUpLookyloo");
  let leaked = 0;
  page.addEventListener("keydown", () => (leaked += 1));
  const button = show();
  button.click();
  const focused = () => items().indexOf(page.activeElement);
  for (const [key, at] of [["ArrowUp", 2], ["ArrowDown", 0], ["ArrowDown", 1], ["End", 2], ["Home", 0]]) {
    press(key);
    assert.equal(focused(), at, key);
  }
  assert.equal(press("Escape").defaultPrevented, true);
  assert.equal(box().hidden, true);
  assert.equal(page.activeElement, button);
  assert.equal(leaked, 0);
});

test("Tab leaves the menu and goes on from the button", () => {
  choose("lookUpMisp");
  const button = show();
  button.click();
  assert.equal(press("Tab").defaultPrevented, false);
  assert.equal(box().hidden, true);
  assert.equal(page.activeElement, button);
});

test("a mark of the mail leaves the own server, and is named", () => {
  choose("lookUpMisp", "lookUpVirustotal");
  about = { ...about, marks: ["tlp:amber"] };
  show().click();
  assert.deepEqual(items().map((item) => item.textContent), ["MISP"]);
  assert.match(box().textContent, /TLP:AMBER/u);
});

test("where a mark leaves nothing, the box says why and can be left", () => {
  choose("lookUpVirustotal");
  about = { ...about, marks: ["PAP:RED"] };
  const button = show();
  button.click();
  assert.equal(items().length, 0);
  assert.equal(page.activeElement, box());
  assert.match(box().textContent, /PAP:RED/u);
  press("ArrowDown");
  press("Escape");
  assert.equal(page.activeElement, button);
});

test("what the background refuses is told", async () => {
  choose("lookUpVirustotal");
  port.refusal = { kind: "not_opened", message: "no", data: {} };
  show().click();
  items()[0].click();
  await answered();
  assert.deepEqual(failures.map(({ kind }) => kind), ["not_opened"]);
});
