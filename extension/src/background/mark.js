// The check mark on the buttons of a mail that was just sent.

import { WAITING } from "./backlog.js";
import { displayedMails } from "./selection.js";

/** How long the mark stays. Shorter than Thunderbird keeps an idle event page, because the page has to remove the mark. */
const MARK_MS = 15_000;

/** The mark of a mail whose event is queued. */
const WAITS = "…";

/** Behind the signs, whose white stands out from them. @type {Record<string, string>} */
const COLOURS = { "✓": "#157a3d", [WAITS]: WAITING, "!": "#c21c2c" };

/**
 * @param {import("../shared/shapes.js").Delivery[]} deliveries
 * @returns {string}
 */
function signOf(deliveries) {
  if (deliveries.some(({ status }) => status === "failed")) return "!";
  return deliveries.some(({ status }) => status === "queued") ? WAITS : "✓";
}

/**
 * Marks the buttons of every tab that shows the mail, until it shows another one.
 *
 * @param {import("./mails.js").Mail} mail
 * @param {import("../shared/shapes.js").Delivery[]} deliveries
 */
export async function mark(mail, deliveries) {
  const tabs = [...(await browser.tabs.query({ type: "mail" })), ...(await browser.tabs.query({ type: "messageDisplay" }))];
  for (const tab of tabs) {
    const shown = await displayedMails(tab);
    if (tab.id !== undefined && shown.some(({ messageId }) => messageId === mail.messageId)) await show(tab.id, signOf(deliveries));
  }
}

/**
 * @param {number} tabId
 * @param {string} sign
 */
async function show(tabId, sign) {
  await setBadge(tabId, sign);
  const wipe = () => {
    clearTimeout(timer);
    browser.messageDisplay.onMessagesDisplayed.removeListener(onDisplayed);
    setBadge(tabId, null).catch(() => {}); // The tab may be closed.
  };
  const onDisplayed = (/** @type {browser.tabs.Tab} */ tab) => {
    if (tab.id === tabId) wipe();
  };
  const timer = setTimeout(wipe, MARK_MS);
  browser.messageDisplay.onMessagesDisplayed.addListener(onDisplayed);
}

/**
 * @param {number} tabId
 * @param {string | null} sign null for what all tabs have
 */
async function setBadge(tabId, sign) {
  // The types know no null here; Thunderbird takes it as "as everywhere".
  const details = /** @type {{text: string, tabId: number}} */ ({ text: sign, tabId });
  const colour = /** @type {{color: string, tabId: number}} */ ({ color: sign === null ? null : COLOURS[sign], tabId });
  const button = browser.messageDisplayAction;
  await Promise.all([button.setBadgeText(details), button.setBadgeBackgroundColor(colour)]);
  // The toolbar's button shows how many mails wait, which says more.
  if (sign === WAITS) return;
  await Promise.all([browser.action.setBadgeText(details), browser.action.setBadgeBackgroundColor(colour)]);
}
