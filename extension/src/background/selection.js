// Finds the mails of a click: those selected in the list of a mail tab, or the one in a message tab or window.

import { mailOf } from "./mails.js";

/** @typedef {import("./mails.js").Mail} Mail */

/**
 * @param {browser.messages.MessageList} list
 * @returns {Promise<Mail[]>} of all its pages
 */
export async function mailsOf(list) {
  const mails = list.messages.map(mailOf);
  for (let { id } = list; id; ) {
    const page = await browser.messages.continueList(id);
    mails.push(...page.messages.map(mailOf));
    id = page.id;
  }
  return mails;
}

/**
 * @param {browser.tabs.Tab} tab
 * @returns {Promise<Mail[]>}
 */
export async function selectedMails(tab) {
  if (tab.id === undefined) return [];
  if (tab.type === "mail") {
    return mailsOf(await browser.mailTabs.getSelectedMessages(tab.id));
  }
  return displayedMails(tab);
}

/**
 * @param {browser.tabs.Tab} tab
 * @returns {Promise<Mail[]>} what its message pane shows
 */
export async function displayedMails(tab) {
  if (tab.id === undefined || (tab.type !== "mail" && tab.type !== "messageDisplay")) return [];
  /** @type {unknown} */
  const list = await browser.messageDisplay.getDisplayedMessages(tab.id);
  return mailsOf(/** @type {browser.messages.MessageList} */ (list));
}

/**
 * For a menu of attachments Thunderbird names a tab that it does not know itself; the mail is then that of the tab in front.
 *
 * @param {browser.tabs.Tab | undefined} tab
 * @returns {Promise<browser.tabs.Tab | undefined>}
 */
export async function tabOfMail(tab) {
  if (tab?.type === "mail" || tab?.type === "messageDisplay") return tab;
  return (await browser.tabs.query({ active: true, lastFocusedWindow: true }))[0];
}
