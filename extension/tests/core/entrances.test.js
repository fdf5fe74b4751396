// Buttons, menus and shortcuts: which mails they mean and where they lead, through the whole background.

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { installBrowser } from "../doubles/browser.js";
import { FakeHost, HostError, delivery, status, verbatim } from "../doubles/host.js";
import { settled, until } from "../doubles/waiting.js";
import { clickOf } from "../../src/background/announce.js";
import { writePreferences } from "../../src/shared/preferences.js";

const MAIL_TAB = { id: 1, windowId: 1, type: "mail" };
const MESSAGE_TAB = { id: 2, windowId: 1, type: "messageDisplay" };
const SHIFT = { button: 0, modifiers: ["Shift"] };
const PLAIN = { button: 0, modifiers: [] };

let fake;
let world;
let browser;
let shown;
let lives = 0;

beforeEach(async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  fake = new FakeHost();
  world = installBrowser({ host: fake });
  ({ browser, shown } = world);
  shown.tabs.push({ ...MAIL_TAB }, { ...MESSAGE_TAB });
  lives += 1;
  await import(`../../src/background.js?entrance=${lives}`);
});

afterEach(async () => {
  await settled();
  mock.timers.reset();
  assert.deepEqual(fake.faults, []);
});

/** Mails that are selected in the list of the mail tab; a single one is displayed too. */
function select(count) {
  const headers = Array.from({ length: count }, (_, at) => world.mailbox.add({ subject: `mail ${at}` }));
  browser.mailTabs.selected.set(MAIL_TAB.id, headers);
  if (count === 1) browser.messageDisplay.displayed.set(MAIL_TAB.id, headers);
  return headers;
}

const opened = (button) => button.popups.filter(([what]) => what === "open").length;
const firstPopup = (button) => button.popups[0][1].popup;

test("every listener is registered at once, so that a sleeping event page can be woken", () => {
  const events = [
    browser.runtime.onInstalled,
    browser.runtime.onStartup,
    browser.runtime.onConnect,
    browser.action.onClicked,
    browser.messageDisplayAction.onClicked,
    browser.menus.onClicked,
    browser.commands.onCommand,
    browser.notifications.onClicked,
    browser.alarms.onAlarm,
    browser.messages.onUpdated,
    browser.runtime.onMessageExternal,
  ];
  assert.deepEqual(events.map(({ listeners }) => listeners), events.map(() => 1));
});

test("the message's button opens the review of the displayed mail as its popup", async () => {
  const [header] = select(1);
  browser.messageDisplayAction.onClicked.fire(MAIL_TAB, PLAIN);
  await until(() => opened(browser.messageDisplayAction) === 1);
  assert.equal(firstPopup(browser.messageDisplayAction), `/review/review.html?message=${header.id}`);
  assert.equal(fake.calls("send").length, 0);
});

test("the review opens in a tab where the analyst prefers that, and in a window where there is no window for tabs", async () => {
  const [header] = select(1);
  await writePreferences({ reviewIn: "tab" });
  browser.messageDisplayAction.onClicked.fire(MAIL_TAB, PLAIN);
  await until(() => shown.tabs.length === 3);
  assert.deepEqual([shown.tabs[2].url, shown.tabs[2].windowId], [`/review/review.html?message=${header.id}&view=tab`, 1]);
  assert.equal(opened(browser.messageDisplayAction), 0);
  shown.normalWindows = [];
  browser.messageDisplayAction.onClicked.fire(MAIL_TAB, PLAIN);
  await until(() => shown.windows.length === 1);
});

test("after the popup was opened the button has none, so that the next click is seen too", async () => {
  select(1);
  browser.messageDisplayAction.onClicked.fire(MAIL_TAB, PLAIN);
  await until(() => browser.messageDisplayAction.popups.length === 3);
  assert.deepEqual(browser.messageDisplayAction.popups.at(-1), ["set", { tabId: 1, popup: null }]);
});

