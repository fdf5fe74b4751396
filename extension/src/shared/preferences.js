// The extension's own preferences, in storage.local. The organisation's policy in storage.managed overrides and locks them. The
// host keeps the settings of the program; background/organisation.js writes the policy's part of those.

import { Trouble } from "./error.js";

/** @typedef {"auto" | "report" | "sample" | "carrier"} Mode */
/** @typedef {"fit" | "popup" | "tab"} ReviewIn */
/** @typedef {"type" | "host" | "place"} GroupBy */
/** @typedef {"keep" | "archive" | "junk" | "trash"} AfterSending */
/**
 * @typedef {object} Preferences
 * @property {Mode} mode what mails are taken for
 * @property {string} profile "" for none
 * @property {ReviewIn} reviewIn where one mail is reviewed; "fit" is a popup, or a tab where that does not fit
 * @property {GroupBy} groupBy how the list of a review is grouped
 * @property {AfterSending} afterSending what becomes of the mail
 * @property {string} tag key of a tag of Thunderbird that the mail gets; "" for none
 * @property {string} sendingTag key of the tag that sends a mail when it is set; "" for none
 * @property {string} sendingTagProfile with which profile; "" for none
 * @property {boolean} notify
 * @property {boolean} decrypt what Thunderbird can decrypt is read
 * @property {boolean} lookUpMisp whether the review offers to look up indicators there
 * @property {boolean} lookUpVirustotal
 * @property {boolean} lookUpUrlscan
 * @property {boolean} lookUpLookyloo
 * @property {boolean} lookUpPandora
 * @property {string} lookUpTemplates further services, one in each line, see lookups.js
 * @property {string} answerTemplate of the answer to the reporter; "" for the words of the language
 */
/**
 * @typedef {object} Reading
 * @property {Preferences} values
 * @property {string[]} locked names of the values that the organisation has set
 * @property {string[]} lockedSettings dotted names of the host's settings that the organisation has set
 */

/** @type {Readonly<Preferences>} */
export const DEFAULTS = Object.freeze({
  mode: "auto",
  profile: "",
  reviewIn: "fit",
  groupBy: "type",
  afterSending: "keep",
  tag: "",
  sendingTag: "",
  sendingTagProfile: "",
  notify: true,
  decrypt: false,
  lookUpMisp: false,
  lookUpVirustotal: false,
  lookUpUrlscan: false,
  lookUpLookyloo: false,
  lookUpPandora: false,
  lookUpTemplates: "",
  answerTemplate: "",
});

/** @type {Map<string, readonly unknown[]>} */
const CHOICES = new Map([
  ["mode", ["auto", "report", "sample", "carrier"]],
  ["reviewIn", ["fit", "popup", "tab"]],
  ["groupBy", ["type", "host", "place"]],
  ["afterSending", ["keep", "archive", "junk", "trash"]],
]);

/** @param {string} name */
const stored = (name) => `preference.${name}`;

/**
 * @param {AfterSending} afterSending
 * @returns {string[]} the optional permissions that it needs
 */
export const permissionsFor = (afterSending) => (afterSending === "keep" ? [] : ["messagesMove"]);

/** @returns {Promise<Reading>} */
export async function readPreferences() {
  const [own, policy] = await Promise.all([browser.storage.local.get(Object.keys(DEFAULTS).map(stored)), managed()]);
  const values = /** @type {Record<string, unknown>} */ ({ ...DEFAULTS });
  const locked = [];
  for (const name of Object.keys(DEFAULTS)) {
    if (allowed(name, policy[name])) {
      values[name] = policy[name];
      locked.push(name);
    } else if (allowed(name, own[stored(name)])) {
      values[name] = own[stored(name)];
    }
  }
  return {
    values: /** @type {Preferences} */ (/** @type {unknown} */ (values)),
    locked,
    lockedSettings: Object.keys(settingsOf(policy)),
  };
}

/**
 * @param {Partial<Preferences>} changes
 * @returns {Promise<void>} rejects, without a change, with `locked` or `setting`
 */
export async function writePreferences(changes) {
  const { locked } = await readPreferences();
  for (const [name, value] of Object.entries(changes)) {
    if (!allowed(name, value)) {
      throw new Trouble("setting", `${name} cannot be that.`, { key: name, allowed: (CHOICES.get(name) ?? []).join(", ") });
    }
    if (locked.includes(name)) throw new Trouble("locked", `${name} is set by the organisation.`, { key: name });
  }
  await browser.storage.local.set(Object.fromEntries(Object.entries(changes).map(([name, value]) => [stored(name), value])));
}

/** @param {(reading: Reading) => void} listener called with the new values after any change */
export function onPreferencesChanged(listener) {
  browser.storage.onChanged.addListener(async (changes, area) => {
    const ours = area === "managed" || (area === "local" && Object.keys(DEFAULTS).some((name) => stored(name) in changes));
    if (ours) listener(await readPreferences());
  });
}

/**
 * The host's settings in the organisation's policy. Refuses a secret, because any user can read a policy.
 *
 * @returns {Promise<Record<string, unknown>>} dotted name to value
 */
export async function organisationSettings() {
  return settingsOf(await managed());
}

/**
 * @param {Record<string, unknown>} policy
 * @returns {Record<string, unknown>}
 */
function settingsOf({ settings }) {
  if (settings === null || typeof settings !== "object" || Array.isArray(settings)) return {};
  return Object.fromEntries(Object.entries(settings).filter(([name]) => !isSecret(name)));
}

/** @param {string} name */
export const isSecret = (name) => /(^|\.)key$/u.test(name);

/** @returns {Promise<Record<string, unknown>>} */
async function managed() {
  try {
    return await browser.storage.managed.get();
  } catch {
    return {}; // There is no policy for this extension.
  }
}

/**
 * @param {string} name
 * @param {unknown} value
 * @returns {boolean}
 */
function allowed(name, value) {
  if (!Object.hasOwn(DEFAULTS, name)) return false;
  if (typeof value !== typeof DEFAULTS[/** @type {keyof Preferences} */ (name)]) return false;
  return CHOICES.get(name)?.includes(value) ?? true;
}
