// Encrypted mails: decrypted only when that is allowed, handed over under the identity of the mail as it came, never stored.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { afterEach, before, beforeEach, mock, test } from "node:test";
import { installBrowser } from "../doubles/browser.js";
import { FakeHost, delivery } from "../doubles/host.js";
import { outcomeOf } from "../../src/background/batch_run.js";
import { Backlog } from "../../src/background/backlog.js";
import { decryptReviewed, decryptUnreviewed } from "../../src/background/decryption.js";
import { Host } from "../../src/background/host.js";
import { mailOf } from "../../src/background/mails.js";
import { Sending } from "../../src/background/sending.js";
import { upload } from "../../src/background/upload.js";
import { writePreferences } from "../../src/shared/preferences.js";

before(() => mock.timers.enable({ apis: ["setTimeout"] })); // No time passes here.

const CIPHERTEXT = "Subject: ...\n\n-----BEGIN PGP MESSAGE-----\n\nhQ==\n";
const TEXT = "Subject: plan\n\nhttp://evil.example/\n";
const IDENTITY = createHash("sha256").update(CIPHERTEXT).digest("hex");

let fake;
let mailbox;
let host;
let mail;

beforeEach(() => {
  fake = new FakeHost();
  ({ mailbox } = installBrowser({ host: fake }));
  host = new Host();
  mail = mailOf(mailbox.add({ raw: CIPHERTEXT }));
  mailbox.decrypt = () => TEXT;
});

afterEach(() => assert.deepEqual(fake.faults, []));

/** What the host holds. */
const held = () => [...fake.process.held.values()].map(({ bytes }) => bytes.toString());

test("nothing is decrypted unless that is asked for", async () => {
  mailbox.decrypt = () => assert.fail("Thunderbird was asked to decrypt");
  const { decrypted, identity } = await upload(host, mail);
  assert.deepEqual([decrypted, identity, held()], [false, IDENTITY, [CIPHERTEXT]]);
});

test("a mail that is not encrypted is not asked for twice", async () => {
  mailbox.decrypt = () => assert.fail("Thunderbird was asked to decrypt");
  const { decrypted } = await upload(host, mailOf(mailbox.add({ raw: TEXT })), { decrypt: "try" });
  assert.equal(decrypted, false);
});

test("the text takes the place of the encrypted mail, and its identity", async () => {
  const { decrypted, identity } = await upload(host, mail, { decrypt: "try" });
  assert.deepEqual([decrypted, identity, held()], [true, IDENTITY, [TEXT]]);
  assert.deepEqual(fake.calls("message.begin").map(({ params }) => params.decrypted_of), [undefined, "m1"]);
});

for (const [name, decrypt] of [
  ["has no key for", () => { throw new Error("no key"); }],
  ["gives as it is", () => null],
]) {
  test(`a mail that Thunderbird ${name} stays encrypted, and is refused where the text is needed`, async () => {
    mailbox.decrypt = decrypt;
    const { decrypted, identity } = await upload(host, mail, { decrypt: "try" });
    assert.deepEqual([decrypted, identity, held()], [false, IDENTITY, [CIPHERTEXT]]);
    await assert.rejects(upload(host, mail, { decrypt: "must" }), { kind: "not_decrypted" });
  });
}

test("it is off until a person allows it, for one mail or for all", async () => {
  assert.deepEqual([await decryptReviewed(), await decryptUnreviewed()], ["no", "no"]);
  assert.equal(await decryptReviewed(true), "try");
  await writePreferences({ decrypt: true });
  assert.deepEqual([await decryptReviewed(), await decryptUnreviewed()], ["try", "try"]);
});

test("what was reviewed as text is sent as text after the host was restarted, or not at all", async () => {
  const sending = new Sending(host, new Backlog(host, () => {}));
  const { message } = await upload(host, mail, { decrypt: "try" });
  fake.process.held.clear();
  const sent = [];
  fake.answers.send = ({ message: handle }, { process }) => {
    sent.push(process.held.get(handle)?.bytes.toString());
    return process.usual("send", { message: handle });
  };
  await sending.send(mail, { mode: "auto", profile: null, message, decrypt: "must" });
  assert.deepEqual(sent.filter(Boolean), [TEXT]);
});

test("of the outcome of a decrypted mail nothing is kept that quotes it", () => {
  const skipped = [{ type: "url", value: "http://evil.example/", reason: { code: "by_hand", arguments: {}, text: "" } }];
  const facts = [{ code: "verbatim", arguments: { text: "evil" }, text: "evil" }];
  const note = (code) => ({ code, arguments: {}, text: "evil" });
  const change = { skipped, mode: { is: "report", by: "mail", facts } };
  const [secret] = outcomeOf([delivery({ ...change, notes: [note("decrypted_by_reader"), note("verbatim")] })]).deliveries;
  assert.deepEqual([secret.skipped, secret.notes.length, JSON.stringify(secret.mode)], [[], 1, '{"is":"report","by":"mail"}']);
  const [other] = outcomeOf([delivery({ ...change, notes: [note("verbatim")] })]).deliveries;
  assert.deepEqual([other.skipped, other.mode], [skipped, change.mode]);
});
