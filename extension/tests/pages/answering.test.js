// The button of the receipt that answers the reporter.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { delivery } from "../doubles/host.js";
import { answerButton, toldOf } from "../../src/review/answering.js";
import { stage } from "./stage.js";

beforeEach(() => stage("<main></main>"));

const report = (changes = {}) => delivery({ mode: { is: "report", by: "detected" }, ...changes });
const sample = report({ mode: { is: "sample", by: "chosen" } });

test("the button answers", () => {
  let answered = 0;
  answerButton([report()], () => (answered += 1)).click();
  assert.equal(answered, 1);
});

for (const [what, deliveries] of [
  ["a sample: its sender is the attacker", [sample]],
  ["a carrier with a sample among its mails", [report(), sample]],
  ["a mail whose mode an older program does not tell", [delivery()]],
  ["what waits in the outbox", [report({ status: "queued" })]],
  ["what failed", [report({ status: "failed" })]],
  ["nothing", []],
]) {
  test(`there is none for ${what}`, () => assert.equal(answerButton(deliveries, () => {}), null));
}

test("there is none without the mail", () => assert.equal(answerButton([report()], null), null));

test("all events of a mail are told, each thing once", () => {
  const deliveries = [report(), report({ event_id: "13", url: "https://misp.example.org/events/view/13" }), report({ event_id: null, uuid: "u", url: "/feed/u.json" })];
  assert.deepEqual(toldOf(deliveries, () => "M2M - Invoice"), {
    event: "12, 13, u",
    title: "M2M - Invoice",
    link: "https://misp.example.org/events/view/12\nhttps://misp.example.org/events/view/13",
  });
});
