"""What the double stores: events and all that hangs on them, with the indexes that look-ups need. It keeps records and
numbers them; what may be stored is decided elsewhere."""

import itertools
import threading
import time
import uuid as uuids
from dataclasses import dataclass, field

from misp_double.accounts import HOST_ORG, OWN_ORG


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
    owner: object
    orgs: tuple


@dataclass(eq=False)
class Sighting:
    id: int
    uuid: str
    attribute: object
    org: object
    date: int
    source: str | None
    type: str


@dataclass(eq=False)
class Attribute:
    id: int
    uuid: str
    event: object
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
    object: object = None
    object_relation: str = None
    first_seen: str = None
    last_seen: str = None
    data: bytes = None
    tags: list = field(default_factory=list)
    sightings: list = field(default_factory=list)

    @property
    def value(self):
        return f"{self.value1}|{self.value2}" if self.value2 else self.value1

    @property
    def same(self):
        """What makes two attributes of an event `similar` for MISP."""
        return self.type, self.category, self.value1, self.value2


@dataclass(eq=False)
class Reference:
    id: int
    uuid: str
    object: object
    target: object
    relationship: str
    comment: str
    timestamp: int
    deleted: bool = False


@dataclass(eq=False)
class MispObject:
    id: int
    uuid: str
    event: object
    name: str
    meta_category: str
    description: str
    template_uuid: str
    template_version: str
    comment: str
    timestamp: int
    distribution: int = 0
    sharing_group_id: int = 0
    deleted: bool = False
    first_seen: str = None
    last_seen: str = None
    attributes: list = field(default_factory=list)
    references: list = field(default_factory=list)
    fingerprint: tuple = ()


@dataclass(eq=False)
class Report:
    id: int
    uuid: str
    event: object
    name: str
    content: str
    distribution: int
    timestamp: int


@dataclass(eq=False)
class Event:
    id: int
    uuid: str
    org: object
    orgc: object
    creator: object
    info: str
    date: str
    threat_level_id: str
    analysis: str
    distribution: int
    timestamp: int
    sharing_group: object = None
    published: bool = False
    publish_timestamp: int = 0
    sighting_timestamp: int = 0
    extends_uuid: str = ""
    disable_correlation: bool = False
    attribute_count: int = 0
    attributes: list = field(default_factory=list)
    objects: list = field(default_factory=list)
    reports: list = field(default_factory=list)
    tags: list = field(default_factory=list)
    posted: list = field(default_factory=list)

    def every_attribute(self):
        return itertools.chain(self.attributes, *(held.attributes for held in self.objects))

    def touch(self):
        """A change by any other way than publishing: new timestamp, and the event is no longer published."""
        self.timestamp = now()
        self.published = False


def now():
    return int(time.time())


def new_uuid():
    return str(uuids.uuid4())


def is_uuid(text):
    try:
        return str(uuids.UUID(str(text))) == str(text).lower() and len(str(text)) == 36
    except ValueError:
        return False


class Store:
    """All records. One lock: a request holds it while it works, so a request is one transaction except where the
    real server is not one either (`pause`)."""

    def __init__(self):
        self.lock = threading.RLock()
        self.clear()

    def clear(self):
        self.counters = {}
        self.events, self.attributes, self.objects, self.reports, self.sightings = {}, {}, {}, {}, {}
        self.attributes_by_id, self.events_by_id = {}, {}
        self.by_value, self.tags, self.blocklist, self.searches = {}, {}, set(), {}
        self.references = {}
        both = SharingGroup(1, "6c1d9b52-7f4e-4a0c-8f0e-3b6a2f5d0001", "Double: both", HOST_ORG, (HOST_ORG, OWN_ORG))
        own = SharingGroup(2, "6c1d9b52-7f4e-4a0c-8f0e-3b6a2f5d0002", "Double: admins only", HOST_ORG, (HOST_ORG,))
        self.sharing_groups = {both.id: both, own.id: own}

    def dump(self):
        """Everything but the lock, for a state file that only this program reads."""
        return {name: value for name, value in vars(self).items() if name != "lock"}

    def load(self, dumped):
        vars(self).update(dumped)

    def next_id(self, kind):
        self.counters[kind] = self.counters.get(kind, 0) + 1
        return self.counters[kind]

    def pause(self, seconds):
        """Lets other requests in while this one goes on working."""
        self.lock.release()
        try:
            time.sleep(seconds)
        finally:
            self.lock.acquire()

    def find_event(self, given):
        given = str(given)
        return self.events_by_id.get(int(given)) if given.isdecimal() else self.events.get(given.lower())

    def find_attribute(self, given):
        given = str(given)
        return self.attributes_by_id.get(int(given)) if given.isdecimal() else self.attributes.get(given.lower())

    def find_object(self, given):
        given = str(given)
        if given.isdecimal():
            return next((held for held in self.objects.values() if held.id == int(given)), None)
        return self.objects.get(given.lower())

    def put_event(self, event):
        self.events[event.uuid] = self.events_by_id[event.id] = event

    def put_attribute(self, attribute):
        self.attributes[attribute.uuid] = self.attributes_by_id[attribute.id] = attribute
        holder = attribute.object.attributes if attribute.object else attribute.event.attributes
        holder.append(attribute)
        attribute.event.attribute_count += 1
        self.index(attribute)

    def index(self, attribute):
        for value in {attribute.value1, attribute.value2} - {""}:
            self.by_value.setdefault(value.lower(), {})[attribute.id] = attribute

    def unindex(self, attribute):
        for value in {attribute.value1, attribute.value2} - {""}:
            self.by_value.get(value.lower(), {}).pop(attribute.id, None)

    def drop_event(self, event):
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
