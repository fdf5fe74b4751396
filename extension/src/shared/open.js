// The only place that opens a page outside of the extension, in the browser: pages of the configured MISP server, and look-ups that a person
// asked for.

import { Trouble } from "./error.js";

/** @typedef {{target: "misp", url: string} | {target: "feed", folder: string}} Destination */

/**
 * @param {string} url
 * @param {string} server address of the server
 * @returns {string | null} the address to open, as a browser reads it; null when it does not lie below the server's
 */
export function pageBelow(url, server) {
  if (!URL.canParse(url) || !URL.canParse(server)) return null;
  const page = new URL(url);
  const base = new URL(server);
  if (!/^https?:$/u.test(page.protocol)) return null;
  if (page.origin !== base.origin || page.username || page.password) return null;
  // A server behind a prefix might decode these and leave its prefix.
  if (/%2f|%5c/iu.test(page.pathname)) return null;
  const prefix = base.pathname.replace(/\/+$/u, "");
  return page.pathname === prefix || page.pathname.startsWith(`${prefix}/`) ? page.href : null;
}

/**
 * @param {string} url
 * @param {Destination[]} destinations what is configured
 * @returns {Promise<string>} the address that was opened; rejects with not_opened
 */
export async function openPage(url, destinations) {
  for (const destination of destinations) {
    const page = destination.target === "misp" ? pageBelow(url, destination.url) : null;
    if (page) {
      await browser.windows.openDefaultBrowser(page);
      return page;
    }
  }
  throw new Trouble("not_opened", "The page is not one of the configured server, so it is not opened.", { url });
}

/**
 * @param {string} address of a look-up
 * @returns {Promise<string>}
 */
export async function openLookUp(address) {
  const { href, protocol } = new URL(address);
  if (!/^https?:$/u.test(protocol)) throw new Trouble("not_opened", "That is no address of a page.", { url: address });
  await browser.windows.openDefaultBrowser(href);
  return href;
}
