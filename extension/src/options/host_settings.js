// The settings of the host in the form: of the main part or of one profile, with what was changed and not saved yet.

import { choice, element, part } from "../shared/dom.js";
import { text } from "../shared/localize.js";
import { call } from "../shared/service.js";
import { asTrouble } from "../shared/trouble.js";
import { copyButton } from "../shared/copy.js";
import { forgetTest, testConnection } from "./connection.js";
import { askProfileName, confirmed } from "./dialogs.js";
import { Draft } from "./draft.js";
import { FieldView, labelOf } from "./field.js";

/** @typedef {import("../shared/shapes.js").Settings} Settings */

export class HostSettings {
  #onChange;
  #onFailure;
  /** @type {string[]} */
  #locked = [];
  /** @type {Settings | null} */
  #main = null;
  /** @type {Draft | null} */
  #draft = null;
  /** @type {Map<string, FieldView>} */
  #views = new Map();
  #scope = part("scope", HTMLSelectElement);

  /**
   * @param {{onChange: () => void, onFailure: (thrown: unknown) => void}} listener
   */
  constructor({ onChange, onFailure }) {
    this.#onChange = onChange;
    this.#onFailure = onFailure;
    part("host-settings", HTMLFormElement).addEventListener("submit", (event) => event.preventDefault());
    this.#scope.addEventListener("change", () => void this.#try(() => this.#open(this.#scope.value || null)));
    part("new-profile", HTMLButtonElement).addEventListener("click", () => void this.#try(() => this.#newProfile()));
    part("remove-profile", HTMLButtonElement).addEventListener("click", () => void this.#try(() => this.#removeProfile()));
    part("open-file", HTMLButtonElement).addEventListener("click", () => void this.#try(() => this.#openFile()));
    part("test-connection", HTMLButtonElement).addEventListener("click", () => {
      if (this.#draft) {
        void testConnection(this.#draft);
      }
    });
  }

  /** @returns {string[]} */
  get profiles() {
    return this.#main?.profiles ?? [];
  }

  /** @returns {string[]} names of what is not saved yet */
  get unsaved() {
    return Object.keys(this.#draft?.changes() ?? {}).map(labelOf);
  }

  /** @param {string[]} locked settings that the organisation has set */
  async load(locked) {
    this.#locked = locked;
    await this.#open(null);
    part("host-settings", HTMLFormElement).hidden = false;
  }

  /** Discards unsaved changes. */
  async discard() {
    await this.#open(this.#draft?.profile ?? null);
  }

  /**
   * Saves what was changed.
   * @returns {Promise<boolean>} whether it was taken; if not, the form says why
   */
  async save() {
    if (!this.#draft || this.unsaved.length === 0) {
      return true;
    }
    const { profile } = this.#draft;
    const params = { profile, changes: this.#draft.changes() };
    try {
      await call("host", { method: "settings.write", params });
    } catch (thrown) {
      this.#refuse(thrown);
      return false;
    }
    await this.#open(profile);
    return true;
  }

  /**
   * Shows why a change was refused, beside its field if it has one.
   * @param {unknown} thrown
   */
  #refuse(thrown) {
    const { kind, data, message } = asTrouble(thrown);
    const view = this.#views.get(kind === "key_needed" ? "misp.key" : String(data?.key ?? ""));
    if (!view) {
      throw thrown;
    }
    view.showError(
      kind === "setting"
        ? text("options_refused", data?.allowed ?? message)
        : text(kind === "key_needed" ? "trouble_key_needed_text" : "trouble_locked_text"),
    );
    view.focus();
  }

  /** @param {string | null} profile */
  async #open(profile) {
    const main = await read(null);
    const settings = profile === null ? main : await read(profile);
    this.#main = main;
    this.#draft = new Draft(settings, main, this.#locked);
    this.#show(settings, main.profiles);
    this.#onChange();
  }

  /**
   * @param {Settings} settings
   * @param {string[]} profiles
   */
  #show({ file, profile, page }, profiles) {
    this.#scope.replaceChildren(
      choice("", text("options_main_settings")),
      ...profiles.map((name) => choice(name, text("options_profile_named", name))),
    );
    this.#scope.value = profile ?? "";
    part("remove-profile", HTMLButtonElement).hidden = profile === null;
    this.#views.clear();
    for (const place of document.querySelectorAll("[data-fields]")) {
      const keys = page[place.getAttribute("data-fields") ?? ""] ?? [];
      place.replaceChildren(...keys.map((key) => this.#makeView(key).element));
    }
    part("config-place", HTMLElement).replaceChildren(
      ...(file ? [element("code", { id: "config-file" }, file), " ", copyButton(file)] : []),
    );
    forgetTest();
    this.#reflect();
  }

  /** @param {string} key */
  #makeView(key) {
    const draft = /** @type {Draft} */ (this.#draft);
    const view = new FieldView(key, draft, () => {
      this.#reflect();
      this.#onChange();
    });
    this.#views.set(key, view);
    return view;
  }

  /** Shows warnings that depend on several fields. */
  #reflect() {
    const draft = /** @type {Draft} */ (this.#draft);
    part("no-server", HTMLElement).hidden = Boolean(draft.value("misp.url"));
    part("no-server", HTMLElement).textContent = text("options_no_server");
    part("not-verified", HTMLElement).hidden = draft.value("misp.verify") !== false;
    this.#reveal("event.sharing_group", draft.value("event.distribution") === 4);
    this.#reveal("sightings.source", draft.value("sightings.enabled") === true);
    const isDirty = this.unsaved.length > 0;
    this.#scope.disabled = isDirty;
    part("new-profile", HTMLButtonElement).disabled = isDirty;
    part("scope-hint", HTMLElement).textContent = text(isDirty ? "options_scope_unsaved" : "options_scope_hint");
  }

  /**
   * @param {string} key
   * @param {boolean} shown
   */
  #reveal(key, shown) {
    const view = this.#views.get(key);
    if (view) {
      view.element.hidden = !shown;
    }
  }

  async #openFile() {
    const line = part("open-file-status", HTMLElement);
    line.textContent = "";
    /** @type {{file: string, opened: boolean}} */
    const { file, opened } = await call("host", { method: "settings.open", params: {} });
    line.textContent = text(opened ? "options_file_opened" : "options_file_not_opened", file);
  }

  async #newProfile() {
    const name = await askProfileName(this.profiles);
    if (name !== null) {
      await call("host", { method: "settings.write", params: { profile: name, changes: {} } });
      await this.#open(name);
    }
  }

  async #removeProfile() {
    const profile = this.#draft?.profile;
    if (profile && (await confirmed(text("options_remove_profile_question", profile), text("options_remove_profile")))) {
      await call("host", { method: "settings.remove_profile", params: { profile } });
      await this.#open(null);
    }
  }

  /** @param {() => Promise<void>} act */
  async #try(act) {
    try {
      await act();
    } catch (thrown) {
      this.#onFailure(thrown);
    }
  }
}

/**
 * @param {string | null} profile
 * @returns {Promise<Settings>}
 */
function read(profile) {
  return call("host", { method: "settings.read", params: { profile } });
}
