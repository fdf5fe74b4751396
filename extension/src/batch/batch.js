// The page of a batch: first what is in the mails and what becomes of them, then a line for each mail with its outcome. It starts and
// cancels the batch, and updates when the background reports changes.

import { closePage } from "../shared/close.js";
import { element, part } from "../shared/dom.js";
import { localize, number, plural, text } from "../shared/localize.js";
import { followLinks } from "../shared/links.js";
import { call, on } from "../shared/service.js";
import { asTrouble, hideTrouble, showTrouble } from "../shared/trouble.js";
import { countOutcomes } from "./outcome.js";
import { BatchPlan } from "./plan.js";
import { batchRow, faceOf } from "./row.js";
import { stickFrom } from "./stick.js";

/** @typedef {import("../shared/shapes.js").Batch} Batch */

const id = new URLSearchParams(location.search).get("batch");
localize(document);
document.title = text("batch_title");
const trouble = part("trouble", HTMLElement);
const body = part("rows", HTMLTableElement).tBodies[0];
const plan = new BatchPlan((order) => void act("batch.start", order), say);
/** The line of each item, and what it shows. @type {Map<number | string, {row: HTMLTableRowElement, face: string}>} */
const lines = new Map();
/** The latest news of the batch, until the page has time for it. @type {Batch | null} */
let news = null;
/** Those that the configuration has. @type {string[]} */
let profiles = [];

/** @param {Batch} batch */
function show(batch) {
  const { state, items } = batch;
  const before = document.body.dataset.state;
  const counts = countOutcomes(batch);
  document.body.dataset.state = state;
  part("how-many", HTMLElement).textContent = plural("batch_mails", items.length);
  part("choices", HTMLFormElement).hidden = state !== "ready";
  part("going", HTMLElement).hidden = state !== "running";
  part("ended", HTMLElement).hidden = state !== "done" && state !== "cancelled";
  part("rows", HTMLTableElement).hidden = state === "ready";
  if (state === "ready") {
    if (before !== "ready") {
      plan.show(batch, profiles);
    }
    return;
  }
  plan.hide();
  part("retry", HTMLButtonElement).hidden = items.every((item) => item.state !== "failed" && item.state !== "cancelled");
  part("see-outbox", HTMLButtonElement).hidden = !items.some(({ deliveries }) => deliveries?.some(isInOutbox));
  const overall = part("overall", HTMLProgressElement);
  overall.max = items.length - counts.left_out;
  // Mails of one event end together: until then those count that are handed over.
  overall.value = overall.max - counts.left + (batch.plan.together ? items.filter((item) => item.state === "sending").length : 0);
  part("so-far", HTMLElement).textContent = text("batch_so_far", number(overall.value), number(overall.max));
  showRows(batch);
  if (state === "done" || state === "cancelled") {
    showSummary(state, counts, before === "running");
  }
}

/** @param {import("../shared/shapes.js").Delivery} delivery */
const isInOutbox = ({ status }) => status === "queued" || status === "failed";

/** @param {Batch} batch */
function showRows({ items }) {
  const fresh = document.createDocumentFragment();
  for (const item of items) {
    const face = faceOf(item);
    const line = lines.get(item.item);
    if (line?.face !== face) {
      const row = batchRow(item);
      if (line) {
        line.row.replaceWith(row);
      } else {
        fresh.append(row);
      }
      lines.set(item.item, { row, face });
    }
  }
  body.append(fresh);
}

/**
 * @param {"done" | "cancelled"} state
 * @param {ReturnType<typeof countOutcomes>} counts
 * @param {boolean} isNews whether it has just come to this
 */
function showSummary(state, counts, isNews) {
  const parts = /** @type {(keyof typeof counts)[]} */ (["done", "queued", "failures", "not_sent", "left", "left_out"])
    .filter((outcome) => counts[outcome] > 0)
    .map((outcome) => plural(`batch_${outcome}`, counts[outcome]));
  const summary = part("summary", HTMLElement);
  summary.textContent = text(state === "done" ? "batch_finished" : "batch_stopped", parts.join(", "));
  if (isNews) {
    say(summary.textContent);
    if (document.activeElement === document.body) {
      summary.focus();
    }
  }
}

/** @param {string} words for screen readers */
function say(words) {
  part("status", HTMLElement).textContent = words;
}

/**
 * Does what a button says. The background reports the result.
 * @param {string} method
 * @param {object} [params]
 */
async function act(method, params = {}) {
  hideTrouble(trouble);
  try {
    await call(method, { batch: id, ...params });
  } catch (thrown) {
    showTrouble(trouble, asTrouble(thrown), {
      retry: () => void act(method, params),
      options: openOptions,
    });
  }
}

function openOptions() {
  void browser.runtime.openOptionsPage();
}

async function load() {
  hideTrouble(trouble);
  try {
    /** @type {{batches: Batch[]}} */
    const { batches } = await call("batch.list");
    const batch = batches.find((one) => one.id === id);
    if (!batch) {
      document.body.dataset.state = "trouble";
      trouble.className = "panel";
      trouble.dataset.kind = "batch_gone";
      trouble.replaceChildren(element("h2", {}, text("batch_gone_title")), element("p", {}, text("batch_gone_text")));
      trouble.hidden = false;
      return;
    }
    if (batch.state === "ready") {
      /** @type {import("../shared/shapes.js").Status} */
      const status = await call("host", { method: "status", params: {} });
      profiles = status.profiles;
    }
    show(batch);
  } catch (thrown) {
    document.body.dataset.state = "trouble";
    showTrouble(trouble, asTrouble(thrown), { retry: () => void load() });
  }
}

/** @param {MouseEvent} event */
function onClick(event) {
  const button = event.target instanceof Element ? event.target.closest("button") : null;
  const item = button?.closest("tr")?.dataset.item;
  if (item && button?.matches(".retry")) {
    void act("batch.retry", { item: Number(item) });
  }
}

on("batch", (/** @type {Batch} */ batch) => {
  if (batch.id === id) {
    if (!news) {
      requestAnimationFrame(() => {
        if (news) {
          show(news);
          news = null;
        }
      });
    }
    news = batch;
  }
});
part("cancel", HTMLButtonElement).addEventListener("click", () => void act("batch.cancel"));
part("retry", HTMLButtonElement).addEventListener("click", () => void act("batch.retry", { item: null }));
part("see-outbox", HTMLButtonElement).addEventListener("click", openOptions);
part("close", HTMLButtonElement).addEventListener("click", () => void closePage());
body.addEventListener("click", onClick);
stickFrom(/** @type {HTMLElement} */ (document.querySelector("header")), part("buttons", HTMLElement));
followLinks(document, (thrown) => showTrouble(trouble, asTrouble(thrown)));
void load();
