// The review page: shows what would be sent of a mail, lets the analyst choose, sends it, and shows the result.

import { part } from "../shared/dom.js";
import { localize, number, plural, text } from "../shared/localize.js";
import { followLinks } from "../shared/links.js";
import { marksOf } from "../shared/marking.js";
import { readPreferences } from "../shared/preferences.js";
import { call, on } from "../shared/service.js";
import { asTrouble, saidOf, troubleTitle } from "../shared/trouble.js";
import { Adding } from "./adding.js";
import { Choices } from "./choices.js";
import { createWords } from "./create_words.js";
import { Edits } from "./edits.js";
import { Encryption } from "./encryption.js";
import { EventEditor } from "./event_editor.js";
import { closePage } from "../shared/close.js";
import { offerCopies } from "./export.js";
import { FocusedReview } from "./focus.js";
import { Going } from "./going.js";
import { Handover } from "./handover.js";
import { showJudgement, showMail, unfoldJudgement } from "./head.js";
import { onReviewKeys } from "./keys.js";
import { LookUps } from "./look_up.js";
import { ReviewList } from "./list.js";
import { Notices } from "./notices.js";
import { overridesOf } from "./overrides.js";
import { enter, fail, revealPreview, say, state } from "./page.js";
import { askWhatIsKnown, readMail } from "./reading.js";
import { Receipt } from "./receipt.js";
import { reopen } from "./reopen.js";
import { RowEditor } from "./row_editor.js";
import { Selection } from "./selection.js";
import { View } from "./view.js";

/** @typedef {import("../shared/shapes.js").Delivery} Delivery */
/** @typedef {import("../shared/shapes.js").Item} Item */
/** @typedef {import("../shared/shapes.js").Preview} Preview */
/** @typedef {import("../shared/shapes.js").Status} Status */

const asked = new URLSearchParams(location.search);
const messageId = Number(asked.get("message"));
/** The entry of the outbox that is looked at again. */
const entry = asked.has("row") ? Number(asked.get("row")) : null;
const handover = new Handover(call, messageId, entry);
const selection = new Selection();
const choices = new Choices(() => void read());
const list = new ReviewList(part("indicators", HTMLElement), part("content", HTMLElement), selection, showChosen);
const going = new Going(say);
const edits = new Edits();
const notices = new Notices(keepPeople);
const receipt = new Receipt({ going, messageId: entry === null ? messageId : null, titleOf });
const editor = new EventEditor(edits, choices, say);
const lookUps = new LookUps(aboutLookUps, (thrown) => say(troubleTitle(asTrouble(thrown))));
const adding = new Adding(() => choices.profile, (event, unchecked) => void send(event, unchecked));
const encryption = new Encryption(handover, () => void read());
const decryption = { keep: () => handover.reading, restore: (/** @type {any} */ kept) => (handover.reading = kept) };
const people = { keep: () => keepsPeople, restore: (/** @type {boolean} */ kept) => (keepsPeople = kept) };
const focus = new FocusedReview(handover, selection, list);
const view = new View({ call, messageId, handover, list, keepers: { selection, people, edits, focus, decryption } });
const create = part("create", HTMLButtonElement);
const comment = part("comment", HTMLTextAreaElement);

/** What leaves the form as it is. */
const BACK_TO_FORM = new Set(["cancelled", "no_event", "not_checked"]);

/** @type {Preview | null} */
let preview = null;
/** @type {Status | null} */
let status = null;
/** All items of the preview that are there. @type {Item[]} */
let items = [];
/** Settles when all items of the preview are there. @type {Promise<unknown>} */
let complete = Promise.resolve();
/** One's own people stay in the mail. */
let keepsPeople = false;
/** Ends the questions about what MISP knows. */
let asking = new AbortController();

