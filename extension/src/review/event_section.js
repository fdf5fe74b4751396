// The part of the review for one event: its title, earlier deliveries of its mail, indicators by type, attachments, what is left
// out, and email objects. A carrier has an event for each mail in it.

import { element } from "../shared/dom.js";
import { moment, number, plural, text } from "../shared/localize.js";
import { keyOf, sayingElement, wording } from "../shared/said.js";
import { groupingOf } from "./grouping.js";

/** @typedef {import("../shared/shapes.js").EventDraft} EventDraft */
/** @typedef {import("../shared/shapes.js").Item} Item */
/** @typedef {import("./group.js").Group} Group */
/** @typedef {import("../shared/said.js").Wording} Wording */
/** @typedef {(label: Wording, key: string) => Group} MakeGroup */

export class EventSection {
  #makeGroup;
  #groupBy;
  /** Groups of what is sent, by type, host or place. @type {Map<string, Group>} */
  #types = new Map();
  /** Groups of what is left out, by reason. @type {Map<string, Group>} */
  #reasons = new Map();
  /** @type {Group | null} */
  #files = null;
  #skipped = 0;
  #typesPlace = element("div", { class: "types" });
  #filesPlace = element("div", { class: "attachments", hidden: true });
  #reasonsPlace = element("div", { class: "reasons" });
  /** Whether this mail is sent, when there are several. */
  #box = element("input", { type: "checkbox", class: "whole-mail" });
  /** What is not seen to while the mail is left out. */
  #body = element("div", { class: "event-body" });
  /** How many of its items are ticked. @type {number | null} */
  #ticked = null;
  /** @type {Item[]} */
  #items = [];
  #draft;
  #skippedWords = element("summary");
  #skippedPlace = element("details", { class: "skipped", hidden: true }, this.#skippedWords, this.#reasonsPlace);

