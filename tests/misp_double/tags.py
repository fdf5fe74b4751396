"""Tags: which exist, who may make new ones, and how to attach them to events and attributes."""

import json
from typing import Any

from misp_double import render
from misp_double.errors import column, no_permission, not_saved, saved, thrown
from misp_double.model import Attribute, Event, Store, Tag
from misp_double.request import Request

STOCK = (
    ("tlp:red", "#FF2B2B"),
    ("tlp:amber", "#FFC000"),
    ("tlp:amber+strict", "#FFC000"),
    ("tlp:green", "#33FF00"),
    ("tlp:clear", "#FFFFFF"),
    ("tlp:white", "#FFFFFF"),
    ("PAP:RED", "#FF0000"),
    ("PAP:AMBER", "#FFC000"),
    ("PAP:GREEN", "#00AD1C"),
    ("PAP:CLEAR", "#FFFFFF"),
)
RESTRICTED = (
    ("double:other-org", {"org_id": 1}),
    ("double:not-exportable", {"exportable": False}),
    ("double:hidden", {"hidden": True}),
)


def stock(store: Store) -> None:
    """The tags that a fresh double knows."""
    for name, colour in STOCK:
        _make(store, name, colour)
    for name, how in RESTRICTED:
        _make(store, name, "#111111", **how)


def _make(store: Store, name: str, colour: str = "#0088CC", **how: Any) -> Tag:
    made = Tag(store.next_id("tag"), column(name), colour, **how)
    store.tags[name.lower()] = made
    return made


def resolve(request: Request, name: str) -> Tag | None:
    """The tag of that name, in any case. Makes it if the role may; None if not."""
    found = request.store.tags.get(name.lower())
    if found is None and request.caller.may("perm_tag_editor"):
        found = _make(request.store, name)
    return found


def barred(request: Request, tag: Tag) -> bool:
    return tag.org_id not in (0, request.caller.org.id) and not request.caller.site_admin


def attach_given(request: Request, holder: list[tuple[Tag, bool]], given: object) -> None:
    """Tags inside an event. Leaves out those that it cannot attach, and those with an id only, without saying so."""
    for raw in given if isinstance(given, list) else []:
        name = raw.get("name") if isinstance(raw, dict) else None
        if not isinstance(name, str) or not name or not request.caller.may("perm_tagger"):
            continue
        tag = resolve(request, name)
        if tag and tag.exportable and not barred(request, tag):
            hang(holder, tag, bool(raw.get("local")))


def hang(holder: list[tuple[Tag, bool]], tag: Tag, local: bool) -> bool:
    """Attaches a tag; False if it was attached already."""
    if any(held is tag for held, _ in holder):
        return False
    holder.append((tag, local))
    return True


def _target(request: Request, given: str) -> tuple[Event, Event | Attribute, str]:
    store = request.store
    event = store.events.get(given.lower())
    attribute = store.attributes.get(given.lower())
    owner = event or (attribute.event if attribute else None)
    if owner is None or not request.caller.sees(owner):
        raise thrown(404, "Invalid Target.")
    return owner, event or attribute or owner, "Event" if event else "Attribute"


def attach(request: Request) -> dict[str, Any]:
    """POST tags/attachTagToObject: one tag or a list, on an event or an attribute."""
    if request.method != "POST":
        raise thrown(405, "This method is only accessible via POST requests.")
    request.caller.needs("perm_tagger")
    body = request.body if isinstance(request.body, dict) else {}
    owner, target, kind = _target(request, str(body.get("uuid") or ([*request.args, ""])[0]))
    if not request.caller.edits(owner):
        raise no_permission()
    local = str(body.get("local", 0)).lower() in ("1", "true")
    names = body.get("tag") or (request.args[1] if len(request.args) > 1 else "")
    names = names if isinstance(names, list) else [names]
    done: list[tuple[Tag, bool]] = []
    reasons: list[str] = []
    for name in names:
        _attach_one(request, target, str(name), local, done, reasons)
    if reasons:
        words = json.dumps({str(at): reason for at, reason in enumerate(reasons)}, separators=(",", ":"))
        errors = f"Failed to attach {len(reasons)} tags. Reasons: {words}"
        raise not_saved("Tag", "/tags/attachTagToObject", errors, verb="attachTagToObject")
    if any(new for _, new in done):
        owner.touch()
    return saved(_words(done, kind, target), "/tags/attachTagToObject")


