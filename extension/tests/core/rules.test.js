// Mails that rules send, handed in by the companion: through the whole background, over crashes and restarts.

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { HostError, status } from "../doubles/host.js";
import { COMPANION, MISSING, add, fake, hand, idle, kept, lives, local, mailbox, named, notes, passing, restart, sent, several, world } from "../doubles/ruled.js";
import { settled, until } from "../doubles/waiting.js";
import { clickOf } from "../../src/background/announce.js";
import { writePreferences } from "../../src/shared/preferences.js";

test("a mail that the companion hands in is stored before it is accepted, and sent with the preferences", async () => {
  await writePreferences({ mode: "sample", profile: "lab" });
  const stored = [];
  fake.answers.send = (params, { process }) => process.usual("send", params);
  const answer = hand([add("one")]);
  answer.then(() => stored.push(...kept()));
  assert.deepEqual(await answer, { accepted: 1 });
  await settled();
  assert.equal(stored.length, 1);
  await idle();
  assert.deepEqual(fake.calls("send").map(({ params: { mode, profile } }) => [mode, profile]), [["sample", "lab"]]);
});

test("an action that names a profile is sent with it", async () => {
  await writePreferences({ profile: "lab" });
  await hand([add("one")], { profile: "trap" });
  await idle();
  assert.deepEqual(fake.calls("send").map(({ params }) => params.profile), ["trap"]);
});

test("nobody but the companion is answered", async () => {
  const message = { type: "filter", profile: null, messages: [named(add("one"))] };
  for (const sender of [{ id: "evil@example.org" }, {}, { url: "https://example.org" }]) {
    assert.equal(world.browser.runtime.onMessageExternal.ask(message, sender), undefined);
  }
  assert.equal(world.browser.runtime.onMessageExternal.ask({ type: "send" }, COMPANION), undefined);
  assert.equal(world.browser.runtime.onMessageExternal.ask(null, COMPANION), undefined);
  await settled();
  assert.deepEqual([sent, kept()], [[], []]);
});

for (const [what, more] of [
  ["no list", { messages: 3 }],
  ["too many", { messages: Array.from({ length: 101 }, () => ({ id: 1, headerMessageId: "x" })) }],
  ["a mail without Message-ID", { messages: [{ id: 1 }] }],
  ["an id that is none", { messages: [{ id: "1", headerMessageId: "x" }] }],
  ["a profile that is no name", { profile: 3 }],
]) {
  test(`a message with ${what} is refused`, async () => {
    await assert.rejects(hand([add("one")], more), { kind: "extension" });
    assert.deepEqual(kept(), []);
  });
}

test("more than may wait are not accepted, and lost by nobody", async () => {
  fake.unavailable = MISSING;
  const headers = several(100);
  for (let at = 0; at < 100; at += 1) {
    const messages = Array.from({ length: 100 }, (_, one) => ({ id: 100_000 + at * 100 + one, headerMessageId: `${at}.${one}@example.org` }));
    assert.deepEqual(await hand([], { messages }), { accepted: 100 });
  }
  assert.deepEqual(await hand(headers), { accepted: 0 });
  assert.equal(kept().length, 10_000);
});

test("hundreds of mails are sent in order, each once", async () => {
  const headers = several(300);
  for (let at = 0; at < 300; at += 100) await hand(headers.slice(at, at + 100));
  await idle();
  assert.deepEqual(sent, headers.map(({ subject }) => subject));
  assert.equal(fake.processes.length, 1);
});

test("a mail that the same rule has moved is found by its Message-ID", async () => {
  const header = add("moved");
  mailbox.move(header.id, "account1://Archives");
  await hand([header]);
  await idle();
  assert.deepEqual(sent, ["moved"]);
});

test("a mail that is just being moved is looked for until it is there", async () => {
  const header = add("moving");
  mailbox.remove(header.id);
  await hand([header]);
  await settled();
  mock.timers.tick(250);
  await settled();
  assert.deepEqual(sent, []);
  add("moving", { headerMessageId: header.headerMessageId });
  await idle();
  assert.deepEqual(sent, ["moving"]);
});

test("a mail that nobody finds any more is told and kept to be looked at, and the others go on", async () => {
  const gone = add("gone");
  mailbox.remove(gone.id);
  await hand([gone, add("there")]);
  await passing(() => notes().length > 0);
  assert.deepEqual(sent, ["there"]);
  assert.equal(kept().length, 1);
  const [[title, message]] = notes();
  assert.match(title, new RegExp(gone.headerMessageId, "u"));
  assert.match(message, /created: 1, not sent: 1/u);
  assert.deepEqual(clickOf(world.shown.notifications[0].id), { outbox: true });
});

test("a repetition by an automatic run is sent once; the user's own run sends it again", async () => {
  const headers = several(3);
  await hand(headers);
  await hand(headers);
  await idle();
  assert.deepEqual(await hand(headers), { accepted: 3 });
  await restart();
  await hand(headers);
  await idle();
  assert.equal(sent.length, 3);
  await hand(headers, { manual: true });
  await idle();
  assert.equal(sent.length, 6);
});

test("the same mail twice in one message is sent once", async () => {
  const header = add("twice");
  await hand([header, header]);
  await idle();
  assert.deepEqual(sent, ["twice"]);
});

