// The part of the review where the analyst changes the event as a whole: title, PAP, threat level, sharing group, tags. TLP,
// distribution and comment have places of their own. What was changed can become the default.

import { choice, element, part } from "../shared/dom.js";
import { text } from "../shared/localize.js";
import { call } from "../shared/service.js";
import { remember } from "./remember.js";
import { TagField } from "./tag_field.js";

/** @typedef {import("../shared/shapes.js").Preview} Preview */

const PAP = ["PAP:CLEAR", "PAP:WHITE", "PAP:GREEN", "PAP:AMBER", "PAP:RED"];
const SHARING_GROUP = "4";

export class EventEditor {
  #edits;
  #choices;
  #say;
  #title = element("input", { id: "event-title", maxlength: 5000 });
  #pap = element("select", { id: "pap" });
  #threat = element("select", { id: "threat-level" }, ...[1, 2, 3, 4].map((level) => choice(String(level), text(`edit_threat_${level}`))));
  #group = element("select", { id: "sharing-group" });
  #titlePlace = labelled("event-title", text("edit_title"), this.#title, "wide");
  #groupPlace = labelled("sharing-group", text("edit_sharing_group"), this.#group);
  #distribution = part("distribution", HTMLSelectElement);
  #tags;
  #place;
  /** The groups that the user may use, once they are known. @type {{id: number, name: string}[] | null} */
  #groups = null;

  /**
   * @param {import("./edits.js").Edits} edits
   * @param {import("./choices.js").Choices} choices
   * @param {(words: string) => void} say
   */
  constructor(edits, choices, say) {
    this.#edits = edits;
    this.#choices = choices;
    this.#say = say;
    this.#tags = new TagField(edits, () => choices.profile);
    this.#place = element(
      "details",
      { id: "editing", hidden: true, "data-needs": "preview" },
      element("summary", {}, text("edit_event")),
      element(
        "div",
        { class: "fields" },
        this.#titlePlace,
        labelled("threat-level", text("edit_threat"), this.#threat),
        labelled("pap", "PAP", this.#pap),
        this.#groupPlace,
        this.#tags.element,
        element("p", { class: "wide actions" }, element("button", { type: "button", id: "remember", class: "small", onclick: () => void this.#remember() }, text("edit_remember"))),
      ),
    );
    part("choices", HTMLFormElement).after(this.#place);
    this.#title.addEventListener("input", () => (edits.title = this.#title.value));
    this.#pap.addEventListener("change", () => (edits.pap = this.#pap.value || null));
    this.#threat.addEventListener("change", () => (edits.threatLevel = Number(this.#threat.value)));
    this.#group.addEventListener("change", () => this.#chooseGroup());
    this.#distribution.addEventListener("change", () => this.#chooseGroup());
    this.#place.addEventListener("toggle", () => void this.#askGroups());
  }

  /** @param {Preview} preview */
  show(preview) {
    const edits = this.#edits;
    edits.begin(preview);
    const { base } = edits;
    this.#titlePlace.hidden = preview.events.length !== 1 && !preview.together;
    this.#title.value = edits.title ?? base.title;
    const settled = base.pap && !PAP.includes(base.pap.toUpperCase()) ? [base.pap] : [];
    const none = base.pap ? [] : [choice("", text("edit_none"))];
    this.#pap.replaceChildren(...none, ...[...settled, ...PAP].map((tag) => choice(tag, tag)));
    this.#pap.value = edits.pap ?? (PAP.find((tag) => tag === base.pap.toUpperCase()) ?? base.pap);
    this.#threat.value = String(edits.threatLevel ?? base.threatLevel);
    this.#tags.show();
    this.#showGroups();
    if (edits.sharingGroup) {
      void this.#askGroups(true);
    }
  }

  /** @param {boolean} [now] also while the fields are folded */
  async #askGroups(now = false) {
    if ((!this.#place.open && !now) || this.#groups) {
      return;
    }
    try {
      /** @type {{groups: {id: number, name: string}[]}} */
      const { groups } = await call("host", { method: "sharing_groups", params: { profile: this.#choices.profile } });
      this.#groups = groups;
      this.#showGroups();
    } catch {
      // Without an answer the other distributions are there. The next opening asks again.
    }
  }

  #showGroups() {
    const groups = this.#groups ?? [];
    const options = [...this.#distribution.options].map(({ value }) => value);
    if (groups.length > 0 && !options.includes(SHARING_GROUP)) {
      this.#distribution.append(choice(SHARING_GROUP, text("common_distribution_4")));
    }
    this.#group.replaceChildren(...groups.map(({ id, name }) => choice(String(id), name)));
    const wanted = this.#edits.sharingGroup ?? this.#edits.base.sharingGroup;
    if (groups.some(({ id }) => id === wanted)) {
      this.#group.value = String(wanted);
    }
    if (this.#edits.sharingGroup && groups.length > 0) {
      this.#distribution.value = SHARING_GROUP;
    }
    this.#chooseGroup();
  }

  #chooseGroup() {
    const isChosen = this.#distribution.value === SHARING_GROUP && this.#group.options.length > 0;
    this.#groupPlace.hidden = !isChosen;
    if (isChosen) {
      this.#edits.sharingGroup = Number(this.#group.value);
    } else if (this.#groups) {
      this.#edits.sharingGroup = null;
    }
  }

  async #remember() {
    const undo = await remember(this.#edits, this.#choices, this.#say);
    if (undo) {
      const button = part("remember", HTMLButtonElement);
      const taking = element("button", { type: "button", class: "small undo" }, text("edit_undo"));
      taking.addEventListener("click", async () => {
        await undo();
        taking.remove();
        button.focus();
      });
      button.parentElement?.querySelector(".undo")?.remove();
      button.after(taking);
    }
  }
}

/**
 * @param {string} id
 * @param {string} words
 * @param {HTMLElement} control
 * @param {string} [look]
 */
function labelled(id, words, control, look) {
  return element("p", { class: look }, element("label", { for: id }, words), control);
}
