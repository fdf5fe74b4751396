// The head of the review: which mail it is about, and in one line what it was taken for, why, and what authenticates its sender.

import { element, part, visible } from "../shared/dom.js";
import { moment, plural, text } from "../shared/localize.js";
import { modeWords } from "../shared/mode.js";
import { sayingElement } from "../shared/said.js";

/** @typedef {import("../shared/shapes.js").PreviewHead} PreviewHead */

/**
 * @param {{subject: string | null, author: string | null, date: string | null}} mail
 */
export function showMail({ subject, author, date }) {
  part("subject", HTMLElement).textContent = visible(subject || text("common_no_subject"));
  part("sender", HTMLElement).textContent = visible(author ?? "");
  document.title = subject ? text("review_title", subject) : "MISP";
  const time = part("date", HTMLTimeElement);
  const day = new Date(date ?? "");
  const known = !Number.isNaN(day.getTime());
  time.textContent = known ? moment(day) : (date ?? "");
  time.dateTime = known ? day.toISOString() : "";
}

/** A click shows the whole line where it does not fit. */
export function unfoldJudgement() {
  const line = part("judgement", HTMLButtonElement);
  line.addEventListener("click", () => line.setAttribute("aria-expanded", String(line.getAttribute("aria-expanded") !== "true")));
}

/**
 * The events of a carrier have senders of their own, so that their sections say what authenticates them.
 * @param {Pick<PreviewHead, "mode" | "events">} preview
 */
export function showJudgement({ mode, events }) {
  const [first, second] = events;
  const authentication = second ? null : first?.authentication;
  const facts = mode.facts.flatMap((fact, at) => [at === 0 ? "" : "; ", sayingElement("span", {}, fact)]);
  const taken = modeWords(mode);
  const parts = [
    (taken || facts.length > 0) && element("span", { class: "taken" }, taken, taken && facts.length > 0 && ": ", ...facts),
    mode.attached > 0 && element("span", {}, plural("review_attached_mails", mode.attached)),
    authentication && sayingElement("span", { class: "authentication" }, authentication),
  ].filter((one) => one instanceof HTMLElement);
  const words = element("span", { class: "line" }, ...parts.flatMap((one, at) => (at === 0 ? [one] : [" · ", one])));
  const line = part("judgement", HTMLButtonElement);
  line.replaceChildren(words);
  line.title = words.textContent;
  line.hidden = parts.length === 0;
}
