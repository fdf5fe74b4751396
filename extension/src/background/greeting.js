// Sends `hello`, the first request on every connection, and reports if extension and host do not fit.

import { Trouble } from "../shared/error.js";

/** Versions of the protocol that this extension speaks. */
export const PROTOCOL = { min: 1, max: 1 };

/** How long the program may take to start and answer, even on a busy machine. */
const GREETING_MS = 20_000;

/** @typedef {{host: string, protocol: number, limits: {message: number, chunk: number, messages: number}}} Greeting */

/**
 * @param {import("./rpc.js").Rpc} rpc
 * @param {string} extension version of the extension
 * @returns {Promise<Greeting>} rejects with host_too_old, host_too_new, or why there is no connection to the host
 */
export async function greet(rpc, extension) {
  const late = setTimeout(() => rpc.end(new Trouble("host_broken", "The program was started but does not answer.")), GREETING_MS);
  try {
    const greeting = await rpc.request("hello", { extension, protocol: PROTOCOL });
    const spoken = greeting?.protocol;
    if (!(spoken >= PROTOCOL.min && spoken <= PROTOCOL.max)) throw misfit({ min: spoken, max: spoken }, greeting?.host, extension);
    return greeting;
  } catch (error) {
    throw explain(Trouble.of(error), extension);
  } finally {
    clearTimeout(late);
  }
}

/**
 * @param {Trouble} trouble
 * @param {string} extension
 * @returns {Trouble}
 */
function explain(trouble, extension) {
  if (trouble.kind === "incompatible") {
    const { protocol, host } = /** @type {{protocol?: {min: number, max: number}, host?: string}} */ (trouble.data);
    return misfit(protocol ?? { min: 0, max: 0 }, host, extension);
  }
  // A program that does not even know the greeting is older than the protocol.
  if (trouble.kind === "unknown_method") return misfit({ min: 0, max: 0 }, undefined, extension);
  return trouble;
}

/**
 * @param {{min: number, max: number}} protocol the versions of the host
 * @param {string | undefined} host its version
 * @param {string} extension
 * @returns {Trouble}
 */
function misfit(protocol, host, extension) {
  const data = { host: host ?? null, extension, protocol, needed: PROTOCOL };
  return protocol.min > PROTOCOL.max
    ? new Trouble("host_too_new", "The program is newer than the extension: update the extension.", data)
    : new Trouble("host_too_old", "The program is older than the extension: update the program.", data);
}
