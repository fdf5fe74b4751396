// What is known of the mails of a batch while it is prepared: what was found in each, which are sent, and how much that is.

import { nameOf } from "../review/selection.js";

/** @typedef {import("./reader.js").Found} Found */
/** @typedef {import("../shared/shapes.js").BatchItem} BatchItem */
/** @typedef {{taken: number, names: Set<string>}} Sums */
/** @typedef {{indicators: number, kinds: Map<string, number>, attachments: number, left: number}} Tally */

export class Mails {
  #selection;
  /** @type {Map<BatchItem["item"], Found>} */
  #found = new Map();
  /** @type {Set<BatchItem["item"]>} */
  #out = new Set();
  /** How many mails are sent, and the names of what is ticked in them; null when that must be counted anew. @type {Sums | null} */
  #sums = null;

  /** @param {import("../review/selection.js").Selection} selection the ticks, which count for all mails */
  constructor(selection) {
    this.#selection = selection;
  }

  /** Forgets what was found, before the mails are read in another way. */
  forget() {
    this.#found.clear();
    this.#selection.clear();
    this.recount();
  }

  /** Must be called when ticks have changed. */
  recount() {
    this.#sums = null;
  }

  /**
   * @param {BatchItem["item"]} item
   * @param {Found} found
   */
  learn(item, found) {
    const wasIn = this.isIn(item);
    this.#found.set(item, found);
    this.#selection.add(found.sketches);
    if (this.#sums) {
      this.#sums.taken += Number(this.isIn(item)) - Number(wasIn);
      this.#count(item, this.#sums);
    }
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
    const wasIn = this.isIn(item);
    if (isIn) {
      this.#out.delete(item);
      // A carrier of which every mail was left out comes whole again.
      if (this.#isEmpty(item)) {
        this.#found.get(item)?.events.forEach(({ identity }) => this.#selection.leaveOut(identity, false));
      }
    } else {
      this.#out.add(item);
    }
    if (this.#found.has(item)) {
      this.recount();
    } else if (this.#sums) {
      this.#sums.taken += Number(isIn) - Number(wasIn);
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
   * While mails are read, each adds to what was counted before.
   * @param {BatchItem[]} items always all
   * @returns {{mails: number, indicators: number}} how many mails would be sent, and how many indicators, each counted once
   */
  sums(items) {
    if (!this.#sums) {
      const sums = { taken: 0, names: new Set() };
      for (const { item } of items) {
        sums.taken += Number(this.isIn(item));
        this.#count(item, sums);
      }
      this.#sums = sums;
    }
    return { mails: this.#sums.taken, indicators: this.#sums.names.size };
  }

  /**
   * @param {BatchItem["item"]} item
   * @param {Sums} sums to which it adds
   */
  #count(item, { names }) {
    const found = this.isIn(item) ? this.#found.get(item) : undefined;
    for (const sketch of found ? this.#sent(found) : []) {
      const name = sketch.item === "indicator" && this.#selection.isTicked(sketch) ? nameOf(sketch) : null;
      if (name) {
        names.add(name.join("\n"));
      }
    }
  }

  /** @param {Found} found */
  #sent({ events, sketches }) {
    return sketches.filter(({ event }) => !this.#selection.isLeftOut(events[event]?.identity ?? ""));
  }
}
