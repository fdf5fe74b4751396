// The outbox: what waits or has failed, with buttons to retry or drop it, and the latest deliveries.

import { element, part } from "../shared/dom.js";
import { moment, number, plural, text } from "../shared/localize.js";
import { followLinks } from "../shared/links.js";
import { call, on } from "../shared/service.js";
import { sayingElement, wording } from "../shared/said.js";
import { asTrouble, saidOf, troubleTitle } from "../shared/trouble.js";
import { confirmed } from "./dialogs.js";

/** @typedef {import("../shared/shapes.js").OutboxRow} OutboxRow */
/** @typedef {import("../shared/shapes.js").Backlog} Backlog */

export class Outbox {
  #rows = tableBody("outbox");
  #delivered = tableBody("delivered");
  #history = part("delivered-section", HTMLDetailsElement);

  constructor() {
    part("retry-all", HTMLButtonElement).addEventListener("click", () => void this.#retry(null));
    part("outbox-more", HTMLButtonElement).addEventListener("click", () => void this.#more(false));
    part("delivered-more", HTMLButtonElement).addEventListener("click", () => void this.#more(true));
    this.#history.addEventListener("toggle", () => void this.#try(() => this.#loadHistory()));
    part("outbox-section", HTMLElement).addEventListener("click", (event) => void this.#onClick(event));
    followLinks(part("outbox-section", HTMLElement), (thrown) => this.#say(troubleTitle(asTrouble(thrown))));
    on("outbox", () => void this.#try(() => this.load()));
  }

  async load() {
    /** @type {{rows: OutboxRow[], next: number | null}} */
    const { rows, next } = await call("host", { method: "outbox.list", params: {} });
    this.#rows.replaceChildren(...rows.map(waitingRow));
    offerMore("outbox-more", next);
    part("outbox-empty", HTMLElement).hidden = rows.length > 0;
    part("outbox-filled", HTMLElement).hidden = rows.length === 0;
    part("outbox-section", HTMLElement).hidden = false;
    await this.#loadHistory();
  }

  async #loadHistory() {
    if (this.#history.open) {
      /** @type {{rows: OutboxRow[], next: number | null}} */
      const { rows, next } = await call("host", { method: "outbox.list", params: { delivered: true } });
      this.#delivered.replaceChildren(...rows.map(deliveredRow));
      offerMore("delivered-more", next);
    }
  }

  /** @param {boolean} delivered */
  async #more(delivered) {
    const button = part(delivered ? "delivered-more" : "outbox-more", HTMLButtonElement);
    await this.#try(async () => {
      const params = { delivered, offset: Number(button.dataset.next) };
      /** @type {{rows: OutboxRow[], next: number | null}} */
      const { rows, next } = await call("host", { method: "outbox.list", params });
      (delivered ? this.#delivered : this.#rows).append(...rows.map(delivered ? deliveredRow : waitingRow));
      offerMore(button.id, next);
    });
  }

  /** @param {Event} event */
  async #onClick(event) {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    const row = button?.closest("tr")?.dataset.row;
    if (row && button?.matches(".open")) {
      await this.#try(() => browser.windows.create({ type: "popup", url: `/review/review.html?row=${row}`, width: 800, height: 760 }));
    } else if (row && button?.matches(".retry")) {
      await this.#retry(Number(row));
    } else if (row && button?.matches(".drop")) {
      if (await confirmed(text("options_drop_question"), text("options_drop"))) {
        await this.#try(async () => {
          await call("host", { method: "outbox.drop", params: { row: Number(row) } });
          await this.load();
          this.#say(text("options_dropped"));
        });
      }
    }
  }

  /** @param {number | null} row null for all */
  async #retry(row) {
    const section = part("outbox-section", HTMLElement);
    this.#say(text("options_retrying"));
    section.inert = true;
    await this.#try(async () => {
      const params = { row, rebuild: part("rebuild", HTMLInputElement).checked };
      /** @type {{backlog: Backlog}} */
      const { backlog } = await call("host", { method: "outbox.retry", params });
      await this.load();
      const left = backlog.pending + backlog.failed;
      this.#say(left === 0 ? text("options_all_delivered") : plural("options_left", left));
    });
    section.inert = false;
  }

  /** @param {string} words */
  #say(words) {
    part("outbox-status", HTMLElement).textContent = words;
  }

  /** @param {() => Promise<unknown>} act */
  async #try(act) {
    try {
      await act();
    } catch (thrown) {
      const trouble = asTrouble(thrown);
      this.#say(`${troubleTitle(trouble)}: ${wording(saidOf(trouble)).words}`);
    }
  }
}

/** @param {string} id */
function tableBody(id) {
  return part(id, HTMLTableElement).tBodies[0];
}

/**
 * @param {string} id
 * @param {number | null} next
 */
function offerMore(id, next) {
  const button = part(id, HTMLButtonElement);
  button.hidden = next === null;
  button.dataset.next = String(next);
}

/** @param {number} seconds */
const when = (seconds) => moment(new Date(seconds * 1000));

/** @param {OutboxRow} row */
function waitingRow({ id, state, subject, created, due, attempts, error, profile }) {
  const name = subject || text("common_no_subject");
  const failed = state === "failed";
  return element(
    "tr",
    { "data-row": id, "data-state": state },
    element(
      "td",
      {},
      element("div", { class: "subject" }, name),
      element("div", { class: "quiet" }, [when(created), profile].filter(Boolean).join(" · ")),
    ),
    element(
      "td",
      {},
      element("span", { class: failed ? "badge bad" : "badge warn" }, text(failed ? "common_failed" : "options_waits")),
      " ",
      element("span", { class: "quiet" }, failed ? plural("options_attempts", attempts) : text("options_due", when(due), number(attempts))),
      error && sayingElement("div", {}, error),
    ),
    element(
      "td",
      {},
      element(
        "div",
        { class: "actions" },
        element("button", { type: "button", class: "small open", "aria-label": text("options_open_what", name) }, text("options_open")),
        element("button", { type: "button", class: "small retry", "aria-label": text("options_retry_what", name) }, text("options_retry")),
        element("button", { type: "button", class: "small drop", "aria-label": text("options_drop_what", name) }, text("options_drop")),
      ),
    ),
  );
}

/** @param {OutboxRow} row */
function deliveredRow({ id, subject, delivered, destination, event_id, event_uuid, url }) {
  const name = event_id ? text("review_event_number", event_id) : (event_uuid ?? "");
  return element(
    "tr",
    { "data-row": id },
    element("td", { class: "subject" }, subject || text("common_no_subject")),
    element("td", {}, when(delivered ?? 0)),
    element(
      "td",
      {},
      url?.startsWith("http")
        ? element("button", { type: "button", class: "link", role: "link", "data-url": url }, name)
        : element("span", {}, name),
      element("div", { class: "quiet" }, destination),
    ),
  );
}
