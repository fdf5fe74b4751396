// Waiting for a condition, without sleeping.

/** Lets everything happen that is due by now. */
export async function settled(rounds = 20) {
  for (let round = 0; round < rounds; round++) await new Promise((resolve) => setImmediate(resolve));
}

/** Ends when the condition holds. */
export async function until(condition, what = String(condition)) {
  for (let round = 0; round < 2000; round++) {
    const value = await condition();
    if (value) return value;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error(`It did not come to this: ${what}`);
}
