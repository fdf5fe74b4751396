// The way from the receipt to an answer to who reported the mail.

import { element } from "../shared/dom.js";
import { text } from "../shared/localize.js";

/** @typedef {import("../shared/shapes.js").Delivery} Delivery */
/** @typedef {{event: string, title: string, link: string}} Told what the answer may tell of the events */

/**
 * The sender of a sample is the attacker: nobody answers that. What waits has no event to tell of.
 *
 * @param {Delivery[]} deliveries
 */
const isAnswerable = (deliveries) =>
  deliveries.length > 0 &&
  deliveries.every(({ status, mode }) => status !== "queued" && status !== "failed" && mode !== undefined && mode.is !== "sample");

/**
 * @param {Delivery[]} deliveries
 * @param {(delivery: Delivery) => string} titleOf
 * @returns {Told}
 */
export function toldOf(deliveries, titleOf) {
  const all = (/** @type {(string | null)[]} */ values, /** @type {string} */ between) => [...new Set(values.filter(Boolean))].join(between);
  return {
    event: all(deliveries.map(({ event_id, uuid }) => event_id ?? uuid), ", "),
    title: all(deliveries.map(titleOf), ", "),
    link: all(deliveries.map(({ url }) => (url?.startsWith("http") ? url : null)), "\n"),
  };
}

/**
 * @param {Delivery[]} deliveries
 * @param {(() => void) | null} onAnswer null where the mail is not in Thunderbird any more
 * @returns {HTMLButtonElement | null}
 */
export function answerButton(deliveries, onAnswer) {
  return onAnswer && isAnswerable(deliveries)
    ? element("button", { type: "button", id: "answer", title: text("answer_title"), onclick: onAnswer }, text("answer_button"))
    : null;
}
