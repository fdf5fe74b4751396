// A group of lines under one heading, with a tick box for all. Lines are made when they scroll into view, so that twenty
// thousand cost no more at first than twenty.

import { element } from "../shared/dom.js";
import { number, text } from "../shared/localize.js";

/** @typedef {import("../shared/shapes.js").Item} Item */
/** @typedef {import("./selection.js").Selection} Selection */

const FIRST_SLICE = 15;
const SLICE = 200;

let made = 0;

export class Group {
  /** @type {Item[]} */
  #items = [];
  /** Items that pass the filter. @type {Item[]} */
  #shown = [];
  /** @type {Map<Item, HTMLElement>} */
  #rows = new Map();
  /** @type {WeakMap<Element, Item>} */
  #itemOf = new WeakMap();
  /** @type {((item: Item) => boolean) | null} */
  #filter = null;
  #selection;
  #makeRow;
  #lines = element("ul", { class: "rows", role: "list" });
  #end = element("div", { class: "end" });
  #count = element("span", { class: "count quiet" });
  #box;

  /**
   * @param {{label: import("../shared/said.js").Wording, key: string, selection: Selection, makeRow: (item: Item) => HTMLElement, observer: IntersectionObserver}} parts
   */
  constructor({ label, key, selection, makeRow, observer }) {
    const id = `group-${(made += 1)}`;
    this.#selection = selection;
    this.#makeRow = makeRow;
    this.#box = element("input", { type: "checkbox", id, tabindex: -1 });
    this.element = element(
      "div",
      { class: "group", role: "group", "data-group": key, "aria-labelledby": `${id}-name` },
      element(
        "div",
        { class: "group-head row" },
        this.#box,
        element("h3", { id: `${id}-name` }, element("label", { for: id }, element("span", { lang: label.lang }, label.words), " ", this.#count)),
      ),
      this.#lines,
      this.#end,
    );
    observer.observe(this.#end);
  }

  /** When this element comes into view, more lines are made. */
  get end() {
    return this.#end;
  }

  get box() {
    return this.#box;
  }

  /** @param {Item[]} items */
  add(items) {
    this.#items.push(...items);
    const passing = this.#filter ? items.filter(this.#filter) : items;
    this.#shown.push(...passing);
    if (this.#rows.size < FIRST_SLICE) {
      this.#grow(FIRST_SLICE - this.#rows.size);
    }
    this.sync();
  }

  /** Makes the next slice of lines. */
  more() {
    this.#grow(SLICE);
  }

  /** @param {((item: Item) => boolean) | null} passes null shows all */
  filter(passes) {
    this.#filter = passes;
    this.#shown = passes ? this.#items.filter(passes) : [...this.#items];
    this.#rows.clear();
    this.#lines.replaceChildren();
    this.#grow(FIRST_SLICE);
    this.element.hidden = this.#shown.length === 0;
    this.sync();
  }

  /**
   * Ticks or unticks what the filter shows.
   * @param {boolean} ticked
   * @param {(item: Item) => boolean} [concerned]
   */
  choose(ticked, concerned = () => true) {
    this.#selection.choose(this.#shown.filter(concerned), ticked);
  }

  /**
   * The item of a line.
   * @param {Element} row
   */
  itemOf(row) {
    return this.#itemOf.get(row);
  }

  /**
   * Calls the function for each line that has been made.
   * @param {(item: Item, row: HTMLElement) => void} visit
   */
  forEachRow(visit) {
    this.#rows.forEach((row, item) => visit(item, row));
  }

  /** Updates tick boxes and count. */
  sync() {
    for (const [item, row] of this.#rows) {
      const box = row.querySelector("input");
      if (box) {
        box.checked = this.#selection.isTicked(item);
      }
    }
    const ticked = this.#shown.filter((item) => this.#selection.isTicked(item)).length;
    this.#box.checked = ticked > 0 && ticked === this.#shown.length;
    this.#box.indeterminate = ticked > 0 && ticked < this.#shown.length;
    this.#count.textContent =
      ticked === this.#shown.length
        ? number(ticked)
        : text("review_count_of", number(ticked), number(this.#shown.length));
  }

  /** @param {number} many */
  #grow(many) {
    const from = this.#rows.size;
    const lines = this.#shown.slice(from, from + many).map((item) => {
      const row = this.#makeRow(item);
      this.#rows.set(item, row);
      this.#itemOf.set(row, item);
      return row;
    });
    this.#lines.append(...lines);
    this.#end.hidden = this.#rows.size >= this.#shown.length;
  }
}
