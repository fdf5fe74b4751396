// Opens the answer to who reported a mail in a compose window. A person reads, changes and sends it.

import { fillIn, putBefore } from "../shared/answer.js";
import { text } from "../shared/localize.js";
import { readPreferences } from "../shared/preferences.js";
import { mailById } from "./mails.js";

/**
 * @param {{messageId: number, event: string, title: string, link: string}} asked
 * @returns {Promise<void>} rejects with message_gone
 */
export async function answerReporter({ messageId, ...event }) {
  const mail = await mailById(messageId);
  const { answerTemplate } = (await readPreferences()).values;
  const words = fillIn(answerTemplate || text("answer_template"), { ...event, subject: mail.subject });
  const { id } = await browser.compose.beginReply(mail.messageId, "replyToSender");
  if (id === undefined) return; // The window was closed at once.
  const details = await browser.compose.getComposeDetails(id);
  await browser.compose.setComposeDetails(id, putBefore(details, words));
}