  /**
   * @param {EventDraft} draft
   * @param {number} at index of the event
   * @param {boolean} alone whether it is the only one
   * @param {MakeGroup} makeGroup
   * @param {import("../shared/preferences.js").GroupBy} groupBy
   */
  constructor(draft, at, alone, makeGroup, groupBy) {
    this.#makeGroup = makeGroup;
    this.#groupBy = groupBy;
    this.#draft = draft;
    const suffix = at === 0 ? "" : `-${at + 1}`;
    this.#filesPlace.id = `attachments${suffix}`;
    this.#skippedPlace.id = `skipped${suffix}`;
    this.element = element(
      "section",
      { class: alone ? "event" : "event one-of-many", "data-event": at, "aria-labelledby": `event-name${suffix}` },
      element(
        "div",
        { class: "event-head" },
        !alone && this.#box,
        element("h2", { id: `event-name${suffix}` }, alone ? text("review_event_info", draft.info) : (draft.subject ?? draft.info)),
        !alone && element("span", { class: "quiet" }, text("review_event_info", draft.info)),
        element("span", { class: "tags" }, ...draft.tags.map((tag) => element("span", { class: "badge" }, tag))),
        draft.publish && element("span", { class: "badge warn" }, text("review_published")),
      ),
      this.#body,
    );
    const objects = emailObjects(draft, suffix);
    this.#body.append(
      ...(!alone && draft.authentication ? [sayingElement("p", { class: "quiet authentication" }, draft.authentication)] : []),
      ...draft.already.slice(0, 1).map(alreadySent),
      this.#typesPlace,
      this.#filesPlace,
      this.#skippedPlace,
      ...(objects ? [objects] : []),
    );
    this.#box.setAttribute("aria-label", text("review_whole_mail", draft.subject ?? draft.info));
  }

  /** Its mail. */
  get identity() {
    return this.#draft.identity;
  }

  get box() {
    return this.#box;
  }

  /**
   * Takes the mail in, or leaves it out. One of which nothing is ticked comes back with what would be sent of it.
   * @param {import("./selection.js").Selection} selection
   * @param {boolean} isIn
   */
  take(selection, isIn) {
    selection.leaveOut(this.identity, !isIn);
    if (isIn && !this.#items.some((item) => selection.isTicked(item))) {
      selection.choose(this.#items.filter(({ action }) => action !== "skip"), true);
    }
  }

  /**
   * Shows whether the mail is sent. A mail of which the last item was unticked is left out, so that no event has nothing in it; the
   * first tick takes it in again.
   * @param {import("./selection.js").Selection} selection
   */
  sync(selection) {
    const ticked = this.#items.filter((item) => selection.isTicked(item)).length;
    const before = this.#ticked;
    this.#ticked = ticked;
    if (before !== null && (before > 0) !== (ticked > 0)) {
      selection.leaveOut(this.identity, ticked === 0);
    }
    this.#box.checked = !selection.isLeftOut(this.identity);
    this.element.classList.toggle("mail-out", !this.#box.checked);
  }

  /** @returns {Group[]} */
  get groups() {
    return [...this.#types.values(), ...(this.#files ? [this.#files] : []), ...this.#reasons.values()];
  }

  /** @param {Item[]} items */
  add(items) {
    this.#items.push(...items);
    this.#ticked = null; // What comes now was not ticked by anybody.
    /** @type {Map<Group, Item[]>} */
    const parted = new Map();
    for (const item of items) {
      const group = this.#groupOf(item);
      const part = parted.get(group) ?? [];
      part.push(item);
      parted.set(group, part);
    }
    parted.forEach((part, group) => group.add(part));
    this.#skippedWords.textContent = plural("review_skipped", this.#skipped);
    this.#skippedPlace.hidden = this.#skipped === 0;
  }

  /** @param {Item} item */
  #groupOf(item) {
    if (item.item === "attachment") {
      this.#files ??= this.#place(this.#filesPlace, inOwnWords(text("review_attachments")), "attachment");
      this.#filesPlace.hidden = false;
      return this.#files;
    }
    if (item.action === "skip" && item.reason) {
      this.#skipped += 1;
      return this.#of(this.#reasons, this.#reasonsPlace, keyOf(item.reason), wording(item.reason));
    }
    const { key, words, isBefore } = groupingOf(item, this.#groupBy);
    return this.#of(this.#types, this.#typesPlace, key, inOwnWords(words), isBefore);
  }

  /**
   * The group of that key, made when there is none yet.
   * @param {Map<string, Group>} groups
   * @param {HTMLElement} place
   * @param {string} key
   * @param {Wording} label
   * @param {(other: string) => boolean} [isBefore]
   */
  #of(groups, place, key, label, isBefore) {
    let group = groups.get(key);
    if (!group) {
      group = this.#place(place, label, key, isBefore);
      groups.set(key, group);
    }
    return group;
  }

  /**
   * @param {HTMLElement} place
   * @param {Wording} label
   * @param {string} key
   * @param {(other: string) => boolean} [isBefore]
   */
  #place(place, label, key, isBefore) {
    const group = this.#makeGroup(label, key);
    let next = null;
    // From the end: most groups belong there, and there may be thousands.
    for (let last = place.lastElementChild; last instanceof HTMLElement && isBefore?.(last.dataset.group ?? ""); last = last.previousElementSibling) {
      next = last;
    }
    place.insertBefore(group.element, next);
    return group;
  }
}

/**
 * @param {string} words
 * @returns {Wording}
 */
const inOwnWords = (words) => ({ words, lang: null });

/** @param {import("../shared/shapes.js").Earlier} earlier */
function alreadySent({ delivered, event_id, event_uuid, url, destination }) {
  const name = event_id ?? event_uuid ?? destination;
  return element(
    "p",
    { class: "already panel" },
    element(
      "span",
      {},
      text("review_already", moment(new Date(delivered * 1000))),
      " ",
      url?.startsWith("http")
        ? element("button", { type: "button", class: "link", role: "link", "data-url": url }, text("review_event_number", name))
        : text("review_event_number", name),
    ),
  );
}

/**
 * @param {EventDraft} draft
 * @param {string} suffix
 */
function emailObjects({ objects }, suffix) {
  const parts = objects.map(({ attributes, more }) =>
    element(
      "div",
      { class: "email-object" },
      element(
        "dl",
        {},
        ...attributes.map(({ relation, shown, to_ids, why }) =>
          element(
            "div",
            {},
            element("dt", { class: "quiet", lang: "en" }, relation),
            element(
              "dd",
              {},
              element("span", { class: "mono" }, shown),
              to_ids && element("span", { class: "badge", title: text("review_ids_title") }, "IDS"),
              why && element("span", { class: "why quiet" }, wording(why).words),
            ),
          ),
        ),
      ),
      more > 0 && element("p", { class: "quiet" }, text("common_more", number(more))),
    ),
  );
  return (
    parts.length > 0 &&
    element("details", { class: "emails", id: `emails${suffix}` }, element("summary", {}, plural("review_emails", parts.length)), ...parts)
  );
}
