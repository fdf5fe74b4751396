"""One scenario's world: a clean home with a destination, the program with its faults, and everything that can be seen afterwards."""

import contextlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from harness import key
from home import Home
from servers import Misp

# A killed process does not take longer, nor does one that waits for a lock (20 s).
PATIENCE = 60

# What may be in the folders when no process runs.
KNOWN = re.compile(
    r"\.config/mispigeon/config\.toml|mispigeon\.json|mails/.*|fault-log.*|data/(state\.db|listen\.pem)"
    r"|feed/(\.lock|\.organisation\.json|manifest\.json|hashes\.csv|[0-9a-f-]{36}\.json)"
)
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

# What of an event, an attribute, an object or a report follows from the mail.
OF_MAIL = (
    *("uuid", "info", "date", "type", "category", "to_ids", "value", "comment", "object_relation", "name", "content"),
    *("threat_level_id", "analysis", "distribution", "published", "referenced_uuid", "relationship_type"),
)
LISTS = ("Attribute", "Object", "Tag", "EventReport", "ObjectReference", "Galaxy")

# The listener keeps the smallest mail in memory while it comes, and the others in files.
SPOOL = "[listen]\nspool_above = 400\n"

Event = dict[str, Any]
Events = dict[str, Event]


class World:
    """`misp` is a double; without one the destination is a feed folder."""

    def __init__(self, misp: Misp | None, mails: Sequence[bytes]) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="mispigeon-faults-"))
        self.home = Home(str(self.folder))
        self.misp = misp
        self.feed = self.folder / "feed"
        if misp:
            misp.control("POST", "reset")
            misp.recover()
            self.home.serve(misp.url, key("Publisher"), SPOOL)
        else:
            self.home.configure(f'destination = "feed"\n[feed]\ndir = {json.dumps(str(self.feed))}\n{SPOOL}')
        self.mails: list[Path] = []
        (self.folder / "mails").mkdir()
        for number, raw in enumerate(mails):
            path = self.folder / "mails" / f"{number:04}.eml"
            path.write_bytes(raw)
            self.mails.append(path)

    def end(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    # The program.

    def environment(self, orders: str = "", **more: str) -> dict[str, str]:
        own = {"MISPIGEON_FAULT": orders, "MISPIGEON_FAULT_LOG": str(self.log)}
        return self.home.environment | own | more

    def run(self, *words: object, orders: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        command = [self.home.program, *map(str, words)]
        return subprocess.run(
            command,
            env=self.environment(orders, **more),
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=PATIENCE,
        )

    @property
    def log(self) -> Path:
        return self.folder / "fault-log"

    def passings(self) -> Counter[str]:
        return self._logged("passed")

    def faults(self) -> Counter[str]:
        """The faults that happened, as `point word`."""
        return self._logged("fault")

    def _logged(self, kind: str) -> Counter[str]:
        lines = self.log.read_text(encoding="ascii").splitlines() if self.log.exists() else []
        return Counter(line.split(" ", 1)[1] for line in lines if line.startswith(kind + " "))

    # The outbox.

    def rows(self) -> list[dict[str, Any]]:
        """What waits or has failed, as the program lists it."""
        done = self.run("outbox", "list", "--format", "json")
        if done.returncode:
            raise AssertionError(f"`outbox list` ends with {done.returncode}: {done.stderr}")
        return [json.loads(line) for line in done.stdout.splitlines()]

    def edit(self, sql: str, *values: object) -> None:
        with closing(sqlite3.connect(self.home.database, timeout=20)) as connection, connection:
            connection.execute(sql, values)

    def let_time_pass(self, seconds: int = 120) -> None:
        """Claims of killed processes end by themselves after 45 s. Nobody waits that long here: their times are set back."""
        self.edit("UPDATE submission SET lease_until = lease_until - ?1 WHERE lease IS NOT NULL", seconds)

    def is_idle(self) -> bool:
        """Whether nothing is due or being delivered."""
        sql = "SELECT count(*) FROM submission WHERE state = 'pending' AND (lease IS NOT NULL OR due <= unixepoch())"
        try:
            with closing(sqlite3.connect(f"file:{self.home.database}?mode=ro", uri=True, timeout=20)) as connection:
                return connection.execute(sql).fetchone()[0] == 0
        except sqlite3.OperationalError:
            return not self.home.database.exists()

    def retry(self) -> str:
        """Delivers what waits, as a person or a timer does later. Returns what is wrong."""
        done = self.run("outbox", "retry")
        if any(row["claimed"] for row in self.rows()):
            self.let_time_pass()
            done = self.run("outbox", "retry")
        return f"`outbox retry` ends with {done.returncode}: {done.stderr.strip()}" if done.returncode else ""

    # What came of it.

    def uuids(self) -> list[str]:
        """Of all events that the outbox knows."""
        if not self.home.database.exists():
            return []
        sql = "SELECT event_uuid FROM submission WHERE event_uuid IS NOT NULL"
        return sorted(row[0] for row in self.home.query(sql))

    def events(self, uuids: Sequence[str]) -> Events:
        """The events of the destination, as far as they follow from the mails. Those of a double are asked for by uuid."""
        found: Events = {}
        if self.misp:
            for uuid in uuids:
                if stored := self.misp.event(uuid):
                    found[uuid] = _of_mail(stored["Event"])
            others = self.misp.events() - len(found)
            if others:
                found["others"] = {"count": others}
            return found
        for path in self.feed.glob("*.json"):
            if UUID.fullmatch(path.stem):
                found[path.stem] = _of_mail(json.loads(path.read_text(encoding="utf-8"))["Event"])
        return found

    def left_behind(self) -> list[str]:
        """Files that should not be there when no process runs."""
        names = (str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if path.is_file())
        return sorted(name for name in names if not KNOWN.fullmatch(name) and not name.startswith("stderr-"))


def _of_mail(event: Event) -> Event:
    """The part of an event that is the same however and whenever it was delivered, in one order."""
    kept: Event = {name: str(event[name]) for name in OF_MAIL if event.get(name) not in (None, "")}
    for name in LISTS:
        # Inside a reference, these names are single parts that it refers to.
        listed = event.get(name)
        parts = [_of_mail(part) for part in listed if not _is_deleted(part)] if isinstance(listed, list) else []
        if parts:
            kept[name] = sorted(parts, key=lambda part: json.dumps(part, sort_keys=True))
    return kept


def _is_deleted(part: Event) -> bool:
    return str(part.get("deleted", "")).lower() in ("1", "true")


def kill(process: subprocess.Popen[Any]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(process.pid, 9)
    process.wait(PATIENCE)
