#!/usr/bin/env python3
"""Hosts that are incompatible or break. A link to this file starts it; the link's name chooses the behaviour."""

import json
import os
import struct
import sys
from typing import Any

GREETING = {"host": "0.1.0", "protocol": 1, "limits": {"message": 1 << 28, "chunk": 786_432, "messages": 4}}


def receive() -> dict[str, Any]:
    header = sys.stdin.buffer.read(4)
    if len(header) < 4:
        sys.exit()
    return json.loads(sys.stdin.buffer.read(struct.unpack("=I", header)[0]))


def answer(request: dict[str, Any], **what: object) -> None:
    body = json.dumps({"jsonrpc": "2.0", "id": request["id"], **what}).encode()
    sys.stdout.buffer.write(struct.pack("=I", len(body)) + body)
    sys.stdout.buffer.flush()


def refuse(request: dict[str, Any], kind: str, **data: object) -> None:
    answer(request, error={"code": -32000, "message": f"this is {kind}", "data": {"kind": kind, **data}})


def too_old(request: dict[str, Any]) -> None:
    refuse(request, "unknown_method")


def too_new(request: dict[str, Any]) -> None:
    refuse(request, "incompatible", host="9.0.0", protocol={"min": 2, "max": 3})


def ends_at_once(_: dict[str, Any]) -> None:
    sys.exit(1)


def talks(_: dict[str, Any]) -> None:
    print("hello, this is no frame", flush=True)


def crashes_later(request: dict[str, Any]) -> None:
    if request["method"] != "hello":
        os.abort()
    answer(request, result=GREETING)


def lies_about_pages(request: dict[str, Any]) -> None:
    """A host that claims an event on another server than the configured one."""
    elsewhere = "http://elsewhere.invalid/events/view/1"
    row = {
        "row": 1,
        "subject": "s",
        "message_id": None,
        "status": "created",
        "uuid": None,
        "event_id": "1",
        "url": elsewhere,
    }
    numbers = {"attributes": 1, "objects": 0, "skipped": [], "skipped_total": 0, "notes": [], "error": None}
    status = {
        "host": "0.1.0",
        "config": {"file": None, "exists": True, "error": None, "repair": None},
        "destination": {"target": "misp", "url": "http://misp.invalid"},
        "key_set": True,
        "profiles": [],
        "defaults": {"mode": "report", "tlp": "tlp:amber", "distribution": 0},
        "outbox": {"pending": 0, "failed": 0},
        "notes": [],
    }
    results = {
        "hello": GREETING,
        "message.begin": {"message": "m1"},
        "message.chunk": {"received": request["params"].get("offset", 0)},
        "message.end": {"identity": "0" * 64, "encrypted": False},
        "status": status,
        "send": {"deliveries": [row | numbers]},
    }
    if request["method"] in results:
        answer(request, result=results[request["method"]])
    else:
        refuse(request, "unknown_method")


if __name__ == "__main__":
    behaviour = globals()[os.path.basename(sys.argv[0])]
    while True:
        behaviour(receive())
