// The order in which types of indicators are shown: network first, then files, then the rest.

const ORDER = [
  "url",
  "domain",
  "hostname",
  "hostname|port",
  "ip-dst",
  "ip-dst|port",
  "ip-src",
  "email",
  "email-src",
  "email-dst",
  "sha256",
  "sha1",
  "md5",
  "filename|sha256",
  "filename|sha1",
  "filename|md5",
  "filename",
];

/** @param {string} type */
function place(type) {
  const at = ORDER.indexOf(type);
  return at < 0 ? ORDER.length : at;
}

/**
 * @param {string} one
 * @param {string} other
 * @returns {number} below zero when `one` comes first
 */
export function typeOrder(one, other) {
  // Links come last: they are references for people, not indicators.
  const rank = (/** @type {string} */ type) => (type === "link" ? Infinity : place(type));
  return rank(one) === rank(other) ? one.localeCompare(other) : rank(one) - rank(other);
}
