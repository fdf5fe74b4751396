// By what the lines of the review are grouped: by type, by host (all that is in the same hands, so that one tick is for a host and
// its URLs), or by the part of the mail in which they were found.

import { text } from "../shared/localize.js";
import { typeOrder } from "./type_order.js";

/** @typedef {import("../shared/shapes.js").Indicator} Indicator */
/** @typedef {import("../shared/preferences.js").GroupBy} GroupBy */
/** Without `isBefore` a group comes after those that are there. @typedef {{key: string, words: string, isBefore?: (other: string) => boolean}} Grouping */

/**
 * @param {Indicator} indicator
 * @param {GroupBy} by
 * @returns {Grouping}
 */
export function groupingOf({ type, owner, found_in: place }, by) {
  if (by === "place") {
    return { key: place, words: place };
  }
  if (by === "type") {
    return { key: type, words: type, isBefore: (other) => typeOrder(type, other) < 0 };
  }
  // What has no host comes last.
  return owner === undefined
    ? { key: "", words: text("review_group_no_host") }
    : { key: owner, words: owner.replaceAll(".", "[.]"), isBefore: (other) => other === "" };
}
