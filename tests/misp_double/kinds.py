"""The attribute types with their categories and defaults (types.csv) and the object templates (templates.csv)."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Kind:
    name: str
    to_ids: bool
    default_category: str
    categories: tuple[str, ...]


@dataclass(frozen=True)
class Template:
    name: str
    uuid: str
    version: str
    meta_category: str
    description: str
    required_one_of: tuple[str, ...]
    required: tuple[str, ...]


def _rows(file: str) -> list[dict[str, str]]:
    with open(_HERE / file, newline="", encoding="utf-8") as source:
        return list(csv.DictReader(source))


def _list(cell: str) -> tuple[str, ...]:
    return tuple(cell.split(";")) if cell else ()


KINDS = {
    row["type"]: Kind(row["type"], row["to_ids"] == "1", row["default_category"], _list(row["categories"]))
    for row in _rows("types.csv")
}
CATEGORIES = sorted({category for kind in KINDS.values() for category in kind.categories})
TEMPLATES = {
    (row["uuid"], row["version"]): Template(
        row["name"],
        row["uuid"],
        row["version"],
        row["meta_category"],
        row["description"],
        _list(row["required_one_of"]),
        _list(row["required"]),
    )
    for row in _rows("templates.csv")
}


def describe_types() -> dict[str, Any]:
    """The reply of attributes/describeTypes."""
    return {
        "result": {
            "sane_defaults": {
                kind.name: {"default_category": kind.default_category, "to_ids": int(kind.to_ids)}
                for kind in KINDS.values()
            },
            "types": list(KINDS),
            "categories": CATEGORIES,
            "category_type_mappings": {
                category: [kind.name for kind in KINDS.values() if category in kind.categories]
                for category in CATEGORIES
            },
        }
    }
