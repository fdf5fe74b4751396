"""The event's own fields: what events/add and events/edit check before anything is stored."""

import re
from datetime import date
from typing import Any

from misp_double.errors import column, not_saved, thrown
from misp_double.model import SharingGroup, is_uuid
from misp_double.request import Request

LEVELS = "Options : Your organisation only, This community only, Connected communities, All communities"
THREATS = "Options : 1, 2, 3, 4 (for High, Medium, Low, Undefined)"


def _complaints(raw: dict[str, Any], new: bool) -> dict[str, Any]:
    found = {}
    if new and "info" not in raw:
        found["info"] = ["valueNotEmpty"]
    elif "info" in raw and not str(raw["info"] or "").strip():
        found["info"] = ["Info cannot be empty."]
    if raw.get("date") and not re.fullmatch(r"\d{4}-\d\d-\d\d", str(raw["date"])):
        found["date"] = ["Expected date format: YYYY-MM-DD"]
    if "distribution" in raw and str(raw["distribution"]) not in ("0", "1", "2", "3", "4"):
        found["distribution"] = [LEVELS]
    if "threat_level_id" in raw and str(raw["threat_level_id"]) not in ("1", "2", "3", "4"):
        found["threat_level_id"] = [THREATS]
    if "analysis" in raw and str(raw["analysis"]) not in ("0", "1", "2"):
        found["analysis"] = ["Options : 0, 1, 2 (for Initial, Ongoing, Completed)"]
    if raw.get("uuid") and not is_uuid(raw["uuid"]):
        found["uuid"] = ["Please provide a valid UUID"]
    return found


def _extends(request: Request, raw: dict[str, Any], found: dict[str, Any]) -> str:
    given = str(raw.get("extends_uuid") or "")
    if given.isdecimal():
        event = request.store.find_event(given)
        return event.uuid if event else ""
    if given and not is_uuid(given):
        found["extends_uuid"] = ["Please provide a valid UUID"]
    return given.lower()


def _group(request: Request, raw: dict[str, Any]) -> SharingGroup | None:
    """Only a numeric id of a group that the caller is in; anything else is a 405."""
    if str(raw.get("distribution")) != "4":
        return None
    given = str(raw.get("sharing_group_id") or "")
    group = request.store.sharing_groups.get(int(given)) if given.isdecimal() else None
    if group is None or not (request.caller.site_admin or request.caller.org in group.orgs):
        raise thrown(405, "Invalid Sharing Group or not authorised.")
    return group


def checked(request: Request, raw: dict[str, Any], new: bool, url: str, id: str | None = None) -> dict[str, Any]:
    """The fields of the request, ready to be set on an event. Raises refusals and database errors as MISP does."""
    group = _group(request, raw)
    found = _complaints(raw, new)
    extends = _extends(request, raw, found)
    if found:
        raise not_saved("Event", url, {"Event": found}, verb="add" if new else "edit", id=id)
    fields: dict[str, Any] = {}
    if "info" in raw:
        fields["info"] = column(raw["info"])
    if raw.get("date") or new:
        fields["date"] = str(raw.get("date") or date.today().isoformat())
    for key, default in (("threat_level_id", "4"), ("analysis", "0"), ("distribution", "1")):
        if key in raw or new:
            fields[key] = str(raw.get(key, default))
    if "distribution" in fields:
        fields["distribution"] = int(fields["distribution"])
        fields["sharing_group"] = group
    if "extends_uuid" in raw:
        fields["extends_uuid"] = extends
    if "disable_correlation" in raw:
        fields["disable_correlation"] = str(raw["disable_correlation"]).lower() in ("1", "true")
    return fields
