// Which mails of a batch have a delivery that waits in the outbox, by its number there, so that news of one delivery concerns no other
// mail: there may be ten thousand of both.

import { waits } from "./later.js";

/** @typedef {import("./batch.js").Batch} Batch */
/** @typedef {import("./batch.js").Item} Item */

export class Waiting {
  /** @type {WeakMap<Batch, Map<number, Set<Item>>>} */
  #rows = new WeakMap();

  /**
   * @param {Batch} batch
   * @param {Item[]} items that have an outcome
   */
  note(batch, items) {
    const rows = this.#rows.get(batch) ?? new Map();
    this.#rows.set(batch, rows);
    for (const item of items) {
      for (const delivery of item.deliveries ?? []) {
        if (!waits(delivery)) continue;
        const known = rows.get(delivery.row);
        if (known) known.add(item);
        else rows.set(delivery.row, new Set([item]));
      }
    }
  }

  /**
   * @param {Batch} batch
   * @param {import("../shared/shapes.js").Delivery[]} news
   * @returns {Item[]} those that the news may concern
   */
  of(batch, news) {
    const rows = this.#rows.get(batch);
    return [...new Set(news.flatMap(({ row }) => [...(rows?.get(row) ?? [])]))];
  }
}
