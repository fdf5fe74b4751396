// Adds the mail to an event that is there: suggests events while one types, shows title and organisation of the chosen one, and
// says what is wrong with it before anything is sent.

import { element, part } from "../shared/dom.js";
import { text } from "../shared/localize.js";
import { call } from "../shared/service.js";
import { sayingElement } from "../shared/said.js";
import { asTrouble, saidOf } from "../shared/trouble.js";
import { Combobox } from "./combobox.js";
import { eventReference } from "./event_reference.js";

/**
 * @typedef {object} FoundEvent
 * @property {string} event_id
 * @property {string} uuid
 * @property {string} info
 * @property {string} date
 * @property {string} organisation
 * @property {boolean} published
 * @property {string} url
 * @property {boolean} open whether the user may add to it
 */
/** @typedef {{event_id: string, info: string}} KnownEvent */
/** @typedef {(event: string, unchecked: boolean) => void} Send */

const MOST = 12;

export class Adding {
  #field = part("event-id", HTMLInputElement);
  #button = part("add-to-event", HTMLButtonElement);
  #error = part("event-id-error", HTMLElement);
  #chosen = element("p", { id: "event-chosen", class: "quiet", role: "status", hidden: true });
  #profile;
  #send;
  /** What is shown and would be added to. @type {FoundEvent | null} */
  #event = null;
  /** Events that have indicators of this mail. @type {Map<string, KnownEvent>} */
  #known = new Map();
  /** Whether there is a server to ask. */
  asks = true;

  /**
   * @param {() => string | null} profile
   * @param {Send} send
   */
  constructor(profile, send) {
    this.#profile = profile;
    this.#send = send;
    const place = element("span", { class: "suggesting" });
    this.#field.before(place);
    place.append(this.#field);
    new Combobox(this.#field, {
      label: text("review_event_id"),
      ask: (words) => this.#suggest(words),
      line: lineOf,
      take: (event) => this.#choose(event),
    });
    this.#error.before(this.#chosen);
    this.#field.addEventListener("input", () => this.#forget());
    this.#button.addEventListener("click", () => void this.add());
  }

  /** @param {Record<string, KnownEvent[]>} events that MISP has of the indicators, by value */
  know(events) {
    Object.values(events).flat().forEach((event) => this.#known.set(event.event_id, event));
  }

  /** @param {string} event that was chosen before */
  restore(event) {
    this.#field.value = event;
  }

  /** Sends what was shown; else shows first what would be added to. */
  async add() {
    this.#complain(null);
    const reference = this.#event ? this.#event.uuid : eventReference(this.#field.value);
    if (reference === null) {
      this.#complain(element("span", {}, text("review_event_id_wrong")));
    } else if (this.#event || !this.asks) {
      this.#send(this.#event?.event_id ?? reference, false);
    } else {
      await this.#look(reference);
    }
  }

  /**
   * What the host said about the event instead of sending.
   * @param {unknown} thrown
   * @returns {boolean} whether it was about the event
   */
  refused(thrown) {
    const trouble = asTrouble(thrown);
    if (trouble.kind !== "no_event" && trouble.kind !== "not_checked") {
      return false;
    }
    const words = sayingElement("span", {}, saidOf(trouble));
    if (trouble.kind === "no_event") {
      this.#forget();
      this.#complain(words);
      return true;
    }
    const reference = this.#event?.event_id ?? eventReference(this.#field.value) ?? "";
    const queue = () => this.#send(reference, true);
    this.#complain(words, " ", text("add_not_checked"), " ", element("button", { type: "button", id: "add-unchecked", class: "small", onclick: queue }, text("add_queue")));
    return true;
  }

  /** @param {string} words @returns {Promise<FoundEvent[]>} */
  async #suggest(words) {
    if (!this.asks) {
      return [];
    }
    const events = await this.#find(eventReference(words) ?? words);
    if (words) {
      return events;
    }
    const known = await Promise.all([...this.#known.keys()].slice(0, 3).map((id) => this.#find(id)));
    const first = known.flatMap(([event]) => event ?? []);
    return [...first, ...events.filter(({ uuid }) => !first.some((one) => one.uuid === uuid))];
  }

  /** @param {string} words @returns {Promise<FoundEvent[]>} */
  async #find(words) {
    const params = { words, limit: MOST, profile: this.#profile() };
    return (await call("host", { method: "events.search", params })).events;
  }

  /** @param {string} reference */
  async #look(reference) {
    this.#button.disabled = true;
    try {
      const found = await this.#find(reference);
      const event = found.find(({ event_id, uuid }) => event_id === reference || uuid === reference);
      if (event) {
        this.#choose(event);
      } else {
        this.#complain(element("span", {}, text("add_no_event", reference)));
      }
    } catch {
      this.#send(reference, false); // The host says why it cannot be asked.
    } finally {
      this.#button.disabled = false;
    }
    if (this.#event) {
      this.#button.focus();
    }
  }

  /** @param {FoundEvent} event */
  #choose(event) {
    this.#complain(null);
    this.#event = event;
    this.#field.value = `#${event.event_id}`;
    this.#chosen.replaceChildren(...lineOf(event));
    this.#chosen.hidden = false;
    this.#button.textContent = text("add_to_number", event.event_id);
    this.#button.focus();
  }

  #forget() {
    this.#event = null;
    this.#chosen.hidden = true;
    this.#button.textContent = text("review_add_to_event");
  }

  /** @param {(Node | string | null)[]} words null for no complaint */
  #complain(...words) {
    const said = words.filter((word) => word !== null);
    this.#error.replaceChildren(...said);
    this.#error.hidden = said.length === 0;
    this.#field.setAttribute("aria-invalid", String(said.length > 0));
    if (said.length > 0) {
      this.#field.focus();
    }
  }
}

/** @param {FoundEvent} event @returns {(Node | string)[]} */
function lineOf({ event_id, info, organisation, date, open }) {
  const about = [organisation, date, open ? "" : text("add_not_open")].filter(Boolean).join(" · ");
  return [element("span", {}, `#${event_id} ${info}`), element("span", { class: "quiet" }, ` ${about}`)];
}
