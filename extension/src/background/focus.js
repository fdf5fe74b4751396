// What of a mail a menu was opened on: selected text, a link, or attached files. The review that the menu opens takes it, and ticks
// only what belongs to it. It is kept in memory only.

/**
 * @typedef {{kind: "text", text: string} | {kind: "link", link: string} | {kind: "files", files: {name: string, size: number}[]}} Focus
 */

/** Most characters of a text or a link; the rest is not looked at. */
const MOST = 200_000;

/** A review takes its own at once. What is left belongs to reviews that never opened. */
const KEPT = 20;

/**
 * @param {browser.menus.OnClickData} info
 * @returns {Focus | null} null for the mail as a whole
 */
export function focusOf({ menuItemId, selectionText, linkUrl, attachments }) {
  if (menuItemId === "selection" && selectionText) return { kind: "text", text: selectionText.slice(0, MOST) };
  if (menuItemId === "link" && linkUrl) return { kind: "link", link: linkUrl.slice(0, MOST) };
  if (menuItemId === "files" && attachments?.length) {
    return { kind: "files", files: attachments.map(({ name, size }) => ({ name: name ?? "", size: size ?? 0 })) };
  }
  return null;
}

export class Focuses {
  /** @type {Map<number, Focus>} */
  #waiting = new Map();
  #given = 0;

  /**
   * @param {Focus} focus
   * @returns {number} under which the review takes it
   */
  put(focus) {
    this.#given += 1;
    this.#waiting.set(this.#given, focus);
    this.#waiting.delete(this.#given - KEPT);
    return this.#given;
  }

  /**
   * @param {number} number
   * @returns {Focus | null} null when the event page was restarted in between
   */
  take(number) {
    const focus = this.#waiting.get(number) ?? null;
    this.#waiting.delete(number);
    return focus;
  }
}
