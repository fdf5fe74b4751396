// The two questions that the options page asks: whether something may be done, and the name of a new profile.

import { part } from "../shared/dom.js";
import { text } from "../shared/localize.js";

/**
 * Opens the dialog and waits until it is closed.
 * @param {HTMLDialogElement} dialog
 * @returns {Promise<boolean>} whether it was agreed to
 */
function ask(dialog) {
  const cancel = dialog.querySelector("button[value=cancel]");
  if (cancel instanceof HTMLButtonElement) {
    cancel.onclick = () => dialog.close(); // Of itself, a button that closes a form is also what Enter in a field presses.
  }
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "ok"), { once: true });
  });
}

/**
 * @param {HTMLInputElement} name
 * @param {string[]} taken
 * @returns {string} what is wrong with the name of a profile
 */
function wrongWith(name, taken) {
  if (taken.includes(name.value)) return text("options_profile_taken", name.value);
  return name.validity.patternMismatch ? text("options_profile_name_hint") : "";
}

/**
 * @param {string} words what will be done
 * @param {string} agree label of the button that confirms
 * @returns {Promise<boolean>}
 */
export function confirmed(words, agree) {
  part("confirm-words", HTMLElement).textContent = words;
  part("confirm-ok", HTMLButtonElement).textContent = agree;
  return ask(part("confirm-dialog", HTMLDialogElement));
}

/**
 * @param {string[]} taken names that there are already
 * @returns {Promise<string | null>} the name of the new profile
 */
export async function askProfileName(taken) {
  const name = part("profile-name", HTMLInputElement);
  name.value = "";
  name.oninput = () => name.setCustomValidity(wrongWith(name, taken));
  name.setCustomValidity("");
  return (await ask(part("profile-dialog", HTMLDialogElement))) ? name.value : null;
}
