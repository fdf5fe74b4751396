// Pages and background together: calls, progress, cancelling, closing, and every method that pages may call.

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { installBrowser } from "../doubles/browser.js";
import { FakeHost, HostError, SILENCE, delivery, status, verbatim } from "../doubles/host.js";
import { settled, until } from "../doubles/waiting.js";

let fake;
let world;
let page;
let lives = 0;

beforeEach(async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  fake = new FakeHost();
  world = installBrowser({ host: fake });
  lives += 1;
  await import(`../../src/background.js?life=${lives}`);
  page = await import(`../../src/shared/service.js?life=${lives}`);
});

afterEach(async () => {
  await settled();
  mock.timers.reset();
  assert.deepEqual(fake.faults, []);
});

/** Closes the page that `page` is; the background hears of it. */
function close() {
  for (const port of ports) port.disconnect();
  return settled();
}

/** Ports that pages opened. */
const ports = [];
beforeEach(() => {
  ports.length = 0;
  const { connect } = world.browser.runtime;
  world.browser.runtime.connect = (info) => {
    ports.push(connect(info));
    return ports.at(-1);
  };
});

test("a page gets what the host answers, with its progress", async () => {
  fake.answers["connection.test"] = async (_, { progress }) => {
    progress("asking", 0, 1);
    await settled(3);
    return { ok: false, problem: "no_key", reason: verbatim("No key.") };
  };
  const seen = [];
  const result = await page.call("host", { method: "connection.test", params: {} }, { onProgress: (progress) => seen.push(progress) });
  assert.equal(result.problem, "no_key");
  assert.deepEqual(seen, [{ stage: "asking", done: 0, total: 1 }]);
});

test("a page gets a trouble with kind, words and data", async () => {
  fake.answers["settings.write"] = () => {
    throw new HostError("key_needed", "The address changed: give the key for it.");
  };
  await assert.rejects(page.call("host", { method: "settings.write", params: { changes: {} } }), (error) => {
    assert.ok(error instanceof page.Trouble);
    assert.deepEqual(error.plain(), { kind: "key_needed", message: "The address changed: give the key for it.", data: {} });
    return true;
  });
});

for (const method of ["hello", "message.begin", "message.chunk", "message.discard", "send", "toString", "nonsense"]) {
  test(`a page may not call ${method} of the host`, async () => {
    await assert.rejects(page.call("host", { method, params: {} }), { kind: "extension" });
    assert.deepEqual(fake.processes, []);
  });
}

test("a page's changes are subject to the organisation's policy, those of a profile are not", async () => {
  world.browser.storage.managed.get = async () => ({ settings: { "misp.url": "https://misp.example.org" } });
  fake.answers["settings.write"] = () => ({ file: null, exists: true, profile: null, profiles: [], fields: {}, page: { server: [], event: [], mail: [], own: [], hosts: [], lists: [] } });
  const write = (params) => page.call("host", { method: "settings.write", params });
  await assert.rejects(write({ changes: { "misp.url": "https://other.example" } }), { kind: "locked" });
  await write({ profile: "lab", changes: { "misp.url": "https://lab.example" } });
  assert.deepEqual(fake.calls("settings.write").at(-1).params.changes, { "misp.url": "https://lab.example" });
});

test("an unknown method is said to be none", async () => {
  await assert.rejects(page.call("nonsense"), { kind: "extension" });
  await assert.rejects(page.call("toString"), { kind: "extension" });
});

test("a page hands a mail over and asks for its preview", async () => {
  const header = world.mailbox.add({ raw: "Subject: x\n\n" });
  const { message, identity } = await page.call("upload", { messageId: header.id });
  assert.match(identity, /^[0-9a-f]{64}$/u);
  fake.answers["preview.more"] = () => ({ items: [], next: null });
  await page.call("host", { method: "preview.more", params: { message, offset: 0 } });
  assert.deepEqual(fake.calls("preview.more")[0].params, { message: "m1", offset: 0 });
});

test("after a crash the host knows the message no more, and the page hands it over again", async () => {
  const header = world.mailbox.add();
  const { message } = await page.call("upload", { messageId: header.id });
  fake.process.crash();
  await settled();
  await assert.rejects(page.call("host", { method: "preview", params: { message } }), { kind: "unknown_message" });
  await page.call("upload", { messageId: header.id });
  assert.equal(fake.processes.length, 2);
});

test("aborting cancels the call at the host", async () => {
  fake.answers.status = () => SILENCE;
  const controller = new AbortController();
  const call = page.call("host", { method: "status", params: {} }, { signal: controller.signal });
  await until(() => fake.calls("status").length === 1);
  controller.abort();
  await until(() => fake.calls("cancel").length === 1);
  fake.process.refuse(fake.calls("status")[0].id, new HostError("cancelled"));
  await assert.rejects(call, { kind: "cancelled" });
});

