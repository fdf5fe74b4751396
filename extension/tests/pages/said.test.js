// What the program says by code, in the user's language.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { keyOf, sayingElement, wording } from "../../src/shared/said.js";
import { CODES, messages } from "../doubles/words.js";
import { stage } from "./stage.js";

const said = (code, given = {}, text = "in English") => ({ code, arguments: given, text });

function speak(language) {
  stage("");
  const words = messages(language);
  globalThis.browser.i18n.getMessage = (key) => words[key]?.message ?? "";
}

beforeEach(() => speak("de"));

for (const [what, words] of [
  [said("empty_file"), "Leere Datei"],
  [said("on_warninglists", { lists: ["Top 1000", "Cisco"] }), "Auf Warninglist Top 1000, Cisco"],
  [said("in_another_event", { event: "42" }), "Vom Server abgelehnt: Event 42 enthält es schon"],
  [said("free_text_added", { count: 1200 }), "Der Freitext-Import von MISP hat 1.200 Attribute hinzugefügt."],
  [said("in_inner_mail", { noticed: said("no_header") }), "In einer enthaltenen E-Mail: Die Nachricht hat keinen Header."],
  [said("in_inner_mail", { noticed: said("of_tomorrow") }), "In einer enthaltenen E-Mail: in English"],
]) {
  test(`${what.code} is said as «${words}»`, () => assert.deepEqual(wording(what), { words, lang: null }));
}

for (const language of ["en", "de", "fr"]) {
  test(`every code is worded in ${language} with all of its arguments`, () => {
    speak(language);
    for (const [code, { arguments: kinds = {} }] of CODES) {
      const given = Object.fromEntries(Object.keys(kinds).map((name) => [name, `<${name}>`]));
      const { words, lang } = wording(said(code, given));
      assert.equal(lang, null, code);
      assert.doesNotMatch(words, /[{}]/u, code);
      for (const value of Object.values(given)) assert.ok(words.includes(value), `${code}: ${words}`);
    }
  });
}

test("a code of a newer program, or a sentence of an older one, is shown as English", () => {
  assert.deepEqual(wording(said("of_tomorrow")), { words: "in English", lang: "en" });
  assert.deepEqual(wording("an old sentence"), { words: "an old sentence", lang: "en" });
});

test("words of others are not read as wordings", () => {
  assert.equal(wording(said("misp_says", { words: "{words} $1 <b>" })).words, "MISP meldet: {words} $1 <b>");
});

test("the same code with other arguments is another group", () => {
  const listed = (...lists) => keyOf(said("on_warninglists", { lists }));
  assert.equal(listed("a", "b"), listed("a", "b"));
  assert.notEqual(listed("a"), listed("b"));
  assert.equal(keyOf(said("empty_file")), "empty_file");
});

test("an element is marked as English only when its words are", () => {
  assert.equal(sayingElement("p", { class: "quiet" }, said("empty_file")).outerHTML, '<p class="quiet">Leere Datei</p>');
  assert.equal(sayingElement("p", {}, said("of_tomorrow", {}, "<b>new</b>")).outerHTML, '<p lang="en">&lt;b&gt;new&lt;/b&gt;</p>');
});
