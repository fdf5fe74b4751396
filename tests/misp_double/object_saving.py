"""Objects and their references inside events/add and events/edit, which drop everything wrong without saying so.
`objects` has objects/add, which is strict."""

from typing import Any

from misp_double import saving
from misp_double.errors import column
from misp_double.model import Attribute, Event, MispObject, Reference, is_uuid, new_uuid
from misp_double.request import Request
from misp_double.saving import Draft

NEEDED = ("name", "meta-category", "template_uuid")


def store_object(request: Request, event: Event, raw: dict[str, Any], description: str | None) -> MispObject:
    """An object without attributes; they are added later."""
    store = request.store
    held = MispObject(
        id=store.next_id("object"),
        uuid=str(raw.get("uuid") or new_uuid()).lower(),
        event=event,
        name=column(raw.get("name")),
        meta_category=str(raw.get("meta-category")),
        description=description,
        template_uuid=str(raw.get("template_uuid")),
        template_version=str(raw.get("template_version") or "1"),
        comment=column(raw.get("comment")),
        timestamp=saving.moment(raw.get("timestamp")),
        distribution=_level(raw),
        first_seen=raw.get("first_seen"),
        last_seen=raw.get("last_seen"),
        deleted=saving.flag(raw.get("deleted")),
    )
    store.objects[held.uuid] = held
    event.objects.append(held)
    return held


def _level(raw: dict[str, Any]) -> int:
    level = str(raw.get("distribution", 0))
    return int(level) if level in ("0", "1", "2", "3", "4", "5") else 0


def _good_drafts(request: Request, raw: dict[str, Any], warn: bool) -> list[Draft]:
    drafts = [saving.draft(item) for item in saving.records(raw.get("Attribute"))]
    return [
        made
        for made in drafts
        if not made.errors and made.uuid not in request.store.attributes and not (warn and saving.listed(made))
    ]


def add_given(request: Request, event: Event, raw: dict[str, Any], warn: bool = False) -> bool:
    """An object of the event's JSON. Drops one that is in another event, has no template or loses all attributes."""
    uuid = str(raw.get("uuid") or "").lower()
    if any(not raw.get(key) for key in NEEDED) or (uuid and not is_uuid(uuid)) or uuid in request.store.objects:
        return False
    drafts = _good_drafts(request, raw, warn)
    if not drafts:
        return False
    held = store_object(request, event, raw, raw.get("description"))
    for made in drafts:
        saving.create(request, event, made, held_by=held)
    return True


def edit_given(request: Request, event: Event, raw: dict[str, Any]) -> bool:
    """An object of an edit: adds it, or completes the stored one unless its timestamp forbids that."""
    held = request.store.objects.get(str(raw.get("uuid") or "").lower())
    if held is None:
        return add_given(request, event, raw)
    if held.event is not event:
        return False
    if "timestamp" in raw and saving.moment(raw["timestamp"]) <= held.timestamp:
        return False
    if "deleted" in raw:
        delete(held) if saving.flag(raw["deleted"]) else setattr(held, "deleted", False)
    if held.deleted:
        # New attributes of a deleted object are stored, as deleted, and counted all the same.
        new = [made for made in _good_drafts(request, raw, False) if "uuid" in made.raw]
        event.attribute_count += len(new)
        return "deleted" in raw
    held.comment = column(raw["comment"]) if "comment" in raw else held.comment
    held.timestamp = saving.moment(raw.get("timestamp"))
    for item in saving.records(raw.get("Attribute")):
        _edit_attribute(request, held, saving.draft(item))
    return True


def _edit_attribute(request: Request, held: MispObject, made: Draft) -> None:
    stored = request.store.attributes.get(made.uuid)
    if made.errors:
        return
    if stored is None:
        saving.create(request, held.event, made, held_by=held)
    elif stored.object is held:
        raw = made.raw
        if "timestamp" not in raw or saving.moment(raw["timestamp"]) > stored.timestamp:
            saving.change(request, stored, made)


def delete(held: MispObject) -> None:
    held.deleted = True
    for attribute in held.attributes:
        saving.delete(attribute)


def add_references(request: Request, event: Event, given: object) -> None:
    """Makes the references after all objects are stored. A reference that has a uuid is made only once."""
    for raw in saving.records(given):
        held = request.store.objects.get(str(raw.get("uuid") or "").lower())
        for item in saving.records(raw.get("ObjectReference")):
            if held is not None and held.event is event:
                _add_reference(request, held, item)


def _add_reference(request: Request, held: MispObject, item: dict[str, Any]) -> None:
    uuid = str(item.get("uuid") or "").lower()
    target = find_target(request, held, item)
    if target is not None and uuid not in request.store.references:
        store_reference(request, held, target, item, uuid or new_uuid())


def find_target(request: Request, held: MispObject, item: dict[str, Any]) -> Attribute | MispObject | None:
    """The object or attribute of the same event that a reference names."""
    uuid = str(item.get("referenced_uuid") or "").lower()
    target = request.store.objects.get(uuid) or request.store.attributes.get(uuid)
    return target if target is not None and target.event is held.event else None


def store_reference(
    request: Request, held: MispObject, target: Attribute | MispObject, item: dict[str, str], uuid: str
) -> Reference:
    made = Reference(
        id=request.store.next_id("reference"),
        uuid=uuid,
        object=held,
        target=target,
        relationship=str(item.get("relationship_type") or ""),
        comment=column(item.get("comment")),
        timestamp=saving.moment(item.get("timestamp")),
    )
    held.references.append(made)
    request.store.references[uuid] = made
    return made
