// Handing a mail over: exact bytes, order, the window of four, progress, abort, and mails whose id has died.

import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { afterEach, before, beforeEach, mock, test } from "node:test";
import { installBrowser } from "../doubles/browser.js";
import { FakeHost, HostError, SILENCE } from "../doubles/host.js";
import { settled, until } from "../doubles/waiting.js";
import { Host } from "../../src/background/host.js";
import { mailById, mailOf, remember } from "../../src/background/mails.js";
import { upload } from "../../src/background/upload.js";

before(() => mock.timers.enable({ apis: ["setTimeout"] })); // No time passes here.

const CHUNK = 786_432;

let fake;
let mailbox;
let host;

beforeEach(() => {
  fake = new FakeHost();
  ({ mailbox } = installBrowser({ host: fake }));
  host = new Host();
});

afterEach(() => assert.deepEqual(fake.faults, []));

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

for (const size of [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 5 * CHUNK + 17]) {
  test(`${size} bytes arrive as they are, in chunks of at most 768 KiB`, async () => {
    const raw = randomBytes(size);
    const { identity } = await upload(host, mailOf(mailbox.add({ raw })));
    assert.equal(identity, sha256(raw));
    assert.equal(fake.calls("message.begin")[0].params.size, size);
    assert.deepEqual(
      fake.calls("message.chunk").map(({ params }) => params.offset),
      Array.from({ length: Math.ceil(size / CHUNK) }, (_, at) => at * CHUNK),
    );
  });
}

test("at most four chunks are unanswered, and four are when there are that many", async () => {
  let unanswered = 0;
  let most = 0;
  fake.answers["message.chunk"] = async (params, { process }) => {
    most = Math.max(most, ++unanswered);
    await settled(5);
    unanswered--;
    return process.usual("message.chunk", params);
  };
  await upload(host, mailOf(mailbox.add({ raw: randomBytes(9 * CHUNK) })));
  assert.equal(most, 4);
});

test("message.end comes after the last chunk was answered", async () => {
  let answered = 0;
  fake.answers["message.chunk"] = async (params, { process }) => {
    await settled(3);
    answered++;
    return process.usual("message.chunk", params);
  };
  fake.answers["message.end"] = (params, { process }) => {
    assert.equal(answered, 3);
    return process.usual("message.end", params);
  };
  await upload(host, mailOf(mailbox.add({ raw: randomBytes(3 * CHUNK) })));
});

test("progress counts the bytes that the host has", async () => {
  const seen = [];
  await upload(host, mailOf(mailbox.add({ raw: randomBytes(2 * CHUNK + 5) })), { onProgress: (progress) => seen.push(progress) });
  assert.deepEqual(seen, [CHUNK, 2 * CHUNK, 2 * CHUNK + 5].map((done) => ({ stage: "uploading", done, total: 2 * CHUNK + 5 })));
});

test("an aborted upload ends as cancelled, and the host forgets the message", async () => {
  const controller = new AbortController();
  const call = upload(host, mailOf(mailbox.add({ raw: randomBytes(20 * CHUNK) })), {
    signal: controller.signal,
    onProgress: ({ done }) => done >= 2 * CHUNK && controller.abort(),
  });
  await assert.rejects(call, { kind: "cancelled" });
  await until(() => fake.calls("message.discard").length === 1);
  await settled();
  assert.equal(fake.process.held.size, 0);
  assert.equal(fake.calls("message.end").length, 0);
  assert.ok(fake.calls("message.chunk").length < 10);
});

test("the connection stays open while Thunderbird fetches a mail from a slow server, and rests after it", async () => {
  const { getRaw } = browser.messages;
  let fetched;
  browser.messages.getRaw = (id) => new Promise((resolve) => (fetched = () => resolve(getRaw(id))));
  const call = upload(host, mailOf(mailbox.add()));
  await until(() => fetched && fake.calls("hello").length === 1);
  await settled();
  mock.timers.tick(120_000);
  assert.equal(fake.process.ended, false);
  fetched();
  await call;
  mock.timers.tick(20_000);
  assert.equal(fake.process.ended, true);
});

test("a refused chunk ends the upload with the host's reason", async () => {
  fake.answers["message.chunk"] = (params, { process }) => {
    if (params.offset > 0) throw new HostError("out_of_order");
    return process.usual("message.chunk", params);
  };
  await assert.rejects(upload(host, mailOf(mailbox.add({ raw: randomBytes(12 * CHUNK) }))), { kind: "out_of_order" });
});

test("a message that is too large is told with its limit", async () => {
  fake.answers["message.begin"] = ({ size }) => {
    throw new HostError("too_large", "too large", { size, limit: 10 });
  };
  await assert.rejects(upload(host, mailOf(mailbox.add({ raw: randomBytes(11) }))), { kind: "too_large", data: { size: 11, limit: 10 } });
});

