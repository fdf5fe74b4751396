// The batches: makes them, runs one after the other, and continues after a restart those that were running. batch_run.js sends the mails
// of one, each as an event, together_run.js all as one event; batch_store.js stores them.

import { Trouble } from "../shared/error.js";
import { BatchRun, outcomeOf } from "./batch_run.js";
import { dropOutcomes, loadBatches, removeBatch, saveBatch, saveChosen, saveOutcomes, saveState } from "./batch_store.js";
import { latestOf } from "./later.js";
import { TogetherRun } from "./together_run.js";
import { Waiting } from "./waiting.js";

/** @typedef {import("./mails.js").Mail} Mail */
/** @typedef {import("../shared/shapes.js").Delivery} Delivery */
/**
 * @typedef {object} Item
 * @property {number} item
 * @property {Mail} mail
 * @property {"waiting" | "uploading" | "sending" | "done" | "failed" | "cancelled" | "left_out"} state
 * @property {string[]} [leftOut] of a carrier: mails in it that are not sent
 * @property {{done: number, total: number} | null} progress
 * @property {Delivery[] | null} deliveries
 * @property {import("../shared/shapes.js").TroubleLike | null} error
 */
/**
 * What a person chose for all mails of a batch.
 *
 * @typedef {object} Plan
 * @property {boolean} together whether all mails make one event, or are added to one
 * @property {import("../shared/shapes.js").Overrides} overrides
 * @property {boolean} [unchecked] whether MISP is not asked first about the event to add to
 */
/**
 * @typedef {object} Batch
 * @property {string} id
 * @property {number} created milliseconds since 1970
 * @property {string} mode
 * @property {string} profile "" for none
 * @property {"ready" | "running" | "done" | "cancelled"} state
 * @property {Plan} plan
 * @property {import("../shared/shapes.js").TroubleLike | null} trouble why it is ready again
 * @property {Item[]} items
 */
/** @typedef {{batch: string, mode: string, profile: string, plan?: Plan, out?: number[], leftOut?: Record<string, string[]>}} Start */

/** How mails are sent when nobody chose. @type {Plan} */
const EACH = Object.freeze({ together: false, overrides: {} });

const UNTOUCHED = Object.freeze({ state: /** @type {const} */ ("waiting"), leftOut: [], progress: null, deliveries: null, error: null });

/** Most batches to keep that are not running. */
const KEPT = 20;

/** Changes within this many milliseconds are reported together. */
const TELL_MS = 150;

/** But pages get all mails each time. So of many they are told less often: after so many milliseconds for each. */
const TELL_MS_FOR_EACH = 0.1;

export class Batches {
  /** @type {Map<string, Batch>} */
  #batches = new Map();
  /** @type {Map<string, BatchRun | TogetherRun>} */
  #runs = new Map();
  /**
   * One batch after the other.
   *
   * @type {Promise<unknown>}
   */
  #queue = Promise.resolve();
  /** @type {Set<Batch>} */
  #untold = new Set();
  #waiting = new Waiting();
  #loaded;
  #send;
  #sendTogether;
  #tell;
  #finished;

  /**
   * @param {object} ways
   * @param {(mail: Mail, submission: import("./sending.js").Submission, options: import("./rpc.js").CallOptions) =>
   *   Promise<import("./sending.js").Sent>} ways.send
   * @param {(parts: import("./gather.js").Part[], submission: import("./sending.js").Together, options: import("./gather.js").GatherOptions) =>
   *   Promise<import("./sending.js").Sent>} ways.sendTogether
   * @param {(batch: object) => void} ways.tell a batch changed
   * @param {(batch: Batch) => void} ways.finished called when a batch ends without being cancelled
   */
  constructor({ send, sendTogether, tell, finished }) {
    this.#send = send;
    this.#sendTogether = sendTogether;
    this.#tell = tell;
    this.#finished = finished;
    this.#loaded = this.#load();
  }

