// Whether sent mails get a tag is asked once: by the page with the first steps, or after the first receipt. An answer is a stored
// preference, also if it is no.

import { readPreferences, writePreferences } from "./preferences.js";
import { SENT_TAG, foundIn, makeTag } from "./tags.js";

/** @returns {Promise<boolean>} whether nobody has answered yet: neither a person nor the organisation */
export async function isTagOpen() {
  const [{ locked }, stored] = await Promise.all([readPreferences(), browser.storage.local.get("preference.tag")]);
  return !locked.includes("tag") && !("preference.tag" in stored);
}

/** @returns {Promise<import("./tags.js").Tag>} the tag as it is, or as it would be made */
export async function sentTag() {
  return foundIn(SENT_TAG, await browser.messages.tags.list()) ?? SENT_TAG;
}

/**
 * @param {boolean} wanted
 * @param {string} [color] of the tag, as Thunderbird takes it: #1a2b3c
 * @returns {Promise<string>} key of the tag; "" for none
 */
export async function answerTag(wanted, color) {
  if (!wanted) {
    await writePreferences({ tag: "" });
    return "";
  }
  const key = await makeTag(color ? { ...SENT_TAG, color } : SENT_TAG);
  const made = await sentTag();
  if (color && made.color.toLowerCase() !== color.toLowerCase()) await browser.messages.tags.update(key, { color });
  await writePreferences({ tag: key });
  return key;
}
