// Services where an indicator can be looked up: which kinds each takes, and the address of its page about a value. Nothing here opens
// anything.

import { keepsInside } from "./marking.js";

/** @typedef {"url" | "host" | "ip" | "hash" | "file" | "email"} Kind */
/** @typedef {{kind: Kind | null, value: string}} Subject what is looked up; MISP takes what has no kind too */
/** @typedef {{type: string, value: string}} Named */
/** @typedef {{id: string, name: string, own: boolean, address: string}} Offer `own`: of one's own MISP server */
/** @typedef {{name: string, kinds: Kind[], address: string}} Template */
/** @typedef {{services: string[], templates: Template[]}} Chosen */
/** @typedef {{name: string, preference: "lookUpVirustotal" | "lookUpUrlscan" | "lookUpLookyloo" | "lookUpPandora", addresses: Partial<Record<Kind, (value: string) => string>>}} Service */

/** MISP's types of each kind. @type {Record<Kind, string[]>} */
const TYPES = {
  url: ["url", "uri", "link"],
  host: ["domain", "hostname"],
  ip: ["ip-src", "ip-dst"],
  hash: ["md5", "sha1", "sha256"],
  file: ["filename"],
  email: ["email", "email-src", "email-dst", "email-reply-to"],
};

/** @type {Kind[]} */
const KINDS = /** @type {Kind[]} */ (Object.keys(TYPES));

/** @param {string} type */
const kindOf = (type) => KINDS.find((kind) => TYPES[kind].includes(type)) ?? null;

/** @param {string} value */
const encoded = (value) => encodeURIComponent(value.toWellFormed());

/** For pages that decode what they get once more: a slash would end the path. @param {string} value */
const twice = (value) => encodeURIComponent(encoded(value));

/** A string of urlscan's search language. @param {string} value */
const quoted = (value) => `"${value.replace(/["\\]/gu, "\\$&")}"`;

/** @param {string} url */
const urlscanSearch = (url) => `https://urlscan.io/search/#${encoded(`page.url:${quoted(url)} OR task.url:${quoted(url)}`)}`;

/** Services of others. They are asked for what they have; none is given anything to analyse. @type {Record<string, Service>} */
const SERVICES = {
  virustotal: {
    name: "VirusTotal",
    preference: "lookUpVirustotal",
    addresses: {
      url: (value) => `https://www.virustotal.com/gui/search/${twice(value)}`,
      host: (value) => `https://www.virustotal.com/gui/domain/${encoded(value)}`,
      ip: (value) => `https://www.virustotal.com/gui/ip-address/${encoded(value)}`,
      hash: (value) => `https://www.virustotal.com/gui/file/${encoded(value)}`,
    },
  },
  urlscan: {
    name: "urlscan",
    preference: "lookUpUrlscan",
    addresses: {
      url: urlscanSearch,
      host: (value) => `https://urlscan.io/domain/${encoded(value)}`,
      ip: (value) => `https://urlscan.io/ip/${encoded(value)}`,
    },
  },
  lookyloo: {
    name: "Lookyloo",
    preference: "lookUpLookyloo",
    addresses: {
      url: (value) => `https://lookyloo.circl.lu/urls/${twice(value)}`,
      host: (value) => `https://lookyloo.circl.lu/hostnames/${encoded(value)}`,
      ip: (value) => `https://lookyloo.circl.lu/ips/${encoded(value)}`,
    },
  },
  pandora: {
    name: "Pandora",
    preference: "lookUpPandora",
    addresses: {
      hash: (value) => `https://pandora.circl.lu/tasks?query=${encoded(value)}`,
      file: (value) => `https://pandora.circl.lu/tasks?query=${encoded(value)}`,
    },
  },
};

/**
 * MISP's own search of events. In a path a slash may not be encoded; its search knows `_` as "any one letter".
 *
 * @param {string} server
 * @param {string} value
 */
const searchOf = (server, value) => `${server.replace(/\/+$/u, "")}/events/index/searchall:${encoded(value.replace(/[/\\]/gu, "_"))}`;

