// Hands several mails over and joins them to one message, for one event or one text to copy. A few are read at the same time.

import { Trouble } from "../shared/error.js";
import { discard, upload } from "./upload.js";

/** @typedef {import("./mails.js").Mail} Mail */
/** @typedef {import("./host.js").Host} Host */
/** A mail, and of a carrier the mails in it that do not come along. @typedef {{mail: Mail, leftOut?: string[]}} Part */
/**
 * @typedef {import("./rpc.js").CallOptions & {onPart?: (at: number, progress: import("./rpc.js").Progress | null) => void}} GatherOptions
 *   `onPart` is told how far a mail is; null when it is joined
 */

const WIDTH = 4;

/** A mail could not be handed over. */
export class PartTrouble extends Trouble {
  /**
   * @param {number} at which of the mails
   * @param {Trouble} trouble
   */
  constructor(at, { kind, message, data }) {
    super(kind, message, data);
    this.at = at;
  }
}

/**
 * @param {Host} host
 * @param {Part[]} parts
 * @param {{mode: string, profile: string | null}} how
 * @param {GatherOptions} [options]
 * @returns {Promise<{message: string, mails: Mail[]}>} the handle of all, and the mails under their present ids; rejects with a
 *   PartTrouble if one cannot be handed over
 */
export async function gather(host, parts, how, { onPart = () => {}, signal } = {}) {
  const mails = parts.map(({ mail }) => mail);
  /** @type {string | null} */
  let into = null;
  /** Each joins those before it. @type {Promise<unknown>} */
  let joined = Promise.resolve();
  let next = 0;
  /** The first that went wrong. @type {PartTrouble | null} */
  let failure = null;
  const fail = (/** @type {number} */ at, /** @type {unknown} */ error) => {
    failure ??= new PartTrouble(at, Trouble.of(error));
  };
  const join = async (/** @type {number} */ at, /** @type {string} */ message) => {
    if (failure) {
      discard(host, message);
      return;
    }
    const { leftOut = [] } = /** @type {Part} */ (parts[at]);
    try {
      into = (await host.request("join", { into, message, ...how, ...(leftOut.length > 0 ? { left_out: leftOut } : {}) }, { signal })).message;
      onPart(at, null);
    } catch (error) {
      fail(at, error);
    }
  };
  const work = async () => {
    while (next < parts.length && !failure) {
      const at = next++;
      try {
        const { mail } = /** @type {Part} */ (parts[at]);
        const handed = await upload(host, mail, { onProgress: (progress) => onPart(at, progress), signal });
        mails[at] = handed.mail;
        joined = joined.then(() => join(at, handed.message));
        await joined;
      } catch (error) {
        fail(at, error);
      }
    }
  };
  await Promise.all(Array.from({ length: WIDTH }, work));
  if (failure) {
    if (into !== null) discard(host, into);
    throw failure;
  }
  if (into === null) throw new Trouble("extension", "There is no mail to send.");
  return { message: into, mails };
}
