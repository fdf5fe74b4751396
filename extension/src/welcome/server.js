// Where events go: a server that is configured and answers is said; else its address and key are asked for, tried, and stored.

import { part } from "../shared/dom.js";
import { text } from "../shared/localize.js";
import { readPreferences } from "../shared/preferences.js";
import { call } from "../shared/service.js";
import { asTrouble } from "../shared/trouble.js";
import { forgetTest, testConnection } from "../options/connection.js";
import { Draft } from "../options/draft.js";
import { FieldView } from "../options/field.js";

/** @typedef {import("../shared/shapes.js").Settings} Settings */
/** @typedef {import("../shared/shapes.js").Status} Status */

const ASKED = ["misp.url", "misp.key"];

export class Server {
  #onFailure;
  #form = part("server", HTMLFormElement);
  #untested = part("save-untested", HTMLButtonElement);
  /** @type {Draft | null} */
  #draft = null;
  /** @type {Map<string, FieldView>} */
  #views = new Map();

  /** @param {(thrown: unknown) => void} onFailure */
  constructor(onFailure) {
    this.#onFailure = onFailure;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#try(() => this.#testAndSave());
    });
    this.#untested.addEventListener("click", () => void this.#try(() => this.#save()));
    part("use-feed", HTMLButtonElement).addEventListener("click", () => void this.#try(() => this.#useFeed()));
  }

  async load() {
    /** @type {[Status, Settings, Awaited<ReturnType<typeof readPreferences>>]} */
    const [status, settings, { lockedSettings }] = await Promise.all([
      call("host", { method: "status", params: {} }),
      call("host", { method: "settings.read", params: { profile: null } }),
      readPreferences(),
    ]);
    this.#ask(new Draft(settings, settings, lockedSettings));
    if (status.destination?.target === "feed" && settings.fields.destination.origin !== "default") {
      this.#settle(text("welcome_settled_feed", status.destination.folder));
    } else if (status.destination?.target === "misp" && status.key_set) {
      await this.#look(status.destination.url, lockedSettings.includes("misp.url"));
    }
  }

  /**
   * Asks nothing if what is configured works.
   * @param {string} url
   * @param {boolean} byOrganisation
   */
  async #look(url, byOrganisation) {
    const draft = /** @type {Draft} */ (this.#draft);
    const test = await testConnection(draft);
    if (test?.ok) {
      forgetTest();
      this.#settle(text(byOrganisation ? "welcome_settled_organisation" : "welcome_settled_preset", url, test.organisation));
    }
  }

  /** @param {Draft} draft */
  #ask(draft) {
    this.#draft = draft;
    this.#views = new Map(
      ASKED.map((key) => [
        key,
        new FieldView(key, draft, () => {
          this.#untested.hidden = true;
          forgetTest();
        }),
      ]),
    );
    part("fields", HTMLElement).replaceChildren(...[...this.#views.values()].map(({ element }) => element));
    this.#untested.hidden = true;
    for (const id of ["use-feed", "feed-about"]) {
      part(id, HTMLElement).hidden = draft.lockedBy("misp.url") !== null;
    }
    this.#form.hidden = false;
    part("settled", HTMLElement).hidden = true;
  }

  async #testAndSave() {
    const draft = /** @type {Draft} */ (this.#draft);
    const missing = ASKED.find((key) => (key === "misp.key" ? !draft.isSet(key) : !draft.value(key)));
    if (missing) {
      this.#views.get(missing)?.showError(text(`options_test_${missing === "misp.key" ? "no_key" : "no_server"}`));
      this.#views.get(missing)?.focus();
      return;
    }
    const test = await testConnection(draft);
    if (test?.ok) {
      await this.#save();
    } else {
      this.#untested.hidden = false;
    }
  }

  async #save() {
    const changes = { ...this.#draft?.changes(), ...this.#awayFromFeed() };
    if (Object.keys(changes).length > 0 && !(await this.#write(changes))) {
      return;
    }
    /** @type {Status} */
    const { destination } = await call("host", { method: "status", params: {} });
    this.#settle(text("welcome_saved", destination?.target === "misp" ? destination.url : ""));
  }

  /** A feed that was chosen would go before the server. */
  #awayFromFeed() {
    return this.#draft?.field("destination").value === "feed" ? { destination: null } : {};
  }

  async #useFeed() {
    if (await this.#write({ destination: "feed" })) {
      /** @type {Status} */
      const { destination } = await call("host", { method: "status", params: {} });
      this.#settle(text("welcome_settled_feed", destination?.target === "feed" ? destination.folder : ""));
    }
  }

  /**
   * @param {Record<string, unknown>} changes
   * @returns {Promise<boolean>} whether they were taken; if not, the form says why
   */
  async #write(changes) {
    try {
      await call("host", { method: "settings.write", params: { changes } });
      return true;
    } catch (thrown) {
      const { kind, data } = asTrouble(thrown);
      const view = this.#views.get(kind === "key_needed" ? "misp.key" : String(data?.key ?? ""));
      if (!view) {
        throw thrown;
      }
      view.showError(text(kind === "key_needed" ? "trouble_key_needed_text" : "options_refused", data?.allowed ?? ""));
      view.focus();
      return false;
    }
  }

  /** @param {string} words what holds now */
  #settle(words) {
    this.#form.hidden = true;
    const place = part("settled", HTMLElement);
    place.textContent = words;
    place.hidden = false;
    place.focus();
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
