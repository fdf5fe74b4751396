"""Checks messages of the native messaging protocol against protocol/protocol.schema.json. How they travel is in `client`."""

import json
import re
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

FILE = Path(__file__).resolve().parents[2] / "protocol" / "protocol.schema.json"

DOCUMENT = json.loads(FILE.read_text(encoding="utf-8"))
SAID = {
    code: row
    for group in json.loads(FILE.with_name("codes.json").read_text(encoding="utf-8")).values()
    for code, row in group.items()
}
METHODS = tuple(DOCUMENT["methods"])
KINDS = tuple(DOCUMENT["error"]["properties"]["data"]["properties"]["kind"]["enum"])

# JSON-RPC's own codes; every other kind has -32000.
CODES = {"parse": -32700, "invalid": -32600, "unknown_method": -32601, "internal": -32603}

_validators: dict[tuple[object, ...], Draft202012Validator] = {}


class Violation(AssertionError):
    """A message that the protocol does not allow."""


def resolved(schema: Any, within: tuple[str, ...] = ()) -> Any:  # noqa: ANN401 - a schema is any JSON
    """The schema with definitions in place of references, as looking them up for each of thousands of items takes twice
    the time. References of a definition to itself stay; `_hold_said` checks those parts."""
    if isinstance(schema, list):
        return [resolved(one, within) for one in schema]
    if not isinstance(schema, dict):
        return schema
    schema = dict(schema)
    reference = schema.pop("$ref", None)
    if reference in within:
        return {"type": "object", "required": ["code", "arguments", "text"]}
    within = (*within, reference) if reference else within
    definition = DOCUMENT["$defs"][reference.removeprefix("#/$defs/")] if reference else {}
    return {name: resolved(value, within) for name, value in (definition | schema).items()}


def validator(*place: str) -> Draft202012Validator:
    """The validator of the part of the document at `place`, such as `methods`, `hello`, `params`."""
    if place not in _validators:
        schema = DOCUMENT
        for name in place:
            schema = schema[name]
        schema = resolved(schema) | {"$defs": DOCUMENT["$defs"]}
        Draft202012Validator.check_schema(schema)
        _validators[place] = Draft202012Validator(schema)
    return _validators[place]


def allows(value: object, *place: str) -> bool:
    return validator(*place).is_valid(value)


def properties(method: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The parameters of a method by name, and the names of those that it needs."""
    params = resolved(DOCUMENT["methods"][method]["params"])
    return tuple(params.get("properties", {})), tuple(params.get("required", ()))


def hold_params(method: str, params: dict[str, Any]) -> None:
    """Checks the parameters of a request or notification."""
    if method in METHODS:
        _hold(params, "methods", method, "params")
    else:
        _hold(params, "notifications", method)


def hold_result(method: str, result: dict[str, Any]) -> None:
    _hold(result, "methods", method, "result")


def hold_notification(message: dict[str, Any]) -> None:
    _only(message, "jsonrpc", "method", "params")
    if message["method"] not in DOCUMENT["notifications"] or message["method"] == "cancel":
        raise Violation(f"the host does not send {message['method']}")
    _hold(message["params"], "notifications", message["method"])


def hold_error(error: dict[str, Any]) -> None:
    _hold(error, "error")
    expected = CODES.get(error["data"]["kind"], -32000)
    if error["code"] != expected:
        raise Violation(f"{error['data']['kind']} has code {error['code']} instead of {expected}")


def hold_answer(message: dict[str, Any]) -> None:
    """Checks the envelope of an answer; `hold_result` checks its result."""
    _only(message, "jsonrpc", "id", "error" if "error" in message else "result")
    if message["id"] is None and "error" not in message:
        raise Violation(f"a result without an id: {message}")
    if message["id"] is not None:
        _hold(message["id"], "$defs", "id")
    if "error" in message:
        hold_error(message["error"])


def _only(message: dict[str, Any], *fields: str) -> None:
    if set(message) != set(fields) or message["jsonrpc"] != "2.0":
        raise Violation(f"a message with {sorted(message)} instead of {sorted(fields)}: {str(message)[:500]}")


def _hold(value: object, *place: str) -> None:
    found = next(validator(*place).iter_errors(value), None)
    if found is not None:
        where = "/".join(map(str, found.absolute_path)) or "the whole"
        raise Violation(f"{'/'.join(place)}: {where}: {found.message[:500]}")
    _hold_said(value)


def _hold_said(value: object) -> None:
    """Checks that every text in `value` has a code of codes.json, with the arguments listed there, and its wording."""
    if isinstance(value, dict) and set(value) == {"code", "arguments", "text"}:
        row = SAID.get(value["code"])
        if row is None or set(value["arguments"]) != set(row.get("arguments", {})):
            raise Violation(f"not in codes.json: {value}")
        # The program cuts a long text.
        if not value["text"].endswith("…") and value["text"] != _worded(row["en"], value["arguments"]):
            raise Violation(f"not worded as in codes.json: {value}")
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            _hold_said(one)


def _worded(wording: str, arguments: dict[str, Any]) -> str:
    def worded(match: re.Match[str]) -> str:
        argument = arguments[match[1]]
        if isinstance(argument, list):
            return ", ".join(argument)
        return str(argument["text"] if isinstance(argument, dict) else argument)

    return re.sub(r"\{(\w+)\}", worded, wording)
