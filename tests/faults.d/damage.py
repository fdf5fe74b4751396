"""Disks that are full or read-only, and bits that flip in the database."""

import os
import random
import sqlite3
import subprocess
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import handed
import rows
from doors import DOORS
from servers import Misp
from special import Skipped, Special, settled, store_all
from world import Events, World

Run = Callable[[World, Events], list[str]]


def mount(folder: Path, options: str) -> None:
    folder.mkdir(exist_ok=True)
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", folder], capture_output=True, text=True)
    if done.returncode:
        raise Skipped(f"needs root, which may mount a small disk: {done.stderr.strip()}")


def on_disk(world: World, folder: Path, run: Callable[[], list[str]]) -> list[str]:
    """Runs on a disk of 2 MB. What is there in the end is looked at before the disk goes away."""
    mount(folder, "size=2m,mode=700")
    try:
        return run()
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def full(door: str, which: str, room: int) -> Run:
    """`which` disk is full but for `room` bytes: that of the database or that of the feed."""

    def run(world: World, truth: Events) -> list[str]:
        folder = world.home.data if which == "database" else world.feed

        def through() -> list[str]:
            fill = folder / "fill"
            with open(fill, "wb", buffering=0) as file:
                try:
                    while True:
                        file.write(bytes(4096))
                except OSError:
                    pass
                file.truncate(max(0, file.tell() - room))
            outcome = DOORS[door](world, range(len(world.mails)), "")
            fill.unlink()
            if outcome.acknowledged and which == "database" and room == 0:
                return [f"acknowledged {outcome.acknowledged} without room"]
            return settled(world, truth, outcome, door)

        return on_disk(world, folder, through)

    return run


def read_only(door: str) -> Run:
    def run(world: World, truth: Events) -> list[str]:
        def through() -> list[str]:
            world.run("outbox", "list")
            subprocess.run(["mount", "-o", "remount,ro", world.home.data], check=True)
            outcome = DOORS[door](world, range(len(world.mails)), "")
            subprocess.run(["mount", "-o", "remount,rw", world.home.data], check=True)
            if outcome.acknowledged:
                return [f"acknowledged {outcome.acknowledged} on a disk that takes nothing"]
            return settled(world, truth, outcome, door)

        return on_disk(world, world.home.data, through)

    return run


def specials() -> list[Special]:
    found = [
        Special("full disk", door, destination, f"of the {which}, {room >> 10} kB left", full(door, which, room))
        for door, destination, which, room in (
            ("send", "misp", "database", 0),
            ("send", "feed", "database", 64 << 10),
            ("lmtp", "misp", "database", 96 << 10),
            ("native", "feed", "database", 0),
            ("send", "feed", "feed", 0),
            ("lmtp", "feed", "feed", 12 << 10),
        )
    ]
    return found + [Special("read-only database", door, "feed", "disk is read-only", read_only(door)) for door in DOORS]


# Bits that flip.


class Flips:
    """A database with mails that wait, some with their events. Each try flips one bit of a copy and delivers what it has."""

    def __init__(self, misp: Misp) -> None:
        self.told = 0
        self.counting = threading.Lock()
        world = rows.new_world("feed", misp, [*handed.few(), *handed.many(12)])
        try:
            store_all(world)
            with closing(sqlite3.connect(world.home.database)) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self.database = world.home.database.read_bytes()
            self.subjects = sorted(str(row["subject"]) for row in world.rows())
            world.retry()
            self.truth = world.events([])
        finally:
            world.end()
        self.of_subject = {event["info"].removeprefix("M2M - "): uuid for uuid, event in self.truth.items()}
        if sorted(self.of_subject) != self.subjects:
            raise AssertionError(f"other events than mails: {sorted(self.of_subject)}, {self.subjects}")

    def place(self, seed: int) -> tuple[int, int]:
        """Byte and bit of a try."""
        chance = random.Random(seed)
        return chance.randrange(len(self.database)), chance.randrange(8)

    def run(self, seed: int, misp: Misp) -> list[str]:
        """Each mail is delivered right, or people are told of it; no event differs from the truth."""
        world = rows.new_world("feed", misp, [])
        try:
            world.home.data.mkdir(mode=0o700)
            at, bit = self.place(seed)
            flipped = bytearray(self.database)
            flipped[at] ^= 1 << bit
            world.home.database.write_bytes(flipped)
            os.chmod(world.home.database, 0o600)
            delivered = world.run("outbox", "retry")
            listed = world.run("outbox", "list", "--format", "json")
            events = world.events([])
            where = f"byte {at}, bit {bit}"
            wrong = [f"{where}: an event too much: {uuid}" for uuid in events.keys() - self.truth.keys()]
            wrong += [
                f"{where}: event {uuid} is another one"
                for uuid in events.keys() & self.truth.keys()
                if events[uuid] != self.truth[uuid]
            ]
            missing = len(self.truth) - len(events)
            told = len(listed.stdout.splitlines())
            # Either each mail that is missing is listed, or the database as a whole is damaged, and both commands say so.
            if "damaged" not in listed.stderr and missing > told:
                wrong.append(
                    f"{where}: {missing} events are missing, {told} are listed: {delivered.stderr}{listed.stderr}"
                )
            with self.counting:
                self.told += missing > 0
            if (world.feed / "manifest.json").exists():
                wrong += [f"{where}: {one}" for one in rows.inconsistent(world)]
            return wrong
        finally:
            world.end()
