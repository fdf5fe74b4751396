// What the analyst changes of the event and of its indicators, beside ticks, TLP and distribution. Only what differs from the
// preview goes to the host.

/** @typedef {import("../shared/shapes.js").Overrides} Overrides */
/** @typedef {import("../shared/shapes.js").RowEdit} RowEdit */
/** @typedef {import("../shared/shapes.js").PreviewHead} PreviewHead */
/** @typedef {{type: string, value: string}} Named */

/** A type never has a line end. @param {Named} item */
const keyOf = ({ type, value }) => `${type}\n${value}`;

/** @param {string} tag */
const isLevel = (tag) => /^(tlp|pap):/iu.test(tag);

export class Edits {
  /** As the preview has it. */
  #base = { title: "", pap: "", threatLevel: 0, sharingGroup: 0, tags: /** @type {string[]} */ ([]) };
  /** @type {string | null} */
  title = null;
  /** @type {string | null} */
  pap = null;
  /** @type {number | null} */
  threatLevel = null;
  /** @type {number | null} */
  sharingGroup = null;
  /** @type {string[]} */
  added = [];
  /** @type {string[]} */
  removed = [];
  /** @type {Map<string, RowEdit>} */
  #rows = new Map();

  /** @param {Pick<PreviewHead, "events">} preview that the changes are changes of */
  begin({ events }) {
    const [first] = events;
    const tags = [...new Set(events.flatMap((event) => event.tags))];
    this.#base = {
      title: events.length === 1 ? (first?.info ?? "") : "",
      pap: tags.find((tag) => /^pap:/iu.test(tag)) ?? "",
      threatLevel: first?.threat_level ?? 0,
      sharingGroup: first?.sharing_group ?? 0,
      tags: tags.filter((tag) => !isLevel(tag)),
    };
  }

  get base() {
    return this.#base;
  }

  /** The tags of the event but TLP and PAP, as they are now. */
  get tags() {
    const gone = new Set(this.removed);
    return [...new Set([...this.#base.tags, ...this.added])].filter((tag) => !gone.has(tag));
  }

  /** @param {string} tag */
  addTag(tag) {
    this.removed = this.removed.filter((one) => one !== tag);
    if (!this.tags.includes(tag)) {
      this.added = [...this.added, tag];
    }
  }

  /** @param {string} tag */
  removeTag(tag) {
    this.added = this.added.filter((one) => one !== tag);
    if (this.#base.tags.includes(tag)) {
      this.removed = [...this.removed, tag];
    }
  }

  /** @param {Named} item @returns {RowEdit | undefined} */
  row(item) {
    return this.#rows.get(keyOf(item));
  }

  /**
   * @param {Named} item
   * @param {Omit<RowEdit, "type" | "value">} changes none to have it as the host decides
   */
  changeRow({ type, value }, changes) {
    if (Object.keys(changes).length > 0) {
      this.#rows.set(keyOf({ type, value }), { type, value, ...changes });
    } else {
      this.#rows.delete(keyOf({ type, value }));
    }
  }

  /** @returns {Overrides} */
  overrides() {
    const { title, pap, threatLevel, sharingGroup } = this.#base;
    const rows = [...this.#rows.values()];
    const wanted = this.title?.trim();
    return {
      ...(wanted && wanted !== title && { title: wanted }),
      ...(this.pap && this.pap !== pap && { pap: this.pap }),
      ...(this.added.length > 0 && { tags_added: this.added }),
      ...(this.removed.length > 0 && { tags_removed: this.removed }),
      ...(this.threatLevel && this.threatLevel !== threatLevel && { threat_level: this.threatLevel }),
      ...(this.sharingGroup && this.sharingGroup !== sharingGroup && { sharing_group: this.sharingGroup }),
      ...(rows.length > 0 && { rows }),
    };
  }

  /** @returns {Overrides} for another page */
  keep() {
    return this.overrides();
  }

  /** @param {Overrides} overrides of an entry of the outbox, or of another page */
  restore({ title, pap, tags_added, tags_removed, threat_level, sharing_group, rows }) {
    this.title = title ?? null;
    this.pap = pap ?? null;
    this.threatLevel = threat_level ?? null;
    this.sharingGroup = sharing_group ?? null;
    this.added = tags_added ?? [];
    this.removed = tags_removed ?? [];
    this.#rows = new Map((rows ?? []).map((row) => [keyOf(row), withoutNull(row)]));
  }
}

/** @param {RowEdit} row @returns {RowEdit} */
function withoutNull(row) {
  return /** @type {RowEdit} */ (Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)));
}
