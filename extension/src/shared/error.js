// Errors, in the form that host, background and pages share: a kind for the program, words for people, data.

/** @typedef {{kind: string, message: string, data: Record<string, unknown>}} PlainTrouble */

export class Trouble extends Error {
  /**
   * @param {string} kind one of the protocol's kinds, or host_missing, host_broken, host_crashed, host_too_old, host_too_new,
   *   message_gone, not_decrypted, not_opened, extension
   * @param {string} message English, for people
   * @param {Record<string, unknown>} [data] what belongs to the kind
   */
  constructor(kind, message, data = {}) {
    super(message);
    this.name = "Trouble";
    this.kind = kind;
    this.data = data;
  }

  /** @returns {PlainTrouble} a form that ports and storage can carry */
  plain() {
    return { kind: this.kind, message: this.message, data: this.data };
  }

  /**
   * @param {Partial<PlainTrouble>} plain
   * @returns {Trouble}
   */
  static revive(plain) {
    return new Trouble(plain.kind ?? "extension", plain.message ?? "", plain.data ?? {});
  }

  /**
   * Turns anything thrown into a Trouble. Anything else was not expected, so it is a fault of the extension.
   *
   * @param {unknown} error
   * @returns {Trouble}
   */
  static of(error) {
    if (error instanceof Trouble) return error;
    return new Trouble("extension", error instanceof Error ? error.message : String(error));
  }
}

/** @returns {Trouble} */
export const cancelled = () => new Trouble("cancelled", "The request was cancelled.");
