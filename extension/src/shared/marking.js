// What TLP and PAP forbid: a value of a mail with one of these marks is not shown to services of others.

const INSIDE = /^(?:tlp:(?:red|amber(?:\+strict)?)|pap:(?:red|amber))$/iu;

/**
 * @param {string[]} tags
 * @returns {string | null} the first tag that forbids it
 */
export function keepsInside(tags) {
  return tags.find((tag) => INSIDE.test(tag)) ?? null;
}

/**
 * The marks of a mail: its own, those of rules, and those that a person has given it. The TLP that the configuration gives to every event
 * without a mark is none.
 *
 * @param {import("./shapes.js").PreviewHead} preview
 * @param {{tlp: string | undefined, pap: string | null}} chosen in the review
 * @param {string | null} usual that TLP; null while it is not known
 * @returns {string[]}
 */
export function marksOf({ tlp, events }, chosen, usual) {
  const [mildest] = tlp.choices;
  const ruled = tlp.tag === usual ? [] : [tlp.tag];
  const paps = events.flatMap(({ tags }) => tags.filter((tag) => /^pap:/iu.test(tag)));
  return [mildest, ...ruled, chosen.tlp, ...paps, chosen.pap].filter((tag) => typeof tag === "string");
}