/** Reads the mail under the chosen mode and profile. */
async function read() {
  asking.abort();
  asking = new AbortController();
  const { signal } = asking;
  const doing = going.begin();
  enter("loading");
  try {
    const how = { mode: choices.mode, profile: choices.profile, keep_people: keepsPeople };
    const reading = readMail(handover, how, { onPreview: showPreview, onItems: showItems }, doing);
    complete = reading.then(() => focus.apply(items));
    const { counts, destination, subject, unread } = await reading;
    await complete;
    void view.showText(items, subject);
    say(text("review_ready", plural("review_indicators", counts.sent), number(counts.skipped)), { toListeners: true });
    if (unread) {
      await readOn(how);
    }
    if (destination.target === "misp") {
      void ask(counts.items, signal);
    }
  } catch (thrown) {
    if (going.isLatest(doing)) {
      forgetPreview();
      fail(thrown, () => void read());
    }
  }
  going.end(doing);
}

/**
 * Reads attached files to their end, and shows what is there by then. Cancelling it leaves what was shown at first.
 *
 * @param {import("./handover.js").How} how
 */
async function readOn(how) {
  const doing = going.begin();
  /** @type {Preview | null} */
  let whole = null;
  /** @type {Item[]} */
  const further = [];
  try {
    await readMail(handover, { ...how, wait: true }, { onPreview: (seen) => (whole = seen), onItems: (some) => further.push(...some) }, doing);
    if (whole && going.isLatest(doing) && state() === "ready") {
      showPreview(whole);
      showItems(further);
      focus.apply(items);
    }
  } catch (thrown) {
    if (asTrouble(thrown).kind !== "cancelled") {
      say(troubleTitle(asTrouble(thrown)));
    }
  }
  going.end(doing);
}

/** @param {boolean} keep */
function keepPeople(keep) {
  keepsPeople = keep;
  void read();
}

/** Removes the shown items, which are for another mode or incomplete and must not be sent. */
function forgetPreview() {
  preview = null;
  revealPreview(false);
  selection.clear();
  list.begin([]);
  part("tools", HTMLElement).hidden = true;
  part("nothing", HTMLElement).hidden = true;
}

/**
 * Asks what MISP knows. The review works without it: if MISP cannot be asked, a note says so.
 * @param {number} count of items
 * @param {AbortSignal} signal
 */
async function ask(count, signal) {
  try {
    await askWhatIsKnown(handover, count, (known) => {
      list.learn(known);
      adding.know(known.events);
      notices.ofKnown(known.notes);
    }, signal);
  } catch (thrown) {
    if (!signal.aborted) {
      notices.ofKnown([saidOf(asTrouble(thrown))]);
    }
  }
}

/** @param {Preview} seen */
function showPreview(seen) {
  const found = encryption.withoutNotes(seen);
  preview = found;
  revealPreview(true);
  choices.show(found);
  editor.show(found);
  adding.asks = found.destination.target === "misp";
  showMail({ subject: found.subject, author: found.from, date: found.date });
  showJudgement(found);
  notices.ofPreview(found);
  encryption.show(found);
  selection.clear(found.events.map(({ identity }) => identity));
  items = [];
  list.begin(found.events);
  showItems(found.items);
  part("nothing", HTMLElement).hidden = found.counts.items > 0;
  part("tools", HTMLElement).hidden = found.counts.items < 8;
  create.classList.toggle("primary", found.encryption !== "unread");
  part("destination", HTMLElement).textContent =
    found.destination.target === "misp" ? text("review_goes_to", found.destination.url) : text("review_goes_to_feed");
  enter("ready");
  if (document.activeElement === document.body) {
    list.focus();
  }
  view.restoreControls();
  void view.settle(found.counts.items);
}

/** @param {Item[]} further */
function showItems(further) {
  items.push(...further);
  selection.add(further);
  list.add(further);
  showChosen();
}

function showChosen() {
  const { indicators, attachments } = selection.counts();
  const words = [plural("review_indicators", indicators)];
  if (preview?.counts.attachments) {
    words.push(plural("review_attachments_chosen", attachments));
  }
  part("chosen", HTMLElement).textContent = words.join(", ");
  create.disabled = selection.isNothingLeft;
  if (preview) {
    create.textContent = createWords(preview, selection);
  }
}

