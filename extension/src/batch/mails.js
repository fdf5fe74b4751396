// What is known of the mails of a batch while it is prepared: what was found in each, which are sent, and how much that is.

import { nameOf } from "../review/selection.js";

/** @typedef {import("./reader.js").Found} Found */
/** @typedef {import("../shared/shapes.js").BatchItem} BatchItem */
/** @typedef {{indicators: number, kinds: Map<string, number>, attachments: number, left: number}} Tally */

export class Mails {
  #selection;
  /** @type {Map<BatchItem["item"], Found>} */
  #found = new Map();
  /** @type {Set<BatchItem["item"]>} */
  #out = new Set();

  /** @param {import("../review/selection.js").Selection} selection the ticks, which count for all mails */
  constructor(selection) {
    this.#selection = selection;
  }

  /** Forgets what was found, before the mails are read in another way. */
  forget() {
    this.#found.clear();
    this.#selection.clear();
  }

  /**
   * @param {BatchItem["item"]} item
   * @param {Found} found
   */
  learn(item, found) {
    this.#found.set(item, found);
    this.#selection.add(found.sketches);
  }

  /** @param {BatchItem["item"]} item */
  found(item) {
    return this.#found.get(item) ?? null;
  }

  /**
   * @param {BatchItem["item"]} item
   * @param {boolean} isIn
   */
  take(item, isIn) {
    if (isIn) {
      this.#out.delete(item);
      // A carrier of which every mail was left out comes whole again.
      if (this.#isEmpty(item)) {
        this.#found.get(item)?.events.forEach(({ identity }) => this.#selection.leaveOut(identity, false));
      }
    } else {
      this.#out.add(item);
    }
  }

  /** @param {BatchItem["item"]} item */
  isIn(item) {
    return !this.#out.has(item) && !this.#isEmpty(item);
  }

  /** @param {BatchItem["item"]} item */
  #isEmpty(item) {
    const events = this.#found.get(item)?.events ?? [];
    return events.length > 0 && events.every(({ identity }) => this.#selection.isLeftOut(identity));
  }

  /**
   * @param {BatchItem["item"]} item
   * @returns {string[]} the mails in it that are not sent
   */
  leftOut(item) {
    const events = this.#found.get(item)?.events ?? [];
    return events.map(({ identity }) => identity).filter((identity) => this.#selection.isLeftOut(identity));
  }

  /**
   * @param {BatchItem["item"]} item
   * @returns {Tally | null} what would be sent of it; null as long as it is not read
   */
  tally(item) {
    const found = this.#found.get(item);
    if (!found) {
      return null;
    }
    /** @type {Tally} */
    const tally = { indicators: 0, kinds: new Map(), attachments: 0, left: 0 };
    for (const sketch of this.#sent(found)) {
      if (!this.#selection.isTicked(sketch)) {
        tally.left += 1;
      } else if (sketch.item === "attachment") {
        tally.attachments += 1;
      } else {
        tally.indicators += 1;
        tally.kinds.set(sketch.type, (tally.kinds.get(sketch.type) ?? 0) + 1);
      }
    }
    return tally;
  }

  /**
   * @param {BatchItem[]} items
   * @returns {number} how many indicators would be sent of all, each counted once
   */
  indicators(items) {
    const names = new Set();
    for (const { item } of items) {
      const found = this.isIn(item) ? this.#found.get(item) : undefined;
      for (const sketch of found ? this.#sent(found) : []) {
        if (sketch.item === "indicator" && this.#selection.isTicked(sketch)) {
          names.add(nameOf(sketch)?.join("\n"));
        }
      }
    }
    return names.size;
  }

  /** @param {Found} found */
  #sent({ events, sketches }) {
    return sketches.filter(({ event }) => !this.#selection.isLeftOut(events[event]?.identity ?? ""));
  }
}
