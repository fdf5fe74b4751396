// Puts what floats over the page beside an element: below it, or above where there is no room below.

const GAP = 8;

/**
 * @param {HTMLElement} floating shown, with a fixed position
 * @param {HTMLElement} element
 */
export function putBeside(floating, element) {
  const box = element.getBoundingClientRect();
  const isBelow = box.bottom + floating.offsetHeight + GAP < innerHeight;
  floating.style.insetBlockStart = `${isBelow ? box.bottom : Math.max(0, box.top - floating.offsetHeight)}px`;
  floating.style.insetInlineStart = `${Math.max(GAP, Math.min(box.left, innerWidth - floating.offsetWidth - GAP))}px`;
}
