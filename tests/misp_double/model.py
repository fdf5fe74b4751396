"""What the double stores: events and everything in them, with the indexes that look-ups need. Keeps and numbers records;
other files decide what may be stored."""

import itertools
import threading
import time
import uuid as uuids
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from misp_double.accounts import HOST_ORG, OWN_ORG, Org, User


@dataclass(eq=False)
class Tag:
    id: int
    name: str
    colour: str
    exportable: bool = True
    hidden: bool = False
    org_id: int = 0


@dataclass(eq=False)
class SharingGroup:
    id: int
    uuid: str
    name: str
    owner: Org
    orgs: tuple[Org, ...]


@dataclass(eq=False)
class Sighting:
    id: int
    uuid: str
    attribute: "Attribute"
    org: Org
    date: int
    source: str | None
    type: str


@dataclass(eq=False)
class Attribute:
    id: int
    uuid: str
    event: "Event"
    type: str
    category: str
    value1: str
    value2: str
    to_ids: bool
    comment: str
    timestamp: int
    distribution: int = 5
    sharing_group_id: int = 0
    deleted: bool = False
    disable_correlation: bool = False
    object: "MispObject | None" = None
    object_relation: str | None = None
    first_seen: str | None = None
    last_seen: str | None = None
    data: bytes | None = None
    tags: list[tuple[Tag, bool]] = field(default_factory=list)
    sightings: list[Sighting] = field(default_factory=list)

    @property
    def value(self) -> str:
        return f"{self.value1}|{self.value2}" if self.value2 else self.value1

    @property
    def same(self) -> tuple[str, ...]:
        """Equal for two attributes of an event that MISP calls `similar`."""
        return self.type, self.category, self.value1, self.value2


@dataclass(eq=False)
class Reference:
    id: int
    uuid: str
    object: "MispObject"
    target: "Attribute | MispObject"
    relationship: str
    comment: str
    timestamp: int
    deleted: bool = False


@dataclass(eq=False)
class MispObject:
    id: int
    uuid: str
    event: "Event"
    name: str
    meta_category: str
    description: str | None
    template_uuid: str
    template_version: str
    comment: str
    timestamp: int
    distribution: int = 0
    sharing_group_id: int = 0
    deleted: bool = False
    first_seen: str | None = None
    last_seen: str | None = None
    attributes: list[Attribute] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    fingerprint: tuple[object, ...] = ()


@dataclass(eq=False)
class Report:
    id: int
    uuid: str
    event: "Event"
    name: str
    content: str
    distribution: int
    timestamp: int


@dataclass(eq=False)
class Event:
    id: int
    uuid: str
    org: Org
    orgc: Org
    creator: User
    info: str
    date: str
    threat_level_id: str
    analysis: str
    distribution: int
    timestamp: int
    sharing_group: SharingGroup | None = None
    published: bool = False
    publish_timestamp: int = 0
    sighting_timestamp: int = 0
    extends_uuid: str = ""
    disable_correlation: bool = False
    attribute_count: int = 0
    attributes: list[Attribute] = field(default_factory=list)
    objects: list[MispObject] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    tags: list[tuple[Tag, bool]] = field(default_factory=list)
    posted: list[Any] = field(default_factory=list)

    def every_attribute(self) -> "chain[Attribute]":
        return itertools.chain(self.attributes, *(held.attributes for held in self.objects))

    def touch(self) -> None:
        """Records a change other than publishing: new timestamp, and the event is no longer published."""
        self.timestamp = now()
        self.published = False


def now() -> int:
    return int(time.time())


def new_uuid() -> str:
    return str(uuids.uuid4())


def is_uuid(text: str) -> bool:
    try:
        return str(uuids.UUID(str(text))) == str(text).lower() and len(str(text)) == 36
    except ValueError:
        return False


class Store:
    """All records. A request holds the one lock while it works, so it is one transaction, except where the real server has
    none either (`pause`)."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.clear()

    def clear(self) -> None:
        self.counters: dict[str, int] = {}
        self.events: dict[str, Event] = {}
        self.events_by_id: dict[int, Event] = {}
        self.attributes: dict[str, Attribute] = {}
        self.attributes_by_id: dict[int, Attribute] = {}
        self.objects: dict[str, MispObject] = {}
        self.references: dict[str, Reference] = {}
        self.reports: dict[str, Report] = {}
        self.sightings: dict[str, Sighting] = {}
        self.by_value: dict[str, dict[int, Attribute]] = {}
        self.tags: dict[str, Tag] = {}
        self.blocklist: set[str] = set()
        self.being_added: set[str] = set()
        self.searches: dict[int, tuple[int, int]] = {}
        both = SharingGroup(1, "6c1d9b52-7f4e-4a0c-8f0e-3b6a2f5d0001", "Double: both", HOST_ORG, (HOST_ORG, OWN_ORG))
        own = SharingGroup(2, "6c1d9b52-7f4e-4a0c-8f0e-3b6a2f5d0002", "Double: admins only", HOST_ORG, (HOST_ORG,))
        self.sharing_groups = {both.id: both, own.id: own}

    def dump(self) -> dict[str, Any]:
        """All records without the lock, for a state file that only this program reads."""
        return {name: value for name, value in vars(self).items() if name != "lock"}

    def load(self, dumped: dict[str, Any]) -> None:
        vars(self).update(dumped)

    def next_id(self, kind: str) -> int:
        self.counters[kind] = self.counters.get(kind, 0) + 1
        return self.counters[kind]

    def pause(self, seconds: float) -> None:
        """Lets other requests run before this one continues."""
        self.lock.release()
        try:
            time.sleep(seconds)
        finally:
            self.lock.acquire()

    def find_event(self, given: str) -> Event | None:
        given = str(given)
        return self.events_by_id.get(int(given)) if given.isdecimal() else self.events.get(given.lower())

    def find_attribute(self, given: str) -> Attribute | None:
        given = str(given)
        return self.attributes_by_id.get(int(given)) if given.isdecimal() else self.attributes.get(given.lower())

    def find_object(self, given: str) -> MispObject | None:
        given = str(given)
        if given.isdecimal():
            return next((held for held in self.objects.values() if held.id == int(given)), None)
        return self.objects.get(given.lower())

    def put_event(self, event: Event) -> None:
        self.events[event.uuid] = self.events_by_id[event.id] = event

    def put_attribute(self, attribute: Attribute) -> None:
        self.attributes[attribute.uuid] = self.attributes_by_id[attribute.id] = attribute
        holder = attribute.object.attributes if attribute.object else attribute.event.attributes
        holder.append(attribute)
        attribute.event.attribute_count += 1
        self.index(attribute)

    def index(self, attribute: Attribute) -> None:
        for value in {attribute.value1, attribute.value2} - {""}:
            self.by_value.setdefault(value.lower(), {})[attribute.id] = attribute

    def unindex(self, attribute: Attribute) -> None:
        for value in {attribute.value1, attribute.value2} - {""}:
            self.by_value.get(value.lower(), {}).pop(attribute.id, None)

    def drop_event(self, event: Event) -> None:
        for attribute in event.every_attribute():
            self.unindex(attribute)
            self.attributes.pop(attribute.uuid, None)
            self.attributes_by_id.pop(attribute.id, None)
            for sighting in attribute.sightings:
                self.sightings.pop(sighting.uuid, None)
        for held in event.objects:
            self.objects.pop(held.uuid, None)
            for reference in held.references:
                self.references.pop(reference.uuid, None)
        for report in event.reports:
            self.reports.pop(report.uuid, None)
        del self.events[event.uuid], self.events_by_id[event.id]
        self.blocklist.add(event.uuid)