test("the program is started while the review opens", async () => {
  select(1);
  browser.messageDisplayAction.onClicked.fire(MAIL_TAB, PLAIN);
  await until(() => fake.calls("hello").length === 1);
});

test("in a message tab the button means the mail of that tab", async () => {
  select(1);
  const header = world.mailbox.add();
  browser.messageDisplay.displayed.set(MESSAGE_TAB.id, [header]);
  browser.action.onClicked.fire(MESSAGE_TAB, PLAIN);
  await until(() => opened(browser.action) === 1);
  assert.equal(firstPopup(browser.action), `/review/review.html?message=${header.id}`);
});

test("where no button can show the popup the review opens in a window", async () => {
  const [header] = select(1);
  browser.action.opens = false;
  browser.action.onClicked.fire(MAIL_TAB, PLAIN);
  await until(() => shown.windows.length === 1);
  assert.equal(shown.windows[0].url, `/review/review.html?message=${header.id}`);
});

test("the menu means the mails that it was opened on, not those that are displayed", async () => {
  select(1);
  const other = world.mailbox.add();
  browser.menus.onClicked.fire({ menuItemId: "review", modifiers: [], selectedMessages: { id: null, messages: [other] } }, MAIL_TAB);
  await until(() => opened(browser.action) === 1);
  assert.equal(firstPopup(browser.action), `/review/review.html?message=${other.id}`);
});

test("the menu of a displayed mail means that mail", async () => {
  const header = world.mailbox.add();
  browser.messageDisplay.displayed.set(MESSAGE_TAB.id, [header]);
  browser.menus.onClicked.fire({ menuItemId: "review", modifiers: [] }, MESSAGE_TAB);
  await until(() => opened(browser.messageDisplayAction) === 1);
});

test("a selection that comes in pages is taken as a whole", async () => {
  const [first, second, third] = [0, 1, 2].map(() => world.mailbox.add());
  browser.messages.continueList = async (id) => ({ id: id === "a" ? "b" : null, messages: [id === "a" ? second : third] });
  browser.menus.onClicked.fire({ menuItemId: "review", modifiers: [], selectedMessages: { id: "a", messages: [first] } }, MAIL_TAB);
  const tab = await until(() => shown.tabs.find(({ url }) => url?.includes("batch.html")));
  const [batch] = [...world.local.keys()].filter((key) => key.endsWith(":mails"));
  assert.equal(world.local.get(batch).length, 3);
  assert.ok(tab.url.startsWith("moz-extension://id/batch/batch.html?batch="));
});

test("several mails open a batch that waits", async () => {
  select(4);
  browser.action.onClicked.fire(MAIL_TAB, PLAIN);
  await until(() => shown.tabs.length === 3);
  await settled();
  assert.equal(fake.calls("send").length, 0);
});

test("shift-click on several mails opens a batch that runs, and tells when it is done", async () => {
  select(4);
  browser.action.onClicked.fire(MAIL_TAB, SHIFT);
  await until(() => shown.notifications.length === 1);
  assert.equal(fake.calls("send").length, 4);
  assert.deepEqual([shown.notifications[0].title, shown.notifications[0].message], ["All mails have been processed", "created: 4"]);
  browser.notifications.onClicked.fire(shown.notifications[0].id);
  await until(() => shown.tabs.at(-1).active);
  assert.equal(shown.tabs.length, 3);
});

test("shift-click sends one mail as the preferences say, without a page", async () => {
  select(1);
  await writePreferences({ mode: "sample", profile: "lab" });
  browser.messageDisplayAction.onClicked.fire(MAIL_TAB, SHIFT);
  await until(() => shown.notifications.length === 1);
  const { message, ...params } = fake.calls("send")[0].params;
  assert.deepEqual(params, { mode: "sample", profile: "lab" });
  assert.deepEqual([shown.notifications[0].title, shown.notifications[0].message], ["Event #12 created", "Invoice\nAttributes: 3, objects: 1"]);
  assert.equal(opened(browser.messageDisplayAction), 0);
});

