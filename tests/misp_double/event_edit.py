"""events/edit: adds what is missing, changes what is newer, never removes what the request leaves out, and unpublishes."""

from typing import Any

from misp_double import event_view, object_saving, reports, saving, tags
from misp_double.errors import Database, column, internal, no_permission, not_saved, thrown
from misp_double.event_fields import checked
from misp_double.events import add_loose_sightings, given_event
from misp_double.model import Attribute, Event, now
from misp_double.request import Request
from misp_double.saving import Draft

OLDER = "Event could not be saved: Event in the request not newer than the local copy."


def edit(request: Request) -> dict[str, Any]:
    """POST or PUT events/edit/ID. Edits the event whose uuid is in the BODY; the reply shows the event of the URL."""
    if request.method not in ("POST", "PUT"):
        raise thrown(405, "This method is only accessible via POST requests.")
    if not (request.caller.may("perm_modify") or request.caller.may("perm_modify_org")):
        raise no_permission()
    shown = event_view.visible_event(request, ([*request.args, ""])[0])
    raw = given_event(request)
    event = request.store.events.get(str(raw.get("uuid") or "").lower(), shown)
    if not request.caller.sees(event):
        raise thrown(404, "Invalid event")
    if not request.caller.edits(event):
        raise thrown(403, "You are not authorised to do that.")
    url = f"/events/edit/{event.id}"
    if "timestamp" in raw and saving.moment(raw["timestamp"]) <= event.timestamp:
        raise not_saved("Event", url, OLDER, verb="edit", id=str(event.id))
    try:
        fields = checked(request, raw, new=False, url=url, id=str(event.id))
        _apply(request, event, raw, fields)
    except Database:
        raise internal() from None
    return event_view.whole(request, shown)


def _apply(request: Request, event: Event, raw: dict[str, Any], fields: dict[str, Any]) -> None:
    changed = any(getattr(event, key) != value for key, value in fields.items())
    for key, value in fields.items():
        setattr(event, key, value)
    event.posted.append(request.body)
    event.timestamp = saving.moment(raw["timestamp"]) if "timestamp" in raw else now()
    wanted = saving.flag(raw.get("published")) and request.caller.may("perm_publish")
    event.published = wanted
    tags.attach_given(request, event.tags, raw.get("Tag"))
    changed |= edit_attributes(request, event, raw.get("Attribute"))
    for item in saving.records(raw.get("Object")):
        changed |= object_saving.edit_given(request, event, item)
    object_saving.add_references(request, event, raw.get("Object"))
    for item in saving.records(raw.get("EventReport")):
        changed |= reports.take(request, event, item)
    add_loose_sightings(request, event)
    if wanted and changed:
        event.publish_timestamp = now()


def edit_attributes(request: Request, event: Event, given: object) -> bool:
    """The event's own attributes. New ones are stored together: a database error in one stores none of them."""
    drafts = [saving.draft(item) for item in saving.records(given)]
    new = [made for made in drafts if not made.errors and made.uuid not in request.store.attributes]
    for made in new:
        column(made.raw.get("comment"))
    changed, seen = False, set()
    for made in drafts:
        stored = request.store.attributes.get(made.uuid)
        if stored is not None:
            changed |= edit_attribute(request, event, stored, made)
        elif not made.errors and made.same not in seen and not saving.similar(request.store, event, made):
            seen.add(made.same)
            saving.create(request, event, made)
            changed = True
    return changed


def edit_attribute(request: Request, event: Event, stored: Attribute, made: Draft) -> bool:
    """One stored attribute. Stays as it is if its timestamp is not older, or if it belongs to another event."""
    raw = made.raw
    if stored.event is not event or made.errors:
        return False
    if "timestamp" in raw and saving.moment(raw["timestamp"]) <= stored.timestamp:
        return False
    saving.change(request, stored, made)
    return True
