// What the analyst should know before sending: no server is set, mails wait, notes of the host and of MISP.

import { element, part } from "../shared/dom.js";
import { commandLine } from "../shared/copy.js";
import { text } from "../shared/localize.js";
import { sayingElement } from "../shared/said.js";
import { backlogWords } from "../shared/standing.js";
import { openOptions } from "./page.js";

/** @typedef {import("../shared/shapes.js").Preview} Preview */
/** @typedef {import("../shared/shapes.js").Status} Status */

export class Notices {
  #onKeep;
  /** @type {Preview | null} */
  #preview = null;
  /** @type {Status | null} */
  #status = null;
  /** Why MISP could not be asked about the indicators. @type {import("../shared/shapes.js").Said[]} */
  #notAsked = [];

  /** @param {(keep: boolean) => void} onKeep called to read the mail with one's own people, or without them */
  constructor(onKeep) {
    this.#onKeep = onKeep;
  }

  /** @param {Preview} preview */
  ofPreview(preview) {
    this.#preview = preview;
    this.#notAsked = [];
    this.#show();
  }

  /** @param {Status} status */
  ofStatus(status) {
    this.#status = status;
    this.#show();
  }

  /** @param {import("../shared/shapes.js").Backlog} outbox as it is now */
  ofOutbox(outbox) {
    if (this.#status) {
      this.ofStatus({ ...this.#status, outbox });
    }
  }

  /** @param {import("../shared/shapes.js").Said[]} notAsked */
  ofKnown(notAsked) {
    this.#notAsked = notAsked;
    this.#show();
  }

  #show() {
    const [preview, status] = [this.#preview, this.#status];
    const destination = preview?.destination ?? status?.destination;
    const waiting = status ? backlogWords(status.outbox) : "";
    // The first line says in detail that there is no server.
    const remarks = (status?.notes ?? []).filter((kind) => kind !== "no_server");
    const lines = [
      status?.config.error && unusable(status.config.error, status.config.repair),
      destination?.target === "feed" &&
        notice("no-server", text("review_no_server", destination.folder), text("review_set_server")),
      waiting && notice("waiting", waiting, text("common_see_outbox")),
      ...remarks.map((kind) => notice(kind, text(`common_note_${kind}`), text("trouble_options"))),
      ...(preview?.notes ?? []).map((note) => sayingElement("p", { class: "note quiet" }, note)),
      preview && people(preview, this.#onKeep),
      this.#notAsked.length > 0 &&
        element("p", { class: "note quiet" }, text("review_not_asked"), ...this.#notAsked.flatMap((note) => [" ", sayingElement("span", {}, note)])),
    ];
    part("notices", HTMLElement).replaceChildren(...lines.filter((line) => line instanceof HTMLElement));
  }
}

/**
 * What is wrong with the configuration, which nothing is sent with.
 * @param {string} error
 * @param {string | null} repair the command that mends it
 */
function unusable(error, repair) {
  return element(
    "div",
    { class: "panel bad", "data-notice": "configuration" },
    element("p", {}, text("trouble_configuration_title"), ": ", text("trouble_configuration_waits")),
    element("p", { class: "said", lang: "en" }, error),
    repair && commandLine(repair),
  );
}

/**
 * @param {string} about
 * @param {string} words
 * @param {string} way
 */
function notice(about, words, way) {
  return element(
    "p",
    { class: "panel", "data-notice": about },
    element("span", {}, words, " ", element("button", { type: "button", class: "link", onclick: openOptions }, way)),
  );
}

/**
 * Who was taken out of the mail, and the way to keep them.
 * @param {Preview} preview
 * @param {(keep: boolean) => void} onKeep
 */
function people({ taken_out: takenOut, kept }, onKeep) {
  if (!kept && takenOut.length === 0) {
    return false;
  }
  const [words, way] = kept ? ["review_people_kept", "review_take_people_out"] : ["review_people_taken_out", "review_keep_people"];
  return element(
    "p",
    { class: "note quiet", "data-notice": "people" },
    element("span", {}, text(words, takenOut.join(", ")), " "),
    element("button", { type: "button", class: "link", onclick: () => onKeep(!kept) }, text(way)),
  );
}
