// The connection to the host: greeting, what its ends mean, progress, cancellation, rest, and that no call hangs.

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { installBrowser } from "../doubles/browser.js";
import { FakeHost, HostError, SILENCE, delivery, status } from "../doubles/host.js";
import { settled, until } from "../doubles/waiting.js";
import { Host } from "../../src/background/host.js";

let host;
let fake;

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout"] });
  fake = new FakeHost();
  installBrowser({ host: fake });
  host = new Host();
});

afterEach(() => {
  mock.timers.reset();
  assert.deepEqual(fake.faults, []);
});

const kind = (expected) => (error) => {
  assert.equal(error.name, "Trouble");
  assert.equal(error.kind, expected, error.message);
  return true;
};

test("hello comes first, and once for all calls on a connection", async () => {
  await Promise.all([host.request("status"), host.request("settings.read"), host.request("status")]);
  assert.deepEqual(fake.process.messages.map(({ method }) => method), ["hello", "status", "settings.read", "status"]);
  assert.deepEqual(fake.process.messages[0].params, { extension: "0.1.0", protocol: { min: 1, max: 1 } });
});

test("answers may come in any order", async () => {
  const held = [];
  fake.answers.status = ({ profile }) => new Promise((resolve) => held.push(() => resolve(status({ host: profile }))));
  const calls = ["a", "b", "c"].map((profile) => host.request("status", { profile }));
  await until(() => held.length === 3);
  for (const answer of held.reverse()) answer();
  const answers = await Promise.all(calls);
  assert.deepEqual(answers.map((answer) => answer.host), ["a", "b", "c"]);
});

test("progress goes to the call that it is of", async () => {
  fake.answers.status = async ({ profile }, { progress }) => {
    if (profile === "slow") progress("asking", 1, 2);
    return status();
  };
  const seen = { slow: [], quick: [] };
  await Promise.all(
    ["slow", "quick"].map((profile) => host.request("status", { profile }, { onProgress: (progress) => seen[profile].push(progress) })),
  );
  assert.deepEqual(seen, { slow: [{ stage: "asking", done: 1, total: 2 }], quick: [] });
});

test("an error of the host becomes a trouble with its kind, words and data", async () => {
  fake.answers["settings.write"] = () => {
    throw new HostError("setting", "must be one of …", { key: "misp.url", allowed: "an address" });
  };
  await assert.rejects(host.request("settings.write", { changes: { "misp.url": "x" } }), (error) => {
    assert.deepEqual(error.plain(), { kind: "setting", message: "must be one of …", data: { key: "misp.url", allowed: "an address" } });
    return true;
  });
});

test("a lone surrogate never reaches the host", async () => {
  await host.request("settings.write", { changes: { "event.prefix": "a\ud800", tags: ["\udc00b"] } }).catch(() => {});
  assert.deepEqual(fake.calls("settings.write")[0].params.changes, { "event.prefix": "a\ufffd", tags: ["\ufffdb"] });
});

test("a parameter that is undefined is not sent", async () => {
  await host.request("status", { profile: undefined });
  assert.deepEqual(fake.calls("status")[0].params, {});
});

// The words of Thunderbird 153 at the end of a port.
for (const [words, expected] of [
  ["No such native application mispigeon", "host_missing"],
  ["An unexpected error occurred", "host_broken"],
  ["Native application tried to send a message of 1819043176 bytes, which exceeds the limit of 1048576 bytes.", "host_broken"],
]) {
  test(`a program that cannot be started is ${expected}: ${words.slice(0, 40)}`, async () => {
    fake.unavailable = words;
    await assert.rejects(host.request("status"), kind(expected));
  });
}

test("a program that ends before it greets is host_crashed", async () => {
  fake.answers.hello = (_, { process }) => (process.crash(), SILENCE);
  await assert.rejects(host.request("status"), kind("host_crashed"));
});

test("every open call ends when the host crashes", async () => {
  fake.answers.status = () => SILENCE;
  const calls = [host.request("status"), host.request("status"), host.request("status")];
  await until(() => fake.calls("status").length === 3);
  fake.process.crash();
  for (const call of calls) await assert.rejects(call, kind("host_crashed"));
});

