// Opens the page of a service about an indicator, when a person has asked for it. What is opened is decided here anew: by the options, by
// the marks of the mail, and by the address of the server.

import { Trouble } from "../shared/error.js";
import { chosenOf, offersFor, subjectOf } from "../shared/lookups.js";
import { openLookUp } from "../shared/open.js";
import { readPreferences } from "../shared/preferences.js";

/**
 * @param {import("./host.js").Host} host
 * @param {{service: string, indicator: import("../shared/lookups.js").Named, marks: string[], profile: string | null}} asked
 * @returns {Promise<string>} the address that was opened; rejects with not_opened
 */
export async function lookUp(host, { service, indicator, marks, profile }) {
  const { values } = await readPreferences();
  const destination = service === "misp" ? (await host.request("status", profile ? { profile } : {})).destination : null;
  const server = destination?.target === "misp" ? destination.url : null;
  const { offers } = offersFor(subjectOf(indicator), chosenOf(values), server, marks);
  const offer = offers.find(({ id }) => id === service);
  if (!offer) throw new Trouble("not_opened", "The options or the mail do not allow this look-up.", { service });
  return openLookUp(offer.address);
}
