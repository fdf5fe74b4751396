// Puts text on the clipboard, and makes the small button that does so.

import { element } from "./dom.js";
import { text } from "./localize.js";

/**
 * Copies what the promise will give. The clipboard is asked for at once, while the click that led here still counts.
 * @param {Promise<string>} coming
 * @returns {Promise<void>}
 */
export async function copy(coming) {
  const blob = coming.then((words) => new Blob([words], { type: "text/plain" }));
  await navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
}

/**
 * A button that copies the words and then says so.
 * @param {string} words
 * @param {string} [what] what it copies, for those who do not see where it stands
 * @returns {HTMLButtonElement}
 */
export function copyButton(words, what = words) {
  const button = element("button", { type: "button", class: "small" }, text("common_copy"));
  button.setAttribute("aria-label", text("common_copy_what", what));
  button.addEventListener("click", async () => {
    await copy(Promise.resolve(words));
    button.textContent = text("common_copied");
  });
  return button;
}

/**
 * A command for a terminal, and the button that copies it.
 * @param {string} command
 */
export function commandLine(command) {
  return element("span", { class: "command" }, element("code", { lang: "en" }, command), copyButton(command));
}
