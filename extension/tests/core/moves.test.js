// What a popup hands over to a tab.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Moves } from "../../src/background/moves.js";

test("a move is taken once, by the review of its mail", () => {
  const moves = new Moves();
  moves.put(7, { message: "c/m1", state: { controls: [] } });
  assert.deepEqual(moves.take(8), { message: null, state: null });
  assert.deepEqual(moves.take(7), { message: "c/m1", state: { controls: [] } });
  assert.deepEqual(moves.take(7), { message: null, state: null });
});
