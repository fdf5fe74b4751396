// The companion's background: stores what a filter was applied to, hands it over in order and in portions, keeps it while nobody takes it.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { beforeEach, test } from "node:test";
import { installBrowser } from "../doubles/browser.js";
import { FakeEvent } from "../doubles/event.js";
import { settled, until } from "../doubles/waiting.js";

const ROOT = new URL("../../companion/", import.meta.url);
const read = (name) => readFileSync(new URL(name, ROOT), "utf8");
const MAIN = "mispigeon@mispigeon.org";

let world;
let local;
let taken;
let profiles;
/** What the main add-on answers; null when it is not there. */
let answer;
let lives = 0;

beforeEach(async () => {
  local = new Map();
  taken = [];
  answer = ({ messages }) => ({ accepted: messages.length });
  await start();
});

async function start() {
  world = installBrowser({ local });
  profiles = [];
  const { browser } = world;
  browser.filterAction = { setProfiles: async (names) => void profiles.push(names), onApplied: new FakeEvent() };
  browser.runtime.sendMessage = async (id, message) => {
    assert.equal(id, MAIN);
    if (answer === null) throw new Error("Could not establish connection. Receiving end does not exist.");
    if (message.type === "profiles") return { profiles: [{ name: "trap" }], default: null };
    const given = await answer(message);
    if (given?.accepted > 0) taken.push(structuredClone(message));
    return given;
  };
  lives += 1;
  await import(`../../companion/background.js?life=${lives}`);
}

const messages = (count, from = 0) => Array.from({ length: count }, (_, at) => ({ id: from + at, headerMessageId: `${from + at}@example.org` }));

const apply = (list, more = {}) => world.browser.filterAction.onApplied.ask({ profile: "", manual: false, messages: list, ...more });

const kept = () => [...local.keys()].filter((key) => /^kept:\d+$/u.test(key));

const ids = () => taken.flatMap((message) => message.messages.map(({ id }) => id));

test("what a filter was applied to is handed over", async () => {
  await apply(messages(1), { profile: "trap", manual: true });
  assert.deepEqual(taken, [{ type: "filter", profile: "trap", manual: true, messages: messages(1) }]);
  assert.deepEqual(kept(), []);
});

test("many go in order and in portions that the main add-on takes", async () => {
  await apply(messages(250));
  assert.deepEqual(taken.map((message) => message.messages.length), [100, 100, 50]);
  assert.deepEqual(ids(), messages(250).map(({ id }) => id));
});

test("mails that arrive one by one while one is handed over go together", async () => {
  let go;
  const gate = new Promise((resolve) => (go = resolve));
  const take = answer;
  answer = async (message) => {
    await gate;
    return take(message);
  };
  for (let at = 0; at < 150; at += 1) apply(messages(1, at));
  await until(() => kept().length === 150);
  go();
  await until(() => kept().length === 0);
  assert.deepEqual(ids(), messages(150).map(({ id }) => id));
  assert.ok(taken.length < 6, `${taken.length} portions`);
});

test("different actions are not mixed", async () => {
  answer = null;
  await apply(messages(1, 1));
  await apply(messages(1, 2), { profile: "trap" });
  await apply(messages(1, 3));
  answer = ({ messages: list }) => ({ accepted: list.length });
  world.browser.alarms.onAlarm.fire({ name: "again" });
  await until(() => kept().length === 0);
  assert.deepEqual(taken.map(({ profile, messages: list }) => [profile, list[0].id]), [[null, 1], ["trap", 2], [null, 3]]);
});

test("while the main add-on is missing mails are kept, the user is told once, and a restart sends them", async () => {
  answer = null;
  await apply(messages(1, 1));
  await apply(messages(1, 2));
  assert.deepEqual([kept().length, world.shown.notifications.length, world.alarms.has("again")], [2, 1, true]);
  await start();
  world.browser.runtime.onStartup.fire();
  await settled();
  assert.deepEqual([kept().length, world.shown.notifications.length], [2, 0]);
  answer = ({ messages: list }) => ({ accepted: list.length });
  world.browser.runtime.onStartup.fire();
  await until(() => kept().length === 0);
  assert.deepEqual(ids(), [1, 2]);
  answer = null;
  await apply(messages(1, 3));
  assert.equal(world.shown.notifications.length, 1);
});

test("an add-on that is too old to answer counts as missing; one that has enough in hand is waited for in silence", async () => {
  answer = () => undefined;
  await apply(messages(1));
  assert.equal(world.shown.notifications.length, 1);
  await start();
  answer = () => ({ accepted: 0 });
  await apply(messages(1, 1));
  assert.deepEqual([world.shown.notifications.length, kept().length, world.alarms.has("again")], [0, 2, true]);
});

test("the profiles are asked for at the start, and taken from the main add-on only", async () => {
  world.browser.runtime.onStartup.fire();
  await until(() => profiles.length === 1);
  const news = { type: "profiles", profiles: [{ name: "lab" }] };
  world.browser.runtime.onMessageExternal.fire(news, { id: "evil@example.org" });
  world.browser.runtime.onMessageExternal.fire(news, { id: MAIN });
  await until(() => profiles.length === 2);
  assert.deepEqual(profiles, [["trap"], ["lab"]]);
});

test("without the main add-on the actions stay as they are", async () => {
  answer = null;
  world.browser.runtime.onInstalled.fire();
  await settled();
  assert.deepEqual(profiles, []);
});

test("the manifest has the id that the main add-on knows, its version, one Experiment, and no permission without use", () => {
  const manifest = JSON.parse(read("manifest.json"));
  const main = JSON.parse(readFileSync(new URL("../src/manifest.json", ROOT), "utf8"));
  const known = readFileSync(new URL("../src/background/companion.js", ROOT), "utf8");
  assert.ok(known.includes(`"${manifest.browser_specific_settings.gecko.id}"`));
  assert.equal(manifest.version, main.version);
  assert.equal(manifest.browser_specific_settings.gecko.strict_max_version, "153.*");
  assert.deepEqual(Object.keys(manifest.experiment_apis), ["filterAction"]);
  const sources = read("background.js") + read("api/implementation.js");
  const uses = { alarms: /browser\.alarms\./u, messagesRead: /messageManager/u, notifications: /browser\.notifications\./u, storage: /browser\.storage\./u };
  for (const permission of manifest.permissions) assert.match(sources, uses[permission]);
  assert.equal(read("icons/icon.svg"), readFileSync(new URL("../src/icons/icon.svg", ROOT), "utf8"));
});

test("the words are there in all languages, and all of them are used", () => {
  const languages = readdirSync(new URL("_locales/", ROOT));
  assert.deepEqual(languages.toSorted(), ["de", "en", "fr"]);
  const sources = read("background.js") + read("api/implementation.js") + read("manifest.json");
  const [first, ...others] = languages.map((language) => JSON.parse(read(`_locales/${language}/messages.json`)));
  for (const other of others) assert.deepEqual(Object.keys(other), Object.keys(first));
  for (const key of Object.keys(first)) assert.ok(sources.includes(`"${key}"`) || sources.includes(`__MSG_${key}__`), key);
});
