"""events/add, publish, unpublish and delete. `event_edit` has events/edit."""

from typing import Any

from misp_double import event_view, object_saving, reports, saving, tags
from misp_double.errors import Database, internal, no_permission, not_saved, saved, thrown
from misp_double.event_fields import checked
from misp_double.model import Event, new_uuid, now
from misp_double.request import Request

EMPTY = "Received a published event that was empty. Event add process blocked."
EXISTS = "Event already exists, if you would like to edit it, use the url in the location header."


def given_event(request: Request) -> dict[str, Any]:
    """The event in the body, with or without its wrapper."""
    body = request.body
    if not isinstance(body, dict) or not body:
        raise thrown(405, "No valid event data received.")
    event = body.get("Event", body)
    return event if isinstance(event, dict) else {}


def add(request: Request) -> dict[str, Any]:
    """POST events/add. Drops invalid attributes without saying so; a database error leaves a half-made event."""
    request.caller.needs("perm_add")
    raw, store = given_event(request), request.store
    if saving.flag(raw.get("published")) and not (raw.get("Attribute") or raw.get("Object")):
        raise not_saved("Event", "/events/add", {"Event": EMPTY})
    uuid = str(raw.get("uuid") or new_uuid()).lower()
    if uuid in store.blocklist:
        raise thrown(403, "Event blocked by event blocklist.")
    if uuid in store.being_added:
        raise not_saved("Event", "/events/add", {"Event": {"uuid": [saving.NOT_UNIQUE]}})
    if uuid in store.events:
        raise thrown(404, EXISTS, Location=f"{request.base}/events/{store.events[uuid].id}")
    try:
        event = _store(request, raw, uuid)
        _store_contents(request, event, raw)
    except Database:
        raise internal() from None
    if event.published:
        event.publish_timestamp = now()
    return event_view.whole(request, event)


def _store(request: Request, raw: dict[str, Any], uuid: str) -> Event:
    store, caller = request.store, request.caller
    fields = checked(request, raw, new=True, url="/events/add")
    event = Event(
        id=store.next_id("event"),
        uuid=uuid,
        org=caller.org,
        orgc=caller.org,
        creator=caller.user,
        timestamp=saving.moment(raw.get("timestamp")),
        **fields,
    )
    event.published = saving.flag(raw.get("published")) and caller.may("perm_publish")
    event.posted.append(request.body)
    store.put_event(event)
    tags.attach_given(request, event.tags, raw.get("Tag"))
    # Who comes while the row is new has passed the look for an event with this uuid, and fails when it is saved.
    if request.fault is not None and request.fault.kind == "slow":
        store.being_added.add(uuid)
    request.pace(event)
    store.being_added.discard(uuid)
    return event


def _store_contents(request: Request, event: Event, raw: dict[str, Any]) -> None:
    seen = set()
    for item in saving.records(raw.get("Attribute")):
        made = saving.draft(item)
        content = (made.type, made.category, str(made.raw.get("value")))
        if made.errors or content in seen or made.uuid in request.store.attributes or saving.listed(made):
            continue
        seen.add(content)
        saving.create(request, event, made)
    for item in saving.records(raw.get("Object")):
        object_saving.add_given(request, event, item, warn=True)
    object_saving.add_references(request, event, raw.get("Object"))
    for item in saving.records(raw.get("EventReport")):
        reports.take(request, event, item)
    add_loose_sightings(request, event)


def add_loose_sightings(request: Request, event: Event) -> None:
    """`Sighting` beside `Event`, each with the attribute's uuid."""
    for item in saving.records(request.body.get("Sighting") if isinstance(request.body, dict) else None):
        attribute = request.store.attributes.get(str(item.get("attribute_uuid", "")).lower())
        if attribute and attribute.event is event:
            saving.add_sightings(request, attribute, [item])


def publish(request: Request) -> dict[str, Any]:
    """POST events/publish/ID; every call publishes again. GET is a 500 on the real server too."""
    if request.method not in ("POST", "PUT"):
        raise internal()
    request.caller.needs("perm_publish")
    event = event_view.visible_event(request, ([*request.args, ""])[0], "Invalid event.")
    if not request.caller.edits(event):
        raise no_permission()
    event.published = True
    event.publish_timestamp = now()
    return saved("Event published without alerts", f"/events/publish/{event.id}", id=str(event.id))


def unpublish(request: Request) -> dict[str, Any]:
    request.caller.needs("perm_publish")
    event = event_view.visible_event(request, ([*request.args, ""])[0], "Invalid event.")
    if not request.caller.edits(event):
        raise no_permission()
    event.published = False
    return saved("Event unpublished.", f"/events/unpublish/{event.id}", id=str(event.id))


def delete(request: Request) -> dict[str, Any]:
    """Removes the event and puts its uuid on the blocklist."""
    if request.method not in ("POST", "DELETE"):
        raise thrown(405, "This method is only accessible via POST requests.")
    request.caller.needs("perm_modify")
    event = request.store.find_event(([*request.args, ""])[0])
    if event is None or not request.caller.sees(event):
        raise not_saved("Event", "/events/delete", "Event was not deleted.", verb="delete")
    if not request.caller.edits(event):
        raise no_permission()
    request.store.drop_event(event)
    return saved("Event deleted.", f"/events/delete/{event.id}", id=str(event.id))
