// Only pages of the configured server are opened.

import assert from "node:assert/strict";
import { before, mock, test } from "node:test";
import { installBrowser } from "../doubles/browser.js";
import { FakeHost, status } from "../doubles/host.js";
import { Host } from "../../src/background/host.js";
import { openEvent } from "../../src/background/methods.js";
import { openPage, pageBelow } from "../../src/shared/open.js";

before(() => mock.timers.enable({ apis: ["setTimeout"] })); // No time passes here.

const ROOT = "https://misp.example.org";
const PREFIXED = "https://example.org/misp";

for (const [server, url] of [
  [ROOT, "https://misp.example.org/events/view/12"],
  [ROOT, "https://misp.example.org"],
  [ROOT, "https://misp.example.org:443/events/view/12"],
  [ROOT, "https://MISP.example.org/events/view/12?x=1#y"],
  [`${ROOT}/`, "https://misp.example.org/events/view/12"],
  ["http://localhost:8080", "http://localhost:8080/events/view/1"],
  [PREFIXED, "https://example.org/misp/events/view/12"],
  [PREFIXED, "https://example.org/misp"],
  [`${PREFIXED}/`, "https://example.org/misp/events/view/12"],
]) {
  test(`${url} lies below ${server}`, () => assert.equal(pageBelow(url, server), new URL(url).href));
}

for (const [server, url] of [
  [ROOT, "https://misp.example.org.evil.example/events/view/12"],
  [ROOT, "https://misp.example.org@evil.example/events/view/12"],
  [ROOT, "https://user:secret@misp.example.org/events/view/12"],
  [ROOT, "https://user@misp.example.org/events/view/12"],
  [ROOT, "https://misp.example.org:8443/events/view/12"],
  [ROOT, "http://misp.example.org/events/view/12"],
  [ROOT, "https://evil.example/https://misp.example.org/events/view/12"],
  [ROOT, "https://evil.example\\@misp.example.org/events/view/12"],
  [ROOT, "//misp.example.org/events/view/12"],
  [ROOT, "javascript:alert(1)//https://misp.example.org"],
  [ROOT, "data:text/html,https://misp.example.org"],
  [ROOT, "file:///home/ada/feed/5f6e.json"],
  [ROOT, "/home/ada/feed/5f6e.json"],
  [ROOT, ""],
  [PREFIXED, "https://example.org/misp-evil/events/view/12"],
  [PREFIXED, "https://example.org/mispevil"],
  [PREFIXED, "https://example.org/"],
  [PREFIXED, "https://example.org/misp/../admin"],
  [PREFIXED, "https://example.org/misp/%2e%2e/admin"],
  [PREFIXED, "https://example.org/misp/..%2fadmin"],
  [PREFIXED, "https://example.org/misp/..%5Cadmin"],
  [PREFIXED, "https://example.org/misp\\..\\admin"],
  ["", "https://misp.example.org/"],
  ["javascript:alert(1)", "javascript:alert(1)"],
]) {
  test(`${url || "nothing"} does not lie below ${server || "nothing"}`, () => assert.equal(pageBelow(url, server), null));
}

test("the browser gets the address as it was judged, not as it was written", async () => {
  const { shown } = installBrowser();
  assert.equal(await openPage(" https://misp.example.org/a/../events/view/12\n", [{ target: "misp", url: ROOT }]), `${ROOT}/events/view/12`);
  assert.deepEqual(shown.opened, [`${ROOT}/events/view/12`]);
});

test("what lies elsewhere is refused and not opened", async () => {
  const { shown } = installBrowser();
  const refused = openPage("https://evil.example/", [{ target: "misp", url: ROOT }, { target: "feed", folder: "/home/ada/feed" }]);
  await assert.rejects(refused, { kind: "not_opened" });
  assert.deepEqual(shown.opened, []);
});

test("with a feed nothing is opened", async () => {
  const { shown } = installBrowser();
  await assert.rejects(openPage("https://misp.example.org/", [{ target: "feed", folder: "https://misp.example.org" }]), { kind: "not_opened" });
  assert.deepEqual(shown.opened, []);
});

test("the servers of profiles are configured servers too", async () => {
  const fake = new FakeHost();
  const { shown } = installBrowser({ host: fake });
  fake.answers.status = ({ profile }) =>
    status({ profiles: ["lab"], destination: { target: "misp", url: profile === "lab" ? "https://lab.example.org" : ROOT } });
  const host = new Host();
  await openEvent(host, "https://lab.example.org/events/view/3");
  await assert.rejects(openEvent(host, "https://other.example.org/events/view/3"), { kind: "not_opened" });
  assert.deepEqual(shown.opened, ["https://lab.example.org/events/view/3"]);
  assert.deepEqual(fake.faults, []);
});
