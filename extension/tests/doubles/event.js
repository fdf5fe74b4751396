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

  fire(...values) {
    for (const listener of [...this.#listeners]) listener(...values);
  }
}
