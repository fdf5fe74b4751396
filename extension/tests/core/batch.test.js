// Batches: order, width, crashes, cancelling, retrying, and that no mail is lost or sent twice over restarts.

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { installBrowser } from "../doubles/browser.js";
import { FakeHost, HostError, SILENCE, delivery, verbatim } from "../doubles/host.js";
import { Mailbox } from "../doubles/mailbox.js";
import { settled, until } from "../doubles/waiting.js";
import { Backlog } from "../../src/background/backlog.js";
import { Batches } from "../../src/background/batch.js";
import { Host } from "../../src/background/host.js";
import { mailOf } from "../../src/background/mails.js";
import { Sending } from "../../src/background/sending.js";

const HOW = { mode: "auto", profile: "", start: true };

let fake;
let mailbox;
let local;
let world;
let told;

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout"] });
  fake = new FakeHost();
  mailbox = new Mailbox();
  local = new Map();
  world = start();
});

afterEach(() => {
  mock.timers.reset();
  assert.deepEqual(fake.faults, []);
});

const NEVER = new Promise(() => {});

/** The extension as it starts with Thunderbird. */
function start() {
  const life = Symbol("life");
  installBrowser({ host: fake, mailbox, local });
  told = [];
  const host = new Host();
  const sending = new Sending(host, new Backlog(host, () => {}));
  const finished = [];
  const batches = new Batches({
    send: (mail, submission, options) => (world.life === life ? sending.send(mail, submission, options) : NEVER),
    sendTogether: (parts, submission, options) => (world.life === life ? sending.sendTogether(parts, submission, options) : NEVER),
    tell: (batch) => told.push(batch),
    finished: (batch) => finished.push(batch.id),
  });
  return { life, batches, finished };
}

/** Thunderbird is killed, and the host with it: what the old extension still has under way never ends. */
function restart() {
  if (fake.process) fake.process.dead = true;
  local = structuredClone(local);
  mailbox.renumber();
  world = start();
}

const mails = (count) => Array.from({ length: count }, (_, at) => mailOf(mailbox.add({ subject: `mail ${at}`, raw: `Subject: mail ${at}\n\n` })));

const shown = async (id) => (await world.batches.list()).find((batch) => batch.id === id);

const states = async (id) => (await shown(id)).items.map(({ state }) => state);

/** Lets pauses pass until the batch is at its end. */
async function end(id, state = "done") {
  await until(async () => {
    mock.timers.tick(10_000);
    return (await shown(id)).state === state;
  }, `batch ${state}`);
  return shown(id);
}

/** Subjects of the mails that the host got to send, in order. @type {string[]} */
let sent;
beforeEach(() => {
  sent = fake.noteSent();
});

test("all mails are sent, in order", async () => {
  const id = await world.batches.create(mails(10), HOW);
  const batch = await end(id);
  assert.deepEqual(sent, Array.from({ length: 10 }, (_, at) => `mail ${at}`));
  assert.ok(batch.items.every(({ state, deliveries }) => state === "done" && deliveries[0].status === "created"));
  await until(() => world.finished.length === 1);
  assert.deepEqual(world.finished, [id]);
});

test("several mails are under way at a time, but no more than three", async () => {
  let open = 0;
  let most = 0;
  fake.answers.send = async (params, { process }) => {
    most = Math.max(most, ++open);
    await settled(5);
    open--;
    return process.usual("send", params);
  };
  await end(await world.batches.create(mails(12), HOW));
  assert.equal(most, 3);
});

test("a batch that is not to start waits for the choice of mode and profile", async () => {
  const id = await world.batches.create(mails(2), { ...HOW, start: false });
  await settled();
  assert.equal((await shown(id)).state, "ready");
  assert.equal(fake.processes.length, 0);
  await world.batches.start({ batch: id, mode: "sample", profile: "lab" });
  await end(id);
  assert.deepEqual(fake.calls("send").map(({ params: { mode, profile } }) => [mode, profile]), [["sample", "lab"], ["sample", "lab"]]);
});

test("one batch runs after the other", async () => {
  const first = await world.batches.create(mails(5), HOW);
  const second = await world.batches.create(mails(5), HOW);
  await end(second);
  assert.equal((await shown(first)).state, "done");
  assert.deepEqual(sent, [0, 1].flatMap(() => Array.from({ length: 5 }, (_, at) => `mail ${at}`)));
});