test("a host that crashes in the middle costs no mail", async () => {
  let count = 0;
  const usual = fake.answers.send;
  fake.answers.send = (params, more) => {
    count += 1;
    if (count === 5) more.process.crash();
    return usual(params, more);
  };
  const headers = several(20);
  await hand(headers);
  await idle();
  assert.deepEqual([...new Set(sent)].toSorted(), headers.map(({ subject }) => subject).toSorted());
});

test("Thunderbird killed in the middle goes on where it was", async () => {
  let count = 0;
  const usual = fake.answers.send;
  fake.answers.send = (params, more) => {
    count += 1;
    return count <= 5 ? usual(params, more) : new Promise(() => {});
  };
  const headers = several(20);
  await hand(headers);
  await passing(() => count > 5);
  fake.answers.send = usual;
  await restart();
  await idle();
  assert.deepEqual([...new Set(sent)].toSorted(), headers.map(({ subject }) => subject).toSorted());
});

test("while the host is missing mails are kept and the user is told once, also over a restart; then they are sent", async () => {
  fake.unavailable = MISSING;
  await hand(several(2));
  await passing(() => notes().length > 0);
  await hand([add("later")]);
  await settled();
  assert.ok(world.alarms.has("intake"));
  world.browser.alarms.onAlarm.fire({ name: "intake" });
  await settled();
  assert.equal(notes().length, 1);
  assert.match(notes()[0][0], /2 mails/u);
  await restart();
  await settled();
  world.browser.alarms.onAlarm.fire({ name: "intake" });
  await settled();
  assert.deepEqual([notes().length, kept().length, sent.length], [0, 3, 0]);
  fake.unavailable = null;
  world.browser.alarms.onAlarm.fire({ name: "intake" });
  await idle();
  assert.deepEqual(sent, ["mail 0", "mail 1", "later"]);
  await until(() => !world.alarms.has("intake"));
});

test("that mails wait, or could not be sent, is told also to people who want no notifications", async () => {
  await writePreferences({ notify: false });
  await hand([add("fine")]);
  await idle();
  assert.deepEqual(notes(), []);
  fake.unavailable = MISSING;
  fake.process.crash();
  await settled();
  await hand([add("waits")]);
  await passing(() => notes().length > 0);
});

test("several mails are told together", async () => {
  await hand(several(3));
  await passing(() => notes().length > 0);
  assert.deepEqual(notes(), [["The mails of your rules have been sent", "created: 3"]]);
});

test("a mail with a profile that is gone fails with the program's words, and the others go on", async () => {
  const usual = fake.answers.send;
  fake.answers.send = (params, more) => {
    if (params.profile === "gone") throw new HostError("no_profile", "there is no profile `gone`; known: lab");
    return usual(params, more);
  };
  await hand([add("one")], { profile: "gone" });
  await hand([add("two")]);
  await passing(() => notes().length > 0);
  assert.deepEqual(sent, ["two"]);
});

test("mails of filters get the tag of sent mails, and stay where the filter has put them", async () => {
  world.granted.add("messagesMove");
  await writePreferences({ tag: "misp_sent", afterSending: "trash" });
  const header = add("one");
  await hand([header]);
  await idle();
  assert.deepEqual(mailbox.done, [["update", header.id, { tags: ["misp_sent"] }]]);
});

test("the companion is told the profiles, those last known while the host is missing", async () => {
  fake.answers.status = () => status({ profiles: ["lab", "trap"] });
  const ask = () => world.browser.runtime.onMessageExternal.ask({ type: "profiles" }, COMPANION);
  const expected = { profiles: [{ name: "lab" }, { name: "trap" }], default: null };
  assert.deepEqual(await ask(), expected);
  fake.unavailable = MISSING;
  await restart();
  assert.deepEqual(await ask(), expected);
});

test("what failed is sent again, or forgotten, on request", async () => {
  fake.answers["message.end"] = () => {
    throw new HostError("not_a_mail", "No header.");
  };
  await hand([add("one"), add("two")]);
  await passing(() => notes().length > 0);
  await restart();
  const page = await import(`../../src/shared/service.js?rules=${lives}`);
  const { waiting, trouble, failed } = await page.call("intake.standing");
  assert.deepEqual([waiting, trouble, failed.map(({ subject, error }) => [subject, error.kind])], [0, null, [["one", "not_a_mail"], ["two", "not_a_mail"]]]);
  delete fake.answers["message.end"];
  await page.call("intake.retry");
  await idle();
  assert.deepEqual(sent, ["one", "two"]);
  fake.answers["message.end"] = () => {
    throw new HostError("not_a_mail", "No header.");
  };
  await hand([add("three")]);
  await passing(async () => (await page.call("intake.standing")).failed.length === 1);
  assert.deepEqual((await page.call("intake.forget")).failed, []);
  assert.deepEqual(kept(), []);
});

test("the place that entries took is given back", async () => {
  for (let round = 0; round < 3; round += 1) {
    await hand(several(5));
    await idle();
  }
  await until(() => local.get("intake").first === local.get("intake").next);
  assert.equal(local.get("intake").next, 15);
  await restart();
  await hand([add("sixteenth")]);
  await idle();
  assert.equal(sent.length, 16);
});
