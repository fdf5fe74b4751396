// The event page: makes the parts and connects them to each other and to Thunderbird's events. Thunderbird stops and starts it at any
// time, so every listener is registered here, at once.

import {
  announceBatch,
  announceDeliveries,
  announceLater,
  announceNoMail,
  announceObstruction,
  announceRuled,
  announceTrouble,
  clickOf,
} from "./background/announce.js";
import { settle } from "./background/aftermath.js";
import { ALARM, Backlog } from "./background/backlog.js";
import { Batches } from "./background/batch.js";
import { Companion } from "./background/companion.js";
import { Entrances, createMenu } from "./background/entrances.js";
import { Focuses } from "./background/focus.js";
import { Host } from "./background/host.js";
import { ALARM as INTAKE_ALARM, Intake } from "./background/intake.js";
import { mark } from "./background/mark.js";
import { methodsOf, openEvent } from "./background/methods.js";
import { applyOrganisationSettings } from "./background/organisation.js";
import { Pages, tellPages } from "./background/pages.js";
import { openReview, openReviewWindow } from "./background/review.js";
import { Sending } from "./background/sending.js";
import { SendingTag } from "./background/sending_tag.js";
import { Trouble } from "./shared/error.js";
import { readPreferences } from "./shared/preferences.js";
import { makeOwnTag } from "./shared/tags.js";
import { openWelcome } from "./shared/welcome.js";

/** Without an open request the connection to the host is closed after this long. */
const REST_MS = 20_000;

/** While mails wait it stays longer, for the host to deliver them. */
const DELIVERING_MS = 60_000;

/** Also while somebody reviews a mail, so that it need not be handed over again for sending. */
const REVIEWING_MS = 600_000;

const host = new Host({
  prepare: applyOrganisationSettings,
  onNotification: (method, params) => {
    if (method === "outbox.delivered") report(delivered(params));
  },
  onEnd: (connection) => pages.lost(connection),
  restAfter: () => (pages.hold ? REVIEWING_MS : backlog.pending > 0 ? DELIVERING_MS : REST_MS),
});
const backlog = new Backlog(host, (counts) => tellPages("outbox", counts));
const sending = new Sending(host, backlog);
const batches = new Batches({
  send: (mail, submission, options) => sending.send(mail, submission, options),
  sendTogether: (parts, submission, options) => sending.sendTogether(parts, submission, options),
  tell: (batch) => tellPages("batch", batch),
  finished: ({ id, items, plan }) => {
    // Mails that make one event have the same deliveries.
    const told = plan.together ? items.filter(({ deliveries }) => deliveries).slice(0, 1) : items;
    const failed = items.filter((item) => !item.deliveries && item.state !== "left_out").length;
    report(announceBatch(id, told.flatMap((item) => item.deliveries ?? []), failed));
  },
});
const intake = new Intake({
  deliver: (mail, submission, options) => sending.deliver(mail, submission, options),
  ended: seeToRuled,
  finished: (deliveries, failed) => report(announceRuled(deliveries, failed.map(({ mail }) => mail))),
  obstructed: (trouble, waiting) => report(announceObstruction(trouble, waiting)),
  changed: (standing) => tellPages("intake", standing),
});
const focuses = new Focuses();
const sendingTag = new SendingTag(intake);
const companion = new Companion(host, intake);
const pages = new Pages(
  host,
  methodsOf({
    host,
    backlog,
    batches,
    intake,
    sending,
    focuses,
    sent,
    retried: (deliveries) => report(Promise.all(deliveries.map((delivery) => sendingTag.later(delivery)))),
    profilesChanged: () => report(companion.tell()),
  }),
);
const entrances = new Entrances({ review, send: sendAtOnce, batch: openBatch, none: announceNoMail });

/**
 * The program starts while the page opens; the page reports it when that fails.
 *
 * @type {import("./background/entrances.js").Ways["review"]}
 */
async function review(mail, tab, button, focus) {
  host.greeting().catch(() => {});
  await openReview(mail, tab, button, focus ? focuses.put(focus) : null);
}

