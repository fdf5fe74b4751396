"""Sightings: sightings/add stores another one with every call, bulkSaveSightings stores each once; and the ways to list
them."""

from typing import Any

from misp_double import event_view, render, saving
from misp_double.errors import Database, internal, thrown
from misp_double.model import Attribute, Sighting, now
from misp_double.request import Request

FAILED = "Could not add the Sighting. Reason: "
NOBODY = FAILED + "No valid attributes found that match the criteria."
BAD_TYPE = FAILED + "Invalid type, please change it before you POST 1000000 sightings."
DAYS_30 = 30 * 24 * 3600


def _seen(request: Request, attribute: Attribute | None) -> bool:
    return attribute is not None and not attribute.deleted and request.caller.sees(attribute.event)


def _targets(request: Request, raw: dict[str, Any]) -> list[Attribute]:
    """With a uuid or id one attribute, with a value every visible attribute that has it."""
    given = ([*request.args, ""])[0] or raw.get("uuid") or raw.get("id")
    if given:
        one = request.store.find_attribute(given)
        return [one] if one and _seen(request, one) else []
    values = raw.get("values") or raw.get("value") or []
    values = values if isinstance(values, list) else [values]
    return [
        held
        for value in values
        for held in request.store.by_value.get(str(value).lower(), {}).values()
        if _seen(request, held)
    ]


def add(request: Request) -> dict[str, Any]:
    """POST sightings/add[/ATTRIBUTE]: the answer shows only the last of the new sightings."""
    request.caller.needs("perm_sighting")
    body = request.body if isinstance(request.body, dict) else {}
    raw = body.get("request", body)
    if str(raw.get("type", "0")) not in ("0", "1", "2"):
        return {"message": BAD_TYPE}
    targets = _targets(request, raw)
    if not targets:
        return {"message": NOBODY}
    try:
        made = [saving.add_sighting(request, held, {"source": "", **raw}, raw.get("timestamp")) for held in targets]
    except Database:
        raise internal() from None
    return {"Sighting": render.sighting(made[-1])}


def bulk(request: Request) -> dict[str, Any]:
    """POST sightings/bulkSaveSightings/EVENT: safe to repeat, as each sighting has a uuid; does not unpublish."""
    request.caller.needs("perm_sighting")
    event = request.store.find_event(([*request.args, ""])[0])
    if event is None or not request.caller.sees(event):
        raise thrown(405, "Event not found or not accessible by this user.")
    given = request.body.get("Sighting", []) if isinstance(request.body, dict) else request.body
    added = 0
    try:
        for raw in saving.records(given):
            added += _bulk_one(request, raw)
    except Database:
        raise internal() from None
    if added:
        return {"saved": True, "success": f"{added} sightings added."}
    return {"saved": False, "success": "No sightings added."}


def _bulk_one(request: Request, raw: dict[str, str]) -> int:
    held = request.store.attributes.get(str(raw.get("attribute_uuid", "")).lower())
    complete = raw.get("date_sighting") is not None and str(raw.get("type")) in ("0", "1", "2")
    known = str(raw.get("uuid") or "").lower() in request.store.sightings
    if held is None or not complete or known or not _seen(request, held):
        return 0
    saving.add_sighting(request, held, raw, raw["date_sighting"], raw.get("uuid"))
    return 1


def _of_attribute(request: Request, asked: dict[str, Any]) -> Attribute | None:
    if "uuid" in asked:
        return request.store.attributes.get(str(asked["uuid"]).lower())
    if isinstance(asked.get("id"), int):
        return request.store.attributes_by_id.get(asked["id"])
    raise thrown(400, f"Invalid ID `{asked.get('id')}` provided.")


def rest_search(request: Request) -> dict[str, Any]:
    """POST sightings/restSearch/attribute: `id` has to be a JSON number; without a time, the last 30 days."""
    asked = request.body if isinstance(request.body, dict) else {}
    held = _of_attribute(request, asked)
    first = int(asked.get("from", now() - DAYS_30))
    last = int(asked.get("to", now()))
    request.answer_headers.update(
        {
            "X-Result-Count": "0",
            "X-Export-Module-Used": "json",
            "X-Response-Format": "json",
            "X-Skipped-Elements-Count": "0",
        }
    )
    rows = [
        item
        for item in (held.sightings if held and _seen(request, held) else [])
        if first <= item.date <= last and asked.get("source") in (None, item.source)
    ]
    return {"response": [{"Sighting": _searched(item)} for item in rows]}


def _searched(item: Sighting) -> dict[str, Any]:
    org = {"id": str(item.org.id), "uuid": item.org.uuid, "name": item.org.name}
    return {**render.sighting(item), "value": item.attribute.value, "Organisation": org}


def list_sightings(request: Request) -> list[dict[str, Any]]:
    """GET sightings/listSightings/ID: ids only. Of anything else PHP reads the digits at the start as an id."""
    given = ([*request.args, ""])[0]
    body = request.body if isinstance(request.body, dict) else {}
    given = given or str(body.get("id", ""))
    held = request.store.find_attribute(given) if given.isdecimal() else None
    if not given.isdecimal() and given[:1].isdecimal():
        return []
    if held is None or not _seen(request, held):
        raise thrown(405, "Invalid object.")
    return [{"Sighting": render.sighting(item), "Organisation": {"name": item.org.name}} for item in held.sightings]


def index(request: Request) -> list[dict[str, Any]]:
    """GET sightings/index/EVENT."""
    event = event_view.visible_event(request, ([*request.args, ""])[0])
    return [render.sighting_in_event(item) for held in event.every_attribute() for item in held.sightings]
