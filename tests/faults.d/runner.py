"""Runs all rows, two at a time, and prints the table."""

import argparse
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import damage
import doors
import listed
import rows
import storm
from servers import Misp
from special import Skipped, Special

# Rows mostly wait for the disk and for the lives of processes; more at once would not be faster on two processors.
AT_ONCE = 2


class Runner:
    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.passed = self.failed = 0
        self.skipped: list[str] = []
        self.reached: Counter[str] = Counter()
        self.own = threading.local()
        self.truths: dict[rows.Place, rows.Truth] = {}

    def misp(self) -> Misp:
        """The double of this thread."""
        if not hasattr(self.own, "misp"):
            self.own.misp = Misp()
        double: Misp = self.own.misp
        return double

    def say(self, point: str, door: str, destination: str, fault: str, wrong: list[str]) -> None:
        self.failed += bool(wrong)
        self.passed += not wrong
        print(f"{point:18} {door:8} {destination:5} {fault:48} {'FAILED' if wrong else 'right'}", flush=True)
        for one in wrong:
            print(f"    {one}")

    def is_wanted(self, *words: str) -> bool:
        return any(self.options.only in word for word in words)

    def run(self) -> int:
        begun = time.monotonic()
        known = rows.points()
        print(f"{'point':18} {'door':8} {'dest.':5} {'fault':48} result")
        with ThreadPoolExecutor(AT_ONCE) as pool:
            self.learn(pool)
            self.run_rows(pool, known)
            self.run_specials(pool)
            if self.is_wanted("flips"):
                self.run_flips(pool)
        if self.options.long and self.is_wanted("storm"):
            self.run_storms()
        unreached = [] if self.options.only else sorted(known.keys() - self.reached.keys())
        if unreached:
            self.failed += len(unreached)
            print(f"no row passed at {', '.join(unreached)}")
        for reason in self.skipped:
            print(f"skipped: {reason}")
        print(f"{len(self.reached.keys() & known.keys())} of {len(known)} points, {time.monotonic() - begun:.0f} s")
        print(f"{self.passed} passed, {self.failed} failed, {len(self.skipped)} skipped")
        return 1 if self.failed or not self.passed else 0

    def learn(self, pool: ThreadPoolExecutor) -> None:
        """What each door makes without a fault."""
        places: list[rows.Place] = [
            (door, destination, trouble)
            for destination, troubles in rows.TROUBLES.items()
            for door in doors.DOORS
            for trouble in ("", *troubles)
        ]
        learnt = pool.map(lambda place: rows.learn(place, self.misp()), places)
        self.truths = dict(zip(places, learnt, strict=True))

    def run_rows(self, pool: ThreadPoolExecutor, known: dict[str, list[str]]) -> None:
        table = rows.table(self.truths, known, self.options.thorough or self.options.long)
        wanted = [row for row in table if self.is_wanted(row.point, row.door, row.destination)]

        def run(row: rows.Row) -> tuple[rows.Row, list[str]]:
            try:
                return rows.run(row, self.truths[row.door, row.destination, row.trouble], self.misp())
            except Exception as error:
                return row, [f"{type(error).__name__}: {error}"]

        for row, wrong in pool.map(run, wanted):
            self.say(row.point, row.door, row.destination, row.fault, wrong)
            self.reached[row.point] += not wrong

    def run_specials(self, pool: ThreadPoolExecutor) -> None:
        usual = [one for one in listed.SPECIALS if self.options.long or not one.is_long]
        wanted = [one for one in usual if self.is_wanted(one.name, one.door, one.destination, *one.faults)]

        def run(special: Special) -> list[str] | str:
            try:
                truth = self.truths["send", special.destination, ""]
                return guarded(lambda: listed.run(special, truth, self.misp()))
            except Skipped as reason:
                return str(reason)

        for special, outcome in zip(wanted, pool.map(run, wanted), strict=True):
            if isinstance(outcome, str):
                self.skipped.append(f"{special.name}, {special.fault}: {outcome}")
                continue
            self.say(special.name, special.door, special.destination, special.fault, outcome)
            self.reached.update(fault.split(" ")[0] for fault in special.faults if not outcome)

    def run_flips(self, pool: ThreadPoolExecutor) -> None:
        count = self.options.flips if self.options.flips is not None else 500 if self.options.long else 40
        flips = damage.Flips(self.misp())
        first = self.options.seed * 1_000_000
        tried = pool.map(lambda seed: guarded(lambda: flips.run(seed, self.misp())), range(first, first + count))
        wrong = [one for outcome in tried for one in outcome]
        self.say("flips", "retry", "feed", f"{count} single bits, seed {self.options.seed}", wrong)
        print(
            f"    {flips.told} of {count} flips kept a mail from its event; {len(wrong)} of these or others were not told"
        )

    def run_storms(self) -> None:
        mails, kills, seed = self.options.mails, self.options.kills, self.options.seed
        for destination in rows.TROUBLES:
            wrong = storm.run(destination, self.misp(), mails, kills, seed)
            self.say("storm", "all", destination, f"{kills} kills, {mails} mails, seed {seed}", wrong)


def guarded(work: Callable[[], list[str]]) -> list[str]:
    """A row that breaks off is wrong; one that this machine cannot run is skipped, which the caller tells."""
    try:
        return work()
    except Skipped:
        raise
    except Exception as error:
        return [f"{type(error).__name__}: {error}"]