/**
 * @param {import("./background/mails.js").Mail} mail
 * @param {import("./background/sending.js").Sent} result
 */
function sent(mail, { deliveries, aftermath }) {
  report(mark(mail, deliveries));
  report(announceDeliveries(deliveries, aftermath.problems));
}

/** @param {import("./background/mails.js").Mail} mail */
async function sendAtOnce(mail) {
  const { mode, profile } = (await readPreferences()).values;
  try {
    sent(mail, await sending.send(mail, { mode, profile }));
  } catch (error) {
    await announceTrouble(mail, Trouble.of(error));
  }
}

/**
 * @param {import("./background/mails.js").Mail[]} mails
 * @param {boolean} start
 */
async function openBatch(mails, start) {
  const { mode, profile } = (await readPreferences()).values;
  await showBatch(await batches.create(mails, { mode, profile, start }));
}

/** @param {string} batch */
async function showBatch(batch) {
  const url = browser.runtime.getURL(`batch/batch.html?batch=${batch}`);
  const open = (await browser.tabs.query({})).find((tab) => tab.url === url);
  if (open?.id === undefined) await browser.tabs.create({ url });
  else await browser.tabs.update(open.id, { active: true });
}

/**
 * Does not move mails: rules do that themselves.
 *
 * @param {import("./background/intake.js").Entry} entry
 * @param {import("./background/intake.js").Delivered | null} sentOne null when it could not be sent
 */
async function seeToRuled({ by, mail }, sentOne) {
  if (by === "tag") await sendingTag.ended(sentOne?.mail ?? mail, sentOne?.deliveries ?? null);
  else if (sentOne) await settle(sentOne.mail, { ...(await readPreferences()).values, afterSending: "keep" });
}

/** Makes the tag that an organisation's policy has chosen, so that filters can use it. */
async function prepareTag() {
  const { sendingTag: key } = (await readPreferences()).values;
  if (key) await makeOwnTag(key);
}

/** @param {any} params of the host's notification */
async function delivered({ delivery, backlog: counts }) {
  tellPages("delivered", delivery);
  await Promise.all([backlog.note(counts), batches.learn([delivery]), announceLater(delivery), sendingTag.later(delivery)]);
}

/** @param {string} id of a notification */
async function clicked(id) {
  const click = clickOf(id);
  if ("page" in click) await openEvent(host, click.page);
  else if ("outbox" in click) await browser.runtime.openOptionsPage();
  else if ("batch" in click) await showBatch(click.batch);
  else if ("review" in click) await openReviewWindow(click.review);
}

/**
 * Reports failures of work that nobody waits for in the Error Console.
 *
 * @param {Promise<unknown>} work
 */
function report(work) {
  work.catch((error) => console.error("MISPigeon:", Trouble.of(error).message));
}

browser.runtime.onInstalled.addListener(({ reason }) => {
  if (reason === "install") report(openWelcome());
  report(createMenu());
  report(prepareTag());
});
// Starts the event page with Thunderbird, to continue unfinished work.
browser.runtime.onStartup.addListener(() => {
  report(backlog.lookAgain());
  report(prepareTag());
});
browser.runtime.onConnect.addListener((port) => pages.connect(port));
browser.messageDisplayAction.onClicked.addListener((tab, info) => report(entrances.messageButton(tab, info)));
browser.action.onClicked.addListener((tab, info) => report(entrances.toolbarButton(tab, info)));
browser.menus.onClicked.addListener((info, tab) => report(entrances.menu(info, tab)));
browser.commands.onCommand.addListener((command, tab) => report(entrances.command(command, tab)));
browser.notifications.onClicked.addListener((id) => report(clicked(id)));
browser.messages.onUpdated.addListener((header, changed, before) => report(sendingTag.updated(header, changed, before)));
browser.runtime.onMessageExternal.addListener((message, sender) => companion.answer(message, sender));
browser.alarms.onAlarm.addListener(({ name }) => {
  if (name === ALARM) report(backlog.look());
  if (name === INTAKE_ALARM) report(intake.resume());
});
