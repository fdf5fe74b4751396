// The settings of the program in the organisation's policy. Writes those that differ to the host, and keeps pages from changing
// them.

import { Trouble } from "../shared/error.js";
import { organisationSettings } from "../shared/preferences.js";

/**
 * Runs once on every connection, before all else. If a setting cannot be written, the Error Console says so and everything else
 * works.
 *
 * @param {import("./host.js").Request} request
 */
export async function applyOrganisationSettings(request) {
  const wanted = await organisationSettings();
  if (Object.keys(wanted).length === 0) return;
  try {
    const { fields } = await request("settings.read");
    const changes = Object.fromEntries(Object.entries(wanted).filter(([name, value]) => differs(fields[name], value)));
    if (Object.keys(changes).length > 0) await write(request, changes);
  } catch (error) {
    console.error("MISPigeon: the organisation's settings were not applied:", Trouble.of(error).message);
  }
}

/**
 * @param {Record<string, unknown>} changes of the main settings that a page asks for
 * @returns {Promise<Record<string, unknown>>} what the host is asked for; rejects with `locked`
 */
export async function underPolicy(changes) {
  const wanted = await organisationSettings();
  for (const [name, value] of Object.entries(changes)) {
    if (Object.hasOwn(wanted, name) && !isSame(wanted[name], value)) {
      throw new Trouble("locked", `${name} is set by the organisation.`, { key: name });
    }
  }
  // A key is meant for the organisation's server; and a new address is taken together with a key only.
  return "misp.key" in changes && "misp.url" in wanted ? { ...changes, "misp.url": wanted["misp.url"] } : changes;
}

/**
 * Writes all together, because an address may need other settings. If that is refused, writes each alone, so that a wrong setting
 * does not affect the others.
 *
 * @param {import("./host.js").Request} request
 * @param {Record<string, unknown>} changes
 */
async function write(request, changes) {
  try {
    await request("settings.write", { changes });
  } catch {
    for (const [name, value] of Object.entries(changes)) {
      try {
        await request("settings.write", { changes: { [name]: value } });
      } catch (error) {
        console.error(`MISPigeon: the organisation's ${name} was not applied:`, Trouble.of(error).message);
      }
    }
  }
}

/**
 * @param {{shape: string, origin: string, value?: unknown} | undefined} field what is in force
 * @param {unknown} value
 * @returns {boolean}
 */
function differs(field, value) {
  if (field === undefined) return true; // The host says what is wrong with an unknown name.
  if (field.shape === "secret" || field.origin === "environment") return false;
  return !isSame(field.value, value);
}

/**
 * @param {unknown} one
 * @param {unknown} other
 */
const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);
