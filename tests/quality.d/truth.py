"""Reads the truth beside the corpus and compares answers with it. Spellings that MISP treats as one value (AS64500 and 64500,
HKLM and HKEY_LOCAL_MACHINE, the separators of a MAC address) count as equal."""

import json
import pathlib
import re
from collections.abc import Iterator, Sequence
from typing import Any

UNICODE_ESCAPE = re.compile(r"\\u([0-9a-f]{4})")
HIVES = {"hklm": "hkey_local_machine", "hkcu": "hkey_current_user", "hkcr": "hkey_classes_root", "hku": "hkey_users"}


def same(kind: str, value: str) -> str:
    """The comparable form of a value."""
    if kind == "AS":
        return value.upper().removeprefix("AS")
    if kind == "mac-address":
        return re.sub(r"[^0-9a-f]", "", value.lower())
    if kind == "regkey":
        hive, _, rest = value.lower().partition("\\")
        return HIVES.get(hive, hive) + "\\" + rest
    return value


Pairs = Sequence[tuple[str, str]]
# Hits, misses, false positives.
Compared = tuple[Pairs, Pairs, Pairs]


class Truth:
    """The indicators of a mail or text: `wanted` pairs of type and value, and values that count neither way."""

    def __init__(self, wanted: Pairs, allowed: Sequence[str], skipped: Pairs = ()) -> None:
        self.wanted = {(kind, same(kind, value)) for kind, value in wanted}
        self.allowed = set(allowed)
        self.skipped = {(kind, same(kind, value)) for kind, value in skipped}

    def compare(self, found: list[dict[str, Any]]) -> Compared:
        """Returns hits, misses and false positives as sorted lists of pairs."""
        sent: set[tuple[str, str]] = set()
        unsent: set[tuple[str, str]] = set()
        # The indicators of the truth do not include attributes of objects.
        for item in found:
            if "object" in item:
                continue
            bucket = unsent if item.get("action") == "skip" else sent
            bucket.add((item["type"], same(item["type"], item["value"])))
        # The program sends a URL of a known analysis site as `link`, which counts as found.
        links = {("url", value) for kind, value in sent if kind == "link"}
        hits = {pair for pair in self.wanted if pair in sent or pair in links}
        misses = self.wanted - hits
        misses |= {("skipped:" + kind, value) for kind, value in self.skipped - unsent}
        false = {
            (kind, value)
            for kind, value in sent - self.wanted
            if value not in self.allowed and not (kind == "link" and ("url", value) in self.wanted)
        }
        return sorted(hits), sorted(misses), sorted(false)


def of_mail(path: pathlib.Path) -> tuple[Truth, dict[str, Any]]:
    """The truth of NAME.expect.json, and that file's other fields."""
    raw = json.loads(path.read_text(encoding="utf-8"))
    pairs = [(item["type"], item["value"]) for item in raw["indicators"]]
    skipped = [(item["type"], item["value"]) for item in raw.get("skipped", [])]
    return Truth(pairs, raw.get("allowed", []), skipped), raw


def of_texts(path: pathlib.Path) -> Iterator[tuple[int, str, Truth]]:
    """Yields (line number, text, truth). A line is the text, then one tab-separated field for each `type=value`,
    `?value` for what counts neither way, and `~type=value` for what has to be shown as skipped; `␤` stands for a line
    end, `␉` for a tab, `\\u200b` for that character."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#!"):
            continue
        text, *fields = line.split("\t")
        text = UNICODE_ESCAPE.sub(lambda m: chr(int(m[1], 16)), text).replace("␤", "\n").replace("␉", "\t")
        wanted, allowed, skipped = [], [], []
        for field in filter(None, fields):
            if field.startswith("?"):
                allowed.append(field[1:])
            elif field.startswith("~") and "=" in field:
                kind, value = field[1:].split("=", 1)
                skipped.append((kind, value))
            elif "=" in field:
                kind, value = field.split("=", 1)
                wanted.append((kind, value))
            else:
                raise ValueError(f"{path}:{number}: {field!r} is none of type=value, ~type=value and ?value")
        yield number, text, Truth(wanted, allowed, skipped)
