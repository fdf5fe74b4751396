#!/usr/bin/env python3
"""Counts what every function of the program runs for hostile mails of three sizes, at every entrance: the work must grow with the
mails and no faster.

Usage: tests/work/steps.py [--only WORD] [--keep FOLDER] PROGRAM [FAMILY...]

PROGRAM is a debug build: there a closure is a function of its own, so a search for each of many things shows, however cheap its
steps are and however much else the program does. `main.rs` counts what is allocated, and sees no search that allocates nothing.
The steps are instructions, counted by Valgrind's callgrind, so they are nearly the same on every machine.

    FAMILY         kinds of mails of tests/hostile/make.py, instead of the usual ones
    --only WORD    only entrances with this word
    --keep FOLDER  leave mails and counts there

Ends with `N passed, N failed, N skipped`; exits 1 if an entrance failed."""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import callgrind
import hostile_mails

# How many things the mails of a family have: few, because callgrind makes the program fifty times as slow, but so many that a search
# for each of them is most of what its function does.
COUNTS = (16, 32, 64)

# The words of the command line; none for reviews by native messaging.
ENTRANCES: dict[str, tuple[str, ...]] = {
    "extract, table": ("extract", "--all"),
    "extract, CSV": ("extract", "--mode", "sample", "--format", "csv"),
    "extract, JSON": ("extract", "--mode", "carrier", "--format", "json"),
    "extract, modes": ("extract", "--modes", "--all"),
    "extract, text": ("extract", "--text"),
    "send, report": ("send", "--dry-run", "--mode", "report"),
    "send, sample": ("send", "--dry-run", "--mode", "sample"),
    "send, carrier": ("send", "--dry-run", "--mode", "carrier"),
    "review": (),
}


def count(name: str, mails: Path, counts: Path) -> None:
    """Runs an entrance on all mails of a folder."""
    # These modules ask for the program when they are loaded.
    from home import Home
    from review import review

    files = sorted(mails.glob("*.eml"))
    with tempfile.TemporaryDirectory() as folder:
        home = Home(folder)
        before = callgrind.under_callgrind(counts)
        if not ENTRANCES[name]:
            review(home, before, files)
            return
        command = [*before, home.program, *ENTRANCES[name], *map(str, files)]
        subprocess.run(command, env=home.environment, cwd=folder, capture_output=True, check=True)


def count_all(folder: Path, families: Sequence[str], names: Sequence[str]) -> int:
    """Counts all sizes at these entrances, prints what grows too fast, and returns how many entrances have such a thing."""
    sizes = [folder / str(number) for number in COUNTS]
    for size, number in zip(sizes, COUNTS, strict=True):
        hostile_mails.write(size, families, number)
    failed = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        # The largest mails take longest.
        runs = {
            (name, size): pool.submit(count, name, size, size / f"{name}.callgrind")
            for size in reversed(sizes)
            for name in names
        }
        for name in names:
            for size in sizes:
                runs[name, size].result()
            found = callgrind.too_steep([size / f"{name}.callgrind" for size in sizes])
            failed += bool(found)
            print(f"{name}: {'grows too fast' if found else 'right'}", flush=True)
            for words in found:
                print(f"    {words}")
    return failed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("program", type=Path)
    parser.add_argument("families", nargs="*", default=hostile_mails.FAMILIES)
    parser.add_argument("--only", default="")
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    if not shutil.which("valgrind"):
        print("skipped: needs valgrind\n0 passed, 0 failed, 1 skipped")
        return 0
    sys.path.insert(1, str(Path(__file__).resolve().parents[1] / "protocol"))
    os.environ["MISPIGEON_BIN"] = str(options.program.resolve())
    names = [name for name in ENTRANCES if options.only in name]
    with tempfile.TemporaryDirectory() as folder:
        failed = count_all((options.keep or Path(folder, "counts")).resolve(), options.families, names)
    print(f"{len(names) - failed} passed, {failed} failed, 0 skipped")
    return 1 if failed or not names else 0


if __name__ == "__main__":
    sys.exit(main())
