// The head of the review: which mail it is about.

import { part, visible } from "../shared/dom.js";
import { moment, text } from "../shared/localize.js";

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
