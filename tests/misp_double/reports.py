"""Event reports: eventReports/add and the ones inside an event."""

from typing import Any

from misp_double import event_view, render, saving
from misp_double.errors import Database, column, internal, no_permission, not_saved
from misp_double.model import Event, Report, new_uuid
from misp_double.request import Request

URL = "/event_reports/add"


def _text(given: str | None) -> str:
    """The content column takes long texts, but no more kinds of characters than the others."""
    text = "" if given is None else str(given)
    if any(ord(char) > 0xFFFF for char in text):
        raise Database("content")
    return text


def _store(request: Request, event: Event, raw: dict[str, str], default_level: int) -> Report:
    level = str(raw.get("distribution", default_level))
    made = Report(
        id=request.store.next_id("report"),
        uuid=str(raw.get("uuid") or new_uuid()).lower(),
        event=event,
        name=column(raw.get("name")),
        content=_text(raw.get("content")),
        distribution=int(level),
        timestamp=saving.moment(raw.get("timestamp")),
    )
    event.reports.append(made)
    request.store.reports[made.uuid] = made
    return made


def take(request: Request, event: Event, raw: dict[str, str]) -> bool:
    """A report inside events/add or events/edit: the same uuid updates it, another event's is left alone."""
    found = request.store.reports.get(str(raw.get("uuid") or "").lower())
    if found is None:
        return bool(raw.get("name")) and bool(_store(request, event, raw, 5))
    if found.event is event:
        found.name, found.content = column(raw.get("name", found.name)), _text(raw.get("content", found.content))
        found.timestamp = saving.moment(raw.get("timestamp"))
    return found.event is event


def add(request: Request) -> dict[str, Any]:
    """POST eventReports/add/ID, where ID must be the number."""
    request.caller.needs("perm_add")
    given = ([*request.args, ""])[0]
    if not given.isdecimal():
        raise not_saved("EventReport", URL, "numeric")
    event = event_view.visible_event(request, given)
    if not request.caller.edits(event):
        raise no_permission()
    body = request.body if isinstance(request.body, dict) else {}
    raw = body.get("EventReport", body)
    if not raw.get("name"):
        raise not_saved("EventReport", URL, "This field cannot be left blank")
    if str(raw.get("uuid") or "").lower() in request.store.reports:
        raise not_saved("EventReport", URL, saving.NOT_UNIQUE)
    try:
        made = _store(request, event, raw, 0)
    except Database:
        raise internal() from None
    event.touch()
    return {
        "EventReport": render.report(made),
        "Event": _brief(event),
        "SharingGroup": {"id": None, "name": None, "uuid": None},
    }


def _brief(event: Event) -> dict[str, Any]:
    org, orgc = event.org.brief(), event.orgc.brief()
    return {
        "id": str(event.id),
        "orgc_id": str(event.orgc.id),
        "org_id": str(event.org.id),
        "info": event.info,
        "user_id": str(event.creator.id),
        "date": event.date,
        "Org": {"id": org["id"], "name": org["name"]},
        "Orgc": {"id": orgc["id"], "name": orgc["name"]},
    }


def index(request: Request) -> list[dict[str, Any]]:
    """GET eventReports/index/event_id:ID."""
    event = event_view.visible_event(request, request.named.get("event_id") or ([*request.args, ""])[0])
    return [{"EventReport": render.report(held), "Event": _brief(event)} for held in event.reports]
