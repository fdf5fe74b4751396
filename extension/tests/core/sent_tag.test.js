// The tag of sent mails is asked for once, and made in the colour that was chosen.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { installBrowser } from "../doubles/browser.js";
import { readPreferences, writePreferences } from "../../src/shared/preferences.js";
import { answerTag, isTagOpen, sentTag } from "../../src/shared/sent_tag.js";

let mailbox;

beforeEach(() => {
  ({ mailbox } = installBrowser());
});

const made = () => mailbox.tags.filter(({ key }) => key === "misp_sent").map(({ tag, color }) => [tag, color]);
const chosen = async () => (await readPreferences()).values.tag;

test("it is asked until somebody answers, be it no", async () => {
  assert.equal(await isTagOpen(), true);
  assert.equal(await answerTag(false), "");
  assert.equal(await isTagOpen(), false);
  assert.deepEqual([await chosen(), made()], ["", []]);
});

test("whoever chose a tag in the settings is not asked, nor is anybody for whom the organisation chose", async () => {
  await writePreferences({ tag: "" });
  assert.equal(await isTagOpen(), false);
  installBrowser({ policy: { tag: "" } });
  assert.equal(await isTagOpen(), false);
});

test("the tag is made in the chosen colour", async () => {
  assert.equal(await answerTag(true, "#123456"), "misp_sent");
  assert.deepEqual([await chosen(), made()], ["misp_sent", [["MISP sent", "#123456"]]]);
});

test("without a colour it gets its own", async () => {
  await answerTag(true);
  assert.deepEqual(made(), [["MISP sent", "#2b8a3e"]]);
});

test("a tag that is there keeps its name and gets the colour", async () => {
  mailbox.tags.push({ key: "theirs", tag: "misp SENT", color: "#000000", ordinal: "" });
  assert.equal((await sentTag()).color, "#000000");
  assert.equal(await answerTag(true, "#ABCDEF"), "theirs");
  assert.deepEqual(mailbox.tags.find(({ key }) => key === "theirs").color, "#ABCDEF");
  assert.deepEqual(made(), []);
});
