// Opens the review of one mail: as popup of a button or in a tab, as the analyst prefers; where there is neither, as a window.

import { readPreferences } from "../shared/preferences.js";
import { remember } from "./mails.js";
import { displayedMails } from "./selection.js";

/** @typedef {import("./mails.js").Mail} Mail */
/** @typedef {typeof browser.action | typeof browser.messageDisplayAction} Button */

const WINDOW = { width: 800, height: 760 };

/**
 * @param {number} messageId
 * @param {number | null} [focus] under which the page takes what of the mail is meant
 */
const reviewUrl = (messageId, focus = null) => `/review/review.html?message=${messageId}${focus === null ? "" : `&focus=${focus}`}`;

/**
 * @param {Mail} mail
 * @param {browser.tabs.Tab | undefined} tab where the click was
 * @param {Button} [button] that was clicked; without one that of the message, or of the window
 * @param {number | null} [focus] under which the page takes what of the mail is meant
 */
export async function openReview(mail, tab, button, focus = null) {
  const remembered = remember(mail);
  const { values } = await readPreferences();
  if (values.reviewIn === "tab") {
    await remembered;
    await openReviewTab(mail.messageId, focus);
    return;
  }
  const buttons = button ? [button] : await buttonsFor(mail, tab);
  if (!(await openPopup(reviewUrl(mail.messageId, focus), tab, buttons))) await openReviewWindow(mail.messageId, focus);
  await remembered;
}

/**
 * @param {number} messageId
 * @param {number | null} [focus]
 */
export async function openReviewTab(messageId, focus = null) {
  const windows = await browser.windows.getAll({ windowTypes: ["normal"] });
  const { id } = windows.find(({ focused }) => focused) ?? windows[0] ?? {};
  if (id === undefined) await openReviewWindow(messageId, focus);
  else await browser.tabs.create({ url: `${reviewUrl(messageId, focus)}&view=tab`, windowId: id, active: true });
}

/**
 * @param {number} messageId
 * @param {number | null} [focus]
 */
export async function openReviewWindow(messageId, focus = null) {
  await browser.windows.create({ type: "popup", url: reviewUrl(messageId, focus), ...WINDOW });
}

/**
 * @param {Mail} mail
 * @param {browser.tabs.Tab | undefined} tab
 * @returns {Promise<Button[]>}
 */
async function buttonsFor(mail, tab) {
  const shown = tab ? await displayedMails(tab) : [];
  const own = shown.length === 1 && shown[0]?.messageId === mail.messageId;
  return own ? [browser.messageDisplayAction, browser.action] : [browser.action];
}

/**
 * The button has no popup, so that the background gets the click with its modifier keys. It gets a popup only for this opening.
 *
 * @param {string} popup address of the page
 * @param {browser.tabs.Tab | undefined} tab
 * @param {Button[]} buttons
 * @returns {Promise<boolean>}
 */
async function openPopup(popup, tab, buttons) {
  if (tab?.id === undefined || tab.windowId === undefined) return false;
  for (const button of buttons) {
    // Thunderbird takes the calls in this order, so there is no need to wait for each.
    const set = button.setPopup({ tabId: tab.id, popup });
    const opened = button.openPopup({ windowId: tab.windowId });
    const unset = button.setPopup({ tabId: tab.id, popup: null });
    const [, done] = await Promise.all([set, opened, unset]);
    if (/** @type {unknown} */ (done) === true) return true;
  }
  return false;
}
