// What the popup of a review hands over to the tab in which the review goes on: the message that the host has, so that it need not
// be handed over again, and what the analyst has chosen so far. It is kept in memory only, until the tab takes it.

/** @typedef {{message: string | null, state: object | null}} Move */

export class Moves {
  /** @type {Map<number, Move>} */
  #waiting = new Map();

  /**
   * @param {number} messageId
   * @param {Move} move
   */
  put(messageId, move) {
    this.#waiting.set(messageId, move);
  }

  /**
   * @param {number} messageId
   * @returns {Move}
   */
  take(messageId) {
    const move = this.#waiting.get(messageId) ?? { message: null, state: null };
    this.#waiting.delete(messageId);
    return move;
  }
}
