"""The list of the rows that are no mail at a door, and how one of them is run."""

import damage
import files
import meanwhile
import rows
import special
from servers import Misp
from special import Special

FEED, MISP = "feed", "misp"
WORDS = ("kill", "error", "full")


def _at(orders: str) -> tuple[str, ...]:
    """What has to happen for these orders: the last of them."""
    point, word = orders.split(",")[-1].split("=")
    return (f"{point.split('#')[0]} {word}",)


SPECIALS: tuple[Special, ...] = (
    *(
        Special("what waits", "native", destination, orders, special.waiting(orders), _at(orders))
        for destination in (MISP, FEED)
        for orders in (
            "claim.begin=kill",
            "claim.commit=kill",
            "claim.done=kill",
            "claim.begin=busy",
            "claim.done=error",
        )
    ),
    *(
        Special("entry sent again", "native", destination, orders, special.changed(orders), _at(orders))
        for destination in (MISP, FEED)
        for orders in (*(f"store.{step}=kill" for step in ("row", "commit", "done")), "store.commit=full")
    ),
    *(
        Special("killed writer", "send", FEED, orders, files.left(orders), _at(orders))
        for orders in (f"feed.left.removed={word}" for word in ("kill", "error"))
    ),
    *(
        Special("set aside", "retry", destination, orders or "killed three times", special.aside(orders), faults)
        for destination in (MISP, FEED)
        for orders, faults in (("", ()), *((f"aside.row={word}", (f"aside.row {word}",)) for word in WORDS))
    ),
    *(
        Special("alone", door, destination, "kills again", special.alone(door), faults)
        for door in ("send", "native", "pipe")
        for destination, faults in ((MISP, ("http.send kill",)), (FEED, ("feed.lock kill",)))
    ),
    *(
        Special("broken manifest", "send", FEED, orders, files.broken_manifest(orders), _at(orders))
        for orders in (
            *(f"feed.aside={word}" for word in WORDS),
            *(f"manifest.again={word}" for word in ("kill", "error")),
        )
    ),
    *(
        Special("configuration", "init", FEED, orders, files.configuration(orders), _at(orders))
        for orders in (f"private.{step}={word}" for step in ("write", "rename") for word in WORDS)
    ),
    *(
        Special("export and import", "files", MISP, orders, files.export(orders), _at(orders))
        for orders in (
            *(f"export.{step}#2={word}" for step in ("mail", "entry") for word in WORDS),
            *(f"import.read#2={word}" for word in ("kill", "error", "open")),
        )
    ),
    *(
        Special("backup", "copy", MISP, orders, files.backup(orders), _at(orders))
        for orders in (f"backup.{step}={word}" for step in ("sync", "rename") for word in WORDS)
    ),
    Special("torn hashes.csv", "send", FEED, "half a line is lost", files.torn_hashes, ("hashes.sync kill",)),
    *(
        Special("at once", "all", destination, "three doors and a timer", meanwhile.at_once)
        for destination in (MISP, FEED)
    ),
    *(
        Special("clock", "retry", destination, f"a year ahead, {how}", meanwhile.a_year_ahead(how))
        for destination in (MISP, FEED)
        for how in ("claimed", "put off", "by faketime")
    ),
    *(Special("locked", "send", destination, "for two seconds", meanwhile.locked(2)) for destination in (MISP, FEED)),
    Special("locked", "send", MISP, "for longer than anybody waits", meanwhile.locked(23), is_long=True),
    *damage.specials(),
)


def run(row: Special, truth: rows.Truth, misp: Misp) -> list[str]:
    """Runs a row; returns what is wrong, in words."""
    world = rows.new_world(row.destination, misp)
    try:
        wrong = row.run(world, truth.events)
        happened = world.faults()
        missing = [fault for fault in row.faults if not happened[fault]]
        return [f"{fault} did not happen" for fault in missing] + wrong
    finally:
        world.end()
