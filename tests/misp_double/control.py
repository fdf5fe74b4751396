"""The double's own paths, `/__double/…`: faults, journal, reset, and a view of what is stored. They need no key."""

import json
import threading
import time
from typing import TYPE_CHECKING, Any

from misp_double import event_view, tags
from misp_double.accounts import KEYS, Caller
from misp_double.model import Store
from misp_double.request import Request

if TYPE_CHECKING:
    from misp_double.server import Double

SECRET = {"authorization", "x-misp-auth"}


class Journal:
    """Every request that reached the double, in order, without its key."""

    def __init__(self, file: str | None = None) -> None:
        self.lock = threading.Lock()
        self.file = file
        self.requests: list[dict[str, Any]] = []

    def note(self, request: Request) -> dict[str, Any]:
        """Adds an entry when the request has been read; the status follows with the answer."""
        headers = {name: value for name, value in request.headers.items() if name.lower() not in SECRET}
        entry = {
            "method": request.method,
            "path": request.path,
            "headers": headers,
            "size": len(request.payload),
            "json": _json(request.payload),
            "status": None,
            "seconds": None,
            "at": time.monotonic(),
        }
        with self.lock:
            self.requests.append(entry)
        return entry

    def done(self, entry: dict[str, Any], status: int | None) -> None:
        entry["status"], entry["seconds"] = status, time.monotonic() - entry.pop("at")
        if self.file:
            with self.lock, open(self.file, "a", encoding="utf-8") as out:
                out.write(json.dumps(entry) + "\n")

    def clear(self) -> None:
        with self.lock:
            self.requests.clear()


def _json(payload: bytes) -> dict[str, Any] | list[Any] | None:
    try:
        return json.loads(payload)
    except (ValueError, RecursionError):
        return None


class _Everything:
    """A request without a caller that may see everything, for the view of what is stored."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.caller = Caller(next(key.user for key in KEYS.values() if key.user.site_admin))


def answer(server: "Double", request: Request) -> tuple[int, object]:
    """(status, JSON) of a control request."""
    door = request.action
    if door == "journal":
        if request.method == "DELETE":
            server.journal.clear()
        return 200, {"requests": server.journal.requests}
    if door == "faults":
        return _faults(server, request)
    if door == "reset":
        reset(server)
        return 200, {"reset": True}
    if door == "events":
        return _event(server, ([*request.args, ""])[0])
    if door == "age":
        return _age(server, json.loads(request.payload)["seconds"])
    if door == "state":
        with server.store.lock:
            return 200, {"events": len(server.store.events), "attributes": len(server.store.attributes)}
    return 404, {"error": "no such door"}


def _age(server: "Double", seconds: int) -> tuple[int, object]:
    """Moves the last change of every event into the past."""
    with server.store.lock:
        for event in server.store.events.values():
            event.timestamp -= seconds
        return 200, {"events": len(server.store.events)}


def reset(server: "Double") -> None:
    """Back to an empty server: events, journal, faults."""
    with server.store.lock:
        server.store.clear()
        tags.stock(server.store)
    server.journal.clear()
    server.faults.clear()


def _faults(server: "Double", request: Request) -> tuple[int, object]:
    if request.method == "DELETE":
        server.faults.clear()
    if request.method == "POST":
        try:
            server.faults.set(json.loads(request.payload))
        except (TypeError, ValueError) as problem:
            return 400, {"error": str(problem)}
    return 200, {"faults": server.faults.left()}


def _event(server: "Double", given: str) -> tuple[int, object]:
    """The event as stored, deleted parts and attachments too, and every body that made or changed it."""
    with server.store.lock:
        event = server.store.find_event(given)
        if event is None:
            return 404, {"error": "no such event"}
        whole = event_view.whole(_Everything(server.store), event, frozenset({False, True}), with_data=True)
        return 200, {**whole, "posted": event.posted}
