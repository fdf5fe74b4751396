// Words the program's codes in the user's language, as `protocol/codes.json` does; the wordings are among the packed extension's
// messages. A code of a newer program that has none there is shown in the program's English.

import { element } from "./dom.js";
import { number } from "./localize.js";

/** @typedef {import("./shapes.js").Said} Said */
/** @typedef {{words: string, lang: "en" | null}} Wording `lang` where the words are not in the language of the page */

/**
 * Batches that an older version stored hold sentences.
 * @param {Said | string} said
 * @returns {Said}
 */
const coded = (said) => (typeof said === "string" ? { code: "", arguments: {}, text: said } : said);

/**
 * @param {Said | string} stored
 * @returns {Wording}
 */
export function wording(stored) {
  const said = coded(stored);
  // Thunderbird logs an error for a message that is not there.
  const words = said.code && browser.i18n.getMessage(`said_${said.code}`);
  return words
    ? { words: words.replace(/\{(\w+)\}/gu, (_, name) => argument(said.arguments[name])), lang: null }
    : { words: said.text, lang: "en" };
}

/** @param {import("./shapes.js").Argument | undefined} value */
function argument(value) {
  if (typeof value === "number") {
    return number(value);
  }
  if (Array.isArray(value)) {
    return value.join(", ");
  }
  return value === undefined ? "" : wording(value).words;
}

/**
 * The same key for things that say the same.
 * @param {Said | string} said
 */
export function keyOf(said) {
  const { code, arguments: given, text } = coded(said);
  if (!code) {
    return text;
  }
  const values = Object.entries(given).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return values.length > 0 ? `${code} ${JSON.stringify(values)}` : code;
}

/**
 * An element that says it.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string>} properties
 * @param {Said | string} said
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function sayingElement(tag, properties, said) {
  const { words, lang } = wording(said);
  return element(tag, { ...properties, lang }, words);
}
