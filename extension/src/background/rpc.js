// JSON-RPC 2.0 over one native messaging port: numbers requests, matches answers and progress, cancels, and makes sure that
// every request ends even if the host does not answer. host.js decides when to open a port and what its end means.

import { Trouble, cancelled } from "../shared/error.js";

/** @typedef {{stage: string, done: number, total: number}} Progress */
/** @typedef {{onProgress?: (progress: Progress) => void, signal?: AbortSignal}} CallOptions */
/**
 * The part of a port of `runtime.connectNative` that this module uses.
 *
 * @typedef {object} Port
 * @property {(message: object) => void} postMessage
 * @property {() => void} disconnect
 * @property {{addListener: (listener: (message: any) => void) => void}} onMessage
 */
/**
 * @typedef {object} Open
 * @property {(result: any) => void} resolve
 * @property {(error: Trouble) => void} reject
 * @property {((progress: Progress) => void) | undefined} onProgress
 */

/** After this long without an answer, the host is asked whether it still runs. Then it gets the same time again. */
const PATIENCE_MS = 30_000;

/** How long a cancelled request may take to be answered. */
const CANCEL_MS = 60_000;

/**
 * Lone surrogates, which a subject may have, are escaped by JSON but refused by the host's parser.
 *
 * @param {any} value
 * @returns {any}
 */
function wellFormed(value) {
  if (typeof value === "string") return value.toWellFormed();
  if (Array.isArray(value)) return value.map(wellFormed);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (inner === undefined ? [] : [[key.toWellFormed(), wellFormed(inner)]])),
  );
}

export class Rpc {
  /** @type {Map<number, Open>} */
  #open = new Map();
  #next = 0;
  #heard = 0;
  /** @type {Trouble | null} */
  #ended = null;
  /** @type {Trouble | null} */
  #said = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #watch;
  #port;
  #onNotification;
  #onEnd;
  #patience;

  /**
   * @param {Port} port
   * @param {object} options
   * @param {(method: string, params: any) => void} options.onNotification
   * @param {(trouble: Trouble) => void} options.onEnd called once, when nothing can be asked here any more
   * @param {number} [options.patience] in milliseconds
   */
  constructor(port, { onNotification, onEnd, patience = PATIENCE_MS }) {
    this.#port = port;
    this.#onNotification = onNotification;
    this.#onEnd = onEnd;
    this.#patience = patience;
    port.onMessage.addListener((message) => this.#receive(message));
  }

  /** How many requests have no answer yet. */
  get open() {
    return this.#open.size;
  }

  /** The error without a request id that the host sent before it ended. */
  get said() {
    return this.#said;
  }

  /**
   * @param {string} method
   * @param {object} params
   * @param {CallOptions} [options]
   * @returns {Promise<any>} the result; rejects with a Trouble
   */
  async request(method, params, { onProgress, signal } = {}) {
    if (signal?.aborted) throw cancelled();
    if (this.#ended) throw this.#ended;
    const id = ++this.#next;
    const answer = new Promise((resolve, reject) => this.#open.set(id, { resolve, reject, onProgress }));
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let grace;
    const cancel = () => {
      this.#post({ jsonrpc: "2.0", method: "cancel", params: { id } });
      grace = setTimeout(() => this.#open.get(id)?.reject(cancelled()), CANCEL_MS);
    };
    signal?.addEventListener("abort", cancel, { once: true });
    try {
      this.#post({ jsonrpc: "2.0", id, method, params: wellFormed(params) });
      this.#keepWatch();
      return await answer;
    } finally {
      clearTimeout(grace);
      signal?.removeEventListener("abort", cancel);
      this.#open.delete(id);
      if (this.#open.size === 0) this.#stopWatch();
    }
  }

  /**
   * Ends the connection. Rejects open and later requests with `trouble`.
   *
   * @param {Trouble} trouble
   */
  end(trouble) {
    if (this.#ended) return;
    this.#ended = trouble;
    this.#stopWatch();
    this.#port.disconnect();
    for (const { reject } of this.#open.values()) reject(trouble);
    this.#onEnd(trouble);
  }

  /** @param {object} message */
  #post(message) {
    if (this.#ended) return;
    try {
      this.#port.postMessage(message);
    } catch (error) {
      // A port that was just disconnected throws before its onDisconnect comes.
      this.end(new Trouble("host_crashed", `The program ended: ${Trouble.of(error).message}`));
    }
  }

  /** @param {any} message */
  #receive(message) {
    if (this.#ended) return;
    this.#heard += 1;
    if (message?.jsonrpc !== "2.0") {
      this.end(new Trouble("host_broken", "The program sent something that is no JSON-RPC message."));
    } else if (typeof message.method === "string") {
      if (message.method === "progress") this.#open.get(message.params?.id)?.onProgress?.(progressOf(message.params));
      else this.#onNotification(message.method, message.params);
    } else if (message.error && message.id === null) {
      // It concerns the connection, and the host ends after it.
      this.#said = troubleOf(message.error);
      this.end(this.#said);
    } else if (message.error) {
      this.#open.get(message.id)?.reject(troubleOf(message.error));
    } else {
      this.#open.get(message.id)?.resolve(message.result);
    }
  }

  #keepWatch() {
    if (this.#watch !== undefined || this.#ended) return;
    const heard = this.#heard;
    this.#watch = setTimeout(() => {
      this.#watch = undefined;
      if (heard !== this.#heard) this.#keepWatch();
      else this.#askForLife();
    }, this.#patience);
  }

  /** The host always answers `message.*` at once, so discarding a message that does not exist shows that it runs. */
  #askForLife() {
    const heard = this.#heard;
    this.#post({ jsonrpc: "2.0", id: ++this.#next, method: "message.discard", params: { message: "" } });
    this.#watch = setTimeout(() => {
      this.#watch = undefined;
      if (heard === this.#heard) this.end(new Trouble("host_crashed", "The program does not answer any more."));
      else this.#keepWatch();
    }, this.#patience);
  }

  #stopWatch() {
    clearTimeout(this.#watch);
    this.#watch = undefined;
  }
}

/**
 * @param {{stage: string, done: number, total: number}} params
 * @returns {Progress}
 */
const progressOf = ({ stage, done, total }) => ({ stage, done, total });

/**
 * @param {{message?: string, data?: {kind?: string}}} error of a JSON-RPC answer
 * @returns {Trouble}
 */
function troubleOf(error) {
  const { kind = "internal", ...data } = error.data ?? {};
  return new Trouble(kind, error.message ?? "", data);
}
