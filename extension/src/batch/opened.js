// The mail of a batch that is looked at: its indicators under its line, as in a review. One at a time.

import { Handover } from "../review/handover.js";
import { ReviewList } from "../review/list.js";
import { askWhatIsKnown, readMail } from "../review/reading.js";
import { element, part } from "../shared/dom.js";
import { text } from "../shared/localize.js";
import { asTrouble, showTrouble } from "../shared/trouble.js";

/** @typedef {import("./plan_row.js").PlanRow} PlanRow */
/** @typedef {import("../shared/shapes.js").Call} Call */

export class OpenedMail {
  #call;
  #place = part("indicators", HTMLElement);
  #home = /** @type {HTMLElement} */ (this.#place.parentElement);
  #trouble = element("div", { role: "alert", hidden: true });
  #list;
  /** @type {{row: PlanRow, line: HTMLElement, handover: Handover, abort: AbortController} | null} */
  #open = null;

  /**
   * @param {Call} call
   * @param {import("../review/selection.js").Selection} selection
   * @param {() => void} onChange called when ticks changed
   */
  constructor(call, selection, onChange) {
    this.#call = call;
    this.#list = new ReviewList(this.#place, null, selection, onChange);
  }

  /**
   * Opens a mail, or closes it if it is open.
   * @param {PlanRow} row
   * @param {import("../review/handover.js").How} how
   */
  async toggle(row, how) {
    const before = this.#open?.row;
    this.close();
    if (before === row) {
      return;
    }
    const abort = new AbortController();
    const handover = new Handover(this.#call, row.item.messageId);
    const loading = element("p", { class: "quiet" }, text("batch_uploading"));
    const cell = element("td", { colspan: 3 }, this.#trouble, loading, this.#place);
    const line = element("tr", { class: "opened" }, cell);
    this.#open = { row, line, handover, abort };
    row.element.after(line);
    row.expand(true);
    this.#list.begin([]);
    const { signal } = abort;
    try {
      const { counts, destination } = await readMail(
        handover,
        how,
        {
          onPreview: ({ events, items }) => {
            loading.remove();
            this.#list.begin(events);
            this.#list.add(items);
          },
          onItems: (items) => this.#list.add(items),
        },
        { signal, onProgress: () => {} },
      );
      if (counts.items === 0) {
        this.#place.before(element("p", { class: "quiet" }, text("review_nothing")));
      }
      if (destination.target === "misp") {
        await askWhatIsKnown(handover, counts.items, (known) => this.#list.learn(known), signal).catch(() => {}); // It works without.
      }
    } catch (thrown) {
      if (!signal.aborted) {
        loading.remove();
        showTrouble(this.#trouble, asTrouble(thrown), { retry: () => void this.toggle(row, how).then(() => this.toggle(row, how)) });
      }
    }
  }

  close() {
    const open = this.#open;
    if (!open) {
      return;
    }
    this.#open = null;
    open.abort.abort();
    open.row.expand(false);
    this.#trouble.hidden = true;
    this.#home.append(this.#place);
    open.line.remove();
    if (open.handover.held) {
      this.#call("release", { message: open.handover.held }).catch(() => {}); // It ends with the page anyway.
    }
  }
}
