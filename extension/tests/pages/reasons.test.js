// The program's sentences in the user's language: the same on both sides, and none forgotten.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { beforeEach, test } from "node:test";
import { SENTENCES, said, translated } from "../../src/shared/reasons.js";
import { stage } from "./stage.js";

const messages = (language) => JSON.parse(readFileSync(new URL(`../../src/_locales/${language}/messages.json`, import.meta.url), "utf8"));

/** A text of Rust. */
const QUOTED = String.raw`"((?:[^"\\]|\\[^])*)"`;

/** What the program's source has beside its comments, its tests, and quotes that are characters. */
function program(path) {
  const [source] = readFileSync(new URL(`../../../src/${path}`, import.meta.url), "utf8").split("#[cfg(test)]\nmod tests {");
  return source.replace(/^\s*\/\/.*$/gmu, "").replace(/'\\?"'/gu, "");
}

/** What Rust reads in quotes. */
const unquoted = (words) => words.replace(/\\\n\s*/gu, "").replace(/\\(.)/gu, "$1");

/**
 * The texts that stand in the source in such a place, with the file's own named texts put in, and `{}` for what varies.
 * @param {string} path
 * @param {string} place a pattern with QUOTED for the text
 * @param {RegExp} stretch of the source
 */
function texts(path, place = QUOTED, stretch = /[^]*/u) {
  const source = program(path);
  const names = source.matchAll(new RegExp(`(?:const|let) (\\w+)(?:: &str)? = ${QUOTED}`, "gu"));
  const named = new Map([...names].map(([, name, words]) => [name, words]));
  return [...source.match(stretch)[0].matchAll(new RegExp(place, "gu"))]
    .map(([, ...words]) => unquoted(words.find(Boolean) ?? ""))
    .map((words) => words.replace(/\{([^}]*)\}/gu, (_, name) => unquoted(named.get(name) ?? "{}")));
}

const SOURCES = [
  "policy/choice.rs",
  "policy/files.rs",
  "policy/footer.rs",
  "indicator/mod.rs",
  "misp/attribute_type.rs",
  "misp/attribute_type/format.rs",
  "misp/client.rs",
  "misp/builder/mod.rs",
  "destination/misp/refused.rs",
  "destination/misp/compare.rs",
  "destination/misp/delivery.rs",
  "pipeline/enrichment.rs",
  "mail/directive/line.rs",
  "mail/builder.rs",
  "mail/outlook.rs",
  "mail/structure.rs",
];

test("every sentence is one that the program says", () => {
  const known = new Set(SOURCES.flatMap((path) => texts(path)));
  assert.deepEqual([...SENTENCES.keys()].filter((sentence) => !known.has(sentence)), []);
});

for (const [what, count, path, place, stretch] of [
  ["reason of a doubt", 7, "indicator/mod.rs", `=> ${QUOTED}`, /fn reason\(self\)[^]*?\n {4}\}\n/u],
  ["wish by which an indicator is left out", 3, "policy/choice.rs", String.raw`skip\(${QUOTED}\)`],
  ["reason for which an indicator is left out", 4, "policy/choice.rs", String.raw`Some\(${QUOTED}\.into\(\)\)`],
  ["reason that names warninglists", 1, "policy/choice.rs", String.raw`then\(\|\| format!\(${QUOTED}`],
  ["reason of an advertising footer", 1, "policy/footer.rs", `REASON: &str = ${QUOTED}`],
  ["wish by which a file is left out", 2, "policy/files.rs", String.raw`Skip\(${QUOTED}\.into\(\)\)`],
  ["reason for which a file is left out", 5, "policy/files.rs", String.raw`=> Some\(${QUOTED}\)`],
  [
    "reason for which the server lacks something",
    8,
    "destination/misp/refused.rs",
    String.raw`(?:format!\(\s*|REFUSED: &str = )${QUOTED}|${QUOTED}\.to_owned\(\)`,
  ],
  ["note on a parameter line", 11, "mail/directive/line.rs", String.raw`self\.note\(${QUOTED}\)`],
  ["defect of a mail", 8, "mail/builder.rs", String.raw`defect\(\s*${QUOTED}`],
  ["defect of an Outlook message", 3, "mail/outlook.rs", String.raw`defect\(\s*${QUOTED}`],
  ["defect of the MIME structure", 4, "mail/structure.rs", String.raw`defect\(\s*${QUOTED}`],
]) {
  test(`every ${what} has words`, () => {
    const found = [...new Set(texts(path, place, stretch))].filter((sentence) => /\p{L}/u.test(sentence));
    assert.ok(found.length >= count, `${found.length} found`);
    assert.deepEqual(found.filter((sentence) => !SENTENCES.has(sentence)), []);
  });
}

test("in English the words are the program's own", () => {
  const english = messages("en");
  for (const [sentence, key] of SENTENCES) assert.equal(english[key].message.replace("$1", "{}"), sentence);
});

test("no two sentences have the same key", () => assert.equal(new Set(SENTENCES.values()).size, SENTENCES.size));

beforeEach(() => {
  stage("");
  const german = messages("de");
  globalThis.browser.i18n.getMessage = (key, values = []) => german[key].message.replace(/\$(\d)/gu, (_, at) => values[at - 1]);
});

for (const [sentence, words] of [
  ["empty file", "Leere Datei"],
  ["on warninglist Top 1000, Cisco", "Auf Warninglist Top 1000, Cisco"],
  ["the server refused it: event 42 has it already", "Vom Server abgelehnt: Event 42 enthält es schon"],
  ["in a mail inside this one: the message has no header", "In einer enthaltenen E-Mail: Die Nachricht hat keinen Header."],
  ["in a mail inside this one: something new", "In einer enthaltenen E-Mail: something new"],
]) {
  test(`«${sentence}» is said in the user's language`, () => assert.deepEqual(translated(sentence), { words, lang: null }));
}

for (const sentence of ["", "something new", "on warninglist ", "not on warninglist A"]) {
  test(`«${sentence}» stays as it is, as English`, () => assert.deepEqual(translated(sentence), { words: sentence, lang: "en" }));
}

test("an element is marked as English only when its words are", () => {
  assert.equal(said("p", { class: "quiet" }, "empty file").outerHTML, '<p class="quiet">Leere Datei</p>');
  assert.equal(said("p", {}, "<b>new</b>").outerHTML, '<p lang="en">&lt;b&gt;new&lt;/b&gt;</p>');
});
