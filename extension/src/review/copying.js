// The buttons that copy what would be sent.

import { copy } from "../shared/copy.js";
import { part } from "../shared/dom.js";
import { text } from "../shared/localize.js";
import { asTrouble, troubleTitle } from "../shared/trouble.js";

/** @typedef {"text" | "csv" | "misp"} Format */

/**
 * @param {(format: Format) => Promise<string>} textOf what would be sent
 * @param {(words: string) => void} say
 */
export function wireCopying(textOf, say) {
  const names = { text: text("review_copy_text"), csv: "CSV", misp: "MISP JSON" };
  for (const format of /** @type {Format[]} */ (["text", "csv", "misp"])) {
    part(`copy-${format}`, HTMLButtonElement).addEventListener("click", async () => {
      try {
        await copy(textOf(format));
        say(text("review_copied", names[format]));
      } catch (thrown) {
        say(text("review_not_copied", troubleTitle(asTrouble(thrown))));
      }
    });
  }
}
