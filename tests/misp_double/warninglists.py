"""Small warninglists made for the tests, one for each way of matching, and the look-up of values in them."""

import ipaddress
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from misp_double.request import Request


@dataclass(frozen=True)
class Warninglist:
    id: int
    name: str
    type: str
    description: str
    entries: tuple[str, ...]

    def match(self, value: str) -> str | None:
        if self.type == "cidr":
            return self._network(value)
        value = value.lower()
        if self.type == "string":
            return value if value in self.entries else None
        host = value.partition("://")[2].partition("/")[0].partition(":")[0] or value
        return next((entry for entry in self.entries if host == entry or host.endswith("." + entry)), None)

    def _network(self, value: str) -> str | None:
        try:
            address = ipaddress.ip_address(value)
        except ValueError:
            return None
        return next((str(net) for net in _networks(self.entries) if address in net), None)


@lru_cache
def _networks(entries: tuple[str, ...]) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    return tuple(ipaddress.ip_network(entry) for entry in entries)


LISTS = (
    Warninglist(
        1,
        "Double: public resolvers",
        "cidr",
        "addresses of public DNS resolvers",
        ("8.8.8.8/32", "8.8.4.4/32", "9.9.9.9/32", "1.1.1.1/32", "2001:4860:4860::8888/128"),
    ),
    Warninglist(
        2,
        "Double: private networks",
        "cidr",
        "RFC 1918 and loopback",
        ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8"),
    ),
    Warninglist(3, "Double: well-known sites", "hostname", "sites everybody visits", ("google.com", "wikipedia.org")),
    Warninglist(
        4,
        "Double: hashes of empty files",
        "string",
        "digests of zero bytes",
        (
            "d41d8cd98f00b204e9800998ecf8427e",
            "da39a3ee5e6b4b0d3255bfef95601890afd80709",
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        ),
    ),
    Warninglist(5, "Double: one listed host", "string", "a name for tests", ("listed.example.org",)),
)


def hits(value: str) -> list[dict[str, str]]:
    """All lists that have the value, or a half of a composite value."""
    found = []
    for item in LISTS:
        matched = next((match for match in map(item.match, [value, *value.split("|")]) if match), None)
        if matched:
            found.append({"id": str(item.id), "name": item.name, "matched": matched})
    return found


def check_value(request: Request) -> dict[str, list[dict[str, str]]] | list[dict[str, str]]:
    """POST warninglists/checkValue: answers with an object of the hits, or with an empty LIST if there is none."""
    given = request.body.get("value", []) if isinstance(request.body, dict) else request.body
    asked = given if isinstance(given, list) else [given]
    found = {str(value): hits(str(value)) for value in asked if value is not None}
    return {value: rows for value, rows in found.items() if rows} or []


def index(request: Request) -> dict[str, Any]:
    return {
        "Warninglists": [
            {
                "Warninglist": {
                    "id": str(item.id),
                    "name": item.name,
                    "type": item.type,
                    "description": item.description,
                    "version": "1",
                    "enabled": True,
                    "default": True,
                    "category": "false_positive",
                    "warninglist_entry_count": str(len(item.entries)),
                    "valid_attributes": "",
                }
            }
            for item in LISTS
        ]
    }
