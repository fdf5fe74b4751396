// The analyst's choices for the whole mail: mode, profile, TLP, distribution. The host's answers fill them.

import { choice, part } from "../shared/dom.js";
import { text } from "../shared/localize.js";

/** @typedef {import("../shared/shapes.js").PreviewHead} PreviewHead */
/** @typedef {import("../shared/shapes.js").Mode} Mode */

export class Choices {
  #place = part("choices", HTMLFormElement);
  #mode = part("mode", HTMLSelectElement);
  #profile = part("profile", HTMLSelectElement);
  #tlp = part("tlp", HTMLSelectElement);
  #tlpMark = part("tlp-mark", HTMLElement);
  #distribution = part("distribution", HTMLSelectElement);
  /** @type {PreviewHead | null} */
  #preview = null;
  /** What was chosen before there was a preview. @type {{tlp: string | null, distribution: number | null}} */
  #chosen = { tlp: null, distribution: null };
  /** Profiles that the configuration has, once that is known. @type {string[]} */
  #profiles = [];

  /** @param {() => void} onReading called when the mail must be read anew: other mode or profile */
  constructor(onReading) {
    this.#place.addEventListener("submit", (event) => event.preventDefault());
    this.#mode.addEventListener("change", onReading);
    this.#profile.addEventListener("change", onReading);
    this.#tlp.addEventListener("change", () => this.#markTlp());
  }

  /** @returns {Mode} */
  get mode() {
    return /** @type {Mode} */ (this.#mode.value);
  }

  /** @returns {string | null} */
  get profile() {
    return this.#profile.value || null;
  }

  /**
   * @param {Mode} mode
   * @param {string} profile
   */
  begin(mode, profile) {
    this.#mode.value = mode;
    this.#offerProfiles(profile);
  }

  /** @param {string[]} profiles those that the configuration has */
  showProfiles(profiles) {
    this.#profiles = profiles;
    this.#offerProfiles(this.#profile.value);
    this.#place.hidden = false;
  }

  /** @param {string} chosen is offered even if the configuration does not have it (yet, or any more) */
  #offerProfiles(chosen) {
    const all = [...new Set(["", ...this.#profiles, chosen])];
    this.#profile.replaceChildren(...all.map((name) => choice(name, name || text("common_no_profile"))));
    this.#profile.value = chosen;
    part("profile-choice", HTMLElement).hidden = all.length === 1;
  }

  /**
   * Takes over what was chosen for an entry of the outbox, which keeps its mode and profile.
   * @param {Mode} mode
   * @param {string | null} profile
   * @param {import("../shared/shapes.js").Overrides} overrides
   */
  fix(mode, profile, { tlp, distribution }) {
    this.begin(mode, profile ?? "");
    this.#mode.disabled = true;
    this.#profile.disabled = true;
    this.#chosen = { tlp: tlp ?? null, distribution: distribution ?? null };
  }

  /** @param {PreviewHead} preview */
  show(preview) {
    const { tlp, distribution } = preview;
    this.#place.hidden = false;
    const chosenTlp = this.#preview ? this.tlp : this.#chosen.tlp;
    const chosenDistribution = this.#preview ? this.distribution : this.#chosen.distribution;
    this.#tlp.replaceChildren(...tlp.choices.map((tag) => choice(tag, tag.toUpperCase())));
    this.#tlp.value = chosenTlp && tlp.choices.includes(chosenTlp) ? chosenTlp : tlp.tag;
    this.#markTlp();
    this.#distribution.replaceChildren(
      ...distribution.choices.map((level) => choice(String(level), text(`common_distribution_${level}`))),
    );
    this.#distribution.value = String(
      typeof chosenDistribution === "number" && distribution.choices.includes(chosenDistribution) ? chosenDistribution : distribution.is,
    );
    this.#preview = preview;
  }

  /** @returns {string | undefined} the TLP tag when it differs from the preview's */
  get tlp() {
    return this.#tlp.value === this.#preview?.tlp.tag ? undefined : this.#tlp.value;
  }

  /** @returns {number | undefined} the distribution when it differs from the preview's */
  get distribution() {
    const chosen = Number(this.#distribution.value);
    return chosen === this.#preview?.distribution.is ? undefined : chosen;
  }

  #markTlp() {
    this.#tlpMark.dataset.tlp = this.#tlp.value.replace(/^tlp:/, "");
  }
}
