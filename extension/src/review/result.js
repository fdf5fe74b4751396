// What came of sending: for each event a panel with its state, link, counts, what was left out, and the next step.

import { copyButton } from "../shared/copy.js";
import { element } from "../shared/dom.js";
import { number, plural, text } from "../shared/localize.js";

/** @typedef {import("../shared/shapes.js").Delivery} Delivery */
/** @typedef {import("../shared/shapes.js").Sent} Sent */

/** The look of a panel by status. */
const LOOK = { created: "good", updated: "good", unchanged: "good", queued: "warn", failed: "bad" };

/**
 * @param {HTMLElement} place
 * @param {Sent} sent
 * @param {{retry: (row: number) => void, options: () => void, close: () => void}} ways what the buttons do
 */
export function showResult(place, { deliveries, aftermath }, ways) {
  place.replaceChildren(
    ...deliveries.map((delivery, at) => deliveryPanel(delivery, at, deliveries.length > 1, ways)),
    ...aftermath.problems.map((problem) => element("p", { class: "panel warn" }, problem)),
    element(
      "div",
      { class: "actions" },
      element("button", { type: "button", id: "close", onclick: ways.close }, text("common_close")),
    ),
  );
  place.hidden = false;
}

/**
 * @param {Delivery} delivery
 * @param {number} at
 * @param {boolean} oneOfMany
 * @param {{retry: (row: number) => void, options: () => void}} ways
 */
function deliveryPanel(delivery, at, oneOfMany, ways) {
  const { status, subject, attributes, objects, error, notes, row } = delivery;
  const counts = [plural("review_attributes", attributes), plural("review_objects", objects)];
  return element(
    "div",
    { class: `delivery panel ${LOOK[status]}`, "data-status": status, "data-row": row },
    element("h2", { tabindex: at === 0 ? -1 : null }, deliveryTitle(delivery)),
    oneOfMany && subject && element("p", {}, subject),
    status === "queued" && element("p", {}, text("common_queued_text")),
    status === "failed" && element("p", {}, text("common_failed_text")),
    error && element("p", { class: "mono", lang: "en" }, error),
    element(
      "div",
      { class: "actions" },
      eventLink(delivery, at),
      (status === "queued" || status === "failed") &&
        element("button", { type: "button", class: "retry", onclick: () => ways.retry(row) }, text("common_try_now")),
      status === "failed" && element("button", { type: "button", onclick: ways.options }, text("trouble_options")),
    ),
    status !== "failed" && status !== "queued" && element("p", { class: "quiet" }, counts.join(", ")),
    ...notes.map((note) => element("p", { class: "quiet", lang: "en" }, note)),
    skippedList(delivery),
  );
}

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
 * @param {Delivery} delivery
 * @param {number} at
 */
function eventLink({ url, event_id }, at) {
  if (!url) {
    return null;
  }
  return url.startsWith("http")
    ? element(
        "button",
        { type: "button", class: "primary", role: "link", id: at === 0 ? "event-link" : null, "data-url": url },
        event_id ? text("common_open_event", event_id) : text("common_open_event_plain"),
      )
    : element("span", {}, element("code", {}, url), " ", copyButton(url));
}

/**
 * What was left out, by reason.
 * @param {Delivery} delivery
 */
export function skippedList({ skipped, skipped_total }) {
  if (skipped_total === 0) {
    return null;
  }
  /** @type {Map<string, string[]>} */
  const byReason = new Map();
  for (const { type, value, reason } of skipped) {
    const values = byReason.get(reason) ?? [];
    values.push(`${type} ${value}`);
    byReason.set(reason, values);
  }
  const more = skipped_total - skipped.length;
  return element(
    "details",
    { class: "left-out" },
    element("summary", {}, plural("common_left_out", skipped_total)),
    ...[...byReason].map(([reason, values]) =>
      element(
        "div",
        {},
        element("p", { class: "quiet", lang: "en" }, reason),
        element("ul", {}, ...values.map((value) => element("li", { class: "mono" }, value))),
      ),
    ),
    more > 0 && element("p", { class: "quiet" }, text("review_more", number(more))),
  );
}
