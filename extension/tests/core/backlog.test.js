// The outbox as the extension shows it: badge, alarm, events, and the look after a restart.

import assert from "node:assert/strict";
import { before, mock, test } from "node:test";
import { installBrowser } from "../doubles/browser.js";
import { FakeHost, status } from "../doubles/host.js";
import { settled } from "../doubles/waiting.js";
import { ALARM, Backlog } from "../../src/background/backlog.js";
import { Host } from "../../src/background/host.js";

before(() => mock.timers.enable({ apis: ["setTimeout"] })); // No time passes here.

function start(options = {}) {
  const fake = new FakeHost();
  const told = [];
  const parts = installBrowser({ host: fake, ...options });
  return { ...parts, fake, told, backlog: new Backlog(new Host(), (counts) => told.push(counts)) };
}

test("while mails wait their number is on the button and an alarm looks after them", async () => {
  const { backlog, browser, alarms, told } = start();
  await backlog.note({ pending: 3, failed: 1 });
  assert.deepEqual(browser.action.badges.at(-1), { text: "3" });
  assert.deepEqual(alarms.get(ALARM), { periodInMinutes: 1 });
  await backlog.note({ pending: 0, failed: 1 });
  assert.deepEqual(browser.action.badges.at(-1), { text: "" });
  assert.equal(alarms.size, 0);
  assert.deepEqual(told, [{ pending: 3, failed: 1 }, { pending: 0, failed: 1 }]);
});

test("the same counts are told once", async () => {
  const { backlog, told } = start();
  for (let time = 0; time < 3; time++) await backlog.note({ pending: 1, failed: 0 });
  assert.equal(told.length, 1);
});

test("an alarm that runs is not set back", async () => {
  const { backlog, alarms, browser } = start();
  const create = mock.method(browser.alarms, "create");
  await backlog.note({ pending: 1, failed: 0 });
  await backlog.note({ pending: 2, failed: 0 });
  assert.equal(create.mock.callCount(), 1);
  assert.equal(alarms.size, 1);
});

test("after a restart badge and alarm are back, and the host is connected to", async () => {
  const { backlog, local } = start();
  await backlog.note({ pending: 2, failed: 0 });
  const again = start({ local });
  again.fake.answers.status = () => status({ outbox: { pending: 1, failed: 0 } });
  await again.backlog.lookAgain();
  assert.deepEqual(again.browser.action.badges, [{ text: "2" }, { text: "1" }]);
  assert.equal(again.alarms.size, 1);
});

test("when nothing waited a start of Thunderbird starts no host", async () => {
  const { backlog, fake } = start();
  await backlog.lookAgain();
  await settled();
  assert.equal(fake.processes.length, 0);
});
