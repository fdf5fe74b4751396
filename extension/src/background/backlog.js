// What waits in the outbox: remembered after restarts and shown on the toolbar button. While something waits, an alarm starts the
// host, because it delivers only while it runs.

const STORED = "backlog";

/** Behind what the buttons say of mails that wait. */
export const WAITING = "#8a5a00";

export const ALARM = "outbox";

/** As long as the outbox's first pause between two attempts. */
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

  /** @param {Counts} counts the host's latest */
  async note({ pending, failed }) {
    await this.#restored;
    const before = this.#counts;
    if (pending === before.pending && failed === before.failed) return;
    this.#counts = { pending, failed };
    this.#announce(this.#counts);
    await Promise.all([this.#show(), browser.storage.local.set({ [STORED]: this.#counts })]);
  }

  /** Looks again if something waited at the last look. */
  async lookAgain() {
    await this.#restored;
    if (this.pending > 0) await this.look();
  }

  /** Connects, so that the host delivers what is due, and gets the counts. */
  async look() {
    const { outbox } = await this.#host.request("status");
    await this.note(outbox);
  }

  /** Sets badge and alarm again, which do not outlive Thunderbird. */
  async #restore() {
    const { [STORED]: counts } = await browser.storage.local.get(STORED);
    if (counts) this.#counts = counts;
    await this.#show();
  }

  async #show() {
    const { pending } = this.#counts;
    await browser.action.setBadgeBackgroundColor({ color: WAITING });
    await browser.action.setBadgeText({ text: pending > 0 ? String(pending) : "" });
    if (pending === 0) await browser.alarms.clear(ALARM);
    else if (!(await browser.alarms.get(ALARM))) browser.alarms.create(ALARM, { periodInMinutes: PERIOD_MINUTES });
  }
}