  async #load() {
    for (const batch of await loadBatches()) {
      this.#batches.set(batch.id, batch);
      this.#waiting.note(batch, batch.items);
      if (batch.state === "running") this.#run(batch);
    }
  }

  /**
   * @param {Mail[]} mails
   * @param {{mode: string, profile: string, start: boolean}} how
   * @returns {Promise<string>} id
   */
  async create(mails, { mode, profile, start }) {
    await this.#loaded;
    await this.#prune();
    const items = mails.map((mail, item) => ({ item, mail, ...UNTOUCHED }));
    /** @type {Batch} */
    const batch = { id: crypto.randomUUID(), created: Date.now(), mode, profile, state: start ? "running" : "ready", plan: EACH, trouble: null, items };
    this.#batches.set(batch.id, batch);
    await saveBatch(batch, [...this.#batches.keys()]);
    if (start) this.#run(batch);
    return batch.id;
  }

  /**
   * @param {Start} choice `out` has the items that are not sent, `leftOut` by item the mails of carriers that are not
   */
  async start({ batch: id, mode, profile, plan = EACH, out = [], leftOut = {} }) {
    const batch = await this.#get(id);
    if (batch.state !== "ready") return;
    Object.assign(batch, { mode, profile, plan, trouble: null });
    const isOut = new Set(out);
    for (const item of batch.items) {
      Object.assign(item, UNTOUCHED, { state: isOut.has(item.item) ? "left_out" : "waiting", leftOut: leftOut[item.item] ?? [] });
    }
    // Before it runs: after a restart it goes on with what was chosen.
    await saveChosen(batch);
    await this.#resume(batch);
  }

  /** @param {string} id */
  async cancel(id) {
    const batch = await this.#get(id);
    this.#runs.get(batch.id)?.cancel();
  }

  /**
   * @param {string} id
   * @param {number | null} item null for all that failed or were cancelled
   */
  async retry(id, item) {
    const batch = await this.#get(id);
    const again = batch.items.filter((one) => (item === null || one.item === item) && (one.state === "failed" || one.state === "cancelled"));
    if (again.length === 0) return;
    await dropOutcomes(batch, again);
    for (const one of again) Object.assign(one, { state: "waiting", deliveries: null, error: null });
    // All mails of one event are sent again: the host knows the event by its mails.
    if (batch.plan.together) for (const one of batch.items) if (one.state !== "left_out") one.state = "waiting";
    await this.#resume(batch);
  }

  /** @param {string} id */
  async forget(id) {
    const batch = await this.#get(id);
    if (batch.state === "running") throw new Trouble("extension", "A batch that is running cannot be forgotten.");
    this.#batches.delete(id);
    await removeBatch(batch, [...this.#batches.keys()]);
  }

  /**
   * Updates the batches when mails that waited in the outbox were delivered or failed.
   *
   * @param {Delivery[]} news
   */
  async learn(news) {
    await this.#loaded;
    const latest = latestOf(news);
    for (const batch of this.#batches.values()) {
      const concerned = this.#waiting.of(batch, news).filter(({ deliveries }) => deliveries?.some((known) => latest(known) !== known));
      for (const item of concerned) Object.assign(item, outcomeOf(item.deliveries?.map(latest) ?? []));
      if (concerned.length > 0) {
        this.#changed(batch);
        await saveOutcomes(batch, concerned);
      }
    }
  }

  /** @returns {Promise<object[]>} oldest first */
  async list() {
    await this.#loaded;
    return [...this.#batches.values()].map(shown);
  }

  /**
   * @param {string} id
   * @returns {Promise<Batch>}
   */
  async #get(id) {
    await this.#loaded;
    const batch = this.#batches.get(id);
    if (!batch) throw new Trouble("extension", "There is no such batch.");
    return batch;
  }

  /** @param {Batch} batch */
  async #resume(batch) {
    if (batch.state === "running") {
      this.#changed(batch);
      return;
    }
    batch.state = "running";
    this.#run(batch);
    this.#changed(batch);
    await saveState(batch);
  }

  /** @param {Batch} batch its state is `running` */
  #run(batch) {
    const run = batch.plan.together ? this.#runTogether(batch) : this.#runEach(batch);
    this.#runs.set(batch.id, run);
    // A batch that is cancelled before its turn need not wait for it.
    const work = Promise.race([this.#queue, run.cancelled]).then(() => this.#goThrough(batch, run));
    this.#queue = Promise.all([this.#queue, work]);
  }

  /** @param {Batch} batch */
  #runTogether(batch) {
    const { mode, profile, plan } = batch;
    return new TogetherRun(batch, {
      send: (items, options) =>
        this.#sendTogether(items, { mode, profile, overrides: plan.overrides, ...(plan.unchecked ? { unchecked: true } : {}) }, options),
      save: (items) => this.#keep(batch, items),
      changed: () => this.#changed(batch),
    });
  }

  /** @param {Batch} batch */
  #runEach(batch) {
    const { mode, profile, plan } = batch;
    const left = batch.items.filter(({ state }) => state === "waiting");
    const load = { items: left, state: batch.state };
    const run = new BatchRun(load, {
      send: ({ mail, leftOut = [] }, options) => {
        const overrides = { ...plan.overrides, ...(leftOut.length > 0 ? { left_out: leftOut } : {}) };
        return this.#send(mail, { mode, profile: profile || null, overrides: Object.keys(overrides).length > 0 ? overrides : null }, options);
      },
      save: (items) => {
        for (const item of items) left.splice(left.indexOf(item), 1);
        return this.#keep(batch, items);
      },
      changed: () => {
        // The run ends as `done` or `cancelled`.
        batch.state = /** @type {Batch["state"]} */ (load.state);
        this.#changed(batch);
      },
    });
    return run;
  }

  /**
   * @param {Batch} batch
   * @param {Item[]} items that have an outcome
   */
  #keep(batch, items) {
    this.#waiting.note(batch, items);
    return saveOutcomes(batch, items);
  }

  /**
   * @param {Batch} batch
   * @param {BatchRun | TogetherRun} run
   */
  async #goThrough(batch, run) {
    try {
      await run.go();
      await saveState(batch);
      if (batch.state === "done" || batch.trouble) this.#finished(batch);
    } catch (error) {
      console.error("MISPigeon: a batch was broken off:", Trouble.of(error).message);
    }
  }

  async #prune() {
    const idle = [...this.#batches.values()].filter(({ state }) => state !== "running");
    for (const { id } of idle.slice(0, Math.max(0, idle.length - KEPT + 1))) await this.forget(id);
  }

  /** @param {Batch} batch */
  #changed(batch) {
    if (this.#untold.size === 0) {
      setTimeout(() => {
        const changed = [...this.#untold];
        this.#untold.clear();
        for (const one of changed) this.#tell(shown(one));
      }, Math.max(TELL_MS, TELL_MS_FOR_EACH * batch.items.length));
    }
    this.#untold.add(batch);
  }
}

/**
 * @param {Batch} batch
 * @returns {object} as pages get it
 */
function shown({ items, ...batch }) {
  return {
    ...batch,
    items: items.map(({ mail, ...item }) => {
      const { messageId, headerMessageId, subject, author, date } = mail;
      return { ...item, messageId, headerMessageId, subject, author, date };
    }),
  };
}
