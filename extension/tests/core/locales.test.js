// The words: the same keys and placeholders in all languages, every key that is used is there, none is there that is not used.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

const SRC = new URL("../../src/", import.meta.url);
const LANGUAGES = readdirSync(new URL("_locales/", SRC));
const words = Object.fromEntries(
  LANGUAGES.map((language) => [language, JSON.parse(readFileSync(new URL(`_locales/${language}/messages.json`, SRC), "utf8"))]),
);
const keys = Object.keys(words.en);

/** What keys begin with. */
const PARTS = "add|answer|lookup|edit|core|menu|command|notify|manifest|privacy|review|batch|options|standing|trouble|common|welcome";

const source = readdirSync(SRC, { recursive: true })
  .filter((name) => /\.(js|html)$/u.test(name))
  .map((name) => readFileSync(new URL(name, SRC), "utf8"))
  .join("\n");

/** Keys, or the beginnings of keys, that stand in the source in quotes; and those that the manifest names. */
const literal = new Set([
  ...[...source.matchAll(new RegExp(`["'\`]((?:${PARTS})_\\w+)["'\`]`, "gu"))].map(([, key]) => key),
  ...[...readFileSync(new URL("manifest.json", SRC), "utf8").matchAll(/__MSG_(\w+?)__/gu)].map(([, key]) => key),
]);

/** Keys that are put together in the source, as patterns. */
const patterns = [...source.matchAll(new RegExp(`\`((?:${PARTS})_[^\`\\s]*\\$\\{[^\`]*)\``, "gu"))].map(
  ([, template]) => [template, new RegExp(`^${template.replace(/\$\{[^}]*\}/gu, "\\w+")}$`, "u")],
);

/** A key and what it begins with: a_b_c, a_b, a. */
const beginnings = (key) => key.split("_").map((_, at, words_) => words_.slice(0, at + 1).join("_"));

test("there are words in English, German and French", () => {
  assert.deepEqual(LANGUAGES.toSorted(), ["de", "en", "fr"]);
});

for (const language of LANGUAGES) {
  test(`${language} has the keys of English`, () => {
    assert.deepEqual(Object.keys(words[language]).toSorted(), keys.toSorted());
  });

  test(`${language} has the placeholders of English`, () => {
    const placeholders = ({ message }) => [...new Set(message.match(/\$\d/gu))].toSorted();
    const ofAll = (language_) => Object.fromEntries(keys.map((key) => [key, placeholders(words[language_][key])]));
    assert.deepEqual(ofAll(language), ofAll("en"));
  });

  test(`${language} has words for every key, without stray blanks`, () => {
    for (const [key, { message }] of Object.entries(words[language])) {
      assert.ok(message.trim().length > 0, key);
      assert.equal(message, message.trim(), key);
    }
  });
}

test("every key that is used exists", () => {
  const known = new Set(keys.flatMap(beginnings));
  const missing = [...literal].filter((key) => !known.has(key));
  const unmatched = patterns.filter(([, pattern]) => !keys.some((key) => beginnings(key).some((part) => pattern.test(part))));
  assert.deepEqual([...missing, ...unmatched.map(([template]) => template)], []);
});

test("no key is unused", () => {
  const used = (key) => beginnings(key).some((part) => literal.has(part) || patterns.some(([, pattern]) => pattern.test(part)));
  assert.deepEqual(keys.filter((key) => !used(key)), []);
});

test("words for one thing have words for others beside them", () => {
  const alone = keys.filter((key) => key.endsWith("_one") && !keys.includes(key.replace(/_one$/u, "_other")));
  assert.deepEqual(alone, []);
});
