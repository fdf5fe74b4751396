"""objects/add, view, delete and objectReferences/add. They are strict: one bad attribute stops the whole object."""

import json
from collections.abc import Iterator
from typing import Any

from misp_double import event_view, object_saving, render, saving
from misp_double.errors import Database, Refusal, internal, no_permission, not_saved, saved, thrown
from misp_double.kinds import TEMPLATES, Template
from misp_double.model import Event, MispObject, new_uuid
from misp_double.request import Request
from misp_double.saving import Draft

NO_TEMPLATE = "No valid template found and object lacking template information."


def _refuse(words: str) -> Refusal:
    return not_saved("Object", "/objects/add", words)


def _visible(request: Request, given: str) -> MispObject:
    held = request.store.find_object(given)
    if held is None or not request.caller.sees(held.event):
        raise thrown(404, "Invalid object.")
    return held


def add(request: Request) -> dict[str, Any]:
    """POST objects/add/EVENT."""
    request.caller.needs("perm_add")
    event = event_view.visible_event(request, ([*request.args, ""])[0])
    if not request.caller.edits(event):
        raise no_permission()
    body = request.body if isinstance(request.body, dict) else {}
    raw = body.get("Object", body)
    url_id = f"{event.id}/{([*request.args, '', ''])[1]}"
    if len(request.args) > 1:
        raise _not_valid("No valid template found to edit the object.", url_id)
    drafts = [saving.draft(item, category) for item, category in _with_categories(raw.get("Attribute"))]
    _check_attributes(request, drafts, url_id)
    template = TEMPLATES.get((str(raw.get("template_uuid")), str(raw.get("template_version"))))
    _check_object(request, event, raw, drafts, template)
    try:
        held = object_saving.store_object(request, event, _described(raw, template), None)
        held.description = template.description if template else raw.get("description")
        held.fingerprint = _fingerprint(raw)
        rows = [render.attribute_row(saving.create(request, event, made, held_by=held)) for made in drafts]
    except Database:
        raise internal() from None
    event.touch()
    return {"Object": {**render.object_row(held), "Attribute": rows}}


def _described(raw: dict[str, Any], template: Template | None) -> dict[str, Any]:
    if template is None:
        return raw
    return {**raw, "name": raw.get("name") or template.name, "meta-category": template.meta_category}


def _not_valid(words: str, url_id: str) -> Refusal:
    return not_saved("object", f"/objects/add/{url_id}", words, id=url_id)


def _with_categories(given: list[Any]) -> Iterator[tuple[dict[str, Any], str | None]]:
    """Two oddities of objects/add: an attribute without a category inherits that of the attribute before it, and one
    without to_ids gets it, whatever its type."""
    previous = None
    for item in given if isinstance(given, list) else []:
        item = {"to_ids": True, **item} if isinstance(item, dict) else {}
        yield item, previous
        made = saving.draft(item, previous)
        previous = made.category or previous


def _check_attributes(request: Request, drafts: list[Draft], url_id: str) -> None:
    """The error names the last bad attribute."""
    bad = None
    for made in drafts:
        if made.uuid in request.store.attributes:
            made.errors["uuid"] = [saving.NOT_UNIQUE]
        bad = made if made.errors else bad
    if bad is not None:
        words = json.dumps(bad.errors, separators=(",", ":")).replace("/", "\\/")
        relation = bad.raw.get("object_relation")
        text = f"Could not save object as at least one attribute has failed validation ({relation}). {words}"
        raise _not_valid(text, url_id)


def _check_object(
    request: Request, event: Event, raw: dict[str, Any], drafts: list[Draft], template: Template | None
) -> None:
    if template is None:
        needed = ("meta-category", "description", "template_uuid", "template_version")
        missing = next((key for key in needed if raw.get(key) is None), None)
        if missing:
            raise _refuse(f"Object could not be saved.\ntemplate: {NO_TEMPLATE} ({missing})")
    elif not _requirement_met(template, drafts):
        wanted = ", ".join(template.required_one_of)
        raise _refuse(
            f"Could not save the object as it requires at least one of the following attributes to be set: {wanted}"
        )
    if str(raw.get("uuid") or "").lower() in request.store.objects:
        raise _refuse(f"Object could not be saved.\nuuid: {saving.NOT_UNIQUE}")
    if str(raw.get("breakOnDuplicate", request.named.get("breakOnDuplicate"))) in ("1", "True", "true"):
        _check_twin(event, raw)


def _requirement_met(template: Template, drafts: list[Draft]) -> bool:
    given = {made.raw.get("object_relation") for made in drafts}
    return not template.required_one_of or bool(given & set(template.required_one_of))


def _fingerprint(raw: dict[str, Any]) -> tuple[tuple[str, ...], ...]:
    """Relation, category, type and value as the request gives them: without a category nothing ever matches."""
    rows = [item for item in raw.get("Attribute") or [] if isinstance(item, dict)]
    if not rows or any(not item.get("category") for item in rows):
        return ()
    keys = ("object_relation", "category", "type", "value")
    return tuple(sorted(tuple(str(item.get(key)) for key in keys) for item in rows))


def _check_twin(event: Event, raw: dict[str, Any]) -> None:
    wanted = _fingerprint(raw)
    twin = next((held for held in event.objects if wanted and held.fingerprint == wanted), None)
    if twin:
        raise _refuse(
            f"Object could not be saved.\nvalue: Duplicate object found (id: {twin.id}, uuid: {twin.uuid}). "
            "Since breakOnDuplicate is set the object will not be added."
        )


def view(request: Request) -> dict[str, Any]:
    held = _visible(request, ([*request.args, ""])[0])
    row = render.object_row(held)
    row["Attribute"] = [render.attribute_plain(item) for item in held.attributes if not item.deleted]
    row["ObjectReference"] = [render.reference(item) for item in held.references]
    return {"Object": row}


def delete(request: Request) -> dict[str, Any]:
    held = _visible(request, ([*request.args, ""])[0])
    if not request.caller.edits(held.event):
        raise no_permission()
    object_saving.delete(held)
    held.event.touch()
    return saved("Object deleted", f"/objects/delete/{held.event.id}", id=str(held.event.id))


def add_reference(request: Request) -> dict[str, Any]:
    """POST objectReferences/add: ignores a uuid of the client, so every call makes another reference."""
    request.caller.needs("perm_add")
    body = request.body if isinstance(request.body, dict) else {}
    raw = body.get("ObjectReference", body)
    held = _visible(request, raw.get("object_uuid") or ([*request.args, ""])[0])
    if not request.caller.edits(held.event):
        raise no_permission()
    target = object_saving.find_target(request, held, raw)
    if target is None:
        raise thrown(404, "Invalid target.")
    made = object_saving.store_reference(request, held, target, raw, new_uuid())
    held.event.touch()
    return {"ObjectReference": {**render.reference(made), "object_uuid": held.uuid}}
