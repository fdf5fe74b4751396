// Settings of the program that the organisation's policy gives are written to the host, as far as they differ.

import assert from "node:assert/strict";
import { afterEach, before, mock, test } from "node:test";
import { installBrowser } from "../doubles/browser.js";
import { FakeHost, HostError } from "../doubles/host.js";
import { Host } from "../../src/background/host.js";
import { applyOrganisationSettings, underPolicy } from "../../src/background/organisation.js";

before(() => mock.timers.enable({ apis: ["setTimeout"] })); // No time passes here.

let fake;

afterEach(() => {
  mock.restoreAll();
  assert.deepEqual(fake.faults, []);
});

/** A host whose settings are `fields`, and that is connected to under the policy. */
async function connect(policy, fields = {}, write) {
  fake = new FakeHost();
  const settings = { file: null, exists: false, profile: null, profiles: [], fields, page: { server: [], event: [], mail: [], own: [], hosts: [], lists: [] } };
  fake.answers["settings.read"] = () => settings;
  fake.answers["settings.write"] = (params) => (write?.(params), settings);
  installBrowser({ host: fake, policy });
  await new Host({ prepare: applyOrganisationSettings }).request("status");
  return fake.calls("settings.write").map(({ params }) => params.changes);
}

const url = (value, origin = "file") => ({ shape: "url", origin, writable: true, value, default: null });

test("without a policy the host is not asked", async () => {
  assert.deepEqual(await connect(null), []);
  assert.equal(fake.calls("settings.read").length, 0);
});

test("what differs is written, in one call, before anything else", async () => {
  const wanted = { "misp.url": "https://misp.example.org", "event.distribution": 1, "event.tags": ["a", "b"] };
  const written = await connect({ settings: wanted }, {
    "misp.url": url("https://old.example.org"),
    "event.distribution": { shape: "number", origin: "default", writable: true, value: 1, default: 1 },
    "event.tags": { shape: "words", origin: "file", writable: true, value: ["a"], default: [] },
  });
  assert.deepEqual(written, [{ "misp.url": "https://misp.example.org", "event.tags": ["a", "b"] }]);
  assert.deepEqual(fake.process.messages.map(({ method }) => method), ["hello", "settings.read", "settings.write", "status"]);
});

test("what is as it should be is not written", async () => {
  assert.deepEqual(await connect({ settings: { "misp.url": "https://misp.example.org" } }, { "misp.url": url("https://misp.example.org") }), []);
});

test("what the environment gives is not written", async () => {
  assert.deepEqual(await connect({ settings: { "misp.url": "https://a.example" } }, { "misp.url": url("https://b.example", "environment") }), []);
});

test("a key is never written, under whatever name the host keeps it", async () => {
  const secret = { shape: "secret", origin: "default", writable: true, set: false };
  const policy = { settings: { "misp.key": "SECRET", "other.token": "SECRET" } };
  assert.deepEqual(await connect(policy, { "misp.key": secret, "other.token": secret }), []);
});

test("a setting that is refused does not cost the others, and does not keep anybody from working", async () => {
  const said = mock.method(console, "error", () => {});
  const written = await connect(
    { settings: { "misp.url": "https://misp.example.org", "event.analysis": 7 } },
    { "misp.url": url(null), "event.analysis": { shape: "number", origin: "default", writable: true, value: 0, default: 0 } },
    ({ changes }) => {
      if ("event.analysis" in changes) throw new HostError("setting", "0 to 2", { key: "event.analysis", allowed: "0 to 2" });
    },
  );
  assert.deepEqual(written.slice(1), [{ "misp.url": "https://misp.example.org" }, { "event.analysis": 7 }]);
  assert.equal(fake.calls("status").length, 1);
  assert.match(said.mock.calls[0].arguments[0], /event\.analysis/u);
});

test("a page cannot change what the organisation has set", async () => {
  installBrowser({ policy: { settings: { "event.distribution": 1, "event.tags": ["a"] } } });
  await assert.rejects(underPolicy({ "event.analysis": 2, "event.distribution": 3 }), { kind: "locked", data: { key: "event.distribution" } });
  await assert.rejects(underPolicy({ "event.distribution": null }), { kind: "locked" });
  const same = { "event.analysis": 2, "event.distribution": 1, "event.tags": ["a"] };
  assert.deepEqual(await underPolicy(same), same);
});

test("a key that is entered goes to the organisation's server, whose address the host takes only with it", async () => {
  installBrowser({ policy: { settings: { "misp.url": "https://misp.example.org" } } });
  assert.deepEqual(await underPolicy({ "misp.key": "K" }), { "misp.key": "K", "misp.url": "https://misp.example.org" });
  assert.deepEqual(await underPolicy({ "event.analysis": 2 }), { "event.analysis": 2 });
  installBrowser();
  assert.deepEqual(await underPolicy({ "misp.key": "K" }), { "misp.key": "K" });
});
