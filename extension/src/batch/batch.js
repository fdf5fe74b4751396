// The page of a batch: a line for each mail. It starts and cancels the batch, and updates when the background reports changes.

import { closePage } from "../shared/close.js";
import { choice, element, part } from "../shared/dom.js";
import { localize, number, plural, text } from "../shared/localize.js";
import { followLinks } from "../shared/links.js";
import { call, on } from "../shared/service.js";
import { asTrouble, hideTrouble, showTrouble } from "../shared/trouble.js";
import { countOutcomes } from "./outcome.js";
import { batchRow, faceOf } from "./row.js";

/** @typedef {import("../shared/shapes.js").Batch} Batch */

const id = new URLSearchParams(location.search).get("batch");
const trouble = part("trouble", HTMLElement);
const mode = part("mode", HTMLSelectElement);
const profile = part("profile", HTMLSelectElement);
const body = part("rows", HTMLTableElement).tBodies[0];
/** The line of each item, and what it shows. @type {Map<number | string, {row: HTMLTableRowElement, face: string}>} */
const lines = new Map();
/** The latest news of the batch, until the page has time for it. @type {Batch | null} */
let news = null;

/** @param {Batch} batch */
function show(batch) {
  const { state, items } = batch;
  const before = document.body.dataset.state;
  const counts = countOutcomes(batch);
  document.body.dataset.state = state;
  part("how-many", HTMLElement).textContent = plural("batch_mails", items.length);
  part("rows", HTMLTableElement).hidden = false;
  part("choices", HTMLFormElement).hidden = state !== "ready";
  part("going", HTMLElement).hidden = state !== "running";
  part("ended", HTMLElement).hidden = state !== "done" && state !== "cancelled";
  part("retry", HTMLButtonElement).hidden = items.every((item) => item.state !== "failed" && item.state !== "cancelled");
  part("see-outbox", HTMLButtonElement).hidden = !items.some(({ deliveries }) => deliveries?.some(isInOutbox));
  part("start", HTMLButtonElement).textContent = plural("batch_start", items.length);
  const overall = part("overall", HTMLProgressElement);
  overall.max = items.length;
  overall.value = items.length - counts.left;
  part("so-far", HTMLElement).textContent = text("batch_so_far", number(overall.value), number(items.length));
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
  const parts = /** @type {(keyof typeof counts)[]} */ (["done", "queued", "failures", "not_sent", "left"])
    .filter((outcome) => counts[outcome] > 0)
    .map((outcome) => plural(`batch_${outcome}`, counts[outcome]));
  const summary = part("summary", HTMLElement);
  summary.textContent = text(state === "done" ? "batch_finished" : "batch_stopped", parts.join(", "));
  if (isNews) {
    part("status", HTMLElement).textContent = summary.textContent;
    if (document.activeElement === document.body) {
      summary.focus();
    }
  }
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
    mode.value = batch.mode;
    show(batch);
    if (batch.state === "ready") {
      await offerProfiles(batch.profile);
    }
  } catch (thrown) {
    document.body.dataset.state = "trouble";
    showTrouble(trouble, asTrouble(thrown), { retry: () => void load() });
  }
}

/** @param {string} chosen */
async function offerProfiles(chosen) {
  /** @type {import("../shared/shapes.js").Status} */
  const { profiles } = await call("host", { method: "status", params: {} });
  const all = chosen && !profiles.includes(chosen) ? [chosen, ...profiles] : profiles;
  profile.replaceChildren(choice("", text("common_no_profile")), ...all.map((name) => choice(name, name)));
  profile.value = chosen;
  part("profile-choice", HTMLElement).hidden = all.length === 0;
}

/** @param {MouseEvent} event */
function onClick(event) {
  const button = event.target instanceof Element ? event.target.closest("button") : null;
  const item = button?.closest("tr")?.dataset.item;
  if (item && button?.matches(".retry")) {
    void act("batch.retry", { item: Number(item) });
  }
}

localize(document);
document.title = text("batch_title");
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
part("choices", HTMLFormElement).addEventListener("submit", (event) => {
  event.preventDefault();
  void act("batch.start", { mode: mode.value, profile: profile.value });
});
part("cancel", HTMLButtonElement).addEventListener("click", () => void act("batch.cancel"));
part("retry", HTMLButtonElement).addEventListener("click", () => void act("batch.retry", { item: null }));
part("see-outbox", HTMLButtonElement).addEventListener("click", openOptions);
part("close", HTMLButtonElement).addEventListener("click", () => void closePage());
body.addEventListener("click", onClick);
followLinks(body, (thrown) => showTrouble(trouble, asTrouble(thrown)));
void load();
