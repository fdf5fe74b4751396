// Enter sends and Escape closes, unless the focused control uses the key itself.

/**
 * @param {{enter: () => void, addToEvent: () => void, escape: () => void}} ways
 */
export function onReviewKeys({ enter, addToEvent, escape }) {
  document.addEventListener("keydown", (event) => {
    const at = /** @type {Element | null} */ (event.target);
    if (event.defaultPrevented || event.isComposing) {
      return;
    }
    if (event.key === "Escape") {
      if (at instanceof HTMLInputElement && at.type === "search" && at.value) {
        return; // the field empties itself
      }
      event.preventDefault();
      escape();
    } else if (event.key === "Enter") {
      const usesEnter = at?.matches("button, select, summary, textarea, #filter, [data-own-enter]") ?? false;
      if (usesEnter && !event.ctrlKey && !event.metaKey) {
        return;
      }
      event.preventDefault();
      if (at?.id === "event-id") {
        addToEvent();
      } else {
        enter();
      }
    }
  });
}
