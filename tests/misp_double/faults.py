"""Faults on demand: which requests fail, how often and how. README.md lists the kinds."""

import threading
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from misp_double.errors import Database, Refusal, internal, thrown, to_login, web_page
from misp_double.model import Event
from misp_double.request import Request

BEFORE = {"error500", "bad_gateway", "rate_limit", "maintenance", "body_limit", "garbage", "cut_before"}
AFTER = {"cut_half", "cut_before", "trickle", "error500", "bad_gateway", "garbage"}
KINDS = BEFORE | AFTER | {"refuse", "hang", "gateway_timeout", "half_made", "slow"}


@dataclass
class Fault:
    """One rule. `skip` requests that match are let through first, then `count` of them fail (-1: all)."""

    kind: str
    method: str = "*"
    path: str = "*"
    count: int = 1
    skip: int = 0
    seconds: float = 1.0
    after: int = 0
    process: bool = False
    limit: int = 1048576
    reset: int = 1
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def matches(self, method: str, path: str) -> bool:
        return self.method in ("*", method) and fnmatchcase(path, self.path)

    def after_attribute(self, request: Request, event: Event) -> None:
        if self.kind == "half_made" and event.attribute_count >= self.after:
            raise Database("told to")
        if self.kind in ("slow", "gateway_timeout") and self.after:
            request.store.pause(self.seconds / max(1, self.after))


class Faults:
    """The active rules. The server asks them once for each request."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.rules: list[Fault] = []

    def set(self, given: dict[str, Any] | list[Any]) -> None:
        """Adds one rule or a list of rules; unknown keys or kinds are a TypeError."""
        rules = [Fault(**rule) for rule in (given if isinstance(given, list) else [given])]
        for rule in rules:
            if rule.kind not in KINDS:
                raise TypeError(f"unknown kind {rule.kind!r}; known: {', '.join(sorted(KINDS))}")
        with self.lock:
            self.rules += rules

    def clear(self) -> None:
        with self.lock:
            self.rules.clear()

    def left(self) -> list[dict[str, Any]]:
        with self.lock:
            return [
                {"kind": rule.kind, "method": rule.method, "path": rule.path, "count": rule.count}
                for rule in self.rules
            ]

    def refuses_connection(self) -> bool:
        with self.lock:
            return self._take([rule for rule in self.rules if rule.kind == "refuse"]) is not None

    def next(self, method: str, path: str) -> Fault | None:
        """The rule that applies to this request; counts it as used once."""
        with self.lock:
            return self._take([rule for rule in self.rules if rule.kind != "refuse" and rule.matches(method, path)])

    def _take(self, rules: list[Fault]) -> Fault | None:
        for rule in rules:
            if rule.skip > 0:
                rule.skip -= 1
                continue
            rule.count -= 1
            if rule.count == 0:
                self.rules.remove(rule)
            return rule
        return None


class Cut(Exception):
    """Drop the connection without an answer."""


def before(fault: Fault | None, request: Request) -> None:
    """Carries out a fault that replaces the request, or that comes before it."""
    if fault is None or (fault.process and fault.kind in AFTER):
        return
    if fault.kind == "body_limit" and len(request.payload) > fault.limit:
        raise web_page(413, "Request Entity Too Large")
    if fault.kind == "maintenance" and not request.caller.site_admin:
        raise to_login(request.base)
    if fault.kind != "maintenance" and fault.kind in BEFORE:
        _fail(fault)


def after(fault: Fault | None) -> None:
    """Carries out a fault that changes the answer to a processed request."""
    if fault is not None and fault.process and fault.kind in AFTER:
        _fail(fault)


def _fail(fault: Fault) -> None:
    if fault.kind == "error500":
        raise internal()
    if fault.kind == "bad_gateway":
        raise web_page(502, "Bad Gateway")
    if fault.kind == "rate_limit":
        raise rate_limited(0, fault.reset)
    if fault.kind == "garbage":
        raise Refusal(200, '{"Event": {"id": "1", "uuid"', {"Content-Type": "application/json; charset=UTF-8"})
    if fault.kind == "cut_before":
        raise Cut


def rate_limited(limit: int, reset: int) -> Refusal:
    headers = {"X-Rate-Limit-Limit": limit, "X-Rate-Limit-Remaining": 0, "X-Rate-Limit-Reset": reset}
    refusal = thrown(429, "Rate limit exceeded.")
    refusal.headers.update({name: str(value) for name, value in headers.items()})
    return refusal
