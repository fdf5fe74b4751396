// Shows the line of the mail in which an indicator was found while the pointer or the focus is on its place.

import { element, visible } from "../shared/dom.js";
import { putBeside } from "./beside.js";

/**
 * @param {HTMLElement} place holds buttons with `data-context`
 */
export function showContextLines(place) {
  const tip = element("div", { id: "context-line", class: "mono", role: "tooltip", hidden: true });
  document.body.append(tip);
  /** @type {HTMLElement | null} */
  let shown = null;

  const hide = () => {
    shown?.removeAttribute("aria-describedby");
    shown = null;
    tip.hidden = true;
  };

  /** @param {HTMLElement} button */
  const show = (button) => {
    hide();
    shown = button;
    tip.textContent = visible(button.dataset.context ?? "");
    tip.hidden = false;
    button.setAttribute("aria-describedby", tip.id);
    putBeside(tip, button);
  };

  /** @param {Event} event */
  const begin = (event) => {
    const button = /** @type {HTMLElement} */ (event.target).closest("[data-context]");
    if (button instanceof HTMLElement && button !== shown) {
      show(button);
    }
  };
  /** @param {MouseEvent | FocusEvent} event */
  const end = (event) => {
    const to = event.relatedTarget;
    const stays = to instanceof Node && (tip.contains(to) || shown?.contains(to));
    if (!stays && !shown?.matches(":focus-visible")) {
      hide();
    }
  };
  place.addEventListener("pointerover", begin);
  place.addEventListener("focusin", begin);
  place.addEventListener("click", begin);
  place.addEventListener("pointerout", end);
  place.addEventListener("focusout", hide);
  tip.addEventListener("pointerout", end);
  place.addEventListener("scroll", hide, { capture: true, passive: true });
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key === "Escape" && shown) {
        hide();
        event.stopPropagation();
        event.preventDefault();
      }
    },
    { capture: true },
  );
}
