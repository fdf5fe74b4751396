// Shows the progress of work that takes longer than a second, with a button to cancel it.

import { part } from "../shared/dom.js";
import { size, text } from "../shared/localize.js";

const PATIENCE = 1000; // milliseconds before there is anything to see

/** @typedef {import("../shared/shapes.js").Progress} Progress */
/** @typedef {{signal: AbortSignal, onProgress: (progress: Progress) => void}} Doing the options of a call */

export class Going {
  #place = part("going", HTMLElement);
  #bar = part("progress", HTMLProgressElement);
  #cancel = part("cancel", HTMLButtonElement);
  /** @type {AbortController | null} */
  #abort = null;
  #timer = 0;
  /** The work and its progress, once the host has reported some. */
  #words = "";

  /** @param {(words: string) => void} say */
  constructor(say) {
    this.say = say;
    this.#cancel.addEventListener("click", () => this.#abort?.abort());
  }

  /**
   * Begins work; earlier work is cancelled.
   * @returns {Doing}
   */
  begin() {
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    this.#bar.removeAttribute("value");
    clearTimeout(this.#timer);
    this.#words = "";
    this.#timer = window.setTimeout(() => {
      this.#place.hidden = false;
      this.#sayWords();
    }, PATIENCE);
    /** @type {Doing} */
    const doing = {
      signal: abort.signal,
      onProgress: (progress) => {
        if (this.isLatest(doing)) {
          this.#show(progress);
        }
      },
    };
    return doing;
  }

  /**
   * @param {Doing} doing
   * @returns {boolean} whether nothing else has begun since
   */
  isLatest({ signal }) {
    return this.#abort?.signal === signal;
  }

  /** @param {Doing} doing */
  end(doing) {
    if (this.isLatest(doing)) {
      this.#abort = null;
      clearTimeout(this.#timer);
      this.#place.hidden = true;
    }
  }

  /** @param {Progress} progress */
  #show({ stage, done, total }) {
    if (total > 1) {
      this.#bar.max = total;
      this.#bar.value = done;
    } else {
      this.#bar.removeAttribute("value");
    }
    this.#words = text(`common_stage_${stage}`, size(done), size(total));
    this.#sayWords();
  }

  /** Shows the progress, unless the work ends before anybody could read it. */
  #sayWords() {
    if (this.#words && !this.#place.hidden) {
      this.say(this.#words);
    }
  }
}
