// The list of the review: groups, ticks, filter, slices, later knowledge, and the way through it by keys.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { ReviewList } from "../../src/review/list.js";
import { Selection } from "../../src/review/selection.js";
import { keyOf } from "../../src/shared/said.js";
import { Observer, stage } from "./stage.js";
import { verbatim } from "../doubles/host.js";
import { growsAsThings, visitsOf } from "../doubles/visits.js";

const EVENT = { uuid: "u", subject: "s", info: "M2M - s", tags: [], publish: false, objects: [], already: [] };

/** @param {object} parts */
const indicator = (parts) => ({
  item: "indicator",
  event: 0,
  type: "url",
  shown: parts.value,
  category: "Network activity",
  to_ids: true,
  comment: "",
  action: "add",
  found_in: "text/plain",
  line: 3,
  context: "the line",
  ...parts,
});
const many = (count, parts = {}) => Array.from({ length: count }, (_, at) => indicator({ value: `http://e${at}.example/`, ...parts }));

let page;
let selection;
let list;
let changes;

beforeEach(() => {
  page = stage("<main><div id=place></div><button id=after></button></main>");
  selection = new Selection();
  changes = 0;
  const place = page.getElementById("place");
  list = new ReviewList(place, page.querySelector("main"), selection, () => {
    changes += 1;
  });
});

function show(items, events = [EVENT]) {
  list.begin(events);
  selection.add(items);
  list.add(items);
}

const row = (value) => page.querySelector(`[data-value="${value}"]`);
const box = (value) => row(value).querySelector("input");
const groupBox = (type) => page.querySelector(`[data-group="${type}"] .group-head input`);
const count = (type) => page.querySelector(`[data-group="${type}"] .count`).textContent;
const shownRows = (type) => page.querySelectorAll(`[data-group="${type}"] .rows > .row`).length;

function tick(control, checked) {
  control.checked = checked;
  control.dispatchEvent(new Event("change", { bubbles: true }));
}

/** Scrolls through all lines. */
function seeAll() {
  for (const stretch of page.querySelectorAll(".stretch")) Observer.made.at(-1).comesIntoView(stretch);
}

