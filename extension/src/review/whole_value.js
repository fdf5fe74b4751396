// Long values are cut in the middle. A button shows the whole, and who copies a cut value gets the whole.

import { element } from "../shared/dom.js";
import { text } from "../shared/localize.js";

/** Longer values are cut. An address of a page with its host and the end of its path mostly fits. */
const MOST = 100;
const HEAD = 64;
const TAIL = 24;

/**
 * What a line shows of a value, and the button for the rest if there is a rest.
 * @param {string} shown
 * @returns {{words: string, whole: string | null, button: HTMLButtonElement | null}}
 */
export function cutValue(shown) {
  const letters = [...shown];
  if (letters.length <= MOST) {
    return { words: shown, whole: null, button: null };
  }
  const words = `${letters.slice(0, HEAD).join("")}…${letters.slice(-TAIL).join("")}`;
  const button = element("button", { type: "button", class: "link whole", tabindex: -1, "aria-expanded": "false", onclick: toggle }, text("review_whole"));
  return { words, whole: shown, button };
}

/** @param {Event} event */
function toggle({ currentTarget: button }) {
  const value = button instanceof HTMLElement ? button.closest(".row")?.querySelector(".value") : null;
  if (button instanceof HTMLElement && value instanceof HTMLElement) {
    const isWhole = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(isWhole));
    button.textContent = text(isWhole ? "review_whole_less" : "review_whole");
    const whole = value.title;
    value.textContent = isWhole ? whole : cutValue(whole).words;
  }
}

/** @param {HTMLElement} place */
export function copyWholeValues(place) {
  place.addEventListener("copy", (event) => {
    const { anchorNode, focusNode } = window.getSelection() ?? {};
    const value = (anchorNode instanceof Element ? anchorNode : anchorNode?.parentElement)?.closest(".value[title]");
    if (value instanceof HTMLElement && focusNode && value.contains(focusNode)) {
      event.clipboardData?.setData("text/plain", value.title);
      event.preventDefault();
    }
  });
}
