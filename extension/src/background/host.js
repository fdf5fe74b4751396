// The connection to the program: at most one port. It is opened for the first call, starts with `hello`, and is closed when idle so that
// Thunderbird can stop the event page. This file says what the end of a port means; rpc.js makes the calls.

import { Trouble } from "../shared/error.js";
import { greet } from "./greeting.js";
import { Rpc } from "./rpc.js";

const APPLICATION = "mispigeon";

/** @typedef {import("./rpc.js").CallOptions} CallOptions */
/** @typedef {import("./greeting.js").Greeting} Greeting */
/** @typedef {(method: string, params?: object, options?: CallOptions) => Promise<any>} Request */
/** @typedef {{id: string, rpc: Rpc, ready: Promise<Greeting>}} Connection */

/** Methods whose result has the handle of a message. */
const GIVES_HANDLE = new Set(["message.begin", "outbox.open", "join"]);

export class Host {
  /** @type {Connection | null} */
  #connection = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #rest;
  #works = 0;
  #prepare;
  #onNotification;
  #onEnd;
  #restAfter;
  #patience;

  /**
   * @param {object} [options]
   * @param {(request: Request) => Promise<void>} [options.prepare] runs after the greeting and before all other requests
   * @param {(method: string, params: any) => void} [options.onNotification]
   * @param {(connection: string) => void} [options.onEnd] called when a connection ends, and its handles with it
   * @param {() => number} [options.restAfter] milliseconds without an open request after which the port is closed
   * @param {number} [options.patience] see Rpc
   */
  constructor({ prepare, onNotification = () => {}, onEnd = () => {}, restAfter = () => 20_000, patience } = {}) {
    this.#prepare = prepare;
    this.#onNotification = onNotification;
    this.#onEnd = onEnd;
    this.#restAfter = restAfter;
    this.#patience = patience;
  }

  /**
   * Connects if need be. The handle of a message is good for the connection that gave it only: it carries its id, and with
   * another connection (whose host may have given the same handle to another mail) the answer is unknown_message.
   *
   * @type {Request}
   */
  async request(method, params = {}, options = {}) {
    const [owner, own] = splitHandle(params);
    const connection = owner === null ? this.#connect() : this.#connection;
    if (!connection || (owner !== null && owner !== connection.id)) {
      throw new Trouble("unknown_message", "The connection that the message was handed over on has ended.");
    }
    try {
      await connection.ready;
      return joinHandle(connection.id, method, await connection.rpc.request(method, own, options));
    } finally {
      this.#settle(connection);
    }
  }

  /** @returns {Promise<Greeting>} versions and limits of the host */
  async greeting() {
    const connection = this.#connect();
    try {
      return await connection.ready;
    } finally {
      this.#settle(connection);
    }
  }

  /**
   * An open port keeps Thunderbird from stopping the event page. Reading a large mail from a slow server, or moving one there, takes
   * longer than Thunderbird would wait.
   *
   * @template T
   * @param {() => Promise<T>} work
   * @returns {Promise<T>}
   */
  async during(work) {
    this.#works += 1;
    try {
      return await work();
    } finally {
      this.#works -= 1;
      if (this.#connection) this.#settle(this.#connection);
    }
  }

  /** @returns {Connection} */
  #connect() {
    clearTimeout(this.#rest);
    if (this.#connection) return this.#connection;
    const id = crypto.randomUUID();
    const port = /** @type {import("./rpc.js").Port & browser.runtime.Port} */ (browser.runtime.connectNative(APPLICATION));
    let greeted = false;
    const rpc = new Rpc(port, {
      onNotification: this.#onNotification,
      onEnd: () => this.#forget(id),
      ...(this.#patience === undefined ? {} : { patience: this.#patience }),
    });
    port.onDisconnect.addListener((/** @type {browser.runtime.Port} */ ended) => rpc.end(endOf(ended.error?.message, greeted)));
    const ready = (async () => {
      const greeting = await greet(rpc, browser.runtime.getManifest().version);
      greeted = true;
      await this.#prepare?.((method, params = {}, options = {}) => rpc.request(method, params, options));
      return greeting;
    })();
    // This host does not fit. The next request starts it again, because it may have been updated.
    ready.catch((error) => rpc.end(Trouble.of(error)));
    this.#connection = { id, rpc, ready };
    return this.#connection;
  }

  /** @param {string} id */
  #forget(id) {
    if (this.#connection?.id === id) this.#connection = null;
    this.#onEnd(id);
  }

  /**
   * Closes the port if it was idle long enough, else checks again later.
   *
   * @param {Connection} connection
   * @param {number} [rested] milliseconds
   */
  #settle(connection, rested = 0) {
    if (connection !== this.#connection || connection.rpc.open > 0 || this.#works > 0) return;
    clearTimeout(this.#rest);
    const left = this.#restAfter() - rested;
    if (left > 0) this.#rest = setTimeout(() => this.#settle(connection, rested + left), left);
    else connection.rpc.end(new Trouble("host_crashed", "The connection was closed after a rest."));
  }
}

/**
 * What Thunderbird's message at the end of a port means (measured with 153; there is none when the program just ends).
 *
 * @param {string | undefined} words
 * @param {boolean} greeted
 * @returns {Trouble}
 */
function endOf(words, greeted) {
  if (words?.startsWith("No such native application")) {
    return new Trouble("host_missing", "The program mispigeon is not installed, or is not known to Thunderbird.", { reason: words });
  }
  if (words && !greeted) return new Trouble("host_broken", "The program mispigeon cannot be started.", { reason: words });
  return new Trouble("host_crashed", "The program ended unexpectedly.", words ? { reason: words } : {});
}

/**
 * @param {object} params
 * @returns {[string | null, object]} the id of the connection that gave the handle, and the parameters as the host knows them
 */
function splitHandle(params) {
  if (!("message" in params) || typeof params.message !== "string") return [null, params];
  const [owner = "", ...handle] = params.message.split("/");
  const own = { ...params, message: handle.join("/") };
  if (!("into" in params) || typeof params.into !== "string") return [owner, own];
  const [other = "", ...into] = params.into.split("/");
  // Handles of two connections fit nowhere: the answer is then that there is no such message.
  return [other === owner ? owner : "", { ...own, into: into.join("/") }];
}

/**
 * @param {string} connection
 * @param {string} method
 * @param {any} result
 * @returns {any}
 */
function joinHandle(connection, method, result) {
  return GIVES_HANDLE.has(method) ? { ...result, message: `${connection}/${result.message}` } : result;
}
