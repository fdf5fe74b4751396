"""Whether the files of a feed agree: event files, `manifest.json` and `hashes.csv`."""

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

LINE = re.compile(r"[0-9a-f]{32},[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def check(folder: Path) -> list[str]:
    """A sentence for each fault."""
    if not (folder / "manifest.json").exists():
        return ["the feed has no manifest"]
    wrong: list[str] = []
    manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    events = {
        path.stem: json.loads(path.read_text(encoding="utf-8"))["Event"] for path in folder.glob("*-*-*-*-*.json")
    }
    wrong += [f"{uuid} is in the manifest and has no file" for uuid in manifest.keys() - events.keys()]
    wrong += [f"{uuid} has a file and is not in the manifest" for uuid in events.keys() - manifest.keys()]
    hashes: dict[str, set[str]] = defaultdict(set)
    lines = (folder / "hashes.csv").read_text(encoding="ascii").splitlines()
    for line in lines:
        if not LINE.fullmatch(line):
            wrong.append(f"hashes.csv has the line {line!r}")
            continue
        digest, uuid = line.split(",")
        hashes[uuid].add(digest)
    for uuid in manifest.keys() & events.keys():
        entry, event = manifest[uuid], events[uuid]
        for name in ("info", "date"):
            if entry[name] != event[name]:
                wrong.append(f"{uuid}: {name} is {entry[name]!r} in the manifest and {event[name]!r} in the file")
        if int(entry["timestamp"]) != int(event["timestamp"]):
            wrong.append(f"{uuid}: the manifest has another time than the file")
        missing = {hashlib.md5(value.encode()).hexdigest() for value in values(event)} - hashes[uuid]
        if missing:
            wrong.append(f"{uuid}: {len(missing)} of its values are not in hashes.csv")
        if uuid in events and hashes[uuid] - {hashlib.md5(value.encode()).hexdigest() for value in values(event)}:
            wrong.append(f"{uuid}: hashes.csv has a value that the event does not have")
    wrong += [f"hashes.csv names {uuid}, which is no event" for uuid in hashes.keys() - events.keys()]
    return wrong


def values(event: dict[str, Any]) -> Iterator[str]:
    attributes = [*event.get("Attribute", []), *(a for o in event.get("Object", []) for a in o.get("Attribute", []))]
    for attribute in attributes:
        if "|" in attribute["type"] or attribute["type"] == "malware-sample":
            yield from attribute["value"].split("|")
        else:
            yield attribute["value"]
