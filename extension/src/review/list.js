// The list of the review: makes the sections of the events, distributes the items to them, and connects ticks, filter, MISP's
// answers and links with the lines.

import { wording } from "../shared/said.js";
import { EventSection } from "./event_section.js";
import { Group } from "./group.js";
import { LineKeys } from "./keyboard.js";
import { attachmentRow, indicatorRow, learn, remarksOf } from "./row.js";
import { copyWholeValues } from "./whole_value.js";
import { showContextLines } from "./context_line.js";

/** @typedef {import("../shared/shapes.js").Item} Item */
/** @typedef {import("../shared/shapes.js").EventDraft} EventDraft */
/** @typedef {import("../shared/shapes.js").Known} Known */
/** @typedef {import("./row.js").Knowledge} Knowledge */

/** So many groups and lines are made before they come into view. */
const AT_ONCE = { groups: 60, lines: 150 };

export class ReviewList {
  #place;
  #selection;
  #onChange;
  /** @type {EventSection[]} */
  #sections = [];
  /** @type {Map<Element, Group>} */
  #groups = new Map();
  /** @type {Map<string, Knowledge>} */
  #knowledge = new Map();
  #filter = "";
  #observer;
  #keys;
  /** @type {EventDraft[]} */
  #events = [];
  /** @type {Item[]} */
  #items = [];
  /** @type {import("../shared/preferences.js").GroupBy} */
  #groupBy = "type";
  /** So much may still be made before they are seen: there may be thousands of groups. */
  #ration = { ...AT_ONCE };
  /** Called when an item's line gets the focus. @type {(item: Item) => void} */
  onCurrent = () => {};

