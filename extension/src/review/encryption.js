// An encrypted mail: the offer to read what Thunderbird can decrypt, once or always, and the notice that it cannot be read.

import { element, part } from "../shared/dom.js";
import { text } from "../shared/localize.js";
import { readPreferences, writePreferences } from "../shared/preferences.js";

/** @typedef {import("../shared/shapes.js").Preview} Preview */

/** What the program says of an encrypted mail, which the panel says better. */
const SAID_HERE = new Set(["encrypted", "encrypted_smime", "encrypted_pgp"]);

export class Encryption {
  #handover;
  #again;
  /** Whether the options allow it for all mails. */
  #isAllowed = false;
  /** Whether the organisation forbids it. */
  #isForbidden = false;

  /**
   * @param {import("./handover.js").Handover} handover
   * @param {() => void} again reads the mail again
   */
  constructor(handover, again) {
    this.#handover = handover;
    this.#again = again;
  }

  /** Reads the options. */
  async begin() {
    const { values, locked } = await readPreferences();
    this.#isAllowed = values.decrypt;
    this.#isForbidden = locked.includes("decrypt") && !values.decrypt;
  }

  /**
   * @param {Preview} preview
   * @returns {Preview} without the notes that the panel replaces
   */
  withoutNotes(preview) {
    return preview.encryption === "unread" ? { ...preview, notes: preview.notes.filter(({ code }) => !SAID_HERE.has(code)) } : preview;
  }

  /**
   * Shows the offer or the notice, or nothing.
   * @param {Preview} preview
   */
  show({ encryption }) {
    const place = part("encrypted", HTMLElement);
    place.replaceChildren(...(encryption === "unread" ? [this.#panel()] : []));
  }

  #panel() {
    if (this.#handover.isEntry) {
      return notice("review_encrypted_entry");
    } else if (this.#isForbidden) {
      return notice("review_encrypted_forbidden");
    } else if (this.#isAllowed || this.#handover.reading.asked) {
      return notice("review_encrypted_no_key", button("decrypt-again", "review_decrypt_again", () => this.#decrypt()));
    }
    return element(
      "div",
      { class: "panel", "data-notice": "encrypted" },
      element("p", {}, element("strong", {}, text("review_encrypted_question"))),
      element("p", { class: "quiet" }, text("review_encrypted_hint")),
      element(
        "div",
        { class: "actions" },
        button("decrypt-once", "review_decrypt_once", () => this.#decrypt(), "primary"),
        button("decrypt-always", "review_decrypt_always", () => void this.#always()),
      ),
    );
  }

  #decrypt() {
    part("encrypted", HTMLElement).replaceChildren();
    this.#handover.decryptNow();
    this.#again();
  }

  async #always() {
    await writePreferences({ decrypt: true });
    this.#isAllowed = true;
    this.#decrypt();
  }
}

/**
 * @param {string} why key of the words
 * @param {...HTMLElement} actions
 */
function notice(why, ...actions) {
  return element(
    "div",
    { class: "panel warn", "data-notice": "encrypted" },
    element("p", {}, element("strong", {}, text("review_encrypted_unread")), " ", text(why)),
    actions.length > 0 && element("div", { class: "actions" }, ...actions),
  );
}

/**
 * @param {string} id
 * @param {string} words key of its label
 * @param {() => void} onclick
 * @param {string} [look]
 */
function button(id, words, onclick, look = "") {
  return element("button", { type: "button", id, class: look, onclick }, text(words));
}
