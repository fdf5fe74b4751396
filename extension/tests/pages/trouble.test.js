// Trouble is always told in words, with the program's own as detail.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { beforeEach, test } from "node:test";
import { asTrouble, hideTrouble, showTrouble, troubleTitle } from "../../src/shared/trouble.js";
import { stage } from "./stage.js";

const protocol = JSON.parse(readFileSync(new URL("../../../protocol/protocol.schema.json", import.meta.url), "utf8"));
const KINDS = [
  ...protocol.error.properties.data.properties.kind.enum,
  ...["host_missing", "host_broken", "host_crashed", "host_too_old", "host_too_new", "message_gone", "not_opened", "extension"],
];

let place;
beforeEach(() => {
  place = stage("<div id=trouble hidden></div>").getElementById("trouble");
});

for (const kind of KINDS) {
  test(`${kind} has a title, a meaning, and the words of the program`, () => {
    showTrouble(place, { kind, message: "The program's own words.", data: { host: "0.0.9", size: 3e8, limit: 2e8 } });
    assert.equal(place.hidden, false);
    assert.equal(place.dataset.kind, kind);
    assert.doesNotMatch(place.textContent, /trouble_|\$\d/u);
    assert.ok(place.querySelector("h2").textContent.length > 5);
    assert.equal(place.querySelector("[lang=en].said, [lang=en].mono").textContent, "The program's own words.");
  });
}

test("a missing host leads through the installation, with the command to copy", () => {
  showTrouble(place, { kind: "host_missing", message: "No such native application mispigeon" });
  assert.equal(place.querySelectorAll("ol > li").length, 3);
  assert.equal(place.querySelector("li code").textContent, "mispigeon install thunderbird");
});

test("a configuration that a command mends comes with that command, to be copied", () => {
  showTrouble(place, { kind: "configuration", message: "others can read it", data: { repair: "chmod 600 /home/a/config.toml" } });
  assert.equal(place.querySelector(".command code").textContent, "chmod 600 /home/a/config.toml");
  assert.ok(place.querySelector(".command button"));
  assert.doesNotMatch(place.textContent, /that line/u);
});

test("a mail that is too large says its size and the limit", () => {
  showTrouble(place, { kind: "too_large", message: "", data: { size: 300_000_000, limit: 268_435_456 } });
  assert.match(place.textContent, /300 MB.*268 MB/u);
});

test("trying again is offered where it was given, and does what was given", () => {
  let tries = 0;
  showTrouble(place, { kind: "host_crashed", message: "" }, { retry: () => (tries += 1) });
  place.querySelector("#trouble-retry").click();
  assert.equal(tries, 1);
});

test("the settings are offered where they are the place to mend it", () => {
  const ways = { options: () => {} };
  const buttons = (kind) => {
    showTrouble(place, { kind, message: "" }, ways);
    return place.querySelectorAll("button").length;
  };
  assert.deepEqual(["server", "host_crashed"].map(buttons), [1, 0]);
});

test("trouble that is over leaves nothing", () => {
  showTrouble(place, { kind: "server", message: "x" });
  hideTrouble(place);
  assert.deepEqual([place.hidden, place.dataset.kind, place.textContent], [true, undefined, ""]);
});

test("what was given up is cancelled, not a fault", () => {
  const abort = new AbortController();
  abort.abort();
  assert.equal(asTrouble(abort.signal.reason).kind, "cancelled");
});

test("what was thrown without a kind is a fault of ours", () => {
  const trouble = asTrouble(new TypeError("x is undefined"));
  assert.equal(trouble.kind, "extension");
  assert.match(trouble.message, /x is undefined/u);
  assert.equal(troubleTitle(trouble), "Something went wrong inside MISPigeon");
});
