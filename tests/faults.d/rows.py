"""The table of faults: at which point, through which door, to which destination, and which fault; and what has to hold afterwards."""

import os
import re
import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import feed_files
import handed
from doors import DOORS, OWN_POINTS, Outcome
from home import Home
from servers import Misp
from world import Events, World

# Points whose passings differ from one another: each stands for another file or request.
EACH = re.compile(r"feed\.file\.|feed\.folder|http\.|outbox\.open")

# Faults that make the program pass points of its ways out of trouble. Each is a part of the orders of a whole group of rows.
TROUBLES = {
    "misp": ("http.send#*=error", "finish.begin=error"),
    "feed": ("feed.file.create#*=full", "finish.begin=error"),
}


# Door, destination and trouble.
Place = tuple[str, str, str]


@dataclass(frozen=True)
class Row:
    point: str
    door: str
    destination: str
    word: str
    nth: int
    trouble: str = ""

    @property
    def orders(self) -> str:
        return ",".join(order for order in (self.trouble, f"{self.point}#{self.nth}={self.word}") if order)

    @property
    def fault(self) -> str:
        return f"{self.word} at {self.nth}" + (f" after {self.trouble}" if self.trouble else "")


@dataclass
class Truth:
    """What a run without faults makes: the events of the destination, the points that it passes, and rows that stay."""

    events: Events
    passings: Counter[str]
    kept: list[str]


def points() -> dict[str, list[str]]:
    """All points of the program with the faults that each can have."""
    told = subprocess.run([Home.program], env=os.environ | {"MISPIGEON_FAULT": "list"}, capture_output=True, text=True)
    lines = told.stdout.splitlines() if told.returncode == 0 else []
    if not lines:
        raise RuntimeError(f"{Home.program} has no fault points: build it with `--features faults`")
    return {words[0]: words[1:] for words in map(str.split, lines)}


def new_world(destination: str, misp: Misp, mails: Sequence[bytes] | None = None) -> World:
    """A red mail stays in the outbox when the destination is a feed, so that is part of every scenario there."""
    if mails is None:
        mails = handed.few() if destination == "misp" else handed.red()
    return World(misp if destination == "misp" else None, mails)


def learn(place: Place, misp: Misp) -> Truth:
    """Runs a scenario without a fault, or with a trouble alone."""
    door, destination, trouble = place
    world = new_world(destination, misp)
    try:
        outcome = DOORS[door](world, range(len(world.mails)), trouble)
        passings = world.passings()
        again(world, door, outcome)
        kept = subjects(world)
        wrong = [*inconsistent(world), *world.left_behind()]
        if not trouble:
            # The red mail alone may stay.
            wrong += [] if kept == expected_rest(destination) else [f"the outbox still has {kept}"]
        if wrong:
            raise AssertionError(f"{door} to {destination} without a fault: {wrong}: {outcome.said}")
        return Truth(world.events(world.uuids()), passings, kept)
    finally:
        world.end()


def expected_rest(destination: str) -> list[str]:
    return ["Fourth"] if destination == "feed" else []


def subjects(world: World) -> list[str]:
    return sorted(str(row["subject"]) for row in world.rows())


def again(world: World, door: str, outcome: Outcome) -> Outcome:
    """What was not acknowledged is given again, as its sender does; what waits is delivered."""
    missing = [number for number in range(len(world.mails)) if number not in outcome.acknowledged]
    second = DOORS[door](world, missing, "") if missing else Outcome()
    world.retry()
    return second


def table(truths: dict[Place, Truth], known: dict[str, list[str]], thorough: bool) -> Iterator[Row]:
    """Every point with every fault at one door for each destination, and killed at most doors; `thorough` takes every door."""
    seen: set[tuple[str, str, str]] = set()
    for (door, destination, trouble), truth in truths.items():
        before = truths[door, destination, ""].passings
        for point, words in known.items():
            count = truth.passings[point]
            # A host delivers what waits when it has run for a second, which a row cannot rely on; `special` has rows of its own.
            if door == "native" and point.startswith("claim."):
                continue
            # Points that are passed without trouble are tried without it.
            if not count or (trouble and before[point]) or trouble.startswith(point):
                continue
            for word in words:
                is_new = (point, destination, word) not in seen
                seen.add((point, destination, word))
                is_usual = word == "kill" and not trouble and point.startswith(OWN_POINTS.get(door, ""))
                if not (is_new or thorough or is_usual):
                    continue
                for nth in passings_to_try(point, count, door, thorough or (is_new and word == "kill")):
                    yield Row(point, door, destination, word, nth, trouble)


def passings_to_try(point: str, count: int, door: str, every: bool) -> Sequence[int]:
    if EACH.match(point) and every and door != "native":
        return range(1, min(count, 12) + 1)
    # How often a listener passes a point depends on time; twice it does.
    return [min(count, 2)]


class NotReachedError(Exception):
    """The fault did not happen, so the row says nothing."""


def run(row: Row, truth: Truth, misp: Misp) -> tuple[Row, list[str]]:
    """Runs a row; returns it with what is wrong, in words. A listener may deliver all mails at once, or one after the other: if it
    does not pass the point as often as the row says, the first passing has to do."""
    try:
        return row, run_once(row, truth, misp)
    except NotReachedError:
        if row.nth == 1 or row.door not in ("lmtp", "smtp"):
            raise
    first = replace(row, nth=1)
    return first, run_once(first, truth, misp)


def run_once(row: Row, truth: Truth, misp: Misp) -> list[str]:
    world = new_world(row.destination, misp)
    try:
        outcome = DOORS[row.door](world, range(len(world.mails)), row.orders)
        if not world.faults()[f"{row.point} {row.word}"]:
            raise NotReachedError(f"passed {world.passings()[row.point]} times: {outcome.said[-300:]}")
        if row.word == "kill" and outcome.code != -9:
            return [f"the process was to be killed and ended with {outcome.code}"]
        second = again(world, row.door, outcome)
        wrong = differences(truth.events, world.events(list(truth.events)))
        kept = subjects(world)
        if kept != expected_rest(row.destination):
            wrong.append(f"the outbox still has {kept}")
        wrong += inconsistent(world)
        wrong += [f"left behind: {name}" for name in world.left_behind()]
        if wrong:
            wrong.append(f"first run said: {outcome.said[-600:]!r}; second: {second.said[-300:]!r}")
        return wrong
    finally:
        world.end()


def differences(wanted: Events, found: Events) -> list[str]:
    wrong = [f"no event {uuid} ({event.get('info')})" for uuid, event in wanted.items() if uuid not in found]
    wrong += [f"an event too much: {uuid} {event}" for uuid, event in found.items() if uuid not in wanted]
    for uuid in wanted.keys() & found.keys():
        if wanted[uuid] != found[uuid]:
            names = [
                f"{name}: {wanted[uuid].get(name)!r:.300} became {found[uuid].get(name)!r:.300}"
                for name in sorted(wanted[uuid].keys() | found[uuid].keys())
                if wanted[uuid].get(name) != found[uuid].get(name)
            ]
            wrong.append(f"event {uuid} differs: {'; '.join(names)}")
    return wrong


def inconsistent(world: World) -> list[str]:
    """What is wrong with the files of the feed."""
    return [] if world.misp else feed_files.check(world.feed)