function press(key) {
  page.activeElement.dispatchEvent(new page.defaultView.KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
}

test("indicators stand in groups by type, addresses first", () => {
  show([indicator({ type: "md5", value: "d41d" }), indicator({ value: "http://a.example/" }), indicator({ type: "domain", value: "a.example" })]);
  assert.deepEqual([...page.querySelectorAll(".types > .group")].map((group) => group.dataset.group), ["url", "domain", "md5"]);
});

test("what is left out is folded away under its reason and can be added", () => {
  show([indicator({ value: "http://a.example/" }), indicator({ type: "domain", value: "ours.example", action: "skip", reason: verbatim("is ours") })]);
  const skipped = page.getElementById("skipped");
  assert.equal(skipped.open, false);
  assert.equal(skipped.querySelector(".group").dataset.group, keyOf(verbatim("is ours")));
  tick(box("ours.example"), true);
  assert.deepEqual(selection.overrides().selected, [["domain", "ours.example"]]);
});

test("a reason of a newer program is marked as English, and the filter looks at what is shown", () => {
  const skipped = (value, code, text) => indicator({ type: "domain", value, action: "skip", reason: { code, arguments: {}, text } });
  globalThis.browser.i18n.getMessage = (key) => (key === "said_mail_program_footer" ? "Werbung" : "");
  show([skipped("a.example", "mail_program_footer", "footer"), skipped("b.example", "of_tomorrow", "is ours")]);
  const labels = [...page.querySelectorAll("#skipped .group label[for] > span:not(.count)")].map(({ lang, textContent }) => [lang, textContent]);
  assert.deepEqual(labels, [["", "Werbung"], ["en", "is ours"]]);
  list.filter("werbung");
  assert.deepEqual([...page.querySelectorAll("#skipped .rows > .row")].map((row_) => row_.dataset.value), ["a.example"]);
});

test("remarks are worded and found by the filter", () => {
  const remarks = [{ code: "own_host", arguments: {}, text: "own host" }, { code: "link_text_shows", arguments: { shown: "bank.example" }, text: "" }];
  show([indicator({ value: "http://a.example/", remarks, comment: "not shown" })]);
  assert.equal(row("http://a.example/").querySelector(".comment").textContent, "own host; link text shows bank.example");
  list.filter("shows bank");
  assert.ok(row("http://a.example/"));
});

test("why an indicator is for detection is told, and why not only once", () => {
  globalThis.browser.i18n.getMessage = (key, parts) => (key === "review_ids_because" ? `IDS: ${parts}` : "");
  const why = (code, text) => ({ code, arguments: {}, text });
  const loaded = why("only_loaded", "only loaded");
  show([
    indicator({ value: "http://a.example/", to_ids: true, why: why("link_to_click", "a link to click"), remarks: [] }),
    indicator({ value: "http://b.example/", to_ids: false, why: loaded, remarks: [loaded] }),
  ]);
  assert.equal(row("http://a.example/").querySelector(".comment").textContent, "IDS: a link to click");
  assert.equal(row("http://b.example/").querySelector(".comment").textContent, "only loaded");
});

test("the box of a group is between the two when some of it is ticked", () => {
  show(many(3));
  assert.deepEqual([groupBox("url").checked, groupBox("url").indeterminate, count("url")], [true, false, "3"]);
  tick(box("http://e1.example/"), false);
  assert.deepEqual([groupBox("url").checked, groupBox("url").indeterminate, count("url")], [false, true, "2 of 3"]);
});

test("the box of a group ticks all of it, also the lines that are not made yet", () => {
  show(many(300));
  assert.ok(shownRows("url") < 300);
  tick(groupBox("url"), false);
  assert.equal(selection.overrides().deselected.length, 300);
  assert.equal(box("http://e0.example/").checked, false);
  assert.equal(changes, 1);
});

test("lines are made as they come into view, to the last", () => {
  show(many(300));
  seeAll();
  assert.equal(shownRows("url"), 300);
});

test("a line is made when it is asked for, and no other far from it", () => {
  const items = many(10_000);
  show(items);
  const made = shownRows("url");
  const seen = [];
  list.onCurrent = (item) => seen.push(item.value);
  assert.equal(list.reveal(items[9000]), true);
  assert.ok(shownRows("url") <= made + 50);
  assert.equal(page.activeElement, box("http://e9000.example/"));
  assert.deepEqual(seen, ["http://e9000.example/"]);
  list.filter("e1.");
  assert.equal(list.reveal(items[9000]), false);
});

test("of ten thousand lines few are made at first, and a tick changes nothing but its own", () => {
  show(many(10_000));
  assert.ok(shownRows("url") < 500);
  const observer = new page.defaultView.MutationObserver(() => {});
  observer.observe(page, { subtree: true, childList: true, attributes: true, characterData: true });
  tick(box("http://e0.example/"), false);
  assert.ok(observer.takeRecords().length < 20);
});

test("what is left out is unfolded when its line is asked for", () => {
  const item = indicator({ type: "domain", value: "ours.example", action: "skip", reason: verbatim("is ours") });
  show([item]);
  assert.equal(list.reveal(item), true);
  assert.equal(page.getElementById("skipped").open, true);
});

test("by host one tick is for a host and its URLs, and ticks stay as they are grouped anew", () => {
  const owned = (owner, parts) => indicator({ owner, ...parts });
  show([
    owned("a.example", { value: "http://a.example/x" }),
    indicator({ type: "md5", value: "d41d" }),
    owned("b.example", { value: "http://b.example/" }),
    owned("a.example", { type: "hostname", value: "www.a.example" }),
  ]);
  list.group("host");
  const groups = () => [...page.querySelectorAll(".types > .group")].map((group) => group.dataset.group);
  assert.deepEqual(groups(), ["a.example", "b.example", ""]);
  assert.equal(page.querySelector('[data-group="a.example"] h3').textContent.trim(), "a[.]example 2");
  assert.equal(row("www.a.example").querySelector(".type").textContent, "hostname");
  tick(groupBox("a.example"), false);
  assert.deepEqual(selection.overrides().deselected, [["url", "http://a.example/x"], ["hostname", "www.a.example"]]);
  list.group("place");
  assert.deepEqual(groups(), ["text/plain"]);
  assert.equal(count("text/plain"), "2 of 4");
  list.add([indicator({ value: "http://c.example/", found_in: "Subject" })]);
  assert.deepEqual(groups(), ["text/plain", "Subject"]);
});

test("of thousands of groups those out of view are empty, are ticked all the same, and are made when one is asked for", () => {
  const items = Array.from({ length: 2000 }, (_, at) => indicator({ owner: `o${at}.example`, value: `http://o${at}.example/` }));
  show(items);
  list.group("host");
  const groups = () => [...page.querySelectorAll(".types > .group")];
  assert.equal(groups().length, 2000);
  assert.ok(groups().filter((group) => group.childElementCount > 0).length < 200);
  list.chooseAll(false);
  assert.equal(selection.overrides().deselected.length, 2000);
  assert.equal(list.reveal(items[1500]), true);
  assert.equal(groupBox("o1500.example").checked, false);
  Observer.made.at(-1).comesIntoView(groups().at(-1));
  assert.equal(box("http://o1999.example/").checked, false);
});

test("a long address is cut in the middle, shown on demand, and copied whole", () => {
  const long = `http://a.example/${"path/".repeat(40)}end`;
  show([indicator({ value: long })]);
  const value = row(long).querySelector(".value");
  assert.match(value.textContent, /^http:\/\/a\.example\/.*….*end$/u);
  assert.ok(value.textContent.length < 100);
  assert.equal(value.title, long);
  const range = page.createRange();
  range.selectNodeContents(value);
  page.defaultView.getSelection().addRange(range);
  let copied = "";
  const copy = new Event("copy", { bubbles: true, cancelable: true });
  copy.clipboardData = { setData: (_, text) => (copied = text) };
  value.dispatchEvent(copy);
  assert.equal(copied, long);
  const button = row(long).querySelector(".whole");
  button.click();
  assert.deepEqual([value.textContent, button.getAttribute("aria-expanded")], [long, "true"]);
  button.click();
  assert.match(value.textContent, /…/u);
});

test("further pages of the preview go on in the same groups", () => {
  show(many(10));
  const more = many(5, { type: "domain" }).map((item, at) => ({ ...item, value: `d${at}.example` }));
  selection.add(more);
  list.add([...more, indicator({ value: "http://last.example/" })]);
  assert.equal(shownRows("url"), 11);
  assert.equal(shownRows("domain"), 5);
});

test("the filter looks at values, types, comments and reasons, and hides groups without a match", () => {
  show([
    indicator({ value: "http://a.example/", comment: "drop zone" }),
    indicator({ value: "http://b.example/" }),
    indicator({ type: "md5", value: "d41d" }),
  ]);
  list.filter(" DROP ");
  assert.equal(shownRows("url"), 1);
  assert.equal(page.querySelector('[data-group="md5"]').hidden, true);
  list.filter("");
  assert.equal(shownRows("url"), 2);
  assert.equal(page.querySelector('[data-group="md5"]').hidden, false);
});

test("«none» and «all» are about what the filter shows, and «all» adds nothing that was left out", () => {
  show([...many(3), indicator({ type: "domain", value: "ours.example", action: "skip", reason: verbatim("is ours") })]);
  list.filter("e1.");
  list.chooseAll(false);
  assert.deepEqual(selection.overrides(), { deselected: [["url", "http://e1.example/"]], selected: [], leftOut: [] });
  list.filter("");
  list.chooseAll(true);
  assert.deepEqual(selection.overrides(), { deselected: [], selected: [], leftOut: [] });
});

test("what MISP knows is added to lines that are there and to those made later, without losing the focus", () => {
  show(many(100));
  list.focus();
  const focused = page.activeElement;
  const events = [{ event_id: "12", info: "Kit", url: "https://misp.example.org/events/view/12" }];
  list.learn({ warninglists: { "http://e0.example/": ["Top 1000"] }, events: { "http://e99.example/": events }, notes: [] });
  assert.match(row("http://e0.example/").textContent, /Warninglist: Top 1000/u);
  assert.equal(page.activeElement, focused);
  seeAll();
  assert.equal(row("http://e99.example/").querySelector("[data-url]").dataset.url, events[0].url);
});

test("of a carrier each event has a section of its own, with what is in it", () => {
  show([indicator({ value: "http://a.example/", event: 0 }), indicator({ value: "http://b.example/", event: 1 })], [EVENT, { ...EVENT, subject: "other" }]);
  const sections = page.querySelectorAll("[data-event]");
  assert.equal(sections.length, 2);
  assert.ok(sections[1].querySelector('[data-value="http://b.example/"]'));
  assert.equal(new Set([...page.querySelectorAll("[id]")].map(({ id }) => id)).size, page.querySelectorAll("[id]").length);
});

test("single mails of a carrier are left out by their box, or when their last item is unticked", () => {
  const [one, other] = ["a".repeat(64), "b".repeat(64)];
  const items = [indicator({ value: "http://a.example/", event: 0 }), indicator({ value: "http://b.example/", event: 1 })];
  selection.clear([one, other]);
  show(items, [{ ...EVENT, identity: one }, { ...EVENT, identity: other, subject: "other" }]);
  const mailBox = (at) => page.querySelector(`[data-event="${at}"] .whole-mail`);
  assert.equal(mailBox(1).getAttribute("aria-label"), "Send this mail: other");
  tick(mailBox(1), false);
  assert.deepEqual(selection.overrides(), { deselected: [], selected: [], leftOut: [other] });
  assert.equal(selection.counts().indicators, 1);
  assert.ok(!selection.isNothingLeft);
  tick(box("http://a.example/"), false);
  assert.ok(!mailBox(0).checked);
  assert.ok(selection.isNothingLeft);
  tick(box("http://a.example/"), true);
  tick(mailBox(1), true);
  assert.deepEqual(selection.overrides(), { deselected: [], selected: [], leftOut: [] });
});

test("the lines together are one tab stop, and arrow keys move it", () => {
  show(many(3));
  const stops = () => [...page.querySelectorAll("input")].filter((one) => one.tabIndex === 0);
  list.focus();
  assert.deepEqual(stops(), [box("http://e0.example/")]);
  press("ArrowDown");
  assert.equal(page.activeElement, box("http://e1.example/"));
  assert.deepEqual(stops(), [box("http://e1.example/")]);
  press("End");
  assert.equal(page.activeElement, box("http://e2.example/"));
  press("Home");
  assert.equal(page.activeElement, groupBox("url"));
});

test("arrow keys on the place of an indicator go to the place of the next", () => {
  show(many(3));
  row("http://e0.example/").querySelector(".where").focus();
  press("ArrowDown");
  assert.equal(page.activeElement, row("http://e1.example/").querySelector(".where"));
});

test("the line where an indicator was found shows on focus, and Escape takes it away", () => {
  show(many(1, { context: "see http://e0.example/ \u202E now" }));
  const tip = page.getElementById("context-line");
  const where = row("http://e0.example/").querySelector(".where");
  assert.equal(tip.hidden, true);
  where.focus();
  assert.equal(tip.hidden, false);
  assert.equal(tip.textContent, "see http://e0.example/ ‹U+202E› now");
  assert.equal(where.getAttribute("aria-describedby"), tip.id);
  press("Escape");
  assert.equal(tip.hidden, true);
});

test("an attachment without a name cannot be chosen, and the keys go to what can be done with it", () => {
  show([{ item: "attachment", event: 0, name: null, content_type: "application/x", filetype: null, size: 0, sha256: "0".repeat(64), action: "skip", reason: verbatim("empty file") }]);
  assert.equal(page.querySelector("#attachments .rows input").disabled, true);
  list.focus();
  assert.equal(page.activeElement, page.querySelector("#attachments .rows button"));
});

test("the items of a carrier go to their mails without a look through all items for each mail", async () => {
  await growsAsThings((mails) => {
    const items = Array.from({ length: mails }, (_, event) => indicator({ value: `http://e${event}.example/`, event }));
    return visitsOf(() => show(items, items.map((_, at) => ({ ...EVENT, uuid: `u${at}` }))));
  }, 100);
});
