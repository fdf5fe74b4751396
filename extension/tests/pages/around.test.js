// The options for look-ups and the answer: what is shown, what counts as unsaved, and what is refused.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { beforeEach, test } from "node:test";
import { AroundForm } from "../../src/options/around.js";
import { installBrowser } from "../doubles/browser.js";
import { readPreferences, writePreferences } from "../../src/shared/preferences.js";
import { stage } from "./stage.js";

const HTML = readFileSync(new URL("../../src/options/options.html", import.meta.url), "utf8");

let page;
let form;
let changes;

beforeEach(() => {
  page = stage(HTML);
  installBrowser();
  changes = 0;
  form = new AroundForm(() => (changes += 1));
});

const control = (id) => page.getElementById(id);
const write = (id, value) => {
  control(id).value = value;
  control(id).dispatchEvent(new page.defaultView.Event("input", { bubbles: true }));
};

test("everything is off at first, and the answer has the words of the language", async () => {
  await form.load();
  const boxes = [...page.querySelectorAll("#around input")];
  assert.deepEqual(boxes.map((box) => [box.checked, box.disabled]), Array(5).fill([false, false]));
  assert.match(control("answer-template").value, /\{subject\}/u);
  assert.deepEqual(form.unsaved, []);
});

test("what is chosen is saved, and can be taken back", async () => {
  await form.load();
  control("look-up-urlscan").click();
  write("look-up-templates", "Wiki https://wiki.example/{value}");
  write("answer-template", "Event {event}");
  assert.equal(changes, 3);
  assert.deepEqual(form.unsaved, ["urlscan (URLs, hosts, IP addresses)", "Further services", "Words of the answer"]);
  assert.equal(await form.save(), true);
  assert.deepEqual(form.unsaved, []);
  const { values } = await readPreferences();
  assert.deepEqual([values.lookUpUrlscan, values.lookUpVirustotal, values.lookUpTemplates, values.answerTemplate], [true, false, "Wiki https://wiki.example/{value}", "Event {event}"]);
});

test("the words of the language are not kept as one's own", async () => {
  await writePreferences({ answerTemplate: "Event {event}" });
  await form.load();
  write("answer-template", globalThis.browser.i18n.getMessage("answer_template"));
  await form.save();
  assert.equal((await readPreferences()).values.answerTemplate, "");
});

test("templates that cannot be used are named by line and not saved, the rest is", async () => {
  await form.load();
  control("look-up-misp").click();
  write("look-up-templates", "Wiki https://wiki.example/{value}\nBad https://{value}/\nWorse");
  assert.equal(await form.save(), false);
  assert.match(control("look-up-templates-error").textContent, /^Lines 2, 3 /u);
  assert.equal(control("look-up-templates").getAttribute("aria-invalid"), "true");
  assert.deepEqual(form.unsaved, ["Further services"]);
  const { values } = await readPreferences();
  assert.deepEqual([values.lookUpMisp, values.lookUpTemplates], [true, ""]);
  write("look-up-templates", "Wiki https://wiki.example/{value}");
  assert.equal(await form.save(), true);
  assert.equal(control("look-up-templates-error").hidden, true);
});

test("what the organisation has set is locked and said", async () => {
  installBrowser({ policy: { lookUpVirustotal: false, lookUpMisp: true } });
  await form.load();
  assert.deepEqual([control("look-up-misp").disabled, control("look-up-misp").checked, control("look-up-virustotal").disabled, control("look-up-urlscan").disabled], [true, true, true, false]);
  assert.equal(control("around-locked").hidden, false);
});
