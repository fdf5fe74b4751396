"""attributes/add, edit, view, delete and the downloads. Unlike events/add, these say why they refuse an attribute."""

import base64
from typing import Any

from misp_double import event_view, render, saving
from misp_double.errors import Database, internal, no_permission, not_saved, thrown
from misp_double.model import Attribute, Event
from misp_double.request import Request

URL = "/attributes/add"


def _editable_event(request: Request, given: str) -> Event:
    event = event_view.visible_event(request, given)
    if not request.caller.edits(event):
        raise no_permission()
    return event


def _option(request: Request, raw: dict[str, Any], name: str) -> bool | str | None:
    """A flag may stand in the attribute or, as a CakePHP parameter, in the path."""
    return raw.get(name, request.named.get(name))


def add(request: Request) -> dict[str, Any]:
    """POST attributes/add/EVENT with one attribute or a list; a list saves what it can."""
    request.caller.needs("perm_add")
    event = _editable_event(request, ([*request.args, ""])[0])
    body = request.body.get("Attribute", request.body) if isinstance(request.body, dict) else request.body
    given = body if isinstance(body, list) else [body]
    if not given or not all(isinstance(raw, dict) for raw in given):
        raise thrown(405, "No attribute data received.")
    stored: list[Attribute] = []
    errors: dict[str, Any] = {}
    try:
        for at, raw in enumerate(given):
            _add_one(request, event, raw, at, stored, errors)
    except Database:
        raise internal() from None
    finally:
        if stored:
            event.touch()
    if not stored:
        raise not_saved("Attribute", URL, errors["attribute_0"] if len(given) == 1 else errors)
    rows = [render.attribute_row(held) for held in stored]
    if len(rows) > 1:
        answer: dict[str, Any] = {"Attribute": rows}
    else:
        answer = {"Attribute": rows[0], "AttributeTag": [render.tag(item) for item in stored[0].tags]}
    return {**answer, **({"errors": errors} if errors else {})}


def _add_one(
    request: Request, event: Event, raw: dict[str, Any], at: int, stored: list[Attribute], errors: dict[str, Any]
) -> None:
    made = saving.draft(raw)
    enforce = _option(request, raw, "enforceWarninglist")
    made.raw = {**raw, "enforceWarninglist": enforce}
    if not made.errors and saving.listed(made):
        errors[f"attribute_{at}"] = saving.LISTED
        return
    twin = saving.similar(request.store, event, made)
    if twin and not made.errors and str(_option(request, raw, "breakOnDuplicate")) in ("0", "False", "false"):
        stored.append(twin)
        return
    saving.check_unique(request.store, event, made)
    if made.errors:
        errors[f"attribute_{at}"] = made.errors
        return
    stored.append(saving.create(request, event, made))


def _visible(request: Request, given: str, words: str = "Invalid attribute") -> Attribute:
    found = request.store.find_attribute(given)
    if found is None or not request.caller.sees(found.event):
        raise thrown(404, words)
    return found


def view(request: Request) -> dict[str, Any]:
    held = _visible(request, ([*request.args, ""])[0])
    return {"Attribute": {**render.attribute_plain(held), "event_uuid": held.event.uuid}}


def edit(request: Request) -> dict[str, Any]:
    """POST attributes/edit/ID with the fields that change."""
    held = _visible(request, ([*request.args, ""])[0])
    if not request.caller.edits(held.event):
        raise no_permission()
    body = request.body if isinstance(request.body, dict) else {}
    raw = body.get("Attribute", body)
    now = {"type": held.type, "category": held.category, "value": held.value, "uuid": held.uuid}
    made = saving.draft({**now, **raw})
    if made.errors:
        raise not_saved("Attribute", f"/attributes/edit/{held.id}", made.errors, verb="edit", id=str(held.id))
    made.raw = {key: value for key, value in made.raw.items() if key != "timestamp"}
    try:
        saving.change(request, held, made)
    except Database:
        raise internal() from None
    held.event.touch()
    return {"Attribute": render.attribute_plain(held)}


def delete(request: Request) -> dict[str, str]:
    """Marks the attribute as deleted, even if the path asks to remove it for good (/ID/1)."""
    held = _visible(request, ([*request.args, ""])[0])
    if not request.caller.edits(held.event):
        raise no_permission()
    saving.delete(held)
    held.event.touch()
    return {"message": "Attribute deleted."}


def download(request: Request) -> bytes:
    """The bytes of an attachment or sample as stored; the name in the header is raw UTF-8."""
    held = _visible(request, ([*request.args, ""])[0])
    if held.data is None:
        raise thrown(404, f"File &#039;/files/{held.event.id}/{held.id}&#039; does not exist.")
    sample = held.type == "malware-sample"
    name = held.value1 + (".zip" if sample else "")
    request.answer_headers.update(
        {
            "Content-Type": "application/zip" if sample else "application/octet-stream",
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Transfer-Encoding": "binary",
            "Accept-Ranges": "bytes",
        }
    )
    return held.data


def download_attachment(request: Request) -> bytes:
    """Made for browsers: over REST it answers 500."""
    raise internal()


def download_sample(request: Request) -> dict[str, list[dict[str, str]]]:
    """Samples by md5, GET with the hash in the path or POST {"request":{"hash":…}}."""
    body = request.body if isinstance(request.body, dict) else {}
    asked = body.get("request", body).get("hash") or ([*request.args, ""])[0]
    found = [
        held
        for held in request.store.by_value.get(str(asked).lower(), {}).values()
        if held.type == "malware-sample" and held.data is not None and request.caller.sees(held.event)
    ]
    if not found:
        raise thrown(404, "No hits with the given parameters.")
    return {"result": [_sample(held) for held in found]}


def _sample(held: Attribute) -> dict[str, str]:
    return {
        "md5": held.value2,
        "base64": base64.b64encode(held.data or b"").decode(),
        "filename": held.value1,
        "attribute_id": str(held.id),
        "event_id": str(held.event.id),
        "event_info": held.event.info,
    }
