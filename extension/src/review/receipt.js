// What the review page shows once a mail was sent: its receipt, kept up to date with later deliveries, and the ways on from there.

import { closePage } from "../shared/close.js";
import { part } from "../shared/dom.js";
import { text } from "../shared/localize.js";
import { call } from "../shared/service.js";
import { asTrouble, troubleTitle } from "../shared/trouble.js";
import { toldOf } from "./answering.js";
import { enter, fail, openOptions, say } from "./page.js";
import { showResult } from "./result.js";
import { askForTag } from "./tag_question.js";

/** @typedef {import("../shared/shapes.js").Delivery} Delivery */
/** @typedef {import("../shared/shapes.js").Sent} Sent */

export class Receipt {
  #going;
  #messageId;
  #titleOf;
  /** @type {Sent | null} */
  #sent = null;

  /**
   * @param {object} parts
   * @param {import("./going.js").Going} parts.going
   * @param {number | null} parts.messageId null for an entry of the outbox
   * @param {(delivery: Delivery) => string} parts.titleOf title of the event
   */
  constructor({ going, messageId, titleOf }) {
    this.#going = going;
    this.#messageId = messageId;
    this.#titleOf = titleOf;
  }

  /** @param {Sent} sent */
  show(sent) {
    this.#sent = sent;
    const place = part("result", HTMLElement);
    showResult(place, sent, {
      retry: (row) => void this.#deliver(row),
      options: openOptions,
      close: () => void closePage(),
      answer: this.#messageId === null ? null : () => void this.#answer(sent.deliveries),
    });
    void askForTag(place, sent.deliveries, this.#messageId ?? 0);
    enter("done");
    const link = place.querySelector("#event-link") ?? place.querySelector("h2");
    say(place.querySelector("h2")?.textContent ?? "", { toListeners: true });
    if (link instanceof HTMLElement) {
      link.focus();
    }
  }

  /**
   * Updates the result with later deliveries.
   * @param {Delivery[]} news
   */
  update(news) {
    const byRow = new Map(news.map((delivery) => [delivery.row, delivery]));
    if (this.#sent?.deliveries.some(({ row }) => byRow.has(row))) {
      this.show({ ...this.#sent, deliveries: this.#sent.deliveries.map((delivery) => byRow.get(delivery.row) ?? delivery) });
    }
  }

  /**
   * Tries again to deliver what is in the outbox.
   * @param {number} row
   */
  async #deliver(row) {
    const doing = this.#going.begin();
    say(text("review_sending"));
    try {
      this.update((await call("host", { method: "outbox.retry", params: { row } }, doing)).deliveries);
    } catch (thrown) {
      fail(thrown, () => void this.#deliver(row), "done");
    }
    this.#going.end(doing);
  }

  /** @param {Delivery[]} deliveries */
  async #answer(deliveries) {
    try {
      await call("answer", { messageId: this.#messageId, ...toldOf(deliveries, this.#titleOf) });
    } catch (thrown) {
      say(troubleTitle(asTrouble(thrown)));
    }
  }
}
