// The ways into the extension: both buttons, the context menus and the shortcuts. They find the selected mails. One mail opens the
// review, several make a batch, and with shift all are sent at once. A menu on a part of a mail opens the review of that part.

import { focusOf } from "./focus.js";
import { text } from "../shared/localize.js";
import { displayedMails, mailsOf, selectedMails, tabOfMail } from "./selection.js";

/** @typedef {import("./mails.js").Mail} Mail */
/** @typedef {import("./review.js").Button} Button */
/**
 * What the entrances start.
 *
 * @typedef {object} Ways
 * @property {(mail: Mail, tab: browser.tabs.Tab | undefined, button?: Button, focus?: import("./focus.js").Focus | null) => Promise<void>} review
 * @property {(mail: Mail) => Promise<void>} send one mail, at once
 * @property {(mails: Mail[], start: boolean) => Promise<void>} batch makes and shows it
 * @property {() => Promise<void>} none nothing is selected
 */

const MENU = "review";

/** The menus of the list of mails and of a displayed mail. */
const CONTEXTS = /** @type {const} */ (["message_list", "page", "selection", "link", "image", "message_display_action"]);

/** Menus on a part of a displayed mail. @type {[string, browser.menus.ContextType[]][]} */
const PARTS = [
  ["selection", ["selection"]],
  ["link", ["link"]],
  ["files", ["message_attachments", "all_message_attachments"]],
];

export async function createMenu() {
  await browser.menus.removeAll();
  browser.menus.create({ id: MENU, title: text("menu_send"), contexts: [...CONTEXTS] });
  for (const [id, contexts] of PARTS) browser.menus.create({ id, title: text(`menu_${id}`), contexts });
}

export class Entrances {
  #ways;

  /** @param {Ways} ways */
  constructor(ways) {
    this.#ways = ways;
  }

  /**
   * @param {browser.tabs.Tab} tab
   * @param {{modifiers: string[]} | undefined} info
   */
  async messageButton(tab, info) {
    await this.#go(await displayedMails(tab), tab, isShift(info), browser.messageDisplayAction);
  }

  /**
   * @param {browser.tabs.Tab} tab
   * @param {{modifiers: string[]} | undefined} info
   */
  async toolbarButton(tab, info) {
    await this.#go(await selectedMails(tab), tab, isShift(info), browser.action);
  }

  /**
   * @param {browser.menus.OnClickData} info
   * @param {browser.tabs.Tab | undefined} tab
   */
  async menu(info, tab) {
    const focus = focusOf(info);
    if (focus) {
      const shown = await tabOfMail(tab);
      const [mail] = shown ? await displayedMails(shown) : [];
      if (mail) await this.#ways.review(mail, shown, undefined, focus);
      else await this.#ways.none();
      return;
    }
    const mails = info.selectedMessages ? await mailsOf(info.selectedMessages) : tab ? await displayedMails(tab) : [];
    await this.#go(mails, tab, isShift(info));
  }

  /**
   * @param {string} command
   * @param {browser.tabs.Tab} tab
   */
  async command(command, tab) {
    await this.#go(await selectedMails(tab), tab, command === "send");
  }

  /**
   * @param {Mail[]} mails
   * @param {browser.tabs.Tab | undefined} tab
   * @param {boolean} atOnce
   * @param {Button} [button]
   */
  async #go(mails, tab, atOnce, button) {
    const [mail] = mails;
    if (!mail) await this.#ways.none();
    else if (mails.length > 1) await this.#ways.batch(mails, atOnce);
    else if (atOnce) await this.#ways.send(mail);
    else await this.#ways.review(mail, tab, button);
  }
}

/** @param {{modifiers?: string[]} | undefined} info */
const isShift = (info) => info?.modifiers?.includes("Shift") ?? false;
