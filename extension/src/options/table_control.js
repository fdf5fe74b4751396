// A table from words to lists, as lines of two fields: a word, and what belongs to it, one below the other.

import { element } from "../shared/dom.js";
import { text } from "../shared/localize.js";

export class TableControl {
  #key;
  #lines = element("div", { class: "lines" });
  #add = element("button", { type: "button", class: "small add" });
  #isDisabled = false;

  /** @param {string} key of the setting */
  constructor(key) {
    this.#key = `options_${key.replaceAll(".", "_")}`;
    this.#add.textContent = text(`${this.#key}_add`);
    this.#add.addEventListener("click", () => {
      this.#append("", []);
      this.focus();
    });
    this.node = element("div", { class: "table", role: "group" }, this.#lines, this.#add);
  }

  /** @param {Record<string, string[]> | null} table */
  show(table) {
    this.#lines.replaceChildren();
    for (const [word, list] of Object.entries(table ?? {})) {
      this.#append(word, list);
    }
  }

  /** @returns {Record<string, string[]>} without lines that are not filled in; lines of one word count together */
  read() {
    /** @type {Map<string, string[]>} */
    const table = new Map();
    for (const line of this.#lines.children) {
      const word = line.querySelector("input")?.value.trim() ?? "";
      const list = (line.querySelector("textarea")?.value ?? "").split("\n").map((one) => one.trim()).filter(Boolean);
      if (word && list.length > 0) {
        table.set(word, [...(table.get(word) ?? []), ...list]);
      }
    }
    return Object.fromEntries(table);
  }

  /** @param {boolean} disabled */
  disable(disabled) {
    this.#isDisabled = disabled;
    this.#add.hidden = disabled;
    for (const control of this.#lines.querySelectorAll("input, textarea, button")) {
      /** @type {HTMLInputElement} */ (control).disabled = disabled;
    }
  }

  /** Goes to the last line, which was just added. */
  focus() {
    (this.#lines.lastElementChild?.querySelector("input") ?? this.#add).focus();
  }

  /**
   * @param {string} word
   * @param {string[]} list
   */
  #append(word, list) {
    const remove = element("button", { type: "button", class: "small" }, text("options_remove_line"));
    const key = element("input", { type: "text", spellcheck: "false", "aria-label": text(`${this.#key}_word`) });
    const values = element("textarea", {
      spellcheck: "false",
      rows: Math.max(1, list.length),
      "aria-label": text(`${this.#key}_list`),
    });
    key.value = word;
    values.value = list.join("\n");
    const line = element("div", { class: "line" }, key, values, remove);
    const name = () => remove.setAttribute("aria-label", `${remove.textContent}: ${key.value}`);
    key.addEventListener("input", name);
    name();
    remove.addEventListener("click", () => {
      line.remove();
      this.#add.focus();
      this.node.dispatchEvent(new Event("input", { bubbles: true }));
    });
    for (const control of [key, values, remove]) {
      control.disabled = this.#isDisabled;
    }
    this.#lines.append(line);
  }
}
