"""Records as JSON, key by key as MISP writes them: ids, times and numbers as strings, flags as booleans."""

import base64
from typing import Any

from misp_double.model import Attribute, Event, MispObject, Reference, Report, SharingGroup, Sighting, Tag


def stamp(number: int) -> str:
    return str(int(number))


def tag(item: tuple[Tag, bool]) -> dict[str, Any]:
    held, local = item
    return {
        "id": str(held.id),
        "name": held.name,
        "colour": held.colour,
        "exportable": held.exportable,
        "user_id": "0",
        "hide_tag": held.hidden,
        "numerical_value": None,
        "is_galaxy": False,
        "is_custom_galaxy": False,
        "local_only": False,
        "local": local,
        "relationship_type": None,
    }


def whole_tag(held: Tag) -> dict[str, Any]:
    row = tag((held, False))
    for key in ("local", "relationship_type"):
        del row[key]
    row["org_id"] = str(held.org_id)
    return row


def sighting(held: Sighting) -> dict[str, Any]:
    return {
        "id": str(held.id),
        "attribute_id": str(held.attribute.id),
        "event_id": str(held.attribute.event.id),
        "org_id": str(held.org.id),
        "date_sighting": stamp(held.date),
        "uuid": held.uuid,
        "source": held.source,
        "type": held.type,
    }


def sighting_in_event(held: Sighting) -> dict[str, Any]:
    org = {"id": str(held.org.id), "uuid": held.org.uuid, "name": held.org.name}
    return {**sighting(held), "attribute_uuid": held.attribute.uuid, "Organisation": org}


def attribute_row(held: Attribute) -> dict[str, Any]:
    """An attribute alone: attributes/add and objects/add show the two columns of the value too, searches do not."""
    return {
        "id": str(held.id),
        "event_id": str(held.event.id),
        "object_id": str(held.object.id if held.object else 0),
        "object_relation": held.object_relation,
        "category": held.category,
        "type": held.type,
        "value1": held.value1,
        "value2": held.value2,
        "to_ids": held.to_ids,
        "uuid": held.uuid,
        "timestamp": stamp(held.timestamp),
        "distribution": str(held.distribution),
        "sharing_group_id": str(held.sharing_group_id),
        "comment": held.comment,
        "deleted": held.deleted,
        "disable_correlation": held.disable_correlation,
        "first_seen": held.first_seen,
        "last_seen": held.last_seen,
        "value": held.value,
    }


def attribute_plain(held: Attribute) -> dict[str, Any]:
    row = attribute_row(held)
    del row["value1"], row["value2"]
    return row


def attribute_in_event(held: Attribute, with_data: bool = False) -> dict[str, Any]:
    row = {**attribute_plain(held), "Galaxy": [], "ShadowAttribute": []}
    if with_data and held.data is not None:
        row["data"] = base64.b64encode(held.data).decode()
    if held.sightings:
        row["Sighting"] = [sighting_in_event(item) for item in held.sightings]
    if held.tags:
        row["Tag"] = [tag(item) for item in held.tags]
    return row


def reference(held: Reference) -> dict[str, Any]:
    target = held.target
    is_object = isinstance(target, MispObject)
    return {
        "id": str(held.id),
        "uuid": held.uuid,
        "timestamp": stamp(held.timestamp),
        "object_id": str(held.object.id),
        "referenced_uuid": target.uuid,
        "referenced_id": str(target.id),
        "referenced_type": str(int(is_object)),
        "relationship_type": held.relationship,
        "comment": held.comment,
        "deleted": held.deleted,
        "event_id": str(held.object.event.id),
        "source_uuid": held.object.uuid,
    }


def reference_in_event(held: Reference) -> dict[str, Any]:
    target, row = held.target, reference(held)
    shared = {"distribution": str(target.distribution), "sharing_group_id": str(target.sharing_group_id)}
    if isinstance(target, MispObject):
        row["Object"] = {**shared, "uuid": target.uuid, "name": target.name, "meta-category": target.meta_category}
    else:
        row["Attribute"] = {
            **shared,
            "uuid": target.uuid,
            "value": target.value,
            "type": target.type,
            "category": target.category,
            "to_ids": target.to_ids,
        }
    return row


def object_row(held: MispObject) -> dict[str, Any]:
    return {
        "id": str(held.id),
        "name": held.name,
        "meta-category": held.meta_category,
        "description": held.description,
        "template_uuid": held.template_uuid,
        "template_version": held.template_version,
        "event_id": str(held.event.id),
        "uuid": held.uuid,
        "timestamp": stamp(held.timestamp),
        "distribution": str(held.distribution),
        "sharing_group_id": str(held.sharing_group_id),
        "comment": held.comment,
        "deleted": held.deleted,
        "first_seen": held.first_seen,
        "last_seen": held.last_seen,
    }


def report(held: Report) -> dict[str, Any]:
    return {
        "id": str(held.id),
        "uuid": held.uuid,
        "event_id": str(held.event.id),
        "name": held.name,
        "content": held.content,
        "distribution": str(held.distribution),
        "sharing_group_id": "0",
        "timestamp": stamp(held.timestamp),
        "deleted": False,
    }


def sharing_group(held: SharingGroup) -> dict[str, Any]:
    return {
        "id": str(held.id),
        "name": held.name,
        "releasability": "double",
        "description": "",
        "uuid": held.uuid,
        "organisation_uuid": held.owner.uuid,
        "org_id": str(held.owner.id),
        "sync_user_id": "1",
        "active": True,
        "created": "2026-01-01 00:00:00",
        "modified": "2026-01-01 00:00:00",
        "local": False,
        "roaming": False,
        "Organisation": held.owner.brief(),
        "SharingGroupOrg": [
            {
                "id": str(held.id * 10 + at),
                "sharing_group_id": str(held.id),
                "org_id": str(org.id),
                "extend": False,
                "Organisation": org.brief(),
            }
            for at, org in enumerate(held.orgs)
        ],
        "SharingGroupServer": [],
    }


def event_head(event: Event) -> dict[str, Any]:
    """The first fields of every whole event."""
    row = {
        "id": str(event.id),
        "orgc_id": str(event.orgc.id),
        "org_id": str(event.org.id),
        "date": event.date,
        "threat_level_id": event.threat_level_id,
        "info": event.info,
        "published": event.published,
        "uuid": event.uuid,
        "attribute_count": str(event.attribute_count),
        "analysis": event.analysis,
        "timestamp": stamp(event.timestamp),
        "distribution": str(event.distribution),
        "proposal_email_lock": False,
        "locked": False,
        "publish_timestamp": stamp(event.publish_timestamp),
        "sharing_group_id": str(event.sharing_group.id if event.sharing_group else 0),
        "disable_correlation": event.disable_correlation,
        "extends_uuid": event.extends_uuid,
        "protected": None,
        "event_creator_email": event.creator.email,
        "Org": event.org.local(),
        "Orgc": event.orgc.local(),
    }
    if event.sharing_group:
        row["SharingGroup"] = sharing_group(event.sharing_group)
    return row


def related(event: Event) -> dict[str, Any]:
    """An event as it shows up among the related ones of another."""
    return {
        "Event": {
            "id": str(event.id),
            "date": event.date,
            "threat_level_id": event.threat_level_id,
            "info": event.info,
            "published": event.published,
            "uuid": event.uuid,
            "analysis": event.analysis,
            "timestamp": stamp(event.timestamp),
            "distribution": str(event.distribution),
            "org_id": str(event.org.id),
            "orgc_id": str(event.orgc.id),
            "Org": event.org.brief(),
            "Orgc": event.orgc.brief(),
        }
    }
