// Says what went wrong: for each kind of trouble a title, what it means, and the next step, in the user's language. The
// English words of the program follow as detail.

import { element } from "./dom.js";
import { size, text } from "./localize.js";
import { commandLine } from "./copy.js";
import { sayingElement } from "./said.js";

/** @typedef {import("./shapes.js").TroubleLike} TroubleLike */

/**
 * Kinds with words of their own, and what may follow them: how many steps there are, whether one of them is the command
 * that installs the host, whether the options page is the place to go to.
 * @type {Record<string, {steps: number, install?: boolean, options?: boolean, said?: boolean}>}
 */
const KINDS = {
  host_missing: { steps: 3, install: true },
  host_broken: { steps: 2, install: true },
  host_crashed: { steps: 1 },
  host_too_old: { steps: 2, install: true },
  host_too_new: { steps: 1, install: true },
  not_allowed: { steps: 1, install: true },
  message_gone: { steps: 1 },
  not_decrypted: { steps: 1 },
  not_opened: { steps: 0 },
  too_large: { steps: 1 },
  too_many: { steps: 1 },
  not_a_mail: { steps: 0 },
  cancelled: { steps: 0 },
  configuration: { steps: 1, said: true },
  no_profile: { steps: 1, options: true, said: true },
  setting: { steps: 1, options: true, said: true },
  locked: { steps: 0, said: true },
  key_needed: { steps: 1, options: true },
  no_row: { steps: 0 },
  no_event: { steps: 1, said: true },
  not_checked: { steps: 1, said: true },
  change: { steps: 1, said: true },
  outbox: { steps: 1, said: true },
  server: { steps: 1, options: true, said: true },
};

/** Kinds that have the same words as another. */
const SAME = /** @type {Record<string, string>} */ ({ incompatible: "host_too_new" });

/** Kinds that are no failure. */
const MILD = new Set(["host_missing", "cancelled"]);

/** The command that makes Thunderbird find the host. */
const INSTALL = "mispigeon install thunderbird";

/**
 * The kind whose words describe a trouble; `fault` if only a mistake of ours can cause it.
 * @param {TroubleLike} trouble
 * @returns {string}
 */
function told(trouble) {
  const kind = SAME[trouble.kind] ?? trouble.kind;
  return kind in KINDS ? kind : "fault";
}

/**
 * @param {TroubleLike} trouble
 * @returns {string} what happened, in one line
 */
export function troubleTitle(trouble) {
  return text(`trouble_${told(trouble)}_title`);
}

/**
 * The trouble's own words: by its code if the program gave one, else in English.
 * @param {TroubleLike} trouble
 * @returns {import("./shapes.js").Said}
 */
export function saidOf({ message, data }) {
  return data?.said ?? { code: "", arguments: {}, text: message };
}

/**
 * An element with these words.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string>} properties
 * @param {TroubleLike} trouble
 */
export function troubleWords(tag, properties, trouble) {
  return sayingElement(tag, properties, saidOf(trouble));
}

/**
 * Numbers that the words of some kinds name.
 * @param {TroubleLike} trouble
 * @returns {string[]}
 */
function figures(trouble) {
  const data = trouble.data ?? {};
  if (trouble.kind === "too_large") {
    return [size(data.size ?? 0), size(data.limit ?? 0)];
  }
  return [data.host ?? data.limit ?? ""];
}

/**
 * Shows the trouble in the page's place for it.
 * @param {HTMLElement} place
 * @param {TroubleLike} trouble
 * @param {{retry?: () => void, options?: () => void}} [ways] what the buttons do
 */
export function showTrouble(place, trouble, ways = {}) {
  const kind = told(trouble);
  const { steps, install, options, said } = KINDS[kind] ?? { steps: 1 };
  const list = Array.from({ length: steps }, (_, at) => {
    const step = text(`trouble_${kind}_step_${at + 1}`);
    return install && at === Math.min(1, steps - 1)
      ? element("li", {}, step, commandLine(INSTALL))
      : element("li", {}, step);
  });
  const words = troubleWords("p", { class: said ? "said" : "mono" }, trouble);
  const repair = trouble.data?.repair;
  place.dataset.kind = trouble.kind;
  place.className = MILD.has(kind) ? "panel" : "panel bad";
  place.replaceChildren(
    element("h2", {}, troubleTitle(trouble)),
    element("p", {}, text(`trouble_${kind}_text`, ...figures(trouble))),
    ...(said && trouble.message ? [words] : []),
    ...(repair ? [element("p", {}, text("trouble_repair"), commandLine(repair))] : stepsOf(list)),
    element(
      "div",
      { class: "actions" },
      ways.retry && element("button", { type: "button", id: "trouble-retry", onclick: ways.retry }, text("trouble_retry")),
      options && ways.options && element("button", { type: "button", onclick: ways.options }, text("trouble_options")),
    ),
    ...(said || !trouble.message
      ? []
      : [element("details", {}, element("summary", {}, text("trouble_detail")), words)]),
  );
  place.hidden = false;
}

/** @param {HTMLElement[]} list */
function stepsOf(list) {
  return list.length > 1 ? [element("ol", {}, ...list)] : list.map((step) => element("p", {}, ...step.childNodes));
}

/** @param {HTMLElement} place */
export function hideTrouble(place) {
  place.hidden = true;
  delete place.dataset.kind;
  place.replaceChildren();
}

/**
 * Turns anything thrown into a trouble. Without a kind it is a fault of ours, unless it was cancelled.
 * @param {unknown} thrown
 * @returns {TroubleLike}
 */
export function asTrouble(thrown) {
  if (thrown instanceof Error && "kind" in thrown && typeof thrown.kind === "string") {
    const data = "data" in thrown ? /** @type {Record<string, any>} */ (thrown.data) : null;
    return { kind: thrown.kind, message: thrown.message, data };
  }
  const isGivenUp = thrown instanceof Error && thrown.name === "AbortError";
  return { kind: isGivenUp ? "cancelled" : "extension", message: String(thrown), data: null };
}
