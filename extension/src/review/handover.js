// Holds the mail that the host was given. When the host was restarted it has forgotten mail and preview: both are made anew
// and the call is repeated, so that nobody notices.

/** @typedef {import("../shared/shapes.js").Call} Call */
/** @typedef {import("../shared/shapes.js").Mode} Mode */
/** @typedef {import("../shared/shapes.js").Preview} Preview */
/** @typedef {Parameters<Call>[2]} CallOptions */

/** Methods that go on from the last preview. */
const AFTER_PREVIEW = new Set(["preview.more", "known"]);

export class Handover {
  #call;
  #messageId;
  /** @type {Promise<string> | null} */
  #handle = null;
  /** @type {{mode: Mode, profile: string | null} | null} */
  #previewed = null;

  /**
   * @param {Call} call
   * @param {number} messageId Thunderbird's
   */
  constructor(call, messageId) {
    this.#call = call;
    this.#messageId = messageId;
  }

  /**
   * The host's handle of the mail, which is handed over first if need be.
   * @param {CallOptions} [options]
   * @returns {Promise<string>}
   */
  handle(options) {
    this.#handle ??= this.#call("upload", { messageId: this.#messageId }, options).then(
      ({ message }) => message,
      (trouble) => {
        this.#handle = null;
        throw trouble;
      },
    );
    return this.#handle;
  }

  /**
   * @param {Mode} mode
   * @param {string | null} profile
   * @param {CallOptions} [options]
   * @returns {Promise<Preview>}
   */
  preview(mode, profile, options) {
    this.#previewed = { mode, profile };
    return this.ask("preview", { mode, profile }, options);
  }

  /**
   * Asks the host something about the mail.
   * @param {string} method
   * @param {object} params without the handle
   * @param {CallOptions} [options]
   * @returns {Promise<any>}
   */
  ask(method, params, options) {
    return this.#withHandle(method, options, (message) =>
      this.#call("host", { method, params: { message, ...params } }, options),
    );
  }

  /**
   * @param {object} params mode, profile and overrides
   * @param {CallOptions} [options]
   * @returns {Promise<import("../shared/shapes.js").Sent>}
   */
  async send(params, options) {
    const sent = await this.#withHandle("send", options, (message) =>
      this.#call("send", { messageId: this.#messageId, message, ...params }, options),
    );
    this.#handle = null;
    return sent;
  }

  /**
   * @template T
   * @param {string} method
   * @param {CallOptions} options
   * @param {(message: string) => Promise<T>} ask
   * @returns {Promise<T>}
   */
  async #withHandle(method, options, ask) {
    const handle = this.handle(options);
    try {
      return await ask(await handle);
    } catch (trouble) {
      if (/** @type {any} */ (trouble)?.kind !== "unknown_message") {
        throw trouble;
      }
    }
    if (this.#handle === handle) {
      this.#handle = null; // else another call has noticed first
    }
    const again = await this.handle(options);
    if (AFTER_PREVIEW.has(method) && this.#previewed) {
      await this.#call("host", { method: "preview", params: { message: again, ...this.#previewed } }, options);
    }
    return ask(again);
  }
}
