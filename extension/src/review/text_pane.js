// The text of the mail beside the list, with the finds marked in it. The program gives it in pieces, which are shown as text and
// as nothing else. Further pieces are fetched when the end comes into view, or when a mark among them is asked for.

import { element } from "../shared/dom.js";
import { text } from "../shared/localize.js";

/** @typedef {import("../shared/shapes.js").Item} Item */
/** @typedef {import("../shared/shapes.js").TextPage} TextPage */

/** A block of text is about so long. Blocks out of view cost the layout nothing. */
const BLOCK = 4000;

export class TextPane {
  #place;
  #onChoose;
  #end = element("div", { class: "end" });
  #observer;
  /** @type {(offset: number) => Promise<TextPage>} */
  #read = () => Promise.resolve({ pieces: [], next: null });
  /** @type {Item[]} */
  #items = [];
  /** The first mark of each item. @type {Map<number, HTMLElement>} */
  #marks = new Map();
  /** @type {HTMLElement | null} */
  #current = null;
  /** @type {HTMLElement | null} */
  #block = null;
  #length = 0;
  #subject = "";
  /** Where the next page begins. @type {number | null} */
  #next = null;
  /** Settles when the page that is on its way is shown. @type {Promise<void> | null} */
  #fetching = null;

  /**
   * @param {HTMLElement} place that scrolls
   * @param {(items: number[]) => void} onChoose called with the items of a mark that was clicked
   */
  constructor(place, onChoose) {
    this.#place = place;
    this.#onChoose = onChoose;
    this.#observer = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && void this.#more(), {
      root: place,
      rootMargin: "400px",
    });
    place.addEventListener("click", (event) => this.#choose(/** @type {Element} */ (event.target)));
    place.addEventListener("keydown", (event) => this.#onKey(event));
  }

  /**
   * Shows the text of another preview.
   * @param {(offset: number) => Promise<TextPage>} read
   * @param {Item[]} items all of the preview
   * @param {string | null} subject of the mail, which stands over the text already
   */
  async begin(read, items, subject) {
    this.#observer.disconnect();
    this.#read = read;
    this.#items = items;
    this.#marks.clear();
    this.#current = null;
    this.#block = null;
    this.#subject = subject ?? "";
    this.#next = 0;
    this.#fetching = null;
    this.#place.replaceChildren(this.#end);
    await this.#more();
    this.#observer.observe(this.#end);
  }

  /** @param {number} at index of the item whose mark is to be seen */
  async reveal(at) {
    if (this.#current && itemsOf(this.#current).includes(at)) {
      return;
    }
    while (!this.#marks.has(at) && this.#next !== null) {
      await this.#more();
    }
    const mark = this.#marks.get(at);
    if (mark) {
      this.#setCurrent(mark);
      mark.scrollIntoView({ block: "center" });
    }
  }

  async #more() {
    this.#fetching ??= this.#fetch();
    await this.#fetching;
  }

  async #fetch() {
    if (this.#next === null) {
      return;
    }
    const read = this.#read;
    const { pieces, next } = await read(this.#next);
    if (read !== this.#read) {
      return; // Another preview has begun since.
    }
    pieces.forEach((piece) => this.#add(piece));
    this.#next = next;
    this.#end.hidden = next === null;
    this.#fetching = null;
  }

  /** @param {TextPage["pieces"][number]} piece */
  #add(piece) {
    if ("part" in piece) {
      const subject = piece.subject ?? "";
      const words = piece.part === "attachment" ? text("review_attachments") : piece.part;
      if (subject !== this.#subject) {
        this.#end.before(element("h2", { class: "mail" }, subject));
        this.#subject = subject;
      }
      this.#end.before(element("h2", { class: "part quiet" }, words));
      this.#block = null;
      return;
    }
    if (!this.#block || (this.#length > BLOCK && this.#block.lastChild?.textContent?.endsWith("\n"))) {
      this.#block = element("div", { class: "block mono" });
      this.#length = 0;
      this.#end.before(this.#block);
    }
    this.#length += piece.text.length;
    this.#block.append(piece.items ? this.#mark(piece.text, piece.items) : element("span", {}, piece.text));
  }

  /**
   * @param {string} words
   * @param {number[]} items
   */
  #mark(words, items) {
    const first = this.#items[items[0] ?? 0];
    const name = first?.item === "indicator" ? first.shown : (first?.name ?? text("review_nameless"));
    const isLeftOut = items.every((at) => this.#items[at]?.action === "skip");
    const mark = element(
      "span",
      {
        class: ["mark", !words && "apart", isLeftOut && "left-out"].filter(Boolean).join(" "),
        role: "button",
        tabindex: this.#marks.size === 0 ? 0 : -1,
        "data-items": items.join(" "),
        title: name,
      },
      words || name,
    );
    for (const at of items) {
      if (!this.#marks.has(at)) {
        this.#marks.set(at, mark);
      }
    }
    return mark;
  }

  /** @param {Element} target */
  #choose(target) {
    const mark = target.closest(".mark");
    if (mark instanceof HTMLElement) {
      this.#setCurrent(mark);
      this.#onChoose(itemsOf(mark));
    }
  }

  /** @param {HTMLElement} mark */
  #setCurrent(mark) {
    this.#current?.removeAttribute("aria-current");
    this.#place.querySelector('.mark[tabindex="0"]')?.setAttribute("tabindex", "-1");
    mark.tabIndex = 0;
    mark.setAttribute("aria-current", "true");
    this.#current = mark;
  }

  /** All marks together are one tab stop. @param {KeyboardEvent} event */
  #onKey(event) {
    const mark = /** @type {Element} */ (event.target).closest(".mark");
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (!(mark instanceof HTMLElement) || event.ctrlKey || event.altKey || event.metaKey) {
      return;
    }
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      this.#choose(mark);
    } else if (step !== undefined) {
      const marks = [...this.#place.querySelectorAll(".mark")];
      const next = marks[marks.indexOf(mark) + step];
      event.preventDefault();
      if (next instanceof HTMLElement) {
        this.#setCurrent(next);
        next.focus();
      }
    }
  }
}

/** @param {HTMLElement} mark */
const itemsOf = (mark) => (mark.dataset.items ?? "").split(" ").map(Number);
