// What the button that sends says: whether it makes events or updates those of earlier deliveries.

import { plural } from "../shared/localize.js";

/**
 * @param {import("../shared/shapes.js").PreviewHead} found
 * @param {import("./selection.js").Selection} selection
 */
export function createWords({ events, together }, selection) {
  const made = together ? [together] : events.filter(({ identity }) => !selection.isLeftOut(identity));
  const again = made.filter(({ already }) => already.length > 0).length;
  if (again === 0) {
    return plural("review_create", made.length);
  }
  return again === made.length ? plural("review_update", again) : plural("review_create_or_update", made.length);
}
