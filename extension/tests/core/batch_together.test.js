// Batches whose mails make one event: all mails or none, over crashes, restarts and cancelling; and what is left out.

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { installBrowser } from "../doubles/browser.js";
import { FakeHost, HostError, delivery } from "../doubles/host.js";
import { Mailbox } from "../doubles/mailbox.js";
import { settled, until } from "../doubles/waiting.js";
import { Backlog } from "../../src/background/backlog.js";
import { Batches } from "../../src/background/batch.js";
import { BatchRun } from "../../src/background/batch_run.js";
import { Host } from "../../src/background/host.js";
import { mailOf } from "../../src/background/mails.js";
import { Sending } from "../../src/background/sending.js";

const NEVER = new Promise(() => {});
const PLAN = { together: true, overrides: { comment: "of today" } };

let fake;
let mailbox;
let local;
let world;
/** The mails of each `send`. @type {string[][]} */
let sent;

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout"] });
  fake = new FakeHost();
  mailbox = new Mailbox();
  local = new Map();
  sent = [];
  fake.answers.send = ({ message }, { process }) => {
    sent.push([...process.held.get(message).bytes.toString().matchAll(/Subject: (.*)/gu)].map(([, subject]) => subject).toSorted());
    return process.usual("send", { message });
  };
  world = start();
});

afterEach(() => {
  mock.timers.reset();
  assert.deepEqual(fake.faults, []);
});

function start() {
  const life = Symbol("life");
  installBrowser({ host: fake, mailbox, local });
  const host = new Host();
  const sending = new Sending(host, new Backlog(host, () => {}));
  const finished = [];
  const batches = new Batches({
    send: (mail, submission, options) => (world.life === life ? sending.send(mail, submission, options) : NEVER),
    sendTogether: (parts, submission, options) => (world.life === life ? sending.sendTogether(parts, submission, options) : NEVER),
    tell: () => {},
    finished: (batch) => finished.push(batch.id),
  });
  return { life, batches, finished };
}

/** Thunderbird is killed, and the host with it. */
function restart() {
  if (fake.process) fake.process.dead = true;
  local = structuredClone(local);
  mailbox.renumber();
  world = start();
}

const mails = (count) => Array.from({ length: count }, (_, at) => mailOf(mailbox.add({ subject: `mail ${at}`, raw: `Subject: mail ${at}\n\n` })));
const subjects = (count) => Array.from({ length: count }, (_, at) => `mail ${at}`).toSorted();
const shown = async (id) => (await world.batches.list()).find((batch) => batch.id === id);

async function end(id, state = "done") {
  await until(async () => {
    mock.timers.tick(10_000);
    return (await shown(id)).state === state;
  }, `batch ${state}`);
  return shown(id);
}

/** Makes a batch and starts it with a plan. */
async function begin(count, choice = {}) {
  const id = await world.batches.create(mails(count), { mode: "auto", profile: "", start: false });
  await world.batches.start({ batch: id, mode: "auto", profile: "", plan: PLAN, ...choice });
  return id;
}

test("all mails are sent in one message, and each knows its event", async () => {
  const id = await begin(40);
  const { items } = await end(id);
  assert.deepEqual(sent, [subjects(40)]);
  assert.ok(items.every(({ state, deliveries }) => state === "done" && deliveries[0].event_id === "12"));
  assert.equal(fake.calls("join").length, 40);
  assert.deepEqual(fake.calls("send").map(({ params }) => params.overrides), [PLAN.overrides]);
  await until(() => world.finished.length === 1);
});

test("mails that are left out are not read, and single ones of carriers are named", async () => {
  const leftOut = { 2: ["a".repeat(64)] };
  const id = await begin(3, { out: [0], leftOut });
  const { items } = await end(id);
  assert.deepEqual(sent, [["mail 1", "mail 2"]]);
  assert.deepEqual(items.map(({ state }) => state), ["left_out", "done", "done"]);
  assert.deepEqual(fake.calls("join").map(({ params }) => params.left_out).filter(Boolean), [leftOut[2]]);
});

test("an event for each mail has the same choices, and what is left out of each", async () => {
  const leftOut = { 1: ["b".repeat(64)] };
  const id = await begin(3, { plan: { together: false, overrides: { tlp: "tlp:red" } }, out: [0], leftOut });
  await end(id);
  assert.deepEqual(fake.calls("send").map(({ params }) => params.overrides), [{ tlp: "tlp:red", left_out: leftOut[1] }, { tlp: "tlp:red" }]);
});