def _attach_one(
    request: Request,
    target: Event | Attribute,
    name: str,
    local: bool,
    done: list[tuple[Tag, bool]],
    reasons: list[str],
) -> None:
    if local and not request.caller.site_admin:
        reasons.append("Local tags can only be added by users of the host organisation.")
        return
    tag = resolve(request, name)
    if tag is None:
        reasons.append("Tag not found and insufficient privileges to create it.")
    elif barred(request, tag):
        reasons.append("Invalid Tag. This tag can only be set by a fixed organisation.")
    else:
        done.append((tag, hang(target.tags, tag, local)))


def _words(done: list[tuple[Tag, bool]], kind: str, target: Event | Attribute) -> str:
    if len(done) > 1:
        return f"Successfully attached {len(done)} tags to {kind} ({target.id})"
    tag, new = done[0]
    if not new:
        return f"{kind} already has the requested tag attached, no changes had to be made for tag {tag.name}."
    return f"Global tag {tag.name}({tag.id}) successfully attached to {kind}({target.id})."


def remove(request: Request) -> dict[str, Any]:
    """POST tags/removeTagFromObject."""
    request.caller.needs("perm_tagger")
    body = request.body if isinstance(request.body, dict) else {}
    owner, target, kind = _target(request, str(body.get("uuid") or ([*request.args, ""])[0]))
    if not request.caller.edits(owner):
        raise no_permission()
    name = str(body.get("tag") or ([*request.args, "", ""])[1])
    tag = request.store.tags.get(name.lower())
    if tag is None:
        raise thrown(404, "Invalid Tag.")
    target.tags[:] = [item for item in target.tags if item[0] is not tag]
    owner.touch()
    words = f"Successfully removed tag {tag.name}({tag.id}) from {kind}({target.id})."
    return saved(words, "/tags/removeTagFromObject")


def search(request: Request) -> list[dict[str, Any]]:
    """POST tags/search: exact names, `%` as a wildcard. A colon in the path is a named parameter and finds nothing."""
    body = request.body if isinstance(request.body, dict) else {}
    asked = body.get("tag", body.get("tagname"))
    asked = asked if asked is not None else (request.args[0] if request.args else None)
    names = [str(name).lower() for name in (asked if isinstance(asked, list) else [asked]) if name]
    return [{"Tag": render.whole_tag(tag)} for name in names for tag in _like(request.store, name)]


def _like(store: Store, pattern: str) -> list[Tag]:
    if "%" not in pattern:
        return [store.tags[pattern]] if pattern in store.tags else []
    core = pattern.strip("%")
    return [tag for name, tag in store.tags.items() if core in name]


def index(request: Request) -> dict[str, Any]:
    wanted = str(request.named.get("searchall", "")).lower()
    rows = [tag for name, tag in sorted(request.store.tags.items()) if wanted in name]
    return {"Tag": [{**render.whole_tag(tag), "favourite": False, "count": 0} for tag in rows]}


def add(request: Request) -> dict[str, Any]:
    """POST tags/add: needs perm_tag_editor; answers with the stored tag if the name exists."""
    request.caller.needs("perm_tag_editor")
    body = request.body if isinstance(request.body, dict) else {}
    raw = body.get("Tag", body)
    name = str(raw.get("name") or "")
    if not name:
        raise not_saved("Tag", "/tags/add", {"name": ["valueNotEmpty"]})
    found = request.store.tags.get(name.lower())
    made = found or _make(request.store, name, str(raw.get("colour") or "#0088CC"))
    return {"Tag": render.whole_tag(made)}
