// Reading the mails of a batch: a few at a time, stopped and gone on with, and one that cannot be read.

import assert from "node:assert/strict";
import { test } from "node:test";
import { BatchReader } from "../../src/batch/reader.js";

const HOW = { mode: "auto", profile: null, keep_people: false };
const items = (count) => Array.from({ length: count }, (_, item) => ({ item, messageId: item }));
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A background whose previews wait until `gate` lets them go. */
function background({ gone = -1 } = {}) {
  const world = { open: 0, most: 0, held: new Set(), seen: [], gate: Promise.resolve() };
  world.call = async (method, params, { signal } = {}) => {
    if (method === "upload") {
      if (params.messageId === gone) throw Object.assign(new Error("gone"), { kind: "message_gone", data: {} });
      world.held.add(`m${params.messageId}`);
      return { message: `m${params.messageId}` };
    }
    if (method === "release") return void world.held.delete(params.message);
    world.most = Math.max(world.most, ++world.open);
    await world.gate;
    world.open -= 1;
    signal?.throwIfAborted();
    const sketch = { item: "indicator", event: 0, type: "url", value: "http://a/", shown: "hxxp://a/", action: "add" };
    return { events: [{ identity: "a".repeat(64), already: [], info: "long" }], destination: { target: "feed", folder: "/f" }, items: [sketch], next: null };
  };
  world.reader = new BatchReader(world.call, {
    onFound: ({ item }, found) => world.seen.push([item, found]),
    onTrouble: ({ item }, { kind }) => world.seen.push([item, kind]),
    onProgress: (done, total) => {
      world.progress = [done, total];
    },
  });
  return world;
}

test("all are read, in order, three at a time, and nothing stays with the host", async () => {
  const world = background();
  await world.reader.read(items(10), HOW);
  assert.deepEqual(world.seen.map(([item]) => item), items(10).map(({ item }) => item));
  assert.equal(world.most, 3);
  assert.deepEqual(world.progress, [10, 10]);
  assert.equal(world.held.size, 0);
  assert.deepEqual(Object.keys(world.seen[0][1].sketches[0]), ["item", "event", "type", "value", "action"]);
});

test("what was stopped is gone on with, and no mail is read twice or forgotten", async () => {
  const world = background();
  let go;
  world.gate = new Promise((resolve) => {
    go = resolve;
  });
  const first = world.reader.read(items(6), HOW);
  await turn();
  world.reader.stop();
  assert.ok(world.reader.isStopped);
  const second = world.reader.goOn(HOW);
  go();
  await Promise.all([first, second]);
  assert.deepEqual(world.seen.map(([item]) => item).toSorted(), items(6).map(({ item }) => item));
  assert.deepEqual(world.progress, [6, 6]);
  assert.ok(!world.reader.isStopped);
});

test("a mail that cannot be read does not stop the others", async () => {
  const world = background({ gone: 1 });
  await world.reader.read(items(3), HOW);
  assert.equal(world.seen.find(([item]) => item === 1)[1], "message_gone");
  assert.deepEqual(world.progress, [3, 3]);
});
