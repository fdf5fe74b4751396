// One setting of the host in the form: label, control, hint, origin of its value, and error.

import { choice, element } from "../shared/dom.js";
import { text } from "../shared/localize.js";

/** @typedef {import("./draft.js").Draft} Draft */
/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Control */

/** Keys of the messages for choices, and for numbers that have names. */
const NAMES = /** @type {Record<string, string>} */ ({
  "event.distribution": "common_distribution",
  "event.threat_level": "options_threat_level",
  "event.analysis": "options_analysis",
  "hosts.participants": "options_participants",
  "mail.mode": "common_mode",
});

/** The message with the label of a setting; with `_hint` at its end, the one that says more. @param {string} key */
const wordKey = (key) => `options_${key.replaceAll(".", "_")}`;

/** @param {string} key of a setting or a preference */
export const labelOf = (key) => text(wordKey(key));

export class FieldView {
  #key;
  #draft;
  #control;
  #onChange;
  #origin = element("span", { class: "origin" });
  #reset = element("button", { type: "button", class: "link" });
  #error = element("p", { class: "error", hidden: true });

  /**
   * @param {string} key
   * @param {Draft} draft
   * @param {() => void} onChange
   */
  constructor(key, draft, onChange) {
    const id = key.replaceAll(".", "-");
    const { shape } = draft.field(key);
    this.#key = key;
    this.#draft = draft;
    this.#onChange = onChange;
    this.#error.id = `${id}-error`;
    this.#control = makeControl(key, draft);
    this.#control.id = id;
    this.#control.setAttribute("aria-describedby", `${id}-hint ${id}-origin ${id}-error`);
    this.#origin.id = `${id}-origin`;
    this.#control.addEventListener("input", () => this.#take());
    this.#reset.addEventListener("click", () => {
      this.#draft.unset(key);
      this.#show();
      this.#onChange();
      this.#control.focus();
    });
    const label = element("label", { for: id }, labelOf(key));
    const notes = element(
      "div",
      { class: "notes quiet" },
      element("span", { id: `${id}-hint` }, text(`${wordKey(key)}_hint`)),
      this.#origin,
      this.#reset,
    );
    const isFlag = shape === "flag";
    this.element = element(
      "div",
      { class: isFlag ? "field flag" : "field", "data-key": key },
      ...(isFlag ? [this.#control, label] : [label, this.#control]),
      notes,
      this.#error,
    );
    this.#show();
  }

  focus() {
    this.#control.focus();
  }

  /** @param {string | null} words what is wrong */
  showError(words) {
    this.#error.textContent = words;
    this.#error.hidden = words === null;
    this.#control.setAttribute("aria-invalid", String(words !== null));
  }

  /** Copies the entered value into the draft. */
  #take() {
    this.#draft.set(this.#key, valueOf(this.#control, this.#draft.field(this.#key).shape));
    this.showError(null);
    this.#showOrigin();
    this.#onChange();
  }

  #show() {
    const value = this.#draft.value(this.#key);
    if (this.#control instanceof HTMLInputElement && this.#control.type === "checkbox") {
      this.#control.checked = Boolean(value);
    } else {
      this.#control.value = Array.isArray(value) ? value.join("\n") : String(value ?? "");
    }
    this.#control.disabled = this.#draft.lockedBy(this.#key) !== null;
    this.#showOrigin();
  }

  #showOrigin() {
    const { shape } = this.#draft.field(this.#key);
    const locked = this.#draft.lockedBy(this.#key);
    const isOwn = this.#draft.isOwn(this.#key);
    const inProfile = this.#draft.profile !== null;
    const parts = [
      locked && text(`options_locked_${locked}`),
      shape === "secret" && text(this.#draft.isSet(this.#key) ? "options_key_stored" : "options_key_none"),
      inProfile && !locked && text(isOwn ? "options_own" : "options_as_main"),
    ];
    this.#origin.textContent = parts.filter(Boolean).join(" ");
    this.#reset.hidden = locked !== null || !isOwn;
    this.#reset.textContent = text(this.#wayBack());
    this.#reset.setAttribute("aria-label", `${labelOf(this.#key)}: ${this.#reset.textContent}`);
    this.element.classList.toggle("unsaved", this.#key in this.#draft.changes());
    this.element.classList.toggle("inherited", inProfile && !isOwn);
  }

  /** Key of the message that says what the setting will be without a value. */
  #wayBack() {
    const field = this.#draft.field(this.#key);
    if (field.shape === "secret") {
      return "options_key_remove";
    }
    if (this.#draft.profile !== null) {
      return "options_to_main";
    }
    return field.default === null ? "options_to_none" : "options_to_default";
  }
}

/**
 * @param {string} key
 * @param {Draft} draft
 * @returns {Control}
 */
function makeControl(key, draft) {
  const { shape, min = 0, max = 0, choices = [] } = draft.field(key);
  if (shape === "number" && key in NAMES) {
    const numbers = Array.from({ length: max - min + 1 }, (_, at) => min + at);
    return select(numbers.map((level) => [String(level), text(`${NAMES[key]}_${level}`)]));
  }
  switch (shape) {
    case "flag":
      return element("input", { type: "checkbox" });
    case "number":
      return element("input", { type: "number", min, max });
    case "choice":
      return select(choices.map((word) => [word, text(`${NAMES[key] ?? wordKey(key)}_${word}`)]));
    case "tlp":
      return select(choices.map((tag) => [tag, tag.toUpperCase()]));
    case "words":
      return element("textarea", { rows: 2, spellcheck: "false" });
    case "secret":
      return element("input", { type: "password", autocomplete: "off", placeholder: text("options_key_empty") });
    case "url":
      return element("input", { type: "url", spellcheck: "false", placeholder: "https://misp.example.org" });
    default:
      return element("input", { type: "text", spellcheck: "false" });
  }
}

/** @param {[string, string][]} pairs value and label */
function select(pairs) {
  return element("select", {}, ...pairs.map(([value, label]) => choice(value, label)));
}

/**
 * What a control holds, as the host takes it; null for an empty field, which is a setting that is not set.
 * @param {Control} control
 * @param {import("../shared/shapes.js").Field["shape"]} shape
 */
function valueOf(control, shape) {
  const typed = control.value.trim();
  switch (shape) {
    case "flag":
      return /** @type {HTMLInputElement} */ (control).checked;
    case "number":
      return typed === "" ? null : Number(typed);
    case "words":
      return typed.split("\n").map((word) => word.trim()).filter(Boolean);
    case "secret":
    case "text":
      return typed;
    default:
      return typed === "" ? null : typed;
  }
}
