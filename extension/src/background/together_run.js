// Sends all mails of a batch as one event. Either the host has stored all of them, or nothing was sent and the batch is ready again:
// then it says what was wrong, and with which mail.

import { Trouble } from "../shared/error.js";
import { PartTrouble } from "./gather.js";
import { PASSING, PAUSE_MS, RETRIES, outcomeOf, pause, plainOf } from "./batch_run.js";
import { Run } from "./run.js";

/** @typedef {import("./batch.js").Batch} Batch */
/** @typedef {import("./batch.js").Item} Item */

export class TogetherRun extends Run {
  #batch;
  #send;
  #save;
  #changed;

  /**
   * @param {Batch} batch
   * @param {object} ways
   * @param {(items: Item[], options: import("./gather.js").GatherOptions) => Promise<Pick<import("./sending.js").Sent, "deliveries">>} ways.send
   * @param {(items: Item[]) => Promise<void>} ways.save stores the outcome of the items, all at once
   * @param {() => void} ways.changed
   */
  constructor(batch, { send, save, changed }) {
    super();
    this.#batch = batch;
    this.#send = send;
    this.#save = save;
    this.#changed = changed;
  }

  /** Settles when the batch is `done`, or `ready` again. */
  async go() {
    const { signal } = this;
    const items = this.#batch.items.filter(({ state }) => state === "waiting");
    for (let attempt = 0; ; attempt += 1) {
      try {
        if (signal.aborted) throw new Trouble("cancelled", "Cancelled.");
        const { deliveries } = await this.#send(items, { signal, onPart: (at, progress) => this.#show(items[at], progress) });
        for (const item of items) Object.assign(item, outcomeOf(deliveries), { progress: null });
        await this.#save(items);
        this.#batch.state = "done";
        this.#changed();
        return;
      } catch (error) {
        const trouble = Trouble.of(error);
        if (signal.aborted || !PASSING.has(trouble.kind) || attempt >= RETRIES) {
          this.#stop(items, trouble, signal.aborted);
          return;
        }
        for (const item of items) Object.assign(item, { state: "waiting", progress: null });
        await pause(PAUSE_MS * 2 ** attempt, signal);
      }
    }
  }

  /**
   * @param {Item | undefined} item
   * @param {import("./rpc.js").Progress | null} progress
   */
  #show(item, progress) {
    if (!item) return;
    item.state = progress ? "uploading" : "sending";
    item.progress = progress && { done: progress.done, total: progress.total };
    this.#changed();
  }

  /**
   * @param {Item[]} items
   * @param {Trouble} trouble
   * @param {boolean} isCancelled
   */
  #stop(items, trouble, isCancelled) {
    for (const item of items) Object.assign(item, { state: "waiting", progress: null });
    if (!isCancelled) {
      const culprit = trouble instanceof PartTrouble ? items[trouble.at] : undefined;
      if (culprit) culprit.error = plainOf(trouble);
      this.#batch.trouble = plainOf(trouble);
    }
    this.#batch.state = "ready";
    this.#changed();
  }
}
