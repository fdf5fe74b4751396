// Preferences: defaults, what is stored, what the organisation's policy lays over and locks.

import assert from "node:assert/strict";
import { test } from "node:test";
import { installBrowser } from "../doubles/browser.js";
import { settled } from "../doubles/waiting.js";
import { DEFAULTS, onPreferencesChanged, permissionsFor, readPreferences, writePreferences } from "../../src/shared/preferences.js";

test("without anything stored the defaults hold", async () => {
  installBrowser();
  assert.deepEqual(await readPreferences(), { values: { ...DEFAULTS }, locked: [], lockedSettings: [] });
});

test("what is written is read, also after a restart", async () => {
  const { local } = installBrowser();
  await writePreferences({ mode: "sample", notify: false });
  await writePreferences({ tag: "$label1" });
  installBrowser({ local });
  assert.deepEqual((await readPreferences()).values, { ...DEFAULTS, mode: "sample", notify: false, tag: "$label1" });
});

test("a policy is laid over what was chosen, and locks it", async () => {
  const { local } = installBrowser();
  await writePreferences({ mode: "sample", afterSending: "junk" });
  installBrowser({ local, policy: { mode: "report", notify: false } });
  const { values, locked } = await readPreferences();
  assert.deepEqual(values, { ...DEFAULTS, mode: "report", notify: false, afterSending: "junk" });
  assert.deepEqual(locked, ["mode", "notify"]);
});

test("a locked preference is not written, nor anything with it", async () => {
  const { local } = installBrowser({ policy: { mode: "report" } });
  await assert.rejects(writePreferences({ tag: "x", mode: "sample" }), { kind: "locked", data: { key: "mode" } });
  assert.equal(local.size, 0);
});

for (const [name, value] of [["mode", "best"], ["mode", 3], ["afterSending", "burn"], ["notify", "yes"], ["tag", null], ["colour", "red"], ["toString", "x"]]) {
  test(`${name} cannot be ${JSON.stringify(value)}`, async () => {
    const { local } = installBrowser({ policy: { [name]: value } });
    await assert.rejects(writePreferences({ [name]: value }), { kind: "setting" });
    assert.equal(local.size, 0);
    assert.deepEqual(await readPreferences(), { values: { ...DEFAULTS }, locked: [], lockedSettings: [] });
  });
}

test("settings of the program in a policy are named, but never a key", async () => {
  installBrowser({
    policy: { settings: { "misp.url": "https://misp.example.org", "misp.key": "SECRET", "virustotal.key": "SECRET", key: "SECRET", "misp.key_file": "/k" } },
  });
  const reading = await readPreferences();
  assert.deepEqual(reading.lockedSettings, ["misp.url", "misp.key_file"]);
  assert.ok(!JSON.stringify(reading).includes("SECRET"));
});

for (const settings of [null, "x", ["x"], 3]) {
  test(`settings that are ${JSON.stringify(settings)} are passed over`, async () => {
    installBrowser({ policy: { settings } });
    assert.deepEqual((await readPreferences()).lockedSettings, []);
  });
}

test("listeners are told of preferences, and of nothing else in the storage", async () => {
  const { browser } = installBrowser();
  const heard = [];
  onPreferencesChanged(({ values }) => heard.push(values.mode));
  await browser.storage.local.set({ "batch:1": {} });
  await settled();
  assert.deepEqual(heard, []);
  await writePreferences({ mode: "carrier" });
  await settled();
  assert.deepEqual(heard, ["carrier"]);
});

test("only what moves the mail needs a permission", () => {
  assert.deepEqual(["keep", "archive", "junk", "trash"].map(permissionsFor), [[], ["messagesMove"], ["messagesMove"], ["messagesMove"]]);
});
