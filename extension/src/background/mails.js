// Mails of Thunderbird: what identifies one beyond the life of its message id, finding it again, and reading its bytes.

import { Trouble } from "../shared/error.js";

/**
 * A mail as the extension keeps it. Message ids are numbers of one run of Thunderbird and die when a mail is moved; folder and
 * Message-ID stay.
 *
 * @typedef {object} Mail
 * @property {number} messageId
 * @property {string} headerMessageId
 * @property {string} subject
 * @property {string} author
 * @property {string} date ISO 8601
 * @property {{id: string, name: string, path: string} | null} folder null for a file opened from disk
 */

/**
 * @param {browser.messages.MessageHeader} header
 * @returns {Mail}
 */
export function mailOf(header) {
  const { id, headerMessageId, subject, author, date, folder } = header;
  return {
    messageId: id,
    headerMessageId,
    subject,
    author,
    date: new Date(date).toISOString(),
    folder: folder ? { id: folder.id ?? "", name: folder.name ?? "", path: folder.path ?? "" } : null,
  };
}

/** @param {number} messageId */
const key = (messageId) => `mail:${messageId}`;

/**
 * Keeps what a page that only knows the message id needs to find the mail again, for as long as Thunderbird runs.
 *
 * @param {Mail} mail
 */
export async function remember(mail) {
  await browser.storage.session.set({ [key(mail.messageId)]: mail });
}

/**
 * @param {number} messageId
 * @returns {Promise<Mail>} rejects with message_gone
 */
export async function mailById(messageId) {
  const header = await lookUp(messageId);
  if (header) return mailOf(header);
  const { [key(messageId)]: remembered } = await browser.storage.session.get(key(messageId));
  if (remembered) return findAgain(remembered);
  throw gone();
}

/**
 * Looked up and read at once, since the number is that of the mail nearly always.
 *
 * @param {Mail} mail
 * @returns {Promise<{mail: Mail, raw: File}>} the exact bytes that Thunderbird has, and the mail under its present id; rejects
 *   with message_gone
 */
export async function rawOf(mail) {
  const [header, raw] = await Promise.all([
    lookUp(mail.messageId),
    read(mail.messageId).catch((/** @type {unknown} */ error) => Trouble.of(error)),
  ]);
  // After a restart the number may be another mail's.
  if (header?.headerMessageId !== mail.headerMessageId) {
    const found = await findAgain(mail);
    return { mail: found, raw: await read(found.messageId) };
  }
  if (raw instanceof Trouble) throw new Trouble("message_gone", `Thunderbird cannot read the mail: ${raw.message}`);
  return { mail: mailOf(header), raw };
}

/**
 * @param {number} messageId
 * @returns {Promise<File>}
 */
async function read(messageId) {
  return /** @type {Promise<File>} */ (browser.messages.getRaw(messageId, { data_format: "File" }));
}

/**
 * @param {number} messageId
 * @returns {Promise<browser.messages.MessageHeader | null>}
 */
async function lookUp(messageId) {
  try {
    return await browser.messages.get(messageId);
  } catch {
    return null;
  }
}

/**
 * @param {Mail} mail
 * @returns {Promise<Mail>}
 */
async function findAgain(mail) {
  const { headerMessageId, folder } = mail;
  if (headerMessageId && folder) {
    const header = (await firstOf({ headerMessageId, folderId: folder.id })) ?? (await firstOf({ headerMessageId }));
    if (header) return mailOf(header);
  }
  throw gone();
}

/**
 * Takes the first hit, and goes on through pages that Thunderbird gave out empty because the search took long.
 *
 * @param {{headerMessageId: string, folderId?: string}} query
 * @returns {Promise<browser.messages.MessageHeader | null>}
 */
async function firstOf(query) {
  try {
    let list = /** @type {browser.messages.MessageList} */ (await browser.messages.query({ ...query, messagesPerPage: 1 }));
    while (list.messages.length === 0 && list.id) list = await browser.messages.continueList(list.id);
    return list.messages[0] ?? null;
  } catch {
    return null; // The folder does not exist any more.
  }
}

const gone = () => new Trouble("message_gone", "The mail cannot be found any more.");
