// A batch before it is sent: what counts of each mail, and how its line shows it.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Mails } from "../../src/batch/mails.js";
import { PlanRow } from "../../src/batch/plan_row.js";
import { Selection } from "../../src/review/selection.js";
import { growsAsThings, visitsOf } from "../doubles/visits.js";
import { stage } from "./stage.js";

const [ONE, TWO, THREE] = ["a", "b", "c"].map((letter) => letter.repeat(64));
const url = (value, event = 0, action = "add") => ({ item: "indicator", event, type: "url", value, action });
const mail = (identity, already = []) => ({ identity, already });
const found = (events, sketches) => ({ events, sketches, destination: { target: "feed", folder: "/f" } });
const item = (number) => ({ item: number, messageId: number, subject: `mail ${number}`, author: "Ada", date: "2026-03-01T10:00:00Z" });

/** Of both mails, after a change of ticks. */
const indicators = () => {
  mails.recount();
  return mails.sums([item(0), item(1)]).indicators;
};

let page;
let selection;
let mails;

beforeEach(() => {
  page = stage("<table><tbody></tbody></table>");
  selection = new Selection();
  mails = new Mails(selection);
  mails.learn(0, found([mail(ONE)], [url("http://a/"), url("http://both/"), { item: "attachment", event: 0, name: "x.exe", action: "sample" }]));
  mails.learn(1, found([mail(TWO), mail(THREE)], [url("http://both/"), url("http://c/", 1), url("http://skipped/", 1, "skip")]));
});

function row(number) {
  const made = new PlanRow(item(number), mails);
  page.querySelector("tbody").append(made.element);
  return made;
}

test("a line has the counts and kinds of what would be sent, and what would not", () => {
  const { element } = row(1);
  assert.match(element.textContent, /2 indicators/u);
  assert.equal(element.querySelector("[data-type=url]").textContent, "url 2");
  assert.match(element.textContent, /2 attached mails, 1 left out/u);
  assert.match(row(0).element.textContent, /url 2.*1 attachment/u);
});

test("a tick counts in every mail that has the value, and once in the sum", () => {
  assert.equal(indicators(), 3);
  selection.choose([url("http://both/")], false);
  assert.deepEqual([mails.tally(0).indicators, mails.tally(1).indicators], [1, 1]);
  assert.equal(indicators(), 2);
  assert.deepEqual(selection.overrides().deselected, [["url", "http://both/"]]);
});

test("a mail that is left out counts nothing, a carrier without any mail is left out, and comes back whole", () => {
  mails.take(0, false);
  assert.equal(indicators(), 2);
  selection.leaveOut(THREE, true);
  assert.deepEqual(mails.leftOut(1), [THREE]);
  assert.equal(mails.tally(1).indicators, 1);
  assert.ok(mails.isIn(1));
  selection.leaveOut(TWO, true);
  assert.ok(!mails.isIn(1));
  mails.take(1, true);
  assert.ok(mails.isIn(1));
  assert.deepEqual(mails.leftOut(1), []);
});

test("a mail that cannot be read says why, one that was sent says where it is, one that is not read cannot be opened", () => {
  const made = row(0);
  made.complain({ kind: "message_gone", message: "gone" });
  assert.ok(made.element.querySelector(".badge.bad"));
  const earlier = { id: 1, delivered: 1_700_000_000, destination: "misp", event_uuid: null, event_id: "12", url: "https://misp.example/events/view/12" };
  mails.learn(2, found([mail(ONE, [earlier])], []));
  assert.equal(row(2).element.querySelector(".already button").dataset.url, earlier.url);
  const unread = row(3);
  assert.ok(unread.button.disabled);
  assert.match(unread.element.textContent, /Not read yet/u);
});

test("each mail that is read, or cannot be, adds to the sums without counting all mails again", async () => {
  await growsAsThings((count) =>
    visitsOf(() => {
      const read = new Mails(new Selection());
      const items = Array.from({ length: count }, (_, at) => item(at));
      for (let at = 0; at < count; at += 2) {
        read.sums(items);
        read.learn(at, found([mail(`${at}`.padStart(64, "0"))], [url(`http://a${at}/`), url("http://both/")]));
        read.take(at + 1, false);
      }
      assert.deepEqual(read.sums(items), { mails: count / 2, indicators: count / 2 + 1 });
    }),
  );
});
