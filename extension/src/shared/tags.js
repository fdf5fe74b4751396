// The extension's own tags of Thunderbird. They are made when they are first needed; their names are the same in all languages, as
// tags travel to other mail programs.

/** @typedef {{key: string, tag: string, color: string}} Tag */

/** Setting it sends the mail, if that is switched on. @type {Readonly<Tag>} */
export const SENDING_TAG = Object.freeze({ key: "misp", tag: "MISP", color: "#2fa1db" });

/** @type {Readonly<Tag>} */
export const SENT_TAG = Object.freeze({ key: "misp_sent", tag: "MISP sent", color: "#2b8a3e" });

/** @type {Readonly<Tag>} */
export const FAILED_TAG = Object.freeze({ key: "misp_failed", tag: "MISP failed", color: "#c92a2a" });

const OWN = [SENDING_TAG, SENT_TAG, FAILED_TAG];

/**
 * @param {Readonly<Tag>} own
 * @param {Tag[]} known
 * @returns {Tag | undefined} the existing tag. Thunderbird takes a name only once, so another tag of that name counts
 */
export function foundIn(own, known) {
  return known.find(({ key }) => key === own.key) ?? known.find(({ tag }) => tag.toLowerCase() === own.tag.toLowerCase());
}

/**
 * @param {Readonly<Tag>} own
 * @returns {Promise<string>} its key, once it is there
 */
export async function makeTag(own) {
  const there = foundIn(own, await browser.messages.tags.list());
  if (there) return there.key;
  try {
    await browser.messages.tags.create(own.key, own.tag, own.color);
  } catch (error) {
    // Another mail that is sent at the same time may have made it.
    if (!foundIn(own, await browser.messages.tags.list())) throw error;
  }
  return own.key;
}

/**
 * Makes the tag of that key if it is one of ours.
 *
 * @param {string} key
 */
export async function makeOwnTag(key) {
  const own = OWN.find((one) => one.key === key);
  if (own) await makeTag(own);
}
