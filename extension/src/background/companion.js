// Talks to the companion add-on, which adds the action "Send to MISP" to Thunderbird's filters. Takes mails from it, and gives it the
// names of the profiles, each of which becomes an action.

import { Trouble } from "../shared/error.js";
import { readPreferences } from "../shared/preferences.js";
import { mailNamed } from "./mails.js";

const ID = "mispigeon-filter@mispigeon.org";

/** Most mails in one call. */
const MOST = 100;

/** The latest names from the host. */
const PROFILES = "companion.profiles";

/**
 * A message from the companion.
 *
 * @typedef {object} Handed
 * @property {string | null} profile null for the one of the preferences
 * @property {boolean} [manual] the user ran the filter, on whatever mails
 * @property {{id: number, headerMessageId: string}[]} messages
 */

export class Companion {
  #host;
  #intake;

  /**
   * @param {import("./host.js").Host} host
   * @param {import("./intake.js").Intake} intake
   */
  constructor(host, intake) {
    this.#host = host;
    this.#intake = intake;
  }

  /**
   * @param {any} message
   * @param {{id?: string}} sender
   * @returns {Promise<object> | undefined} the answer; nothing for anybody but the companion
   */
  answer(message, sender) {
    if (sender.id !== ID) return undefined;
    if (message?.type === "filter") return this.#take(message);
    if (message?.type === "profiles") return this.#profiles();
    return undefined;
  }

  /** Tells the companion, if installed, that profiles were added or removed. */
  async tell() {
    const before = await storedProfiles();
    const { profiles } = await this.#profiles();
    if (JSON.stringify(before) === JSON.stringify(profiles)) return;
    await browser.runtime.sendMessage(ID, { type: "profiles", profiles }).catch(() => {}); // It is not installed.
  }

  /**
   * @param {Handed} handed
   * @returns {Promise<{accepted: number}>} when they are stored: all of them, or none while too many wait
   */
  async #take({ profile = null, manual = false, messages }) {
    if (!Array.isArray(messages) || messages.length > MOST || !messages.every(isNamed) || !isName(profile)) {
      throw new Trouble("extension", "The companion add-on hands in mails in a way that is not understood; its version does not fit.");
    }
    const { values } = await readPreferences();
    const mails = await Promise.all(messages.map(({ id, headerMessageId }) => mailNamed(id, headerMessageId)));
    try {
      await this.#intake.accept(mails, { by: "filter", mode: values.mode, profile: (profile ?? values.profile) || null, again: manual === true });
    } catch (error) {
      if (Trouble.of(error).kind === "too_many") return { accepted: 0 }; // The companion keeps them and asks again.
      throw error;
    }
    return { accepted: messages.length };
  }

  /** @returns {Promise<{profiles: {name: string}[], default: string | null}>} the last known ones if the host cannot be asked */
  async #profiles() {
    const profile = (await readPreferences()).values.profile || null;
    try {
      const { profiles } = await this.#host.request("status");
      const named = profiles.map((/** @type {string} */ name) => ({ name }));
      await browser.storage.local.set({ [PROFILES]: named });
      return { profiles: named, default: profile };
    } catch {
      return { profiles: await storedProfiles(), default: profile };
    }
  }
}

/** @returns {Promise<{name: string}[]>} */
async function storedProfiles() {
  const { [PROFILES]: stored = [] } = await browser.storage.local.get(PROFILES);
  return stored;
}

/** @param {any} message */
const isNamed = (message) => Number.isInteger(message?.id) && typeof message.headerMessageId === "string";

/** @param {unknown} profile */
const isName = (profile) => profile === null || (typeof profile === "string" && profile !== "");
