"""Runs the commands of the suites and counts their results."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from packages import TARGET, python_with_packages

IN_CI = os.environ.get("CI") == "true"
RELEASE = ("cargo", "build", "--release", "--locked")


@dataclass
class Result:
    """The result of one suite."""

    passed: int = 0
    failed: int = 0
    reasons: list[str] = field(default_factory=list)  # one for each skipped test

    def add(self, other: "Result") -> None:
        self.passed += other.passed
        self.failed += other.failed
        self.reasons += other.reasons


def command(*words: str, **environment: str) -> tuple[int, str]:
    """Runs a command and shows its output as it comes; returns exit code and output."""
    lines = []
    with subprocess.Popen(
        words,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env=os.environ | environment,
    ) as process:
        for line in process.stdout or ():
            sys.stdout.write(line)
            sys.stdout.flush()
            lines.append(line)
    return process.returncode, "".join(lines)


def single(*words: str, **environment: str) -> Result:
    """A command that passes or fails as a whole."""
    code, _ = command(*words, **environment)
    return Result(passed=int(code == 0), failed=int(code != 0))


def cargo_test(*options: str) -> Result:
    """Runs `cargo test`; `--show-output` shows why tests skip themselves."""
    code, output = command("cargo", "test", "--locked", "--no-fail-fast", *options, "--", "--show-output")
    totals = re.findall(r"^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored", output, re.MULTILINE)
    reasons = re.findall(r"^skipped: (.*)$", output, re.MULTILINE)
    failed = sum(int(total[1]) for total in totals)
    # A build that fails has no test result.
    failed += int(code != 0 and failed == 0)
    # Ignored tests are those that other tests start as processes, and measurements to run by hand.
    return Result(sum(int(total[0]) for total in totals) - len(reasons), failed, reasons)


def unittests(folder: str, **environment: str) -> Result:
    """Python tests that unittest finds in a folder."""
    code, output = command(python_with_packages(), "-m", "unittest", "discover", "-v", "-s", folder, **environment)
    ran = re.search(r"^Ran (\d+) tests?", output, re.MULTILINE)
    if not ran:
        return Result(failed=1)
    failed = sum(int(count) for count in re.findall(r"(?:failures|errors)=(\d+)", output.rsplit("\nRan ", 1)[-1]))
    reasons = re.findall(r"\.\.\. skipped ['\"](.*)['\"]$", output, re.MULTILINE)
    failed += int(code != 0 and failed == 0)
    # A test may fail in several of its cases.
    passed = max(0, int(ran[1]) - failed - len(reasons))
    return Result(passed, failed, reasons)


def build_release() -> Path | None:
    """Builds the program as for users; None if the build fails."""
    code, _ = command(*RELEASE)
    return None if code else TARGET / "release" / "mispigeon"


def build_debug() -> Path | None:
    """Builds the program as for its developers; None if the build fails."""
    code, _ = command("cargo", "build", "--locked")
    return None if code else TARGET / "debug" / "mispigeon"


def script(path: str, python: str = sys.executable) -> Result:
    """A script of ours that takes the program and ends with `N passed, N failed, N skipped`, run by this Python."""
    binary = build_release()
    if not binary:
        return Result(failed=1)
    return counted(python, path, str(binary))


def counted(*words: str) -> Result:
    """A command that ends with `N passed, N failed, N skipped`, after a line `skipped: REASON` for each skipped test."""
    code, output = command(*words)
    totals = re.findall(r"^(\d+) passed, (\d+) failed, (\d+) skipped$", output, re.MULTILINE)
    if not totals:
        return Result(failed=1)
    passed, failed, _ = map(int, totals[-1])
    reasons = re.findall(r"^skipped: (.*)$", output, re.MULTILINE)
    return Result(passed, failed + int(code != 0 and failed == 0), reasons)
