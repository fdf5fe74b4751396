// The result of sending: for each event a panel with state, link, counts, what was left out, and the next step.

import { LOOK, deliveryTitle, eventLink, leftOut } from "../shared/delivery.js";
import { element } from "../shared/dom.js";
import { plural, text } from "../shared/localize.js";
import { modeWords } from "../shared/mode.js";
import { sayingElement } from "../shared/said.js";
import { answerButton } from "./answering.js";

/** @typedef {import("../shared/shapes.js").Delivery} Delivery */
/** @typedef {import("../shared/shapes.js").Sent} Sent */

/**
 * @param {HTMLElement} place
 * @param {Sent} sent
 * @param {{retry: (row: number) => void, options: () => void, close: () => void, answer: (() => void) | null}} ways what the buttons do
 */
export function showResult(place, { deliveries, aftermath }, ways) {
  place.replaceChildren(
    ...deliveries.map((delivery, at) => deliveryPanel(delivery, at, deliveries.length > 1, ways)),
    ...aftermath.problems.map((problem) => element("p", { class: "panel warn" }, problem)),
    element(
      "div",
      { class: "actions" },
      answerButton(deliveries, ways.answer),
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
  const { status, subject, attributes, objects, added, mode, error, notes, row } = delivery;
  const waits = status === "queued" || status === "failed";
  return element(
    "div",
    { class: `delivery panel ${LOOK[status]}`, "data-status": status, "data-row": row },
    element("h2", { tabindex: at === 0 ? -1 : null }, deliveryTitle(delivery)),
    oneOfMany && subject && element("p", {}, subject),
    waits && element("p", {}, text(`common_${status}_text`)),
    error && sayingElement("p", {}, error),
    element(
      "div",
      { class: "actions" },
      eventLink(delivery, { class: "primary", ...(at === 0 && { id: "event-link" }) }),
      waits && element("button", { type: "button", class: "retry", onclick: () => ways.retry(row) }, text("common_try_now")),
      status === "failed" && element("button", { type: "button", onclick: ways.options }, text("trouble_options")),
    ),
    !waits &&
      element(
        "p",
        { class: "quiet" },
        added
          ? text("review_added", plural("review_attributes", added.attributes), plural("review_objects", added.objects))
          : [plural("review_attributes", attributes), plural("review_objects", objects)].join(", "),
      ),
    mode && mode.by !== "chosen" && takenAs(mode),
    ...notes.map((note) => sayingElement("p", { class: "quiet" }, note)),
    leftOut(delivery),
  );
}

/** @param {import("../shared/shapes.js").Judgement} mode what the mail was taken for, and the facts that decided */
function takenAs(mode) {
  const facts = (mode.facts ?? []).flatMap((fact, at) => [at === 0 ? ": " : "; ", sayingElement("span", {}, fact)]);
  return element("p", { class: "quiet taken-as" }, modeWords(mode), ...facts);
}
