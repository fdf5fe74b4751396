// What is ticked, and what of it goes to the host.

import assert from "node:assert/strict";
import { test } from "node:test";
import { overridesOf } from "../../src/review/overrides.js";
import { Selection } from "../../src/review/selection.js";

const indicator = (type, value, action = "add") => ({ item: "indicator", event: 0, type, value, action });
const attachment = (name, action = "sample") => ({ item: "attachment", event: 0, name, action });

const sent = indicator("url", "http://evil.example/");
const skipped = indicator("domain", "bank.example", "skip");
const link = indicator("link", "https://urlscan.io/x", "link");
const file = attachment("invoice.exe");
const logo = attachment("logo.png", "skip");
const nameless = attachment(null, "skip");

function selectionOf(...items) {
  const selection = new Selection();
  selection.add(items);
  return selection;
}

/** What the review would say with nothing chosen but ticks. */
const overrides = (selection) =>
  overridesOf({ selection, comment: "", event: null, tlp: undefined, distribution: undefined });

test("what would be sent is ticked, what would be left out is not", () => {
  const selection = selectionOf(sent, skipped, link, file, logo);
  assert.deepEqual([sent, skipped, link, file, logo].map((item) => selection.isTicked(item)), [true, false, true, true, false]);
});

test("an untouched review overrides nothing", () => {
  assert.deepEqual(overrides(selectionOf(sent, skipped, link, file, logo, nameless)), {});
});

test("only what differs from the preview is named, by type and value", () => {
  const selection = selectionOf(sent, skipped, link, file, logo);
  selection.choose([sent, file], false);
  selection.choose([skipped, link, logo], true);
  assert.deepEqual(overrides(selection), {
    deselected: [["url", "http://evil.example/"], ["attachment", "invoice.exe"]],
    selected: [["domain", "bank.example"], ["attachment", "logo.png"]],
  });
});

test("a tick that is set back overrides nothing", () => {
  const selection = selectionOf(sent, skipped);
  selection.choose([sent], false);
  selection.choose([skipped], true);
  selection.choose([sent], true);
  selection.choose([skipped], false);
  assert.deepEqual(overrides(selection), {});
});

test("an attachment without a name stays as it is", () => {
  const selection = selectionOf(nameless);
  selection.choose([nameless], true);
  assert.equal(selection.isTicked(nameless), false);
  assert.deepEqual(overrides(selection), {});
});

test("of the same indicator in two events of a carrier both are chosen", () => {
  const elsewhere = { ...sent, event: 1 };
  const selection = selectionOf(sent, elsewhere);
  selection.choose([sent], false);
  assert.equal(selection.isTicked(elsewhere), false);
  assert.deepEqual(overrides(selection), { deselected: [["url", "http://evil.example/"]] });
});

test("an indicator that one event sends and another leaves out can be chosen either way", () => {
  const elsewhere = { ...sent, event: 1, action: "skip" };
  const selection = selectionOf(sent, elsewhere);
  assert.deepEqual(overrides(selection), {});
  selection.choose([sent], false);
  assert.deepEqual(overrides(selection), { deselected: [["url", "http://evil.example/"]] });
  selection.choose([sent], true);
  assert.deepEqual(overrides(selection), { selected: [["url", "http://evil.example/"]] });
});

test("a value under another type is another indicator", () => {
  const hostname = indicator("hostname", "evil.example");
  const domain = indicator("domain", "evil.example");
  const selection = selectionOf(hostname, domain);
  selection.choose([hostname], false);
  assert.deepEqual(overrides(selection), { deselected: [["hostname", "evil.example"]] });
});

test("choices outlive another preview of the mail, as far as it has the items", () => {
  const selection = selectionOf(sent, file);
  selection.choose([sent, file], false);
  selection.clear();
  selection.add([sent]);
  assert.deepEqual(overrides(selection), { deselected: [["url", "http://evil.example/"]] });
});

test("ticked indicators and attachments are counted apart", () => {
  const selection = selectionOf(sent, skipped, link, file, logo);
  assert.deepEqual(selection.counts(), { indicators: 2, attachments: 1 });
  selection.choose([sent, file], false);
  assert.deepEqual(selection.counts(), { indicators: 1, attachments: 0 });
});

test("comment, event, TLP and distribution are named when they were given", () => {
  const selection = selectionOf(sent);
  assert.deepEqual(overridesOf({ selection, comment: "  seen at two sites\n", event: "42", tlp: "tlp:red", distribution: 0 }), {
    comment: "seen at two sites",
    event: "42",
    tlp: "tlp:red",
    distribution: 0,
  });
});

test("what is proposed counts only where nothing was chosen", () => {
  const selection = selectionOf(sent, skipped, file);
  selection.choose([sent], true);
  for (const item of [sent, file]) selection.propose(item, false);
  selection.propose(skipped, true);
  assert.deepEqual([sent, skipped, file].map((item) => selection.isTicked(item)), [true, true, false]);
});

test("a file is chosen with all that lies in it, and nothing beside it", () => {
  const found = (value, place) => ({ ...indicator("url", value), found_in: place });
  const zip = attachment("a.zip");
  const inner = attachment("a.zip > b.pdf");
  const beside = attachment("a.zip.txt");
  const inPage = found("http://one.example/", "attachment a.zip > b.pdf, page 1");
  const elsewhere = found("http://two.example/", "attachment a.zip.txt");
  const body = found("http://three.example/", "text/plain");
  const selection = selectionOf(zip, inner, beside, inPage, elsewhere, body);
  assert.deepEqual(selection.branch(zip), [zip, inner, inPage]);
  assert.deepEqual(selection.branch(inner), [inner, inPage]);
  assert.deepEqual(selection.branch(inPage), [inPage]);
  assert.deepEqual(selection.branch(nameless), [nameless]);
});
