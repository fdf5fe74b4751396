// Sends the mails of rules without a review. It stores them before it accepts them, sends them in order, a few at a time and each
// once, keeps them while the host is missing, and continues when the event page or Thunderbird starts again.

import { Trouble } from "../shared/error.js";
import { BatchRun } from "./batch_run.js";
import { IntakeStore } from "./intake_store.js";

/** @typedef {import("./mails.js").Mail} Mail */
/** @typedef {import("../shared/shapes.js").Delivery} Delivery */
/**
 * How a rule wants to send a mail.
 *
 * @typedef {object} Rule
 * @property {"filter" | "tag"} by what handed it in
 * @property {string} mode
 * @property {string | null} profile
 * @property {boolean} again also when the mail was sent by such a rule before
 */
/**
 * A mail that waits to be sent.
 *
 * @typedef {import("./batch.js").Item & {by: "filter" | "tag", mode: string, profile: string | null, mark: string}} Entry
 */
/** @typedef {{deliveries: Delivery[], mail: Mail}} Delivered `mail` under its present id */

export const ALARM = "intake";

const PERIOD_MINUTES = 1;

/** Most mails that wait. It stops a filter that runs over a whole archive from filling the storage. */
const MOST = 10_000;

/** Most failed mails to keep for the user. */
const FAILED_KEPT = 1000;

/** Changes within this many milliseconds are told together. */
const TELL_MS = 150;

/** A rule may move the mail at the same time: it cannot be found until the move is over. */
const LOOKS = 40;
const LOOK_MS = 250;

export class Intake {
  #store = new IntakeStore();
  /** Mails that wait or are being sent, oldest first. @type {Entry[]} */
  #entries = [];
  /** In the order of their numbers, as those that wait. @type {Entry[]} */
  #failed = [];
  /** Marks of these mails, and of those that are being stored. @type {Set<string>} */
  #marks = new Set();
  #isRunning = false;
  #isTelling = false;
  /** @type {Trouble | null} */
  #trouble = null;
  /** The outcomes since the last notification. @type {{deliveries: Delivery[], failed: Entry[]}} */
  #untold = { deliveries: [], failed: [] };
  #loaded;
  #deliver;
  #ended;
  #finished;
  #obstructed;
  #changed;

  /**
   * @param {object} ways
   * @param {(mail: Mail, submission: import("./sending.js").Submission, options: import("./rpc.js").CallOptions) => Promise<Delivered>}
   *   ways.deliver
   * @param {(entry: Entry, delivered: Delivered | null) => Promise<void>} ways.ended tags or moves the mail in Thunderbird; null if it
   *   could not be sent
   * @param {(deliveries: Delivery[], failed: Entry[]) => void} ways.finished called when none is left, with the outcomes since the last call
   * @param {(trouble: Trouble, waiting: number) => void} ways.obstructed called once until a mail gets through again
   * @param {(standing: object) => void} ways.changed
   */
  constructor({ deliver, ended, finished, obstructed, changed }) {
    this.#deliver = deliver;
    this.#ended = ended;
    this.#finished = finished;
    this.#obstructed = obstructed;
    this.#changed = changed;
    this.#loaded = this.#load();
  }

  async #load() {
    for (const entry of await this.#store.load()) {
      (entry.state === "failed" ? this.#failed : this.#entries).push(entry);
      if (entry.state !== "failed") this.#marks.add(entry.mark);
    }
    this.#run();
  }

