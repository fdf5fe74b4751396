// The answer to who reported a mail: the words of the template, with what is known of the event.

/** @typedef {{event: string, title: string, link: string, subject: string}} Facts what the placeholders stand for */

/**
 * What a mail says may look like a placeholder, and stays as it is.
 *
 * @param {string} template
 * @param {Facts} facts
 * @returns {string}
 */
export function fillIn(template, facts) {
  return template.replace(/\{(event|title|link|subject)\}/gu, (_, name) => facts[/** @type {keyof Facts} */ (name)]);
}

/** @param {string} text */
const escaped = (text) => text.replace(/[&<>"]/gu, (mark) => `&#${mark.charCodeAt(0)};`);

/**
 * @param {string} words plain text
 * @returns {string} as HTML, with a paragraph where the text has an empty line
 */
function paragraphs(words) {
  const parts = words.trim().split(/\n(?:[ \t]*\n)+/u);
  return parts.map((part) => `<p>${part.split("\n").map(escaped).join("<br>")}</p>`).join("");
}

/** The start tag of the body; its attributes may hold the sign that ends it. */
const BODY = /<body(?:"[^"]*"|'[^']*'|[^>"'])*>/iu;

/**
 * Puts the words before what Thunderbird has written: the quoted mail and the signature.
 *
 * @param {{isPlainText?: boolean, body?: string, plainTextBody?: string}} details of a compose window
 * @param {string} words
 * @returns {{plainTextBody: string} | {body: string}} what to change
 */
export function putBefore({ isPlainText, body = "", plainTextBody = "" }, words) {
  const plain = words.replace(/\r\n?/gu, "\n");
  if (isPlainText) return { plainTextBody: `${plain.trim()}\n\n${plainTextBody.replace(/^\n+/u, "")}` };
  const html = paragraphs(plain);
  const start = BODY.exec(body);
  const at = start ? start.index + start[0].length : 0;
  return { body: `${body.slice(0, at)}${html}${body.slice(at)}` };
}