test("a mail that is no mail fails with the host's words, and the others go on", async () => {
  fake.answers["message.end"] = ({ message }, { process }) => {
    if (String(process.held.get(message).bytes).includes("mail 1")) throw new HostError("not_a_mail");
    return process.usual("message.end", { message });
  };
  const batch = await end(await world.batches.create(mails(3), HOW));
  assert.deepEqual(batch.items.map(({ state, error }) => [state, error?.kind]), [["done", undefined], ["failed", "not_a_mail"], ["done", undefined]]);
});

test("a delivery that failed makes the item fail with the server's words", async () => {
  fake.answers.send = () => ({ deliveries: [delivery({ status: "failed", error: verbatim("403: read-only") })] });
  const [item] = (await end(await world.batches.create(mails(1), HOW))).items;
  const said = verbatim("403: read-only");
  assert.deepEqual([item.state, item.error], ["failed", { kind: "server", message: "403: read-only", data: { said } }]);
  assert.equal(item.deliveries.length, 1);
});

test("a host that crashes now and then costs no mail", async () => {
  let calls = 0;
  const usual = fake.answers.send;
  fake.answers.send = (params, call) => {
    if (++calls % 7 === 0) {
      call.process.crash();
      return SILENCE;
    }
    return usual(params, call);
  };
  const id = await world.batches.create(mails(30), HOW);
  const batch = await end(id);
  assert.ok(batch.items.every(({ state }) => state === "done"));
  assert.ok(fake.processes.length > 3);
});

test("a mail that always breaks the host fails alone", async () => {
  const usual = fake.answers.send;
  fake.answers.send = (params, call) => {
    if (String(call.process.held.get(params.message).bytes).includes("mail 2")) {
      call.process.crash();
      return SILENCE;
    }
    return usual(params, call);
  };
  const batch = await end(await world.batches.create(mails(6), HOW));
  assert.deepEqual(batch.items.map(({ state }) => state), ["done", "done", "failed", "done", "done", "done"]);
  assert.equal(batch.items[2].error.kind, "host_crashed");
});

test("a host that holds too many messages is asked again", async () => {
  let refused = 0;
  fake.answers["message.begin"] = (params, { process }) => {
    if (refused < 4) {
      refused++;
      throw new HostError("too_many", "too many", { limit: 1 });
    }
    return process.usual("message.begin", params);
  };
  const batch = await end(await world.batches.create(mails(4), HOW));
  assert.ok(batch.items.every(({ state }) => state === "done"));
});

test("without the program no mail is tried in vain, and retry goes on once it is there", async () => {
  fake.unavailable = "No such native application mispigeon";
  const id = await world.batches.create(mails(20), HOW);
  const batch = await end(id);
  assert.ok(batch.items.every(({ state, error }) => state === "failed" && error.kind === "host_missing"));
  assert.ok(fake.processes.length <= 3);
  fake.unavailable = null;
  await world.batches.retry(id, null);
  assert.ok((await end(id)).items.every(({ state, error }) => state === "done" && error === null));
  assert.equal(sent.length, 20);
});

test("a mail that cannot be found any more fails as message_gone", async () => {
  const [first, second] = mails(2);
  mailbox.remove(first.messageId);
  const batch = await end(await world.batches.create([first, second], HOW));
  assert.deepEqual(batch.items.map(({ error }) => error?.kind), ["message_gone", undefined]);
});

test("cancelling ends what is under way and sends nothing more", async () => {
  fake.answers.send = (_, { id, process }) => {
    process.cancelling = (process.cancelling ?? []).concat(id);
    return SILENCE;
  };
  const id = await world.batches.create(mails(9), HOW);
  await until(() => fake.calls("send").length === 3);
  await world.batches.cancel(id);
  await until(() => fake.calls("cancel").length === 3);
  for (const one of fake.process.cancelling) fake.process.refuse(one, new HostError("cancelled"));
  const batch = await end(id, "cancelled");
  assert.ok(batch.items.every(({ state }) => state === "cancelled"));
  assert.equal(fake.calls("send").length, 3);
  assert.deepEqual(world.finished, []);
});

test("a mail that was sent before the cancelling reached the host is done", async () => {
  const answers = [];
  fake.answers.send = (params, { process }) => new Promise((resolve) => answers.push(() => resolve(process.usual("send", params))));
  const id = await world.batches.create(mails(2), HOW);
  await until(() => answers.length === 2);
  await world.batches.cancel(id);
  for (const answer of answers) answer();
  await settled();
  assert.deepEqual((await end(id, "cancelled")).items.map(({ state }) => state), ["done", "done"]);
});

test("a batch that is cancelled before its turn ends at once", async () => {
  fake.answers.send = () => SILENCE;
  const first = await world.batches.create(mails(1), HOW);
  const second = await world.batches.create(mails(2), HOW);
  await world.batches.cancel(second);
  await until(async () => (await shown(second)).state === "cancelled");
  assert.equal((await shown(first)).state, "running");
  assert.deepEqual(await states(second), ["cancelled", "cancelled"]);
});