  /**
   * @param {Mail[]} mails
   * @param {Rule} rule
   * @returns {Promise<void>} settles when they are stored or known already; rejects if too many wait
   */
  async accept(mails, { again, ...rule }) {
    const marked = await Promise.all(mails.map(async (mail) => ({ mail, mark: await markOf(mail, rule) })));
    await this.#loaded;
    const fresh = marked.filter(({ mark }) => !this.#marks.has(mark) && (again || !this.#store.hasSeen(mark)));
    if (this.#marks.size + fresh.length > MOST) throw new Trouble("too_many", `${this.#marks.size} mails wait to be sent.`, { limit: MOST });
    /** @type {Entry[]} */
    const entries = [];
    for (const { mail, mark } of fresh) {
      if (this.#marks.has(mark)) continue; // Named twice in one call.
      this.#marks.add(mark);
      entries.push({ ...rule, item: this.#store.number(), mail, mark, state: "waiting", progress: null, deliveries: null, error: null });
    }
    if (entries.length === 0) return;
    try {
      await this.#store.add(entries);
    } catch (error) {
      for (const { mark } of entries) this.#marks.delete(mark);
      throw error;
    }
    this.#entries.push(...entries);
    this.#tell();
    this.#run();
  }

  /** Tries what waits. */
  async resume() {
    await this.#loaded;
    this.#run();
  }

  /** Sends again what failed. */
  async retry() {
    await this.#loaded;
    /** Mails that a rule has handed in again meanwhile are sent anyway. */
    const isFresh = (/** @type {Entry} */ { mark }) => !this.#marks.has(mark);
    const entries = this.#failed.filter(isFresh);
    const others = this.#failed.filter((entry) => !isFresh(entry));
    for (const entry of entries) Object.assign(entry, { state: "waiting", error: null });
    this.#failed = [];
    for (const { mark } of entries) this.#marks.add(mark);
    await this.#store.add(entries);
    await this.#store.remove(others);
    this.#entries = [...entries, ...this.#entries].sort((one, other) => one.item - other.item);
    this.#tell();
    this.#run();
  }

  /** Forgets what failed. */
  async forget() {
    await this.#loaded;
    await this.#store.remove(this.#failed.splice(0));
    this.#tell();
  }

  /** @returns {Promise<object>} for pages: how many wait and why, and what failed */
  async standing() {
    await this.#loaded;
    return this.#standing();
  }

  #standing() {
    return {
      waiting: this.#entries.length,
      trouble: this.#trouble?.plain() ?? null,
      failed: this.#failed.map(({ item, mail, profile, error }) => ({ item, subject: mail.subject, headerMessageId: mail.headerMessageId, profile, error })),
    };
  }

  /** Tells what changes at about the same time once: a thousand failed mails are told with each change. */
  #tell() {
    if (this.#isTelling) return;
    this.#isTelling = true;
    setTimeout(() => {
      this.#isTelling = false;
      this.#changed(this.#standing());
    }, TELL_MS);
  }

  /** Sends what waits, unless that is happening already. */
  #run() {
    if (this.#isRunning || this.#entries.length === 0) return;
    this.#isRunning = true;
    this.#goThrough().catch((error) => console.error("MISPigeon: mails of rules wait:", Trouble.of(error).message));
  }

  async #goThrough() {
    /** @type {Trouble | null} */
    let met = null;
    const run = new BatchRun(
      { items: this.#entries, state: "running" },
      {
        send: (item, options) => this.#send(/** @type {Entry} */ (item), options),
        save: (items) => this.#end(/** @type {Entry[]} */ (items)),
        changed: () => {},
        obstructed: (trouble) => {
          met = trouble;
        },
      },
    );
    try {
      // If Thunderbird ends now, its next start continues. If only the host ends, the alarm continues.
      browser.alarms.create(ALARM, { periodInMinutes: PERIOD_MINUTES });
      await run.go();
    } finally {
      this.#isRunning = false;
    }
    this.#trouble = met;
    if (met) await this.#stop(met);
    else await this.#finish();
    this.#tell();
  }

  /** @param {Trouble} trouble that keeps all mails waiting */
  async #stop(trouble) {
    if (this.#store.isTold) return;
    await this.#store.tell(true);
    this.#obstructed(trouble, this.#entries.length);
  }

  async #finish() {
    // Mails that came meanwhile.
    if (this.#entries.length > 0) {
      this.#run();
      return;
    }
    await browser.alarms.clear(ALARM);
    const { deliveries, failed } = this.#untold;
    this.#untold = { deliveries: [], failed: [] };
    if (deliveries.length + failed.length > 0) this.#finished(deliveries, failed);
  }

  /**
   * @param {Entry} entry
   * @param {import("./rpc.js").CallOptions} options
   */
  async #send(entry, options) {
    const delivered = await this.#find(entry, options);
    await this.#see(entry, delivered);
    await this.#store.tell(false);
    return delivered;
  }

  /**
   * @param {Entry} entry
   * @param {import("./rpc.js").CallOptions} options
   * @returns {Promise<Delivered>}
   */
  async #find({ mail, mode, profile }, options) {
    for (let looks = 1; ; looks += 1) {
      try {
        return await this.#deliver(mail, { mode, profile }, options);
      } catch (error) {
        if (Trouble.of(error).kind !== "message_gone" || looks >= LOOKS) throw error;
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      }
    }
  }

  /**
   * A failure in Thunderbird does not prevent a mail from being sent.
   *
   * @param {Entry} entry
   * @param {Delivered | null} delivered
   */
  async #see(entry, delivered) {
    try {
      await this.#ended(entry, delivered);
    } catch (error) {
      console.error(`MISPigeon: ${entry.mail.headerMessageId} is not marked:`, Trouble.of(error).message);
    }
  }

  /** @param {Entry[]} entries that have an outcome */
  async #end(entries) {
    for (const entry of entries) {
      const { deliveries, mark } = entry;
      this.#entries.splice(this.#entries.indexOf(entry), 1);
      this.#marks.delete(mark);
      if (deliveries) {
        // A failed delivery is in the outbox, where it can be retried.
        entry.state = "done";
        this.#untold.deliveries.push(...deliveries);
      } else {
        this.#putAway(entry);
        this.#untold.failed.push(entry);
        await this.#see(entry, null);
      }
    }
    const first = Math.min(this.#entries[0]?.item ?? Infinity, this.#failed[0]?.item ?? Infinity);
    await this.#store.end(entries, first);
    await this.#store.remove(this.#failed.splice(0, Math.max(0, this.#failed.length - FAILED_KEPT)));
    this.#tell();
  }

  /** @param {Entry} entry that failed. A few are sent at the same time, so its place is at the end or near it. */
  #putAway(entry) {
    const at = this.#failed.findLastIndex(({ item }) => item < entry.item) + 1;
    this.#failed.splice(at, 0, entry);
  }
}

/**
 * The mark by which a repetition is recognised: filters after junk classification run over every mail that Thunderbird still counts as new.
 *
 * @param {Mail} mail
 * @param {Pick<Rule, "by" | "profile">} rule
 * @returns {Promise<string>} a short hash, which does not reveal the mail
 */
async function markOf({ headerMessageId, messageId }, { by, profile }) {
  const bytes = new TextEncoder().encode(JSON.stringify([by, profile, headerMessageId || messageId]));
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return btoa(String.fromCharCode(...hash.subarray(0, 12)));
}
