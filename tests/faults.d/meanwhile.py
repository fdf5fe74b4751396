"""Rows about several processes at once, and about clocks that jump."""

import shutil
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing

from doors import Listener, native, send
from special import Skipped, settled, store_all
from world import PATIENCE, Events, World


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


def locked(seconds: int) -> Callable[[World, Events], list[str]]:
    """Another process holds the write lock of the database. After 20 s the program says so, and acknowledges nothing."""

    def run(world: World, truth: Events) -> list[str]:
        world.run("outbox", "list")
        held = threading.Event()

        def hold() -> None:
            with closing(sqlite3.connect(world.home.database, isolation_level=None)) as connection:
                connection.execute("BEGIN IMMEDIATE")
                held.set()
                time.sleep(seconds)
                connection.execute("ROLLBACK")

        thread = threading.Thread(target=hold)
        thread.start()
        held.wait(PATIENCE)
        begun = time.monotonic()
        outcome = send(world, range(len(world.mails)))
        waited = time.monotonic() - begun
        thread.join()
        if waited < min(seconds, 20) - 1:
            return [f"it waited for {waited:.0f} s: {outcome.said}"]
        if seconds > 20 and (outcome.code == 0 or 0 in outcome.acknowledged or "keeps it locked" not in outcome.said):
            return [f"the first mail was taken without the lock: {outcome.said}"]
        return settled(world, truth, outcome)

    return run
