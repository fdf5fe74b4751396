// Sending one mail, and what becomes of it in Thunderbird afterwards.

import assert from "node:assert/strict";
import { afterEach, before, beforeEach, mock, test } from "node:test";
import { installBrowser } from "../doubles/browser.js";
import { FakeHost, HostError, delivery, status, verbatim } from "../doubles/host.js";
import { settled } from "../doubles/waiting.js";
import { Backlog } from "../../src/background/backlog.js";
import { Host } from "../../src/background/host.js";
import { mailOf } from "../../src/background/mails.js";
import { Sending } from "../../src/background/sending.js";
import { upload } from "../../src/background/upload.js";
import { writePreferences } from "../../src/shared/preferences.js";

before(() => mock.timers.enable({ apis: ["setTimeout"] })); // No time passes here.

let fake;
let mailbox;
let granted;
let host;
let sending;
let mail;

beforeEach(() => {
  fake = new FakeHost();
  ({ mailbox, granted } = installBrowser({ host: fake }));
  host = new Host();
  sending = new Sending(host, new Backlog(host, () => {}));
  mail = mailOf(mailbox.add());
});

afterEach(() => assert.deepEqual(fake.faults, []));

const HOW = { mode: "auto", profile: null };

test("without a handle the mail is handed over first", async () => {
  const { deliveries } = await sending.send(mail, HOW);
  assert.equal(deliveries[0].status, "created");
  assert.deepEqual(fake.process.messages.map(({ method }) => method), ["hello", "message.begin", "message.chunk", "message.end", "send"]);
});

test("with a handle it is not handed over again", async () => {
  const { message } = await upload(host, mail);
  await sending.send(mail, { ...HOW, message });
  assert.equal(fake.calls("message.begin").length, 1);
});

test("an untouched review sends exactly what shift-click sends", async () => {
  await sending.send(mail, HOW);
  await sending.send(mail, { mode: "auto", profile: "", message: null, overrides: null });
  const [atOnce, reviewed] = fake.calls("send").map(({ params }) => ({ ...params, message: "" }));
  assert.deepEqual(reviewed, atOnce);
  assert.ok(!("overrides" in atOnce));
});

test("what the analyst changed goes with it", async () => {
  const overrides = { deselected: [["url", "http://evil.example/"]], selected: [], comment: "seen twice", tlp: "tlp:red" };
  await sending.send(mail, { mode: "sample", profile: "lab", overrides });
  const { message, ...params } = fake.calls("send")[0].params;
  assert.deepEqual(params, { mode: "sample", profile: "lab", overrides });
});

test("a handle that a lost host gave is replaced by handing the mail over again", async () => {
  const { message } = await upload(host, mail);
  fake.process.crash();
  await settled();
  const { deliveries } = await sending.send(mail, { ...HOW, message });
  assert.equal(deliveries[0].status, "created");
  assert.equal(fake.processes.length, 2);
});

test("a host that never knows the message is not asked for ever", async () => {
  fake.answers.send = () => {
    throw new HostError("unknown_message");
  };
  await assert.rejects(sending.send(mail, HOW), { kind: "unknown_message" });
  assert.equal(fake.calls("send").length, 2);
});

test("by default the mail is left as it is", async () => {
  const { aftermath } = await sending.send(mail, HOW);
  assert.deepEqual([aftermath.problems, mailbox.done], [[], []]);
});

test("the mail gets the chosen tag, beside those that it has", async () => {
  await writePreferences({ tag: "$label1" });
  mailbox.header(mail.messageId).tags.push("later");
  await sending.send(mail, HOW);
  await sending.send(mail, HOW);
  assert.deepEqual(mailbox.done, [["update", mail.messageId, { tags: ["later", "$label1"] }]]);
});

test("the tag MISP sent is made when it is not there", async () => {
  await writePreferences({ tag: "misp_sent" });
  await sending.send(mail, HOW);
  await sending.send(mail, HOW);
  assert.deepEqual(mailbox.tags.map(({ key, tag }) => [key, tag]), [["$label1", "Important"], ["misp_sent", "MISP sent"]]);
});

test("a mail is archived, or moved to trash, where the user may undo it", async () => {
  granted.add("messagesMove");
  await writePreferences({ afterSending: "archive" });
  await sending.send(mail, HOW);
  await writePreferences({ afterSending: "trash", tag: "$label1" });
  await sending.send(mail, HOW);
  assert.deepEqual(mailbox.done, [
    ["archive", mail.messageId],
    ["update", mail.messageId, { tags: ["$label1"] }],
    ["move", mail.messageId, "account1://Trash"],
  ]);
});

test("junk is marked as such and moved to the account's junk folder", async () => {
  granted.add("messagesMove");
  await writePreferences({ afterSending: "junk" });
  await sending.send(mail, HOW);
  assert.deepEqual(mailbox.done, [["update", mail.messageId, { junk: true }], ["move", mail.messageId, "account1://Junk"]]);
});

test("without a junk folder junk is only marked, and that is said", async () => {
  granted.add("messagesMove");
  await writePreferences({ afterSending: "junk" });
  const other = mailOf(mailbox.add({ folder: "account2://INBOX" }));
  const { aftermath } = await sending.send(other, HOW);
  const problems = ["The mail could not be moved to junk: This account has no junk folder. The mail is marked as junk."];
  assert.deepEqual([aftermath.problems, mailbox.done], [problems, [["update", other.messageId, { junk: true }]]]);
});

