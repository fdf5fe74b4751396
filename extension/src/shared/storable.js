// What of a delivery may be stored by the extension.

/** @typedef {import("./shapes.js").Delivery} Delivery */

/** The remark on a mail that came encrypted. */
const DECRYPTED = "decrypted_by_reader";

/**
 * @param {Delivery} delivery
 * @returns {Delivery} without what quotes the text of a mail that came encrypted: nothing of that is ever stored
 */
export function storable(delivery) {
  const marks = delivery.notes.filter(({ code }) => code === DECRYPTED);
  if (marks.length === 0) {
    return delivery;
  }
  const { is, by } = delivery.mode ?? {};
  return { ...delivery, skipped: [], notes: marks, ...(is && by && { mode: { is, by } }) };
}
