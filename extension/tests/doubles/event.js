// An event as WebExtensions have them, and its firing.

export class FakeEvent {
  #listeners = new Set();

  addListener = (listener) => {
    this.#listeners.add(listener);
  };

  removeListener = (listener) => {
    this.#listeners.delete(listener);
  };

  get listeners() {
    return this.#listeners.size;
  }

  /** What the listeners answer: the first answer that is one. */
  ask(...values) {
    return [...this.#listeners].map((listener) => listener(...values)).find((answer) => answer !== undefined);
  }

  fire(...values) {
    for (const listener of [...this.#listeners]) listener(...values);
  }
}
