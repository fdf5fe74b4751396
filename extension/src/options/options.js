// The options page: settings of the host, preferences of the extension, outbox, versions; and how they are saved.

import { part } from "../shared/dom.js";
import { localize, plural, text } from "../shared/localize.js";
import { call, on } from "../shared/service.js";
import { hideTrouble, asTrouble, showTrouble } from "../shared/trouble.js";
import { AroundForm } from "./around.js";
import { HostSettings } from "./host_settings.js";
import { Outbox } from "./outbox.js";
import { PreferencesForm } from "./preferences.js";
import { showStanding } from "../shared/standing.js";
import { openWelcome } from "../shared/welcome.js";
import { Ruled } from "./ruled.js";

localize(document);
document.title = text("options_title");

const trouble = part("trouble", HTMLElement);
const save = part("save", HTMLButtonElement);
const discard = part("discard", HTMLButtonElement);
const host = new HostSettings({ onChange: showUnsaved, onFailure: fail });
const preferences = new PreferencesForm(showUnsaved);
const around = new AroundForm(showUnsaved);
const outbox = new Outbox();
const ruled = new Ruled();

part("privacy", HTMLButtonElement).addEventListener("click", () => {
  browser.tabs.create({ url: browser.runtime.getURL("privacy/privacy.html") }).catch(fail);
});

/** @param {unknown} thrown */
function fail(thrown) {
  showTrouble(trouble, asTrouble(thrown), { retry: () => void load() });
  document.body.dataset.state = "trouble";
  trouble.scrollIntoView({ block: "nearest" });
}

/** @param {string} words */
function say(words) {
  part("status", HTMLElement).textContent = words;
}

function showUnsaved() {
  const unsaved = [...host.unsaved, ...preferences.unsaved, ...around.unsaved];
  save.disabled = unsaved.length === 0;
  discard.disabled = unsaved.length === 0;
  say(unsaved.length === 0 ? "" : plural("options_unsaved", unsaved.length, unsaved.join(", ")));
}

/** Shows everything again; the host's part only if the host answers. */
async function load() {
  hideTrouble(trouble);
  document.body.dataset.state = "loading";
  const locked = await preferences.load();
  await around.load();
  await ruled.load();
  const versions = await call("versions");
  part("extension-version", HTMLElement).textContent = versions.extension;
  part("host-version", HTMLElement).textContent = versions.host ?? text("options_host_none");
  if (versions.trouble) {
    showTrouble(trouble, versions.trouble, { retry: () => void load() });
    document.body.dataset.state = "trouble";
    return;
  }
  try {
    await Promise.all([host.load(locked), stand()]);
    preferences.showProfiles(host.profiles);
    showUnsaved();
    await outbox.load();
    document.body.dataset.state = "ready";
  } catch (thrown) {
    fail(thrown);
  }
}

/** Says where events go and what waits. */
async function stand() {
  showStanding(part("standing", HTMLElement), await call("host", { method: "status", params: {} }), "outbox-section");
}

let isSaving = false;

/** The button stays enabled until everything is saved, so that its state shows when. More clicks meanwhile do nothing. */
async function saveAll() {
  if (isSaving) {
    return;
  }
  isSaving = true;
  try {
    const taken = [await preferences.save(), await around.save(), await host.save()];
    showUnsaved();
    if (taken.every(Boolean)) {
      hideTrouble(trouble);
      document.body.dataset.state = "ready";
      preferences.showProfiles(host.profiles);
      say(text("options_saved"));
      await stand();
    }
  } catch (thrown) {
    fail(thrown);
    showUnsaved();
  }
  isSaving = false;
}

async function discardAll() {
  await preferences.load();
  await around.load();
  try {
    await host.discard();
  } catch (thrown) {
    fail(thrown);
  }
  preferences.showProfiles(host.profiles);
  showUnsaved();
}

save.addEventListener("click", () => void saveAll());
discard.addEventListener("click", () => void discardAll());
part("first-steps", HTMLButtonElement).addEventListener("click", () => void openWelcome());
on("outbox", () => void stand().catch(() => {})); // Without the program there is nothing to say.
void load().catch(fail);
