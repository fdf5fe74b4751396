// The extension's own preferences in the form: mode of mails, and what happens to them in Thunderbird.

import { choice, part } from "../shared/dom.js";
import { text } from "../shared/localize.js";
import { permissionsFor, readPreferences, writePreferences } from "../shared/preferences.js";
import { SENDING_TAG, SENT_TAG, foundIn, makeOwnTag } from "../shared/tags.js";
import { labelOf } from "./field.js";

/** @typedef {import("../shared/preferences.js").Preferences} Preferences */

/** Preferences and the ids of their controls; those of the review are elsewhere. */
const IDS = Object.freeze({
  mode: "preference-mode",
  reviewIn: "preference-review-in",
  profile: "preference-profile",
  afterSending: "preference-after-sending",
  tag: "preference-tag",
  sendingTag: "preference-sending-tag",
  sendingTagProfile: "preference-sending-tag-profile",
  notify: "preference-notify",
  decrypt: "preference-decrypt",
});

export class PreferencesForm {
  #place = part("preferences", HTMLFormElement);
  /** @type {Partial<Preferences>} */
  #stored = {};

  /** @param {() => void} onChange */
  constructor(onChange) {
    this.#place.addEventListener("submit", (event) => event.preventDefault());
    this.#place.addEventListener("change", onChange);
  }

  /**
   * Shows what is stored.
   * @returns {Promise<string[]>} settings of the host that the organisation has set
   */
  async load() {
    const [{ values, locked, lockedSettings }, tags] = await Promise.all([readPreferences(), browser.messages.tags.list()]);
    offerTags(IDS.tag, SENT_TAG, tags);
    offerTags(IDS.sendingTag, SENDING_TAG, tags);
    this.#stored = values;
    this.showProfiles([]);
    for (const [name, id] of Object.entries(IDS)) {
      const control = part(id, HTMLElement);
      const value = values[/** @type {keyof Preferences} */ (name)];
      if (control instanceof HTMLInputElement) {
        control.checked = Boolean(value);
        control.disabled = locked.includes(name);
      } else if (control instanceof HTMLSelectElement) {
        keep(control, String(value));
        control.value = String(value);
        control.disabled = locked.includes(name);
      }
      showLock(control, locked.includes(name));
    }
    return lockedSettings;
  }

  /** @param {string[]} profiles those that the configuration has */
  showProfiles(profiles) {
    for (const name of /** @type {const} */ (["profile", "sendingTagProfile"])) {
      const select = part(IDS[name], HTMLSelectElement);
      const chosen = select.value || (this.#stored[name] ?? "");
      select.replaceChildren(choice("", text("common_no_profile")), ...profiles.map((profile) => choice(profile, profile)));
      keep(select, chosen);
      select.value = chosen;
    }
  }

  /** @returns {string[]} names of what is not saved yet */
  get unsaved() {
    return Object.keys(this.#changes()).map((name) => labelOf(`preference.${name}`));
  }

  /**
   * Saves the changes. Must be called directly from a click, or Thunderbird would not ask for the permission to move mails.
   * @returns {Promise<boolean>} whether it was all taken
   */
  async save() {
    const { afterSending, ...others } = this.#changes();
    const needed = afterSending ? permissionsFor(afterSending) : [];
    const granted = needed.length === 0 || (await browser.permissions.request({ permissions: /** @type {any} */ (needed) }));
    const changes = granted && afterSending ? { ...others, afterSending } : others;
    if (Object.keys(changes).length > 0) {
      await writePreferences(changes);
      // A filter can be told to set it only once it is there.
      if (changes.sendingTag) await makeOwnTag(changes.sendingTag);
      this.#stored = { ...this.#stored, ...changes };
    }
    part("preference-after-sending-error", HTMLElement).hidden = granted;
    return granted;
  }

  /** @returns {Partial<Preferences>} */
  #changes() {
    const shown = /** @type {Record<string, unknown>} */ ({});
    for (const [name, id] of Object.entries(IDS)) {
      const control = part(id, HTMLElement);
      if (control instanceof HTMLInputElement) {
        shown[name] = control.checked;
      } else if (control instanceof HTMLSelectElement) {
        shown[name] = control.value;
      }
    }
    const stored = /** @type {Record<string, unknown>} */ (this.#stored);
    return Object.fromEntries(Object.entries(shown).filter(([name, value]) => name in stored && stored[name] !== value));
  }
}

/**
 * @param {string} id of a choice
 * @param {Readonly<import("../shared/tags.js").Tag>} own offered first, even if it is yet to be made
 * @param {import("../shared/tags.js").Tag[]} tags
 */
function offerTags(id, own, tags) {
  const offered = foundIn(own, tags) ? tags : [own, ...tags];
  part(id, HTMLSelectElement).replaceChildren(
    choice("", text("options_tag_none")),
    ...offered.map(({ key, tag }) => choice(key, tag)),
  );
}

/**
 * Offers the chosen value even if it does not exist any more.
 * @param {HTMLSelectElement} select
 * @param {string} value
 */
function keep(select, value) {
  if (![...select.options].some((option) => option.value === value)) {
    select.append(choice(value, value));
  }
}

/**
 * @param {HTMLElement} control
 * @param {boolean} locked
 */
function showLock(control, locked) {
  const line = part(`${control.id}-locked`, HTMLElement);
  line.textContent = locked ? text("options_locked_organisation") : "";
  line.hidden = !locked;
}
