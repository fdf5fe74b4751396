// Mails of Thunderbird: how one is identified when its message id is no longer valid, found again, and read.

import { Trouble } from "../shared/error.js";

/**
 * A mail as the extension keeps it. A message id is a number that is valid in one run of Thunderbird and until the mail is moved;
 * the Message-ID stays.
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

/** The folder in which the last moved mail was found: a rule moves many mails into one folder. */
let foundLately = "";

/**
 * How long to wait before each further try to read a mail. Thunderbird 153 fails to read a mail of an Exchange account while it
 * fetches another one of the same folder.
 */
const READ_AGAIN_MS = [250, 500, 1000, 2000];

/** The folder of a mail whose folder is not known. */
const SOMEWHERE = Object.freeze({ id: "", name: "", path: "" });

/**
 * A mail that somebody else names. It may have been moved; it is searched when it is read.
 *
 * @param {number} messageId
 * @param {string} headerMessageId
 * @returns {Promise<Mail>}
 */
export async function mailNamed(messageId, headerMessageId) {
  const header = await lookUp(messageId);
  if (header && header.headerMessageId === headerMessageId) return mailOf(header);
  return { messageId, headerMessageId, subject: "", author: "", date: "", folder: SOMEWHERE };
}

/**
 * @param {Mail} mail
 * @returns {Promise<browser.messages.MessageHeader>} as it is now, wherever it is; rejects with message_gone
 */
export async function headerOf(mail) {
  const header = await lookUp(mail.messageId);
  // After a restart the number may belong to another mail.
  return header?.headerMessageId === mail.headerMessageId ? header : findHeader(mail);
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
 * Asks for both at the same time, because the number nearly always belongs to the mail.
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
  // After a restart the number may belong to another mail.
  if (header?.headerMessageId !== mail.headerMessageId) {
    const found = await findAgain(mail);
    return { mail: found, raw: await read(found.messageId) };
  }
  return { mail: mailOf(header), raw: raw instanceof Trouble ? await readAgain(mail.messageId, raw) : raw };
}

/**
 * @param {number} messageId of a mail that is there
 * @param {Trouble} trouble why it could not be read
 * @returns {Promise<File>}
 */
async function readAgain(messageId, trouble) {
  let last = trouble;
  for (const wait of READ_AGAIN_MS) {
    await new Promise((resolve) => setTimeout(resolve, wait));
    try {
      return await read(messageId);
    } catch (error) {
      last = Trouble.of(error);
    }
  }
  throw new Trouble("message_gone", `Thunderbird cannot read the mail: ${last.message}`);
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
  return mailOf(await findHeader(mail));
}

/**
 * @param {Mail} mail
 * @returns {Promise<browser.messages.MessageHeader>}
 */
async function findHeader({ headerMessageId, folder }) {
  if (headerMessageId && folder) {
    // Without a folder, Thunderbird would search all mails.
    for (const folderId of new Set([folder.id, foundLately].filter(Boolean))) {
      const header = await firstOf({ headerMessageId, folderId });
      if (header) return header;
    }
    const header = await firstOf({ headerMessageId });
    if (header) {
      foundLately = header.folder?.id ?? "";
      return header;
    }
  }
  throw gone();
}

/**
 * Takes the first hit. Thunderbird gives empty pages while a search takes long; those are skipped.
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
