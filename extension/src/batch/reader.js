// Reads the mails of a batch in the background, a few at a time, so that one sees what is in them before anything is sent.

import { Handover } from "../review/handover.js";
import { readMail } from "../review/reading.js";
import { nameOf } from "../review/selection.js";
import { asTrouble } from "../shared/trouble.js";

/** @typedef {import("../shared/shapes.js").BatchItem} BatchItem */
/** @typedef {import("../shared/shapes.js").Call} Call */
/** @typedef {import("../shared/shapes.js").Item} Item */
/** @typedef {import("../shared/shapes.js").PreviewHead} PreviewHead */
/** What is kept of an item, for counts and ticks. @typedef {Item} Sketch */
/** @typedef {Pick<import("../shared/shapes.js").EventDraft, "identity" | "already">} FoundEvent */
/** @typedef {{events: FoundEvent[], destination: PreviewHead["destination"], sketches: Sketch[]}} Found */
/**
 * @typedef {object} Listener
 * @property {(item: BatchItem, found: Found) => void} onFound
 * @property {(item: BatchItem, trouble: import("../shared/shapes.js").TroubleLike) => void} onTrouble
 * @property {(done: number, total: number) => void} onProgress
 */

const WIDTH = 3;

export class BatchReader {
  #call;
  #listener;
  #abort = new AbortController();
  /** What is not read yet. @type {BatchItem[]} */
  #left = [];
  /** @type {Set<BatchItem>} */
  #flying = new Set();
  #total = 0;
  #done = 0;

  /**
   * @param {Call} call
   * @param {Listener} listener
   */
  constructor(call, listener) {
    this.#call = call;
    this.#listener = listener;
  }

  /** Whether mails are left that nobody reads. */
  get isStopped() {
    return this.#abort.signal.aborted && this.#done < this.#total;
  }

  /**
   * Reads these mails anew. Ends when all are read, or when it is stopped.
   * @param {BatchItem[]} items
   * @param {import("../review/handover.js").How} how
   */
  async read(items, how) {
    this.stop();
    this.#left = items.toReversed();
    this.#total = items.length;
    this.#done = 0;
    await this.goOn(how);
  }

  stop() {
    this.#abort.abort();
    this.#left.push(...this.#flying);
    this.#flying.clear();
  }

  /** @param {import("../review/handover.js").How} how */
  async goOn(how) {
    const abort = new AbortController();
    this.#abort = abort;
    this.#listener.onProgress(this.#done, this.#total);
    const work = async () => {
      while (!abort.signal.aborted) {
        const item = this.#left.pop();
        if (!item) {
          return;
        }
        this.#flying.add(item);
        await this.#one(item, how, abort.signal);
        if (!abort.signal.aborted) {
          this.#flying.delete(item);
          this.#done += 1;
          this.#listener.onProgress(this.#done, this.#total);
        }
      }
    };
    await Promise.all(Array.from({ length: WIDTH }, work));
  }

  /**
   * @param {BatchItem} item
   * @param {import("../review/handover.js").How} how
   * @param {AbortSignal} signal
   */
  async #one(item, how, signal) {
    const handover = new Handover(this.#call, item.messageId);
    /** @type {Sketch[]} */
    const sketches = [];
    const keep = (/** @type {Item[]} */ items) => sketches.push(...items.map(sketchOf));
    try {
      const options = { signal, onProgress: () => {} };
      const { events, destination } = await readMail(handover, how, { onPreview: ({ items }) => keep(items), onItems: keep }, options);
      if (!signal.aborted) {
        this.#listener.onFound(item, { events: events.map(({ identity, already }) => ({ identity, already })), destination, sketches });
      }
    } catch (thrown) {
      if (!signal.aborted) {
        this.#listener.onTrouble(item, asTrouble(thrown));
      }
    } finally {
      if (handover.held) {
        this.#call("release", { message: handover.held }).catch(() => {}); // It ends with the page anyway.
      }
    }
  }
}

/**
 * A batch may have a hundred thousand items; the whole ones are read again when somebody looks at a mail.
 * @param {Item} item
 * @returns {Sketch}
 */
function sketchOf(item) {
  const [type, value] = nameOf(item) ?? ["attachment", null];
  const { event, action } = item;
  return /** @type {Sketch} */ (item.item === "attachment" ? { item: item.item, event, name: value, action } : { item: item.item, event, type, value, action });
}
