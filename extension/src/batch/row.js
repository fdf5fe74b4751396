// The line of one mail of a batch: subject, progress and outcome.

import { LOOK, deliveryTitle, eventLink, leftOut } from "../shared/delivery.js";
import { element } from "../shared/dom.js";
import { moment, size, text } from "../shared/localize.js";
import { sayingElement } from "../shared/said.js";
import { troubleTitle, troubleWords } from "../shared/trouble.js";

/** @typedef {import("../shared/shapes.js").BatchItem} BatchItem */

/**
 * A key for what the line shows. If it is unchanged, the line need not be drawn again.
 * @param {BatchItem} item
 */
export function faceOf({ state, progress, deliveries, error }) {
  return JSON.stringify([state, progress, deliveries?.map(({ row, status, error: why }) => [row, status, why]), error]);
}

/**
 * @param {BatchItem} item
 * @returns {HTMLTableRowElement}
 */
export function batchRow(item) {
  const { state, subject, author, date, deliveries, error } = item;
  const name = subject || text("common_no_subject");
  const day = new Date(date);
  const when = Number.isNaN(day.getTime()) ? "" : moment(day);
  return element(
    "tr",
    { "data-item": item.item, "data-state": state },
    element(
      "td",
      {},
      element("div", { class: "subject" }, name),
      element("div", { class: "quiet" }, [author, when].filter(Boolean).join(" · ")),
    ),
    element(
      "td",
      { class: "state" },
      ...stateOf(item),
      error && element("div", {}, troubleTitle(error)),
      error && troubleWords("div", { class: "quiet" }, error),
      (state === "failed" || state === "cancelled") &&
        element("button", { type: "button", class: "small retry", "aria-label": text("batch_retry_what", name) }, text("batch_retry")),
    ),
    element("td", {}, ...(deliveries ?? []).map(deliveryOf)),
  );
}

/**
 * @param {BatchItem} item
 * @returns {HTMLElement[]}
 */
function stateOf({ state, progress, deliveries }) {
  switch (state) {
    case "done":
      return (deliveries ?? []).map((delivery) =>
        element("div", {}, element("span", { class: `badge ${LOOK[delivery.status]}` }, deliveryTitle(delivery))),
      );
    case "uploading":
      return [
        element(
          "span",
          { class: "badge" },
          progress ? text("batch_uploading_of", size(progress.done), size(progress.total)) : text("batch_uploading"),
        ),
      ];
    case "failed":
      return [element("span", { class: "badge bad" }, text("batch_failed"))];
    default:
      return [element("span", { class: state === "cancelled" ? "badge warn" : "badge" }, text(`batch_${state}`))];
  }
}

/** @param {import("../shared/shapes.js").Delivery} delivery */
function deliveryOf(delivery) {
  return element(
    "div",
    { class: "delivery", "data-status": delivery.status },
    eventLink(delivery, { class: "link event" }),
    delivery.error && sayingElement("div", {}, delivery.error),
    ...delivery.notes.map((note) => sayingElement("div", { class: "quiet" }, note)),
    leftOut(delivery),
  );
}
