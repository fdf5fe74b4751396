// Mails that are sent by setting a tag: which settings of it count, and what the tag says afterwards.

import assert from "node:assert/strict";
import { test } from "node:test";
import { HostError, delivery, verbatim } from "../doubles/host.js";
import { MISSING, add, fake, kept, mailbox, notes, passing, sent, start, tagsOf, world } from "../doubles/ruled.js";
import { settled, until } from "../doubles/waiting.js";
import { writePreferences } from "../../src/shared/preferences.js";

/** The mail has been sent by tag. */
const marked = (header) => passing(() => tagsOf(header).includes("misp_sent") && !tagsOf(header).includes("misp"), "the tag of sent mails");

async function switchOn(changes = {}) {
  await writePreferences({ sendingTag: "misp", ...changes });
}

const setTag = (header, ...tags) => world.browser.messages.update(header.id, { tags: [...mailbox.header(header.id).tags, ...tags] });

test("switched off, no tag sends anything", async () => {
  await setTag(add("one"), "misp");
  await settled();
  assert.deepEqual(sent, []);
});

test("setting the tag sends the mail with the tag's profile; then the tag says that it is sent", async () => {
  await switchOn({ sendingTagProfile: "trap", profile: "lab" });
  const header = add("one");
  await setTag(header, "$label1");
  await setTag(header, "misp");
  await marked(header);
  assert.deepEqual(fake.calls("send").map(({ params }) => params.profile), ["trap"]);
  assert.deepEqual(tagsOf(header), ["$label1", "misp_sent"]);
  assert.deepEqual(mailbox.tags.map(({ tag }) => tag), ["Important", "MISP sent"]);
});

test("other tags beside a sending tag that is set send nothing again", async () => {
  await switchOn();
  fake.unavailable = MISSING;
  const header = add("one");
  await setTag(header, "misp");
  await setTag(header, "$label1");
  await passing(() => notes().length > 0);
  assert.deepEqual([tagsOf(header), kept().length], [["misp", "$label1"], 1]);
  fake.unavailable = null;
  world.browser.alarms.onAlarm.fire({ name: "intake" });
  await marked(header);
  assert.deepEqual([tagsOf(header), sent], [["$label1", "misp_sent"], ["one"]]);
});

test("a mail that is no mail is tagged as failed, and set again it is tried again", async () => {
  await switchOn();
  fake.answers["message.end"] = () => {
    throw new HostError("not_a_mail");
  };
  const header = add("one");
  await setTag(header, "misp");
  await passing(() => tagsOf(header).includes("misp_failed"));
  delete fake.answers["message.end"];
  await setTag(header, "misp");
  await passing(() => tagsOf(header).includes("misp_sent"));
  assert.deepEqual(tagsOf(header), ["misp_sent"]);
});

test("a delivery that failed for good tags the mail as failed, at once or later", async () => {
  await switchOn();
  const [first, second] = [add("refused"), add("queued")];
  fake.answers.send = () => ({ deliveries: [delivery({ status: "failed", error: verbatim("403") })] });
  await setTag(first, "misp");
  await passing(() => tagsOf(first).includes("misp_failed"));
  fake.answers.send = () => ({ deliveries: [delivery({ status: "queued", message_id: second.headerMessageId })] });
  await setTag(second, "misp");
  await passing(() => tagsOf(second).includes("misp_sent"));
  const failed = delivery({ status: "failed", error: verbatim("403"), message_id: second.headerMessageId });
  fake.process.notify("outbox.delivered", { delivery: failed, backlog: { pending: 0, failed: 1 } });
  await passing(() => tagsOf(second).includes("misp_failed"));
  assert.deepEqual(tagsOf(second), ["misp_failed"]);
});

test("the tag of a mail that was sent by a person follows what becomes of it in the outbox", async () => {
  await writePreferences({ tag: "misp_sent" });
  mailbox.tags.push({ key: "misp_sent", tag: "MISP sent", color: "#2b8a3e", ordinal: "" });
  const header = add("queued");
  await setTag(header, "misp_sent");
  const { call } = await import("../../src/shared/service.js?tag");
  const later = (status) => [delivery({ status, error: status === "failed" ? verbatim("403") : null, message_id: header.headerMessageId })];
  for (const [status, tag] of [["failed", "misp_failed"], ["created", "misp_sent"], ["queued", "misp_sent"]]) {
    fake.answers["outbox.retry"] = () => ({ deliveries: later(status), backlog: { pending: 0, failed: 0 } });
    await call("host", { method: "outbox.retry", params: { row: 1 } });
    await settled();
    await passing(() => tagsOf(header).includes(tag));
    assert.deepEqual(tagsOf(header), [tag]);
  }
  await writePreferences({ tag: "" });
  fake.answers["outbox.retry"] = () => ({ deliveries: later("failed"), backlog: { pending: 0, failed: 1 } });
  await call("host", { method: "outbox.retry", params: { row: 1 } });
  await settled();
  assert.deepEqual(tagsOf(header), ["misp_sent"]);
});

test("a rule that tags a sent mail again, as long as it is new, sends it no second time", async () => {
  await switchOn();
  const header = add("one");
  mailbox.header(header.id).new = true;
  await setTag(header, "misp");
  await marked(header);
  await setTag(header, "misp");
  await until(() => !tagsOf(header).includes("misp"));
  assert.deepEqual([sent.length, tagsOf(header)], [1, ["misp_sent"]]);
  mailbox.header(header.id).new = false;
  await setTag(header, "misp");
  await marked(header);
  assert.equal(sent.length, 2);
});

test("a tag of the user's own choice sends as well, and a tag of theirs named MISP sent is used", async () => {
  mailbox.tags.push({ key: "theirs", tag: "misp SENT", color: "#000000", ordinal: "" });
  await switchOn({ sendingTag: "$label1" });
  const header = add("one");
  await setTag(header, "$label1");
  await passing(() => tagsOf(header).length > 0 && !tagsOf(header).includes("$label1"));
  assert.deepEqual(tagsOf(header), ["theirs"]);
});

test("the tag that a policy chooses is there after the start", async () => {
  await start({ policy: { sendingTag: "misp" } });
  world.browser.runtime.onStartup.fire();
  await until(() => mailbox.tags.some(({ key, tag }) => key === "misp" && tag === "MISP"));
});
