// Asks once, below the first receipt, whether sent mails get a tag from now on.

import { element } from "../shared/dom.js";
import { text } from "../shared/localize.js";
import { answerTag, isTagOpen } from "../shared/sent_tag.js";
import { call } from "../shared/service.js";
import { asTrouble, troubleTitle } from "../shared/trouble.js";

/** @typedef {import("../shared/shapes.js").Delivery} Delivery */

/**
 * @param {HTMLElement} place
 * @param {Delivery[]} deliveries
 * @param {number} messageId of the mail, which gets the tag as well; 0 for an entry of the outbox, with which nobody begins
 */
export async function askForTag(place, deliveries, messageId) {
  const isSent = deliveries.every(({ status }) => status !== "failed");
  if (!isSent || messageId === 0 || !(await isTagOpen()) || place.querySelector("#tag-question")) {
    return;
  }
  const say = (/** @type {string} */ words) => line.replaceChildren(words);
  const answer = async (/** @type {boolean} */ wanted) => {
    try {
      const key = await answerTag(wanted);
      const { problems } = key ? await call("tag", { messageId }) : { problems: [] };
      say([text(key ? "review_tag_done" : "review_tag_declined"), ...problems].join(" "));
    } catch (thrown) {
      say(troubleTitle(asTrouble(thrown)));
    }
  };
  const line = element(
    "p",
    { id: "tag-question", class: "quiet", role: "status" },
    text("review_tag_question"),
    " ",
    element("button", { type: "button", class: "small", id: "tag-yes", onclick: () => void answer(true) }, text("review_tag_yes")),
    " ",
    element("button", { type: "button", class: "small", id: "tag-no", onclick: () => void answer(false) }, text("review_tag_no")),
  );
  place.querySelector("#close")?.parentElement?.before(line);
}
