"""Runs commands in an environment of their own, measures what each costs, and collects the rows of the table."""

import json
import pathlib
import statistics
import subprocess
import sys
from collections.abc import Callable
from typing import TypedDict

from program import Program

HERE = pathlib.Path(__file__).resolve().parent
MEGABYTE = 1_000_000
Stream = str | pathlib.Path


class Cost(TypedDict):
    """What one run took: seconds, and bytes."""

    wall: float
    cpu: float
    peak: int
    code: int


class Unmeasured(Exception):
    """Something that the measurement needs is missing."""


class Bench:
    """Runs commands in an environment of their own, and collects the rows of the table."""

    def __init__(self, binary: str, peers: pathlib.Path, only: str | None) -> None:
        self.binary, self.peers, self.only = binary, peers, only
        self.program = Program(binary)
        self.folder = pathlib.Path(self.program.room.name)
        self.rows: list[dict[str, object]] = []
        self.unmeasured: list[str] = []

    def file(self, name: str, data: bytes) -> pathlib.Path:
        path = self.folder / name
        path.write_bytes(data)
        return path

    def once(
        self,
        *command: str | pathlib.Path,
        stdin: Stream = "/dev/null",
        stdout: Stream = "/dev/null",
        env: dict[str, str] | None = None,
        accepted: tuple[int, ...] = (0,),
    ) -> Cost:
        """One run of a command: wall, cpu (seconds), peak (bytes)."""
        launcher = [sys.executable, "-I", "-S", str(HERE / "child.py"), str(stdin), str(stdout)]
        done = subprocess.run(
            [*launcher, *map(str, command)], env=env or self.program.env, capture_output=True, check=True
        )
        cost: Cost = json.loads(done.stdout)
        if cost["code"] not in accepted:
            raise Unmeasured(
                f"{' '.join(map(str, command))[:120]}: exit code {cost['code']}: {done.stderr.decode()[-200:]}"
            )
        return cost

    def cpu(
        self,
        *command: str | pathlib.Path,
        runs: int = 7,
        stdin: Stream = "/dev/null",
        stdout: Stream = "/dev/null",
        accepted: tuple[int, ...] = (0,),
    ) -> float:
        return statistics.median(
            self.once(*command, stdin=stdin, stdout=stdout, accepted=accepted)["cpu"] for _ in range(runs)
        )

    def row(self, name: str, ours: str, peer: str, ratio: str, goal: str, good: bool) -> None:
        self.rows.append({"name": name, "ours": ours, "peer": peer, "ratio": ratio, "goal": goal, "ok": good})
        print(f"{name:52}{ours:>12}{peer:>12}{ratio:>10}  {goal:14}{'ok' if good else 'MISSED'}", flush=True)

    def at_least(self, name: str, ours: float, peer: float, goal: float) -> None:
        self.row(name, seconds(ours), seconds(peer), f"{peer / ours:.1f}", f">= {goal}", peer / ours >= goal)

    def at_most(
        self, name: str, ours: float, peer: float, goal: float, show: Callable[[float], str] | None = None
    ) -> None:
        show = show or seconds
        self.row(name, show(ours), show(peer), f"{ours / peer:.2f}", f"<= {goal}", ours / peer <= goal)

    def section(self, measure: "Callable[[Bench], None]") -> None:
        if self.only and self.only not in measure.__name__:
            return
        try:
            measure(self)
        except (Unmeasured, OSError, subprocess.SubprocessError) as error:
            self.unmeasured.append(measure.__name__)
            print(f"{measure.__name__}: NOT MEASURED: {error}")


def seconds(value: float) -> str:
    return f"{value * 1000:.1f} ms"


def megabytes(value: float) -> str:
    return f"{value / MEGABYTE:.1f} MB"
