// The methods of the background that pages may call.

import { Trouble } from "../shared/error.js";
import { openPage } from "../shared/open.js";
import { readPreferences } from "../shared/preferences.js";
import { settle } from "./aftermath.js";
import { answerReporter } from "./answer.js";
import { gather } from "./gather.js";
import { lookUp } from "./look_up.js";
import { mailById } from "./mails.js";
import { Moves } from "./moves.js";
import { underPolicy } from "./organisation.js";
import { openReviewTab } from "./review.js";
import { discard, upload } from "./upload.js";

/** @typedef {import("./pages.js").Method} Method */
/** @typedef {import("./mails.js").Mail} Mail */
/** @typedef {import("./sending.js").Sent} Sent */

/** Methods of the host that pages may call; messages are handed over and sent by the background only. */
const OF_HOST = new Set([
  "status",
  "preview",
  "preview.more",
  "preview.text",
  "preview.within",
  "known",
  "export",
  "tags.search",
  "sharing_groups",
  "events.search",
  "types",
  "settings.read",
  "settings.write",
  "settings.open",
  "settings.remove_profile",
  "connection.test",
  "outbox.list",
  "outbox.open",
  "outbox.retry",
  "outbox.drop",
]);

/**
 * @param {string} method
 * @param {any} result
 * @returns {import("./backlog.js").Counts | null} the counts of the outbox, if the answer has them
 */
function countsIn(method, result) {
  if (method === "status") return result.outbox;
  if (method === "outbox.drop") return result;
  return method.startsWith("outbox.") ? (result.backlog ?? null) : null;
}

/**
 * @param {{profile?: string | null, changes?: Record<string, unknown>}} params of a method of the host
 * @returns {Promise<object>} the parameters, checked and completed by the organisation's policy
 */
async function permitted(params) {
  return params.changes && !params.profile ? { ...params, changes: await underPolicy(params.changes) } : params;
}

/**
 * @param {object} parts
 * @param {import("./host.js").Host} parts.host
 * @param {import("./backlog.js").Backlog} parts.backlog
 * @param {import("./batch.js").Batches} parts.batches
 * @param {import("./intake.js").Intake} parts.intake
 * @param {import("./sending.js").Sending} parts.sending
 * @param {import("./focus.js").Focuses} parts.focuses
 * @param {(mail: Mail, sent: Sent) => void} parts.sent told of every mail that a page sent
 * @param {(deliveries: import("../shared/shapes.js").Delivery[]) => void} parts.retried told of what was tried again
 * @param {() => void} parts.profilesChanged told when a page has changed settings of the program
 * @returns {Record<string, Method>}
 */
