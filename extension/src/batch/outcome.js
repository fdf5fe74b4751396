// Counts the outcomes of a batch.

/** @typedef {import("../shared/shapes.js").Batch} Batch */
/** @typedef {import("../shared/shapes.js").BatchItem} BatchItem */

/** @typedef {"done" | "queued" | "failures" | "not_sent" | "left" | "left_out"} Outcome */

/**
 * @param {BatchItem} item
 * @returns {Outcome}
 */
export function outcomeOf({ state, deliveries }) {
  switch (state) {
    case "done": {
      const states = deliveries?.map(({ status }) => status) ?? [];
      // The worst of its events counts, because the user must act on that one.
      if (states.includes("failed")) {
        return "failures";
      }
      return states.includes("queued") ? "queued" : "done";
    }
    case "failed":
      return "failures";
    case "cancelled":
      return "not_sent";
    case "left_out":
      return "left_out";
    default:
      return "left";
  }
}

/**
 * @param {Batch} batch
 * @returns {Record<Outcome, number>}
 */
export function countOutcomes({ items }) {
  const counts = { done: 0, queued: 0, failures: 0, not_sent: 0, left: 0, left_out: 0 };
  for (const item of items) {
    counts[outcomeOf(item)] += 1;
  }
  return counts;
}
