// What every run of a batch has: it can be cancelled, once and for good.

export class Run {
  #controller = new AbortController();

  /** @returns {AbortSignal} aborted when the run is cancelled */
  get signal() {
    return this.#controller.signal;
  }

  cancel() {
    this.#controller.abort();
  }

  /** Settles when the run is cancelled. */
  get cancelled() {
    return new Promise((resolve) => this.signal.addEventListener("abort", resolve, { once: true }));
  }
}
