"""Holds messages of the native messaging protocol against protocol/protocol.schema.json. Knows nothing of how they travel."""

import json
from pathlib import Path

from jsonschema import Draft202012Validator

FILE = Path(__file__).resolve().parents[2] / "protocol" / "protocol.schema.json"

DOCUMENT = json.loads(FILE.read_text(encoding="utf-8"))
METHODS = tuple(DOCUMENT["methods"])
KINDS = tuple(DOCUMENT["error"]["properties"]["data"]["properties"]["kind"]["enum"])

# JSON-RPC's own codes; every other kind has -32000.
CODES = {"parse": -32700, "invalid": -32600, "unknown_method": -32601, "internal": -32603}

_validators = {}


class Violation(AssertionError):
    """A message that the protocol does not allow."""


def resolved(schema, within=()):
    """The schema with its definitions in place of the references to them: looking them up for
    each of thousands of items takes twice the time. A definition that refers to itself keeps that reference."""
    if isinstance(schema, list):
        return [resolved(one, within) for one in schema]
    if not isinstance(schema, dict):
        return schema
    name = schema.get("$ref", "").removeprefix("#/$defs/")
    if name in within:
        return schema
    if name:
        schema = DOCUMENT["$defs"][name] | {field: value for field, value in schema.items() if field != "$ref"}
        within += (name,)
    return {field: resolved(value, within) for field, value in schema.items()}


def validator(*place):
    """The validator of the part of the document at `place`, such as `methods`, `hello`, `params`."""
    if place not in _validators:
        schema = DOCUMENT
        for name in place:
            schema = schema[name]
        schema = resolved(schema) | {"$defs": DOCUMENT["$defs"]}
        Draft202012Validator.check_schema(schema)
        _validators[place] = Draft202012Validator(schema)
    return _validators[place]


def allows(value, *place):
    return validator(*place).is_valid(value)


def properties(method):
    """The parameters of a method, by name, and which of them it needs."""
    params = resolved(DOCUMENT["methods"][method]["params"])
    return tuple(params.get("properties", {})), tuple(params.get("required", ()))


def hold_params(method, params):
    """Of a request, or of a notification."""
    if method in METHODS:
        _hold(params, "methods", method, "params")
    else:
        _hold(params, "notifications", method)


def hold_result(method, result):
    _hold(result, "methods", method, "result")


def hold_notification(message):
    _only(message, "jsonrpc", "method", "params")
    if message["method"] not in DOCUMENT["notifications"] or message["method"] == "cancel":
        raise Violation(f"the host does not send {message['method']}")
    _hold(message["params"], "notifications", message["method"])


def hold_error(error):
    _hold(error, "error")
    expected = CODES.get(error["data"]["kind"], -32000)
    if error["code"] != expected:
        raise Violation(f"{error['data']['kind']} has code {error['code']} instead of {expected}")


def hold_answer(message):
    """The envelope of an answer; its result is for `hold_result`."""
    _only(message, "jsonrpc", "id", "error" if "error" in message else "result")
    if message["id"] is None and "error" not in message:
        raise Violation(f"a result without an id: {message}")
    if message["id"] is not None:
        _hold(message["id"], "$defs", "id")
    if "error" in message:
        hold_error(message["error"])


def _only(message, *fields):
    if set(message) != set(fields) or message["jsonrpc"] != "2.0":
        raise Violation(f"a message with {sorted(message)} instead of {sorted(fields)}: {str(message)[:500]}")


def _hold(value, *place):
    found = next(validator(*place).iter_errors(value), None)
    if found is not None:
        where = "/".join(map(str, found.absolute_path)) or "the whole"
        raise Violation(f"{'/'.join(place)}: {where}: {found.message[:500]}")
