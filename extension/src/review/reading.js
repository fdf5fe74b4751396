// Reads a mail for the review: asks for the preview, its further pages, and what MISP knows. Each step shows its result before
// the next begins.

/** @typedef {import("../shared/shapes.js").Item} Item */
/** @typedef {import("../shared/shapes.js").Known} Known */
/** @typedef {import("../shared/shapes.js").Preview} Preview */
/** @typedef {import("../shared/shapes.js").Progress} Progress */

/** Most items in one question to MISP. */
const AT_A_TIME = 500;

/**
 * What is called as the reading goes on.
 * @typedef {object} Listener
 * @property {(preview: Preview) => void} onPreview
 * @property {(items: Item[]) => void} onItems further items
 */

/**
 * Ends when all items are there.
 * @param {import("./handover.js").Handover} handover
 * @param {import("./handover.js").How} how
 * @param {Listener} listener
 * @param {{signal: AbortSignal, onProgress: (progress: Progress) => void}} options
 * @returns {Promise<Preview>}
 */
export async function readMail(handover, how, listener, options) {
  const preview = await handover.preview(how, options);
  options.signal.throwIfAborted();
  listener.onPreview(preview);
  let next = preview.next;
  while (next !== null) {
    /** @type {import("../shared/shapes.js").ItemPage} */
    const page = await handover.ask("preview.more", { offset: next }, { signal: options.signal });
    options.signal.throwIfAborted();
    listener.onItems(page.items);
    next = page.next;
  }
  return preview;
}

/**
 * Asks MISP about all items, page by page. Stops when an answer says that MISP cannot be asked.
 * @param {import("./handover.js").Handover} handover
 * @param {number} count of items
 * @param {(known: Known) => void} onKnown
 * @param {AbortSignal} signal
 */
export async function askWhatIsKnown(handover, count, onKnown, signal) {
  for (let offset = 0; offset < count; offset += AT_A_TIME) {
    /** @type {Known} */
    const known = await handover.ask("known", { offset, count: Math.min(AT_A_TIME, count - offset) }, { signal });
    if (signal.aborted) {
      return;
    }
    onKnown(known);
    if (known.notes.length > 0) {
      return;
    }
  }
}
