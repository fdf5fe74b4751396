// The settings in the form: what is changed, where values come from, and what is sent to the host.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Draft } from "../../src/options/draft.js";

const FIELDS = {
  "misp.url": { shape: "url", origin: "file", writable: true, value: "https://misp.example.org", default: null },
  "misp.key": { shape: "secret", origin: "file", writable: true, set: true },
  "event.prefix": { shape: "text", origin: "default", writable: true, value: "M2M", default: "M2M" },
  "event.distribution": { shape: "number", origin: "file", writable: true, value: 1, default: 0 },
  "event.tags": { shape: "words", origin: "file", writable: true, value: ["soc"], default: [] },
  "misp.ca_file": { shape: "path", origin: "file", writable: false, value: "/ca.pem", default: null },
  "event.publish": { shape: "flag", origin: "environment", writable: true, value: true, default: false },
};
const main = { profile: null, fields: FIELDS };
const profile = {
  profile: "trap",
  fields: { ...FIELDS, "event.tags": { ...FIELDS["event.tags"], origin: "profile", value: ["trap"] } },
};

const draft = ({ settings = main, locked = [] } = {}) => new Draft(settings, main, locked);

test("an untouched form changes nothing", () => assert.deepEqual(draft().changes(), {}));

test("what is changed is sent, what is changed back is not", () => {
  const form = draft();
  form.set("event.prefix", "SOC");
  form.set("event.distribution", 3);
  form.set("event.tags", ["soc", "mail"]);
  assert.deepEqual(form.changes(), { "event.prefix": "SOC", "event.distribution": 3, "event.tags": ["soc", "mail"] });
  form.set("event.prefix", "M2M");
  form.set("event.distribution", 1);
  form.set("event.tags", ["soc"]);
  assert.deepEqual(form.changes(), {});
});

test("a value that is taken out gives way to the default", () => {
  const form = draft();
  form.unset("event.distribution");
  assert.deepEqual(form.changes(), { "event.distribution": null });
  assert.equal(form.value("event.distribution"), 0);
  assert.equal(form.isOwn("event.distribution"), false);
});

test("taking out what is not set changes nothing", () => {
  const form = draft();
  form.set("event.prefix", "SOC");
  form.unset("event.prefix");
  assert.deepEqual(form.changes(), {});
  assert.equal(form.value("event.prefix"), "M2M");
});

test("an emptied field is a setting that is taken out", () => {
  const form = draft();
  form.set("misp.url", null);
  assert.deepEqual(form.changes(), { "misp.url": null });
});

test("an empty text is a value", () => {
  const form = draft();
  form.set("event.prefix", "");
  assert.deepEqual(form.changes(), { "event.prefix": "" });
});

test("an empty key field leaves the stored key", () => {
  const form = draft();
  form.set("misp.key", "0123");
  form.set("misp.key", "");
  assert.deepEqual(form.changes(), {});
  assert.equal(form.isSet("misp.key"), true);
});

test("a key can be replaced and removed", () => {
  const form = draft();
  form.set("misp.key", "0123");
  assert.deepEqual(form.changes(), { "misp.key": "0123" });
  form.unset("misp.key");
  assert.deepEqual(form.changes(), { "misp.key": null });
  assert.equal(form.isSet("misp.key"), false);
});

test("in a profile, what it does not set is as in the main settings", () => {
  const form = draft({ settings: profile });
  assert.equal(form.isOwn("event.distribution"), false);
  assert.equal(form.value("event.distribution"), 1);
  assert.equal(form.isOwn("event.tags"), true);
  form.unset("event.tags");
  assert.deepEqual(form.value("event.tags"), ["soc"]);
  assert.deepEqual(form.changes(), { "event.tags": null });
});

test("what the environment or the organisation gives is locked", () => {
  const form = draft({ locked: ["misp.url"] });
  assert.equal(form.lockedBy("event.publish"), "environment");
  assert.equal(form.lockedBy("misp.url"), "organisation");
  assert.equal(form.lockedBy("event.prefix"), null);
});

test("what only the file can set is locked by it", () => {
  const form = draft({ locked: ["event.tags"] });
  const locks = ["misp.ca_file", "event.tags", "event.publish", "misp.url"].map((key) => form.lockedBy(key));
  assert.deepEqual(locks, ["file", "organisation", "environment", null]);
});
