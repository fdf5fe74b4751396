// Makes values harmless to paste: no program takes them for a link.

const NAME = String.raw`[\p{L}\p{N}]`;
const BETWEEN = new RegExp(`(?<=${NAME})[.@](?=${NAME})`, "gu");

/**
 * @param {string} value
 * @returns {string} `hxxp` for `http`, `[.]` and `[@]` for what stands inside a name
 */
export function defang(value) {
  return value.replace(/^http(?=s?:)/iu, (scheme) => scheme.replaceAll("t", "x").replaceAll("T", "X")).replace(BETWEEN, "[$&]");
}
