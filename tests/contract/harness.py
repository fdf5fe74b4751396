"""What all contract tests share: one MISP (the double, started here, or a real one that MISPIGEON_TEST_MISP_URL and
MISPIGEON_TEST_MISP_KEY name), a small HTTP client, and ways to skip tests."""

import atexit
import http.client
import json
import os
import ssl
import subprocess
import sys
import unittest
import uuid
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path
from ssl import SSLContext
from typing import Any
from urllib.parse import urlsplit

DOUBLE = Path(__file__).resolve().parent.parent / "misp_double"
REAL_URL = os.environ.get("MISPIGEON_TEST_MISP_URL", "")
REAL_KEY = os.environ.get("MISPIGEON_TEST_MISP_KEY", "")
REAL = bool(REAL_URL and REAL_KEY)
INSECURE = bool(os.environ.get("MISPIGEON_TEST_MISP_INSECURE"))
EMAIL_TEMPLATE = {
    "name": "email",
    "meta-category": "network",
    "description": "d",
    "template_uuid": "a0c666e0-fc65-4be8-b48f-3423d788b552",
    "template_version": "19",
}


def key(name: str) -> str:
    return f"Double{name}".ljust(40, "0")


def new_uuid() -> str:
    return str(uuid.uuid4())


def word() -> str:
    """A word that no earlier test has used."""
    return uuid.uuid4().hex[:10]


class Process:
    """Starts a double for one test alone."""

    def __init__(self, *options: str) -> None:
        self.child = subprocess.Popen(
            [sys.executable, str(DOUBLE), *options], stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )
        atexit.register(self.stop)
        assert self.child.stdout
        line = self.child.stdout.readline().split()
        if line[:2] != ["listening", "on"]:
            raise RuntimeError("the double did not start")
        self.url = line[2]

    def stop(self) -> int:
        if self.child.poll() is None:
            self.child.terminate()
            self.child.wait(10)
            if self.child.stdout:
                self.child.stdout.close()
        return self.child.returncode


class Answer:
    """Status, headers (names in lower case), the bytes of the body, and its JSON value if it is JSON."""

    def __init__(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status, self.body = status, body
        self.headers = {name.lower(): value for name, value in headers}
        try:
            self.json: Any = json.loads(body)
        except ValueError:
            self.json = None

    def __repr__(self) -> str:
        return f"{self.status} {self.body[:400]!r}"


class Client:
    """Requests to one MISP with one key. Every request has a connection of its own."""

    def __init__(self, url: str, auth: str, context: SSLContext | None = None) -> None:
        self.parts, self.auth, self.context = urlsplit(url), auth, context
        self.host = self.parts.hostname or ""

    def connect(self) -> HTTPConnection | HTTPSConnection:
        if self.parts.scheme == "https":
            return http.client.HTTPSConnection(self.host, self.parts.port, timeout=30, context=self.context)
        return http.client.HTTPConnection(self.host, self.parts.port, timeout=30)

    def headers(self, extra: dict[str, Any] | None = None) -> dict[str, str]:
        headers = {"Accept": "application/json", "Content-Type": "application/json", "Authorization": self.auth}
        headers.update(extra or {})
        return {name: value for name, value in headers.items() if value is not None}

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        headers: dict[str, Any] | None = None,
    ) -> Answer:
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
        connection = self.connect()
        try:
            connection.request(method, path, body, self.headers(headers))
            reply = connection.getresponse()
            return Answer(reply.status, reply.getheaders(), reply.read())
        finally:
            connection.close()

    def get(self, path: str, **more: Any) -> Answer:
        return self.ask("GET", path, **more)

    def post(self, path: str, body: object = None, **more: Any) -> Answer:
        return self.ask("POST", path, body, **more)


_shared: dict[str, Process] = {}


def misp_url() -> str:
    if REAL:
        return REAL_URL
    if "double" not in _shared:
        _shared["double"] = Process()
    return _shared["double"].url


def _context() -> ssl.SSLContext:
    context = ssl.create_default_context()
    if INSECURE:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


class ContractTest(unittest.TestCase):
    """A test against the double, as a publisher, or against the real MISP."""

    maxDiff = 2000
    misp: Client

    @classmethod
    def setUpClass(cls) -> None:
        cls.misp = Client(misp_url(), REAL_KEY if REAL else key("Publisher"), _context() if REAL else None)

    def as_role(self, name: str) -> Client:
        self.double_only("needs the fixed roles of the double")
        return Client(misp_url(), key(name))

    def double_only(self, reason: str) -> None:
        if REAL:
            self.skipTest(f"against a real MISP: {reason}")

    def needs(self, permission: str) -> None:
        role = self.misp.get("/users/view/me").json["Role"]
        if not role[permission]:
            self.skipTest(f"the key's role has no {permission}")

    def faults(self, *rules: dict[str, Any]) -> None:
        self.double_only("faults are the double's")
        answer = Client(misp_url(), "").post("/__double/faults", list(rules))
        self.assertEqual(answer.status, 200, answer)

    def journal(self) -> list[dict[str, Any]]:
        return Client(misp_url(), "").get("/__double/journal").json["requests"]

    def add(self, by: Client | None = None, **fields: object) -> dict[str, Any]:
        """Stores an event, and returns it as MISP shows it."""
        event = {"uuid": new_uuid(), "info": f"contract {word()}", "distribution": "0", **fields}
        answer = (by or self.misp).post("/events/add", {"Event": event})
        self.assertEqual(answer.status, 200, answer)
        return answer.json["Event"]

    def view(self, uuid: str, more: str = "") -> dict[str, Any]:
        answer = self.misp.get(f"/events/view/{uuid}{more}")
        self.assertEqual(answer.status, 200, answer)
        return answer.json["Event"]

    def edit(self, uuid: str, **fields: object) -> dict[str, Any]:
        answer = self.misp.post(f"/events/edit/{uuid}", {"Event": {"uuid": uuid, **fields}})
        self.assertEqual(answer.status, 200, answer)
        return answer.json["Event"]

    def assert_thrown(self, answer: Answer, status: int, message: str) -> None:
        self.assertEqual((answer.status, (answer.json or {}).get("message")), (status, message), answer)
        self.assertEqual(set(answer.json), {"name", "message", "url"}, answer)

    def assert_not_saved(self, answer: Answer, errors: str | dict[str, Any]) -> None:
        self.assertEqual(answer.status, 403, answer)
        self.assertIs(answer.json["saved"], False)
        self.assertEqual(answer.json["errors"], errors)


def domain(name: str | None = None, **more: Any) -> dict[str, Any]:
    """A valid attribute that belongs to no event yet."""
    return {
        "uuid": new_uuid(),
        "type": "domain",
        "category": "Network activity",
        "value": name or f"c-{word()}.example.org",
        **more,
    }


def email_object(**more: Any) -> dict[str, Any]:
    """A valid email object of two attributes."""
    return {
        **EMAIL_TEMPLATE,
        "uuid": new_uuid(),
        "Attribute": [
            {
                "uuid": new_uuid(),
                "object_relation": "subject",
                "type": "email-subject",
                "category": "Payload delivery",
                "value": f"subject {word()}",
                "to_ids": False,
            },
            {
                "uuid": new_uuid(),
                "object_relation": "from",
                "type": "email-src",
                "category": "Payload delivery",
                "value": f"m@{word()}.example.org",
                "to_ids": True,
            },
        ],
        **more,
    }


def values(event: dict[str, Any]) -> list[str]:
    return sorted(row["value"] for row in event["Attribute"])
