// The control of one setting of the host: how it is shown, and how what is typed becomes the value that the host takes.

import { choice, element } from "../shared/dom.js";
import { text } from "../shared/localize.js";
import { TableControl } from "./table_control.js";

/** @typedef {import("../shared/shapes.js").Field} Field */
/**
 * @typedef {object} Control
 * @property {HTMLElement} node
 * @property {() => unknown} read as the host takes it; null for an empty field, which is a setting that is not set
 * @property {(value: any) => void} show
 * @property {(disabled: boolean) => void} disable
 * @property {() => void} focus
 */

/** Keys of the messages for choices, and for numbers that have names. */
const NAMES = /** @type {Record<string, string>} */ ({
  "event.distribution": "common_distribution",
  "event.threat_level": "options_threat_level",
  "event.analysis": "options_analysis",
  "event.date": "options_date",
  "hosts.participants": "options_participants",
  "mail.mode": "common_mode",
});

/** A list shows so many lines before it scrolls. */
const LINES = 8;

/**
 * @param {string} key
 * @param {Field} field
 * @returns {Control}
 */
export function makeControl(key, field) {
  if (field.writable === false) {
    return new ShownControl();
  }
  return field.shape === "map" ? new TableControl(key) : new FieldControl(nodeFor(key, field), field.shape);
}

/** What can be set in the file only. */
class ShownControl {
  node = element("output", { class: "mono" });

  /** @param {any} value */
  show(value) {
    const isFlag = typeof value === "boolean";
    this.node.textContent = isFlag ? text(value ? "options_yes" : "options_no") : String(value ?? text("options_not_set"));
  }

  read() {
    return null;
  }

  disable() {}

  focus() {}
}

class FieldControl {
  #shape;

  /**
   * @param {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} node
   * @param {Field["shape"]} shape
   */
  constructor(node, shape) {
    this.node = node;
    this.#shape = shape;
  }

  /** @param {any} value */
  show(value) {
    if (this.node instanceof HTMLInputElement && this.#shape === "flag") {
      this.node.checked = Boolean(value);
    } else {
      this.node.value = Array.isArray(value) ? value.join("\n") : String(value ?? "");
    }
    if (this.node instanceof HTMLTextAreaElement) {
      this.node.rows = Math.min(LINES, Math.max(2, this.node.value.split("\n").length));
    }
  }

  read() {
    const typed = this.node.value.trim();
    switch (this.#shape) {
      case "flag":
        return /** @type {HTMLInputElement} */ (this.node).checked;
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

  /** @param {boolean} disabled */
  disable(disabled) {
    this.node.disabled = disabled;
  }

  focus() {
    this.node.focus();
  }
}

/**
 * @param {string} key
 * @param {Field} field
 */
function nodeFor(key, { shape, min = 0, max = 0, choices = [] }) {
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
      return select(choices.map((word) => [word, text(`${NAMES[key]}_${word}`)]));
    case "tlp":
      return select(choices.map((tag) => [tag, tag.toUpperCase()]));
    case "words":
      return element("textarea", { spellcheck: "false" });
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
