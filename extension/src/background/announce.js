// Notifies people about the outcome of their mails, and handles clicks on the notifications.

import { plural, text } from "../shared/localize.js";
import { readPreferences } from "../shared/preferences.js";
import { wording } from "../shared/said.js";
import { troubleTitle } from "../shared/trouble.js";

/** @typedef {import("../shared/shapes.js").Delivery} Delivery */
/** @typedef {import("./mails.js").Mail} Mail */

/**
 * The id of a notification says what a click on it does, since the event page may have been stopped in between.
 *
 * @typedef {{page: string} | {outbox: true} | {batch: string} | {review: number} | {nothing: true}} Click
 */

/**
 * @param {Click} click
 * @param {string} title
 * @param {string} message
 * @param {boolean} [always] also when notifications are switched off
 */
async function notify(click, title, message, always = false) {
  const { values } = await readPreferences();
  if (!values.notify && !always) return;
  const iconUrl = browser.runtime.getURL("icons/icon.svg");
  await browser.notifications.create(JSON.stringify([click, crypto.randomUUID()]), { type: "basic", iconUrl, title, message });
}

/**
 * @param {string} id of a notification
 * @returns {Click}
 */
export function clickOf(id) {
  const [click] = JSON.parse(id);
  return click;
}

/**
 * @param {Delivery[]} deliveries of one mail
 * @param {string[]} [problems] with the mail itself, in the user's language
 */
export async function announceDeliveries(deliveries, problems = []) {
  const [first] = deliveries;
  if (!first) return;
  if (deliveries.length === 1) {
    await notify(clickFor(first), titleOf(first), [first.subject, detailOf(first), ...problems].filter(Boolean).join("\n"));
    return;
  }
  const worst = ["failed", "queued"].map((status) => deliveries.find((one) => one.status === status)).find(Boolean);
  await notify(clickFor(worst ?? first), text("notify_several", deliveries.length), [countsOf(deliveries), ...problems].join("\n"));
}

/**
 * @param {Delivery} delivery of a mail that waited in the outbox
 */
export async function announceLater(delivery) {
  await notify(clickFor(delivery), titleOf(delivery), [delivery.subject, text("notify_waited")].filter(Boolean).join("\n"));
}

/**
 * @param {Mail} mail that was to be sent at once
 * @param {import("../shared/error.js").Trouble} trouble
 */
export async function announceTrouble(mail, trouble) {
  await notify({ review: mail.messageId }, text("notify_not_sent", mail.subject), `${troubleTitle(trouble)}\n${text("notify_review")}`);
}

export async function announceNoMail() {
  await notify({ nothing: true }, text("notify_no_mail"), text("notify_no_mail_hint"));
}

/**
 * @param {string} batch id
 * @param {Delivery[]} deliveries of all its mails
 * @param {number} failed mails without a delivery
 */
export async function announceBatch(batch, deliveries, failed) {
  const words = [countsOf(deliveries), failed > 0 ? text("notify_count_not_sent", failed) : ""].filter(Boolean).join(", ");
  await notify({ batch }, text("notify_batch"), words);
}

/**
 * @param {Delivery[]} deliveries of mails that rules sent
 * @param {Mail[]} failed those that could not be sent
 */
export async function announceRuled(deliveries, failed) {
  const [first] = failed;
  if (first) {
    const words = [countsOf(deliveries), text("notify_count_not_sent", failed.length)].filter(Boolean).join(", ");
    const title = failed.length === 1 ? text("notify_not_sent", first.subject || first.headerMessageId) : text("notify_ruled_failed");
    await notify({ outbox: true }, title, `${words}\n${text("notify_ruled_look")}`, true);
  } else if (deliveries.length > 1) {
    await notify({ outbox: true }, text("notify_ruled"), countsOf(deliveries));
  } else {
    await announceDeliveries(deliveries);
  }
}

/**
 * @param {import("../shared/error.js").Trouble} trouble that keeps the mails of rules waiting
 * @param {number} waiting
 */
export async function announceObstruction(trouble, waiting) {
  await notify({ outbox: true }, plural("notify_ruled_wait", waiting), `${troubleTitle(trouble)}\n${text("notify_ruled_kept")}`, true);
}

/**
 * @param {Delivery} delivery
 * @returns {Click}
 */
function clickFor({ status, url }) {
  if (status === "queued" || status === "failed") return { outbox: true };
  return url && /^https?:/u.test(url) ? { page: url } : { nothing: true };
}

/** @param {Delivery} delivery */
function titleOf({ status, event_id }) {
  return event_id ? text(`notify_${status}_event`, event_id) : text(`notify_${status}`);
}

/** @param {Delivery} delivery */
function detailOf({ status, error, url, event_id, attributes, objects }) {
  if (status === "queued" || status === "failed") return error ? wording(error).words : "";
  const counts = text("notify_counts", attributes, objects);
  return url && !event_id ? `${counts}\n${text("notify_file", url)}` : counts;
}

/** @param {Delivery[]} deliveries */
function countsOf(deliveries) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { status } of deliveries) counts.set(status, (counts.get(status) ?? 0) + 1);
  return [...counts].map(([status, count]) => text(`notify_count_${status}`, count)).join(", ");
}