test("after a crash the next call finds a new host", async () => {
  await host.request("status");
  fake.process.crash();
  await settled();
  await host.request("status");
  assert.equal(fake.processes.length, 2);
});

test("a program that was mended is found without a restart", async () => {
  fake.unavailable = "No such native application mispigeon";
  await assert.rejects(host.request("status"), kind("host_missing"));
  fake.unavailable = null;
  await host.request("status");
});

test("what the host says of itself before it ends is what the calls are told", async () => {
  fake.answers.status = (_, { process }) => {
    process.refuse(null, new HostError("not_allowed", "This extension is not in the manifest."));
    return SILENCE;
  };
  await assert.rejects(host.request("status"), (error) => kind("not_allowed")(error) && /manifest/u.test(error.message));
});

for (const [range, expected] of [
  [{ min: 2, max: 3 }, "host_too_new"],
  [{ min: 7, max: 7 }, "host_too_new"],
]) {
  test(`a host that speaks ${range.min} to ${range.max} is ${expected}`, async () => {
    fake.answers.hello = () => {
      throw new HostError("incompatible", "no common version", { host: "9.9.9", protocol: range });
    };
    await assert.rejects(host.request("status"), (error) => {
      assert.equal(error.data.host, "9.9.9");
      return kind(expected)(error);
    });
  });
}

test("a host that does not know the greeting is host_too_old", async () => {
  fake.answers.hello = () => {
    throw new HostError("unknown_method");
  };
  await assert.rejects(host.request("status"), kind("host_too_old"));
});

test("a host that answers the greeting in a version we do not speak is told apart", async () => {
  for (const [protocol, expected] of [[0, "host_too_old"], [2, "host_too_new"]]) {
    fake.answers.hello = () => ({ host: "0.1.0", protocol, limits: { message: 1, chunk: 1, messages: 1 } });
    await assert.rejects(host.request("status"), kind(expected));
  }
});

test("a program that starts but says nothing is host_broken after a while", async () => {
  fake.answers.hello = () => SILENCE;
  const call = host.request("status");
  await until(() => fake.process?.calls("hello").length === 1);
  mock.timers.tick(20_000);
  await assert.rejects(call, kind("host_broken"));
});

for (const message of ["text", 7, { id: 1, result: {} }, null]) {
  test(`a message that is no JSON-RPC ends the connection: ${JSON.stringify(message)}`, async () => {
    fake.answers.status = (_, { process }) => (process.write(message), SILENCE);
    await assert.rejects(host.request("status"), kind("host_broken"));
  });
}

test("an answer to a call that nobody made is passed over", async () => {
  fake.answers.status = (_, { process }) => {
    process.write({ jsonrpc: "2.0", id: 999, result: {} });
    return status();
  };
  await host.request("status");
});

test("a host that falls silent is asked for a sign of life, and given up when there is none", async () => {
  fake.answers.status = () => SILENCE;
  fake.answers["message.discard"] = () => SILENCE;
  const call = host.request("status");
  await until(() => fake.calls("status").length === 1);
  mock.timers.tick(30_000);
  await settled();
  assert.equal(fake.calls("message.discard").length, 1);
  mock.timers.tick(30_000);
  await assert.rejects(call, kind("host_crashed"));
});

test("a host that is only slow is waited for", async () => {
  let answer;
  fake.answers.status = () => new Promise((resolve) => (answer = () => resolve(status())));
  const call = host.request("status");
  await until(() => answer);
  for (let minute = 0; minute < 10; minute++) {
    mock.timers.tick(30_000);
    await settled();
  }
  answer();
  await call;
});

test("cancelling tells the host and ends with its answer", async () => {
  let refuse;
  fake.answers.status = () => new Promise((_, reject) => (refuse = () => reject(new HostError("cancelled"))));
  const controller = new AbortController();
  const call = host.request("status", {}, { signal: controller.signal });
  await until(() => refuse);
  controller.abort();
  await settled();
  assert.deepEqual(fake.calls("cancel")[0].params, { id: fake.calls("status")[0].id });
  refuse();
  await assert.rejects(call, kind("cancelled"));
});

