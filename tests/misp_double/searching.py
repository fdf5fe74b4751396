"""events/restSearch, attributes/restSearch and events/index, with the traps of the real ones: an unknown or empty
filter finds everything, `!` negates, `%` at an end is a wildcard."""

import base64
import csv
import io
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from misp_double import event_view, lookups, render
from misp_double.errors import no_permission, thrown
from misp_double.faults import rate_limited
from misp_double.model import Attribute, Event, now
from misp_double.request import Request

WINDOW = 900
CSV_COLUMNS = ("uuid", "event_id", "category", "type", "value", "comment", "to_ids", "date")

Row = TypeVar("Row")


def _asked(request: Request) -> dict[str, Any]:
    body = request.body if isinstance(request.body, dict) else {}
    return {**request.named, **body.get("request", body)}


def _count_search(request: Request) -> None:
    """Only searches are rate limited, by role."""
    role = request.caller.user.role
    if not role.rate_limit:
        return
    start, used = request.store.searches.get(request.caller.user.id, (now(), 0))
    if now() - start >= WINDOW:
        start, used = now(), 0
    request.store.searches[request.caller.user.id] = (start, used + 1)
    if used >= role.rate_limit:
        raise rate_limited(role.rate_limit, WINDOW - (now() - start))


def _strings(given: object) -> list[str]:
    """A filter as a list of its strings that are not empty."""
    given = given if isinstance(given, list) else [given]
    return [str(item) for item in given if item not in (None, "")]


def _text_test(given: object) -> Callable[..., bool] | None:
    """A test whether a value is one of the plain ones and none of the negated ones; None if the filter is empty."""
    wanted = [item.lower() for item in _strings(given)]
    exact = {item for item in wanted if not item.startswith("!") and item.strip("%") == item}
    wild = [item for item in wanted if not item.startswith("!") and item.strip("%") != item]
    unwanted = {item[1:] for item in wanted if item.startswith("!")}
    if not wanted:
        return None

    def test(*given: str) -> bool:
        values = [value.lower() for value in given if value]
        if any(value in unwanted for value in values):
            return False
        if not exact and not wild:
            return True
        return any(value in exact or any(_like(value, item) for item in wild) for value in values)

    return test


def _like(value: str, pattern: str) -> bool:
    core = pattern.strip("%")
    if pattern.startswith("%") and pattern.endswith("%"):
        return core in value
    return value.endswith(core) if pattern.startswith("%") else value.startswith(core)


def _flag(given: int | None) -> bool:
    return str(given).lower() in ("1", "true")


def _tests(request: Request, asked: dict[str, Any]) -> list[Callable[..., bool]]:
    """A test of an attribute for each known filter that is not empty."""
    tests: list[Callable[..., bool]] = []

    def add(key: str, read: Callable[[Attribute], Iterable[str]]) -> None:
        test = _text_test(asked.get(key))
        if test:
            tests.append(lambda held: test(*read(held)))

    # Beside a filter of events a "not" has no effect.
    narrowed = _strings(asked.get("eventid")) or _strings(asked.get("eventinfo"))
    values = [item for item in _strings(asked.get("value")) if not (narrowed and item.startswith("!"))]
    test = _text_test(values)
    if test:
        tests.append(lambda held: test(held.value1, held.value2))
    add("type", lambda held: (held.type,))
    add("category", lambda held: (held.category,))
    add("object_relation", lambda held: (held.object_relation or "",))
    add("eventid", lambda held: (str(held.event.id), held.event.uuid))
    add("tags", lambda held: [tag.name for tag, _ in held.tags + held.event.tags])
    add("eventinfo", lambda held: (held.event.info,))
    add("org", lambda held: (str(held.event.orgc.id), held.event.orgc.name, held.event.orgc.uuid))
    if asked.get("to_ids") not in (None, ""):
        tests.append(lambda held: held.to_ids == _flag(asked["to_ids"]))
    if asked.get("published") not in (None, ""):
        tests.append(lambda held: held.event.published == _flag(asked["published"]))
    shown = event_view.wanted_deleted(asked.get("deleted", 0))
    tests.append(lambda held: held.deleted in shown)
    return tests


