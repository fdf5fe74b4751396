"""Rows that are no mail at a door: files of the program's own, entries that are set aside, exported or imported, two processes at
once, and clocks that jump."""

import json
import shutil
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass

import handed
import rows
from client import Host
from doors import Listener, Outcome, native, send
from world import PATIENCE, Events, World, kill


@dataclass(frozen=True)
class Special:
    """`faults` are what must have happened for the row to count, as `point word`."""

    name: str
    door: str
    destination: str
    fault: str
    run: Callable[[World, Events], list[str]]
    faults: tuple[str, ...] = ()


class Skipped(Exception):
    """Why this machine cannot run a row."""


def settled(world: World, truth: Events, outcome: Outcome | None = None, door: str = "send") -> list[str]:
    """Gives again what was not acknowledged, delivers what waits, and compares everything with the truth."""
    if outcome is not None:
        rows.again(world, door, outcome)
    else:
        world.retry()
    kept = rows.subjects(world)
    wrong = rows.differences(truth, world.events(list(truth)))
    if kept != rows.expected_rest("misp" if world.misp else "feed"):
        wrong.append(f"the outbox still has {kept}")
    return wrong + rows.inconsistent(world) + [f"left behind: {name}" for name in world.left_behind()]


def store_all(world: World) -> None:
    """All mails wait in the outbox; none is delivered yet."""
    outcome = send(world, range(len(world.mails)), "http.send#*=error,feed.lock#*=error")
    missing = set(range(len(world.mails))) - outcome.acknowledged
    # With trouble, the exit code tells of it; a carrier then counts as told by its rows.
    if missing - {handed.CARRIER, 3}:
        raise AssertionError(f"not stored: {missing}: {outcome.said}")
    world.log.unlink(missing_ok=True)
    world.edit("UPDATE submission SET due = 0 WHERE state = 'pending'")


# What waits, delivered by the host without being asked.


def waiting(orders: str) -> Callable[[World, Events], list[str]]:
    def run(world: World, truth: Events) -> list[str]:
        store_all(world)
        more = {name: text for name, text in world.environment(orders).items() if name.startswith("MISPIGEON_FAULT")}
        host = Host(world.home, None, True, **more)
        deadline = time.monotonic() + PATIENCE
        while host.process.poll() is None and not (world.faults() and world.is_idle()):
            if time.monotonic() > deadline:
                break
            time.sleep(0.05)
            if "=kill" not in orders and world.faults():
                break
        host.close_input()
        try:
            host.wait()
        except subprocess.TimeoutExpired:
            kill(host.process)
        host.log.close()
        return settled(world, truth)

    return run


# Entries that end the process again and again.


def aside(orders: str) -> Callable[[World, Events], list[str]]:
    """The second mail's delivery ends the process each time. It is set aside and told, the others are delivered; then it is delivered."""

    def run(world: World, truth: Events) -> list[str]:
        store_all(world)
        deadly = "http.send=kill" if world.misp else "feed.lock=kill"
        world.edit("UPDATE submission SET due = 1 WHERE state = 'pending' AND subject <> 'Second'")
        for _ in range(4):
            # `--due` is what a timer calls: the row that has waited longest comes first.
            world.run("outbox", "retry", "--due", orders=deadly)
            world.edit("UPDATE submission SET due = 0 WHERE lease IS NOT NULL")
            world.let_time_pass()
        first = world.run("outbox", "retry", "--due", orders=orders)
        world.let_time_pass()
        world.run("outbox", "retry", "--due")
        left = [row for row in world.rows() if row["subject"] == "Second"]
        wrong = [] if left and left[0]["state"] == "failed" and left[0]["error"] else [f"it was not set aside: {left}"]
        if wrong:
            return [*wrong, first.stderr]
        return settled(world, truth)

    return run


# Files that are no mails.


def broken_manifest(orders: str) -> Callable[[World, Events], list[str]]:
    def run(world: World, truth: Events) -> list[str]:
        send(world, [0])
        manifest = world.feed / "manifest.json"
        manifest.write_bytes(manifest.read_bytes()[:40])
        outcome = send(world, range(1, len(world.mails)), orders)
        outcome.acknowledged.add(0)
        wrong = settled(world, truth, outcome)
        aside = [name for name in world.feed.glob("manifest.json.broken-*") if name.stat().st_size == 40]
        wrong = [one for one in wrong if "manifest.json.broken-" not in one]
        return wrong if len(aside) == 1 else [*wrong, f"the broken manifest is there {len(aside)} times"]

    return run


def configuration(orders: str) -> Callable[[World, Events], list[str]]:
    """`config init --force` over a file with a key: the old file or the new one is there, whole, and nothing beside it."""

    def run(world: World, truth: Events) -> list[str]:
        before = world.home.config.read_bytes()
        world.run("config", "init", "--force", orders=orders)
        after = world.home.config.read_bytes()
        wrong = [] if after == before else ["the file changed although the call failed"]
        done = world.run("config", "init", "--force")
        if (
            done.returncode
            or world.home.config.read_bytes() in (before, b"")
            or world.run("config", "check").returncode
        ):
            wrong.append(f"the second call did not write it: {done.stderr}")
        return wrong + [f"left behind: {name}" for name in world.left_behind()]

    return run


