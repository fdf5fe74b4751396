"""Checks type, category, value and uuid of an attribute that a client sent, and stores it with tags and sightings. The
caller decides which failures become an answer and which stay silent."""

from dataclasses import dataclass, field
from typing import Any

from misp_double import samples, tags, values, warninglists
from misp_double.errors import Database, column
from misp_double.kinds import CATEGORIES, KINDS
from misp_double.model import Attribute, Event, MispObject, Sighting, Store, is_uuid, new_uuid, now
from misp_double.request import Request

SIMILAR = "A similar attribute already exists for this event."
NOT_UNIQUE = "The UUID provided is not unique"
LISTED = "Attribute could not be saved as it trips over a warninglist and enforceWarninglist is enforced."


@dataclass
class Draft:
    """A checked attribute before it is stored; `errors` holds MISP's words by field."""

    raw: dict[str, Any]
    type: str = ""
    category: str = ""
    value1: str = ""
    value2: str = ""
    to_ids: bool = False
    uuid: str = ""
    data: bytes | None = None
    errors: dict[str, list[str]] = field(default_factory=dict)

    @property
    def same(self) -> tuple[str, ...]:
        return self.type, self.category, self.value1, self.value2

    @property
    def value(self) -> str:
        return f"{self.value1}|{self.value2}" if self.value2 else self.value1


def records(given: object) -> list[dict[str, Any]]:
    """The records of a list in a client's JSON; skips whatever is no record."""
    return [item for item in given if isinstance(item, dict)] if isinstance(given, list) else []


def flag(value: bool | str | None) -> bool:
    return samples.truthy(value)


def draft(raw: dict[str, Any], inherited_category: str | None = None) -> Draft:
    """Reads and checks one attribute. `inherited_category` is for an oddity of objects/add, see `objects`."""
    made = Draft(raw if isinstance(raw, dict) else {})
    raw = made.raw
    kind = KINDS.get(str(raw.get("type")))
    value, made.data = samples.prepare(raw, raw.get("value", ""))
    made.uuid = str(raw.get("uuid") or new_uuid()).lower()
    if not is_uuid(made.uuid):
        made.errors["uuid"] = ["Please provide a valid UUID"]
    if kind is None:
        made.errors["type"] = ["Invalid type."]
        return made
    made.type = kind.name
    made.category = raw.get("category") or inherited_category or kind.default_category
    if made.category not in CATEGORIES:
        made.errors["category"] = ["Options : " + ", ".join(CATEGORIES)]
    elif made.category not in kind.categories:
        made.errors["type"] = ["Options depend on the selected category."]
    value = values.normalise(kind.name, value)
    words = values.complaint(kind.name, value)
    if words == values.TOO_LONG and not value.isascii():
        # MISP logs the refusal under the value, cut inside a character.
        raise Database("log title")
    if words:
        made.errors["value"] = [words]
    made.value1, made.value2 = values.parts(kind.name, value)
    made.to_ids = flag(raw["to_ids"]) if raw.get("to_ids") is not None else kind.to_ids
    return made


def listed(made: Draft) -> bool:
    """Whether the attribute demands the warninglists and is on one."""
    return flag(made.raw.get("enforceWarninglist")) and bool(warninglists.hits(made.value))


def similar(store: Store, event: Event, made: Draft) -> Attribute | None:
    """A stored, not deleted attribute of the event itself (not of its objects) with the same content."""
    candidates = store.by_value.get(made.value1.lower(), {}).values()
    return next(
        (
            held
            for held in candidates
            if held.event is event and held.object is None and not held.deleted and held.same == made.same
        ),
        None,
    )


def check_unique(store: Store, event: Event, made: Draft) -> None:
    """The complaints of attributes/add about an attribute with the same content or the same uuid."""
    if not made.errors and similar(store, event, made):
        made.errors["value"] = [SIMILAR]
    if made.uuid in store.attributes:
        made.errors["uuid"] = [NOT_UNIQUE]


def moment(given: str | None) -> int:
    """Seconds for a signed column of 32 bits; a larger number is a database error."""
    text = str(given) if given is not None else ""
    seconds = int(text) if text.isdecimal() else now()
    if seconds > 2**31 - 1:
        raise Database("timestamp")
    return seconds