/** What look-ups depend on, as it is now. */
function aboutLookUps() {
  const destination = preview?.destination;
  return {
    server: destination?.target === "misp" ? destination.url : null,
    marks: preview ? marksOf(preview, { tlp: choices.tlp, pap: edits.pap }, status?.defaults.tlp ?? null) : [],
    profile: choices.profile,
  };
}

/** @param {string | null} event to add to */
function sending(event) {
  const { mode, profile, tlp, distribution } = choices;
  return { mode, profile, overrides: overridesOf({ selection, comment: comment.value, event, tlp, distribution, keepsPeople, edits: edits.overrides() }) };
}

/**
 * @param {string | null} event to add to
 * @param {boolean} [unchecked] do not ask MISP first whether it has the event
 */
async function send(event, unchecked = false) {
  if ((state() !== "ready" && !(state() === "trouble" && preview)) || selection.isNothingLeft) {
    return;
  }
  asking.abort();
  const doing = going.begin();
  enter("sending");
  say(text("review_sending"));
  try {
    await complete;
    receipt.show(await handover.send({ ...sending(event), ...(unchecked && { unchecked }) }, doing));
  } catch (thrown) {
    if (BACK_TO_FORM.has(asTrouble(thrown).kind)) {
      enter("ready");
      say(troubleTitle(asTrouble(thrown)));
      adding.refused(thrown);
    } else {
      fail(thrown, () => void send(event));
    }
  }
  going.end(doing);
}

/** @param {Delivery} delivery */
function titleOf({ uuid, subject }) {
  const events = preview?.events ?? [];
  const own = events.find((event) => event.uuid === uuid);
  return (events.length === 1 && own && edits.title) || own?.info || subject || "";
}

function wire() {
  unfoldJudgement();
  create.addEventListener("click", () => void send(null));
  part("commenting", HTMLDetailsElement).addEventListener("toggle", (event) => {
    if (/** @type {HTMLDetailsElement} */ (event.target).open) {
      comment.focus();
    }
  });
  offerCopies(handover, () => complete.then(() => sending(null)), say);
  new RowEditor(edits, () => choices.profile, say);
  part("filter", HTMLInputElement).addEventListener("input", (event) =>
    list.filter(/** @type {HTMLInputElement} */ (event.target).value),
  );
  for (const [id, ticked] of /** @type {const} */ ([["choose-all", true], ["choose-none", false]])) {
    part(id, HTMLButtonElement).addEventListener("click", async () => {
      await complete;
      list.chooseAll(ticked);
    });
  }
  followLinks(document, (thrown) => say(troubleTitle(asTrouble(thrown))));
  on("outbox", (/** @type {import("../shared/shapes.js").Backlog} */ outbox) => notices.ofOutbox(outbox));
  on("delivered", (/** @type {Delivery} */ delivery) => receipt.update([delivery]));
  onReviewKeys({ enter: () => void send(null), addToEvent: () => void adding.add(), escape: () => void closePage() });
}

async function begin() {
  localize(document);
  wire();
  const [kept, { values }] = await Promise.all([view.take(), readPreferences(), encryption.begin()]);
  if (entry === null) {
    void call("mail", { messageId }).then(showMail, () => {
      // `reading` reports that the mail is gone.
    });
  }
  void handover.handle().catch(() => {
    // `reading`, which begins when the preferences are known, reports this too.
  });
  void call("host", { method: "status", params: {} }).then(
    (/** @type {import("../shared/shapes.js").Status} */ answer) => {
      choices.showProfiles(answer.profiles);
      status = answer;
      notices.ofStatus(answer);
    },
    () => {
      // If the host does not answer, reading the mail fails too and reports it.
    },
  );
  lookUps.begin(values);
  view.group(values.groupBy);
  choices.begin(/** @type {import("../shared/preferences.js").Mode} */ (kept.mode ?? values.mode), String(kept.profile ?? values.profile));
  await focus.begin(call, asked.get("focus"));
  if (entry !== null) {
    await reopen(handover, { choices, edits, selection, adding, people }).catch(() => {}); // `read` reports it.
  }
  await read();
}

void begin();
