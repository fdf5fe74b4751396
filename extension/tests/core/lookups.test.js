// Look-ups: which service takes what, under which address, what a mark of the mail forbids, and what the background opens.

import assert from "node:assert/strict";
import { before, mock, test } from "node:test";
import { installBrowser } from "../doubles/browser.js";
import { FakeHost, status } from "../doubles/host.js";
import { Host } from "../../src/background/host.js";
import { lookUp } from "../../src/background/look_up.js";
import { chosenOf, offersFor, readTemplates, subjectOf } from "../../src/shared/lookups.js";
import { keepsInside, marksOf } from "../../src/shared/marking.js";
import { DEFAULTS, writePreferences } from "../../src/shared/preferences.js";

before(() => mock.timers.enable({ apis: ["setTimeout"] })); // No time passes here.

const SERVER = "https://misp.example.org/sub/";
const ALL = { ...DEFAULTS, lookUpMisp: true, lookUpVirustotal: true, lookUpUrlscan: true, lookUpLookyloo: true, lookUpPandora: true };

/** Names and addresses of what is offered. */
function offered(type, value, preferences = ALL, { server = SERVER, marks = [] } = {}) {
  const { offers } = offersFor(subjectOf({ type, value }), chosenOf(preferences), server, marks);
  return Object.fromEntries(offers.map(({ name, address }) => [name, address]));
}

test("nothing is offered until it is chosen", () => {
  assert.deepEqual(offered("url", "http://a.example/", DEFAULTS), {});
});

test("a URL is encoded for each service as its page takes it", () => {
  const once = "%22http%3A%2F%2Fa.example%2Fx%3Fq%3D1%26r%3D%252F%23f%22";
  const twice = "http%253A%252F%252Fa.example%252Fx%253Fq%253D1%2526r%253D%25252F%2523f";
  assert.deepEqual(offered("url", "http://a.example/x?q=1&r=%2F#f"), {
    MISP: "https://misp.example.org/sub/events/index/searchall:http%3A__a.example_x%3Fq%3D1%26r%3D%252F%23f",
    VirusTotal: `https://www.virustotal.com/gui/search/${twice}`,
    urlscan: `https://urlscan.io/search/#page.url%3A${once}%20OR%20task.url%3A${once}`,
    Lookyloo: `https://lookyloo.circl.lu/urls/${twice}`,
  });
});

test("hosts, addresses, hashes and file names go to those that take them", () => {
  assert.deepEqual(Object.values(offered("hostname", "www.a.example")).slice(1), [
    "https://www.virustotal.com/gui/domain/www.a.example",
    "https://urlscan.io/domain/www.a.example",
    "https://lookyloo.circl.lu/hostnames/www.a.example",
  ]);
  assert.deepEqual(Object.values(offered("ip-dst", "2001:db8::1")).slice(1), [
    "https://www.virustotal.com/gui/ip-address/2001%3Adb8%3A%3A1",
    "https://urlscan.io/ip/2001%3Adb8%3A%3A1",
    "https://lookyloo.circl.lu/ips/2001%3Adb8%3A%3A1",
  ]);
  assert.deepEqual(Object.values(offered("sha256", "00ff")).slice(1), [
    "https://www.virustotal.com/gui/file/00ff",
    "https://pandora.circl.lu/tasks?query=00ff",
  ]);
  assert.deepEqual(Object.values(offered("filename", "a b.exe")).slice(1), ["https://pandora.circl.lu/tasks?query=a%20b.exe"]);
});

test("MISP takes every type, the others only their own", () => {
  assert.deepEqual(Object.keys(offered("btc", "1A1z")), ["MISP"]);
  assert.deepEqual(Object.keys(offered("email-src", "eve@a.example")), ["MISP"]);
});

test("without a server MISP is not offered", () => {
  assert.deepEqual(Object.keys(offered("btc", "1A1z", ALL, { server: null })), []);
});

for (const [type, value, kind, one] of [
  ["ip-dst|port", "192.0.2.1|443", "ip", "192.0.2.1"],
  ["domain|ip", "a.example|192.0.2.1", "host", "a.example"],
  ["filename|sha256", "a.exe|00ff", "hash", "00ff"],
  ["url", "http://a.example/a|b", "url", "http://a.example/a|b"],
  ["text", "a|b", null, "a|b"],
  ["constructor", "x", null, "x"],
]) {
  test(`of ${type} ${value} is looked up ${one}`, () => {
    const subject = subjectOf({ type, value });
    assert.deepEqual(subject, { kind, value: one });
  });
}

test("half a letter is no obstacle", () => {
  assert.match(offered("url", "http://a.example/\uD800").VirusTotal, /%25EF%25BF%25BD$/u);
});

test("quotes do not end urlscan's string", () => {
  const { urlscan } = offered("url", 'http://a.example/" OR "x\\');
  assert.ok(decodeURIComponent(urlscan).includes('page.url:"http://a.example/\\" OR \\"x\\\\" OR task.url:'));
});

test("templates are read line by line, with their kinds", () => {
  const { templates, wrong } = readTemplates("Shodan [ip, host] https://www.shodan.io/search?query={value}\r\n\nOur wiki https://wiki.example/{value}?again={value}\n");
  assert.deepEqual(wrong, []);
  assert.deepEqual(templates.map(({ name, kinds }) => [name, kinds.length]), [["Shodan", 2], ["Our wiki", 6]]);
});

