// The tags of the event: each with the colour that it has in MISP and a button that takes it away, and a field that suggests the
// server's own tags while one types. Without a server any name can be typed.

import { element, part } from "../shared/dom.js";
import { text } from "../shared/localize.js";
import { call } from "../shared/service.js";
import { Combobox } from "./combobox.js";

/** @typedef {{name: string, colour?: string}} Tag */

const MOST = 20;
const FEWEST_LETTERS = 2;

export class TagField {
  #edits;
  #profile;
  #chips = element("ul", { class: "chips", "aria-label": text("edit_tags") });
  #field = element("input", { id: "tag-words", class: "tag-words", "data-own-enter": true, maxlength: 255, placeholder: text("edit_tag_example"), spellcheck: "false" });
  /** Colours by name, as far as the server told them. @type {Map<string, string>} */
  #colours = new Map();

  /**
   * @param {import("./edits.js").Edits} edits
   * @param {() => string | null} profile
   */
  constructor(edits, profile) {
    this.#edits = edits;
    this.#profile = profile;
    const combobox = element("div", { class: "suggesting" }, this.#field);
    this.element = element(
      "div",
      { class: "wide" },
      element("label", { for: "tag-words" }, text("edit_tags")),
      this.#chips,
      combobox,
    );
    const suggestions = new Combobox(this.#field, {
      label: text("edit_tags"),
      ask: (words) => this.#find(words),
      line: ({ name, colour }) => [swatch(colour), name],
      take: ({ name }) => this.#add(name),
    });
    this.#field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.defaultPrevented && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        suggestions.close();
        this.#add(this.#field.value.trim());
      }
    });
  }

  show() {
    this.#chips.replaceChildren(...this.#edits.tags.map((tag) => this.#chip(tag)));
    this.#chips.hidden = this.#edits.tags.length === 0;
  }

  /** @param {string} words @returns {Promise<Tag[]>} */
  async #find(words) {
    if (words.length < FEWEST_LETTERS) {
      return [];
    }
    const params = { words, limit: MOST, profile: this.#profile() };
    /** @type {{tags: Tag[]}} */
    const { tags } = await call("host", { method: "tags.search", params });
    tags.forEach(({ name, colour }) => colour && this.#colours.set(name, colour));
    return tags.filter(({ name }) => !this.#edits.tags.includes(name));
  }

  /** @param {string} name */
  #add(name) {
    this.#field.value = "";
    if (name && !chooseLevel(name)) {
      this.#edits.addTag(name);
      this.show();
    }
  }

  /** @param {string} name */
  #chip(name) {
    const remove = () => {
      this.#edits.removeTag(name);
      this.show();
      this.#field.focus();
    };
    return element(
      "li",
      { class: "chip", "data-tag": name },
      swatch(this.#colours.get(name)),
      element("span", {}, name),
      element("button", { type: "button", class: "remove", "aria-label": text("edit_tag_remove", name), onclick: remove }, "×"),
    );
  }
}

/**
 * TLP and PAP have lists of their own, which offer what the mail's marking allows.
 * @param {string} name
 * @returns {boolean} whether it is such a level
 */
function chooseLevel(name) {
  const level = /^(tlp|pap):/iu.exec(name)?.[1];
  if (!level) {
    return false;
  }
  const list = part(level.toLowerCase(), HTMLSelectElement);
  const offered = [...list.options].find(({ value }) => value.toLowerCase() === name.toLowerCase());
  if (offered) {
    list.value = offered.value;
    list.dispatchEvent(new Event("change"));
  }
  return true;
}

/** @param {string | undefined} colour */
function swatch(colour) {
  const made = element("span", { class: "swatch", "aria-hidden": "true" });
  made.style.background = colour ?? "transparent";
  return made;
}
