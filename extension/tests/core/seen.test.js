// Marks of mails that rules sent: what is stored for each, what is known after a restart, and what is forgotten.

import assert from "node:assert/strict";
import { test } from "node:test";
import { installBrowser } from "../doubles/browser.js";
import { Seen } from "../../src/background/seen.js";

/** @param {number} from @param {number} to */
const marks = (from, to) => Array.from({ length: to - from }, (_, at) => `mark-${from + at}`);

/** @param {Seen} seen @param {string[]} added */
async function store(seen, added) {
  const { set, remove } = seen.add(added);
  await browser.storage.local.set(set);
  await browser.storage.local.remove(remove);
  return set;
}

async function loaded() {
  const seen = new Seen();
  await seen.load();
  return seen;
}

test("marks are known after a restart", async () => {
  const { local } = installBrowser();
  await store(await loaded(), marks(0, 1300));
  installBrowser({ local });
  const seen = await loaded();
  assert.ok(marks(0, 1300).every((mark) => seen.has(mark)));
  assert.ok(!seen.has("mark-1300"));
});

test("one mark more rewrites a block and not all", async () => {
  installBrowser();
  const seen = await loaded();
  const written = [];
  for (const mark of marks(0, 20_000)) {
    const { set } = seen.add([mark]);
    written.push(JSON.stringify(set).length);
  }
  assert.ok(Math.max(...written) < 20_000, `${Math.max(...written)} characters for one mark`);
  assert.ok(Math.max(...written.slice(-1000)) < 2 * Math.max(...written.slice(1000, 2000)));
});

test("of a hundred thousand marks the oldest are forgotten, and what came again is not", async () => {
  const { local } = installBrowser();
  const seen = await loaded();
  await store(seen, marks(0, 99_000));
  await store(seen, ["mark-0"]);
  await store(seen, marks(99_000, 101_000));
  assert.deepEqual([seen.has("mark-0"), seen.has("mark-1"), seen.has("mark-100999")], [true, false, true]);
  assert.ok(local.size <= 201);
  installBrowser({ local });
  const again = await loaded();
  assert.deepEqual([again.has("mark-0"), again.has("mark-1"), again.has("mark-100999")], [true, false, true]);
});

test("what the first version stored is known", async () => {
  const { local } = installBrowser();
  await browser.storage.local.set({ "intake.seen": ["old-1", "old-2"] });
  const seen = await loaded();
  assert.ok(seen.has("old-2"));
  await store(seen, ["new"]);
  installBrowser({ local });
  const again = await loaded();
  assert.ok(["old-1", "old-2", "new"].every((mark) => again.has(mark)));
});
