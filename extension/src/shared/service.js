// Connects a page with the background: calls with progress and cancellation over a port, and events that the background sends to
// all pages. The port is opened again after Thunderbird stopped the event page.

import { Trouble, cancelled } from "./error.js";

export { Trouble };

/** @typedef {import("../background/rpc.js").CallOptions} CallOptions */
/** @typedef {{resolve: (result: any) => void, reject: (error: Trouble) => void, onProgress: CallOptions["onProgress"]}} Open */

/** @type {browser.runtime.Port | null} */
let port = null;

/** @type {Map<number, Open>} */
const open = new Map();

let next = 0;

/**
 * @param {string} method
 * @param {object} [params]
 * @param {CallOptions} [options]
 * @returns {Promise<any>} rejects with a Trouble
 */
export async function call(method, params = {}, { onProgress, signal } = {}) {
  if (signal?.aborted) throw cancelled();
  const id = ++next;
  const answer = new Promise((resolve, reject) => open.set(id, { resolve, reject, onProgress }));
  const cancel = () => port?.postMessage({ cancel: id });
  signal?.addEventListener("abort", cancel, { once: true });
  try {
    connected().postMessage({ id, method, params });
    return await answer;
  } finally {
    signal?.removeEventListener("abort", cancel);
    open.delete(id);
  }
}

/**
 * @param {"batch" | "outbox" | "delivered" | "intake"} event
 * @param {(data: any) => void} listener
 */
export function on(event, listener) {
  browser.runtime.onMessage.addListener((message) => {
    if (message?.event === event) listener(message.data);
  });
}

/** @returns {browser.runtime.Port} */
function connected() {
  if (port) return port;
  const opened = browser.runtime.connect({ name: "page" });
  port = opened;
  opened.onMessage.addListener(receive);
  opened.onDisconnect.addListener(() => {
    if (port === opened) port = null;
    for (const { reject } of open.values()) reject(new Trouble("extension", "The background of the extension was restarted."));
  });
  return opened;
}

/** @param {any} message */
function receive({ id, progress, result, error }) {
  const waiting = open.get(id);
  if (progress) waiting?.onProgress?.(progress);
  else if (error) waiting?.reject(Trouble.revive(error));
  else waiting?.resolve(result);
}