/**
 * @param {Named} indicator
 * @returns {Subject} of a type with two parts the one that can be looked up
 */
export function subjectOf({ type, value }) {
  const [first, second] = type.split("|");
  const bar = second === undefined ? -1 : value.indexOf("|");
  if (bar < 0) return { kind: kindOf(type), value };
  return first === "filename" && kindOf(second) === "hash"
    ? { kind: "hash", value: value.slice(bar + 1) }
    : { kind: kindOf(first), value: value.slice(0, bar) };
}

/**
 * @param {import("./preferences.js").Preferences} preferences
 * @returns {Chosen}
 */
export function chosenOf(preferences) {
  const services = Object.entries(SERVICES).filter(([, { preference }]) => preferences[preference]);
  return {
    services: [...(preferences.lookUpMisp ? ["misp"] : []), ...services.map(([id]) => id)],
    templates: readTemplates(preferences.lookUpTemplates).templates,
  };
}

/**
 * Where an indicator can be looked up.
 *
 * @param {Subject} subject
 * @param {Chosen} chosen
 * @param {string | null} server address of the MISP server
 * @param {string[]} marks TLP and PAP tags that the mail has
 * @returns {{offers: Offer[], kept: string | null}} `kept`: the mark that keeps the value from services of others
 */
export function offersFor({ kind, value }, { services, templates }, server, marks) {
  const own = server !== null && services.includes("misp") ? [{ id: "misp", name: "MISP", own: true, address: searchOf(server, value) }] : [];
  const others = services.flatMap((id) => {
    const address = kind && SERVICES[id]?.addresses[kind];
    return address ? [{ id, name: SERVICES[id].name, own: false, address: address(value) }] : [];
  });
  const written = templates
    .filter(({ kinds }) => kind && kinds.includes(kind))
    .map(({ name, address }) => ({ id: `template:${name}`, name, own: false, address: address.replaceAll("{value}", () => encoded(value)) }));
  const foreign = [...others, ...written];
  const mark = foreign.length > 0 ? keepsInside(marks) : null;
  return { offers: mark ? own : [...own, ...foreign], kept: mark };
}

/** A line of the options: a name, perhaps kinds in brackets, and the address. */
const LINE = /^(?<name>[^[\]]*[^[\]\s])\s*(?:\[(?<kinds>[^\]]*)\])?\s+(?<address>\S+)$/u;

/**
 * @param {string} text one template in each line
 * @returns {{templates: Template[], wrong: number[]}} `wrong`: the numbers of the lines that cannot be used
 */
export function readTemplates(text) {
  /** @type {Template[]} */
  const templates = [];
  /** @type {number[]} */
  const wrong = [];
  text.split(/\r\n|\r|\n/u).forEach((line, at) => {
    const template = line.trim() ? readTemplate(line.trim()) : null;
    if (template && !templates.some(({ name }) => name === template.name)) templates.push(template);
    else if (line.trim()) wrong.push(at + 1);
  });
  return { templates, wrong };
}

/**
 * @param {string} line
 * @returns {Template | null}
 */
function readTemplate(line) {
  const { name, kinds, address } = LINE.exec(line)?.groups ?? {};
  if (!name || !isAddress(address)) return null;
  const named = kinds === undefined ? KINDS : kinds.split(",").map((kind) => kind.trim());
  return named.every((kind) => KINDS.includes(/** @type {Kind} */ (kind))) ? { name, kinds: /** @type {Kind[]} */ (named), address } : null;
}

/**
 * The value may not decide on which host the page is: it would be that of the attacker.
 *
 * @param {string} address
 */
function isAddress(address) {
  const [one, other] = ["a", "b"].map((value) => address.replaceAll("{value}", value));
  if (one === other || !URL.canParse(one) || !URL.canParse(other)) return false;
  const { protocol, origin, username, password } = new URL(one);
  return /^https?:$/u.test(protocol) && origin === new URL(other).origin && !username && !password;
}
