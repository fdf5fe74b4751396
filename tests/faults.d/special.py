"""What rows that are no mail at a door have in common; and those about entries of the outbox that Thunderbird's host delivers, that
a person sends again, or that are set aside."""

import contextlib
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass

import handed
import rows
from client import CutOffError, Host, Refused
from doors import DOORS, Outcome, send
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
    is_long: bool = False


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


def changed(orders: str) -> Callable[[World, Events], list[str]]:
    """A person opens an entry that waits and sends it: it takes the place of the old one, whole or not at all."""

    def run(world: World, truth: Events) -> list[str]:
        store_all(world)
        row = next(row["id"] for row in world.rows() if row["subject"] == "First")
        more = {name: text for name, text in world.environment(orders).items() if name.startswith("MISPIGEON_FAULT")}
        host = Host(world.home, None, True, **more)
        with contextlib.suppress(EOFError, CutOffError, Refused):
            opened = host.call("outbox.open", row=row)
            host.call("send", message=opened["message"], mode=opened["mode"])
        host.end()
        host.log.close()
        return settled(world, truth)

    return run


# Entries that end the process again and again.


def deadly(world: World) -> str:
    return "http.send=kill" if world.misp else "feed.lock=kill"


def alone(door: str) -> Callable[[World, Events], list[str]]:
    """The second mail's delivery has ended a process before. At this door it ends another one, and not the door's own."""

    def run(world: World, truth: Events) -> list[str]:
        store_all(world)
        world.edit("UPDATE submission SET due = unixepoch() + 3600, killed = (subject = 'Second')")
        outcome = DOORS[door](world, [1], deadly(world))
        wrong = [] if (outcome.code, outcome.acknowledged) == (0, {1}) else [f"it was not alone: {outcome}"]
        return wrong + settled(world, truth)

    return run


def aside(orders: str) -> Callable[[World, Events], list[str]]:
    """The second mail's delivery ends the process each time. It is set aside and told, the others are delivered; then it is delivered."""

    def run(world: World, truth: Events) -> list[str]:
        store_all(world)
        world.edit("UPDATE submission SET due = 1 WHERE state = 'pending' AND subject <> 'Second'")
        longest = "UPDATE submission SET due = 0 WHERE state = 'pending' AND subject = 'Second'"
        # After the first end a process of its own delivers the mail, and the other one counts its ends.
        for _ in range(3):
            # `--due` is what a timer calls: the row that has waited longest comes first.
            world.run("outbox", "retry", "--due", orders=deadly(world))
            world.edit(longest)
            world.let_time_pass()
        if orders:
            # Nobody lived to count the last end.
            world.edit(
                "UPDATE submission SET state = 'pending', error = NULL, due = 0, killed = 2, lease = 'x', lease_until = 0"
                " WHERE subject = 'Second'"
            )
        first = world.run("outbox", "retry", "--due", orders=orders)
        world.let_time_pass()
        world.run("outbox", "retry", "--due")
        left = [row for row in world.rows() if row["subject"] == "Second"]
        wrong = [] if left and left[0]["state"] == "failed" and left[0]["error"] else [f"it was not set aside: {left}"]
        if wrong:
            return [*wrong, first.stderr]
        return settled(world, truth)

    return run
