// Says in the user's language what the program says in English of what it leaves out and of what it noticed: the sentences
// that it always says alike, with what varies in them kept. Others stay as they are, marked as English.

import { element } from "./dom.js";
import { text } from "./localize.js";

/** @typedef {{words: string, lang: "en" | null}} Saying `lang` where the words are not in the language of the page */

/** The program's sentences, `{}` for what varies. @type {ReadonlyMap<string, string>} */
export const SENTENCES = new Map([
  // Why something is left out
  ["deselected by the analyst", "common_reason_deselected"],
  ["only the attached files were asked for", "common_reason_files_only"],
  ["only URLs were asked for", "common_reason_urls_only"],
  ["host is on the list hosts.exclude", "common_reason_excluded"],
  ["host is on the list hosts.internal", "common_reason_internal"],
  ["host is on the list hosts.external", "common_reason_external"],
  ["advertising footer of a mail program", "common_reason_footer"],
  ["belongs to a sender or recipient of this mail", "common_reason_participant"],
  ["on warninglist {}", "common_reason_listed"],
  ["address is not reachable from the internet", "common_reason_unroutable_address"],
  ["name is not on the public internet", "common_reason_unroutable_name"],
  ["looks like a file name", "common_reason_file_name"],
  ["looks like a version number", "common_reason_version"],
  ["looks like a name in program code", "common_reason_code"],
  ["identifies source code, not a file", "common_reason_source_code"],
  ["hash of nothing", "common_reason_trivial_hash"],
  ["signature, key or encrypted text of the mail", "common_reason_signature"],
  ["contact card", "common_reason_contact"],
  ["machine-readable part of a delivery report", "common_reason_report"],
  ["image that the text shows", "common_reason_inline_image"],
  ["empty file", "common_reason_empty_file"],
  ["The entered string is too long and would get truncated. Please consider adding the data as an attachment instead", "common_reason_too_long"],
  ["Value cannot be empty.", "common_reason_empty"],
  ["Value cannot contain only control characters.", "common_reason_control_characters"],
  ['Email address has an invalid format. Please double check the value or select type "other".', "common_reason_email_format"],
  ['Domain has an invalid format. Please double check the value or select type "other".', "common_reason_domain_format"],
  ['Hostname has an invalid format. Please double check the value or select type "other".', "common_reason_hostname_format"],
  ["The URL has no scheme and host, or characters that are not ASCII.", "common_reason_link_format"],
  ["Value must not contain new line character.", "common_reason_new_line"],
  ["on warninglist: {}", "common_reason_server_listed"],
  ["the server refused it: event {} has it already", "common_reason_elsewhere"],
  ["somebody deleted it from the event", "common_reason_deleted"],
  ["the server refused it (invalid for type {}, or its uuid is known elsewhere)", "common_reason_invalid"],
  ["the server refused it (unknown there and this user may not create tags, or kept for another organisation)", "common_reason_tag"],
  ["the server refused it on {} (unknown there and this user may not create tags, or kept for another organisation)", "common_reason_attribute_tag"],
  ["the server refused it (one of its ends is not stored)", "common_reason_reference"],
  ["the server refused it", "common_reason_refused"],
  // What was noticed
  ["the server did not store {} sightings", "common_remark_sightings"],
  ["MISP's free-text import added {} attributes", "common_remark_free_text"],
  ["MISP's free-text import failed: {}", "common_remark_free_text_failed"],
  ["the event was published; with its new content it is not, until it is published again", "common_remark_unpublished"],
  ["the event is stored, but not published: {}", "common_remark_not_published"],
  ["the certificate of {} is not checked: anybody on the way can read the API key", "common_remark_not_verified"],
  ["warninglists were not looked up: {}", "common_remark_not_looked_up"],
  ["in a mail inside this one: {}", "common_remark_embedded"],
  ["a parameter line has no value and was left out", "common_remark_no_value"],
  ["a parameter line has a wrong key", "common_remark_wrong_key"],
  ["the parameter for attachments has an unknown value", "common_remark_attachments_value"],
  ["the parameter publish must be 0 or 1", "common_remark_publish_value"],
  ["the parameter distribution must be 0 to 4", "common_remark_distribution_value"],
  ["the parameter threat_level must be 1 to 4", "common_remark_threat_level_value"],
  ["the parameter analysis must be 0 to 2", "common_remark_analysis_value"],
  ["a parameter line was not understood, or has a wrong key", "common_remark_not_understood"],
  ["a parameter line in a quoted, forwarded or attached mail was removed and not honoured", "common_remark_not_honoured"],
  ["parameters that change the event are not accepted, because no key is configured", "common_remark_no_key"],
  ["parameters that change the event need the key, which was not given", "common_remark_key_not_given"],
  ["the mail is encrypted; what it says cannot be read", "common_remark_encrypted"],
  ["the mail is encrypted with S/MIME; what it says cannot be read", "common_remark_encrypted_smime"],
  ["a text is encrypted with PGP; what it says cannot be read", "common_remark_encrypted_pgp"],
  ["an S/MIME part could not be opened", "common_remark_smime_broken"],
  ["an Outlook message could not be opened", "common_remark_outlook_broken"],
  ["an Outlook message claims more content than it has; not all of it was read", "common_remark_outlook_cut"],
  ["mails lie deeper inside one another than they are opened; the innermost was left out", "common_remark_too_deep_left_out"],
  ["mails lie deeper inside one another than they are opened; the innermost stays an attachment", "common_remark_too_deep_attached"],
  ["signed mails lie deeper inside one another than they are opened", "common_remark_too_deep_signed"],
  ["the message has no header", "common_remark_no_header"],
  ["a header block ends without a blank line", "common_remark_header_end"],
  ["a multipart declares no boundary", "common_remark_no_boundary"],
  ["the declared boundary does not occur", "common_remark_boundary_absent"],
  ["a multipart has no closing delimiter", "common_remark_not_closed"],
  ["a part is not encoded as it says; what could be decoded was taken", "common_remark_encoding"],
]);

/** Those with something that varies: what stands before and after it. */
const FRAMES = [...SENTENCES].flatMap(([sentence, key]) => {
  const [before, after] = sentence.split("{}");
  return after === undefined ? [] : [{ before, after, key }];
});

/**
 * @param {string} sentence of the program
 * @returns {Saying}
 */
export function translated(sentence) {
  const key = SENTENCES.get(sentence);
  if (key) {
    return { words: text(key), lang: null };
  }
  const frame = FRAMES.find(({ before, after }) => isFramed(sentence, before, after));
  if (!frame) {
    return { words: sentence, lang: "en" };
  }
  const inner = sentence.slice(frame.before.length, sentence.length - frame.after.length);
  // What varies may be a sentence again: something noticed in a mail inside of another.
  return { words: text(frame.key, translated(inner).words), lang: null };
}

/**
 * @param {string} sentence
 * @param {string} before
 * @param {string} after
 */
function isFramed(sentence, before, after) {
  return sentence.length > before.length + after.length && sentence.startsWith(before) && sentence.endsWith(after);
}

/**
 * An element that says the sentence.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string>} properties
 * @param {string} sentence of the program
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function said(tag, properties, sentence) {
  const { words, lang } = translated(sentence);
  return element(tag, { ...properties, lang }, words);
}
