// A text field with a list of suggestions under it: asks while one types, moves with the arrow keys, takes with Enter or a click.

import { element } from "../shared/dom.js";

const PATIENCE = 250; // milliseconds after the last key

let made = 0;

/** @template Choice */
export class Combobox {
  #field;
  #list;
  #ask;
  #line;
  #take;
  #timer = 0;
  #round = 0;
  /** @type {Choice[]} */
  #choices = [];
  #at = -1;

  /**
   * @param {HTMLInputElement} field
   * @param {object} ways
   * @param {string} ways.label of the list, for screen readers
   * @param {(words: string) => Promise<Choice[]>} ways.ask for the suggestions
   * @param {(choice: Choice) => (Node | string)[]} ways.line what the list shows of a choice
   * @param {(choice: Choice) => void} ways.take called with what was chosen
   */
  constructor(field, { label, ask, line, take }) {
    this.#field = field;
    this.#ask = ask;
    this.#line = line;
    this.#take = take;
    this.#list = element("ul", { id: `suggestions-${(made += 1)}`, class: "suggestions", role: "listbox", "aria-label": label, hidden: true });
    field.after(this.#list);
    const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.#list.id, autocomplete: "off" };
    Object.entries(attributes).forEach(([name, value]) => field.setAttribute(name, value));
    field.addEventListener("input", () => this.#soon(PATIENCE));
    field.addEventListener("focus", () => this.#soon(0));
    field.addEventListener("blur", () => this.close());
    field.addEventListener("keydown", (event) => this.#onKey(event));
    this.#list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
    this.#list.addEventListener("click", (event) => {
      const clicked = event.target instanceof Element ? event.target.closest("[role=option]") : null;
      this.#choose([...this.#list.children].indexOf(/** @type {Element} */ (clicked)));
    });
  }

  close() {
    clearTimeout(this.#timer);
    this.#round += 1;
    this.#show([]);
  }

  /** @param {number} patience */
  #soon(patience) {
    clearTimeout(this.#timer);
    const round = (this.#round += 1);
    this.#timer = window.setTimeout(async () => {
      const choices = await this.#ask(this.#field.value.trim()).catch(() => []);
      if (round === this.#round && document.activeElement === this.#field) {
        this.#show(choices);
      }
    }, patience);
  }

  /** @param {Choice[]} choices */
  #show(choices) {
    this.#choices = choices;
    this.#at = -1;
    this.#list.replaceChildren(
      ...choices.map((choice, at) =>
        element("li", { role: "option", id: `${this.#list.id}-${at}`, "aria-selected": "false" }, ...this.#line(choice)),
      ),
    );
    this.#list.hidden = choices.length === 0;
    this.#field.setAttribute("aria-expanded", String(choices.length > 0));
    this.#field.removeAttribute("aria-activedescendant");
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const last = this.#choices.length - 1;
    if (last < 0 || event.isComposing) {
      return;
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.#mark(this.#at + step > last ? 0 : this.#at + step < 0 ? last : this.#at + step);
    } else if (event.key === "Enter" && this.#at >= 0) {
      this.#choose(this.#at);
    } else if (event.key === "Escape") {
      this.close();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {number} at */
  #mark(at) {
    this.#list.children[this.#at]?.setAttribute("aria-selected", "false");
    this.#at = at;
    const line = this.#list.children[at];
    line.setAttribute("aria-selected", "true");
    line.scrollIntoView({ block: "nearest" });
    this.#field.setAttribute("aria-activedescendant", line.id);
  }

  /** @param {number} at */
  #choose(at) {
    const choice = this.#choices[at];
    if (choice !== undefined) {
      this.close();
      this.#take(choice);
    }
  }
}
