// The line of a mail before it is sent: whether it is sent, what was found in it, and the button that shows all of that.

import { element } from "../shared/dom.js";
import { moment, number, plural, text } from "../shared/localize.js";
import { typeOrder } from "../review/type_order.js";
import { troubleTitle, troubleWords } from "../shared/trouble.js";

/** @typedef {import("../shared/shapes.js").BatchItem} BatchItem */

export class PlanRow {
  #item;
  #mails;
  #name;
  #box = element("input", { type: "checkbox", class: "take" });
  #found = element("div", { class: "found" });
  #open;
  /** What the counts are, as they are shown. */
  #shows = "";
  /** @type {import("../shared/shapes.js").TroubleLike | null} */
  #trouble = null;

  /**
   * @param {BatchItem} item
   * @param {import("./mails.js").Mails} mails
   */
  constructor(item, mails) {
    this.#item = item;
    this.#mails = mails;
    this.#name = item.subject || text("common_no_subject");
    this.#box.setAttribute("aria-label", text("batch_take", this.#name));
    this.#open = element("button", { type: "button", class: "link subject open", "aria-expanded": "false" }, this.#name);
    const day = new Date(item.date);
    const when = Number.isNaN(day.getTime()) ? "" : moment(day);
    this.element = element(
      "tr",
      { "data-item": item.item },
      element("td", {}, this.#box),
      element("td", {}, this.#open, element("div", { class: "quiet" }, [item.author, when].filter(Boolean).join(" · "))),
      element("td", {}, this.#found),
    );
    this.sync();
  }

  get item() {
    return this.#item;
  }

  get box() {
    return this.#box;
  }

  get button() {
    return this.#open;
  }

  /** @param {boolean} isOpen */
  expand(isOpen) {
    this.#open.setAttribute("aria-expanded", String(isOpen));
    this.element.classList.toggle("expanded", isOpen);
  }

  /** @param {import("../shared/shapes.js").TroubleLike | null} trouble why it cannot be read or sent */
  complain(trouble) {
    this.#trouble = trouble;
    this.sync();
  }

  /** Shows what is ticked now. */
  sync() {
    const { item } = this.#item;
    this.#box.checked = this.#mails.isIn(item);
    this.element.classList.toggle("out", !this.#box.checked);
    this.#open.disabled = !this.#mails.found(item);
    const tally = this.#mails.tally(item);
    // A tick is shown in all lines; most of them are as before.
    const shows = JSON.stringify([this.#trouble, tally, tally && [...tally.kinds], this.#mails.leftOut(item).length]);
    if (shows !== this.#shows) {
      this.#shows = shows;
      this.#found.replaceChildren(...this.#words(tally));
    }
  }

  /** @param {import("./mails.js").Tally | null} tally */
  #words(tally) {
    const { item } = this.#item;
    if (this.#trouble) {
      return [element("div", { class: "badge bad" }, troubleTitle(this.#trouble)), troubleWords("div", { class: "quiet" }, this.#trouble)];
    }
    const found = this.#mails.found(item);
    if (!found || !tally) {
      return [element("span", { class: "quiet" }, text("batch_unread"))];
    }
    const kinds = [...tally.kinds].sort(([one], [other]) => typeOrder(one, other));
    const more = [
      tally.attachments > 0 && plural("review_attachments_chosen", tally.attachments),
      found.events.length > 1 && plural("review_attached_mails", found.events.length - this.#mails.leftOut(item).length),
      tally.left > 0 && plural("batch_unticked", tally.left),
    ].filter((words) => words !== false);
    return [
      element("span", { class: "count" }, plural("review_indicators", tally.indicators)),
      ...kinds.map(([type, count]) => element("span", { class: "badge kind", "data-type": type, lang: "en" }, `${type} ${number(count)}`)),
      element("span", { class: "quiet" }, more.join(", ")),
      ...found.events.flatMap(({ already }) => already.slice(0, 1)).slice(0, 1).map(alreadySent),
    ];
  }
}

/** @param {import("../shared/shapes.js").Earlier} earlier */
function alreadySent({ delivered, event_id, event_uuid, url, destination }) {
  const name = event_id ? `#${event_id}` : (event_uuid ?? destination);
  const isPage = url?.startsWith("http");
  return element(
    "span",
    { class: "badge good already" },
    text("review_already", moment(new Date(delivered * 1000))),
    " ",
    isPage ? element("button", { type: "button", class: "link", role: "link", "data-url": url }, name) : name,
  );
}
