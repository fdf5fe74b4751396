"""Mails that need more memory than the listener may take end it, are then delivered by processes of their own, and are set aside at
last. All others become events.

With MISPIGEON_POISON=200,10 in the environment there are 200 honest mails and ten others, instead of a few."""

import json
import os
import pathlib
import resource
import shutil
import smtplib
import sqlite3
import subprocess
import tempfile
import time
import unittest

from case import PROGRAM, mail, until
from postfix import free_port

HONEST, POISON = (int(number) for number in os.environ.get("MISPIGEON_POISON", "12,2").split(","))
# The event of so many links does not fit into the memory; storing their mail does, and so do the other events.
LINKS, MEMORY = 200_000, 95 << 20


def large(number: int) -> bytes:
    """A report with links that no other mail has."""
    links = (f"hxxp://drop-{link}[.]evil-dove{link % 1000}[.]com/{number}\r\n" for link in range(LINKS))
    return mail(number) + "".join(links).encode()


class PoisonTest(unittest.TestCase):
    def setUp(self) -> None:
        if not PROGRAM:
            self.skipTest("needs MISPIGEON_BIN, the program")
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="mispigeon-poison-", dir="/tmp"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.database = self.folder / "data" / "state.db"
        self.port = free_port()
        self.listener: subprocess.Popen[bytes] | None = None
        self.ends = 0
        self.addCleanup(self.stop)

    def run_program(
        self, *words: str | pathlib.Path, data: str = "data", **environment: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [PROGRAM, *words], env=self.environment(data) | environment, capture_output=True, text=True, timeout=300
        )

    def environment(self, data: str = "data") -> dict[str, str]:
        # One heap, as several reserve far more memory than they use.
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "MISPIGEON_DATA_DIR": str(self.folder / data),
            "MALLOC_ARENA_MAX": "1",
        }

    def store_poison(self) -> None:
        """Stored by a process with more memory, while there is no server; then carried into the outbox of the listener."""
        for number in range(POISON):
            path = self.folder / "large.eml"
            path.write_bytes(large(1000 + number))
            sent = self.run_program(
                "send", path, data="other", MISPIGEON_MISP_URL="http://127.0.0.1:9", MISPIGEON_MISP_KEY="k" * 40
            )
            self.assertIn("queued", sent.stdout, sent.stderr)
        for command, data in (("export", "other"), ("import", "data")):
            done = self.run_program("outbox", command, self.folder / "carried", data=data)
            self.assertEqual(done.returncode, 0, done.stderr)

    def attend(self) -> None:
        """Starts the listener when it has ended, as systemd does; and lets the time pass for which rows wait."""
        if self.listener and self.listener.poll() is None:
            self.pass_time("lease IS NULL")
            return
        self.ends += self.listener is not None
        self.pass_time("true")
        limit = (MEMORY, MEMORY)
        with open(self.folder / "log", "ab") as log:
            self.listener = subprocess.Popen(
                [PROGRAM, "listen", "--smtp", f"127.0.0.1:{self.port}"],
                env=self.environment(),
                stdout=subprocess.DEVNULL,
                stderr=log,
                preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, limit),
            )

    def pass_time(self, condition: str) -> None:
        with sqlite3.connect(self.database, timeout=20) as database:
            database.execute(
                f"UPDATE submission SET due = 1, lease_until = 0 WHERE state <> 'delivered' AND state = 'pending' AND {condition}"
            )

    def stop(self) -> None:
        if self.listener:
            self.listener.kill()
            self.listener.wait()

    def counts(self) -> dict[str, int]:
        with sqlite3.connect(self.database, timeout=20) as database:
            return dict(database.execute("SELECT state, count(*) FROM submission GROUP BY state"))

    def give(self, number: int) -> bool:
        """Whether the listener took a mail."""
        try:
            with smtplib.SMTP("127.0.0.1", self.port, timeout=30) as client:
                client.sendmail("ana@example.net", ["trap@example.org"], mail(number))
        except (OSError, smtplib.SMTPException):
            return False
        return True

    def test_poison_is_set_aside_and_all_others_arrive(self) -> None:
        self.store_poison()
        waiting = list(range(HONEST))

        def all_ended() -> bool:
            time.sleep(1)
            self.attend()
            while waiting and self.give(waiting[0]):
                waiting.pop(0)
            counts = self.counts()
            return not waiting and not counts.get("pending")

        until(all_ended, "an end of every mail", 120 + 20 * POISON)
        counts, log = self.counts(), (self.folder / "log").read_text()[-3000:]
        # A process of its own has no other threads, so that it may just have enough memory.
        aside = counts.get("failed", 0)
        self.assertEqual(counts.get("delivered", 0), HONEST + POISON - aside, log)
        self.assertLessEqual(aside, POISON, log)
        self.assertGreaterEqual(self.ends, 1, "no mail was too large for the listener, so nothing was tried")
        events = (self.folder / "data" / "feed").glob("*-*.json")
        subjects = [json.loads(path.read_text())["Event"]["info"] for path in events]
        self.assertEqual(len(subjects), HONEST + POISON - aside)
        self.assertEqual(len(set(subjects)), len(subjects))
        failed = self.run_program("outbox", "list", "--format", "json").stdout.splitlines()
        self.assertEqual([json.loads(row)["error"]["code"] for row in failed], ["ends_the_process"] * aside)
        if not failed:
            return
        # A person's own try is in a process of its own again.
        number = str(json.loads(failed[0])["id"])
        again = self.run_program("outbox", "retry", number)
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertEqual(self.counts().get("failed", 0), aside - 1)