test("after cancelling, retry sends what was not sent", async () => {
  fake.answers.send = () => SILENCE;
  const id = await world.batches.create(mails(5), HOW);
  await until(() => fake.calls("send").length === 3);
  await world.batches.cancel(id);
  await end(id, "cancelled");
  delete fake.answers.send;
  await world.batches.retry(id, null);
  assert.ok((await end(id)).items.every(({ state }) => state === "done"));
});

test("one failed mail can be retried by itself", async () => {
  fake.answers.send = () => ({ deliveries: [delivery({ status: "failed", error: verbatim("403") })] });
  const id = await world.batches.create(mails(2), HOW);
  await end(id);
  delete fake.answers.send;
  await world.batches.retry(id, 1);
  assert.deepEqual((await end(id)).items.map(({ state }) => state), ["failed", "done"]);
});

test("a mail that is done is not sent again by retry", async () => {
  const id = await world.batches.create(mails(2), HOW);
  await end(id);
  await world.batches.retry(id, null);
  await settled();
  assert.equal(sent.length, 2);
});

test("Thunderbird killed at any moment: the batch goes on by itself, and every mail has its outcome", async () => {
  const usual = fake.answers.send;
  const id = await world.batches.create(mails(40), HOW);
  for (const kill of [1, 3, 4, 9, 20, 31]) {
    fake.answers.send = (params, call) => (fake.calls("send").length >= kill ? SILENCE : usual(params, call));
    await until(() => fake.calls("send").length >= kill);
    restart();
    fake.answers.send = usual;
    await settled(3);
  }
  const batch = await end(id);
  assert.ok(batch.items.every(({ state }) => state === "done"));
  assert.deepEqual([...new Set(sent)].length, 40);
});

test("a mail whose outcome is stored is not sent again after a restart", async () => {
  const held = [];
  const usual = fake.answers.send;
  fake.answers.send = (params, call) => (sent.length < 4 ? usual(params, call) : new Promise((resolve) => held.push(resolve)));
  const id = await world.batches.create(mails(8), HOW);
  await until(async () => held.length === 3 && (await states(id)).filter((state) => state === "done").length === 4);
  restart();
  fake.answers.send = usual;
  await end(id);
  assert.equal(sent.length, 8);
  assert.equal(new Set(sent).size, 8);
});

test("a batch that was done stays as it was over a restart, and is not run", async () => {
  const id = await world.batches.create(mails(3), HOW);
  const before = await end(id);
  await settled();
  restart();
  const after = await shown(id);
  assert.deepEqual(after, before);
  await settled();
  assert.equal(sent.length, 3);
});

test("a batch that waited for its start still waits after a restart", async () => {
  const id = await world.batches.create(mails(3), { ...HOW, start: false });
  restart();
  await settled();
  assert.equal((await shown(id)).state, "ready");
  assert.equal(sent.length, 0);
});

test("the storage is written once for each mail, however much progress there is", async () => {
  fake.answers.send = async (params, { process, progress }) => {
    for (let step = 0; step < 50; step++) progress("delivering", step, 50);
    await settled(3);
    return process.usual("send", params);
  };
  const writes = [];
  const set = browser.storage.local.set;
  browser.storage.local.set = (values) => (writes.push(JSON.stringify(values).length), set(values));
  const id = await world.batches.create(mails(30), HOW);
  await end(id);
  await settled();
  assert.equal(writes.length, 1 + 30 + 1);
  assert.ok(writes.slice(1).every((size) => size < 1500));
});

test("many changes are told together", async () => {
  const id = await world.batches.create(mails(20), HOW);
  await until(async () => (await shown(id)).state === "done");
  assert.equal(told.length, 0);
  mock.timers.tick(150);
  assert.equal(told.length, 1);
  assert.equal(told[0].state, "done");
});

test("of many mails it is told less often, as all are told each time", async () => {
  fake.answers.send = () => SILENCE;
  const id = await world.batches.create(mails(3000), HOW);
  await until(async () => (await states(id))[0] === "sending");
  mock.timers.tick(299);
  assert.equal(told.length, 0);
  mock.timers.tick(1);
  assert.equal(told.length, 1);
});