test("a popup hands its message and its state over to a tab, and the host keeps the message meanwhile", async () => {
  const header = world.mailbox.add();
  const { message } = await page.call("upload", { messageId: header.id });
  const state = { controls: [["comment", "seen"]], kept: {} };
  await page.call("move", { messageId: header.id, message, state });
  assert.match(world.shown.tabs.at(-1).url, /review\.html\?message=\d+&view=tab$/u);
  assert.deepEqual(await page.call("take", { messageId: header.id }), { message, state });
  assert.deepEqual(await page.call("take", { messageId: header.id }), { message: null, state: null });
  await close();
  assert.equal(fake.process.held.size, 0);
});

test("a message that the page does not hold is not handed over", async () => {
  const header = world.mailbox.add();
  await page.call("move", { messageId: header.id, message: "elsewhere/m9", state: null });
  assert.deepEqual(await page.call("take", { messageId: header.id }), { message: null, state: null });
});

test("a page that is closed cancels its calls and gives its messages back", async () => {
  const header = world.mailbox.add();
  await page.call("upload", { messageId: header.id });
  fake.answers.status = () => SILENCE;
  page.call("host", { method: "status", params: {} }).catch(() => {});
  await until(() => fake.calls("status").length === 1);
  await close();
  assert.equal(fake.calls("cancel").length, 1);
  assert.equal(fake.process.held.size, 0);
});

test("a page that does not let go of its message does not keep the program for ever", async () => {
  const header = world.mailbox.add();
  await page.call("upload", { messageId: header.id });
  for (let minute = 0; minute < 11; minute++) mock.timers.tick(60_000);
  assert.equal(fake.process.ended, true);
});

test("a page that is closed while it hands a mail over leaves no message behind", async () => {
  const header = world.mailbox.add();
  fake.answers["message.end"] = async (params, { process }) => {
    await close();
    return process.usual("message.end", params);
  };
  page.call("upload", { messageId: header.id }).catch(() => {});
  await until(() => fake.calls("message.discard").length === 1);
  await settled();
  assert.equal(fake.process.held.size, 0);
});

test("a page can release its message, once", async () => {
  const header = world.mailbox.add();
  const { message } = await page.call("upload", { messageId: header.id });
  await page.call("release", { message });
  await page.call("release", { message });
  await settled();
  assert.equal(fake.calls("message.discard").length, 1);
});

test("sending goes on when the page is closed, and is told by a notification", async () => {
  const header = world.mailbox.add();
  let answer;
  fake.answers.send = (params, { process }) => new Promise((resolve) => (answer = () => resolve(process.usual("send", params))));
  page.call("send", { messageId: header.id, message: null, mode: "auto", profile: "", overrides: {} }).catch(() => {});
  await until(() => answer);
  await close();
  assert.equal(fake.calls("cancel").length, 0);
  answer();
  await until(() => world.shown.notifications.length === 1);
  assert.equal(world.shown.notifications[0].title, "Event #12 created");
});

test("a message that was sent is not given back once more", async () => {
  const header = world.mailbox.add();
  const { message } = await page.call("upload", { messageId: header.id });
  await page.call("send", { messageId: header.id, message, mode: "auto", profile: null });
  await close();
  assert.equal(fake.calls("message.discard").length, 0);
});

test("the connection stays while a page holds a message, and rests when it is closed", async () => {
  const header = world.mailbox.add();
  await page.call("upload", { messageId: header.id });
  mock.timers.tick(60_000);
  assert.equal(fake.process.ended, false);
  await close();
  mock.timers.tick(20_000);
  assert.equal(fake.process.ended, true);
});

test("a page whose background was restarted is told so, and its next call finds the new one", async () => {
  fake.answers.status = () => SILENCE;
  const call = page.call("host", { method: "status", params: {} });
  await until(() => fake.calls("status").length === 1);
  for (const port of ports) port.onDisconnect.fire(port);
  await assert.rejects(call, { kind: "extension" });
  delete fake.answers.status;
  assert.equal((await page.call("host", { method: "status", params: {} })).host, "0.1.0");
});

test("a page learns of a mail what its head needs", async () => {
  const header = world.mailbox.add({ subject: "<b>Invoice</b>", headerMessageId: "one@example.org" });
  assert.deepEqual(await page.call("mail", { messageId: header.id }), {
    messageId: header.id,
    headerMessageId: "one@example.org",
    subject: "<b>Invoice</b>",
    author: "Eve <eve@example.org>",
    date: "2026-11-23T08:00:00.000Z",
    folder: "Inbox",
  });
  await assert.rejects(page.call("mail", { messageId: 4711 }), { kind: "message_gone" });
});

