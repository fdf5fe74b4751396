// Serves the extension's own pages: takes their calls, passes progress on, cancels what a closed page no longer needs, and keeps
// track of the messages that open pages hold with the host.

import { Trouble } from "../shared/error.js";
import { discard } from "./upload.js";

/** @typedef {import("./rpc.js").CallOptions} CallOptions */
/**
 * @typedef {object} Method
 * @property {(params: any, options: CallOptions, held: Set<string>) => Promise<any>} serve `held`: messages of the calling page
 * @property {boolean} [goesOn] also when the page is closed
 */
/** @typedef {{controller: AbortController, goesOn: boolean}} Running */

/**
 * Tells all open pages.
 *
 * @param {"batch" | "outbox" | "delivered" | "intake"} event
 * @param {object} data
 */
export function tellPages(event, data) {
  browser.runtime.sendMessage({ event, data }).catch(() => {}); // Rejected when no page is open.
}

export class Pages {
  /** @type {Set<Set<string>>} */
  #held = new Set();
  #host;
  #methods;

  /**
   * @param {import("./host.js").Host} host
   * @param {Record<string, Method>} methods
   */
  constructor(host, methods) {
    this.#host = host;
    this.#methods = methods;
  }

  /** Whether an open page holds a message with the host. */
  get hold() {
    return [...this.#held].some((messages) => messages.size > 0);
  }

  /** @param {string} connection that ended, and the messages with it */
  lost(connection) {
    for (const messages of this.#held) {
      for (const message of messages) if (message.startsWith(`${connection}/`)) messages.delete(message);
    }
  }

  /** @param {browser.runtime.Port} port of a page */
  connect(port) {
    /** @type {Set<string>} */
    const held = new Set();
    /** @type {Map<number, Running>} */
    const running = new Map();
    this.#held.add(held);
    port.onMessage.addListener((/** @type {any} */ message) => {
      if (message.cancel === undefined) this.#answer(port, message, running, held);
      else running.get(message.cancel)?.controller.abort();
    });
    port.onDisconnect.addListener(() => {
      for (const { controller, goesOn } of running.values()) if (!goesOn) controller.abort();
      for (const message of held) discard(this.#host, message);
      this.#held.delete(held);
    });
  }

  /**
   * @param {browser.runtime.Port} port
   * @param {{id: number, method: string, params: object}} call
   * @param {Map<number, Running>} running
   * @param {Set<string>} held
   */
  async #answer(port, { id, method, params }, running, held) {
    const controller = new AbortController();
    const known = Object.hasOwn(this.#methods, method) ? this.#methods[method] : undefined;
    running.set(id, { controller, goesOn: known?.goesOn ?? false });
    const onProgress = (/** @type {import("./rpc.js").Progress} */ progress) => post(port, { id, progress });
    try {
      if (!known) throw new Trouble("extension", `There is no method ${method}.`);
      post(port, { id, result: await known.serve(params, { onProgress, signal: controller.signal }, held) });
    } catch (error) {
      post(port, { id, error: Trouble.of(error).plain() });
    } finally {
      running.delete(id);
    }
  }
}

/**
 * @param {browser.runtime.Port} port
 * @param {object} message
 */
function post(port, message) {
  try {
    port.postMessage(message);
  } catch {
    // The page is closed.
  }
}
