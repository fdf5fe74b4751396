// Gets everything ticked from the host as text, piece by piece.

/** @typedef {import("../shared/shapes.js").Mode} Mode */
/** @typedef {import("../shared/shapes.js").Overrides} Overrides */

/**
 * @param {import("./handover.js").Handover} handover
 * @param {"text" | "csv" | "misp"} format
 * @param {{mode: Mode, profile: string | null, overrides: Overrides}} choices
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
