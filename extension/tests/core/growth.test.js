// What is done for each of many mails must not go through all of them: a batch and the mails of rules may be ten thousand.

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { installBrowser } from "../doubles/browser.js";
import { delivery } from "../doubles/host.js";
import { growsAsThings, visitsOf } from "../doubles/visits.js";
import { until } from "../doubles/waiting.js";
import { Batches } from "../../src/background/batch.js";
import { Intake } from "../../src/background/intake.js";
import { Trouble } from "../../src/shared/error.js";

beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
afterEach(() => mock.timers.reset());

const mails = (count) =>
  Array.from({ length: count }, (_, at) => ({ messageId: at, headerMessageId: `${at}@example.org`, subject: `mail ${at}`, author: "", date: "", folder: null }));

const queued = (row) => delivery({ row, message_id: `${row}@example.org`, status: "queued", event_id: null, url: null });
const created = (row) => delivery({ row, message_id: `${row}@example.org` });

/** A batch of so many mails, all of which wait in the outbox. */
async function waitingBatch(count) {
  installBrowser();
  const finished = [];
  const batches = new Batches({
    send: async ({ messageId }) => ({ deliveries: [queued(messageId)], aftermath: { problems: [] } }),
    sendTogether: () => {},
    tell: () => {},
    finished: (batch) => finished.push(batch),
  });
  await batches.create(mails(count), { mode: "auto", profile: "", start: true });
  await until(() => finished.length === 1);
  return batches;
}

test("a batch is sent without going through all its mails for each", () => growsAsThings((count) => visitsOf(() => waitingBatch(count))));

test("news of a delivery go through no other mails of a batch", () =>
  growsAsThings(async (count) => {
    const batches = await waitingBatch(count);
    const visits = await visitsOf(async () => {
      for (let row = 0; row < count; row += 1) await batches.learn([created(row)]);
    });
    const [{ items }] = await batches.list();
    assert.ok(items.every(({ deliveries }) => deliveries[0].status === "created"));
    return visits;
  }));

/** Mails of rules, each of which fails by itself. */
async function failingIntake(count) {
  installBrowser();
  const tries = [];
  const intake = new Intake({
    deliver: async (mail) => {
      tries.push(mail);
      throw new Trouble("not_a_mail", "No header.");
    },
    ended: async () => {},
    finished: () => tries.push("end"),
    obstructed: () => {},
    changed: () => {},
  });
  await intake.accept(mails(count), { by: "filter", mode: "auto", profile: null, again: false });
  await until(() => tries.length === count + 1);
  return { intake, tries };
}

test("mails of rules fail without going through all that failed before", () => growsAsThings((count) => visitsOf(() => failingIntake(count))));

test("mails of rules that failed are sent again without comparing each with all", () =>
  growsAsThings(async (count) => {
    const { intake, tries } = await failingIntake(count);
    const visits = await visitsOf(async () => {
      await intake.retry();
      await until(() => tries.length === 2 * (count + 1));
    });
    const { failed } = await intake.standing();
    assert.deepEqual(failed.map(({ subject }) => subject), mails(count).map(({ subject }) => subject));
    return visits;
  }));
