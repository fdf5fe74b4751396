// The answer to who reported a mail: its words, where they stand in the reply, and that nothing is sent.

import assert from "node:assert/strict";
import { test } from "node:test";
import { installBrowser } from "../doubles/browser.js";
import { answerReporter } from "../../src/background/answer.js";
import { fillIn, putBefore } from "../../src/shared/answer.js";
import { writePreferences } from "../../src/shared/preferences.js";

const FACTS = { event: "12", title: "M2M - Invoice", link: "https://misp.example.org/events/view/12", subject: "Invoice" };

test("placeholders are filled in, each as often as it stands there", () => {
  assert.equal(fillIn("{subject}: {event}, {title} at {link} ({event})", FACTS), "Invoice: 12, M2M - Invoice at https://misp.example.org/events/view/12 (12)");
});

test("what is no placeholder stays, also in what a mail says", () => {
  assert.equal(fillIn("{Event} {} {key} {subject}", { ...FACTS, subject: "$& {link} {event}" }), "{Event} {} {key} $& {link} {event}");
});

test("in plain text the words stand before the quoted mail", () => {
  assert.deepEqual(putBefore({ isPlainText: true, body: "", plainTextBody: "\nAda wrote:\n> hi" }, "Hello\r\nthere\n"), { plainTextBody: "Hello\nthere\n\nAda wrote:\n> hi" });
});

test("in HTML they are paragraphs at the beginning of the body, and never markup", () => {
  const body = '<html><head></head><body title="a > b" text=\'x\'><blockquote>hi</blockquote></body></html>';
  assert.deepEqual(putBefore({ isPlainText: false, body }, "Dear <b>Ada</b> & \"Bob\"\nline\n\n \nBye"), {
    body: body.replace("<blockquote>", "<p>Dear &#60;b&#62;Ada&#60;/b&#62; &#38; &#34;Bob&#34;<br>line</p><p>Bye</p><blockquote>"),
  });
});

test("a body without its tag gets them at its beginning", () => {
  assert.deepEqual(putBefore({ isPlainText: false, body: "<br>" }, "Hi"), { body: "<p>Hi</p><br>" });
});

/** A Thunderbird that can compose. */
function composing(details) {
  const installed = installBrowser();
  const done = [];
  installed.browser.compose = {
    beginReply: async (...how) => (done.push(["reply", ...how]), { id: 7 }),
    getComposeDetails: async () => details,
    setComposeDetails: async (id, changes) => void done.push(["set", id, changes]),
  };
  return { ...installed, done };
}

test("a reply is opened to the sender alone, and nothing is sent", async () => {
  const { done, mailbox } = composing({ isPlainText: true, plainTextBody: "> hi" });
  await writePreferences({ answerTemplate: "{event} of {subject}" });
  const { id } = mailbox.add({ subject: "Phish?" });
  await answerReporter({ messageId: id, event: "12", title: "t", link: "l" });
  assert.deepEqual(done, [["reply", id, "replyToSender"], ["set", 7, { plainTextBody: "12 of Phish?\n\n> hi" }]]);
});

test("without a template of one's own it is in the language of Thunderbird", async () => {
  const { done, mailbox } = composing({ isPlainText: true, plainTextBody: "" });
  await answerReporter({ messageId: mailbox.add({ subject: "Phish?" }).id, event: "12", title: "", link: "" });
  assert.match(done[1][2].plainTextBody, /“Phish\?”.*event 12/u);
});

test("for a mail that is gone no window is opened", async () => {
  const { done } = composing({});
  await assert.rejects(answerReporter({ messageId: 99, event: "12", title: "", link: "" }), { kind: "message_gone" });
  assert.deepEqual(done, []);
});
