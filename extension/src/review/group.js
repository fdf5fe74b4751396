// A group of lines under one heading, with a tick box for all. Lines are made when they come into view or are asked for, so that
// twenty thousand cost no more at first than twenty. Until then an empty stretch keeps their place; of a group out of view, its
// element alone.

import { element } from "../shared/dom.js";
import { number, text } from "../shared/localize.js";

/** @typedef {import("../shared/shapes.js").Item} Item */
/** @typedef {import("./selection.js").Selection} Selection */

/** So many lines of a group are made at once, as long as the ration of the list lasts. */
const FIRST = 15;
const STRETCH = 50;
/** About the height of a line, in pixels. */
const LINE = 50;

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
  /** Stretches whose lines are not made yet. @type {Map<Item, HTMLElement>} */
  #stretchOf = new Map();
  /** @type {WeakMap<Element, Item[]>} */
  #itemsOf = new WeakMap();
  #observer;
  #ration;
  /** What box and count show: how many are ticked, of how many. */
  #shows = "";
  /** @type {((item: Item) => boolean) | null} */
  #filter = null;
  #selection;
  #makeRow;
  #lines = element("ul", { class: "rows", role: "list" });
  #count = element("span", { class: "count quiet" });
  #box = element("input", { type: "checkbox", tabindex: -1 });
  #label;

  /**
   * @param {{label: import("../shared/said.js").Wording, key: string, selection: Selection, makeRow: (item: Item) => HTMLElement, observer: IntersectionObserver, ration: {groups: number, lines: number}}} parts
   */
  constructor({ label, key, selection, makeRow, observer, ration }) {
    this.#label = label;
    this.#selection = selection;
    this.#observer = observer;
    this.#ration = ration;
    this.#makeRow = makeRow;
    this.element = element("div", { class: "group", "data-group": key });
    if (ration.groups > 0) {
      ration.groups -= 1;
      this.#build();
    } else {
      observer.observe(this.element);
    }
  }

  get #isBuilt() {
    return this.element.childElementCount > 0;
  }

  /** Makes heading and list. */
  #build() {
    const id = `group-${(made += 1)}`;
    const { lang, words } = this.#label;
    this.#box.id = id;
    this.element.setAttribute("role", "group");
    this.element.setAttribute("aria-labelledby", `${id}-name`);
    this.element.append(
      element(
        "div",
        { class: "group-head row" },
        this.#box,
        element("h3", { id: `${id}-name` }, element("label", { for: id }, element("span", { lang }, words), " ", this.#count)),
      ),
      this.#lines,
    );
    this.#append(this.#shown);
    this.sync();
  }

  get box() {
    return this.#box;
  }

  /** @param {Item[]} items */
  add(items) {
    this.#items.push(...items);
    const passing = this.#filter ? items.filter(this.#filter) : items;
    this.#shown.push(...passing);
    if (this.#isBuilt) {
      this.#append(passing);
      this.sync();
    }
  }

  /**
   * Makes the lines of a stretch, or the group itself.
   * @param {Element} stretch
   */
  make(stretch) {
    if (stretch === this.element && !this.#isBuilt) {
      this.#observer.unobserve(stretch);
      this.#build();
    }
    const items = this.#itemsOf.get(stretch);
    if (items && stretch.isConnected) {
      this.#observer.unobserve(stretch);
      stretch.replaceWith(...items.map((item) => this.#lineOf(item)));
    }
  }

  /**
   * @param {Item} item
   * @returns {HTMLElement | null} its line, which is made if need be; null if it is not in the group or not shown
   */
  reveal(item) {
    if (!this.#isBuilt && this.#shown.includes(item)) {
      this.make(this.element);
    }
    const stretch = this.#stretchOf.get(item);
    if (stretch) {
      this.make(stretch);
    }
    return this.#rows.get(item) ?? null;
  }

  /** @param {((item: Item) => boolean) | null} passes null shows all */
  filter(passes) {
    this.#filter = passes;
    this.#shown = passes ? this.#items.filter(passes) : [...this.#items];
    this.#rows.clear();
    this.#stretchOf.clear();
    this.#lines.replaceChildren();
    if (this.#isBuilt) {
      this.#append(this.#shown);
    }
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
    if (!this.#isBuilt) {
      return;
    }
    for (const [item, { firstElementChild: box }] of this.#rows) {
      if (box instanceof HTMLInputElement) {
        box.checked = this.#selection.isTicked(item);
      }
    }
    const ticked = this.#shown.filter((item) => this.#selection.isTicked(item)).length;
    const shows = `${ticked}/${this.#shown.length}`;
    if (shows === this.#shows) {
      return;
    }
    this.#shows = shows;
    this.#box.checked = ticked > 0 && ticked === this.#shown.length;
    this.#box.indeterminate = ticked > 0 && ticked < this.#shown.length;
    this.#count.textContent =
      ticked === this.#shown.length
        ? number(ticked)
        : text("review_count_of", number(ticked), number(this.#shown.length));
  }

  /** @param {Item[]} items */
  #append(items) {
    const now = this.#stretchOf.size > 0 ? 0 : Math.min(Math.max(0, FIRST - this.#rows.size), this.#ration.lines, items.length);
    this.#ration.lines -= now;
    this.#lines.append(...items.slice(0, now).map((item) => this.#lineOf(item)));
    for (let from = now; from < items.length; from += STRETCH) {
      this.#lines.append(this.#stretch(items.slice(from, from + STRETCH)));
    }
  }

  /** @param {Item[]} items */
  #stretch(items) {
    const stretch = element("li", { class: "stretch", "aria-hidden": "true" });
    stretch.style.blockSize = `${items.length * LINE}px`;
    this.#itemsOf.set(stretch, items);
    items.forEach((item) => this.#stretchOf.set(item, stretch));
    this.#observer.observe(stretch);
    return stretch;
  }

  /** @param {Item} item */
  #lineOf(item) {
    const row = this.#makeRow(item);
    this.#stretchOf.delete(item);
    this.#rows.set(item, row);
    this.#itemOf.set(row, item);
    return row;
  }
}
