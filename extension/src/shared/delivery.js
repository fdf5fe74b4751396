// Describes the delivery of one event: its state, its link, and what was left out.

import { copyButton } from "./copy.js";
import { defang } from "./defang.js";
import { element } from "./dom.js";
import { number, plural, text } from "./localize.js";
import { keyOf, sayingElement } from "./said.js";

/** @typedef {import("./shapes.js").Delivery} Delivery */

/** The style of each state. */
export const LOOK = { created: "good", updated: "good", unchanged: "good", queued: "warn", failed: "bad" };

/**
 * @param {Delivery} delivery
 * @returns {string}
 */
export function deliveryTitle({ status, event_id }) {
  return event_id && status !== "queued" && status !== "failed"
    ? text(`common_${status}_number`, event_id)
    : text(`common_${status}`);
}

/**
 * Where the event is: a link to its page on the server, or the path of the feed's file.
 * @param {Delivery} delivery
 * @param {{id?: string, class: string}} attributes of the link
 * @returns {HTMLElement | null}
 */
export function eventLink({ url, event_id }, attributes) {
  if (!url) {
    return null;
  }
  const words = event_id ? text("common_open_event", event_id) : text("common_open_event_plain");
  return url.startsWith("http")
    ? element("button", { type: "button", role: "link", "data-url": url, ...attributes }, words)
    : element("span", {}, element("code", {}, url), " ", copyButton(url));
}

/**
 * What was left out, by reason.
 * @param {Delivery} delivery
 * @returns {HTMLElement | null}
 */
export function leftOut({ skipped, skipped_total }) {
  if (skipped_total === 0) {
    return null;
  }
  /** @type {Map<string, {reason: import("./shapes.js").Said, values: string[]}>} */
  const byReason = new Map();
  for (const { type, value, reason } of skipped) {
    const group = byReason.get(keyOf(reason)) ?? { reason, values: [] };
    group.values.push(`${type} ${defang(value)}`);
    byReason.set(keyOf(reason), group);
  }
  const more = skipped_total - skipped.length;
  return element(
    "details",
    { class: "left-out" },
    element("summary", {}, plural("common_left_out", skipped_total)),
    ...[...byReason.values()].map(({ reason, values }) =>
      element(
        "div",
        {},
        sayingElement("p", { class: "quiet" }, reason),
        element("ul", {}, ...values.map((value) => element("li", { class: "mono" }, value))),
      ),
    ),
    more > 0 && element("p", { class: "quiet" }, text("common_more", number(more))),
  );
}
