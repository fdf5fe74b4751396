// What is ticked in a preview: the preview's own choice and the analyst's changes. Only the changes go to the host, so that an
// untouched review sends the same as sending without a review.

/** @typedef {import("../shared/shapes.js").Item} Item */
/** @typedef {{choices: [string, boolean][], leftOut: string[]}} Kept */
/** @typedef {[string, string]} Name type and value, as overrides name an item */

/**
 * @param {Item} item
 * @returns {Name | null} null for what cannot be chosen
 */
export function nameOf(item) {
  if (item.item === "indicator") {
    return [item.type, item.value];
  }
  return item.name === null ? null : ["attachment", item.name];
}

/**
 * @param {Name[]} [names] as overrides have them
 * @returns {Item[]} stand-ins that have only these names
 */
export function namedItems(names = []) {
  return names.map(([type, value]) =>
    /** @type {Item} */ (type === "attachment" ? { item: "attachment", name: value } : { item: "indicator", type, value }),
  );
}

/** A type never has a line end. @param {Name} name */
const keyOf = ([type, value]) => `${type}\n${value}`;

/** @param {Item} item */
const isSent = (item) => item.action !== "skip";

export class Selection {
  /** The analyst's choices by name. A new preview of the same mail keeps them. @type {Map<string, boolean>} */
  #choices = new Map();
  /** Whether the preview sends and skips items of that name; in a carrier it can do both. @type {Map<string, {name: Name, sent: boolean, skipped: boolean}>} */
  #named = new Map();
  /** @type {Item[]} */
  #items = [];
  /** Identities of the mails, as the items number them. @type {string[]} */
  #mails = [];
  /** Mails that are not sent, by identity. @type {Set<string>} */
  #leftOut = new Set();

  /**
   * @param {string} mail its identity
   * @param {boolean} isOut
   */
  leaveOut(mail, isOut) {
    if (isOut) {
      this.#leftOut.add(mail);
    } else {
      this.#leftOut.delete(mail);
    }
  }

  /** @param {string} mail its identity */
  isLeftOut(mail) {
    return this.#leftOut.has(mail);
  }

  /** Mails that are not sent. @returns {string[]} */
  get leftOut() {
    return [...this.#leftOut];
  }

  /** Whether there are mails, and every one is left out. */
  get isNothingLeft() {
    return this.#mails.length > 0 && this.#mails.every((mail) => this.#leftOut.has(mail));
  }

  /** @returns {Kept} the choices, for another page */
  keep() {
    return { choices: [...this.#choices], leftOut: this.leftOut };
  }

  /** @param {Kept} kept by another page */
  restore({ choices, leftOut }) {
    this.#choices = new Map(choices);
    this.#leftOut = new Set(leftOut);
  }

  /**
   * Forgets the items, for another preview; the choices stay.
   * @param {string[]} mails the identities of its mails
   */
  clear(mails = []) {
    this.#items = [];
    this.#mails = mails;
    this.#named.clear();
  }

  /** @param {Item[]} items further items of the preview */
  add(items) {
    for (const item of items) {
      this.#items.push(item);
      const name = nameOf(item);
      if (name) {
        const known = this.#named.get(keyOf(name)) ?? { name, sent: false, skipped: false };
        this.#named.set(keyOf(name), {
          name,
          sent: known.sent || isSent(item),
          skipped: known.skipped || !isSent(item),
        });
      }
    }
  }

  /**
   * @param {Item} item
   * @returns {boolean}
   */
  isTicked(item) {
    const name = nameOf(item);
    return (name && this.#choices.get(keyOf(name))) ?? isSent(item);
  }

  /**
   * @param {Item[]} items
   * @param {boolean} ticked
   */
  choose(items, ticked) {
    for (const item of items) {
      const name = nameOf(item);
      if (name) {
        this.#choices.set(keyOf(name), ticked);
      }
    }
  }

  /**
   * An item with all that lies in it: of a file the files inside, and what was found in them.
   *
   * @param {Item} item
   * @returns {Item[]}
   */
  branch(item) {
    if (item.item !== "attachment" || item.name === null) return [item];
    const { name, event } = item;
    const isInside = (/** @type {string | null} */ path) => path !== null && (path === name || path.startsWith(`${name} > `));
    const isIn = (/** @type {string} */ part) => {
      const path = part.startsWith("attachment ") ? part.slice("attachment ".length) : null;
      return isInside(path) || Boolean(path?.startsWith(`${name}, `));
    };
    return this.#items.filter(
      (other) => other === item || (other.event === event && (other.item === "attachment" ? isInside(other.name) : isIn(other.found_in))),
    );
  }

  /**
   * Ticks or unticks an item of which nothing was chosen yet.
   * @param {Item} item
   * @param {boolean} ticked
   */
  propose(item, ticked) {
    const name = nameOf(item);
    if (name && !this.#choices.has(keyOf(name))) {
      this.#choices.set(keyOf(name), ticked);
    }
  }

  /** @returns {{deselected: Name[], selected: Name[], leftOut: string[]}} where the choices differ from the preview */
  overrides() {
    /** @type {Name[]} */
    const deselected = [];
    /** @type {Name[]} */
    const selected = [];
    for (const [key, { name, sent, skipped }] of this.#named) {
      const choice = this.#choices.get(key);
      if (choice === false && sent) {
        deselected.push(name);
      } else if (choice === true && skipped) {
        selected.push(name);
      }
    }
    return { deselected, selected, leftOut: this.#mails.filter((mail) => this.#leftOut.has(mail)) };
  }

  /** @returns {{indicators: number, attachments: number}} how many are ticked */
  counts() {
    const counts = { indicators: 0, attachments: 0 };
    for (const item of this.#items) {
      if (this.isTicked(item) && !this.#leftOut.has(this.#mails[item.event] ?? "")) {
        counts[item.item === "indicator" ? "indicators" : "attachments"] += 1;
      }
    }
    return counts;
  }
}
