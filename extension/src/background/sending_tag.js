// Sends mails by a tag that a filter or a person sets, and changes the tag when the mail is sent. The tag shows the state: MISP
// while the mail waits, then MISP sent or MISP failed.

import { readPreferences } from "../shared/preferences.js";
import { FAILED_TAG, SENT_TAG, foundIn, makeTag } from "../shared/tags.js";
import { isSafe } from "./aftermath.js";
import { headerOf, mailNamed, mailOf } from "./mails.js";

/** @typedef {import("./mails.js").Mail} Mail */
/** @typedef {import("../shared/shapes.js").Delivery} Delivery */

export class SendingTag {
  #intake;

  /** @param {import("./intake.js").Intake} intake */
  constructor(intake) {
    this.#intake = intake;
  }

  /**
   * @param {browser.messages.MessageHeader} header
   * @param {{tags?: string[]}} changed
   * @param {{tags?: string[]}} [before]
   */
  async updated(header, { tags }, before = {}) {
    // Thunderbird reports every mail that is read or flagged, too.
    if (!tags) return;
    const { sendingTag, sendingTagProfile, mode } = (await readPreferences()).values;
    if (!sendingTag || !tags.includes(sendingTag) || before.tags?.includes(sendingTag)) return;
    const mail = mailOf(header);
    if (await isRepetition(header, tags)) await change(mail, sendingTag, SENT_TAG);
    else await this.#intake.accept([mail], { by: "tag", mode, profile: sendingTagProfile || null, again: true });
  }

  /**
   * @param {Mail} mail under its present id
   * @param {Delivery[] | null} deliveries null when it could not be sent
   */
  async ended(mail, deliveries) {
    const { sendingTag } = (await readPreferences()).values;
    await change(mail, sendingTag, deliveries && isSafe(deliveries) ? SENT_TAG : FAILED_TAG);
  }

  /** @param {Delivery} delivery of a mail that had waited in the outbox: its tag says now what became of it */
  async later({ message_id, status }) {
    const { sendingTag, tag } = (await readPreferences()).values;
    const known = await browser.messages.tags.list();
    const [before, after] = status === "failed" ? [SENT_TAG, FAILED_TAG] : [FAILED_TAG, SENT_TAG];
    const old = foundIn(before, known)?.key;
    const isOurs = sendingTag !== "" || (tag !== "" && tag === foundIn(SENT_TAG, known)?.key);
    if (!isOurs || !old || !message_id || status === "queued") return;
    const header = await headerOf(await mailNamed(0, message_id)).catch(() => null);
    if (header?.tags.includes(old)) await change(mailOf(header), sendingTag, after);
  }
}

/**
 * Filters after junk classification run over every mail that Thunderbird still counts as new, and set the tag again on mails that
 * were sent long ago. Nobody has opened such a mail yet, so no person set the tag.
 *
 * @param {browser.messages.MessageHeader} header
 * @param {string[]} tags
 */
async function isRepetition(header, tags) {
  if (!header.new) return false;
  const sent = foundIn(SENT_TAG, await browser.messages.tags.list());
  return sent !== undefined && tags.includes(sent.key);
}

/**
 * @param {Mail} mail
 * @param {string} sendingTag
 * @param {import("../shared/tags.js").Tag} to
 */
async function change(mail, sendingTag, to) {
  const key = await makeTag(to);
  const known = await browser.messages.tags.list();
  const old = [sendingTag, ...[SENT_TAG, FAILED_TAG].map((own) => foundIn(own, known)?.key)];
  const { id, tags } = await headerOf(mail);
  await browser.messages.update(id, { tags: [...tags.filter((tag) => !old.includes(tag)), key] });
}
