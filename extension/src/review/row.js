// One line of the review: an indicator or an attached file, with its tick box and what is known about it.

import { copyButton } from "../shared/copy.js";
import { element, visible } from "../shared/dom.js";
import { size, text } from "../shared/localize.js";
import { sayingElement, wording } from "../shared/said.js";
import { lookUpButton } from "./look_up.js";
import { editButton } from "./row_editor.js";
import { nameOf } from "./selection.js";
import { cutValue } from "./whole_value.js";

/** @typedef {import("../shared/shapes.js").Indicator} Indicator */
/** @typedef {import("../shared/shapes.js").Attachment} Attachment */
/** @typedef {{warninglists: string[], events: {event_id: string, info: string, url: string}[]}} Knowledge */

let made = 0;

/**
 * The tick box of a line. Only the current line's is a tab stop, see keyboard.js.
 * @param {string} id
 * @param {boolean} ticked
 * @param {boolean} fixed
 */
function tickBox(id, ticked, fixed) {
  const box = element("input", { type: "checkbox", id, tabindex: -1, disabled: fixed, "aria-describedby": `${id}-about ${id}-comment` });
  box.checked = ticked;
  return box;
}

/**
 * @param {Indicator} indicator
 * @param {boolean} ticked
 * @param {Knowledge | undefined} knowledge
 * @returns {HTMLLIElement}
 */
export function indicatorRow(indicator, ticked, knowledge) {
  const id = `item-${(made += 1)}`;
  const { words, whole, button } = cutValue(visible(indicator.shown));
  return element(
    "li",
    { class: "row", "data-type": indicator.type, "data-value": indicator.value },
    tickBox(id, ticked, false),
    element("label", { for: id, class: "value mono", title: whole }, words),
    element(
      "span",
      { id: `${id}-about`, class: "about" },
      button,
      element("span", { class: "badge type" }, indicator.type),
      element("span", { class: "known" }, ...badges(knowledge)),
      indicator.action === "link" && element("span", { class: "badge", lang: "en" }, indicator.category),
      indicator.to_ids && element("span", { class: "badge", title: text("review_ids_title") }, "IDS"),
      where(indicator),
      lookUpButton(indicator, indicator.shown),
      editButton(indicator),
    ),
    remarksOf(indicator) && element("span", { id: `${id}-comment`, class: "comment quiet" }, remarksOf(indicator)),
  );
}

/**
 * The comment in the user's language, and why it has the IDS flag; why it has none, the comment says.
 * @param {Indicator} indicator
 */
export function remarksOf({ remarks, comment, to_ids, why }) {
  const told = remarks ? remarks.map((remark) => wording(remark).words) : [comment];
  const reason = to_ids && why ? [text("review_ids_because", wording(why).words)] : [];
  return [...told, ...reason].filter(Boolean).join("; ");
}

/** @param {Indicator} indicator */
function where({ found_in, line, context }) {
  const place = line > 0 ? `${found_in}:${line}` : found_in;
  const words = [element("span", { class: "visually-hidden" }, text("review_found_in"), " "), place];
  return context
    ? element("button", { type: "button", class: "where link", tabindex: -1, "data-context": context }, ...words)
    : element("span", { class: "where quiet" }, ...words);
}

/**
 * Shows what MISP knows about an indicator, which comes after its line was made.
 * @param {HTMLElement} row
 * @param {Knowledge} knowledge
 */
export function learn(row, knowledge) {
  const box = row.querySelector("input");
  const marks = badges(knowledge);
  row.querySelector(".known")?.replaceChildren(...marks);
  for (const link of row.querySelectorAll(".known button")) {
    /** @type {HTMLElement} */ (link).tabIndex = box?.tabIndex ?? -1;
  }
}

/** @param {Knowledge | undefined} knowledge */
function badges(knowledge) {
  if (!knowledge) {
    return [];
  }
  const lists = knowledge.warninglists.map((list) =>
    element(
      "span",
      { class: "badge warn", title: text("review_warninglist_title", list) },
      element("span", { class: "visually-hidden" }, "Warninglist: "),
      list,
    ),
  );
  const links = knowledge.events.flatMap(({ event_id, info, url }, at) => [
    at > 0 ? ", " : " ",
    element(
      "button",
      { type: "button", class: "link", role: "link", tabindex: -1, title: info, "data-url": url, "aria-label": text("review_event_named", event_id, info) },
      event_id,
    ),
  ]);
  return links.length ? [...lists, element("span", { class: "badge good in-misp" }, text("review_in_misp"), ...links)] : lists;
}

/**
 * @param {Attachment} attachment
 * @param {boolean} ticked
 * @returns {HTMLLIElement}
 */
export function attachmentRow(attachment, ticked) {
  const id = `item-${(made += 1)}`;
  const { name, content_type, filetype, sha256, inside, password, action, reason } = attachment;
  const around = inside === undefined ? [] : (name ?? "").split(" > ").slice(0, -1);
  const copying = copyButton(sha256, "SHA-256");
  copying.tabIndex = -1;
  return element(
    "li",
    { class: "row", "data-type": "attachment", "data-value": name ?? "", ...(around.length > 0 && { style: `--depth: ${around.length}` }) },
    tickBox(id, ticked, nameOf(attachment) === null),
    element(
      "label",
      { for: id, class: "value", ...(around.length > 0 && { title: name ?? "" }) },
      around.length > 0 && element("span", { class: "visually-hidden" }, `${around.join(" > ")} > `),
      around.length > 0 ? (name ?? "").split(" > ").at(-1) : (name ?? text("review_nameless")),
    ),
    element(
      "span",
      { id: `${id}-about`, class: "about" },
      element("span", { class: action === "sample" ? "badge bad" : "badge", title: text(`review_${action}_title`) }, text(`review_${action}`)),
      password !== undefined && element("span", { class: "badge" }, text("review_password", password)),
      element("span", { class: "quiet" }, [filetype ?? content_type, size(attachment.size)].join(" · ")),
      element("span", { class: "hash" }, element("span", { class: "mono quiet", title: sha256 }, `${sha256.slice(0, 12)}…`), copying),
      lookUpButton({ type: "sha256", value: sha256 }, name ?? sha256),
    ),
    action === "skip" && reason && sayingElement("span", { id: `${id}-comment`, class: "comment quiet" }, reason),
  );
}