test("a mail that is gone stops them all, nothing is sent, and the batch is ready again", async () => {
  const id = await world.batches.create(mails(5), { mode: "auto", profile: "", start: false });
  mailbox.remove((await shown(id)).items[3].messageId);
  await world.batches.start({ batch: id, mode: "auto", profile: "", plan: PLAN });
  const batch = await end(id, "ready");
  assert.deepEqual(sent, []);
  assert.equal(batch.trouble.kind, "message_gone");
  assert.deepEqual(batch.items.map(({ error }) => error?.kind), [undefined, undefined, undefined, "message_gone", undefined]);
  await world.batches.start({ batch: id, mode: "auto", profile: "", plan: PLAN, out: [3] });
  await end(id);
  assert.deepEqual(sent, [["mail 0", "mail 1", "mail 2", "mail 4"]]);
  assert.equal((await shown(id)).trouble, null);
});

test("what the host says of the event to add to is told, and the choices stay", async () => {
  const plan = { together: true, overrides: { event: "4711" } };
  const usual = fake.answers.send;
  fake.answers.send = () => {
    throw new HostError("no_event", "no such event", { said: { code: "no_such_event", arguments: { event: "4711" }, text: "no such event" } });
  };
  const id = await begin(2, { plan });
  const batch = await end(id, "ready");
  assert.equal(batch.trouble.kind, "no_event");
  assert.deepEqual(batch.plan, plan);
  fake.answers.send = usual;
  await world.batches.start({ batch: id, mode: "auto", profile: "", plan: { ...plan, unchecked: true } });
  await end(id);
  assert.equal(fake.calls("send").at(-1).params.unchecked, true);
});

test("a host that crashes in the middle gets all mails again", async () => {
  let joins = 0;
  fake.answers.join = (params, { process }) => {
    if (++joins === 3) {
      process.crash();
      return new Promise(() => {});
    }
    return process.usual("join", params);
  };
  await end(await begin(6));
  assert.deepEqual(sent, [subjects(6)]);
  assert.equal(fake.processes.length, 2);
});

test("Thunderbird killed before the answer sends the same mails again, with what was chosen", async () => {
  const usual = fake.answers.send;
  fake.answers.send = (params, context) => {
    usual(params, context);
    return new Promise(() => {});
  };
  const id = await begin(4, { out: [1] });
  await until(() => sent.length === 1);
  fake.answers.send = usual;
  restart();
  const { items } = await end(id);
  assert.deepEqual(sent, [["mail 0", "mail 2", "mail 3"], ["mail 0", "mail 2", "mail 3"]]);
  assert.deepEqual(items.map(({ state }) => state), ["done", "left_out", "done", "done"]);
  assert.deepEqual(fake.calls("send").map(({ params }) => params.overrides), [PLAN.overrides, PLAN.overrides]);
  restart();
  assert.deepEqual((await shown(id)).items.map(({ state }) => state), ["done", "left_out", "done", "done"]);
});

test("cancelling sends nothing, and the batch is ready again", async () => {
  fake.answers["message.end"] = () => new Promise(() => {});
  const id = await begin(3);
  await until(() => fake.calls("message.end").length > 0);
  await world.batches.cancel(id);
  mock.timers.tick(60_000);
  const batch = await end(id, "ready");
  assert.equal(batch.trouble, null);
  assert.deepEqual(sent, []);
});

test("a delivery that comes later is told of every mail", async () => {
  fake.answers.send = () => ({ deliveries: [delivery({ status: "queued", event_id: null })] });
  const id = await begin(3);
  await end(id);
  await world.batches.learn([delivery({ event_id: "9" })]);
  assert.deepEqual((await shown(id)).items.map(({ deliveries }) => deliveries[0].event_id), ["9", "9", "9"]);
});

test("the work for each mail does not grow with their number", async () => {
  const looks = async (count) => {
    let reads = 0;
    const items = Array.from({ length: count }, (_, item) => {
      let state = "waiting";
      return {
        item,
        get state() {
          reads += 1;
          return state;
        },
        set state(value) {
          state = value;
        },
      };
    });
    const run = new BatchRun(
      { items, state: "running" },
      {
        send: async () => ({ deliveries: [delivery()] }),
        save: async (ended) => ended.forEach((item) => items.splice(items.indexOf(item), 1)),
        changed: () => {},
      },
    );
    await run.go();
    await settled();
    assert.equal(items.length, 0);
    return reads / count;
  };
  const few = await looks(50);
  assert.ok((await looks(400)) < few * 1.5);
});
