"""The doors through which mails come in. Each hands mails in, tells which were acknowledged, and leaves no process behind."""

import os
import re
import smtplib
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import handed
from client import CutOffError, Host, Refused
from world import PATIENCE, World, kill

# Seconds that a listener gets to come to rest after a fault.
AFTER_FAULT = 4

# The program tells of these that the mail is safe.
ACKNOWLEDGED = {"created", "updated", "unchanged", "queued"}


@dataclass
class Outcome:
    """Numbers of the acknowledged mails, how the process ended, and its words."""

    acknowledged: set[int] = field(default_factory=set)
    code: int | None = None
    said: str = ""


Door = Callable[[World, Sequence[int], str], Outcome]


def send(world: World, numbers: Sequence[int], orders: str = "") -> Outcome:
    """`mispigeon send` with all mails."""
    paths = {str(world.mails[number]): number for number in numbers}
    done = world.run("send", *paths, orders=orders)
    if done.returncode == 0:
        return Outcome(set(numbers), 0, done.stderr)
    # The program prints a line for each event; a mail with several counts only when the exit code says so.
    told = re.findall(r"^(\w+)  (\S.*)$", done.stdout, re.MULTILINE)
    kept = {paths[name] for word, name in told if word in ACKNOWLEDGED and name in paths}
    return Outcome(kept - {handed.CARRIER}, done.returncode, done.stderr)


def pipe(world: World, numbers: Sequence[int], orders: str = "") -> Outcome:
    """`mispigeon send --mta`, once for each mail, as a mail server's pipe does. The fault is for the second mail."""
    total = Outcome()
    faulty = numbers[min(1, len(numbers) - 1)]
    for number in numbers:
        if number == faulty:
            done = world.run("send", "--mta", world.mails[number], orders=orders)
            total.code, total.said = done.returncode, done.stderr
        else:
            done = world.run("send", "--mta", world.mails[number], MISPIGEON_FAULT_LOG=os.devnull)
        if done.returncode == 0:
            total.acknowledged.add(number)
    return total


class Listener:
    """A running `mispigeon listen`."""

    def __init__(self, world: World, protocol: str, orders: str = "", **more: str) -> None:
        self.world, self.protocol = world, protocol
        self.place = str(world.folder / "lmtp") if protocol == "lmtp" else ""
        address = f"unix:{self.place}" if self.place else "127.0.0.1:0"
        self.process = subprocess.Popen(
            [world.home.program, "--verbose", "listen", f"--{protocol}", address],
            env=world.environment(orders, **more),
            cwd=world.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
        )
        assert self.process.stdout
        self.ready = self.process.stdout.readline().strip()

    def hand_in(self, number: int) -> bool:
        """Gives the mail to the listener; returns whether it said 250."""
        raw = re.sub(rb"\r?\n", b"\r\n", self.world.mails[number].read_bytes())
        try:
            peer: smtplib.SMTP
            if self.place:
                peer = smtplib.LMTP(self.place, timeout=PATIENCE)
            else:
                host, port = self.ready.rsplit(" ", 1)[1].rsplit(":", 1)
                peer = smtplib.SMTP(host, int(port), timeout=PATIENCE)
            try:
                return not peer.sendmail("peer@example.org", ["soc@example.org"], raw)
            finally:
                peer.close()
        except (OSError, smtplib.SMTPException, IndexError):
            return False

    def wait_until_idle(self) -> None:
        """Until everything is delivered or put off, or the process is gone. After a fault a row may stay claimed for 45 s, which
        the next process need not wait for."""
        begun = time.monotonic()
        while self.process.poll() is None and not self.world.is_idle():
            waited = time.monotonic() - begun
            if waited > AFTER_FAULT and self.world.faults():
                return
            if waited > PATIENCE:
                raise TimeoutError("the listener does not come to rest")
            time.sleep(0.03)

    def end(self) -> tuple[int, str]:
        if self.process.poll() is None:
            self.process.terminate()
        try:
            _, said = self.process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            kill(self.process)
            raise
        return self.process.returncode, said


def listening(protocol: str) -> Door:
    def door(world: World, numbers: Sequence[int], orders: str = "") -> Outcome:
        listener = Listener(world, protocol, orders)
        outcome = Outcome()
        try:
            if listener.ready:
                outcome.acknowledged = {number for number in numbers if listener.hand_in(number)}
                listener.wait_until_idle()
        finally:
            outcome.code, outcome.said = listener.end()
            # The socket of a killed process stays; the next one replaces it.
            if listener.place and os.path.exists(listener.place):
                os.remove(listener.place)
        return outcome

    return door


def native(world: World, numbers: Sequence[int], orders: str = "") -> Outcome:
    """Thunderbird's way. A reply whose receipt says created or queued is the acknowledgement."""
    outcome = Outcome()
    more = {name: value for name, value in world.environment(orders).items() if name.startswith("MISPIGEON_FAULT")}
    host = Host(world.home, greet=False, **more)
    try:
        host.greeting = host.call("hello", extension="0.1.0", protocol={"min": 1, "max": 1})
        for number in numbers:
            if _sent(host, world.mails[number].read_bytes()):
                outcome.acknowledged.add(number)
    except (EOFError, CutOffError):
        pass
    finally:
        try:
            outcome.code = host.end()
        except (TimeoutError, subprocess.TimeoutExpired):
            kill(host.process)
            raise
        finally:
            outcome.said = host.said()
            host.log.close()
    return outcome


def _sent(host: Host, raw: bytes) -> bool:
    try:
        answer: dict[str, Any] = host.call("send", message=host.handle_of(raw))
    except Refused:
        return False
    return all(delivery["status"] in ACKNOWLEDGED for delivery in answer["deliveries"])


DOORS: dict[str, Door] = {
    "send": send,
    "lmtp": listening("lmtp"),
    "smtp": listening("smtp"),
    "native": native,
    "pipe": pipe,
}

# Points of these doors that no other door has, or whose answer to the sender is another one. The rest is as at the doors before.
OWN_POINTS = {"smtp": ("listen.",), "pipe": ("store.", "finish.")}
