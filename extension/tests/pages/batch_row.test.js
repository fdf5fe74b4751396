// The line of a mail in a batch.

import assert from "node:assert/strict";
import { test } from "node:test";
import { batchRow, faceOf } from "../../src/batch/row.js";
import { delivery, verbatim } from "../doubles/host.js";
import { stage } from "./stage.js";

const item = (deliveries) => ({ item: 0, subject: "Invoice", author: "Ada", date: "", state: "done", progress: null, deliveries, error: null });
const queued = delivery({ status: "queued", event_id: null, url: null, error: verbatim("no route to host") });

test("a line is made anew when its mail was delivered later, or waits for another reason", () => {
  const face = faceOf(item([queued]));
  assert.notEqual(faceOf(item([delivery()])), face);
  assert.notEqual(faceOf(item([{ ...queued, error: verbatim("timeout") }])), face);
  assert.equal(faceOf(item([{ ...queued }])), face);
});

test("of a mail that waited the line says first why, then where it is", () => {
  const page = stage("<table><tbody></tbody></table>");
  page.querySelector("tbody").append(batchRow(item([queued])));
  assert.match(page.querySelector("tr").textContent, /Safe in the outbox.*no route to host/u);
  page.querySelector("tr").replaceWith(batchRow(item([delivery()])));
  assert.match(page.querySelector("tr").textContent, /Event #12 created.*Open event #12/u);
  assert.equal(page.querySelector(".event").dataset.url, "https://misp.example.org/events/view/12");
});
