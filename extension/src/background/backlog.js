// What waits in the outbox: remembered over restarts and shown on the toolbar button. While something waits, an alarm starts the host,
// as it delivers only while it runs.

const STORED = "backlog";

export const ALARM = "outbox";

/** The first pause of the outbox between two attempts is a minute as well. */
const PERIOD_MINUTES = 1;

/** @typedef {{pending: number, failed: number}} Counts */

export class Backlog {
  /** @type {Counts} */
  #counts = { pending: 0, failed: 0 };
  #restored;
  #host;
  #announce;

  /**
   * @param {import("./host.js").Host} host
   * @param {(counts: Counts) => void} announce called when the counts change
   */
  constructor(host, announce) {
    this.#host = host;
    this.#announce = announce;
    this.#restored = this.#restore();
  }

  get pending() {
    return this.#counts.pending;
  }

  /** @param {Counts} counts as the host last said */
  async note({ pending, failed }) {
    await this.#restored;
    const before = this.#counts;
    if (pending === before.pending && failed === before.failed) return;
    this.#counts = { pending, failed };
    this.#announce(this.#counts);
    await Promise.all([this.#show(), browser.storage.local.set({ [STORED]: this.#counts })]);
  }

  /** Looks if something was waiting at the last look. */
  async lookAgain() {
    await this.#restored;
    if (this.pending > 0) await this.look();
  }

  /** Connects, upon which the host delivers what is due, and takes the counts. */
  async look() {
    const { outbox } = await this.#host.request("status");
    await this.note(outbox);
  }

  /** Badge and alarm are gone when Thunderbird ends. */
  async #restore() {
    const { [STORED]: counts } = await browser.storage.local.get(STORED);
    if (counts) this.#counts = counts;
    await this.#show();
  }

  async #show() {
    const { pending } = this.#counts;
    await browser.action.setBadgeText({ text: pending > 0 ? String(pending) : "" });
    if (pending === 0) await browser.alarms.clear(ALARM);
    else if (!(await browser.alarms.get(ALARM))) browser.alarms.create(ALARM, { periodInMinutes: PERIOD_MINUTES });
  }
}