test("progress is told while a mail is handed over", async () => {
  fake.answers["message.chunk"] = async ({ offset }, { process }) => {
    if (offset === 0) return process.usual("message.chunk", fake.calls("message.chunk")[0].params);
    return SILENCE;
  };
  const id = await world.batches.create([mailOf(mailbox.add({ raw: "x".repeat(2_000_000) }))], HOW);
  await until(async () => (await shown(id)).items[0].progress);
  const [item] = (await shown(id)).items;
  assert.deepEqual([item.state, item.progress], ["uploading", { done: 786_432, total: 2_000_000 }]);
});

test("a batch that is forgotten leaves nothing behind", async () => {
  const id = await world.batches.create(mails(3), HOW);
  await end(id);
  await settled();
  await world.batches.forget(id);
  assert.deepEqual([...local.keys()], ["batches"]);
  assert.deepEqual(await world.batches.list(), []);
});

test("a running batch cannot be forgotten", async () => {
  fake.answers.send = () => SILENCE;
  const id = await world.batches.create(mails(1), HOW);
  await assert.rejects(world.batches.forget(id), { kind: "extension" });
});

test("at most twenty finished batches are kept", async () => {
  const ids = [];
  for (let number = 0; number < 23; number++) {
    ids.push(await world.batches.create(mails(1), HOW));
    await end(ids.at(-1));
  }
  assert.deepEqual((await world.batches.list()).map(({ id }) => id), ids.slice(-20));
});

test("batches that were never started are not kept for ever", async () => {
  for (let number = 0; number < 23; number++) await world.batches.create(mails(1), { ...HOW, start: false });
  assert.equal((await world.batches.list()).length, 20);
});

test("of the skipped indicators a batch keeps fifty of each mail, and how many there were", async () => {
  const skipped = Array.from({ length: 200 }, (_, at) => ({ type: "url", value: `http://example.org/${at}`, reason: verbatim("warninglist") }));
  fake.answers.send = () => ({ deliveries: [delivery({ skipped, skipped_total: 900 })] });
  const [item] = (await end(await world.batches.create(mails(1), HOW))).items;
  assert.deepEqual([item.deliveries[0].skipped.length, item.deliveries[0].skipped_total], [50, 900]);
});

const waiting = (row, changes = {}) => delivery({ row, message_id: `m${row}@example.org`, status: "queued", event_id: null, url: null, error: verbatim("no route"), ...changes });
const later = (row, changes = {}) => waiting(row, { status: "created", event_id: "77", error: null, ...changes });

test("what waited and was delivered later is shown and kept, in any batch", async () => {
  const ids = [];
  for (const row of [1, 2]) {
    fake.answers.send = () => ({ deliveries: [waiting(row), delivery({ row: 9 })] });
    ids.push(await world.batches.create(mails(1), HOW));
    await end(ids.at(-1));
  }
  mock.timers.tick(150);
  told.length = 0;
  await world.batches.learn([later(2)]);
  mock.timers.tick(150);
  assert.deepEqual(told.map((batch) => [batch.id, batch.items[0].deliveries[0].event_id]), [[ids[1], "77"]]);
  await settled();
  restart();
  const statuses = async (id) => (await shown(id)).items[0].deliveries.map(({ status }) => status);
  assert.deepEqual([await statuses(ids[0]), await statuses(ids[1])], [["queued", "created"], ["created", "created"]]);
});

test("what MISP refused and took later has not failed any more, and the reverse", async () => {
  fake.answers.send = () => ({ deliveries: [waiting(1, { status: "failed" })] });
  const id = await world.batches.create(mails(1), HOW);
  await end(id);
  assert.deepEqual(await states(id), ["failed"]);
  await world.batches.learn([waiting(1)]);
  assert.deepEqual([await states(id), (await shown(id)).items[0].error], [["done"], null]);
  await world.batches.learn([waiting(1, { status: "failed", error: verbatim("403") })]);
  assert.deepEqual([await states(id), (await shown(id)).items[0].error.message], [["failed"], "403"]);
});

test("a number of the outbox that was given again is not taken for the mail that had it", async () => {
  fake.answers.send = () => ({ deliveries: [waiting(1)] });
  const id = await world.batches.create(mails(1), HOW);
  await end(id);
  await world.batches.learn([later(1, { message_id: "another@example.org" })]);
  assert.equal((await shown(id)).items[0].deliveries[0].status, "queued");
});

test("what is delivered stays so, whatever is told of its number", async () => {
  const id = await world.batches.create(mails(1), HOW);
  await end(id);
  const [{ row, message_id }] = (await shown(id)).items[0].deliveries;
  await world.batches.learn([waiting(row, { message_id })]);
  assert.equal((await shown(id)).items[0].deliveries[0].status, "created");
});

test("a batch that does not exist is said to be none", async () => {
  await assert.rejects(world.batches.cancel("nope"), { kind: "extension" });
});
