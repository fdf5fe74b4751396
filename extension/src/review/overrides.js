// The analyst's changes, in the host's format: only what differs from the preview.

/** @typedef {import("../shared/shapes.js").Overrides} Overrides */

/**
 * @param {object} changed
 * @param {import("./selection.js").Selection} changed.selection
 * @param {string} changed.comment
 * @param {string | null} changed.event number or uuid of the event to add to
 * @param {string | undefined} changed.tlp
 * @param {number | undefined} changed.distribution
 * @param {boolean} changed.keepsPeople
 * @param {Overrides} changed.edits
 * @returns {Overrides} empty for an untouched review
 */
export function overridesOf({ selection, comment, event, tlp, distribution, keepsPeople, edits }) {
  const { deselected, selected, leftOut } = selection.overrides();
  return {
    ...(deselected.length > 0 && { deselected }),
    ...(selected.length > 0 && { selected }),
    ...(leftOut.length > 0 && { left_out: leftOut }),
    ...(comment.trim() && { comment: comment.trim() }),
    ...(event !== null && { event }),
    ...(tlp !== undefined && { tlp }),
    ...(distribution !== undefined && { distribution }),
    ...(keepsPeople && { keep_people: true }),
    ...edits,
  };
}