def _candidates(request: Request, asked: dict[str, Any]) -> list[Attribute]:
    """Looks up exact values and uuids; for everything else walks over all attributes."""
    values = _strings(asked.get("value"))
    if values and not any(item.startswith("!") or item.strip("%") != item for item in values):
        rows = {}
        for value in values:
            rows.update(request.store.by_value.get(value.lower(), {}))
        return [rows[key] for key in sorted(rows)]
    return [held for _, held in sorted(request.store.attributes_by_id.items())]


def _formats(asked: dict[str, Any], known: tuple[str, ...]) -> str:
    chosen = str(asked.get("returnFormat") or "json")
    if chosen not in known:
        raise thrown(404, "Invalid output format.")
    return chosen


def _headers(request: Request, chosen: str, count: int, kind: str) -> None:
    text = chosen in ("count", "text")
    request.answer_headers.update(
        {
            "Content-Type": {"csv": "text/csv", "json": "application/json"}.get(chosen, "text/plain")
            + "; charset=UTF-8",
            "X-Result-Count": str(count),
            "X-Export-Module-Used": chosen,
            "X-Response-Format": "txt" if text else chosen,
            "X-Skipped-Elements-Count": "0",
        }
    )
    if kind == "event":
        request.answer_headers["Content-Disposition"] = f'attachment; filename="misp.event.list.{chosen}"'


def _page(rows: list[Row], asked: dict[str, Any]) -> tuple[list[Row], int]:
    """Rows of the requested page, and the count for the header: limit + 1 if there are more."""
    limit = int(asked.get("limit") or 0)
    if not limit:
        return rows, len(rows)
    start = (max(1, int(asked.get("page") or 1)) - 1) * limit
    return rows[start : start + limit], max(1, min(len(rows) - start, limit + 1))


def attributes(request: Request) -> dict[str, Any] | str:
    """POST attributes/restSearch."""
    _count_search(request)
    asked = _asked(request)
    chosen = _formats(asked, ("json", "csv", "count", "text"))
    rows = _found(request, asked)
    rows, count = _page(rows, asked)
    _headers(request, chosen, 0 if chosen == "text" else count, "attribute")
    if chosen == "json":
        return {"response": {"Attribute": [_attribute(held, asked) for held in rows]}}
    if chosen == "csv":
        return _csv(rows, asked)
    return str(len(rows)) if chosen == "count" else ""


def _found(request: Request, asked: dict[str, Any]) -> list[Attribute]:
    tests = _tests(request, asked)
    uuid = _text_test(asked.get("uuid"))
    if uuid:
        tests.append(lambda held: uuid(held.uuid, held.event.uuid))
    return [
        held
        for held in _candidates(request, asked)
        if request.caller.sees(held.event) and all(test(held) for test in tests)
    ]


def _attribute(held: Attribute, asked: dict[str, Any]) -> dict[str, Any]:
    row = render.attribute_plain(held)
    if _flag(asked.get("withAttachments")) and held.data is not None:
        row["data"] = base64.b64encode(held.data).decode()
    if _flag(asked.get("includeEventUuid")):
        row["event_uuid"] = held.event.uuid
    event = held.event
    row["Event"] = {
        "org_id": str(event.org.id),
        "distribution": str(event.distribution),
        "publish_timestamp": str(event.publish_timestamp),
        "id": str(event.id),
        "info": event.info,
        "orgc_id": str(event.orgc.id),
        "uuid": event.uuid,
    }
    if held.object is not None:
        level = str(held.object.distribution)
        row["Object"] = {"id": str(held.object.id), "distribution": level, "sharing_group_id": "0"}
    tags = held.tags + (event.tags if _flag(asked.get("includeEventTags")) else [])
    if tags:
        row["Tag"] = [render.tag(item) for item in tags]
    return row


def _cell(held: Attribute, column: str) -> str | int:
    plain: dict[str, str | int] = {
        "uuid": held.uuid,
        "event_id": held.event.id,
        "category": held.category,
        "type": held.type,
        "value": held.value,
        "comment": held.comment,
        "to_ids": int(held.to_ids),
        "timestamp": held.timestamp,
        "object_relation": held.object_relation or "",
        "date": held.timestamp,
        "object_uuid": held.object.uuid if held.object else "",
    }
    return plain.get(column, "")


def _csv(rows: list[Attribute], asked: dict[str, Any]) -> str:
    columns = asked.get("requested_attributes") or CSV_COLUMNS
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
    if not _flag(asked.get("headerless")):
        out.write(",".join(columns) + "\n")
    writer.writerows([[_cell(held, column) for column in columns] for held in rows])
    return out.getvalue()


