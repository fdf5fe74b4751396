// The state of the review page as a whole: loading, ready, sending, done or in trouble, and the status line.

import { part } from "../shared/dom.js";
import { asTrouble, hideTrouble, showTrouble, troubleTitle } from "../shared/trouble.js";

/** @typedef {"loading" | "ready" | "sending" | "done" | "trouble"} State */

/** @returns {State} */
export function state() {
  return /** @type {State} */ (document.body.dataset.state);
}

/** @returns {boolean} whether there is a preview to look at */
function hasPreview() {
  return "preview" in document.body.dataset;
}

/** @param {State} next */
export function enter(next) {
  document.body.dataset.state = next;
  if (next !== "trouble") {
    hideTrouble(part("trouble", HTMLElement));
  }
  part("loading", HTMLElement).hidden = next !== "loading" || hasPreview();
  part("review", HTMLElement).hidden = next === "done";
  part("review", HTMLElement).inert = next === "sending";
  part("content", HTMLElement).tabIndex = next === "sending" ? 0 : -1; // so that it can still be scrolled by keys
  part("before", HTMLElement).inert = next === "sending";
  part("outcome", HTMLElement).hidden = next === "done" || !hasPreview();
  part("buttons", HTMLElement).inert = next === "sending" || next === "loading";
}

/**
 * Shows what needs a preview, or hides it.
 * @param {boolean} isThere whether there is one
 */
export function revealPreview(isThere) {
  document.body.toggleAttribute("data-preview", isThere);
  document.querySelectorAll("[data-needs=preview]").forEach((node) => node.toggleAttribute("hidden", !isThere));
}

/**
 * @param {string} words for the line at the foot of the page, which screen readers speak
 * @param {{toListeners?: boolean}} [only] for what can be seen elsewhere
 */
export function say(words, { toListeners = false } = {}) {
  const line = part("status", HTMLElement);
  line.classList.toggle("visually-hidden", toListeners);
  line.textContent = words;
}

/**
 * @param {unknown} thrown
 * @param {() => void} retry
 * @param {State} next the state that it leaves the page in
 */
export function fail(thrown, retry, next = "trouble") {
  const trouble = asTrouble(thrown);
  enter(next);
  showTrouble(part("trouble", HTMLElement), trouble, { retry, options: openOptions });
  say(troubleTitle(trouble), { toListeners: true });
  part("content", HTMLElement).scrollTop = 0;
}

export function openOptions() {
  void browser.runtime.openOptionsPage();
}
