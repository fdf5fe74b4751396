// Looks an indicator up in the browser, at services that the options have chosen. A line has a button; its menu is made when it is asked
// for, so that a list of thousands costs no more.

import { element, part } from "../shared/dom.js";
import { text } from "../shared/localize.js";
import { chosenOf, offersFor, subjectOf } from "../shared/lookups.js";
import { call } from "../shared/service.js";
import { putBeside } from "./beside.js";

/** @typedef {import("../shared/lookups.js").Named} Named */
/** @typedef {import("../shared/lookups.js").Offer} Offer */
/** @typedef {{server: string | null, marks: string[], profile: string | null}} About what a look-up depends on beside the indicator */

const EVENT = "look-up";

/** What the options have chosen, for the lines that are made while one scrolls. @type {import("../shared/lookups.js").Chosen} */
let chosen = { services: [], templates: [] };

/** A server that nobody asks: whether a service takes a kind does not depend on it. */
const ANY = "https://misp.invalid";

/**
 * The button of a line.
 * @param {Named} indicator
 * @param {string} shown its value, defanged
 * @returns {HTMLButtonElement | null} null where no chosen service takes it
 */
export function lookUpButton(indicator, shown) {
  if (offersFor(subjectOf(indicator), chosen, ANY, []).offers.length === 0) {
    return null;
  }
  const button = element(
    "button",
    { type: "button", class: "link look-up", tabindex: -1, "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": text("lookup_named", shown) },
    text("lookup_button"),
  );
  const open = () => button.dispatchEvent(new CustomEvent(EVENT, { bubbles: true, detail: { indicator, shown, button } }));
  button.addEventListener("click", open);
  return button;
}

export class LookUps {
  #about;
  #onFailure;
  #menu = element("div", { role: "menu", class: "items" });
  #note = element("p", { class: "quiet" });
  #box = element("div", { id: "look-up", hidden: true, tabindex: -1 }, this.#menu, this.#note);
  /** @type {{indicator: Named, button: HTMLElement} | null} */
  #open = null;

  /**
   * @param {() => About} about
   * @param {(thrown: unknown) => void} onFailure
   */
  constructor(about, onFailure) {
    this.#about = about;
    this.#onFailure = onFailure;
    const place = part("indicators", HTMLElement);
    place.after(this.#box);
    place.addEventListener(EVENT, (event) => this.#toggle(/** @type {CustomEvent} */ (event).detail));
    place.parentElement?.addEventListener("scroll", () => this.#close(), { capture: true, passive: true });
    this.#box.addEventListener("keydown", (event) => this.#onKey(event));
    this.#box.addEventListener("focusout", ({ relatedTarget: to }) => {
      if (!(to instanceof Node && (this.#box.contains(to) || this.#open?.button.contains(to)))) {
        this.#close();
      }
    });
  }

  /** @param {import("../shared/preferences.js").Preferences} preferences */
  begin(preferences) {
    chosen = chosenOf(preferences);
  }

  /** @param {{indicator: Named, shown: string, button: HTMLElement}} asked */
  #toggle({ indicator, shown, button }) {
    const isOpen = this.#open?.button === button;
    this.#close();
    if (isOpen) {
      return;
    }
    const { server, marks } = this.#about();
    const { offers, kept } = offersFor(subjectOf(indicator), chosen, server, marks);
    this.#menu.replaceChildren(...offers.map((offer) => this.#item(offer)));
    this.#menu.hidden = offers.length === 0;
    this.#menu.setAttribute("aria-label", text("lookup_named", shown));
    this.#note.textContent = noteOf(offers, kept);
    this.#open = { indicator, button };
    this.#box.hidden = false;
    button.setAttribute("aria-expanded", "true");
    putBeside(this.#box, button);
    (this.#items()[0] ?? this.#box).focus();
  }

  /** @param {Offer} offer */
  #item({ id, name }) {
    return element("button", { type: "button", role: "menuitem", tabindex: -1, "data-service": id, onclick: () => void this.#go(id) }, name);
  }

  /** @returns {HTMLElement[]} */
  #items() {
    return [...this.#menu.querySelectorAll("button")];
  }

  /** @param {string} service */
  async #go(service) {
    if (!this.#open) {
      return;
    }
    const { indicator, button } = this.#open;
    const { marks, profile } = this.#about();
    button.focus();
    this.#close();
    try {
      await call("look_up", { service, indicator, marks, profile });
    } catch (thrown) {
      this.#onFailure(thrown);
    }
  }

  #close() {
    this.#open?.button.setAttribute("aria-expanded", "false");
    this.#open = null;
    this.#box.hidden = true;
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const items = this.#items();
    const at = items.indexOf(/** @type {HTMLElement} */ (event.target));
    const next = { ArrowDown: at + 1, ArrowUp: at - 1 + items.length, Home: 0, End: items.length - 1 }[event.key];
    event.stopPropagation(); // Enter, Escape and arrows are the menu's own here.
    if (event.key === "Escape" || event.key === "Tab") {
      if (event.key === "Escape") {
        event.preventDefault();
      }
      this.#open?.button.focus(); // From there, Tab goes on.
      this.#close();
    } else if (next !== undefined && items.length > 0) {
      event.preventDefault();
      items[next % items.length].focus();
    }
  }
}

/**
 * @param {Offer[]} offers
 * @param {string | null} kept
 */
function noteOf(offers, kept) {
  if (kept) {
    return text("lookup_kept", kept.toUpperCase());
  }
  return text(offers.some(({ own }) => !own) ? "lookup_tells" : offers.length > 0 ? "lookup_opens" : "lookup_none");
}
