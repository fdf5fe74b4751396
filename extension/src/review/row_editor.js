// Changes one indicator before it leaves: IDS flag, type, category, comment; and leaves its host out from now on. The button of a
// line says what was changed.

import { choice, element, part } from "../shared/dom.js";
import { text } from "../shared/localize.js";
import { call } from "../shared/service.js";
import { wording } from "../shared/said.js";
import { leaveOut } from "./remember.js";

/** @typedef {import("../shared/shapes.js").Indicator} Indicator */
/** @typedef {import("../shared/shapes.js").RowEdit} RowEdit */
/** @typedef {{type: string, categories: string[]}} Type */

const EVENT = "edit-row";

/** What is changed, for the lines that are made while one scrolls. @type {import("./edits.js").Edits | null} */
let changes = null;

/**
 * The button of a line that opens the editor.
 * @param {Indicator} indicator
 */
export function editButton(indicator) {
  const button = element("button", { type: "button", class: "link edit", tabindex: -1 });
  const open = () => button.dispatchEvent(new CustomEvent(EVENT, { bubbles: true, detail: { indicator, button } }));
  button.addEventListener("click", open);
  showChanges(button, indicator);
  return button;
}

/**
 * @param {HTMLElement} button
 * @param {Indicator} indicator
 */
function showChanges(button, indicator) {
  const row = changes?.row(indicator);
  const words = row ? summary(row) : text("edit_row");
  button.replaceChildren(words);
  button.classList.toggle("changed", row !== undefined);
  button.setAttribute("aria-label", text("edit_row_named", indicator.shown, row ? words : ""));
}

/** @param {RowEdit} row */
function summary({ as, category, to_ids, comment }) {
  const ids = to_ids === undefined ? null : text(to_ids ? "edit_ids_on" : "edit_ids_off");
  return [as, category, ids, comment].filter(Boolean).join(" · ") || text("edit_no_comment");
}

export class RowEditor {
  #edits;
  #profile;
  #say;
  #value = element("p", { class: "mono" });
  #ids = element("input", { type: "checkbox", id: "row-ids" });
  #type = element("select", { id: "row-type" });
  #category = element("select", { id: "row-category" });
  #comment = element("textarea", { id: "row-comment", rows: 2, maxlength: 20000 });
  #leave = element("button", { type: "button", id: "row-leave-out", class: "small" });
  #status = element("p", { role: "status", class: "quiet" });
  #dialog;
  /** @type {{indicator: Indicator, button: HTMLElement} | null} */
  #open = null;
  /** @type {Type[]} */
  #types = [];
  /** @type {import("./remember.js").Undo | null} */
  #undo = null;