def export(orders: str) -> Callable[[World, Events], list[str]]:
    """A copy that broke off takes nothing from the outbox; a new copy goes into another home, which delivers it."""

    def run(world: World, truth: Events) -> list[str]:
        store_all(world)
        world.run("outbox", "export", world.folder / "mails" / "first", orders=orders if "import" not in orders else "")
        folder = world.folder / "mails" / "second"
        done = world.run("outbox", "export", folder)
        if done.returncode:
            return [f"the second export ends with {done.returncode}: {done.stderr}"]
        for path in world.home.data.glob("state.db*"):
            path.unlink()
        world.run("outbox", "import", folder, orders=orders if "import" in orders else "")
        done = world.run("outbox", "import", folder)
        return (
            settled(world, truth) if not done.returncode else [f"the import ends with {done.returncode}: {done.stderr}"]
        )

    return run


def backup(orders: str) -> Callable[[World, Events], list[str]]:
    """What has the name of the copy is a whole copy; without one, the same name can be asked for again."""

    def run(world: World, truth: Events) -> list[str]:
        store_all(world)
        copy = world.folder / "mails" / "copy.db"
        world.run("outbox", "backup", copy, orders=orders)
        if not copy.exists():
            done = world.run("outbox", "backup", copy)
            if done.returncode:
                return [f"the second backup ends with {done.returncode}: {done.stderr}"]
        beside = sorted(path.name for path in copy.parent.glob("*copy.db*") if path != copy)
        for path in world.home.data.glob("state.db*"):
            path.unlink()
        shutil.copy(copy, world.home.database)
        return [*settled(world, truth), *(f"left behind: {name}" for name in beside)]

    return run


def torn_hashes(world: World, truth: Events) -> list[str]:
    """The process is killed before the disk has the lines, and a part of them is lost, cut at a place that no line ends at."""
    outcome = send(world, range(len(world.mails)), "hashes.sync#2=kill")
    hashes = world.feed / "hashes.csv"
    hashes.write_bytes(hashes.read_bytes()[:-40])
    return settled(world, truth, outcome)


# Processes and clocks.


def at_once(world: World, truth: Events) -> list[str]:
    """The same mails come through three doors at the same moment, and a timer delivers meanwhile."""
    numbers = range(len(world.mails))
    listener = Listener(world, "lmtp")
    doors: Sequence[Callable[[], object]] = (
        lambda: send(world, numbers),
        lambda: native(world, numbers),
        lambda: [listener.hand_in(number) for number in reversed(numbers)],
        lambda: world.run("outbox", "retry", "--due"),
    )
    failed: list[str] = []

    def run(door: Callable[[], object]) -> None:
        try:
            door()
        except Exception as error:
            failed.append(repr(error))

    threads = [threading.Thread(target=run, args=[door]) for door in doors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    listener.wait_until_idle()
    listener.end()
    return [*failed, *settled(world, truth)]


def a_year_ahead(where: str) -> Callable[[World, Events], list[str]]:
    """A process whose clock was a year ahead left its marks. A timer delivers all the same: nobody waits for a year."""

    def run(world: World, truth: Events) -> list[str]:
        year = 366 * 86400
        if where == "by faketime":
            if not shutil.which("faketime"):
                raise Skipped("needs faketime")
            deadly = "http.send=kill" if world.misp else "feed.lock=kill"
            paths = [str(path) for path in world.mails]
            command = ["faketime", "-f", "+366d", world.home.program, "send", *paths]
            subprocess.run(
                command, env=world.environment(deadly), cwd=world.folder, capture_output=True, timeout=PATIENCE
            )
            if not world.faults():
                return ["the process with the wrong clock was not killed"]
            send(world, range(1, len(world.mails)))
        else:
            store_all(world)
            sql = {
                "claimed": "UPDATE submission SET lease = 'x', lease_until = unixepoch() + ?1 WHERE state = 'pending'",
                "put off": "UPDATE submission SET due = unixepoch() + ?1 WHERE state = 'pending'",
            }[where]
            world.edit(sql, year)
        for _ in range(8):
            world.run("outbox", "retry", "--due")
        waiting = [row["subject"] for row in world.rows() if row["state"] == "pending"]
        return [f"a timer does not deliver {waiting}"] if waiting else settled(world, truth)

    return run


def locked(world: World, truth: Events) -> list[str]:
    """Another process holds the write lock of the database for two seconds."""
    world.run("outbox", "list")
    held = threading.Event()

    def hold() -> None:
        with closing(sqlite3.connect(world.home.database, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            held.set()
            time.sleep(2)
            connection.execute("ROLLBACK")

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(PATIENCE)
    begun = time.monotonic()
    outcome = send(world, range(len(world.mails)))
    waited = time.monotonic() - begun
    thread.join()
    return settled(world, truth, outcome) if waited > 1 else [f"it did not wait: {json.dumps(outcome.said)}"]
