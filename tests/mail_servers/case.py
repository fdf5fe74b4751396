"""What the tests with mail servers share: a Postfix, a MISP, a data folder that a mail server's user can write."""

import os
import pathlib
import pwd
import shutil
import smtplib
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest
from collections.abc import Callable
from typing import IO, Any

import postfix
from postfix import Postfix

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "contract"))
from harness import Process, key

PROGRAM = os.environ.get("MISPIGEON_BIN", "")
# The user as whom Postfix runs the pipe of an alias.
USER = "nobody"


def mail(number: int) -> bytes:
    """A report with an indicator that no other mail has."""
    return (
        f"From: Ana <ana@example.net>\r\nTo: trap@example.org\r\nSubject: Report {number}\r\n"
        f"Message-ID: <report-{number}@example.net>\r\nDate: Mon, 2 Nov 2026 10:00:00 +0100\r\n\r\n"
        f"The dropper is at hxxp://drop-{number}[.]evil-dove[.]com/a.bin\r\n.a line that begins with a dot\r\n"
    ).encode()


def until(condition: Callable[..., object], what: str, seconds: int = 60) -> None:
    """Waits until the condition holds; the test fails if it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not come about in {seconds} s")
        time.sleep(0.1)


def pipe(stream: IO[str] | None) -> IO[str]:
    """The output of a process that was started with a pipe."""
    assert stream
    return stream


class Case(unittest.TestCase):
    """Each test has a folder, a data folder and a MISP of its own."""

    def setUp(self) -> None:
        reason = postfix.missing() or (None if PROGRAM else "needs MISPIGEON_BIN, the program")
        if reason:
            self.skipTest(reason)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="mispigeon-mail-", dir="/tmp"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.folder.chmod(0o755)
        # Every user can start it there, as with a package.
        self.program = self.folder / "mispigeon"
        shutil.copy(PROGRAM, self.program)
        self.program.chmod(0o755)
        self.data = self.folder / "state"
        self.data.mkdir()
        shutil.chown(self.data, USER)
        self.misp = Process()
        self.addCleanup(self.misp.stop)

    def configuration(self, extra: str = "", url: str | None = None, user: str = "Publisher") -> pathlib.Path:
        """A configuration that only the mail server's user can read, as it holds a key."""
        path = self.folder / "config.toml"
        path.write_text(
            f'data_dir = "{self.data}"\n[misp]\nurl = "{url or self.misp.url}"\n'
            f'key = "{key(user)}"\ntimeout = 5\n{extra}'
        )
        shutil.chown(path, USER)
        path.chmod(0o600)
        return path

    def start_postfix(self, **options: str) -> Postfix:
        server = postfix.Postfix(self.folder / "postfix", **options)
        self.addCleanup(server.stop)
        return server

    def give(
        self, server: Postfix, numbers: range | list[int], to: list[str] | tuple[str, ...] = ("trap@example.org",)
    ) -> None:
        with smtplib.SMTP("127.0.0.1", server.port) as client:
            for number in numbers:
                client.sendmail("ana@example.net", list(to), mail(number))

    def rows(self, state: str | None = None, data: pathlib.Path | None = None) -> int:
        """How many rows the outbox has, of one state or of all."""
        path = (data or self.data) / "state.db"
        if not path.exists():
            return 0
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=20) as database:
            if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'submission'").fetchone():
                return 0  # It is being made.
            condition, values = ("WHERE state = ?", [state]) if state else ("", [])
            return database.execute(f"SELECT count(*) FROM submission {condition}", values).fetchone()[0]

    def as_user(self, *words: str | pathlib.Path, **options: Any) -> subprocess.CompletedProcess[str]:
        """Runs a command as the mail server's user."""
        account = pwd.getpwnam(USER)
        return subprocess.run(
            words,
            user=account.pw_uid,
            group=account.pw_gid,
            extra_groups=[],
            cwd="/",
            capture_output=True,
            text=True,
            timeout=120,
            **options,
        )

    def wait(self, condition: Callable[..., object], what: str, seconds: int = 60) -> None:
        until(condition, what, seconds)