test("both shortcuts work: one reviews, one sends", async () => {
  select(1);
  browser.commands.onCommand.fire("review", MAIL_TAB);
  await until(() => opened(browser.messageDisplayAction) === 1);
  browser.commands.onCommand.fire("send", MAIL_TAB);
  await until(() => fake.calls("send").length === 1);
});

test("the buttons of a mail that was sent carry a check mark until another mail is shown", async () => {
  select(1);
  browser.messageDisplayAction.onClicked.fire(MAIL_TAB, SHIFT);
  const { badges } = browser.messageDisplayAction;
  await until(() => badges.length === 1);
  browser.messageDisplay.onMessagesDisplayed.fire(MESSAGE_TAB);
  await settled();
  assert.equal(badges.length, 1);
  browser.messageDisplay.onMessagesDisplayed.fire(MAIL_TAB);
  await until(() => badges.length === 2);
  assert.deepEqual(badges, [{ text: "✓", tabId: 1 }, { text: null, tabId: 1 }]);
  assert.equal(browser.messageDisplay.onMessagesDisplayed.listeners, 0);
});

test("the mark goes by itself before the event page sleeps", async () => {
  select(1);
  fake.answers.send = () => ({ deliveries: [delivery({ status: "failed", error: verbatim("403") })] });
  browser.messageDisplayAction.onClicked.fire(MAIL_TAB, SHIFT);
  const { badges } = browser.messageDisplayAction;
  await until(() => badges.length === 1);
  mock.timers.tick(15_000);
  assert.deepEqual(badges.map(({ text }) => text), ["!", null]);
});

test("a mail that waits is marked on its own button, and counted on the toolbar's", async () => {
  select(1);
  fake.answers.send = () => ({ deliveries: [delivery({ status: "queued", url: null, event_id: null })] });
  fake.answers.status = () => status({ outbox: { pending: 4, failed: 0 } });
  browser.messageDisplayAction.onClicked.fire(MAIL_TAB, SHIFT);
  await until(() => browser.messageDisplayAction.badges.length === 1 && browser.action.badges.at(-1)?.text === "4");
  assert.deepEqual(browser.messageDisplayAction.badges, [{ text: "…", tabId: 1 }]);
  assert.ok(browser.action.badges.every(({ tabId }) => tabId === undefined));
});

test("without a mail the click says what to do", async () => {
  browser.action.onClicked.fire({ id: 3, windowId: 1, type: "content" }, PLAIN);
  await until(() => shown.notifications.length === 1);
  assert.equal(shown.notifications[0].title, "No mail is selected");
});

test("a mail that could not be sent at once is told with the reason, and a click leads to its review", async () => {
  const [header] = select(1);
  fake.unavailable = "No such native application mispigeon";
  browser.messageDisplayAction.onClicked.fire(MAIL_TAB, SHIFT);
  const { id, title } = await until(() => shown.notifications[0]);
  assert.equal(title, "Not sent: mail 0");
  browser.notifications.onClicked.fire(id);
  await until(() => shown.windows.length === 1);
  assert.equal(shown.windows[0].url, `/review/review.html?message=${header.id}`);
});

test("a click on the notification opens the event's page", async () => {
  select(1);
  browser.messageDisplayAction.onClicked.fire(MAIL_TAB, SHIFT);
  const { id } = await until(() => shown.notifications[0]);
  browser.notifications.onClicked.fire(id);
  await until(() => shown.opened.length === 1);
  assert.deepEqual(shown.opened, ["https://misp.example.org/events/view/12"]);
});

test("a click on a notification that names another server opens nothing", async () => {
  select(1);
  const said = mock.method(console, "error", () => {});
  fake.answers.send = () => ({ deliveries: [delivery({ url: "https://evil.example/events/view/12" })] });
  browser.messageDisplayAction.onClicked.fire(MAIL_TAB, SHIFT);
  const { id } = await until(() => shown.notifications[0]);
  browser.notifications.onClicked.fire(id);
  await until(() => said.mock.callCount() === 1);
  said.mock.restore();
  assert.deepEqual(shown.opened, []);
});

