// The one thing that Thunderbird has no WebExtension API for: actions in its filter editor. Everything else is in background.js.

/* global ExtensionAPIPersistent, ExtensionCommon, Services */
"use strict";

var { MailServices } = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");

const PREFIX = "mispigeon-filter@mispigeon.org#send";

/** Profiles with an action, as JSON: `{name, isGone}`. A preference, because actions must exist before any page runs. */
const PREFERENCE = "extensions.mispigeon-filter.profiles";

/** Most profiles that are remembered. A rule whose action is missing keeps Thunderbird from running the rules below it. */
const MOST = 200;

/** Messages that were filtered before the background page listened, in calls of `applyAction`. */
const MOST_EARLY = 10_000;

/**
 * Thunderbird has no way to remove an action, and loads this script anew whenever the add-on is enabled or updated: so there is one
 * action for each id, made by whichever load was first, and every load takes it over.
 *
 * @param {string} id
 * @param {string} name
 */
function actionOf(id, name) {
  try {
    const known = MailServices.filters.getCustomAction(id).wrappedJSObject;
    known.name = name;
    return known;
  } catch {
    const made = {
      QueryInterface: ChromeUtils.generateQI(["nsIMsgFilterCustomAction"]),
      get wrappedJSObject() {
        return made;
      },
      id,
      name,
      /** Called with headers and type of the run; null while the add-on is disabled. */
      handler: null,
      isOffered: true,
      allowDuplicates: false,
      // The filter need not wait for the mail to be sent.
      isAsync: false,
      // POP3 then fetches the whole message before the filters run.
      needsBody: true,
      isValidForType: (type) => made.isOffered && made.handler !== null && !(type & Ci.nsMsgFilterType.News),
      validateActionValue: () => null,
      applyAction(headers, value, copyListener, type) {
        made.handler?.(Array.from(headers), type);
      },
    };
    MailServices.filters.addCustomAction(made);
    return made;
  }
}

/** @returns {{name: string, isGone: boolean}[]} */
function storedProfiles() {
  try {
    const stored = JSON.parse(Services.prefs.getStringPref(PREFERENCE, "[]"));
    return stored.filter(({ name }) => typeof name === "string");
  } catch {
    return [];
  }
}

// Thunderbird looks for the class under the name of the API.
var filterAction = class extends ExtensionAPIPersistent {
  /** @type {Map<string, object>} the action of each profile, "" for none */
  #actions = new Map();
  #listeners = new Set();
  #early = [];

  PERSISTENT_EVENTS = {
    onApplied({ fire }) {
      const listener = async (applied) => {
        if (fire.wakeup) await fire.wakeup();
        await fire.async(applied);
      };
      this.#listeners.add(listener);
      for (const applied of this.#early.splice(0)) listener(applied);
      return {
        unregister: () => void this.#listeners.delete(listener),
        convert: (next) => void (fire = next),
      };
    },
  };

  onStartup() {
    this.#offer(storedProfiles());
  }

  onShutdown(isAppShutdown) {
    for (const action of this.#actions.values()) action.handler = null;
    // Without this the next load may run an old copy of this script from a cache.
    if (!isAppShutdown) Services.obs.notifyObservers(null, "startupcache-invalidate");
  }

  getAPI(context) {
    return {
      filterAction: {
        setProfiles: async (names) => this.#set(names),
        onApplied: new ExtensionCommon.EventManager({ context, module: "filterAction", event: "onApplied", extensionApi: this }).api(),
      },
    };
  }

  /** @param {string[]} names */
  #set(names) {
    const gone = storedProfiles().filter(({ name }) => !names.includes(name));
    const profiles = [...names.map((name) => ({ name, isGone: false })), ...gone.map(({ name }) => ({ name, isGone: true }))].slice(0, MOST);
    Services.prefs.setStringPref(PREFERENCE, JSON.stringify(profiles));
    this.#offer(profiles);
  }

  /** @param {{name: string, isGone: boolean}[]} profiles */
  #offer(profiles) {
    this.#take("", PREFIX, this.extension.localizeMessage("action"), true);
    for (const { name, isGone } of profiles) {
      this.#take(name, `${PREFIX}:${name}`, this.extension.localizeMessage("action_profile", [name]), !isGone);
    }
  }

  /**
   * @param {string} profile
   * @param {string} id
   * @param {string} name
   * @param {boolean} isOffered
   */
  #take(profile, id, name, isOffered) {
    const action = actionOf(id, name);
    action.isOffered = isOffered;
    action.handler = (headers, type) => this.#apply(profile, headers, type);
    this.#actions.set(profile, action);
  }

  /**
   * @param {string} profile
   * @param {nsIMsgDBHdr[]} headers
   * @param {number} type
   */
  #apply(profile, headers, type) {
    // Now, because a later action of the rule may move the messages, and then their numbers are invalid.
    const messages = headers.map((header) => ({
      id: this.extension.messageManager.convert(header).id,
      headerMessageId: header.messageId,
    }));
    const applied = { profile, manual: Boolean(type & Ci.nsMsgFilterType.Manual), messages };
    for (const listener of this.#listeners) listener(applied);
    if (this.#listeners.size === 0 && this.#early.length < MOST_EARLY) this.#early.push(applied);
  }
};