for (const line of [
  "Shodan",
  "https://www.shodan.io/{value}",
  "Shodan https://www.shodan.io/",
  "Shodan [ips] https://www.shodan.io/{value}",
  "Shodan [] https://www.shodan.io/{value}",
  "Shodan https://{value}/",
  "Shodan https://{value}.example/",
  "Shodan https://a.example:{value}/",
  "Shodan https://{value}@a.example/",
  "Shodan https://ada:{value}@a.example/",
  "Shodan javascript:alert({value})",
  "Shodan data:text/html,{value}",
  "Shodan file:///{value}",
  "Shodan ftp://a.example/{value}",
  "One https://a.example/{value}\nOne https://b.example/{value}",
]) {
  test(`no template: ${line}`, () => {
    const { templates, wrong } = readTemplates(`Fine https://fine.example/{value}\n${line}`);
    assert.deepEqual(wrong, [1 + line.split("\n").length]);
    assert.equal(templates[0].name, "Fine");
  });
}

test("a template gets the value encoded, whatever the value holds", () => {
  const preferences = { ...DEFAULTS, lookUpTemplates: "Wiki [url] https://wiki.example/{value}?again={value}" };
  assert.deepEqual(offered("url", "http://a.example/$&{value}/../#", preferences), {
    Wiki: "https://wiki.example/http%3A%2F%2Fa.example%2F%24%26%7Bvalue%7D%2F..%2F%23?again=http%3A%2F%2Fa.example%2F%24%26%7Bvalue%7D%2F..%2F%23",
  });
  assert.deepEqual(offered("md5", "00", preferences), {});
});

for (const mark of ["tlp:red", "TLP:AMBER", "tlp:amber+strict", "PAP:RED", "pap:amber"]) {
  test(`${mark} leaves one's own server only`, () => {
    const preferences = { ...ALL, lookUpTemplates: "Wiki https://wiki.example/{value}" };
    const { offers, kept } = offersFor(subjectOf({ type: "url", value: "http://a.example/" }), chosenOf(preferences), SERVER, ["tlp:clear", mark]);
    assert.deepEqual(offers.map(({ id }) => id), ["misp"]);
    assert.equal(kept, mark);
  });
}

for (const mark of ["tlp:green", "tlp:clear", "tlp:white", "PAP:GREEN", "PAP:CLEAR", "tlp:amberish", "not tlp:red"]) {
  test(`${mark} forbids nothing`, () => assert.equal(keepsInside([mark]), null));
}

test("marks are the mail's, those of rules and of a person, but not the usual TLP of the configuration", () => {
  const preview = (tag, choices, tags = []) => ({ tlp: { tag, choices }, events: [{ tags: ["tlp:amber", ...tags] }] });
  const open = { tlp: undefined, pap: null };
  const clear = ["tlp:clear", "tlp:green", "tlp:amber"];
  assert.equal(keepsInside(marksOf(preview("tlp:amber", clear), open, "tlp:amber")), null);
  assert.equal(keepsInside(marksOf(preview("tlp:amber", clear), open, null)), "tlp:amber");
  assert.equal(keepsInside(marksOf(preview("tlp:amber", ["tlp:amber"]), open, "tlp:amber")), "tlp:amber");
  assert.equal(keepsInside(marksOf(preview("tlp:red", clear), open, "tlp:amber")), "tlp:red");
  assert.equal(keepsInside(marksOf(preview("tlp:amber", ["tlp:amber"]), { tlp: "tlp:red", pap: null }, "tlp:amber")), "tlp:amber");
  assert.equal(keepsInside(marksOf(preview("tlp:amber", clear), { tlp: "tlp:red", pap: null }, "tlp:amber")), "tlp:red");
  assert.equal(keepsInside(marksOf(preview("tlp:amber", clear, ["PAP:RED"]), open, "tlp:amber")), "PAP:RED");
  assert.equal(keepsInside(marksOf(preview("tlp:amber", clear), { tlp: undefined, pap: "PAP:AMBER" }, "tlp:amber")), "PAP:AMBER");
});

/** What a page asks the background. */
const asking = (parts) => ({ service: "virustotal", indicator: { type: "md5", value: "00" }, marks: [], profile: null, ...parts });

test("the background opens a chosen service in the browser", async () => {
  const { shown } = installBrowser();
  await writePreferences({ lookUpVirustotal: true });
  assert.equal(await lookUp(new Host(), asking()), "https://www.virustotal.com/gui/file/00");
  assert.deepEqual(shown.opened, ["https://www.virustotal.com/gui/file/00"]);
});

test("the background opens none that is not chosen, not known, or forbidden by a mark", async () => {
  const { shown } = installBrowser();
  await writePreferences({ lookUpVirustotal: true });
  for (const parts of [{ service: "pandora" }, { service: "constructor" }, { service: "template:x" }, { marks: ["tlp:red"] }, { indicator: { type: "btc", value: "1" } }]) {
    await assert.rejects(lookUp(new Host(), asking(parts)), { kind: "not_opened" });
  }
  assert.deepEqual(shown.opened, []);
});

test("the search is on the server of the profile, under every mark", async () => {
  const fake = new FakeHost();
  const { shown } = installBrowser({ host: fake });
  await writePreferences({ lookUpMisp: true });
  fake.answers.status = ({ profile }) => status({ destination: { target: "misp", url: `https://${profile ?? "main"}.example.org` } });
  const host = new Host();
  await lookUp(host, asking({ service: "misp", profile: "lab", marks: ["tlp:red"] }));
  await lookUp(host, asking({ service: "misp" }));
  assert.deepEqual(shown.opened, ["lab", "main"].map((name) => `https://${name}.example.org/events/index/searchall:00`));
  fake.answers.status = () => status({ destination: { target: "feed", folder: "/home/ada/feed" } });
  await assert.rejects(lookUp(host, asking({ service: "misp" })), { kind: "not_opened" });
  assert.deepEqual(fake.faults, []);
});
