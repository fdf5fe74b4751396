// One setting of the host in the form: label, control, hint, origin of its value, and error.

import { element } from "../shared/dom.js";
import { text } from "../shared/localize.js";
import { makeControl } from "./control.js";

/** @typedef {import("./draft.js").Draft} Draft */

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
    this.#control = makeControl(key, draft.field(key));
    const { node } = this.#control;
    const isGroup = node.getAttribute("role") === "group";
    node.id = id;
    node.setAttribute("aria-describedby", `${id}-hint ${id}-origin ${id}-error`);
    this.#origin.id = `${id}-origin`;
    node.addEventListener("input", () => this.#take());
    this.#reset.addEventListener("click", () => {
      this.#draft.unset(key);
      this.#show();
      this.#onChange();
      this.#control.focus();
    });
    const label = element(isGroup ? "span" : "label", { for: isGroup ? null : id, id: `${id}-label`, class: "label" }, labelOf(key));
    if (isGroup) {
      node.setAttribute("aria-labelledby", label.id);
    }
    const notes = element(
      "div",
      { class: "notes quiet" },
      element("span", { id: `${id}-hint` }, text(`${wordKey(key)}_hint`)),
      this.#origin,
      this.#reset,
    );
    const isFlag = shape === "flag" && node.matches("input");
    this.element = element(
      "div",
      { class: isFlag ? "field flag" : "field", "data-key": key },
      ...(isFlag ? [node, label] : [label, node]),
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
    this.#control.node.setAttribute("aria-invalid", String(words !== null));
  }

  /** Copies the entered value into the draft. */
  #take() {
    this.#draft.set(this.#key, this.#control.read());
    this.showError(null);
    this.#showOrigin();
    this.#onChange();
  }

  #show() {
    this.#control.show(this.#draft.value(this.#key));
    this.#control.disable(this.#draft.lockedBy(this.#key) !== null);
    this.#showOrigin();
  }

  #showOrigin() {
    const { shape } = this.#draft.field(this.#key);
    const locked = this.#draft.lockedBy(this.#key);
    const isOwn = this.#draft.isOwn(this.#key);
    const inProfile = this.#draft.profile !== null;
    const parts = [
      locked && text(`options_locked_${locked}`),
      shape === "secret" && text(this.#aboutSecret()),
      inProfile && !locked && text(isOwn ? "options_own" : "options_as_main"),
    ];
    this.#origin.textContent = parts.filter(Boolean).join(" ");
    this.#reset.hidden = locked !== null || !isOwn;
    this.#reset.textContent = text(this.#wayBack());
    this.#reset.setAttribute("aria-label", `${labelOf(this.#key)}: ${this.#reset.textContent}`);
    this.element.classList.toggle("unsaved", this.#draft.isChanged(this.#key));
    this.element.classList.toggle("inherited", inProfile && !isOwn);
  }

  /** Key of the message about a secret: it is stored only when it is. */
  #aboutSecret() {
    if (!this.#draft.isSet(this.#key)) {
      return "options_key_none";
    }
    return this.#draft.isChanged(this.#key) ? "options_key_entered" : "options_key_stored";
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
