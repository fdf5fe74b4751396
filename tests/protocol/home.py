"""A home folder for one test: the program's configuration, data and host manifest, its command line, its state database."""

import json
import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

from client import EXTENSION

ROOT = Path(__file__).resolve().parents[2]


def find_program() -> str:
    """The program that MISPIGEON_BIN names, or the newest build."""
    named = os.environ.get("MISPIGEON_BIN")
    if named:
        return str(Path(named).resolve())
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    builds = [build for build in (target / "release" / "mispigeon", target / "debug" / "mispigeon") if build.is_file()]
    if not builds:
        raise RuntimeError("no mispigeon: build it with `cargo build`, or name it in MISPIGEON_BIN")
    return str(max(builds, key=lambda build: build.stat().st_mtime))


class Home:
    """The program reads and writes nothing outside of `folder`."""

    program = find_program()

    def __init__(self, folder: str) -> None:
        self.folder = Path(folder)
        self.data = self.folder / "data"
        self.config = self.folder / ".config" / "mispigeon" / "config.toml"
        self.manifest = self.folder / "mispigeon.json"
        keep = {
            name: value for name, value in os.environ.items() if not name.startswith(("MISPIGEON_", "XDG_", "RUST_"))
        }
        own = {"HOME": str(self.folder), "MISPIGEON_DATA_DIR": str(self.data), "NO_COLOR": "1", "TZ": "UTC"}
        self.environment = keep | own
        self.write_manifest()

    def write_manifest(self, **other: object) -> None:
        """The manifest as it is installed, with the fields of `other` replaced."""
        manifest = {
            "name": "mispigeon",
            "description": "MISPigeon",
            "path": self.program,
            "type": "stdio",
            "allowed_extensions": [EXTENSION],
        }
        self.manifest.write_text(json.dumps(manifest | other), encoding="utf-8")

    def configure(self, text: str) -> None:
        """Writes the configuration file, which only its owner can read."""
        self.config.parent.mkdir(parents=True, exist_ok=True)
        self.config.write_text(text, encoding="utf-8")
        self.config.chmod(0o600)

    def serve(self, url: str, key: str, more: str = "") -> None:
        """Configures a server; `more` are further lines of `[misp]` and of the sections below."""
        self.configure(f"[misp]\nurl = {json.dumps(url)}\nkey = {json.dumps(key)}\n{more}")

    def new_file(self, name: str) -> Path:
        """Path of a file that does not exist yet."""
        number = sum(1 for _ in self.folder.glob(f"{name}-*"))
        return self.folder / f"{name}-{number}"

    def files(self) -> list[Path]:
        """All files in it, except the standard error of hosts."""
        return [path for path in self.folder.rglob("*") if path.is_file() and not path.name.startswith("stderr-")]

    # The command line.

    def run(self, *words: str, stdin: bytes = b"") -> str:
        """Runs `mispigeon WORDS`, which must succeed; returns its standard output."""
        command = [self.program, *map(str, words)]
        done = subprocess.run(
            command, input=stdin, env=self.environment, cwd=self.folder, capture_output=True, timeout=60
        )
        if done.returncode:
            raise AssertionError(f"{words}: exit code {done.returncode}: {done.stderr.decode('utf-8', 'replace')}")
        return done.stdout.decode("utf-8")

    def dry_run(self, raw: bytes, *options: str) -> list[dict[str, Any]]:
        """The events that `mispigeon send` would make of a message."""
        lines = self.run("send", "--dry-run", *options, "-", stdin=raw).splitlines()
        return [json.loads(line)["Event"] for line in lines]

    # The state database.

    @property
    def database(self) -> Path:
        return self.data / "state.db"

    def query(self, sql: str, *values: object) -> list[Any]:
        """Runs SQL on the state database; returns the rows."""
        with closing(sqlite3.connect(self.database, timeout=20)) as connection, connection:
            return connection.execute(sql, values).fetchall()

    def feed(self, uuid: str) -> dict[str, Any]:
        """An event of the feed folder."""
        return json.loads((self.data / "feed" / f"{uuid}.json").read_text(encoding="utf-8"))["Event"]