test("versions connect, and say what is wrong when that cannot be done", async () => {
  assert.deepEqual(await page.call("versions"), { extension: "0.1.0", host: "0.1.0", trouble: null });
  fake.process.crash();
  await settled();
  fake.answers.hello = () => {
    throw new HostError("incompatible", "no", { host: "9.0.0", protocol: { min: 4, max: 5 } });
  };
  const { host, trouble } = await page.call("versions");
  assert.deepEqual([host, trouble.kind], ["9.0.0", "host_too_new"]);
  fake.unavailable = "No such native application mispigeon";
  assert.equal((await page.call("versions")).trouble.kind, "host_missing");
});

test("a page opens the server's pages and no others", async () => {
  assert.deepEqual(await page.call("open", { url: "https://misp.example.org/events/view/12" }), { opened: "https://misp.example.org/events/view/12" });
  await assert.rejects(page.call("open", { url: "https://evil.example/" }), { kind: "not_opened" });
  assert.deepEqual(world.shown.opened, ["https://misp.example.org/events/view/12"]);
});

test("a page makes, starts, follows and forgets a batch", async () => {
  const ids = [1, 2, 3].map((number) => world.mailbox.add({ subject: `mail ${number}` }).id);
  const changes = [];
  page.on("batch", (batch) => changes.push(batch.state));
  const { batch } = await page.call("batch.create", { messageIds: ids, mode: "auto", profile: "", start: false });
  let [shown] = (await page.call("batch.list")).batches;
  assert.deepEqual(
    { ...shown, created: 0, items: shown.items.map(({ item, subject, state }) => [item, subject, state]) },
    { id: batch, created: 0, mode: "auto", profile: "", state: "ready", plan: { together: false, overrides: {} }, trouble: null, items: [[0, "mail 1", "waiting"], [1, "mail 2", "waiting"], [2, "mail 3", "waiting"]] },
  );
  await page.call("batch.start", { batch, mode: "sample", profile: "" });
  await until(async () => (([shown] = (await page.call("batch.list")).batches), shown.state === "done"));
  mock.timers.tick(200);
  await settled();
  assert.equal(changes.at(-1), "done");
  await page.call("batch.retry", { batch, item: null });
  await page.call("batch.cancel", { batch });
  await page.call("batch.forget", { batch });
  assert.deepEqual((await page.call("batch.list")).batches, []);
});

test("what an answer says about the outbox is told to all pages", async () => {
  const told = [];
  page.on("outbox", (counts) => told.push(counts));
  fake.answers.status = () => status({ outbox: { pending: 2, failed: 1 } });
  fake.answers["outbox.drop"] = () => ({ pending: 2, failed: 0 });
  fake.answers["outbox.retry"] = () => ({ deliveries: [], backlog: { pending: 0, failed: 0 } });
  for (const [method, params] of [["status", {}], ["outbox.drop", { row: 3 }], ["outbox.retry", {}]]) {
    await page.call("host", { method, params });
    await settled();
  }
  assert.deepEqual(told, [{ pending: 2, failed: 1 }, { pending: 2, failed: 0 }, { pending: 0, failed: 0 }]);
});

test("a mail that is delivered later is told to pages and by a notification", async () => {
  const told = [];
  page.on("delivered", (one) => told.push(one.event_id));
  await page.call("versions");
  fake.process.notify("outbox.delivered", { delivery: delivery({ event_id: "77" }), backlog: { pending: 0, failed: 0 } });
  await until(() => world.shown.notifications.length === 1);
  assert.deepEqual(told, ["77"]);
  assert.equal(world.shown.notifications[0].title, "Event #77 created");
});

for (const [way, deliver] of [
  ["by the host", (one) => fake.process.notify("outbox.delivered", { delivery: one, backlog: { pending: 0, failed: 0 } })],
  [
    "because somebody asked for it",
    (one) => {
      fake.answers["outbox.retry"] = () => ({ deliveries: [one], backlog: { pending: 0, failed: 0 } });
      return page.call("host", { method: "outbox.retry", params: { row: one.row } });
    },
  ],
]) {
  test(`a mail of a batch that is delivered later ${way} is told to the page of the batch`, async () => {
    const { id: messageId } = world.mailbox.add({ subject: "Invoice", raw: "Subject: Invoice\n\n" });
    const batches = [];
    page.on("batch", (batch) => batches.push(batch));
    fake.answers.send = () => ({ deliveries: [delivery({ status: "queued", event_id: null, url: null })] });
    await page.call("batch.create", { messageIds: [messageId], mode: "auto", profile: "", start: true });
    const status_ = () => batches.at(-1)?.items[0].deliveries?.[0].status;
    const isTold = (wanted) =>
      until(() => {
        mock.timers.tick(150);
        return status_() === wanted;
      }, wanted);
    await isTold("queued");
    await deliver(delivery({ event_id: "77" }));
    await isTold("created");
  });
}
