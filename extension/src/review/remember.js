// Writes into the configuration what the analyst wants to have next time: defaults of the event, and hosts to leave out. Each can
// be undone.

import { text } from "../shared/localize.js";
import { call } from "../shared/service.js";
import { asTrouble, saidOf, troubleTitle } from "../shared/trouble.js";
import { wording } from "../shared/said.js";

/** @typedef {import("../shared/shapes.js").Settings} Settings */
/** @typedef {Record<string, unknown>} Changes */
/** @typedef {() => Promise<void>} Undo */
/** @typedef {(words: string) => void} Say */

/**
 * @param {import("./edits.js").Edits} edits
 * @param {import("./choices.js").Choices} choices
 * @param {Say} say
 * @returns {Promise<Undo | null>} null if nothing was written
 */
export function remember(edits, choices, say) {
  return written(choices.profile, say, text("edit_remembered"), ({ fields }) => {
    const { threat_level, sharing_group, pap } = edits.overrides();
    const { tlp, distribution } = choices;
    const settled = /** @type {string[]} */ (fields["event.tags"]?.value ?? []);
    const kept = settled.filter((tag) => !edits.removed.includes(tag) && !(pap && /^pap:/iu.test(tag)));
    const tags = [...new Set([...kept, ...edits.added, ...(pap ? [pap] : [])])];
    return {
      ...(tlp !== undefined && { "tlp.default": tlp }),
      ...(distribution !== undefined && { "event.distribution": distribution }),
      ...(sharing_group && { "event.sharing_group": sharing_group }),
      ...(threat_level && { "event.threat_level": threat_level }),
      ...(tags.join("\n") !== settled.join("\n") && { "event.tags": tags }),
    };
  });
}

/**
 * @param {string} host that no event shall have any more
 * @param {string | null} profile
 * @param {Say} say
 * @returns {Promise<Undo | null>}
 */
export function leaveOut(host, profile, say) {
  return written(profile, say, text("edit_left_out", host), ({ fields }) => {
    const hosts = /** @type {string[]} */ (fields["hosts.exclude"]?.value ?? []);
    return hosts.includes(host) ? {} : { "hosts.exclude": [...hosts, host] };
  });
}

/**
 * @param {string | null} profile
 * @param {Say} say
 * @param {string} words when it is done
 * @param {(settings: Settings) => Changes} changesOf
 * @returns {Promise<Undo | null>}
 */
async function written(profile, say, words, changesOf) {
  try {
    /** @type {Settings} */
    const before = await call("host", { method: "settings.read", params: { profile } });
    const changes = changesOf(before);
    if (Object.keys(changes).length === 0) {
      say(text("edit_nothing_new"));
      return null;
    }
    await call("host", { method: "settings.write", params: { profile, changes } });
    say(words);
    return async () => {
      try {
        await call("host", { method: "settings.write", params: { profile, changes: former(before, Object.keys(changes)) } });
        say(text("edit_undone"));
      } catch (thrown) {
        sayTrouble(say, thrown);
      }
    };
  } catch (thrown) {
    sayTrouble(say, thrown);
    return null;
  }
}

/**
 * @param {Settings} before
 * @param {string[]} keys
 * @returns {Changes} null for what the file, or the profile, did not have
 */
function former({ fields, profile }, keys) {
  const own = profile ? "profile" : "file";
  return Object.fromEntries(keys.map((key) => [key, fields[key]?.origin === own ? fields[key].value : null]));
}

/** @param {Say} say @param {unknown} thrown */
function sayTrouble(say, thrown) {
  const trouble = asTrouble(thrown);
  say(`${troubleTitle(trouble)}: ${wording(saidOf(trouble)).words}`);
}
