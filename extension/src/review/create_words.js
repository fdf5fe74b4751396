// What the button that sends says: whether it makes events or updates those of earlier deliveries.

import { plural } from "../shared/localize.js";

/** @param {import("../shared/shapes.js").PreviewHead} found */
export function createWords({ events }) {
  const again = events.filter(({ already }) => already.length > 0).length;
  if (again === 0) {
    return plural("review_create", events.length);
  }
  return again === events.length ? plural("review_update", again) : plural("review_create_or_update", events.length);
}