export function methodsOf({ host, backlog, batches, intake, sending, focuses, sent, retried, profilesChanged }) {
  const moves = new Moves();
  return {
    host: {
      serve: async ({ method, params }, options, held) => {
        if (!OF_HOST.has(method)) throw new Trouble("extension", `Pages may not call ${method}.`);
        const result = await host.request(method, await permitted(params), options);
        if (method === "outbox.open") held.add(result.message);
        const counts = countsIn(method, result);
        if (counts) backlog.note(counts).catch(() => {}); // The next look finds them again.
        if (method === "settings.write" || method === "settings.remove_profile") profilesChanged();
        if (method === "outbox.retry") {
          batches.learn(result.deliveries).catch(() => {}); // They are delivered all the same.
          retried(result.deliveries);
        }
        return result;
      },
    },
    upload: {
      serve: async ({ messageId }, options, held) => {
        const { message, identity } = await upload(host, await mailById(messageId), options);
        // A closed page cannot release the message any more.
        if (options.signal?.aborted) discard(host, message);
        else held.add(message);
        return { message, identity };
      },
    },
    gather: {
      serve: async ({ mails, mode, profile }, options, held) => {
        const parts = await Promise.all(
          mails.map(async (/** @type {{messageId: number, leftOut: string[]}} */ { messageId, leftOut }) => ({ mail: await mailById(messageId), leftOut })),
        );
        const { message } = await host.during(() => gather(host, parts, { mode, profile }, options));
        if (options.signal?.aborted) discard(host, message);
        else held.add(message);
        return { message };
      },
    },
    release: {
      serve: async ({ message }, _, held) => {
        if (held.delete(message)) discard(host, message);
        return {};
      },
    },
    move: {
      goesOn: true,
      serve: async ({ messageId, message, state }, _, held) => {
        const isHeld = held.delete(message);
        moves.put(messageId, { message: isHeld ? message : null, state });
        await openReviewTab(messageId);
        return {};
      },
    },
    take: {
      serve: async ({ messageId }, _, held) => {
        const move = moves.take(messageId);
        if (move.message) held.add(move.message);
        return move;
      },
    },
    tag: {
      serve: async ({ messageId }) => {
        const { values } = await readPreferences();
        return { problems: await settle(await mailById(messageId), { ...values, afterSending: "keep" }) };
      },
    },
    focus: { serve: async ({ focus }) => focuses.take(focus) },
    send: {
      goesOn: true,
      serve: async ({ messageId, ...submission }, options, held) => {
        const mail = await mailById(messageId);
        const result = await sending.send(mail, submission, options);
        held.delete(submission.message);
        sent(mail, result);
        return result;
      },
    },
    resend: {
      goesOn: true,
      serve: async (submission, options, held) => {
        const { deliveries } = await host.during(() => host.request("send", submission, options));
        held.delete(submission.message);
        batches.learn(deliveries).catch(() => {}); // They are delivered all the same.
        backlog.look().catch(() => {}); // The next look finds it again.
        return { deliveries, aftermath: { problems: [] } };
      },
    },
    mail: {
      serve: async ({ messageId }) => {
        const mail = await mailById(messageId);
        return { ...mail, folder: mail.folder?.name ?? "" };
      },
    },
    "batch.create": {
      serve: async ({ messageIds, mode, profile, start }) => {
        const mails = await Promise.all(messageIds.map(mailById));
        return { batch: await batches.create(mails, { mode, profile, start }) };
      },
    },
    "batch.start": { serve: async (choice) => (await batches.start(choice), {}) },
    "batch.cancel": { serve: async ({ batch }) => (await batches.cancel(batch), {}) },
    "batch.retry": { serve: async ({ batch, item }) => (await batches.retry(batch, item), {}) },
    "batch.forget": { serve: async ({ batch }) => (await batches.forget(batch), {}) },
    "batch.list": { serve: async () => ({ batches: await batches.list() }) },
    "intake.standing": { serve: () => intake.standing() },
    "intake.retry": { serve: async () => (await intake.retry(), intake.standing()) },
    "intake.forget": { serve: async () => (await intake.forget(), intake.standing()) },
    versions: { serve: () => versions(host) },
    answer: { serve: async (asked) => (await answerReporter(asked), {}) },
    look_up: { serve: async (asked) => ({ opened: await lookUp(host, asked) }) },
    open: { serve: async ({ url }) => ({ opened: await openEvent(host, url) }) },
  };
}

/**
 * @param {import("./host.js").Host} host
 * @returns {Promise<{extension: string, host: string | null, trouble: import("../shared/error.js").PlainTrouble | null}>}
 */
async function versions(host) {
  const extension = browser.runtime.getManifest().version;
  try {
    const greeting = await host.greeting();
    return { extension, host: greeting.host, trouble: null };
  } catch (error) {
    const trouble = Trouble.of(error);
    return { extension, host: typeof trouble.data.host === "string" ? trouble.data.host : null, trouble: trouble.plain() };
  }
}

/**
 * Profiles may have servers of their own.
 *
 * @param {import("./host.js").Host} host
 * @param {string} url
 * @returns {Promise<string>}
 */
export async function openEvent(host, url) {
  const { destination, profiles } = await host.request("status");
  try {
    return await openPage(url, known([destination]));
  } catch (error) {
    if (profiles.length === 0) throw error;
    const others = await Promise.all(profiles.map((/** @type {string} */ profile) => host.request("status", { profile })));
    return openPage(url, known(others.map((status) => status.destination)));
  }
}

/** @param {(import("../shared/shapes.js").Destination | null)[]} destinations */
function known(destinations) {
  return destinations.filter((destination) => destination !== null);
}
