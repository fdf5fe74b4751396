// What the review offers around a mail: look-ups in the browser, and the answer to the reporter.

import { part } from "../shared/dom.js";
import { plural, text } from "../shared/localize.js";
import { readTemplates } from "../shared/lookups.js";
import { readPreferences, writePreferences } from "../shared/preferences.js";
import { labelOf } from "./field.js";

/** @typedef {import("../shared/preferences.js").Preferences} Preferences */
/** @typedef {HTMLInputElement | HTMLTextAreaElement} Control */

/** Preferences and the ids of their controls. */
const IDS = Object.freeze({
  lookUpMisp: "look-up-misp",
  lookUpVirustotal: "look-up-virustotal",
  lookUpUrlscan: "look-up-urlscan",
  lookUpLookyloo: "look-up-lookyloo",
  lookUpPandora: "look-up-pandora",
  lookUpTemplates: "look-up-templates",
  answerTemplate: "answer-template",
});
/** @typedef {keyof typeof IDS} Name */
const NAMES = /** @type {Name[]} */ (Object.keys(IDS));

export class AroundForm {
  #place = part("around", HTMLFormElement);
  /** @type {Partial<Preferences>} */
  #stored = {};

  /** @param {() => void} onChange */
  constructor(onChange) {
    this.#place.addEventListener("submit", (event) => event.preventDefault());
    this.#place.addEventListener("input", onChange);
  }

  /** Shows what is stored. */
  async load() {
    const { values, locked } = await readPreferences();
    this.#stored = values;
    for (const name of NAMES) {
      const control = controlOf(name);
      if (control instanceof HTMLInputElement) {
        control.checked = Boolean(values[name]);
      } else {
        control.value = name === "answerTemplate" ? values.answerTemplate || text("answer_template") : String(values[name]);
      }
      control.disabled = locked.includes(name);
    }
    const isLocked = NAMES.some((name) => locked.includes(name));
    const line = part("around-locked", HTMLElement);
    line.textContent = isLocked ? text("options_locked_some") : "";
    line.hidden = !isLocked;
    this.#check();
  }

  /** @returns {string[]} names of what is not saved yet */
  get unsaved() {
    return Object.keys(this.#changes()).map((name) => labelOf(`preference.${name}`));
  }

  /** @returns {Promise<boolean>} whether it was all taken */
  async save() {
    const { lookUpTemplates, ...others } = this.#changes();
    const isRight = this.#check();
    const changes = isRight && lookUpTemplates !== undefined ? { ...others, lookUpTemplates } : others;
    if (Object.keys(changes).length > 0) {
      await writePreferences(changes);
      this.#stored = { ...this.#stored, ...changes };
    }
    return isRight;
  }

  /** @returns {boolean} whether all templates can be used; says which cannot */
  #check() {
    const control = controlOf("lookUpTemplates");
    const { wrong } = readTemplates(control.value);
    const error = part("look-up-templates-error", HTMLElement);
    error.textContent = wrong.length > 0 ? plural("options_templates_wrong", wrong.length, wrong.join(", ")) : "";
    error.hidden = wrong.length === 0;
    control.setAttribute("aria-invalid", String(wrong.length > 0));
    return wrong.length === 0;
  }

  /** @returns {Partial<Preferences>} */
  #changes() {
    const changed = NAMES.filter((name) => name in this.#stored && this.#stored[name] !== shownBy(name));
    return Object.fromEntries(changed.map((name) => [name, shownBy(name)]));
  }
}

/**
 * @param {Name} name
 * @returns {Control}
 */
function controlOf(name) {
  return /** @type {Control} */ (part(IDS[name], HTMLElement));
}

/** @param {Name} name */
function shownBy(name) {
  const control = controlOf(name);
  if (control instanceof HTMLInputElement) {
    return control.checked;
  }
  // Without a template of one's own the answer is in the language of Thunderbird.
  return name === "answerTemplate" && control.value.trim() === text("answer_template") ? "" : control.value;
}
