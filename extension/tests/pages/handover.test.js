// The mail that the host was given, also when the host was restarted in between.

import assert from "node:assert/strict";
import { test } from "node:test";
import { exportAs } from "../../src/review/export.js";
import { Handover } from "../../src/review/handover.js";
import { askWhatIsKnown, readMail } from "../../src/review/reading.js";
import { verbatim } from "../doubles/host.js";

/** A background whose host can be restarted; it records what it was asked. */
class Background {
  calls = [];
  uploads = 0;
  decrypts = false;
  #alive = new Set();
  #previewed = new Set();
  answers = {};

  call = async (method, params) => {
    const { message, ...rest } = params.params ?? params;
    this.calls.push([params.method ?? method, rest]);
    if (method === "upload") {
      this.uploads += 1;
      this.#alive.add(`m${this.uploads}`);
      return { message: `m${this.uploads}`, decrypted: this.decrypts && rest.decrypt !== undefined };
    }
    if (!this.#alive.has(message)) throw Object.assign(new Error("gone"), { kind: "unknown_message" });
    if (params.method === "preview") this.#previewed.add(message);
    if (["preview.more", "preview.text", "known"].includes(params.method) && !this.#previewed.has(message)) {
      throw Object.assign(new Error("no preview"), { kind: "no_preview" });
    }
    return this.answers[params.method ?? method]?.(rest) ?? { message };
  };

  restartHost() {
    this.#alive.clear();
  }

  forgetPreviews() {
    this.#previewed.clear();
  }

  names() {
    return this.calls.map(([name]) => name);
  }
}

function given() {
  const background = new Background();
  return { background, handover: new Handover(background.call, 7) };
}

test("a mail is handed over once, however often it is asked about", async () => {
  const { background, handover } = given();
  await Promise.all([handover.handle(), handover.preview({ mode: "auto", profile: null, keep_people: false }), handover.ask("export", {})]);
  assert.equal(background.uploads, 1);
});

test("a mail is decrypted when a person asks for it, and from then on its text is what is sent", async () => {
  const { background, handover } = given();
  background.decrypts = true;
  await handover.handle();
  handover.decryptNow();
  await handover.handle();
  background.restartHost();
  await handover.send({ mode: "auto" });
  const asked = background.calls.filter(([name]) => name !== "release").map(([name, { decrypt, decrypted }]) => [name, decrypt ?? decrypted]);
  assert.deepEqual(asked, [["upload", undefined], ["upload", true], ["send", true], ["upload", "must"], ["send", true]]);
});

test("another page goes on with the text", async () => {
  const { background, handover } = given();
  background.decrypts = true;
  handover.decryptNow();
  const held = await handover.handle();
  const other = new Handover(background.call, 7);
  other.adopt(held);
  other.reading = JSON.parse(JSON.stringify(handover.reading));
  await other.send({ mode: "auto" });
  assert.equal(background.calls.at(-1)[1].decrypted, true);
});

test("a mail that another page has handed over is not handed over again, unless the host forgot it", async () => {
  const { background, handover } = given();
  assert.equal(handover.held, null);
  const held = await handover.handle();
  assert.equal(handover.held, held);
  const other = new Handover(background.call, 7);
  other.adopt(held);
  await other.preview({ mode: "auto", profile: null, keep_people: false });
  assert.equal(background.uploads, 1);
  background.restartHost();
  await other.ask("preview.text", { offset: 0 });
  assert.equal(background.uploads, 2);
  await other.send({ mode: "auto" });
  assert.equal(other.held, null);
});

test("after a restart of the host the mail is handed over and previewed anew, and the question asked again", async () => {
  const { background, handover } = given();
  await handover.preview({ mode: "sample", profile: "trap", keep_people: false });
  background.restartHost();
  background.calls = [];
  await handover.ask("known", { offset: 0, count: 3 });
  assert.deepEqual(background.calls, [
    ["known", { offset: 0, count: 3 }],
    ["upload", { messageId: 7 }],
    ["preview", { mode: "sample", profile: "trap", keep_people: false }],
    ["known", { offset: 0, count: 3 }],
  ]);
});

test("where the host gave a long preview up for an export, it is made anew and the question asked again", async () => {
  const { background, handover } = given();
  await handover.preview({ mode: "sample", profile: "trap", keep_people: false });
  background.forgetPreviews();
  background.calls = [];
  await handover.ask("known", { offset: 0, count: 3 });
  assert.deepEqual(background.calls, [
    ["known", { offset: 0, count: 3 }],
    ["preview", { mode: "sample", profile: "trap", keep_people: false }],
    ["known", { offset: 0, count: 3 }],
  ]);
});

test("a question about a mail that was not previewed is refused", async () => {
  const { background, handover } = given();
  await assert.rejects(handover.ask("known", {}), { kind: "no_preview" });
  assert.deepEqual(background.names(), ["upload", "known"]);
});

test("two questions that find the host restarted hand the mail over once", async () => {
  const { background, handover } = given();
  await handover.preview({ mode: "auto", profile: null, keep_people: false });
  background.restartHost();
  await Promise.all([handover.ask("known", {}), handover.ask("preview.more", {})]);
  assert.equal(background.uploads, 2);
});

test("a mail that the host forgot is handed over anew to be sent", async () => {
  const { background, handover } = given();
  await handover.preview({ mode: "auto", profile: null, keep_people: false });
  background.restartHost();
  background.calls = [];
  await handover.send({ mode: "auto" });
  assert.deepEqual(background.names(), ["send", "upload", "send"]);
});

test("what was sent is handed over anew for another question, whatever came of sending", async () => {
  const { background, handover } = given();
  await handover.send({ mode: "auto" });
  await handover.handle();
  assert.equal(background.uploads, 2);
  background.answers.send = () => {
    throw Object.assign(new Error("disk full"), { kind: "outbox" });
  };
  await assert.rejects(handover.send({ mode: "auto" }), { kind: "outbox" });
  await handover.handle();
  assert.equal(background.uploads, 3);
});

test("any other trouble is passed on at once", async () => {
  const { background, handover } = given();
  background.answers.preview = () => {
    throw Object.assign(new Error("line 3"), { kind: "configuration" });
  };
  await assert.rejects(handover.preview({ mode: "auto", profile: null, keep_people: false }), { kind: "configuration" });
  assert.deepEqual(background.names(), ["upload", "preview"]);
});

test("a failed handing over is tried again by the next question", async () => {
  const background = new Background();
  let isThere = false;
  const handover = new Handover(async (...args) => {
    if (!isThere) throw Object.assign(new Error("no host"), { kind: "host_missing" });
    return background.call(...args);
  }, 7);
  await assert.rejects(handover.handle(), { kind: "host_missing" });
  isThere = true;
  assert.equal(await handover.handle(), "m1");
});

test("all pages of a preview are read, in order", async () => {
  const { background, handover } = given();
  background.answers.preview = () => ({ items: ["a", "b"], next: 2 });
  background.answers["preview.more"] = ({ offset }) => (offset === 2 ? { items: ["c", "d"], next: 4 } : { items: ["e"], next: null });
  const seen = [];
  const listener = { onPreview: ({ items }) => seen.push(...items), onItems: (items) => seen.push(...items) };
  await readMail(handover, { mode: "auto", profile: null, keep_people: false }, listener, { signal: new AbortController().signal });
  assert.deepEqual(seen, ["a", "b", "c", "d", "e"]);
});

test("reading stops when it is given up", async () => {
  const { background, handover } = given();
  const abort = new AbortController();
  background.answers.preview = () => ({ items: [], next: 2 });
  background.answers["preview.more"] = () => ({ items: [], next: 2 });
  const listener = { onPreview() {}, onItems: () => abort.abort() };
  await assert.rejects(readMail(handover, { mode: "auto", profile: null, keep_people: false }, listener, { signal: abort.signal }), { name: "AbortError" });
  assert.deepEqual(background.names(), ["upload", "preview", "preview.more", "preview.more"]);
});

test("MISP is asked about 500 items at a time, to the last", async () => {
  const { background, handover } = given();
  background.answers.known = () => ({ warninglists: {}, events: {}, notes: [] });
  await handover.preview({ mode: "auto", profile: null, keep_people: false });
  await askWhatIsKnown(handover, 1001, () => {}, new AbortController().signal);
  const asked = background.calls.filter(([name]) => name === "known").map(([, params]) => params);
  assert.deepEqual(asked, [{ offset: 0, count: 500 }, { offset: 500, count: 500 }, { offset: 1000, count: 1 }]);
});

test("a MISP that cannot be asked is not asked again", async () => {
  const { background, handover } = given();
  background.answers.known = () => ({ warninglists: {}, events: {}, notes: [verbatim("connection refused")] });
  await handover.preview({ mode: "auto", profile: null, keep_people: false });
  const notes = [];
  await askWhatIsKnown(handover, 1001, (known) => notes.push(...known.notes), new AbortController().signal);
  assert.deepEqual(notes, [verbatim("connection refused")]);
});

test("an export is put together from its pieces", async () => {
  const { background, handover } = given();
  background.answers.export = ({ offset, format }) => (offset === 0 ? { text: `${format}:one\n`, next: 9 } : { text: "two\n", next: null });
  const text = await exportAs(handover, "csv", { mode: "auto", profile: null, overrides: {} });
  assert.equal(text, "csv:one\ntwo\n");
});
