// What tests of mails that rules send have in common: the whole background, with a host and mails that outlive it.

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock } from "node:test";
import { installBrowser } from "./browser.js";
import { FakeHost } from "./host.js";
import { Mailbox } from "./mailbox.js";
import { settled, until } from "./waiting.js";

export const COMPANION = { id: "mispigeon-filter@mispigeon.org" };
export const MISSING = "No such native application mispigeon";

export let fake;
export let mailbox;
export let local;
export let world;
/** Subjects of the mails that the host got to send, in order. @type {string[]} */
export let sent;
export let lives = 0;

beforeEach(async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  fake = new FakeHost();
  mailbox = new Mailbox();
  local = new Map();
  sent = fake.noteSent();
  await start();
});

afterEach(async () => {
  await settled();
  mock.timers.reset();
  assert.deepEqual(fake.faults, []);
});

export async function start(options = {}) {
  world = installBrowser({ host: fake, mailbox, local, ...options });
  lives += 1;
  await import(`../../src/background.js?rules=${lives}`);
}

/** Thunderbird is killed, and the host with it; what the old background still has under way is heard by nobody. */
export async function restart() {
  if (fake.process) fake.process.dead = true;
  local = structuredClone(local);
  mailbox.onUpdated = new Mailbox().onUpdated;
  mailbox.renumber();
  await start();
}

export const add = (subject, more = {}) => mailbox.add({ subject, raw: `Subject: ${subject}\n\n`, ...more });

/** @param {number} count */
export const several = (count) => Array.from({ length: count }, (_, at) => add(`mail ${at}`));

export const named = ({ id, headerMessageId }) => ({ id, headerMessageId });

/** The companion hands in mails. */
export const hand = (headers, more = {}) =>
  world.browser.runtime.onMessageExternal.ask({ type: "filter", profile: null, messages: headers.map(named), ...more }, COMPANION);

/** Lets pauses pass until that holds. */
export const passing = (holds, what) =>
  until(async () => {
    mock.timers.tick(10_000);
    await settled();
    return holds();
  }, what);

/** What is kept of mails on their way. */
export const kept = () => [...local.keys()].filter((key) => /^intake:\d+$/u.test(key));

export const idle = () => passing(() => kept().length === 0, "all mails sent");

export const tagsOf = (header) => mailbox.header(header.id).tags;

export const notes = () => world.shown.notifications.map(({ title, message }) => [title, message]);
