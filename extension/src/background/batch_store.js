// Batches in storage.local, so that none is lost when the event page, the host or Thunderbird ends. The mails are written once, each
// outcome into its own entry, the state when it changes. Progress is not stored: a mail without an outcome is sent again.

/** @typedef {import("./batch.js").Batch} Batch */
/** @typedef {import("./batch.js").Item} Item */

const INDEX = "batches";

/** @param {string} id */
const head = (id) => `batch:${id}`;

/** @param {string} id */
const mails = (id) => `batch:${id}:mails`;

/** @param {string} id */
const chosenOf = (id) => `batch:${id}:chosen`;

/**
 * @param {string} id
 * @param {number} item
 */
const outcome = (id, item) => `batch:${id}:${item}`;

/** @param {Batch} batch */
const headOf = ({ id, created, mode, profile, state, plan, trouble }) => ({ id, created, mode, profile, state, plan, trouble });

/** @returns {Promise<Batch[]>} oldest first */
export async function loadBatches() {
  const { [INDEX]: ids = [] } = await browser.storage.local.get(INDEX);
  const batches = await Promise.all(/** @type {string[]} */ (ids).map(loadBatch));
  return batches.filter((batch) => batch !== null);
}

/**
 * @param {string} id
 * @returns {Promise<Batch | null>}
 */
async function loadBatch(id) {
  const keys = [head(id), mails(id), chosenOf(id)];
  const { [head(id)]: stored, [mails(id)]: own, [chosenOf(id)]: chosen } = await browser.storage.local.get(keys);
  if (!stored || !own) return null;
  const isOut = new Set(chosen?.out ?? []);
  const outcomes = await browser.storage.local.get(own.map((/** @type {unknown} */ _, /** @type {number} */ at) => outcome(id, at)));
  const items = own.map((/** @type {import("./mails.js").Mail} */ mail, /** @type {number} */ at) => ({
    item: at,
    mail,
    progress: null,
    leftOut: chosen?.leftOut[at] ?? [],
    ...(outcomes[outcome(id, at)] ?? { state: isOut.has(at) ? "left_out" : "waiting", deliveries: null, error: null }),
  }));
  // Batches of older versions send each mail on its own.
  return { plan: { together: false, overrides: {} }, trouble: null, ...stored, items };
}

/**
 * @param {Batch} batch a new one
 * @param {string[]} ids of all batches, this one included
 */
export async function saveBatch(batch, ids) {
  const { id, items } = batch;
  await browser.storage.local.set({ [head(id)]: headOf(batch), [mails(id)]: items.map(({ mail }) => mail), [INDEX]: ids });
}

/** @param {Batch} batch with what a person chose: which mails, and which of carriers; the plan is in the head */
export async function saveChosen(batch) {
  const { id, items } = batch;
  const out = items.filter(({ state }) => state === "left_out").map(({ item }) => item);
  const leftOut = Object.fromEntries(items.filter((one) => one.leftOut?.length).map((one) => [one.item, one.leftOut]));
  await browser.storage.local.set({ [head(id)]: headOf(batch), [chosenOf(id)]: { out, leftOut } });
}

/** @param {Batch} batch */
export async function saveState(batch) {
  await browser.storage.local.set({ [head(batch.id)]: headOf(batch) });
}

/**
 * @param {Batch} batch
 * @param {Item[]} items that have an outcome
 */
export async function saveOutcomes(batch, items) {
  await browser.storage.local.set(
    Object.fromEntries(items.map(({ item, state, deliveries, error }) => [outcome(batch.id, item), { state, deliveries, error }])),
  );
}

/**
 * @param {Batch} batch
 * @param {Item[]} items that are to be sent again
 */
export async function dropOutcomes(batch, items) {
  await browser.storage.local.remove(items.map(({ item }) => outcome(batch.id, item)));
}

/**
 * @param {Batch} batch
 * @param {string[]} ids of the batches that are left
 */
export async function removeBatch(batch, ids) {
  await browser.storage.local.set({ [INDEX]: ids });
  const { id, items } = batch;
  await browser.storage.local.remove([head(id), mails(id), chosenOf(id), ...items.map(({ item }) => outcome(id, item))]);
}
