"""Which action answers which path, and the checks before it, in this order: JSON wanted, key valid, body readable."""

from collections.abc import Callable

from misp_double import (
    attributes,
    auth_keys,
    event_edit,
    event_view,
    events,
    freetext,
    lookups,
    objects,
    reports,
    searching,
    sightings,
    tags,
    warninglists,
)
from misp_double.accounts import authenticate
from misp_double.errors import Database, internal, thrown
from misp_double.request import Request

ALIASES = {
    "event_reports": "eventReports",
    "sharingGroups": "sharing_groups",
    "authKeys": "auth_keys",
    "object_references": "objectReferences",
    "object_templates": "objectTemplates",
    "orgs": "organisations",
}

ACTIONS: dict[str, dict[str, Callable[[Request], object]]] = {
    "events": {
        "add": events.add,
        "edit": event_edit.edit,
        "view": event_view.view,
        "publish": events.publish,
        "alert": events.publish,
        "unpublish": events.unpublish,
        "delete": events.delete,
        "getEventInfoById": lookups.event_info,
        "restSearch": searching.events,
        "index": searching.index,
        "checkuuid": searching.check_uuid,
        "freeTextImport": freetext.import_text,
    },
    "tags": {
        "index": tags.index,
        "search": tags.search,
        "add": tags.add,
        "attachTagToObject": tags.attach,
        "removeTagFromObject": tags.remove,
    },
    "warninglists": {"index": warninglists.index, "checkValue": warninglists.check_value},
    "eventReports": {"add": reports.add, "index": reports.index},
    "servers": {"getVersion": lookups.version, "getPyMISPVersion": lookups.pymisp_version},
    "users": {"view": lookups.user},
    "auth_keys": {"index": auth_keys.index, "view": auth_keys.view},
    "organisations": {"index": lookups.organisations, "view": lookups.organisation},
    "sharing_groups": {"index": lookups.sharing_groups, "view": lookups.sharing_group},
    "taxonomies": {"index": lookups.taxonomies},
    "objectTemplates": {"view": lookups.template},
    "attributes": {
        "describeTypes": lookups.describe_types,
        "add": attributes.add,
        "edit": attributes.edit,
        "view": attributes.view,
        "delete": attributes.delete,
        "download": attributes.download,
        "downloadAttachment": attributes.download_attachment,
        "downloadSample": attributes.download_sample,
        "restSearch": searching.attributes,
    },
    "objects": {"add": objects.add, "view": objects.view, "delete": objects.delete},
    "objectReferences": {"add": objects.add_reference},
    "sightings": {
        "add": sightings.add,
        "bulkSaveSightings": sightings.bulk,
        "restSearch": sightings.rest_search,
        "listSightings": sightings.list_sightings,
        "index": sightings.index,
    },
}


def authorise(request: Request) -> None:
    request.demand_json()
    request.caller = authenticate(request.headers)


def answer(request: Request) -> object:
    """The JSON value of a successful answer; raises `Refusal` for every other answer."""
    action = _find(request)
    request.read_body()
    with request.store.lock:
        try:
            return action(request)
        except Database:
            raise internal() from None


def _find(request: Request) -> Callable[..., object]:
    controller = ALIASES.get(request.controller, request.controller)
    actions = ACTIONS.get(controller, {})
    if request.action in actions:
        return actions[request.action]
    if controller == "events" and not request.args:
        # /events/ID is short for view or, by DELETE, delete.
        request.args = [request.action]
        return events.delete if request.method == "DELETE" else event_view.view
    raise thrown(404, "Not Found")
