// Counts how often elements of arrays are looked at. Tests compare the counts for N, 2N and 4N things: time would differ from machine to
// machine.

import assert from "node:assert/strict";

/** Those that call a function for each element that they look at. */
const CALLING = ["every", "filter", "find", "findIndex", "findLast", "flatMap", "forEach", "map", "reduce", "some"];

/** Those that compare elements until one is the same. */
const COMPARING = ["includes", "indexOf"];

/**
 * @param {() => unknown} work
 * @returns {Promise<number>} elements that were looked at meanwhile, by anybody
 */
export async function visitsOf(work) {
  const { prototype } = Array;
  const originals = Object.fromEntries([...CALLING, ...COMPARING, Symbol.iterator].map((name) => [name, prototype[name]]));
  const walk = prototype[Symbol.iterator];
  let visits = 0;
  for (const name of CALLING) {
    const original = prototype[name];
    prototype[name] = function (visit, ...more) {
      const counted = function (...seen) {
        visits += 1;
        return visit.apply(this, seen);
      };
      return original.call(this, typeof visit === "function" ? counted : visit, ...more);
    };
  }
  for (const name of COMPARING) {
    const at = prototype.indexOf;
    const original = prototype[name];
    prototype[name] = function (...sought) {
      const found = at.apply(this, sought);
      visits += found < 0 ? this.length : found + 1;
      return original.apply(this, sought);
    };
  }
  prototype[Symbol.iterator] = function () {
    visits += this.length;
    return walk.call(this);
  };
  try {
    await work();
  } finally {
    for (const name of Reflect.ownKeys(originals)) prototype[name] = originals[name];
  }
  return visits;
}

/**
 * Fails if the work grows faster than the number of things.
 *
 * @param {(count: number) => Promise<number>} visitsFor so many things
 * @param {number} [count] the smallest number of things
 */
export async function growsAsThings(visitsFor, count = 40) {
  const visits = [];
  for (const times of [1, 2, 4]) visits.push(await visitsFor(times * count));
  const [first, second] = [visits[1] - visits[0], visits[2] - visits[1]];
  assert.ok(first > 0, "nothing was counted");
  // Twice as many things are twice the work; of quadratic work it is four times as much.
  assert.ok(second <= 2.2 * first, `visits: ${visits.join(", ")}`);
}
