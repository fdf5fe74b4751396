"""One request as the actions see it: path split in CakePHP's way, body decoded, caller known."""

import json
from email.message import Message
from typing import TYPE_CHECKING, Any, NoReturn, Protocol
from urllib.parse import unquote

from misp_double.errors import thrown, to_login
from misp_double.model import Event, Store

if TYPE_CHECKING:
    from misp_double.accounts import Caller
    from misp_double.faults import Fault

BAD_JSON = (
    "Invalid JSON input. Make sure that the JSON input is a correctly formatted JSON string. This request has been "
    "blocked to avoid an unfiltered request."
)


class Viewer(Protocol):
    """The part of a request that showing an event needs: who asks, and with which filters."""

    store: Store
    caller: "Caller"


class Request:
    """`args` are the plain segments after controller and action, `named` those of the form `key:value`. `caller` is there once it is known."""

    caller: "Caller"

    def __init__(self, store: Store, base: str, method: str, target: str, headers: Message, payload: bytes) -> None:
        self.store, self.base, self.method, self.headers, self.payload = store, base, method, headers, payload
        self.path = target.partition("?")[0]
        self.body: Any = None  # JSON of a client: anything
        self.fault: Fault | None = None
        self.answer_headers: dict[str, str] = {}
        plain = self.path.removesuffix(".json")
        segments = [unquote(part) for part in plain.split("/") if part]
        self.named = dict(part.split(":", 1) for part in segments if ":" in part)
        plain_segments = [part for part in segments if ":" not in part]
        self.controller = plain_segments[0] if plain_segments else ""
        self.action = plain_segments[1] if len(plain_segments) > 1 else "index"
        self.args = plain_segments[2:]

    def demand_json(self) -> None:
        """MISP takes a client without `Accept: application/json` or a .json suffix for a browser that has to log in."""
        if "application/json" not in (self.headers.get("Accept") or "") and not self.path.endswith(".json"):
            raise to_login(self.base)

    def read_body(self) -> None:
        """MISP reads a body only if its content type is JSON; a form makes an empty record."""
        kind = (self.headers.get("Content-Type") or "").partition(";")[0].strip().lower()
        if not self.payload or kind == "":
            return
        if kind != "application/json":
            self.body = {"Event": {}} if kind == "application/x-www-form-urlencoded" else None
            return
        self.body = parse(self.payload)

    def pace(self, event: Event) -> None:
        """Called before the first and after each stored attribute, so that a fault can slow the request down or end it."""
        if self.fault is not None:
            self.fault.after_attribute(self, event)


def parse(payload: bytes) -> object:
    """JSON as PHP's decoder takes it: no invalid UTF-8, no lone surrogates, no NaN."""
    try:
        text = payload.decode("utf-8")
        value = json.loads(text, parse_constant=_refuse)
        if "\\u" in text:
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError):
        raise thrown(405, BAD_JSON) from None
    return value


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)
