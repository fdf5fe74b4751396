// The state of the program in one line: where events go, and how many mails wait or have failed.

import { element } from "./dom.js";
import { plural, text } from "./localize.js";

/** @typedef {import("./shapes.js").Backlog} Backlog */
/** @typedef {import("./shapes.js").Destination} Destination */

/**
 * @param {Destination | null} destination null if the configuration cannot be used
 * @returns {string}
 */
export function destinationWords(destination) {
  if (!destination) return text("standing_nowhere");
  return destination.target === "misp" ? text("standing_to_misp", destination.url) : text("standing_to_feed", destination.folder);
}

/**
 * @param {Backlog} backlog
 * @returns {string} "" when nothing waits
 */
export function backlogWords({ pending, failed }) {
  return [pending > 0 && plural("standing_waiting", pending), failed > 0 && plural("standing_failed", failed)].filter(Boolean).join(" ");
}

/**
 * @param {HTMLElement} place
 * @param {{destination: Destination | null, outbox: Backlog}} status
 * @param {string} outboxId the part of the page with the outbox
 */
export function showStanding(place, { destination, outbox }, outboxId) {
  const waiting = backlogWords(outbox);
  const isBad = destination === null || outbox.failed > 0;
  const look = outbox.pending > 0 ? "warn" : "good";
  place.className = `panel ${isBad ? "bad" : look}`;
  place.replaceChildren(
    element("span", {}, destinationWords(destination), " ", waiting || text("standing_nothing_waits"), " "),
    waiting ? element("a", { href: `#${outboxId}` }, text("common_see_outbox")) : "",
  );
  place.hidden = false;
}
