// Asks once whether sent mails get a tag, and in which colour.

import { part } from "../shared/dom.js";
import { text } from "../shared/localize.js";
import { answerTag, isTagOpen, sentTag } from "../shared/sent_tag.js";
import { asTrouble, troubleTitle } from "../shared/trouble.js";
import { readPreferences } from "../shared/preferences.js";

export async function askForTag() {
  const form = part("tag", HTMLFormElement);
  const color = part("tag-color", HTMLInputElement);
  const wanted = part("tag-wanted", HTMLInputElement);
  color.value = (await sentTag()).color.toLowerCase();
  wanted.onchange = () => (color.disabled = !wanted.checked);
  form.onsubmit = (event) => {
    event.preventDefault();
    void answer(wanted.checked, color.value);
  };
  form.hidden = !(await isTagOpen());
  if (form.hidden) await sayAnswer();
}

/**
 * @param {boolean} wanted
 * @param {string} color
 */
async function answer(wanted, color) {
  try {
    await answerTag(wanted, color);
    part("tag", HTMLFormElement).hidden = true;
    await sayAnswer();
  } catch (thrown) {
    part("tag-answered", HTMLElement).textContent = troubleTitle(asTrouble(thrown));
  }
}

async function sayAnswer() {
  const { tag: key } = (await readPreferences()).values;
  const name = (await browser.messages.tags.list()).find((tag) => tag.key === key)?.tag ?? key;
  part("tag-answered", HTMLElement).textContent = name ? text("welcome_tag_is", name) : text("welcome_tag_none");
}
