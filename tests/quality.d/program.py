"""Runs the mispigeon binary for the corpus tests: without the user's own configuration and data, with a time limit, and with a
check whether the run failed. The callers judge the answers."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
from typing import Any

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PANIC = ("panicked at", "stack overflow", "RUST_BACKTRACE", "memory allocation of")


def find_binary(argument: str | None = None) -> str:
    """The binary that the argument or MISPIGEON_BIN names, else the newest build."""
    named = argument or os.environ.get("MISPIGEON_BIN")
    if named:
        candidates = [pathlib.Path(named)]
    else:
        target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
        candidates = [target / "release" / "mispigeon", target / "debug" / "mispigeon"]
    for candidate in candidates:
        if candidate.is_file():
            return str(candidate.resolve())
    sys.exit("no mispigeon binary: build it with `cargo build --release`, or name it in MISPIGEON_BIN")


class Answer:
    """The result of one run."""

    def __init__(self, code: int, out: bytes, err: bytes, timed_out: bool = False) -> None:
        self.code, self.out, self.err, self.timed_out = code, out, err, timed_out

    def breakage(self, accepted: tuple[int, ...] = (0,)) -> str | None:
        """The reason why this run failed, or None."""
        text = self.err.decode("utf-8", "replace")
        if self.timed_out:
            return "took too long"
        if self.code < 0:
            return f"killed by signal {-self.code}"
        if any(word in text for word in PANIC):
            return "panic: " + text.strip().splitlines()[0][:200]
        if self.code not in accepted:
            return f"exit code {self.code}: {text.strip()[:300]}"
        if self.code != 0 and not text.strip():
            return f"exit code {self.code} without a message"
        return None

    def lines(self) -> list[dict[str, Any]]:
        """Standard output as one JSON object per line."""
        return [json.loads(line) for line in self.out.decode("utf-8").splitlines() if line.strip()]


class Program:
    """The binary with a home of its own."""

    def __init__(self, binary: str, timeout: int = 20, memory: int | None = None) -> None:
        self.binary, self.timeout, self.memory = binary, timeout, memory
        self.room = tempfile.TemporaryDirectory(prefix="mispigeon-test-")
        keep = {k: v for k, v in os.environ.items() if not k.startswith(("MISPIGEON_", "XDG_"))}
        self.env = {
            **keep,
            "HOME": self.room.name,
            "XDG_CONFIG_HOME": self.room.name + "/config",
            "XDG_DATA_HOME": self.room.name + "/share",
            "MISPIGEON_DATA_DIR": self.room.name + "/data",
            "NO_COLOR": "1",
            "TZ": "UTC",
        }

    def run(self, *arguments: str, stdin: bytes = b"") -> Answer:
        command = [self.binary, *arguments]
        if self.memory:
            # The shell sets the limits, because Python's hook between fork and exec is not safe with threads.
            command = ["/bin/sh", "-c", 'ulimit -v "$0" && exec "$@"', str(self.memory // 1024), *command]
        try:
            done = subprocess.run(
                command,
                input=stdin,
                capture_output=True,
                timeout=self.timeout,
                env=self.env,
            )
        except subprocess.TimeoutExpired:
            return Answer(0, b"", b"", timed_out=True)
        return Answer(done.returncode, done.stdout, done.stderr)
