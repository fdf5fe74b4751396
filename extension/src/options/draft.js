// The host's settings in the form: the stored values, and changes that are not saved yet. A profile has the values of the main
// settings where it sets none.

/** @typedef {import("../shared/shapes.js").Settings} Settings */
/** @typedef {import("../shared/shapes.js").Field} Field */

export class Draft {
  #settings;
  #main;
  #locked;
  /** New values; null takes the setting out of the file. @type {Map<string, unknown>} */
  #pending = new Map();

  /**
   * @param {Settings} settings of the main part or of a profile
   * @param {Settings} main those of the main part
   * @param {string[]} locked settings that the organisation has set
   */
  constructor(settings, main, locked) {
    this.#settings = settings;
    this.#main = main;
    this.#locked = new Set(locked);
  }

  /** @returns {string | null} the profile that is edited; null for the main settings */
  get profile() {
    return this.#settings.profile;
  }

  /**
   * @param {string} key
   * @returns {Field}
   */
  field(key) {
    return this.#settings.fields[key];
  }

  /**
   * What locks the setting: that only the file can set it, the organisation or the environment.
   * @param {string} key
   * @returns {"file" | "environment" | "organisation" | null}
   */
  lockedBy(key) {
    if (!this.field(key).writable) {
      return "file";
    }
    if (this.#locked.has(key)) {
      return "organisation";
    }
    return this.field(key).origin === "environment" ? "environment" : null;
  }

  /**
   * Whether the main settings or the profile set it themselves, once the changes are saved.
   * @param {string} key
   */
  isOwn(key) {
    return this.#pending.has(key) ? this.#pending.get(key) !== null : this.#isStoredHere(key);
  }

  /**
   * The value that holds once the changes are saved. Secrets have none but one just entered.
   * @param {string} key
   * @returns {any}
   */
  value(key) {
    if (!this.#pending.has(key)) {
      return this.field(key).value ?? null;
    }
    return this.#pending.get(key) ?? this.#otherwise(key);
  }

  /**
   * Whether the setting has a new value that is not saved yet.
   * @param {string} key
   */
  isChanged(key) {
    return this.#pending.has(key);
  }

  /**
   * Whether there is a secret once the changes are saved.
   * @param {string} key
   */
  isSet(key) {
    const pending = this.#pending.get(key);
    return pending === undefined ? Boolean(this.field(key).set) : pending !== null;
  }

  /**
   * @param {string} key
   * @param {unknown} value null for none; an empty secret leaves the stored one
   */
  set(key, value) {
    const isSecret = this.field(key).shape === "secret";
    if (value === null) {
      this.unset(key);
    } else if (isSecret ? value === "" : this.#holds(key, value)) {
      this.#pending.delete(key);
    } else {
      this.#pending.set(key, value);
    }
  }

  /**
   * Takes the setting out of the main settings or the profile.
   * @param {string} key
   */
  unset(key) {
    if (this.#isStoredHere(key)) {
      this.#pending.set(key, null);
    } else {
      this.#pending.delete(key);
    }
  }

  /** @returns {Record<string, unknown>} as the host takes them */
  changes() {
    return Object.fromEntries(this.#pending);
  }

  /** @param {string} key */
  #isStoredHere(key) {
    return this.field(key).origin === (this.profile === null ? "file" : "profile");
  }

  /**
   * Whether saving the value would change nothing.
   * @param {string} key
   * @param {unknown} value
   */
  #holds(key, value) {
    return JSON.stringify(this.field(key).value ?? null) === JSON.stringify(value);
  }

  /**
   * What holds when it is not set here.
   * @param {string} key
   */
  #otherwise(key) {
    return (this.profile === null ? this.field(key).default : this.#main.fields[key]?.value) ?? null;
  }
}