test("what waits or failed leads to the outbox, and says the server's words", async () => {
  select(1);
  fake.answers.send = () => ({ deliveries: [delivery({ status: "queued", event_id: null, url: null, error: verbatim("no route to host") })] });
  browser.messageDisplayAction.onClicked.fire(MAIL_TAB, SHIFT);
  const { id, title, message } = await until(() => shown.notifications[0]);
  assert.deepEqual([title, message], ["Kept in the outbox, will be delivered later", "Invoice\nno route to host"]);
  browser.notifications.onClicked.fire(id);
  await until(() => shown.options === 1);
});

test("with the feed the notification names the file, and a click does nothing", async () => {
  select(1);
  fake.answers.send = () => ({ deliveries: [delivery({ event_id: null, url: "/home/ada/feed/5f6e.json" })] });
  browser.messageDisplayAction.onClicked.fire(MAIL_TAB, SHIFT);
  const { id, message } = await until(() => shown.notifications[0]);
  assert.match(message, /\/home\/ada\/feed\/5f6e\.json/u);
  assert.deepEqual(clickOf(id), { nothing: true });
});

test("several events of one mail are told together, the one that needs attention first", async () => {
  select(1);
  fake.answers.send = () => ({
    deliveries: [delivery(), delivery({ row: 2, status: "failed", error: verbatim("403") }), delivery({ row: 3, status: "queued" })],
  });
  browser.messageDisplayAction.onClicked.fire(MAIL_TAB, SHIFT);
  const { id, title, message } = await until(() => shown.notifications[0]);
  assert.deepEqual([title, message], ["One mail, 3 events", "created: 1, not delivered: 1, waiting: 1"]);
  assert.deepEqual(clickOf(id), { outbox: true });
});

test("notifications can be turned off", async () => {
  select(1);
  await writePreferences({ notify: false });
  browser.messageDisplayAction.onClicked.fire(MAIL_TAB, SHIFT);
  await until(() => browser.messageDisplayAction.badges.length === 1);
  await settled();
  assert.deepEqual(shown.notifications, []);
});

test("on installation and update the menu is made anew, once", async () => {
  for (const reason of ["install", "update"]) {
    browser.runtime.onInstalled.fire({ reason });
    await settled();
  }
  assert.deepEqual(shown.menus.map(({ id, title }) => [id, title]), [
    ["review", "Send to MISP…"],
    ["selection", "Find indicators in the selection…"],
    ["link", "Send this link to MISP…"],
    ["files", "Send this attachment to MISP…"],
  ]);
});

test("the first steps are shown after the installation, once, and not after an update", async () => {
  const isWelcome = ({ url }) => url?.endsWith("/welcome/welcome.html");
  for (const reason of ["update", "browser_update"]) {
    browser.runtime.onInstalled.fire({ reason });
    await settled();
  }
  assert.equal(shown.tabs.filter(isWelcome).length, 0);
  for (const reason of ["install", "install"]) {
    browser.runtime.onInstalled.fire({ reason });
    await settled();
  }
  assert.equal(shown.tabs.filter(isWelcome).length, 1);
  assert.equal(shown.tabs.find(isWelcome).active, true);
});