test("a host that crashes in the middle ends the upload", async () => {
  fake.answers["message.chunk"] = ({ offset }, { process }) => {
    if (offset > 0) process.crash();
    return SILENCE;
  };
  await assert.rejects(upload(host, mailOf(mailbox.add({ raw: randomBytes(3 * CHUNK) }))), { kind: "host_crashed" });
});

test("a mail that was moved is found again by its Message-ID", async () => {
  const mail = mailOf(mailbox.add({ raw: "moved" }));
  const moved = mailbox.move(mail.messageId, "account1://Junk");
  const result = await upload(host, mail);
  assert.equal(result.identity, sha256("moved"));
  assert.equal(result.mail.messageId, moved.id);
});

test("of several mails with the Message-ID the one in the same folder is taken", async () => {
  const mail = mailOf(mailbox.add({ headerMessageId: "same@example.org" }));
  mailbox.remove(mail.messageId);
  mailbox.add({ headerMessageId: "same@example.org", raw: "elsewhere", folder: "account2://INBOX" });
  mailbox.add({ headerMessageId: "same@example.org", raw: "here" });
  assert.equal((await upload(host, mail)).identity, sha256("here"));
});

test("a number that is another mail's after a restart is not taken for the mail", async () => {
  const mail = mailOf(mailbox.add({ headerMessageId: "mine@example.org" }));
  mailbox.remove(mail.messageId);
  const mine = mailbox.add({ headerMessageId: "mine@example.org", raw: "mine" });
  const other = mailbox.add({ headerMessageId: "other@example.org", raw: "other" });
  const result = await upload(host, { ...mail, messageId: other.id });
  assert.deepEqual([result.identity, result.mail.messageId], [sha256("mine"), mine.id]);
});

test("a mail that is nowhere any more is message_gone", async () => {
  const mail = mailOf(mailbox.add());
  mailbox.remove(mail.messageId);
  await assert.rejects(upload(host, mail), { kind: "message_gone" });
});

test("a file that was opened from disk and closed is message_gone, whatever mail has its Message-ID", async () => {
  const mail = mailOf(mailbox.add({ headerMessageId: "file@example.org", folder: null }));
  mailbox.remove(mail.messageId);
  mailbox.add({ headerMessageId: "file@example.org", raw: "another copy" });
  await assert.rejects(upload(host, mail), { kind: "message_gone" });
});

test("a mail that is there but cannot be read says Thunderbird's reason", async () => {
  const mail = mailOf(mailbox.add());
  mailbox.unreadable.add(mail.messageId);
  const failed = assert.rejects(upload(host, mail), { kind: "message_gone", message: /Error reading message/u });
  for (let round = 0; round < 4; round += 1) {
    await settled();
    mock.timers.tick(2000);
  }
  await failed;
});

test("a mail that Thunderbird could not read at first is read again", async () => {
  const mail = mailOf(mailbox.add({ raw: "late" }));
  mailbox.unreadable.add(mail.messageId);
  const uploaded = upload(host, mail);
  await settled();
  mailbox.unreadable.clear();
  mock.timers.tick(250);
  assert.equal((await uploaded).identity, sha256("late"));
});

test("a page's message id that died leads to the mail that was remembered for it", async () => {
  const mail = mailOf(mailbox.add({ headerMessageId: "kept@example.org" }));
  await remember(mail);
  const moved = mailbox.move(mail.messageId, "account1://Junk");
  assert.equal((await mailById(mail.messageId)).messageId, moved.id);
  await assert.rejects(mailById(4711), { kind: "message_gone" });
});

test("base64 is right without Uint8Array.toBase64 too", async () => {
  const raw = randomBytes(100_000);
  const native = Uint8Array.prototype.toBase64;
  delete Uint8Array.prototype.toBase64;
  try {
    assert.equal((await upload(host, mailOf(mailbox.add({ raw })))).identity, sha256(raw));
  } finally {
    if (native) Uint8Array.prototype.toBase64 = native;
  }
});

test("Uint8Array.toBase64 is used where there is one", async () => {
  const native = Uint8Array.prototype.toBase64;
  let used = 0;
  Uint8Array.prototype.toBase64 = function toBase64() {
    used++;
    return Buffer.from(this).toString("base64");
  };
  try {
    await upload(host, mailOf(mailbox.add({ raw: "x" })));
    assert.equal(used, 1);
  } finally {
    if (native) Uint8Array.prototype.toBase64 = native;
    else delete Uint8Array.prototype.toBase64;
  }
});
