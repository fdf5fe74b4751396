// Thunderbird's `browser` object for unit tests: storage that outlives a restart, ports, and a record of what was shown.

import { FakeEvent } from "./event.js";
import { FakeHost } from "./host.js";
import { Mailbox } from "./mailbox.js";
import { messages } from "./words.js";

const words = messages("en");

class Area {
  constructor(entries, changed) {
    this.entries = entries;
    this.changed = changed;
  }

  get = async (keys) => {
    const wanted = keys == null ? [...this.entries.keys()] : [keys].flat();
    return structuredClone(Object.fromEntries(wanted.filter((key) => this.entries.has(key)).map((key) => [key, this.entries.get(key)])));
  };

  set = async (values) => {
    for (const [key, value] of Object.entries(structuredClone(values))) this.entries.set(key, value);
    this.changed(Object.fromEntries(Object.entries(values).map(([key, newValue]) => [key, { newValue }])));
  };

  remove = async (keys) => {
    for (const key of [keys].flat()) this.entries.delete(key);
  };
}

/** Two ends of a port; what one posts the other gets, as a copy. */
function portPair(name) {
  const ends = [0, 1].map(() => ({ name, onMessage: new FakeEvent(), onDisconnect: new FakeEvent(), open: true }));
  ends.forEach((end, at) => {
    const other = ends[1 - at];
    end.postMessage = (message) => {
      if (!end.open) throw new Error("Attempt to postMessage on disconnected port");
      const copy = structuredClone(message);
      setImmediate(() => other.onMessage.fire(copy));
    };
    end.disconnect = () => {
      end.open = false;
      other.open = false;
      setImmediate(() => other.onDisconnect.fire(other));
    };
  });
  return ends;
}

class Button {
  onClicked = new FakeEvent();
  badges = [];
  colours = [];
  popups = [];
  opens = true;
  setBadgeText = async (details) => void this.badges.push(details);
  setBadgeBackgroundColor = async (details) => void this.colours.push(details);
  setPopup = async (details) => void this.popups.push(["set", details]);
  openPopup = async (details) => {
    this.popups.push(["open", details]);
    return this.opens;
  };
}

/**
 * Makes the double and puts it where the extension's modules look for it.
 *
 * @param {object} [options]
 * @param {FakeHost} [options.host]
 * @param {Mailbox} [options.mailbox]
 * @param {Map<string, unknown>} [options.local] what is stored, also after a restart
 * @param {object | null} [options.policy] of the organisation
 */
export function installBrowser({ host = new FakeHost(), mailbox = new Mailbox(), local = new Map(), policy = null } = {}) {
  const onChanged = new FakeEvent();
  const onConnect = new FakeEvent();
  const granted = new Set();
  const shown = { notifications: [], opened: [], tabs: [], windows: [], normalWindows: [{ id: 1, focused: true }], pageEvents: [], menus: [], external: [], options: 0 };
  const alarms = new Map();
  const browser = {
    i18n: {
      getMessage: (key, values = []) => (words[key]?.message ?? "").replace(/\$(\d)/gu, (_, n) => values[n - 1] ?? ""),
      getUILanguage: () => "en",
    },
    runtime: {
      getManifest: () => ({ version: "0.1.0" }),
      getURL: (path) => `moz-extension://id/${path.replace(/^\//u, "")}`,
      connectNative: () => host.connect(),
      connect({ name }) {
        const [page, background] = portPair(name);
        setImmediate(() => onConnect.fire(background));
        return page;
      },
      sendMessage: async (...parts) => {
        if (parts.length > 1) {
          shown.external.push(structuredClone(parts));
          return;
        }
        const [message] = parts;
        shown.pageEvents.push(structuredClone(message));
        browser.runtime.onMessage.fire(structuredClone(message));
      },
      openOptionsPage: async () => void shown.options++,
      onConnect,
      onMessage: new FakeEvent(),
      onMessageExternal: new FakeEvent(),
      onInstalled: new FakeEvent(),
      onStartup: new FakeEvent(),
    },
    storage: {
      local: new Area(local, (changes) => onChanged.fire(changes, "local")),
      session: new Area(new Map(), (changes) => onChanged.fire(changes, "session")),
      managed: {
        get: async () => {
          if (policy === null) throw new Error("Managed storage manifest not found");
          return structuredClone(policy);
        },
      },
      onChanged,
    },
    permissions: { contains: async ({ permissions }) => permissions.every((one) => granted.has(one)) },
    alarms: {
      create: (name, info) => void alarms.set(name, info),
      get: async (name) => alarms.get(name),
      clear: async (name) => alarms.delete(name),
      onAlarm: new FakeEvent(),
    },
    notifications: {
      create: async (id, options) => void shown.notifications.push({ id, ...options }),
      onClicked: new FakeEvent(),
    },
    windows: {
      openDefaultBrowser: async (url) => void shown.opened.push(url),
      create: async (options) => void shown.windows.push(options),
      getAll: async () => shown.normalWindows,
    },
    tabs: {
      query: async ({ type, active } = {}) => shown.tabs.filter((tab) => (!type || tab.type === type) && (!active || tab.active)),
      create: async ({ url, windowId }) => void shown.tabs.push({ id: 900 + shown.tabs.length, type: "content", windowId, url }),
      update: async (id, changes) => void Object.assign(shown.tabs.find((tab) => tab.id === id), changes),
    },
    menus: {
      create: (item) => void shown.menus.push(item),
      removeAll: async () => void shown.menus.splice(0),
      onClicked: new FakeEvent(),
    },
    commands: { onCommand: new FakeEvent() },
    action: new Button(),
    messageDisplayAction: new Button(),
    messageDisplay: {
      displayed: new Map(),
      getDisplayedMessages: async (tabId) => ({ id: null, messages: browser.messageDisplay.displayed.get(tabId) ?? [] }),
      onMessagesDisplayed: new FakeEvent(),
    },
    mailTabs: {
      selected: new Map(),
      getSelectedMessages: async (tabId) => ({ id: null, messages: browser.mailTabs.selected.get(tabId) ?? [] }),
    },
    messages: mailbox.messages,
    folders: mailbox.foldersApi,
    accounts: mailbox.accountsApi,
  };
  globalThis.browser = browser;
  return { browser, host, mailbox, local, granted, shown, alarms };
}
