// Passes the mails of the filter action on to the main add-on, in order and in portions. Stores them first, and keeps them until
// that add-on has accepted them.

const MAIN = "mispigeon@mispigeon.org";

/** Messages of one portion: what the main add-on takes at a time. */
const PORTION = 100;

const ALARM = "again";
const PERIOD_MINUTES = 1;

/** @typedef {{profile: string, manual: boolean, messages: {id: number, headerMessageId: string}[]}} Applied */

/** In storage.local: each call that is not handed over yet, under its number; the numbers; whether the user was told. */
const HEAD = "kept";
const TOLD = "told";

/** @param {number} number */
const keyOf = (number) => `kept:${number}`;

/** The calls that are not handed over yet, oldest first. @type {{number: number, applied: Applied}[]} */
const kept = [];
let next = 0;
let isHandingOver = false;

const loaded = (async () => {
  const { [HEAD]: head } = await browser.storage.local.get(HEAD);
  const first = head?.first ?? 0;
  next = head?.next ?? 0;
  const numbers = Array.from({ length: next - first }, (_, at) => first + at);
  const stored = numbers.length > 0 ? await browser.storage.local.get(numbers.map(keyOf)) : {};
  kept.push(...numbers.flatMap((number) => (stored[keyOf(number)] ? [{ number, applied: stored[keyOf(number)] }] : [])));
})();

const headNow = () => ({ [HEAD]: { first: kept[0]?.number ?? next, next } });

/** @param {Applied} applied */
async function take({ profile, manual, messages }) {
  await loaded;
  const portions = [];
  for (let at = 0; at < messages.length; at += PORTION) {
    portions.push({ number: next++, applied: { profile, manual, messages: messages.slice(at, at + PORTION) } });
  }
  kept.push(...portions);
  await browser.storage.local.set({ ...headNow(), ...Object.fromEntries(portions.map(({ number, applied }) => [keyOf(number), applied])) });
  await handOver();
}

/** Hands over what is kept, unless that is happening already. */
async function handOver() {
  await loaded;
  if (isHandingOver) return;
  isHandingOver = true;
  try {
    while (kept.length > 0) {
      const portion = nextPortion();
      const { profile, manual } = portion[0].applied;
      const messages = portion.flatMap(({ applied }) => applied.messages);
      if (!(await isTaken({ type: "filter", profile: profile || null, manual, messages }))) {
        browser.alarms.create(ALARM, { periodInMinutes: PERIOD_MINUTES });
        return;
      }
      kept.splice(0, portion.length);
      await browser.storage.local.remove(portion.map(({ number }) => keyOf(number)));
    }
    await browser.storage.local.set(headNow());
    await browser.alarms.clear(ALARM);
  } finally {
    isHandingOver = false;
  }
}

/** The oldest call and those after it that fit into the same portion, because arriving mails are filtered one by one. */
function nextPortion() {
  const { profile, manual } = kept[0].applied;
  let count = 0;
  let total = 0;
  for (const { applied } of kept) {
    total += applied.messages.length;
    if (applied.profile !== profile || applied.manual !== manual || (count > 0 && total > PORTION)) break;
    count += 1;
  }
  return kept.slice(0, count);
}

/**
 * @param {object} message
 * @returns {Promise<boolean>} whether the main add-on has stored what is handed over; if there is none, the user is told once
 */
async function isTaken(message) {
  const answer = await ask(message);
  if (typeof answer?.accepted !== "number") {
    await tell();
    return false;
  }
  await browser.storage.local.set({ [TOLD]: false });
  return answer.accepted > 0;
}

/**
 * @param {object} message
 * @returns {Promise<any>} undefined when nobody answers
 */
async function ask(message) {
  try {
    return await browser.runtime.sendMessage(MAIN, message);
  } catch (error) {
    console.error("MISPigeon filter action:", error instanceof Error ? error.message : error);
    return undefined;
  }
}

async function tell() {
  const { [TOLD]: told } = await browser.storage.local.get(TOLD);
  if (told) return;
  await browser.storage.local.set({ [TOLD]: true });
  await browser.notifications.create({
    type: "basic",
    iconUrl: browser.runtime.getURL("icons/icon.svg"),
    title: browser.i18n.getMessage("missing_title"),
    message: browser.i18n.getMessage("missing"),
  });
}

/** @param {any} answer of the main add-on, or its news */
async function offer(answer) {
  if (Array.isArray(answer?.profiles)) await browser.filterAction.setProfiles(answer.profiles.map((/** @type {{name: string}} */ { name }) => name));
}

async function begin() {
  await offer(await ask({ type: "profiles" }));
  await handOver();
}

/** @param {Promise<unknown>} work */
const report = (work) => void work.catch((error) => console.error("MISPigeon filter action:", error.message));

browser.filterAction.onApplied.addListener(take);
browser.runtime.onInstalled.addListener(() => report(begin()));
browser.runtime.onStartup.addListener(() => report(begin()));
browser.runtime.onMessageExternal.addListener((message, sender) => {
  if (sender.id === MAIN && message?.type === "profiles") report(offer(message));
});
browser.alarms.onAlarm.addListener(({ name }) => {
  if (name === ALARM) report(handOver());
});
