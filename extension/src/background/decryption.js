// Which mails are decrypted for the program: none, until a person or the organisation allows it.

import { readPreferences } from "../shared/preferences.js";

/** @typedef {"no" | "try" | "must"} Decrypt what becomes of an encrypted mail; "must" refuses to hand it over as it is */

/**
 * @param {true | "must" | undefined} asked what a person asked for about this mail; "must" if its text was shown already
 * @returns {Promise<Decrypt>} for a mail that a person reviews
 */
export async function decryptReviewed(asked) {
  const { values, locked } = await readPreferences();
  if (asked === "must") return "must";
  return values.decrypt || (asked && !locked.includes("decrypt")) ? "try" : "no";
}

/** @returns {Promise<Decrypt>} for a mail that is sent without a review */
export async function decryptUnreviewed() {
  return (await readPreferences()).values.decrypt ? "try" : "no";
}
