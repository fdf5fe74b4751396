"""Whole events as replies: those of events/view, events/add and events/edit."""

from collections.abc import Set as AbstractSet
from typing import Any

from misp_double import render
from misp_double.errors import thrown
from misp_double.model import Attribute, Event, MispObject
from misp_double.request import Request, Viewer


def visible_event(request: Request, given: str, words: str = "Invalid event") -> Event:
    """The event if the caller may see it; a hidden event is answered like a missing one."""
    found = request.store.find_event(given)
    if found is None or not request.caller.sees(found):
        raise thrown(404, words)
    return found


def wanted_deleted(given: int | str | list[int]) -> set[bool]:
    """Which rows to show: `deleted` may be a flag (1 means both kinds), a list of flags, or 2 for the deleted only."""
    if isinstance(given, list):
        return {str(item) in ("1", "true", "True") for item in given}
    text = str(given).lower()
    if text in ("2", "only"):
        return {True}
    return {False, True} if text in ("1", "true") else {False}


def related(request: Viewer, event: Event) -> list[dict[str, Any]]:
    """Other visible events that hold one of the values."""
    found = {}
    for attribute in event.every_attribute():
        if attribute.deleted or attribute.disable_correlation:
            continue
        for value in {attribute.value1.lower(), attribute.value2.lower()} - {""}:
            for other in request.store.by_value.get(value, {}).values():
                if other.event is not event and not (other.deleted or other.disable_correlation):
                    found[other.event.id] = other.event
    return [render.related(item) for _, item in sorted(found.items()) if request.caller.sees(item)]


def whole(
    request: Viewer,
    event: Event,
    deleted: AbstractSet[bool] = frozenset({False}),
    with_data: bool = False,
    extended: bool = False,
) -> dict[str, Any]:
    """`{"Event": {…}}` with everything in it; the `Tag` key is absent when there is none."""
    row = render.event_head(event)
    extending = _extending(request, event) if extended else []
    if extending:
        row["extensionEvents"] = {str(item.id): _extension(item) for item in extending}
    shown = [event, *extending]
    row["Attribute"] = [
        _attribute(request, held, with_data) for item in shown for held in item.attributes if held.deleted in deleted
    ]
    row["ShadowAttribute"] = []
    row["RelatedEvent"] = related(request, event)
    row["Galaxy"] = []
    row["Object"] = [
        _object(held, deleted, with_data) for item in shown for held in item.objects if held.deleted in deleted
    ]
    row["EventReport"] = [render.report(held) for held in event.reports]
    row["CryptographicKey"] = []
    if event.tags:
        row["Tag"] = [render.tag(item) for item in event.tags]
    return {"Event": row}


def _attribute(request: Viewer, held: Attribute, with_data: bool) -> dict[str, Any]:
    row = render.attribute_in_event(held, with_data)
    if held.distribution == 4:
        row["SharingGroup"] = render.sharing_group(request.store.sharing_groups[held.sharing_group_id])
    return row


def _object(held: MispObject, deleted: AbstractSet[bool], with_data: bool) -> dict[str, Any]:
    row = render.object_row(held)
    row["ObjectReference"] = [render.reference_in_event(item) for item in held.references if not item.deleted]
    row["Attribute"] = [
        render.attribute_in_event(item, with_data) for item in held.attributes if item.deleted in deleted
    ]
    return row


def _extending(request: Viewer, event: Event) -> list[Event]:
    return [
        item for item in request.store.events.values() if item.extends_uuid == event.uuid and request.caller.sees(item)
    ]


def _extension(event: Event) -> dict[str, Any]:
    return {
        "id": str(event.id),
        "info": event.info,
        "orgc_id": str(event.orgc.id),
        "user_id": str(event.creator.id),
        "Orgc": event.orgc.brief(),
    }


def view(request: Request) -> dict[str, Any]:
    """GET events/view/ID or UUID, POST with filters in the body."""
    event = visible_event(request, request.args[0] if request.args else "")
    asked = {**request.named, **(request.body if isinstance(request.body, dict) else {})}
    with_data = str(asked.get("includeAttachments", asked.get("withAttachments", 0))).lower() in ("1", "true")
    extended = str(asked.get("extended", 0)).lower() in ("1", "true")
    return whole(request, event, wanted_deleted(asked.get("deleted", 0)), with_data, extended)
