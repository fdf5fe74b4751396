// A batch before it is sent: reads the mails, shows what is in them, and lets the analyst choose.

import { Adding } from "../review/adding.js";
import { Edits } from "../review/edits.js";
import { exportAs } from "../review/export.js";
import { overridesOf } from "../review/overrides.js";
import { RowEditor } from "../review/row_editor.js";
import { Selection, namedItems } from "../review/selection.js";
import { copy } from "../shared/copy.js";
import { part } from "../shared/dom.js";
import { number, plural, text } from "../shared/localize.js";
import { call } from "../shared/service.js";
import { asTrouble, hideTrouble, showTrouble, troubleTitle } from "../shared/trouble.js";
import { BatchForm } from "./form.js";
import { Mails } from "./mails.js";
import { OpenedMail } from "./opened.js";
import { PlanRow } from "./plan_row.js";
import { BatchReader } from "./reader.js";

/** @typedef {import("../shared/shapes.js").Batch} Batch */
/** @typedef {import("../shared/shapes.js").BatchItem} BatchItem */
/** @typedef {import("../shared/shapes.js").Plan} Plan */
/** @typedef {import("../shared/shapes.js").TroubleLike} TroubleLike */
/** What the background is asked to do. @typedef {{mode: string, profile: string, plan: Plan, out: BatchItem["item"][], leftOut: Record<string, string[]>}} Order */

export class BatchPlan {
  #selection = new Selection();
  #edits = new Edits();
  #mails = new Mails(this.#selection);
  #table = part("plan", HTMLTableElement);
  #all = part("choose-mails", HTMLInputElement);
  /** @type {Map<BatchItem["item"], PlanRow>} */
  #rows = new Map();
  /** @type {BatchItem[]} */
  #items = [];
  #form;
  #adding;
  #opened;
  #reader;
  #start;
  #say;
  #isDrawing = false;

