// Where the review is shown: in the popup of a button, or wide in a tab with the text of the mail beside the list. What the analyst
// has done in the popup goes along into the tab.

import { closePage, isPopup } from "../shared/close.js";
import { element, part } from "../shared/dom.js";
import { readPreferences, writePreferences } from "../shared/preferences.js";
import { asTrouble, troubleTitle } from "../shared/trouble.js";
import { fitIntoRoom, keepWithinRoom } from "./room.js";
import { TextPane } from "./text_pane.js";

/** @typedef {import("../shared/shapes.js").Item} Item */
/** @typedef {import("../shared/shapes.js").Call} Call */
/** What the page holds beside its controls: as JSON, and back. @typedef {{keep: () => any, restore: (kept: any) => void}} Keeper */
/** @typedef {{controls: [string, string | boolean][], kept: Record<string, any>}} State */

/** A list with more lines is for a tab. */
const LONG = 200;

/** Controls whose values the mail is read with. */
const BEFORE_READING = new Set(["mode", "profile", "grouping"]);

const CONTROLS = ["#choices", "#tools", "#foot"].map((place) => `${place} :is(input, select, textarea, details)[id]`).join();

export class View {
  #call;
  #messageId;
  #handover;
  #list;
  #keepers;
  /** @type {TextPane | null} */
  #pane = null;
  /** What a popup has handed over, until it is shown. @type {State | null} */
  #state = null;
  /** @type {WeakMap<Item, number>} */
  #numbers = new WeakMap();
  /** @type {Item[]} */
  #items = [];
  #moving = false;

  /**
   * @param {object} parts
   * @param {Call} parts.call
   * @param {number} parts.messageId
   * @param {import("./handover.js").Handover} parts.handover
   * @param {import("./list.js").ReviewList} parts.list
   * @param {Record<string, Keeper>} parts.keepers
   */
  constructor({ call, messageId, handover, list, keepers }) {
    this.#call = call;
    this.#messageId = messageId;
    this.#handover = handover;
    this.#list = list;
    this.#keepers = keepers;
    const isWide = new URLSearchParams(location.search).get("view") === "tab";
    const page = document.documentElement.classList;
    page.toggle("popup", isPopup());
    page.toggle("wide", isWide);
    part("open-tab", HTMLElement).hidden = isWide;
    part("open-tab", HTMLButtonElement).addEventListener("click", () => void this.move());
    if (isPopup()) {
      keepWithinRoom();
    }
    if (isWide) {
      const place = part("mail-text", HTMLElement);
      place.hidden = false;
      this.#pane = new TextPane(place, ([first]) => first !== undefined && this.#reveal(first));
      list.onCurrent = (item) => void this.#pane?.reveal(this.#numbers.get(item) ?? -1);
    }
  }

  /** @param {import("../shared/preferences.js").GroupBy} by how the list is grouped; the choice is remembered */
  group(by) {
    const select = part("grouping", HTMLSelectElement);
    select.value = by;
    this.#list.group(by);
    select.addEventListener("change", () => {
      const groupBy = /** @type {import("../shared/preferences.js").GroupBy} */ (select.value);
      this.#list.group(groupBy);
      writePreferences({ groupBy }).catch(() => {}); // The organisation has set it: then it is for this review.
    });
  }

  /**
   * Takes what a popup has handed over.
   * @returns {Promise<{[id: string]: string | boolean}>} values of controls with which to read the mail
   */
  async take() {
    if (!this.#pane) {
      return {};
    }
    const { message, state } = await this.#call("take", { messageId: this.#messageId });
    if (message) {
      this.#handover.adopt(message);
    }
    this.#state = state;
    for (const [name, keeper] of Object.entries(this.#keepers)) {
      if (state?.kept[name] !== undefined) {
        keeper.restore(state.kept[name]);
      }
    }
    return Object.fromEntries(state?.controls ?? []);
  }

  /** Brings the controls to where they were, once the preview has filled them. */
  restoreControls() {
    for (const [id, value] of this.#state?.controls ?? []) {
      const control = document.getElementById(id);
      if (BEFORE_READING.has(id)) {
        continue;
      } else if (control instanceof HTMLDetailsElement) {
        control.open = value === true;
      } else if (control instanceof HTMLInputElement && typeof value === "boolean") {
        control.checked = value;
      } else if (control instanceof HTMLInputElement || control instanceof HTMLSelectElement || control instanceof HTMLTextAreaElement) {
        control.value = String(value);
      }
      control?.dispatchEvent(new Event("input", { bubbles: true }));
      control?.dispatchEvent(new Event("change", { bubbles: true }));
    }
    this.#state = null;
  }

  /**
   * Goes into a tab if the preview does not fit into the popup.
   * @param {number} lines of the list
   */
  async settle(lines) {
    if (isPopup()) {
      const [{ values }, isFitting] = await Promise.all([readPreferences(), fitIntoRoom()]);
      if (values.reviewIn === "fit" && (lines > LONG || !isFitting)) {
        await this.move();
      }
    }
  }

  /**
   * Shows the text of the mail, when all items of the preview are there.
   * @param {Item[]} items
   * @param {string | null} subject of the mail, which the page shows already
   */
  async showText(items, subject) {
    this.#items = items;
    items.forEach((item, at) => this.#numbers.set(item, at));
    try {
      await this.#pane?.begin((offset) => this.#handover.ask("preview.text", { offset }), items, subject);
    } catch (thrown) {
      part("mail-text", HTMLElement).replaceChildren(element("p", { class: "quiet" }, troubleTitle(asTrouble(thrown))));
    }
  }

  /** Goes on in a tab. */
  async move() {
    if (this.#moving) {
      return;
    }
    this.#moving = true;
    const kept = Object.fromEntries(Object.entries(this.#keepers).map(([name, keeper]) => [name, keeper.keep()]));
    const controls = [...document.querySelectorAll(CONTROLS)].map(valueOf);
    await this.#call("move", { messageId: this.#messageId, message: this.#handover.held, state: { controls, kept } });
    await closePage();
  }

  /** @param {number} at index of the item whose line is to be seen */
  #reveal(at) {
    const item = this.#items[at];
    if (item && !this.#list.reveal(item)) {
      const filter = part("filter", HTMLInputElement);
      filter.value = "";
      filter.dispatchEvent(new Event("input"));
      this.#list.reveal(item);
    }
  }
}

/**
 * @param {Element} control
 * @returns {[string, string | boolean]}
 */
function valueOf(control) {
  if (control instanceof HTMLDetailsElement) {
    return [control.id, control.open];
  }
  if (control instanceof HTMLInputElement && ["checkbox", "radio"].includes(control.type)) {
    return [control.id, control.checked];
  }
  return [control.id, /** @type {HTMLInputElement} */ (control).value];
}