test("a menu on a part of a mail opens its review, which takes the part, once", async () => {
  const [header] = select(1);
  const { call } = await import(`../../src/shared/service.js?focus=${lives}`);
  const parts = [
    [{ menuItemId: "selection", selectionText: "see evil.example" }, { kind: "text", text: "see evil.example" }],
    [{ menuItemId: "link", linkUrl: "https://evil.example/", selectionText: "x" }, { kind: "link", link: "https://evil.example/" }],
    [
      { menuItemId: "files", attachments: [{ name: "invoice.exe", size: 7, contentType: "text/plain", partName: "1.2" }] },
      { kind: "files", files: [{ name: "invoice.exe", size: 7 }] },
    ],
  ];
  for (const [at, [info, focus]] of parts.entries()) {
    browser.menus.onClicked.fire({ modifiers: [], ...info }, MAIL_TAB);
    await until(() => opened(browser.messageDisplayAction) === at + 1);
    const { popup } = browser.messageDisplayAction.popups.at(at * 3)[1];
    assert.equal(popup, `/review/review.html?message=${header.id}&focus=${at + 1}`);
    assert.deepEqual(await call("focus", { focus: at + 1 }), focus);
    assert.equal(await call("focus", { focus: at + 1 }), null);
  }
  assert.deepEqual([...world.local.keys(), ...browser.storage.session.entries.keys()].filter((key) => !key.startsWith("mail:")), []);
});

test("where Thunderbird names no tab of a mail, the menu means the mail in front", async () => {
  const [header] = select(1);
  shown.tabs[0].active = true;
  const info = { menuItemId: "files", modifiers: [], attachments: [{ name: "invoice.exe", size: 7 }] };
  browser.menus.onClicked.fire(info, { id: -1, windowId: 1, type: null });
  await until(() => opened(browser.messageDisplayAction) === 1);
  assert.equal(firstPopup(browser.messageDisplayAction), `/review/review.html?message=${header.id}&focus=1`);
  shown.tabs[0].active = false;
  browser.menus.onClicked.fire(info, { id: -1, windowId: 1, type: null });
  assert.equal((await until(() => shown.notifications[0])).title, "No mail is selected");
});

test("the text of a large selection is cut, and of reviews that never open only the latest are kept", async () => {
  const { Focuses, focusOf } = await import("../../src/background/focus.js");
  assert.equal(focusOf({ menuItemId: "selection", selectionText: "x".repeat(300_000) }).text.length, 200_000);
  assert.equal(focusOf({ menuItemId: "review", selectionText: "x", linkUrl: "https://evil.example/" }), null);
  const focuses = new Focuses();
  const numbers = Array.from({ length: 30 }, (_, at) => focuses.put({ kind: "text", text: String(at) }));
  assert.deepEqual([focuses.take(numbers[0]), focuses.take(numbers[29])], [null, { kind: "text", text: "29" }]);
});

test("the alarm looks after the outbox", async () => {
  browser.alarms.onAlarm.fire({ name: "other" });
  await settled();
  assert.equal(fake.processes.length, 0);
  browser.alarms.onAlarm.fire({ name: "outbox" });
  await until(() => fake.calls("status").length === 1);
});

test("no fault of a click stays unseen", async () => {
  select(1);
  const said = mock.method(console, "error", () => {});
  browser.messageDisplay.getDisplayedMessages = async () => {
    throw new Error("no such tab");
  };
  browser.messageDisplayAction.onClicked.fire(MAIL_TAB, PLAIN);
  await until(() => said.mock.callCount() === 1);
  assert.deepEqual(said.mock.calls[0].arguments, ["MISPigeon:", "no such tab"]);
  said.mock.restore();
});

test("the key of the server is in nothing that is stored or said", async () => {
  const said = mock.method(console, "error", () => {});
  const { call } = await import(`../../src/shared/service.js?secret=${lives}`);
  fake.answers["settings.write"] = () => {
    throw new HostError("setting", "refused", { key: "misp.key", allowed: "40 characters" });
  };
  const refused = call("host", { method: "settings.write", params: { changes: { "misp.key": "TOPSECRET" } } });
  await assert.rejects(refused, (error) => !JSON.stringify([error.plain(), error.stack]).includes("TOPSECRET"));
  assert.equal(fake.calls("settings.write")[0].params.changes["misp.key"], "TOPSECRET");
  const kept = [...world.local, ...browser.storage.session.entries, ...shown.notifications, ...shown.pageEvents, ...said.mock.calls];
  assert.ok(!JSON.stringify(kept).includes("TOPSECRET"));
  said.mock.restore();
});
