// Sends waiting mails of a batch or of rules, in order and a few at a time. If the host crashes, it tries again after a pause, one
// mail at a time, so that a mail that crashes the host does not affect the others.

import { Trouble } from "../shared/error.js";
import { storable } from "../shared/storable.js";
import { Run } from "./run.js";

/** @typedef {import("./batch.js").Item} Item */
/** @typedef {import("../shared/shapes.js").Delivery} Delivery */
/** @typedef {import("./sending.js").Sent} Sent */
/**
 * What is gone through; more items may come while it runs. `save` takes away those that have ended, so that the next is always among
 * the first.
 *
 * @typedef {object} Load
 * @property {Item[]} items
 * @property {string} state is `running`
 */

/** How many mails are sent at the same time. */
const WIDTH = 3;

/** How often a mail is retried, and the first pause in milliseconds, which doubles each time. */
export const RETRIES = 5;
export const PAUSE_MS = 250;

/** Kinds of trouble after which the same mail may succeed. */
export const PASSING = new Set(["host_crashed", "too_many", "unknown_message", "out_of_order"]);

/** Kinds that every mail of the batch would meet. */
const GENERAL = new Set(["host_missing", "host_broken", "host_too_old", "host_too_new", "not_allowed", "configuration"]);

/** Most skipped indicators to keep for each delivery. `skipped_total` has the number of all. */
const SKIPPED_KEPT = 50;

export class BatchRun extends Run {
  /** @type {Set<Promise<void>>} */
  #flying = new Set();
  /** @type {Map<Item, number>} */
  #attempts = new Map();
  /** @type {Set<Item>} */
  #underWay = new Set();
  #batch;
  #send;
  #save;
  #changed;
  #obstructed;
  #isObstructed = false;

  /**
   * @param {Load} batch
   * @param {object} ways
   * @param {(item: Item, options: import("./rpc.js").CallOptions) => Promise<Pick<Sent, "deliveries">>} ways.send
   * @param {(items: Item[]) => Promise<void>} ways.save stores the outcome of the items
   * @param {() => void} ways.changed
   * @param {(trouble: Trouble) => void} [ways.obstructed] told of trouble that every mail would meet: the run ends then, and those
   *   that are left go on waiting; without it they fail
   */
  constructor(batch, { send, save, changed, obstructed }) {
    super();
    this.#batch = batch;
    this.#send = send;
    this.#save = save;
    this.#changed = changed;
    this.#obstructed = obstructed;
  }

  /** Settles when no item is left. The batch is then `done` or `cancelled`. */
  async go() {
    const { signal } = this;
    for (;;) {
      const item = signal.aborted || this.#isObstructed ? undefined : this.#batch.items.find(({ state }) => state === "waiting");
      if (item && this.#flying.size < this.#width(item)) this.#start(item);
      else if (this.#flying.size > 0) await Promise.race(this.#flying);
      else break;
    }
    if (signal.aborted) await this.#endWaiting("cancelled", null);
    this.#batch.state = signal.aborted ? "cancelled" : "done";
    this.#changed();
  }

  /** @param {Item} item the next one */
  #width(item) {
    const careful = this.#attempts.has(item) || [...this.#underWay].some((one) => this.#attempts.has(one));
    return careful ? 1 : WIDTH;
  }

  /** @param {Item} item */
  #start(item) {
    this.#underWay.add(item);
    item.state = "uploading";
    this.#changed();
    const work = this.#work(item).finally(() => this.#flying.delete(work));
    this.#flying.add(work);
  }

  /** @param {Item} item */
  async #work(item) {
    const { signal } = this;
    const onProgress = (/** @type {import("./rpc.js").Progress} */ { stage, done, total }) => {
      item.state = stage === "uploading" && done < total ? "uploading" : "sending";
      item.progress = { done, total };
      this.#changed();
    };
    try {
      const { deliveries } = await this.#send(item, { onProgress, signal });
      await this.#end(item, outcomeOf(deliveries));
    } catch (error) {
      await this.#fail(item, Trouble.of(error));
    }
  }

  /**
   * @param {Item} item
   * @param {Trouble} trouble
   */
  async #fail(item, trouble) {
    const { signal } = this;
    const attempts = this.#attempts.get(item) ?? 0;
    if (signal.aborted) {
      await this.#end(item, { state: "cancelled", deliveries: null, error: null });
    } else if (PASSING.has(trouble.kind) && attempts < RETRIES) {
      this.#attempts.set(item, attempts + 1);
      item.progress = null;
      await pause(PAUSE_MS * 2 ** attempts, signal);
      item.state = "waiting";
      this.#underWay.delete(item);
      this.#changed();
    } else if (this.#obstructed && GENERAL.has(trouble.kind)) {
      this.#underWay.delete(item);
      item.state = "waiting";
      item.progress = null;
      if (!this.#isObstructed) this.#obstructed(trouble);
      this.#isObstructed = true;
    } else {
      await this.#end(item, { state: "failed", deliveries: null, error: plainOf(trouble) });
      if (GENERAL.has(trouble.kind)) await this.#endWaiting("failed", plainOf(trouble));
    }
  }

  /**
   * @param {Item} item
   * @param {Pick<Item, "state" | "deliveries" | "error">} outcome
   */
  async #end(item, outcome) {
    Object.assign(item, outcome, { progress: null });
    this.#attempts.delete(item);
    this.#underWay.delete(item);
    this.#changed();
    await this.#save([item]);
  }

  /**
   * @param {"failed" | "cancelled"} state
   * @param {Item["error"]} error
   */
  async #endWaiting(state, error) {
    const items = this.#batch.items.filter((item) => item.state === "waiting");
    for (const item of items) Object.assign(item, { state, error });
    this.#changed();
    await this.#save(items);
  }
}

/** @param {Trouble} trouble */
export const plainOf = ({ kind, message, data }) => ({ kind, message, data: { said: data.said } });

/**
 * @param {Delivery[]} deliveries of one mail
 * @returns {Pick<Item, "state" | "deliveries" | "error">}
 */
export function outcomeOf(deliveries) {
  const failed = deliveries.find(({ status }) => status === "failed");
  return {
    state: failed ? "failed" : "done",
    deliveries: deliveries.map(storable).map((delivery) => ({ ...delivery, skipped: delivery.skipped.slice(0, SKIPPED_KEPT) })),
    error: failed ? { kind: "server", message: failed.error?.text ?? "", data: { said: failed.error } } : null,
  };
}

/**
 * @param {number} milliseconds
 * @param {AbortSignal} signal ends the pause
 */
export async function pause(milliseconds, signal) {
  await new Promise((resolve) => {
    const timer = setTimeout(() => end(), milliseconds);
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve(undefined);
    };
    signal.addEventListener("abort", end);
    if (signal.aborted) end();
  });
}
