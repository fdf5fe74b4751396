// Keeps track of the mail that the host has. A restarted host has neither mail nor preview, and one that exported a long list has no
// preview any more: this makes again what is missing and repeats the call.

import { asTrouble } from "../shared/trouble.js";

/** @typedef {import("../shared/shapes.js").Call} Call */
/** @typedef {import("../shared/shapes.js").Mode} Mode */
/** @typedef {import("../shared/shapes.js").Preview} Preview */
/** @typedef {Parameters<Call>[2]} CallOptions */
/** How a mail is read. @typedef {{mode: Mode, profile: string | null, keep_people: boolean, wait?: boolean}} How */

/** Methods that need the last preview. */
const AFTER_PREVIEW = new Set(["preview.more", "preview.text", "preview.within", "known"]);

export class Handover {
  #call;
  #messageId;
  #row;
  /** @type {Promise<string> | null} */
  #handle = null;
  /** How the mail was last previewed, and under which handle. @type {{how: How, handle: string} | null} */
  #previewed = null;

  /**
   * @param {Call} call
   * @param {number} messageId Thunderbird's
   * @param {number | null} [row] the entry of the outbox, instead of a mail
   */
  constructor(call, messageId, row = null) {
    this.#call = call;
    this.#messageId = messageId;
    this.#row = row;
  }

  /** The handle, as far as it is known; another page can take it over. @type {string | null} */
  held = null;

  /** What a person asked for about this mail; without that the options decide. @type {boolean | undefined} */
  #asked;

  /** Whether the host has the text of an encrypted mail. From then on it never gets the mail as it came. */
  #decrypted = false;

  /** What another page needs to go on with the same text. @returns {{asked: boolean | undefined, decrypted: boolean}} */
  get reading() {
    return { asked: this.#asked, decrypted: this.#decrypted };
  }

  set reading({ asked, decrypted }) {
    this.#asked = asked;
    this.#decrypted = decrypted;
  }

  /** Whether this is an entry of the outbox. */
  get isEntry() {
    return this.#row !== null;
  }

  /** Reads from now on what Thunderbird can decrypt. */
  decryptNow() {
    if (this.held !== null) {
      void this.#call("release", { message: this.held }).catch(() => {}); // The end of the page does the same.
    }
    this.#asked = true;
    this.held = null;
    this.#handle = null;
  }

  /** @param {string} handle that another page had */
  adopt(handle) {
    this.#handle = Promise.resolve(handle);
    this.held = handle;
  }

  /**
   * The host's handle of the mail. Hands the mail over first if needed.
   * @param {CallOptions} [options]
   * @returns {Promise<string>}
   */
  handle(options) {
    this.#handle ??= this.#given(options).then(
      ({ message, decrypted = false }) => {
        this.#decrypted = decrypted;
        return (this.held = message);
      },
      (trouble) => {
        this.#handle = null;
        throw trouble;
      },
    );
    return this.#handle;
  }

  /**
   * Opens the entry of the outbox.
   * @returns {Promise<import("../shared/shapes.js").Opened>}
   */
  async open() {
    const opened = await this.#call("host", { method: "outbox.open", params: { row: this.#row } });
    this.#handle = Promise.resolve(opened.message);
    return opened;
  }

  /**
   * @param {CallOptions} options
   * @returns {Promise<{message: string, decrypted?: boolean}>}
   */
  #given(options) {
    const decrypt = this.#decrypted ? "must" : this.#asked;
    return this.#row === null
      ? this.#call("upload", { messageId: this.#messageId, ...(decrypt && { decrypt }) }, options)
      : this.#call("host", { method: "outbox.open", params: { row: this.#row } }, options);
  }

  /**
   * @param {How} how
   * @param {CallOptions} [options]
   * @returns {Promise<Preview>}
   */
  preview(how, options) {
    return this.#withHandle(options, async (handle) => {
      const preview = await this.#ofHost("preview", handle, how, options);
      this.#previewed = { how, handle };
      return preview;
    });
  }

  /**
   * Asks the host something about the mail.
   * @param {string} method
   * @param {object} params without the handle
   * @param {CallOptions} [options]
   * @returns {Promise<any>}
   */
  ask(method, params, options) {
    return this.#withHandle(options, async (handle) => {
      if (AFTER_PREVIEW.has(method) && this.#previewed && this.#previewed.handle !== handle) {
        await this.#previewAgain(this.#previewed.how, handle, options);
      }
      try {
        return await this.#ofHost(method, handle, params, options);
      } catch (trouble) {
        if (asTrouble(trouble).kind !== "no_preview" || !this.#previewed) throw trouble;
      }
      await this.#previewAgain(this.#previewed.how, handle, options);
      return this.#ofHost(method, handle, params, options);
    });
  }

  /**
   * @param {How} how
   * @param {string} handle
   * @param {CallOptions} options
   */
  async #previewAgain(how, handle, options) {
    await this.#ofHost("preview", handle, how, options);
    this.#previewed = { how, handle };
  }

  /**
   * @param {object} params mode, profile and overrides
   * @param {CallOptions} [options]
   * @returns {Promise<import("../shared/shapes.js").Sent>}
   */
  async send(params, options) {
    try {
      return await this.#withHandle(options, (message) =>
        this.#row === null
          ? this.#call("send", { messageId: this.#messageId, message, ...(this.#decrypted && { decrypted: true }), ...params }, options)
          : this.#call("resend", { message, ...params }, options),
      );
    } finally {
      this.held = null;
      this.#handle = null; // The host forgets a mail when it was asked to send it, also when that failed.
    }
  }

  /**
   * @param {string} method
   * @param {string} message
   * @param {object} params
   * @param {CallOptions} options
   */
  #ofHost(method, message, params, options) {
    return this.#call("host", { method, params: { message, ...params } }, options);
  }

  /**
   * @template T
   * @param {CallOptions} options
   * @param {(handle: string) => Promise<T>} ask
   * @returns {Promise<T>}
   */
  async #withHandle(options, ask) {
    const handle = this.handle(options);
    try {
      return await ask(await handle);
    } catch (trouble) {
      if (asTrouble(trouble).kind !== "unknown_message") throw trouble;
    }
    if (this.#handle === handle) {
      this.#handle = null; // else another call has noticed first
    }
    return ask(await this.handle(options));
  }
}
