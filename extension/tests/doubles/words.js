// The messages of a language as the packed extension has them: its own, and the wordings of the program's codes.

import { readFileSync } from "node:fs";

const read = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));

/** Code to what `protocol/codes.json` says of it. */
export const CODES = new Map(Object.values(read("../../../protocol/codes.json")).flatMap((group) => Object.entries(group)));

/** @param {"en" | "de" | "fr"} language */
export function messages(language) {
  const coded = [...CODES].map(([code, row]) => [`said_${code}`, { message: row[language] }]);
  return { ...read(`../../src/_locales/${language}/messages.json`), ...Object.fromEntries(coded) };
}
