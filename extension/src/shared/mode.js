// Who decided what a mail is, and what it is, in words.

import { text } from "./localize.js";

/**
 * @param {import("./shapes.js").Judgement} judgement
 * @returns {string} empty where a person has chosen: the choice is seen where it was made
 */
export function modeWords({ is, by }) {
  return by === "chosen" ? "" : text(`review_${by}`, text(`common_mode_${is}`));
}
