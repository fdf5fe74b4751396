// The first steps after installing: the server and its key, or the local feed; the tag of sent mails; how to send the first mail.
// What is settled already is said and not asked.

import { closePage } from "../shared/close.js";
import { part } from "../shared/dom.js";
import { localize, text } from "../shared/localize.js";
import { call } from "../shared/service.js";
import { asTrouble, hideTrouble, showTrouble } from "../shared/trouble.js";
import { Server } from "./server.js";
import { askForTag } from "./tag.js";

localize(document);
document.title = text("welcome_title");

const trouble = part("trouble", HTMLElement);
const server = new Server(fail);

/** @param {unknown} thrown */
function fail(thrown) {
  tell(asTrouble(thrown));
}

/** @param {import("../shared/shapes.js").TroubleLike} what */
function tell(what) {
  showTrouble(trouble, what, { retry: () => void load() });
  document.body.dataset.state = "trouble";
}

async function load() {
  hideTrouble(trouble);
  document.body.dataset.state = "loading";
  try {
    const versions = await call("versions");
    if (versions.trouble) {
      tell(versions.trouble);
      return;
    }
    await server.load();
    await askForTag();
    part("steps", HTMLElement).hidden = false;
    document.body.dataset.state = "ready";
  } catch (thrown) {
    fail(thrown);
  }
}

/** How the button is pressed, with the keys that do the same here. */
async function showHow() {
  const { shortcut } = (await browser.commands.getAll()).find(({ name }) => name === "review") ?? {};
  part("how", HTMLElement).textContent = shortcut ? text("welcome_mail_2_keys", shortcut) : text("welcome_mail_2");
}

part("close", HTMLButtonElement).addEventListener("click", () => void closePage());
part("options", HTMLButtonElement).addEventListener("click", () => void browser.runtime.openOptionsPage());
void showHow();
void load();
