"""Look-ups without logic: the caller, the version, organisations, sharing groups, taxonomies, templates."""

from typing import Any

from misp_double import event_view, kinds, render
from misp_double.accounts import ORGS, PERMISSIONS, Org, Role
from misp_double.errors import no_permission, thrown
from misp_double.model import Event, SharingGroup
from misp_double.request import Request

VERSION = "2.5.1"
DAY = "2026-01-01 00:00:00"


def version(request: Request) -> dict[str, Any]:
    may = request.caller.may
    return {
        "version": VERSION,
        "pymisp_recommended_version": VERSION,
        "perm_sync": may("perm_sync"),
        "perm_sighting": may("perm_sighting"),
        "perm_galaxy_editor": may("perm_galaxy_editor"),
        "perm_analyst_data": may("perm_analyst_data"),
        "uuid": "0b7c6f0e-6d0c-4c57-8a55-0d0b1e5f0001" if may("perm_sync") else "-",
        "request_encoding": ["gzip"],
        "filter_sightings": True,
    }


def pymisp_version(request: Request) -> object:
    return {"version": VERSION}


def _organisation(org: Org) -> dict[str, Any]:
    return {
        "id": str(org.id),
        "name": org.name,
        "date_created": DAY,
        "date_modified": DAY,
        "description": "",
        "type": "",
        "nationality": "",
        "sector": "",
        "uuid": org.uuid,
        "contacts": None,
        "local": True,
        "restricted_to_domain": None,
        "landingpage": None,
    }


def _role(role: Role) -> dict[str, Any]:
    return {
        "id": str(role.id),
        "name": role.name,
        "created": DAY,
        "modified": DAY,
        **{name: role.may(name) for name in PERMISSIONS},
        "default_role": role.name == "User",
        "memory_limit": None,
        "max_execution_time": None,
        "restricted_to_site_admin": False,
        "enforce_rate_limit": role.rate_limit > 0,
        "rate_limit_count": str(role.rate_limit),
        "permission": "3" if role.may("perm_publish") else "2",
        "permission_description": "publish" if role.may("perm_publish") else "manage_org",
    }


def user(request: Request) -> dict[str, Any]:
    """GET users/view/me (other users: the site admin only)."""
    asked = ([*request.args, "me"])[0]
    caller = request.caller.user
    if asked not in ("me", str(caller.id)):
        raise no_permission()
    return {
        "User": {
            "id": str(caller.id),
            "password": "*****",
            "org_id": str(caller.org.id),
            "email": caller.email,
            "autoalert": False,
            "invited_by": "1",
            "gpgkey": "",
            "certif_public": "",
            "nids_sid": "4000000",
            "termsaccepted": True,
            "newsread": "0",
            "role_id": str(caller.role.id),
            "change_pw": False,
            "contactalert": False,
            "disabled": False,
            "expiration": None,
            "current_login": "0",
            "last_login": "0",
            "force_logout": False,
            "date_created": "1767225600",
            "date_modified": "1767225600",
            "sub": None,
            "external_auth_required": False,
            "external_auth_key": "",
            "last_api_access": "1767225600",
            "notification_daily": False,
            "notification_weekly": False,
            "notification_monthly": False,
            "totp": "*****",
            "hotp_counter": None,
            "last_pw_change": "1767225600",
            "totp_is_set": "0",
        },
        "Role": _role(caller.role),
        "UserSetting": [],
        "Organisation": {**_organisation(caller.org), "created_by": "1"},
    }


def organisations(request: Request) -> list[dict[str, Any]]:
    return [{"Organisation": {**_organisation(org), "user_count": "1"}} for org in ORGS]


def organisation(request: Request) -> object:
    asked = ([*request.args, ""])[0]
    found = next((org for org in ORGS if asked in (str(org.id), org.uuid)), None)
    if found is None:
        raise thrown(404, "Invalid organisation")
    row = {**_organisation(found), "user_count": "1"}
    del row["landingpage"]
    return {"Organisation": row}


def sharing_groups(request: Request) -> dict[str, Any]:
    """Only those that the caller may use."""
    usable = [
        group
        for group in request.store.sharing_groups.values()
        if request.caller.site_admin or request.caller.org in group.orgs
    ]
    return {"response": [_group_row(group) for group in usable]}


def _group_row(group: SharingGroup) -> dict[str, Any]:
    row = render.sharing_group(group)
    keys = ("id", "uuid", "name", "description", "releasability", "local", "active", "roaming")
    return {
        "SharingGroup": {**{key: row[key] for key in keys}, "org_count": str(len(group.orgs))},
        "Organisation": row["Organisation"],
        "SharingGroupOrg": row["SharingGroupOrg"],
        "SharingGroupServer": [{"all_orgs": False, "server_id": "0", "sharing_group_id": str(group.id), "Server": []}],
        "editable": False,
        "deletable": False,
    }


def sharing_group(request: Request) -> object:
    given = ([*request.args, ""])[0]
    group = request.store.sharing_groups.get(int(given) if given.isdecimal() else 0)
    if group is None or not (request.caller.site_admin or request.caller.org in group.orgs):
        raise thrown(404, "Invalid sharing group.")
    row = _group_row(group)
    return {key: row[key] for key in ("SharingGroup", "Organisation", "SharingGroupOrg", "SharingGroupServer")}


def taxonomies(request: Request) -> object:
    rows = [("1", "tlp", "Traffic Light Protocol"), ("2", "PAP", "Permissible Actions Protocol")]
    return [
        {
            "Taxonomy": {
                "id": number,
                "namespace": name,
                "description": words,
                "version": "1",
                "enabled": True,
                "exclusive": True,
                "required": False,
                "highlighted": False,
            },
            "total_count": 4,
            "current_count": 4,
        }
        for number, name, words in rows
    ]


def describe_types(request: Request) -> dict[str, Any]:
    return kinds.describe_types()


def template(request: Request) -> object:
    asked = ([*request.args, ""])[0]
    found = next((item for item in kinds.TEMPLATES.values() if asked in (item.uuid, item.name)), None)
    if found is None:
        raise thrown(404, "Invalid object template.")
    return {
        "ObjectTemplate": {
            "id": str(list(kinds.TEMPLATES.values()).index(found) + 1),
            "user_id": "1",
            "org_id": "1",
            "uuid": found.uuid,
            "name": found.name,
            "meta-category": found.meta_category,
            "description": found.description,
            "version": found.version,
            "requirements": {"requiredOneOf": list(found.required_one_of)},
            "fixed": True,
            "active": True,
        }
    }


def event_info(request: Request) -> object:
    """GET events/getEventInfoById: a few fields and the tags."""
    event = event_view.visible_event(request, ([*request.args, ""])[0])
    return {
        "Event": {
            "id": str(event.id),
            "info": event.info,
            "threat_level_id": event.threat_level_id,
            "analysis": event.analysis,
        },
        "ThreatLevel": {"name": "Undefined", "id": event.threat_level_id},
        "EventTag": [
            {**row, "Tag": {key: row["Tag"][key] for key in ("id", "name", "colour")}} for row in event_tags(event)
        ],
    }


def event_tags(event: Event) -> list[dict[str, Any]]:
    return [
        {
            "id": str(event.id * 100 + at),
            "event_id": str(event.id),
            "tag_id": str(tag.id),
            "local": local,
            "relationship_type": "",
            "Tag": {"id": str(tag.id), "name": tag.name, "colour": tag.colour, "is_galaxy": False},
        }
        for at, (tag, local) in enumerate(event.tags)
    ]
