// Hands a mail to the host in pieces: reads slice after slice, keeps at most four chunks unanswered, and discards the message if
// aborted.

import { cancelled } from "../shared/error.js";
import { rawOf } from "./mails.js";

/** Bytes of a chunk: the protocol's limit, divisible by 3 so that base64 has no padding in between. Larger is not faster. */
const CHUNK = 768 * 1024;

const WINDOW = 4;

/** @typedef {import("./mails.js").Mail} Mail */
/** @typedef {import("./host.js").Host} Host */
/** @typedef {import("./rpc.js").CallOptions} CallOptions */

/**
 * @param {Host} host
 * @param {Mail} mail
 * @param {CallOptions} [options] progress: stage `uploading`, in bytes
 * @returns {Promise<{message: string, identity: string, mail: Mail}>} handle, identity, and the mail under its present id
 */
export function upload(host, mail, options = {}) {
  return host.during(() => handOver(host, mail, options));
}

/** @type {typeof upload} */
async function handOver(host, mail, { onProgress = () => {}, signal } = {}) {
  // The host starts while Thunderbird reads.
  const [read] = await Promise.all([rawOf(mail), host.greeting()]);
  if (signal?.aborted) throw cancelled();
  const { message } = await host.request("message.begin", { size: read.raw.size }, { signal });
  try {
    await send(host, message, read.raw, { onProgress, signal });
    const { identity } = await host.request("message.end", { message }, { signal });
    return { message, identity, mail: read.mail };
  } catch (error) {
    discard(host, message);
    throw error;
  }
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