def spread(request: Request, raw: dict[str, Any]) -> tuple[int, int]:
    """Distribution and sharing group of an attribute. For a group without the caller, stores 0 and does not say so."""
    level = str(raw.get("distribution", 5))
    if level == "4":
        group = request.store.sharing_groups.get(int(str(raw.get("sharing_group_id") or 0)))
        usable = group and (request.caller.site_admin or request.caller.org in group.orgs)
        return (4, group.id) if group and usable else (0, 0)
    return (int(level) if level in ("0", "1", "2", "3", "5") else 5), 0


def create(request: Request, event: Event, made: Draft, held_by: MispObject | None = None) -> Attribute:
    """Stores a valid draft. A database error in the middle leaves what was stored before."""
    raw, store = made.raw, request.store
    comment = column(raw.get("comment"))
    if made.uuid in store.attributes:
        raise Database("unique key")
    level, group = spread(request, raw)
    attribute = Attribute(
        id=store.next_id("attribute"),
        uuid=made.uuid,
        event=event,
        type=made.type,
        category=made.category,
        value1=made.value1,
        value2=made.value2,
        to_ids=made.to_ids,
        comment=comment,
        timestamp=moment(raw.get("timestamp")),
        distribution=level,
        sharing_group_id=group,
        deleted=flag(raw.get("deleted")),
        disable_correlation=flag(raw.get("disable_correlation")),
        object=held_by,
        object_relation=raw.get("object_relation"),
        first_seen=raw.get("first_seen"),
        last_seen=raw.get("last_seen"),
        data=made.data,
    )
    store.put_attribute(attribute)
    tags.attach_given(request, attribute.tags, raw.get("Tag"))
    add_sightings(request, attribute, raw.get("Sighting"))
    request.pace(event)
    return attribute


def add_sightings(request: Request, attribute: Attribute, given: list[dict[str, str]] | None) -> None:
    """Stores sightings that have a uuid of the client, each only once."""
    for raw in records(given):
        if str(raw.get("uuid", "")).lower() in request.store.sightings:
            continue
        add_sighting(request, attribute, raw, raw.get("date_sighting"), raw.get("uuid"))


def add_sighting(
    request: Request, attribute: Attribute, raw: dict[str, Any], date: str | None, uuid: str | None = None
) -> Sighting:
    store = request.store
    source = None if raw.get("source") is None else column(raw["source"])
    made = Sighting(
        id=store.next_id("sighting"),
        uuid=str(uuid or new_uuid()).lower(),
        attribute=attribute,
        org=request.caller.org,
        date=moment(date),
        source=source,
        type=str(raw.get("type", "0")),
    )
    attribute.sightings.append(made)
    store.sightings[made.uuid] = made
    attribute.event.sighting_timestamp = now()
    return made


def change(request: Request, attribute: Attribute, made: Draft) -> None:
    """Overwrites a stored attribute with a valid draft, as events/edit and attributes/edit do."""
    raw, store = made.raw, request.store
    comment = column(raw["comment"]) if "comment" in raw else attribute.comment
    store.unindex(attribute)
    attribute.type, attribute.category = made.type, made.category
    attribute.value1, attribute.value2 = made.value1, made.value2
    attribute.to_ids = made.to_ids if raw.get("to_ids") is not None else attribute.to_ids
    attribute.comment = comment
    attribute.timestamp = moment(raw.get("timestamp"))
    attribute.object_relation = raw.get("object_relation", attribute.object_relation)
    attribute.first_seen = raw.get("first_seen", attribute.first_seen)
    attribute.last_seen = raw.get("last_seen", attribute.last_seen)
    if made.data is not None:
        attribute.data = made.data
    if "distribution" in raw:
        attribute.distribution, attribute.sharing_group_id = spread(request, raw)
    if "deleted" in raw:
        delete(attribute) if flag(raw["deleted"]) else setattr(attribute, "deleted", False)
    store.index(attribute)
    tags.attach_given(request, attribute.tags, raw.get("Tag"))
    add_sightings(request, attribute, raw.get("Sighting"))


def delete(attribute: Attribute) -> None:
    """Marks the row as deleted. The event's count goes down and, as measured, never up again."""
    if not attribute.deleted:
        attribute.deleted = True
        attribute.timestamp = now()
        attribute.event.attribute_count = max(0, attribute.event.attribute_count - 1)
