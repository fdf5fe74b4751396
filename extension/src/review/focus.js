// A review of a part of the mail: selected text, a link or attached files, as a menu of Thunderbird was opened on. The event is that of
// the whole mail; only the part is ticked. A line says so and gives the usual ticks back.

import { element, part } from "../shared/dom.js";
import { number, text } from "../shared/localize.js";

/** @typedef {import("../shared/shapes.js").Item} Item */
/** @typedef {import("../background/focus.js").Focus} Focus */

/** What the host of a link is taken for. */
const HOSTS = new Set(["domain", "hostname", "ip-dst", "ip-src"]);

/**
 * Whether the analyst points at the item itself. It is then sent even if the settings leave it out; what only stands beside it is not.
 * @param {Focus} focus
 * @param {Item} item
 */
function isPointedAt({ kind }, item) {
  return kind === "files" || (kind === "link" && item.item === "indicator" && !HOSTS.has(item.type));
}

export class FocusedReview {
  #handover;
  #selection;
  #list;
  /** @type {Focus | null} */
  #focus = null;

  /**
   * @param {import("./handover.js").Handover} handover
   * @param {import("./selection.js").Selection} selection
   * @param {import("./list.js").ReviewList} list
   */
  constructor(handover, selection, list) {
    this.#handover = handover;
    this.#selection = selection;
    this.#list = list;
  }

  /**
   * @param {import("../shared/shapes.js").Call} call
   * @param {string | null} place under which the background has the focus, if the review is of a part
   */
  async begin(call, place) {
    if (place !== null && this.#focus === null) {
      this.#focus = await call("focus", { focus: Number(place) }).catch(() => null); // Then the whole mail is meant.
    }
  }

  keep() {
    return this.#focus;
  }

  /** @param {Focus | null} focus */
  restore(focus) {
    this.#focus = focus;
  }

  /**
   * Ticks only what belongs to the part. What the analyst has ticked or unticked before stays.
   * @param {Item[]} items all of the preview
   */
  async apply(items) {
    const focus = this.#focus;
    if (focus) {
      const inside = new Set(await this.#within(focus, items));
      items.forEach((item, at) =>
        this.#selection.propose(item, inside.has(at) && (item.action !== "skip" || isPointedAt(focus, item))),
      );
      this.#list.showTicks();
      this.#say(focus, items.filter((item) => this.#selection.isTicked(item)).length, items.length);
    }
  }

  /**
   * @param {Focus} focus
   * @param {Item[]} items
   * @returns {Promise<number[]>} their numbers
   */
  async #within(focus, items) {
    if (focus.kind === "files") {
      const isNamed = (/** @type {Item} */ item) => item.item === "attachment" && focus.files.some(({ name }) => name === item.name);
      return items.flatMap((item, at) => (isNamed(item) ? [at] : []));
    }
    const asked = focus.kind === "link" ? { link: focus.link } : { text: focus.text };
    return (await this.#handover.ask("preview.within", asked)).items;
  }

  /**
   * @param {Focus} focus
   * @param {number} count
   * @param {number} of
   */
  #say({ kind }, count, of) {
    const words = text(count > 0 ? `review_focus_${kind}` : `review_focus_${kind}_none`, number(count), number(of));
    const whole = element("button", { type: "button", class: "link", id: "focus-whole", onclick: () => this.#whole() }, text("review_focus_whole"));
    const place = part("focus", HTMLElement);
    place.replaceChildren(element("span", {}, words, " ", whole));
    place.hidden = false;
  }

  #whole() {
    this.#focus = null;
    this.#selection.restore({ choices: [], leftOut: this.#selection.leftOut });
    this.#list.showTicks();
    part("focus", HTMLElement).hidden = true;
    this.#list.focus();
  }
}
