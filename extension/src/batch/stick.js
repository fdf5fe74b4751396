// Keeps the lower part of a high header in view while the page below it scrolls: the buttons stay, the form goes.

/**
 * @param {HTMLElement} header that sticks to the top
 * @param {HTMLElement} from its first part that stays
 */
export function stickFrom(header, from) {
  const margin = 8;
  const stick = () => {
    header.style.top = `${Math.min(0, margin - from.offsetTop)}px`;
  };
  new ResizeObserver(stick).observe(header);
}
