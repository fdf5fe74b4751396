"""The Windows program under Wine as a user of Windows has it: the folders that Windows gives it, the registry, its output."""

import json
import os
import shutil
import subprocess
import unittest
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
WINDOWS = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "windows"
PROGRAM = WINDOWS / "build" / "x86_64-pc-windows-gnu" / "debug" / "mispigeon.exe"
WINE = str(ROOT / "tests" / "windows" / "wine")

DRIVE = WINDOWS / "prefix" / "drive_c"
USER = DRIVE / "users" / "root"
ROAMING, LOCAL = USER / "AppData" / "Roaming", USER / "AppData" / "Local"
FEED = LOCAL / "mispigeon" / "data" / "feed"
CONFIG = ROAMING / "mispigeon" / "config" / "config.toml"
MOZILLA = r"HKCU\Software\Mozilla"

NOTHING: Mapping[str, str] = MappingProxyType({})

# Seconds within which a command ends even on a busy machine.
PATIENCE = 120


def windows_path(path: Path) -> str:
    """The path by which Windows programs know a file."""
    if path.is_relative_to(DRIVE):
        return "C:\\" + str(path.relative_to(DRIVE)).replace("/", "\\")
    return "Z:" + str(path).replace("/", "\\")


def environment(**more: str) -> dict[str, str]:
    foreign = ("MISPIGEON_", "XDG_", "RUST_")
    keep = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    return keep | {"NO_COLOR": "1", "TZ": "UTC"} | more


def wine(
    *words: str, stdin: bytes = b"", cwd: Path = DRIVE, more: Mapping[str, str] = NOTHING
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [WINE, *words], input=stdin, env=environment(**more), cwd=cwd, capture_output=True, timeout=PATIENCE
    )


def remove(path: Path) -> None:
    if path.is_symlink() or path.is_file():
        path.unlink()
    else:
        shutil.rmtree(path, ignore_errors=True)


class WindowsTest(unittest.TestCase):
    """A user who never had the program. `self.work` is the folder C:\\work, which is empty."""

    maxDiff = 4000

    def setUp(self) -> None:
        self.work = DRIVE / "work"
        for left in (self.work, ROAMING / "mispigeon", ROAMING / "Thunderbird", LOCAL / "mispigeon"):
            remove(left)
        self.work.mkdir()
        wine("reg", "delete", MOZILLA, "/f")

    def run_program(
        self,
        *words: str,
        stdin: bytes = b"",
        code: int = 0,
        program: Path = PROGRAM,
        more: Mapping[str, str] = NOTHING,
    ) -> tuple[bytes, str]:
        """Runs the program in C:\\work, with `more` in its environment; returns its standard output as it is, and standard error."""
        done = wine(windows_path(program), *words, stdin=stdin, cwd=self.work, more=more)
        said = done.stderr.decode("utf-8")
        self.assertEqual(done.returncode, code, f"{words}: {done.stdout!r} {said}")
        self.assertNotIn("panicked", said)
        return done.stdout, said

    def text(self, *words: str, stdin: bytes = b"", code: int = 0, more: Mapping[str, str] = NOTHING) -> str:
        return self.run_program(*words, stdin=stdin, code=code, more=more)[0].decode("utf-8")

    def lines(self, *words: str, stdin: bytes = b"", code: int = 0, more: Mapping[str, str] = NOTHING) -> list[Any]:
        """Output of JSON documents, one on each line."""
        return [json.loads(line) for line in self.text(*words, stdin=stdin, code=code, more=more).splitlines()]

    def configure(self, text: str) -> None:
        CONFIG.parent.mkdir(parents=True, exist_ok=True)
        CONFIG.write_text(text, encoding="utf-8")

    def registry(self, key: str) -> str | None:
        """The default value of a key; None if there is no such key."""
        done = wine("reg", "query", key, "/ve")
        if done.returncode:
            return None
        line = next(line for line in done.stdout.decode("utf-8").splitlines() if "REG_SZ" in line)
        return line.split("REG_SZ", 1)[1].strip()


def events(feed: Path = FEED) -> dict[str, dict[str, Any]]:
    """The events of a feed by uuid, all of which its manifest lists."""
    found = {path.stem: json.loads(path.read_text(encoding="utf-8"))["Event"] for path in feed.glob("*-*.json")}
    manifest = json.loads((feed / "manifest.json").read_text(encoding="utf-8"))
    if set(manifest) != set(found):
        raise AssertionError(f"the manifest lists {sorted(manifest)}, the feed has {sorted(found)}")
    return found


def values(event: dict[str, Any]) -> set[str]:
    """All values of an event, in objects too."""
    in_objects = [attribute for one in event.get("Object", []) for attribute in one["Attribute"]]
    return {attribute["value"] for attribute in [*event.get("Attribute", []), *in_objects]}
