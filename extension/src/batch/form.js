// The form of a batch: what becomes of the mails, and what is chosen for all of them.

import { TagField } from "../review/tag_field.js";
import { choice, part } from "../shared/dom.js";
import { text } from "../shared/localize.js";

/** @typedef {import("../shared/shapes.js").Overrides} Overrides */
/** One event for each mail, one for all, or one that is there. @typedef {"each" | "one" | "into"} How */

const TLP = ["tlp:clear", "tlp:green", "tlp:amber", "tlp:amber+strict", "tlp:red"];
const PAP = ["PAP:CLEAR", "PAP:GREEN", "PAP:AMBER", "PAP:RED"];

export class BatchForm {
  #form = part("choices", HTMLFormElement);
  #mode = part("mode", HTMLSelectElement);
  #profile = part("profile", HTMLSelectElement);
  #tlp = part("tlp", HTMLSelectElement);
  #pap = part("pap", HTMLSelectElement);
  #title = part("event-title", HTMLInputElement);
  #comment = part("comment", HTMLTextAreaElement);
  #edits;
  #tags;

  /**
   * @param {import("../review/edits.js").Edits} edits
   * @param {object} ways
   * @param {() => void} ways.onReading called when the mails must be read anew: other mode or profile
   * @param {() => void} ways.onHow called when something else is to become of them
   */
  constructor(edits, { onReading, onHow }) {
    this.#edits = edits;
    edits.begin({ events: [] });
    this.#tags = new TagField(edits, () => this.profile);
    part("for-all", HTMLElement).append(this.#tags.element);
    this.#tags.show();
    const asFound = () => choice("", text("batch_as_found"));
    this.#tlp.replaceChildren(asFound(), ...TLP.map((tag) => choice(tag, tag.toUpperCase())));
    this.#pap.replaceChildren(asFound(), ...PAP.map((tag) => choice(tag, tag)));
    this.#mode.addEventListener("change", onReading);
    this.#profile.addEventListener("change", onReading);
    this.#tlp.addEventListener("change", () => this.#markTlp());
    part("how", HTMLFieldSetElement).addEventListener("change", () => {
      this.#showHow();
      onHow();
    });
    this.#showHow();
  }

  /** @returns {How} */
  get how() {
    return /** @type {How} */ (new FormData(this.#form).get("how"));
  }

  /** How mails are read. @returns {import("../review/handover.js").How} */
  get reading() {
    return { mode: /** @type {import("../shared/shapes.js").Mode} */ (this.#mode.value), profile: this.profile, keep_people: false };
  }

  /** @returns {string | null} */
  get profile() {
    return this.#profile.value || null;
  }

  /** What is chosen for all mails, but for ticks. @returns {Overrides} */
  get overrides() {
    this.#edits.title = this.how === "one" ? this.#title.value : null;
    this.#edits.pap = this.#pap.value || null;
    const comment = this.#comment.value.trim();
    return { ...this.#edits.overrides(), ...(this.#tlp.value && { tlp: this.#tlp.value }), ...(comment && { comment }) };
  }

  /**
   * Shows what was chosen before.
   * @param {import("../shared/shapes.js").Batch} batch
   */
  restore({ mode, plan: { together, overrides } }) {
    this.#mode.value = mode;
    const how = overrides.event ? "into" : together ? "one" : "each";
    part(`how-${how}`, HTMLInputElement).checked = true;
    this.#edits.restore(overrides);
    this.#tags.show();
    this.#tlp.value = overrides.tlp ?? "";
    this.#pap.value = overrides.pap ?? "";
    this.#title.value = overrides.title ?? "";
    this.#comment.value = overrides.comment ?? "";
    this.#markTlp();
    this.#showHow();
  }

  /**
   * @param {string[]} profiles those that the configuration has
   * @param {string} chosen
   */
  offerProfiles(profiles, chosen) {
    const all = chosen && !profiles.includes(chosen) ? [chosen, ...profiles] : profiles;
    this.#profile.replaceChildren(choice("", text("common_no_profile")), ...all.map((name) => choice(name, name)));
    this.#profile.value = chosen;
    part("profile-choice", HTMLElement).hidden = all.length === 0;
  }

  #showHow() {
    const { how } = this;
    part("start", HTMLElement).hidden = how === "into";
    part("adding", HTMLElement).hidden = how !== "into";
    part("title-place", HTMLElement).hidden = how !== "one";
  }

  #markTlp() {
    part("tlp-mark", HTMLElement).dataset.tlp = this.#tlp.value.replace(/^tlp:/, "");
  }
}