test("a mail that lies in the trash is not moved, and so never deleted for good", async () => {
  granted.add("messagesMove");
  await writePreferences({ afterSending: "trash" });
  const trashed = mailOf(mailbox.add({ folder: "account1://Trash" }));
  await sending.send(trashed, HOW);
  assert.deepEqual(mailbox.done, []);
});

test("a mail in the folder of a year of the archives is not archived again", async () => {
  granted.add("messagesMove");
  await writePreferences({ afterSending: "archive" });
  await sending.send(mailOf(mailbox.add({ folder: "account1://Archives/2026" })), HOW);
  assert.deepEqual(mailbox.done, []);
});

for (const [folder, afterSending] of ["news://soc.samples", "account2://Shared"].flatMap((one) => ["archive", "junk", "trash"].map((where) => [one, where]))) {
  test(`a mail in ${folder} stays where it is, and that is said (${afterSending})`, async () => {
    granted.add("messagesMove");
    await writePreferences({ afterSending, tag: "$label1" });
    const article = mailOf(mailbox.add({ folder }));
    const { aftermath } = await sending.send(article, HOW);
    assert.match(aftermath.problems.join(), /Thunderbird cannot remove mails from this folder\.$/u);
    assert.deepEqual(mailbox.done, [["update", article.messageId, { tags: ["$label1"] }]]);
  });
}

test("what does not work is a problem beside the event that was made", async () => {
  granted.add("messagesMove");
  await writePreferences({ afterSending: "trash", tag: "$label1" });
  const other = mailOf(mailbox.add({ folder: "account2://INBOX" }));
  browser.messages.update = async () => {
    throw new Error("folder is locked");
  };
  const { deliveries, aftermath } = await sending.send(other, HOW);
  assert.equal(deliveries[0].status, "created");
  assert.deepEqual(aftermath.problems, [
    "The mail could not be tagged: folder is locked",
    "The mail could not be moved to the trash: This account has no trash folder.",
  ]);
});

test("without the permission nothing is moved, and that is said", async () => {
  await writePreferences({ afterSending: "junk" });
  const { aftermath } = await sending.send(mail, HOW);
  assert.equal(aftermath.problems.length, 1);
  assert.deepEqual(mailbox.done, []);
});

test("a mail whose delivery failed is neither tagged nor moved", async () => {
  granted.add("messagesMove");
  await writePreferences({ afterSending: "trash", tag: "$label1" });
  fake.answers.send = () => ({ deliveries: [delivery(), delivery({ row: 2, status: "failed", error: verbatim("403") })] });
  await sending.send(mail, HOW);
  assert.deepEqual(mailbox.done, []);
});

test("a mail that waits safely in the outbox is", async () => {
  await writePreferences({ tag: "$label1" });
  fake.answers.send = () => ({ deliveries: [delivery({ status: "queued", url: null, event_id: null })] });
  await sending.send(mail, HOW);
  assert.equal(mailbox.done.length, 1);
});

test("a file opened from disk is sent, nothing is done to it, and that is said where something was wanted", async () => {
  const file = mailOf(mailbox.add({ folder: null }));
  assert.deepEqual((await sending.send(file, HOW)).aftermath.problems, []);
  for (const wanted of [{ tag: "$label1" }, { tag: "", afterSending: "trash" }]) {
    await writePreferences(wanted);
    const { aftermath } = await sending.send(file, HOW);
    const problems = ["The mail was opened from a file. It is neither tagged nor moved."];
    assert.deepEqual([aftermath.problems, mailbox.done], [problems, []]);
  }
});

test("the outbox is looked at when something was left in it, and only then", async () => {
  await sending.send(mail, HOW);
  await settled();
  assert.equal(fake.calls("status").length, 0);
  fake.answers.send = () => ({ deliveries: [delivery({ status: "queued", url: null })] });
  fake.answers.status = () => status({ outbox: { pending: 1, failed: 0 } });
  await sending.send(mail, HOW);
  await settled();
  assert.equal(fake.calls("status").length, 1);
  assert.deepEqual(browser.action.badges.at(-1), { text: "1" });
});

test("each of several mails that make one event gets the tag, but none when the event failed", async () => {
  await writePreferences({ tag: "$label1" });
  const mails = [mail, mailOf(mailbox.add()), mailOf(mailbox.add())];
  await sending.sendTogether(mails.map((one) => ({ mail: one })), HOW);
  assert.deepEqual(mailbox.done, mails.map(({ messageId }) => ["update", messageId, { tags: ["$label1"] }]));
  assert.equal(fake.calls("send").length, 1);
  mailbox.done.length = 0;
  fake.answers.send = () => ({ deliveries: [delivery({ status: "failed", event_id: null, error: verbatim("no") })] });
  await sending.sendTogether([{ mail: mailOf(mailbox.add()) }, { mail: mailOf(mailbox.add()) }], HOW);
  assert.deepEqual(mailbox.done, []);
});

test("of several mails one that cannot be joined leaves no other with the host", async () => {
  let joins = 0;
  fake.answers.join = (params, { process }) => {
    if (++joins === 2) throw new HostError("not_a_mail");
    return process.usual("join", params);
  };
  const mails = [mail, mailOf(mailbox.add()), mailOf(mailbox.add())];
  await assert.rejects(sending.sendTogether(mails.map((one) => ({ mail: one })), HOW), { kind: "not_a_mail", at: 1 });
  await settled();
  assert.equal(fake.calls("send").length, 0);
  assert.deepEqual(fake.calls("message.discard").map(({ params }) => params.message).toSorted(), ["m3", "m4"]);
});