test("a result that came too late to be cancelled is still a result", async () => {
  let answer;
  fake.answers.status = () => new Promise((resolve) => (answer = () => resolve(status())));
  const controller = new AbortController();
  const call = host.request("status", {}, { signal: controller.signal });
  await until(() => answer);
  controller.abort();
  answer();
  assert.equal((await call).host, "0.1.0");
});

test("a cancelled call ends although the host does not answer it", async () => {
  fake.answers.status = () => SILENCE;
  const controller = new AbortController();
  const call = host.request("status", {}, { signal: controller.signal });
  await until(() => fake.calls("status").length === 1);
  controller.abort();
  mock.timers.tick(60_000);
  await assert.rejects(call, kind("cancelled"));
});

test("what is cancelled before it was sent is not sent", async () => {
  await host.request("status");
  await assert.rejects(host.request("settings.read", {}, { signal: AbortSignal.abort() }), kind("cancelled"));
  assert.equal(fake.calls("settings.read").length, 0);
});

test("the port is closed after a rest, so that the event page may sleep", async () => {
  await host.request("status");
  mock.timers.tick(19_000);
  assert.equal(fake.process.ended, false);
  mock.timers.tick(1_000);
  assert.equal(fake.process.ended, true);
  await host.request("status");
  assert.equal(fake.processes.length, 2);
});

test("the port is not closed while a call is open, nor soon after it", async () => {
  let answer;
  fake.answers.status = () => new Promise((resolve) => (answer = () => resolve(status())));
  await host.request("settings.read");
  const call = host.request("status");
  await until(() => answer);
  mock.timers.tick(25_000);
  assert.equal(fake.process.ended, false);
  answer();
  await call;
  mock.timers.tick(19_000);
  assert.equal(fake.process.ended, false);
});

test("how long the rest is may depend on what is going on", async () => {
  let reviewing = true;
  host = new Host({ restAfter: () => (reviewing ? 600_000 : 20_000) });
  await host.request("status");
  mock.timers.tick(500_000);
  assert.equal(fake.process.ended, false);
  reviewing = false;
  await host.request("status");
  mock.timers.tick(20_000);
  assert.equal(fake.process.ended, true);
});

test("a handle is good for its own connection only", async () => {
  const ended = [];
  host = new Host({ onEnd: (connection) => ended.push(connection) });
  const { message } = await host.request("message.begin", { size: 1 });
  fake.process.crash();
  await settled();
  const again = await host.request("message.begin", { size: 1 });
  assert.deepEqual([...fake.processes[0].held.keys()], [...fake.processes[1].held.keys()]);
  assert.notEqual(again.message, message);
  await assert.rejects(host.request("send", { message }), kind("unknown_message"));
  assert.equal(fake.calls("send").length, 0);
  assert.deepEqual(ended, [message.split("/")[0]]);
});

test("a call about a message starts no new host", async () => {
  const { message } = await host.request("message.begin", { size: 1 });
  fake.process.crash();
  await settled();
  await assert.rejects(host.request("preview", { message }), kind("unknown_message"));
  assert.equal(fake.processes.length, 1);
});

test("notifications that are no progress are passed on", async () => {
  const heard = [];
  host = new Host({ onNotification: (method, params) => heard.push([method, params]) });
  await host.request("status");
  const params = { delivery: delivery(), backlog: { pending: 0, failed: 0 } };
  fake.process.notify("outbox.delivered", params);
  await settled();
  assert.deepEqual(heard, [["outbox.delivered", params]]);
});

test("what is to be asked first on a connection comes before all calls", async () => {
  host = new Host({ prepare: async (request) => void (await request("settings.read")) });
  await Promise.all([host.request("status"), host.request("outbox.list")]);
  assert.deepEqual(fake.process.messages.map(({ method }) => method), ["hello", "settings.read", "status", "outbox.list"]);
});