def events(request: Request) -> dict[str, Any] | str:
    """POST events/restSearch; `metadata` leaves the contents out."""
    _count_search(request)
    asked = _asked(request)
    chosen = _formats(asked, ("json", "csv", "count"))
    if chosen != "json":
        rows = _found(request, asked)
        _headers(request, chosen, len(rows), "event")
        return _csv(rows, asked) if chosen == "csv" else str(len({held.event.id for held in rows}))
    found = _events_found(request, asked)
    _headers(request, chosen, len(found), "event")
    shown, _ = _page(found, asked)
    return {"response": [_event(request, event, asked) for event in shown]}


def _events_found(request: Request, asked: dict[str, Any]) -> list[Event]:
    tests: list[Callable[..., bool]] = []
    for key, read in (
        ("uuid", lambda event: (event.uuid,)),
        ("eventid", lambda event: (str(event.id), event.uuid)),
        ("eventinfo", lambda event: (event.info,)),
        ("tags", lambda event: [tag.name for tag, _ in event.tags]),
        ("org", lambda event: (str(event.orgc.id), event.orgc.name, event.orgc.uuid)),
    ):
        test = _text_test(asked.get(key))
        if test:
            tests.append(lambda event, test=test, read=read: test(*read(event)))
    if asked.get("published") not in (None, ""):
        tests.append(lambda event: event.published == _flag(asked["published"]))
    if any(_strings(asked.get(key)) for key in ("value", "type", "category", "object_relation")):
        inner = {key: value for key, value in asked.items() if key in ("value", "type", "category", "object_relation")}
        holding = {held.event.id for held in _found(request, inner)}
        tests.append(lambda event: event.id in holding)
    return [
        event
        for _, event in sorted(request.store.events_by_id.items())
        if request.caller.sees(event) and all(test(event) for test in tests)
    ]


def _event(request: Request, event: Event, asked: dict[str, Any]) -> dict[str, Any]:
    shown = event_view.wanted_deleted(asked.get("deleted", 0))
    row = event_view.whole(request, event, shown, _flag(asked.get("withAttachments")))["Event"]
    if _flag(asked.get("metadata")):
        for key in ("Attribute", "ShadowAttribute", "Object", "EventReport"):
            del row[key]
    return {"Event": row}


def index(request: Request) -> list[dict[str, Any]]:
    """events/index: `eventid` and `eventinfo` are filters, `uuid` is none (it finds everything). `minimal` leaves out events
    without attributes. `sort` and `direction` are as PyMISP names them."""
    asked = _asked(request)
    wanted = _text_test(asked.get("eventid") or asked.get("searcheventid"))
    info = str(asked.get("eventinfo") or asked.get("searcheventinfo") or "").lower()
    minimal = _flag(asked.get("minimal"))
    rows = [
        event
        for _, event in sorted(request.store.events_by_id.items())
        if request.caller.sees(event)
        and (wanted is None or wanted(str(event.id), event.uuid))
        and info in event.info.lower()
        and not (minimal and not event.attribute_count)
    ]
    if asked.get("sort") == "timestamp":
        rows.sort(key=lambda event: event.timestamp, reverse=str(asked.get("direction")).lower() == "desc")
    request.answer_headers["X-Result-Count"] = str(len(rows))
    rows, _ = _page(rows, asked)
    return [_minimal(event) if minimal else _index_row(event) for event in rows]


def _minimal(event: Event) -> dict[str, Any]:
    return {
        "id": str(event.id),
        "timestamp": str(event.timestamp),
        "sighting_timestamp": str(event.sighting_timestamp),
        "published": event.published,
        "uuid": event.uuid,
        "orgc_uuid": event.orgc.uuid,
    }


def _index_row(event: Event) -> dict[str, Any]:
    head = render.event_head(event)
    for key in ("event_creator_email", "SharingGroup"):
        head.pop(key, None)
    return {
        **head,
        "sighting_timestamp": str(event.sighting_timestamp),
        "Org": event.org.brief(),
        "Orgc": event.orgc.brief(),
        "EventTag": lookups.event_tags(event),
    }


def check_uuid(request: Request) -> dict[str, Any]:
    """events/checkuuid is for synchronising servers only."""
    if not request.caller.may("perm_sync"):
        raise no_permission()
    return {"exists": ([*request.args, ""])[0] in request.store.events}
