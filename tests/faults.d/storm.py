"""Many mails through three doors at once, while processes are killed at random moments."""

import contextlib
import os
import random
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import handed
import rows
from client import CutOffError, Host, Refused
from doors import ACKNOWLEDGED, Listener
from servers import Misp
from world import PATIENCE, World

# Mails that one `mispigeon send` gets.
BATCH = 20

Values = set[tuple[str, str]]


class Storm:
    """The doors and the killer, with what they share."""

    def __init__(self, world: World, kills: int, seed: int) -> None:
        self.world, self.kills, self.chance = world, kills, random.Random(seed)
        self.lock = threading.Lock()
        self.running: dict[int, subprocess.Popen[Any]] = {}
        self.killed = self.acknowledged = 0
        self.failed: list[str] = []
        self.over = threading.Event()

    @contextlib.contextmanager
    def exposed(self, process: subprocess.Popen[Any]) -> Iterator[None]:
        """The process may be killed meanwhile."""
        with self.lock:
            self.running[process.pid] = process
        try:
            yield
        finally:
            with self.lock:
                self.running.pop(process.pid, None)

    def count(self, mails: int) -> None:
        with self.lock:
            self.acknowledged += mails

    def kill(self) -> None:
        """Kills until it is enough, at moments that are spread over the mails and over the lives of the processes."""
        mails = len(self.world.mails)
        while self.killed < self.kills and not self.over.wait(self.chance.uniform(0.005, 0.1)):
            with self.lock:
                # The last kills come before the last mails.
                if self.acknowledged < 0.9 * mails * self.killed / self.kills:
                    continue
                alive = sorted(pid for pid, process in self.running.items() if process.poll() is None)
                if alive:
                    os.kill(self.chance.choice(alive), signal.SIGKILL)
                    self.killed += 1

    # The doors. Each gives a mail until it is acknowledged.

    def send(self, numbers: list[int]) -> None:
        for first in range(0, len(numbers), BATCH):
            paths = [str(self.world.mails[number]) for number in numbers[first : first + BATCH]]
            while True:
                process = subprocess.Popen(
                    [self.world.home.program, "send", *paths],
                    env=self.world.environment(),
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
                with self.exposed(process):
                    code = process.wait(PATIENCE)
                if code == 0:
                    self.count(len(paths))
                    break

    def listen(self, numbers: list[int]) -> None:
        waiting = list(numbers)
        while waiting:
            listener = Listener(self.world, "lmtp")
            with self.exposed(listener.process):
                while waiting and listener.process.poll() is None:
                    if listener.ready and listener.hand_in(waiting[0]):
                        waiting.pop(0)
                        self.count(1)
            listener.end()

    def native(self, numbers: list[int]) -> None:
        waiting = list(numbers)
        while waiting:
            host = Host(self.world.home, greet=False)
            with self.exposed(host.process), contextlib.suppress(EOFError, CutOffError):
                host.call("hello", extension="0.1.0", protocol={"min": 1, "max": 1})
                while waiting:
                    raw = self.world.mails[waiting[0]].read_bytes()
                    with contextlib.suppress(Refused):
                        answer = host.call("send", message=host.handle_of(raw))
                        if all(delivery["status"] in ACKNOWLEDGED for delivery in answer["deliveries"]):
                            waiting.pop(0)
                            self.count(1)
            host.end()
            host.log.close()

    def guarded(self, door: Callable[[list[int]], None], numbers: list[int]) -> threading.Thread:
        def run() -> None:
            try:
                door(numbers)
            except Exception as error:
                self.failed.append(f"{door.__name__}: {type(error).__name__}: {error}")

        thread = threading.Thread(target=run)
        thread.start()
        return thread


def expected(world: World) -> dict[str, Values]:
    """The attributes of all events, by uuid, as a run that stores nothing prints them."""
    found: dict[str, Values] = {}
    for path in world.mails:
        (event,) = world.home.dry_run(path.read_bytes())
        found[event["uuid"]] = values(event)
    return found


def values(event: dict[str, Any]) -> Values:
    objects = [attribute for one in event.get("Object", []) for attribute in one.get("Attribute", [])]
    return {(attribute["type"], attribute["value"]) for attribute in [*event.get("Attribute", []), *objects]}


def run(destination: str, misp: Misp, mails: int, kills: int, seed: int) -> list[str]:
    """Returns what is wrong, in words."""
    world = rows.new_world(destination, misp, handed.many(mails))
    try:
        truth = expected(world)
        storm = Storm(world, kills, seed)
        begun = time.monotonic()
        doors = [
            storm.guarded(door, list(range(start, mails, 3)))
            for start, door in enumerate((storm.send, storm.listen, storm.native))
        ]
        killer = threading.Thread(target=storm.kill)
        killer.start()
        for door in doors:
            door.join()
        storm.over.set()
        killer.join()
        told = f"{storm.killed} kills in {time.monotonic() - begun:.0f} s"
        for _ in range(3):
            world.retry()
        found = world.events(list(truth))
        wrong = [*storm.failed]
        if storm.killed < kills:
            wrong.append(f"the mails were in after {told}")
        lost = truth.keys() - found.keys()
        wrong += [f"{len(lost)} of {mails} events are missing: {sorted(lost)[:5]}"] if lost else []
        wrong += [f"an event too much: {uuid}" for uuid in found.keys() - truth.keys()]
        wrong += [
            f"{uuid} is another one" for uuid in found.keys() & truth.keys() if values(found[uuid]) != truth[uuid]
        ]
        doubled = [uuid for uuid, event in found.items() if len(event.get("Attribute", [])) != len(values(event))]
        wrong += [f"{uuid} has an attribute twice" for uuid in doubled]
        wrong += [f"the outbox still has {subject}" for subject in rows.subjects(world)]
        wrong += rows.inconsistent(world)
        wrong += [f"left behind: {name}" for name in world.left_behind() if Path(name).name != "lmtp"]
        print(f"    {told}, {len(found)} events")
        return wrong
    finally:
        world.end()
