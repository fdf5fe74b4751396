// Mails of rules: how many wait, and why; those that failed, with buttons to retry or drop them.

import { element, part } from "../shared/dom.js";
import { plural } from "../shared/localize.js";
import { call, on } from "../shared/service.js";
import { asTrouble, troubleTitle, troubleWords } from "../shared/trouble.js";

/** @typedef {import("../shared/shapes.js").TroubleLike} TroubleLike */
/**
 * @typedef {object} Standing
 * @property {number} waiting
 * @property {TroubleLike | null} trouble that keeps them waiting
 * @property {{item: number, subject: string, headerMessageId: string, profile: string | null, error: TroubleLike}[]} failed
 */

export class Ruled {
  constructor() {
    part("ruled-retry", HTMLButtonElement).addEventListener("click", () => void this.#ask("intake.retry"));
    part("ruled-forget", HTMLButtonElement).addEventListener("click", () => void this.#ask("intake.forget"));
    on("intake", (standing) => this.#show(standing));
  }

  async load() {
    await this.#ask("intake.standing");
  }

  /** @param {string} method */
  async #ask(method) {
    try {
      this.#show(await call(method));
    } catch (thrown) {
      part("ruled-status", HTMLElement).textContent = troubleTitle(asTrouble(thrown));
    }
  }

  /** @param {Standing} standing */
  #show({ waiting, trouble, failed }) {
    part("ruled-section", HTMLElement).hidden = waiting === 0 && failed.length === 0;
    const words = [waiting > 0 && plural("options_ruled_waiting", waiting), waiting > 0 && trouble && troubleTitle(trouble)];
    part("ruled-waiting", HTMLElement).textContent = words.filter(Boolean).join(" ");
    part("ruled-failed", HTMLElement).hidden = failed.length === 0;
    part("ruled", HTMLTableElement).tBodies[0].replaceChildren(
      ...failed.map(({ item, subject, headerMessageId, profile, error }) =>
        element(
          "tr",
          { "data-item": item },
          element("td", {}, element("div", { class: "subject" }, subject || headerMessageId), element("div", { class: "quiet" }, profile)),
          element("td", {}, troubleTitle(error), troubleWords("div", {}, error)),
        ),
      ),
    );
  }
}
