// Hands a mail to the host in pieces, decrypted where that is allowed: reads slice after slice, keeps at most four chunks
// unanswered, and discards the message if aborted.

import { Trouble, cancelled } from "../shared/error.js";
import { decryptedOf, rawOf } from "./mails.js";

/** Bytes of a chunk: the protocol's limit, divisible by 3 so that base64 has no padding in between. Larger is not faster. */
const CHUNK = 768 * 1024;

const WINDOW = 4;

/** @typedef {import("./mails.js").Mail} Mail */
/** @typedef {import("./host.js").Host} Host */
/** @typedef {import("./rpc.js").CallOptions} CallOptions */

/**
 * @typedef {object} Uploaded
 * @property {string} message handle
 * @property {string} identity
 * @property {boolean} decrypted the mail is encrypted, and the host has its text
 * @property {Mail} mail under its present id
 */

/**
 * @param {Host} host
 * @param {Mail} mail
 * @param {CallOptions & {decrypt?: import("./decryption.js").Decrypt}} [options] progress: stage `uploading`, in bytes
 * @returns {Promise<Uploaded>} rejects with not_decrypted
 */
export function upload(host, mail, options = {}) {
  return host.during(() => handOver(host, mail, options));
}

/** @type {typeof upload} */
async function handOver(host, mail, { decrypt = "no", ...options } = {}) {
  // The host starts while Thunderbird reads.
  const [read] = await Promise.all([rawOf(mail), host.greeting()]);
  const given = await give(host, read.raw, null, options);
  const text = decrypt !== "no" && given.encrypted ? await decryptedOf(read.mail) : null;
  if (text && !(await isSame(text, read.raw))) {
    // The host takes the identity from the mail as it came, which it has.
    const { message, identity } = await give(host, text, given.message, options);
    return { message, identity, decrypted: true, mail: read.mail };
  }
  if (decrypt === "must" && given.encrypted) {
    discard(host, given.message);
    throw new Trouble("not_decrypted", "Thunderbird cannot decrypt the mail any more.");
  }
  return { message: given.message, identity: given.identity, decrypted: false, mail: read.mail };
}

/**
 * @param {Host} host
 * @param {File} raw
 * @param {string | null} encrypted handle of the mail that was decrypted to get `raw`
 * @param {CallOptions} options
 * @returns {Promise<{message: string, identity: string, encrypted: boolean}>}
 */
async function give(host, raw, encrypted, { onProgress = () => {}, signal }) {
  if (signal?.aborted) throw cancelled();
  const { message } = await host.request("message.begin", { size: raw.size, ...(encrypted && { decrypted_of: encrypted }) }, { signal });
  try {
    await send(host, message, raw, { onProgress, signal });
    return { message, ...(await host.request("message.end", { message }, { signal })) };
  } catch (error) {
    discard(host, message);
    throw error;
  }
}

/**
 * Thunderbird gives a mail as it is when it finds nothing to decrypt.
 *
 * @param {File} one
 * @param {File} other
 */
async function isSame(one, other) {
  if (one.size !== other.size) return false;
  const [a, b] = await Promise.all([one, other].map(async (file) => new Uint8Array(await file.arrayBuffer())));
  return a.every((byte, at) => byte === b[at]);
}

/**
 * Makes the host forget the message. Does not wait, because the end of the connection does the same.
 *
 * @param {Host} host
 * @param {string} message
 */
export function discard(host, message) {
  host.request("message.discard", { message }).catch(() => {});
}

/**
 * @param {Host} host
 * @param {string} message
 * @param {File} raw
 * @param {{onProgress: (progress: import("./rpc.js").Progress) => void, signal?: AbortSignal}} options
 */
async function send(host, message, raw, { onProgress, signal }) {
  const total = raw.size;
  const flying = new Set();
  for (let offset = 0; offset < total; offset += CHUNK) {
    const data = base64(new Uint8Array(await raw.slice(offset, offset + CHUNK).arrayBuffer()));
    while (flying.size >= WINDOW) await Promise.race(flying);
    const answer = host.request("message.chunk", { message, offset, data }, { signal }).then(({ received }) => {
      flying.delete(answer);
      onProgress({ stage: "uploading", done: received, total });
    });
    answer.catch(() => {}); // Code that waits for the window below sees the error; the others fail for the same reason.
    flying.add(answer);
  }
  await Promise.all(flying);
}

/**
 * @param {Uint8Array} bytes
 * @returns {string}
 */
function base64(bytes) {
  if (typeof bytes.toBase64 === "function") return bytes.toBase64();
  let binary = "";
  // fromCharCode takes its arguments on the stack.
  for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(binary);
}
