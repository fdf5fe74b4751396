// Marks of mails that rules sent, to recognise repetitions. They are stored in blocks, so that a new one does not rewrite all.

const HEAD = "intake.seen";

/** Marks of a block. */
const BLOCK = 500;

/** Most blocks to keep. */
const BLOCKS = 200;

/** @param {number} number */
const keyOf = (number) => `${HEAD}:${number}`;

export class Seen {
  /** @type {Map<number, Set<string>>} by their numbers, oldest first */
  #blocks = new Map();
  /** @type {Map<string, number>} the latest block of each mark */
  #latest = new Map();
  /** @type {Set<number>} blocks that are not stored as they are */
  #changed = new Set();

  async load() {
    const { [HEAD]: head = { first: 0, next: 0 } } = await browser.storage.local.get(HEAD);
    if (Array.isArray(head)) {
      // As the first version stored them, all together.
      this.#put(0, head);
      this.#changed.add(0);
      return;
    }
    const numbers = Array.from({ length: head.next - head.first }, (_, at) => head.first + at);
    const stored = numbers.length > 0 ? await browser.storage.local.get(numbers.map(keyOf)) : {};
    for (const number of numbers) this.#put(number, stored[keyOf(number)] ?? []);
  }

  /**
   * @param {number} number
   * @param {string[]} marks
   */
  #put(number, marks) {
    this.#blocks.set(number, new Set(marks));
    for (const mark of marks) this.#latest.set(mark, number);
  }

  /** @param {string} mark */
  has(mark) {
    return this.#latest.has(mark);
  }

  /**
   * @param {string[]} marks
   * @returns {{set: Record<string, unknown>, remove: string[]}} what has to be stored, and what is stored in vain from then on
   */
  add(marks) {
    let newest = [...this.#blocks.keys()].at(-1) ?? 0;
    for (const mark of marks) {
      if ((this.#blocks.get(newest)?.size ?? 0) >= BLOCK) newest += 1;
      if (!this.#blocks.has(newest)) this.#blocks.set(newest, new Set());
      this.#blocks.get(newest)?.add(mark);
      this.#latest.set(mark, newest);
      this.#changed.add(newest);
    }
    const remove = this.#forget();
    const numbers = [...this.#blocks.keys()];
    const set = Object.fromEntries([...this.#changed].map((number) => [keyOf(number), [...(this.#blocks.get(number) ?? [])]]));
    this.#changed.clear();
    return { set: { ...set, [HEAD]: { first: numbers[0] ?? 0, next: (numbers.at(-1) ?? -1) + 1 } }, remove };
  }

  /** @returns {string[]} keys of the oldest blocks, which are too many */
  #forget() {
    const old = [...this.#blocks.keys()].slice(0, -BLOCKS);
    for (const number of old) {
      for (const mark of this.#blocks.get(number) ?? []) if (this.#latest.get(mark) === number) this.#latest.delete(mark);
      this.#blocks.delete(number);
      this.#changed.delete(number);
    }
    return old.map(keyOf);
  }
}
