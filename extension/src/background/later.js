// What became later of mails that waited in the outbox.

/** @typedef {import("../shared/shapes.js").Delivery} Delivery */

/**
 * @param {Delivery[]} news
 * @returns {(known: Delivery) => Delivery} the news of a delivery, or itself
 */
export function latestOf(news) {
  const byRow = new Map(news.map((one) => [one.row, one]));
  return (known) => {
    const one = byRow.get(known.row);
    return one && isLater(one, known) ? one : known;
  };
}

/**
 * Whether something else can become of a delivery.
 *
 * @param {Delivery} delivery
 */
export const waits = ({ status }) => status === "queued" || status === "failed";

/**
 * Whether a delivery is a later one of a mail that waited. A new outbox uses the same row numbers again, so this compares the mail
 * too.
 *
 * @param {Delivery} one
 * @param {Delivery} other
 */
function isLater(one, other) {
  return waits(other) && one.row === other.row && one.message_id === other.message_id;
}