  /**
   * @param {import("./edits.js").Edits} edits
   * @param {() => string | null} profile
   * @param {(words: string) => void} say
   */
  constructor(edits, profile, say) {
    changes = edits;
    this.#edits = edits;
    this.#profile = profile;
    this.#say = say;
    this.#dialog = element(
      "dialog",
      { id: "row-editor", "aria-labelledby": "row-editor-title" },
      element(
        "form",
        { method: "dialog", autocomplete: "off" },
        element("h2", { id: "row-editor-title" }, text("edit_row_title")),
        this.#value,
        element("p", { class: "tick" }, this.#ids, element("label", { for: "row-ids" }, text("review_ids_title"))),
        element("p", {}, element("label", { for: "row-type" }, text("edit_type")), this.#type),
        element("p", {}, element("label", { for: "row-category" }, text("edit_category")), this.#category),
        element("p", {}, element("label", { for: "row-comment" }, text("edit_comment")), this.#comment),
        element("p", { class: "leaving" }, this.#leave),
        this.#status,
        element(
          "div",
          { class: "actions" },
          element("button", { type: "submit", id: "row-apply", class: "primary" }, text("edit_apply")),
          element("button", { type: "button", id: "row-reset", onclick: () => this.#reset() }, text("edit_reset")),
          element("button", { type: "button", id: "row-cancel", onclick: () => this.#dialog.close() }, text("common_cancel")),
        ),
      ),
    );
    document.body.append(this.#dialog);
    this.#dialog.querySelector("form")?.addEventListener("submit", () => this.#apply());
    this.#dialog.addEventListener("close", () => this.#open?.button.focus());
    this.#dialog.addEventListener("keydown", (event) => event.stopPropagation()); // Enter and Escape are the dialog's own here.
    this.#type.addEventListener("change", () => this.#offerCategories(""));
    this.#leave.addEventListener("click", () => void this.#leaveOut());
    part("indicators", HTMLElement).addEventListener(EVENT, (event) => void this.#begin(/** @type {CustomEvent} */ (event).detail));
  }

  /** @param {{indicator: Indicator, button: HTMLElement}} opened */
  async #begin({ indicator, button }) {
    this.#open = { indicator, button };
    this.#undo = null;
    this.#status.textContent = "";
    const row = this.#edits.row(indicator);
    this.#value.textContent = indicator.shown;
    this.#ids.checked = row?.to_ids ?? indicator.to_ids;
    this.#comment.value = row?.comment ?? ownComment(indicator);
    this.#leave.parentElement?.toggleAttribute("hidden", !indicator.host);
    this.#leave.textContent = text("edit_leave_out", indicator.host ?? "");
    this.#types = [{ type: indicator.type, categories: [indicator.category].filter(Boolean) }];
    this.#offerTypes(row?.as ?? indicator.type, row?.category ?? indicator.category);
    this.#dialog.showModal();
    const params = { type: indicator.type, value: indicator.value };
    try {
      /** @type {{types: Type[]}} */
      const { types } = await call("host", { method: "types", params });
      if (this.#open?.indicator === indicator && types.length > 0) {
        this.#types = types;
        this.#offerTypes(row?.as ?? indicator.type, row?.category ?? indicator.category);
      }
    } catch {
      // Its own type and category stay the only choice.
    }
  }

  /** @param {string} type @param {string} category */
  #offerTypes(type, category) {
    this.#type.replaceChildren(...this.#types.map((one) => choice(one.type, one.type)));
    this.#type.value = type;
    this.#offerCategories(category);
  }

  /** @param {string} category */
  #offerCategories(category) {
    const categories = this.#types.find(({ type }) => type === this.#type.value)?.categories ?? [];
    this.#category.replaceChildren(...categories.map((one) => choice(one, one)));
    if (categories.includes(category)) {
      this.#category.value = category;
    }
  }

  #apply() {
    if (!this.#open) {
      return;
    }
    const { indicator } = this.#open;
    const usual = this.#types[0]?.categories[0];
    const comment = this.#comment.value.trim();
    const isOther = this.#type.value !== indicator.type;
    const category = this.#category.value;
    const former = indicator.category || usual;
    this.#change({
      ...(this.#ids.checked !== indicator.to_ids && { to_ids: this.#ids.checked }),
      ...(isOther && { as: this.#type.value }),
      ...((isOther || category !== former) && category && { category }),
      ...(comment !== ownComment(indicator) && { comment }),
    });
  }

  #reset() {
    this.#change({});
    this.#dialog.close();
  }

  /** @param {Omit<RowEdit, "type" | "value">} changed */
  #change(changed) {
    if (this.#open) {
      const { indicator, button } = this.#open;
      this.#edits.changeRow(indicator, changed);
      showChanges(button, indicator);
    }
  }

  async #leaveOut() {
    const host = this.#open?.indicator.host;
    const say = (/** @type {string} */ words) => {
      this.#status.textContent = words;
      this.#say(words);
    };
    if (this.#undo) {
      await this.#undo();
      this.#undo = null;
    } else if (host) {
      this.#undo = await leaveOut(host, this.#profile(), say);
    }
    this.#leave.textContent = this.#undo ? text("edit_undo") : text("edit_leave_out", host ?? "");
  }
}

/** What the host would write, in the user's language. @param {Indicator} indicator */
function ownComment({ remarks, comment }) {
  return (remarks?.map((remark) => wording(remark).words).join("; ") ?? comment).trim();
}
