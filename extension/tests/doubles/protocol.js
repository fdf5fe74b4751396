// The protocol's schema as checks: what is wrong with a message that the extension sent, or with one that a host answers.

import { readFileSync } from "node:fs";
import Ajv2020 from "ajv/dist/2020.js";

const schema = JSON.parse(readFileSync(new URL("../../../protocol/protocol.schema.json", import.meta.url), "utf8"));
const ajv = new Ajv2020({ strict: false, allErrors: true });
ajv.addSchema({ $id: "protocol", ...schema });

/** Names of all methods that a host serves. */
export const METHODS = Object.keys(schema.methods);

const REQUEST = ajv.compile({
  type: "object",
  additionalProperties: false,
  required: ["jsonrpc", "id", "method", "params"],
  properties: { jsonrpc: { const: "2.0" }, id: { type: "integer", minimum: 0 }, method: { enum: METHODS }, params: { type: "object" } },
});

const NOTIFICATION = ajv.compile({
  type: "object",
  additionalProperties: false,
  required: ["jsonrpc", "method", "params"],
  properties: { jsonrpc: { const: "2.0" }, method: { const: "cancel" }, params: { type: "object" } },
});

/** A part of the schema, by the names on the way to it. */
function part(...names) {
  return ajv.getSchema(`protocol#/${names.map((name) => encodeURIComponent(name.replaceAll("/", "~1"))).join("/")}`);
}

function faults(check, value, what) {
  return check(value) ? [] : [`${what}: ${ajv.errorsText(check.errors)}`];
}

/** What is wrong with a message to the host. */
export function faultsOfMessage(message) {
  if (JSON.stringify(message) !== JSON.stringify(wellFormed(message))) return [`${message.method}: a lone surrogate`];
  if (message.id === undefined) {
    return [
      ...faults(NOTIFICATION, message, "notification"),
      ...faults(part("notifications", message.method), message.params, message.method),
    ];
  }
  const shape = faults(REQUEST, message, "request");
  return shape.length > 0 ? shape : faults(part("methods", message.method, "params"), message.params, message.method);
}

/** What is wrong with the result that a host answers to a method. */
export const faultsOfResult = (method, result) => faults(part("methods", method, "result"), result, `result of ${method}`);

/** What is wrong with a notification of a host. */
export const faultsOfNotification = (method, params) => faults(part("notifications", method), params, method);

/** What is wrong with an error that a host answers. */
export const faultsOfError = (error) => faults(part("error"), error, "error");

function wellFormed(value) {
  if (typeof value === "string") return value.toWellFormed();
  if (Array.isArray(value)) return value.map(wellFormed);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, wellFormed(inner)]));
}
