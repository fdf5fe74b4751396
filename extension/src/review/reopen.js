// Opens an entry of the outbox in the review: shows what was chosen for it, and keeps what cannot change any more.

import { part } from "../shared/dom.js";
import { showMail } from "./head.js";
import { namedItems } from "./selection.js";

/**
 * @param {import("./handover.js").Handover} handover
 * @param {object} parts
 * @param {import("./choices.js").Choices} parts.choices
 * @param {import("./edits.js").Edits} parts.edits
 * @param {import("./selection.js").Selection} parts.selection
 * @param {import("./adding.js").Adding} parts.adding
 * @param {{restore: (kept: boolean) => unknown}} parts.people
 */
export async function reopen(handover, { choices, edits, selection, adding, people }) {
  part("open-tab", HTMLElement).hidden = true; // A tab is for a mail of Thunderbird's.
  const { mode, profile, subject, overrides } = await handover.open();
  showMail({ subject, author: null, date: null });
  choices.fix(mode, profile, overrides);
  edits.restore(overrides);
  selection.choose(namedItems(overrides.deselected), false);
  selection.choose(namedItems(overrides.selected), true);
  part("comment", HTMLTextAreaElement).value = overrides.comment ?? "";
  people.restore(overrides.keep_people ?? false);
  adding.restore(overrides.event ?? "");
}
