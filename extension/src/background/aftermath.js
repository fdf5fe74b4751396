// Tags or moves a mail in Thunderbird once its event is made. What fails is reported as a problem; the mail still counts
// as sent.

import { Trouble } from "../shared/error.js";
import { text } from "../shared/localize.js";
import { permissionsFor } from "../shared/preferences.js";
import { makeOwnTag } from "../shared/tags.js";

/** @typedef {import("./mails.js").Mail} Mail */
/** @typedef {import("../shared/preferences.js").Preferences} Preferences */

/** Thunderbird's names for the uses of folders. */
const USES = /** @type {const} */ ({ archive: "archives", junk: "junk", trash: "trash" });

/**
 * @param {{status: string}[]} deliveries
 * @returns {boolean} whether all of the mail is at its destination or safe in the outbox
 */
export const isSafe = (deliveries) => deliveries.every(({ status }) => status !== "failed");

/**
 * @param {Mail} mail
 * @param {Pick<Preferences, "tag" | "afterSending">} preferences
 * @returns {Promise<string[]>} problems, in the user's language
 */
export async function settle(mail, { tag, afterSending }) {
  // A file opened from disk has no tags and lies in no folder.
  if (!mail.folder) return tag || afterSending !== "keep" ? [text("core_problem_file")] : [];
  /** @type {string[]} */
  const problems = [];
  // Set the tag first, because moving the mail makes its id invalid.
  if (tag) await attempt("core_problem_tag", () => addTag(mail, tag), problems);
  if (afterSending !== "keep") await attempt(`core_problem_${afterSending}`, () => move(mail, afterSending), problems);
  return problems;
}

/**
 * @param {string} key of the words that say what did not work
 * @param {() => Promise<void>} action
 * @param {string[]} problems
 */
async function attempt(key, action, problems) {
  try {
    await action();
  } catch (error) {
    problems.push(text(key, Trouble.of(error).message));
  }
}

/**
 * @param {Mail} mail
 * @param {string} tag
 */
async function addTag(mail, tag) {
  await makeOwnTag(tag);
  const { tags } = await browser.messages.get(mail.messageId);
  if (!tags.includes(tag)) await browser.messages.update(mail.messageId, { tags: [...tags, tag] });
}

/**
 * @param {Mail} mail
 * @param {"archive" | "junk" | "trash"} where
 */
async function move(mail, where) {
  if (!(await browser.permissions.contains({ permissions: permissionsFor(where) }))) {
    throw new Error(text("core_problem_permission"));
  }
  const { messageId } = mail;
  const { folder } = await browser.messages.get(messageId);
  const use = USES[where];
  if (!folder?.id) return;
  if (!(await letsGo(folder.id, folder.accountId))) throw new Error(text("core_problem_read_only"));
  if (where === "junk") await browser.messages.update(messageId, { junk: true });
  if (await liesIn(folder, use)) return;
  if (where === "archive") {
    await browser.messages.archive([messageId]);
    return;
  }
  const [target] = await browser.folders.query({ accountId: folder.accountId, specialUse: [use] });
  if (target?.id) await browser.messages.move([messageId], target.id, { isUserAction: true });
  else throw new Error(text(`core_problem_no_${where}`));
}

/**
 * @param {string} folderId
 * @param {string | undefined} accountId
 * @returns {Promise<boolean>} whether mails can be taken out of the folder
 */
async function letsGo(folderId, accountId) {
  const [{ canDeleteMessages }, account] = await Promise.all([
    browser.folders.getFolderCapabilities(folderId),
    accountId ? browser.accounts.get(accountId) : null,
  ]);
  // Thunderbird says that articles of newsgroups can be deleted, but it archives a copy and keeps the article.
  return canDeleteMessages !== false && account?.type !== "nntp";
}

/**
 * @param {browser.folders.MailFolder} folder
 * @param {browser.folders.MailFolderSpecialUse} use
 * @returns {Promise<boolean>} archives have a folder for each year, for example
 */
async function liesIn(folder, use) {
  const parents = folder.id ? await browser.folders.getParentFolders(folder.id) : [];
  return [folder, ...parents].some(({ specialUse }) => specialUse?.includes(use));
}
