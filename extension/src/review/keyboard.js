// Moves through the lines of the review with the arrow keys. All lines together are one tab stop: the tick box of the current
// line, then the links of that line. So Tab reaches the buttons in a few steps, even after thousands of lines.

const CONTROLS = "input, button";
const USABLE = "input:enabled, button";

export class LineKeys {
  #place;
  /** @type {HTMLElement | null} */
  #current = null;

  /** @param {HTMLElement} place holds the lines, elements of the class `row` */
  constructor(place) {
    this.#place = place;
    place.addEventListener("focusin", (event) => {
      const row = /** @type {HTMLElement} */ (event.target).closest(".row");
      if (row instanceof HTMLElement) {
        this.#setCurrent(row);
      }
    });
    place.addEventListener("keydown", (event) => this.#onKey(event));
  }

  /** Makes sure that there is a tab stop, after lines came or went. */
  settle() {
    if (!this.#current?.isConnected || !this.#current.checkVisibility()) {
      const rows = this.#rows();
      const first = rows.find((row) => row.matches(".rows > .row")) ?? rows[0];
      if (first) {
        this.#setCurrent(first);
      }
    }
  }

  /**
   * Puts the focus on a line.
   * @param {HTMLElement} [row] else the current one
   */
  focus(row) {
    if (row) {
      this.#setCurrent(row);
    }
    this.settle();
    const control = this.#current?.querySelector(USABLE);
    if (control instanceof HTMLElement) {
      control.focus();
    }
  }

  /** @returns {HTMLElement[]} */
  #rows() {
    return [...this.#place.querySelectorAll(".row")].filter(
      /** @returns {row is HTMLElement} */ (row) => row instanceof HTMLElement && row.checkVisibility(),
    );
  }

  /** @param {HTMLElement} row */
  #setCurrent(row) {
    if (row === this.#current) {
      return;
    }
    for (const [line, stop] of /** @type {const} */ ([[this.#current, -1], [row, 0]])) {
      line?.querySelectorAll(CONTROLS).forEach((control) => {
        /** @type {HTMLElement} */ (control).tabIndex = stop;
      });
    }
    this.#current = row;
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const from = /** @type {HTMLElement} */ (event.target);
    const row = from.closest(".row");
    const step = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
    if (step === undefined || !(row instanceof HTMLElement) || event.ctrlKey || event.altKey || event.metaKey) {
      return;
    }
    const rows = this.#rows();
    const at = Math.min(Math.max(rows.indexOf(row) + step, 0), rows.length - 1);
    const next = rows[at];
    const control = (from.matches(".where") && next.querySelector(".where")) || next.querySelector(USABLE);
    event.preventDefault();
    if (control instanceof HTMLElement) {
      control.focus();
      next.scrollIntoView({ block: "nearest" });
    }
  }
}
