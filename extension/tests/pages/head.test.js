// The line in the head of the review: what the mail was taken for, why, and what authenticates its sender.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { showJudgement, unfoldJudgement } from "../../src/review/head.js";
import { stage } from "./stage.js";

const said = (text) => ({ code: "", arguments: {}, text });
const mode = (parts = {}) => ({ asked: "auto", is: "sample", by: "detected", facts: [said("a lure"), said("a fresh link")], attached: 0, ...parts });
const event = (authentication = null) => ({ authentication });

let line;

beforeEach(() => {
  const page = stage('<button id=judgement aria-expanded="false" hidden></button>');
  line = page.getElementById("judgement");
});

test("mode, reasons and authentication stand in one line", () => {
  showJudgement({ mode: mode({ attached: 2 }), events: [event(said("dmarc=fail"))] });
  assert.equal(line.hidden, false);
  assert.equal(line.title, "detected: Sample: a lure; a fresh link · 2 attached mails · dmarc=fail");
  assert.deepEqual([...line.querySelectorAll(".line > span")].map((one) => one.textContent), line.title.split(" · "));
});

test("what a person has chosen is not said again, its facts are", () => {
  showJudgement({ mode: mode({ by: "chosen" }), events: [event()] });
  assert.equal(line.title, "a lure; a fresh link");
});

test("with nothing to say there is no line, also after there was one", () => {
  showJudgement({ mode: mode(), events: [event()] });
  showJudgement({ mode: mode({ by: "chosen", facts: [] }), events: [event()] });
  assert.equal(line.hidden, true);
});

test("the mails of a carrier say themselves what authenticates them", () => {
  showJudgement({ mode: mode({ is: "carrier" }), events: [event(said("spf=pass")), event(said("spf=fail"))] });
  assert.equal(line.querySelector(".authentication"), null);
});

test("marks that reverse text are written out", () => {
  showJudgement({ mode: mode({ facts: [said("names \u202Egpj.exe")] }), events: [event()] });
  assert.match(line.title, /‹U\+202E›/u);
});

test("a click unfolds the line, another folds it", () => {
  unfoldJudgement();
  line.click();
  assert.equal(line.getAttribute("aria-expanded"), "true");
  line.click();
  assert.equal(line.getAttribute("aria-expanded"), "false");
});
