// Copies everything ticked, which the host gives as text, piece by piece.

import { copy } from "../shared/copy.js";
import { part } from "../shared/dom.js";
import { text } from "../shared/localize.js";
import { asTrouble, troubleTitle } from "../shared/trouble.js";

/** @typedef {import("../shared/shapes.js").Mode} Mode */
/** @typedef {import("../shared/shapes.js").Overrides} Overrides */

/** @typedef {{mode: Mode, profile: string | null, overrides: Overrides}} Chosen */

/**
 * Lets the buttons copy.
 * @param {import("./handover.js").Handover} handover
 * @param {() => Promise<Chosen>} chosen what is chosen, when all of the preview is there
 * @param {(words: string) => void} say
 */
export function offerCopies(handover, chosen, say) {
  for (const format of /** @type {const} */ (["text", "csv", "misp"])) {
    const button = part(`copy-${format}`, HTMLButtonElement);
    button.addEventListener("click", async () => {
      try {
        await copy(chosen().then((choices) => exportAs(handover, format, choices)));
        say(text("review_copied", button.textContent));
      } catch (thrown) {
        say(text("review_not_copied", troubleTitle(asTrouble(thrown))));
      }
    });
  }
}

/**
 * @param {Pick<import("./handover.js").Handover, "ask">} handover
 * @param {"text" | "csv" | "misp"} format
 * @param {Chosen} choices
 * @returns {Promise<string>}
 */
export async function exportAs(handover, format, choices) {
  /** @type {string[]} */
  const pieces = [];
  /** @type {number | null} */
  let offset = 0;
  while (offset !== null) {
    /** @type {{text: string, next: number | null}} */
    const piece = await handover.ask("export", { ...choices, format, offset });
    pieces.push(piece.text);
    offset = piece.next;
  }
  return pieces.join("");
}
