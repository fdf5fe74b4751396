// What the button that sends says: whether it makes events or updates those of earlier deliveries.

import { plural } from "../shared/localize.js";

/** An event to be made, and earlier deliveries of its mails. @typedef {Pick<import("../shared/shapes.js").EventDraft, "uuid" | "already">} Made */

/**
 * @param {import("../shared/shapes.js").PreviewHead} found
 * @param {import("./selection.js").Selection} selection
 */
export function createWords({ events, together }, selection) {
  const sent = events.filter(({ identity }) => !selection.isLeftOut(identity));
  /** @type {Made[]} */
  const made = together ? sent.slice(0, 1).map(({ uuid }) => ({ uuid, already: together.already })) : sent;
  const again = made.filter(isThere).length;
  if (again === 0) {
    return plural("review_create", made.length);
  }
  return again === made.length ? plural("review_update", again) : plural("review_create_or_update", made.length);
}

/** A mail may be in events with others, or of others. @param {Made} made */
const isThere = ({ uuid, already }) => already.some(({ event_uuid }) => event_uuid === uuid);