  /**
   * @param {HTMLElement} place
   * @param {HTMLElement | null} scroller the element that scrolls; null for the page
   * @param {import("./selection.js").Selection} selection
   * @param {() => void} onChange called when ticks changed
   */
  constructor(place, scroller, selection, onChange) {
    this.#place = place;
    this.#selection = selection;
    this.#onChange = onChange;
    this.#keys = new LineKeys(place);
    this.#observer = new IntersectionObserver((entries) => this.#onSeen(entries), { root: scroller, rootMargin: "800px" });
    place.addEventListener("change", (event) => this.#onTick(/** @type {HTMLInputElement} */ (event.target)));
    place.addEventListener("focusin", (event) => this.#onFocus(/** @type {Element} */ (event.target)));
    showContextLines(place);
    copyWholeValues(place);
  }

  /** @param {EventDraft[]} events begins anew with these events */
  begin(events) {
    this.#knowledge.clear();
    this.#items = [];
    this.#events = events;
    this.#makeSections();
  }

  /** @param {import("../shared/preferences.js").GroupBy} by groups the lines anew */
  group(by) {
    this.#groupBy = by;
    this.#makeSections();
    this.#distribute(this.#items);
  }

  #makeSections() {
    Object.assign(this.#ration, AT_ONCE);
    this.#observer.disconnect();
    this.#groups.clear();
    this.#place.dataset.grouping = this.#groupBy;
    const isAlone = this.#events.length === 1;
    this.#sections = this.#events.map(
      (draft, at) => new EventSection(draft, at, isAlone, (label, key) => this.#makeGroup(label, key), this.#groupBy),
    );
    this.#place.replaceChildren(...this.#sections.map((section) => section.element));
  }

  /** @param {Item[]} items */
  add(items) {
    this.#items.push(...items);
    this.#distribute(items);
  }

  /** @param {Item[]} items */
  #distribute(items) {
    /** @type {Map<number, Item[]>} */
    const parted = new Map();
    for (const item of items) {
      const part = parted.get(item.event);
      if (part) {
        part.push(item);
      } else {
        parted.set(item.event, [item]);
      }
    }
    parted.forEach((part, at) => this.#sections[at]?.add(part));
    this.#syncMails();
    this.#keys.settle();
  }

  /** @param {Known} known */
  learn({ warninglists, events }) {
    for (const value of new Set([...Object.keys(warninglists), ...Object.keys(events)])) {
      this.#knowledge.set(value, { warninglists: warninglists[value] ?? [], events: events[value] ?? [] });
    }
    for (const group of this.#groups.values()) {
      group.forEachRow((item, row) => {
        const knowledge = this.#knowledgeOf(item);
        if (knowledge && item.item === "indicator" && (item.value in warninglists || item.value in events)) {
          learn(row, knowledge);
        }
      });
    }
  }

  /** @param {string} words what the lines shown must contain */
  filter(words) {
    this.#filter = words.trim().toLowerCase();
    const passes = this.#filter ? (/** @type {Item} */ item) => this.#matches(item) : null;
    Object.assign(this.#ration, AT_ONCE);
    this.#groups.forEach((group) => group.filter(passes));
    this.#keys.settle();
  }

  /**
   * Ticks or unticks what would be sent, as far as the filter shows it; what is left out stays out.
   * @param {boolean} ticked
   */
  chooseAll(ticked) {
    this.#groups.forEach((group) => group.choose(ticked, (item) => !ticked || item.action !== "skip"));
    this.#changed();
  }

  /** Shows the ticks of the selection after a change by others. */
  showTicks() {
    this.#changed();
  }

  focus() {
    this.#keys.focus();
  }

  /**
   * Scrolls to the line of an item and focuses it.
   * @param {Item} item
   * @returns {boolean} false if the filter hides it
   */
  reveal(item) {
    for (const group of this.#groups.values()) {
      const row = group.reveal(item);
      if (row) {
        row.closest("details")?.setAttribute("open", "");
        this.#keys.focus(row);
        row.scrollIntoView({ block: "center" });
        return true;
      }
    }
    return false;
  }

  /**
   * @param {import("../shared/said.js").Wording} label
   * @param {string} key
   */
  #makeGroup(label, key) {
    const group = new Group({
      label,
      key,
      selection: this.#selection,
      observer: this.#observer,
      ration: this.#ration,
      makeRow: (item) => this.#makeRow(item),
    });
    if (this.#filter) {
      group.filter((item) => this.#matches(item));
    }
    this.#groups.set(group.element, group);
    return group;
  }

  /** @param {Item} item */
  #makeRow(item) {
    const ticked = this.#selection.isTicked(item);
    return item.item === "indicator"
      ? indicatorRow(item, ticked, this.#knowledgeOf(item))
      : attachmentRow(item, ticked);
  }

  /** @param {Item} item */
  #knowledgeOf(item) {
    return item.item === "indicator" ? this.#knowledge.get(item.value) : undefined;
  }

  /** @param {Item} item */
  #matches(item) {
    const reason = item.reason && wording(item.reason).words;
    const words =
      item.item === "indicator"
        ? [item.type, item.value, item.shown, remarksOf(item), reason, item.found_in]
        : [item.name, item.content_type, item.filetype, item.sha256, reason];
    return words.some((word) => word?.toLowerCase().includes(this.#filter));
  }

  /** @param {IntersectionObserverEntry[]} entries */
  #onSeen(entries) {
    for (const { isIntersecting, target } of entries) {
      const place = target.closest(".group");
      if (isIntersecting && place) {
        this.#groups.get(place)?.make(target);
      }
    }
  }

  /** @param {Element} target */
  #onFocus(target) {
    const row = target.closest(".rows > .row");
    const group = row && this.#groups.get(row.closest(".group") ?? row);
    const item = group && group.itemOf(row);
    if (item) {
      this.onCurrent(item);
    }
  }

  /** @param {HTMLInputElement} box */
  #onTick(box) {
    const section = this.#sections.find((one) => one.box === box);
    if (section) {
      section.take(this.#selection, box.checked);
      this.#changed();
      return;
    }
    const place = box.closest(".group");
    const row = box.closest(".row");
    const group = place && this.#groups.get(place);
    if (!group || !row) {
      return;
    }
    if (box === group.box) {
      group.choose(box.checked);
    } else {
      const item = group.itemOf(row);
      this.#selection.choose(item ? this.#selection.branch(item) : [], box.checked);
    }
    this.#changed();
  }

  #changed() {
    this.#groups.forEach((group) => group.sync());
    this.#syncMails();
    this.#onChange();
  }

  /** What is left out of a single mail is for its own review to say. */
  #syncMails() {
    if (this.#sections.length > 1) {
      this.#sections.forEach((section) => section.sync(this.#selection));
    }
  }
}
