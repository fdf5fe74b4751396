// Mails that rules handed in, in storage.local: each has its own entry from before it is accepted until it is sent, so that none is
// lost when the event page, the host or Thunderbird ends. Marks of finished mails are kept to recognise repetitions.

import { Seen } from "./seen.js";

/** @typedef {import("./intake.js").Entry} Entry */

/** The number of the next entry, and the lowest that may still be in use. */
const HEAD = "intake";

const TOLD = "intake.told";

/** @param {number} item */
const keyOf = (item) => `intake:${item}`;

export class IntakeStore {
  #first = 0;
  #next = 0;
  #seen = new Seen();
  /** Whether the user knows that mails wait. */
  isTold = false;

  /** @returns {Promise<Entry[]>} what is not done, oldest first */
  async load() {
    const { [HEAD]: head, [TOLD]: told = false } = await browser.storage.local.get([HEAD, TOLD]);
    this.#first = head?.first ?? 0;
    this.#next = head?.next ?? 0;
    await this.#seen.load();
    this.isTold = told;
    const keys = Array.from({ length: this.#next - this.#first }, (_, at) => keyOf(this.#first + at));
    const stored = keys.length > 0 ? await browser.storage.local.get(keys) : {};
    return keys.flatMap((key) => (stored[key] ? [{ ...stored[key], progress: null, deliveries: null }] : []));
  }

  /** @returns {number} for a new entry */
  number() {
    return this.#next++;
  }

  /** @param {Entry[]} entries all those that are in hand, and in their place new ones too */
  async add(entries) {
    await browser.storage.local.set({
      [HEAD]: { first: this.#first, next: this.#next },
      ...Object.fromEntries(entries.map((entry) => [keyOf(entry.item), plainOf(entry)])),
    });
  }

  /** @param {string} mark */
  hasSeen(mark) {
    return this.#seen.has(mark);
  }

  /**
   * Stores the outcomes of entries.
   *
   * @param {Entry[]} entries
   * @param {number} first the oldest that is left
   */
  async end(entries, first) {
    const seen = this.#seen.add(entries.map(({ mark }) => mark));
    this.#first = Math.min(first, this.#next);
    const failed = entries.filter(({ state }) => state === "failed");
    await browser.storage.local.set({
      [HEAD]: { first: this.#first, next: this.#next },
      ...seen.set,
      ...Object.fromEntries(failed.map((entry) => [keyOf(entry.item), plainOf(entry)])),
    });
    if (seen.remove.length > 0) await browser.storage.local.remove(seen.remove);
    await this.remove(entries.filter(({ state }) => state !== "failed"));
  }

  /** @param {Entry[]} entries */
  async remove(entries) {
    if (entries.length === 0) return;
    await browser.storage.local.remove(entries.map(({ item }) => keyOf(item)));
  }

  /** @param {boolean} told */
  async tell(told) {
    if (told === this.isTold) return;
    this.isTold = told;
    await browser.storage.local.set({ [TOLD]: told });
  }
}

/**
 * Progress is not stored: a mail that is not finished is sent again.
 *
 * @param {Entry} entry
 */
function plainOf({ item, mail, by, mode, profile, mark, state, error }) {
  return { item, mail, by, mode, profile, mark, state: state === "failed" ? state : "waiting", error };
}