  /**
   * @param {(order: Order) => void} start
   * @param {(words: string) => void} say
   */
  constructor(start, say) {
    this.#start = start;
    this.#say = say;
    this.#form = new BatchForm(this.#edits, { onReading: () => void this.#read(), onHow: () => this.#sync() });
    this.#adding = new Adding(() => this.#form.profile, (event, unchecked) => this.#go({ event, unchecked }));
    this.#opened = new OpenedMail(call, this.#selection, () => this.#sync());
    this.#reader = new BatchReader(call, {
      onFound: (item, found) => this.#learn(item, found),
      onTrouble: (item, trouble) => this.#complain(item, trouble),
      onProgress: (done, total) => this.#showProgress(done, total),
    });
    new RowEditor(this.#edits, () => this.#form.profile, say);
    part("choices", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.#form.how === "into") {
        void this.#adding.add();
      } else {
        this.#go({ event: null, unchecked: false });
      }
    });
    part("stop-reading", HTMLButtonElement).addEventListener("click", () => {
      this.#reader.stop();
      this.#showStopped();
    });
    part("read-on", HTMLButtonElement).addEventListener("click", () => void this.#reader.goOn(this.#form.reading));
    part("copy-all", HTMLButtonElement).addEventListener("click", () => void this.#copyAll());
    this.#table.addEventListener("change", (event) => this.#onTick(/** @type {HTMLInputElement} */ (event.target)));
    this.#table.addEventListener("click", (event) => this.#onClick(/** @type {Element} */ (event.target)));
  }

  /**
   * Shows a batch that is to be prepared, the first time or after it could not be sent.
   * @param {Batch} batch
   * @param {string[]} profiles
   */
  show(batch, profiles) {
    const isFirst = this.#rows.size === 0;
    const { items, trouble } = batch;
    this.#items = items;
    this.#table.hidden = false;
    if (isFirst) {
      this.#form.offerProfiles(profiles, batch.profile);
      this.#restore(batch);
      for (const item of items) {
        this.#rows.set(item.item, new PlanRow(item, this.#mails));
      }
      this.#table.tBodies[0]?.append(...[...this.#rows.values()].map((row) => row.element));
      void this.#read();
    } else if (this.#reader.isStopped) {
      void this.#reader.goOn(this.#form.reading);
    }
    items.filter(({ error }) => error).forEach((item) => this.#complain(item, /** @type {TroubleLike} */ (item.error)));
    if (trouble) {
      this.#showTrouble(trouble);
    }
    this.#sync();
  }

  hide() {
    this.#table.hidden = true;
    this.#opened.close();
    part("reading", HTMLElement).hidden = true;
  }

  /** @param {Batch} batch with what was chosen before the page was loaded again */
  #restore(batch) {
    const { overrides } = batch.plan;
    this.#form.restore(batch);
    this.#adding.restore(overrides.event ?? "");
    this.#selection.choose(namedItems(overrides.deselected), false);
    this.#selection.choose(namedItems(overrides.selected), true);
    for (const { item, state, leftOut } of batch.items) {
      this.#mails.take(item, state !== "left_out");
      leftOut?.forEach((mail) => this.#selection.leaveOut(mail, true));
    }
  }

  /** @param {TroubleLike} trouble */
  #showTrouble(trouble) {
    if (!this.#adding.refused(trouble)) {
      showTrouble(part("trouble", HTMLElement), trouble, { options: () => void browser.runtime.openOptionsPage() });
    }
  }

  async #read() {
    this.#opened.close();
    this.#mails.forget();
    this.#rows.forEach((row) => row.complain(null));
    await this.#reader.read(this.#items, this.#form.reading);
    if (!this.#reader.isStopped) {
      this.#say(this.#words());
    }
  }

  /**
   * @param {BatchItem} item
   * @param {import("./reader.js").Found} found
   */
  #learn(item, found) {
    this.#adding.asks = found.destination.target === "misp";
    this.#mails.learn(item.item, found);
    this.#rows.get(item.item)?.sync();
    this.#draw();
  }

  /**
   * @param {BatchItem} item
   * @param {TroubleLike} trouble
   */
  #complain(item, trouble) {
    this.#mails.take(item.item, false);
    this.#rows.get(item.item)?.complain(trouble);
    this.#draw();
  }

  /**
   * @param {number} done
   * @param {number} total
   */
  #showProgress(done, total) {
    const bar = part("read-progress", HTMLProgressElement);
    bar.max = total;
    bar.value = done;
    part("read-so-far", HTMLElement).textContent = text("batch_read_so_far", number(done), number(total));
    part("reading", HTMLElement).hidden = done === total;
    this.#showStopped();
  }

  #showStopped() {
    const { isStopped } = this.#reader;
    part("stop-reading", HTMLElement).hidden = isStopped;
    part("read-on", HTMLElement).hidden = !isStopped;
  }

  /** Shows the sums, once for all that comes at the same time. */
  #draw() {
    if (!this.#isDrawing) {
      this.#isDrawing = true;
      requestAnimationFrame(() => {
        this.#isDrawing = false;
        this.#showSums();
      });
    }
  }

  /** Shows what is chosen. A tick counts in every mail. */
  #sync() {
    this.#mails.recount();
    this.#rows.forEach((row) => row.sync());
    this.#showSums();
  }

  #showSums() {
    const { mails: count, indicators } = this.#mails.sums(this.#items);
    this.#all.checked = count === this.#items.length;
    this.#all.indeterminate = count > 0 && count < this.#items.length;
    part("chosen", HTMLElement).textContent = plural("review_indicators", indicators);
    const start = part("start", HTMLButtonElement);
    start.textContent = this.#form.how === "one" ? plural("batch_start_together", count) : plural("batch_start", count);
    for (const id of ["start", "add-to-event", "copy-all"]) {
      part(id, HTMLButtonElement).disabled = count === 0;
    }
  }

  get #taken() {
    return this.#items.filter(({ item }) => this.#mails.isIn(item));
  }

  #words() {
    return plural("review_indicators", this.#mails.sums(this.#items).indicators);
  }

  /** @param {HTMLInputElement} box */
  #onTick(box) {
    const row = this.#rowOf(box);
    if (box === this.#all) {
      this.#items.forEach(({ item }) => this.#mails.take(item, box.checked));
    } else if (row?.box === box) {
      this.#mails.take(row.item.item, box.checked);
    } else {
      return; // Its list sees to it.
    }
    this.#sync();
  }

  /** @param {Element} target */
  #onClick(target) {
    const row = this.#rowOf(target);
    if (row && target.closest("button") === row.button) {
      void this.#opened.toggle(row, this.#form.reading);
    }
  }

  /** @param {Element} inside */
  #rowOf(inside) {
    const item = inside.closest("tr")?.dataset.item;
    return item === undefined ? undefined : this.#rows.get(Number(item));
  }

  /** @param {string | null} event to add to */
  #overrides(event) {
    const { tlp, comment = "", ...edits } = this.#form.overrides;
    return overridesOf({ selection: this.#selection, comment, event, tlp, distribution: undefined, keepsPeople: false, edits });
  }

  /** @param {{event: string | null, unchecked: boolean}} target */
  #go({ event, unchecked }) {
    hideTrouble(part("trouble", HTMLElement));
    this.#reader.stop();
    const { mode, profile } = this.#form.reading;
    const together = this.#form.how !== "each";
    const plan = { together, overrides: this.#overrides(event), ...(unchecked && { unchecked }) };
    const taken = new Set(this.#taken.map(({ item }) => item));
    const out = this.#items.map(({ item }) => item).filter((item) => !taken.has(item));
    const leftOut = Object.fromEntries([...taken].map((item) => [item, this.#mails.leftOut(item)]));
    this.#start({ mode, profile: profile ?? "", plan, out, leftOut });
  }

  async #copyAll() {
    try {
      await copy(this.#export());
      this.#say(text("review_copied", text("review_copy_text")));
    } catch (thrown) {
      this.#say(text("review_not_copied", troubleTitle(asTrouble(thrown))));
    }
  }

  /** All that is ticked, each once, defanged by the host. */
  async #export() {
    const { mode, profile } = this.#form.reading;
    const mails = this.#taken.map(({ item, messageId }) => ({ messageId, leftOut: this.#mails.leftOut(item) }));
    /** @type {{message: string}} */
    const { message } = await call("gather", { mails, mode, profile });
    const ask = (/** @type {string} */ method, /** @type {object} */ params) => call("host", { method, params: { message, ...params } });
    try {
      return await exportAs({ ask }, "text", { mode, profile, overrides: this.#overrides(null) });
    } finally {
      void call("release", { message });
    }
  }
}
