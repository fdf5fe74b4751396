// Sends one mail: hands it over if the host does not have it, makes the host deliver it, tags or moves it in Thunderbird, and
// updates the backlog. The callers tell people.

import { Trouble } from "../shared/error.js";
import { readPreferences } from "../shared/preferences.js";
import { isSafe, settle } from "./aftermath.js";
import { gather } from "./gather.js";
import { upload } from "./upload.js";

/** @typedef {import("./mails.js").Mail} Mail */
/** @typedef {import("../shared/shapes.js").Delivery} Delivery */
/** @typedef {import("./rpc.js").CallOptions} CallOptions */
/**
 * @typedef {object} Submission
 * @property {string | null} [message] handle of the mail with the host, when it was handed over already
 * @property {string} mode
 * @property {string | null} profile
 * @property {object | null} [overrides] what the analyst changed; absent when nothing was
 * @property {boolean} [unchecked] whether MISP is not asked first about the event to add to
 */
/** @typedef {{deliveries: Delivery[], aftermath: {problems: string[]}}} Sent */
/** @typedef {Omit<Submission, "message">} Together for mails that make one event */

export class Sending {
  #host;
  #backlog;

  /**
   * @param {import("./host.js").Host} host
   * @param {import("./backlog.js").Backlog} backlog
   */
  constructor(host, backlog) {
    this.#host = host;
    this.#backlog = backlog;
  }

  /**
   * @param {Mail} mail
   * @param {Submission} submission
   * @param {CallOptions} [options] progress: `uploading` in bytes, then the host's stages
   * @returns {Promise<Sent>}
   */
  send(mail, submission, options = {}) {
    return this.#host.during(() => this.#send(mail, submission, options));
  }

  /**
   * Sends several mails as one event. The host has all of them or none.
   *
   * @param {import("./gather.js").Part[]} parts
   * @param {Together} submission
   * @param {import("./gather.js").GatherOptions} [options]
   * @returns {Promise<Sent>}
   */
  sendTogether(parts, submission, options = {}) {
    return this.#host.during(async () => {
      const { mode, overrides, unchecked } = submission;
      const profile = submission.profile || null;
      const { message, mails } = await gather(this.#host, parts, { mode, profile }, options);
      const how = { mode, profile, ...(overrides ? { overrides } : {}), ...(unchecked ? { unchecked } : {}) };
      const { deliveries } = await this.#host.request("send", { message, ...how }, options);
      this.#lookAt(deliveries);
      const { values } = await readPreferences();
      /** @type {string[]} */
      const problems = [];
      if (isSafe(deliveries)) for (const mail of mails) problems.push(...(await settle(mail, values)));
      return { deliveries, aftermath: { problems } };
    });
  }

  /**
   * Sends a mail and leaves it as it is.
   *
   * @param {Mail} mail
   * @param {Submission} submission
   * @param {CallOptions} [options]
   * @returns {Promise<{deliveries: Delivery[], mail: Mail}>} the mail under its present id
   */
  async deliver(mail, submission, options = {}) {
    const delivered = await this.#host.during(() => this.#deliver(mail, submission, options));
    this.#lookAt(delivered.deliveries);
    return delivered;
  }

  /**
   * The host counts what waits, so nobody need wait for the look.
   *
   * @param {Delivery[]} deliveries
   */
  #lookAt(deliveries) {
    if (deliveries.some(({ status }) => status === "queued" || status === "failed")) this.#backlog.look().catch(() => {});
  }

  /**
   * @param {Mail} mail
   * @param {Submission} submission
   * @param {CallOptions} options
   * @returns {Promise<Sent>}
   */
  async #send(mail, submission, options) {
    const { deliveries, mail: present } = await this.deliver(mail, submission, options);
    const problems = isSafe(deliveries) ? await settle(present, (await readPreferences()).values) : [];
    return { deliveries, aftermath: { problems } };
  }

  /**
   * @param {Mail} mail
   * @param {Submission} submission
   * @param {CallOptions} options
   * @returns {Promise<{deliveries: Delivery[], mail: Mail}>}
   */
  async #deliver(mail, { message = null, mode, profile, overrides, unchecked }, options) {
    const how = { mode, profile: profile || null, ...(overrides ? { overrides } : {}), ...(unchecked ? { unchecked } : {}) };
    let present = mail;
    let handle = message;
    // The host may have been restarted since the mail was handed over: the first try then fails.
    for (let round = 0; ; round += 1) {
      if (handle === null) {
        const uploaded = await upload(this.#host, present, options);
        handle = uploaded.message;
        present = uploaded.mail;
      }
      try {
        const { deliveries } = await this.#host.request("send", { message: handle, ...how }, options);
        return { deliveries, mail: present };
      } catch (error) {
        if (round > 0 || Trouble.of(error).kind !== "unknown_message") throw error;
        handle = null;
      }
    }
  }
}
