"""events/freeTextImport: finds plain kinds of indicators in a text and SAVES them, unless the caller wants an analysis."""

import re
from collections.abc import Iterator
from typing import Any

from misp_double import event_view, saving, values, warninglists
from misp_double.errors import no_permission
from misp_double.model import Attribute
from misp_double.request import Request

KINDS = (
    ("url", re.compile(r"(?:http|ftp)s?://.+", re.IGNORECASE)),
    ("email-src", values.EMAIL),
    ("md5", re.compile(r"[0-9a-f]{32}", re.IGNORECASE)),
    ("sha1", re.compile(r"[0-9a-f]{40}", re.IGNORECASE)),
    ("sha256", re.compile(r"[0-9a-f]{64}", re.IGNORECASE)),
    ("ip-dst", re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")),
    ("vulnerability", values.CVE),
    ("domain", re.compile(r"[a-z0-9-]+\.[a-z]{2,}", re.IGNORECASE)),
    ("hostname", re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+\.[a-z]{2,}", re.IGNORECASE)),
)


def _indicators(text: str) -> Iterator[tuple[str, ...]]:
    seen = set()
    for word in str(text).split():
        value = values.refang(word.strip(".,;:()<>\"'"))
        kind = next((name for name, pattern in KINDS if pattern.fullmatch(value)), None)
        if kind and value not in seen and values.complaint(kind, values.normalise(kind, value)) is None:
            seen.add(value)
            yield kind, value, word


def import_text(request: Request) -> list[dict[str, Any]]:
    """POST events/freeTextImport/EVENT[/ADHERE[/ANALYSE]]: adhere 1 drops listed values, `soft` takes to_ids away."""
    request.caller.needs("perm_add")
    event = event_view.visible_event(request, ([*request.args, ""])[0])
    if not request.caller.edits(event):
        raise no_permission()
    _, adhere, analyse = ([*request.args, "0", "0"])[:3]
    body = request.body if isinstance(request.body, dict) else {}
    found = list(_indicators(body.get("value", "")))
    if analyse == "1":
        return [_analysed(*item) for item in found]
    rows = []
    for kind, value, original in found:
        listed = adhere != "0" and bool(warninglists.hits(value))
        if listed and adhere != "soft":
            continue
        made = saving.draft({"type": kind, "value": value, **({"to_ids": False} if listed else {})})
        if not made.errors and not saving.similar(request.store, event, made):
            rows.append(_saved(saving.create(request, event, made), original))
    if rows:
        event.touch()
    return rows


def _analysed(kind: str, value: str, original: str) -> dict[str, Any]:
    return {
        "types": {kind: kind},
        "default_type": kind,
        "comment": False,
        "value": value,
        "original_value": original,
        "to_ids": 1,
    }


def _saved(held: Attribute, original: str) -> dict[str, Any]:
    return {
        "Attribute": {
            "object_id": "0",
            "to_ids": int(held.to_ids),
            "timestamp": held.timestamp,
            "distribution": 5,
            "deleted": "0",
            "disable_correlation": "0",
            "comment": held.comment,
            "value": held.value,
            "original_value": original,
            "type": held.type,
            "category": held.category,
            "event_id": str(held.event.id),
            "sharing_group_id": 0,
            "uuid": held.uuid,
            "value1": held.value1,
            "value2": held.value2,
            "id": str(held.id),
        }
    }
