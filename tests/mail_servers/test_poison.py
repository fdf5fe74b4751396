"""Mails that need more memory than the listener may take end it, are then delivered by processes of their own, and are set aside at
last. All others become events. Mails of very many small programs, which once did that to a listener with 1.5 GB, are read in bounds.

With MISPIGEON_POISON=200,10 in the environment there are 200 honest mails and ten others, instead of a few."""

import contextlib
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
# What a service may well give a listener, and the size of a mail of programs that once took all of it.
USUAL_MEMORY, SIZE = 1536 << 20, 14 << 20


def large(number: int) -> bytes:
    """A report with links that no other mail has."""
    links = (f"hxxp://drop-{link}[.]evil-dove{link % 1000}[.]com/{number}\r\n" for link in range(LINKS))
    return mail(number) + "".join(links).encode()


def programs(number: int) -> bytes:
    """A report with as many small attached programs as fit into the size, which no other mail has."""
    head, body = mail(number).split(b"\r\n\r\n", 1)
    pieces = [
        head + b'\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\n' + body,
        *(
            f'--b\r\nContent-Disposition: attachment; filename="{part}.exe"\r\n\r\nMZ{number}-{part}\r\n'.encode()
            for part in range(SIZE // 75)
        ),
        b"--b--\r\n",
    ]
    return b"".join(pieces)


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
        self.memory = MEMORY
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
        limit = (self.memory, self.memory)
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

    def give(self, raw: bytes) -> bool:
        """Whether the listener took a mail."""
        try:
            with smtplib.SMTP("127.0.0.1", self.port, timeout=30) as client:
                client.sendmail("ana@example.net", ["trap@example.org"], raw)
        except (OSError, smtplib.SMTPException):
            return False
        return True

    def subjects(self) -> list[str]:
        """Those of all events."""
        events = (self.folder / "data" / "feed").glob("*-*.json")
        subjects = [json.loads(path.read_text())["Event"]["info"] for path in events]
        self.assertEqual(len(set(subjects)), len(subjects))
        return subjects

    def set_aside(self, aside: int) -> list[int]:
        """The rows that were set aside, of which the list and doctor say why."""
        rows = [json.loads(row) for row in self.run_program("outbox", "list", "--format", "json").stdout.splitlines()]
        self.assertEqual([row["error"]["code"] for row in rows], ["ends_the_process"] * aside)
        checks = json.loads(self.run_program("doctor", "--format", "json").stdout)
        [outbox] = [check for check in checks if check["id"] == "outbox"]
        self.assertEqual(outbox["state"], "problem" if aside else "ok", outbox)
        if aside:
            self.assertRegex(outbox["what"], rf"^{aside} mails? failed, .*its delivery ended the process")
        return [row["id"] for row in rows]

    def test_poison_is_set_aside_and_all_others_arrive(self) -> None:
        self.store_poison()
        waiting = list(range(HONEST))

        def all_ended() -> bool:
            time.sleep(1)
            self.attend()
            while waiting and self.give(mail(waiting[0])):
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
        self.assertEqual(len(self.subjects()), HONEST + POISON - aside)
        failed = self.set_aside(aside)
        print(f"{HONEST} honest, {POISON} others: {counts}; the listener ended {self.ends} times")
        if not failed:
            return
        # A person's own try is in a process of its own again.
        again = self.run_program("outbox", "retry", str(failed[0]))
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertEqual(self.counts().get("failed", 0), aside - 1)

    def peak(self) -> int:
        """The most memory that the listener had, in MB."""
        assert self.listener
        status = pathlib.Path(f"/proc/{self.listener.pid}/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) >> 10

    def test_mails_of_many_programs_are_read_in_bounds_of_memory(self) -> None:
        self.memory = USUAL_MEMORY
        made = self.run_program("outbox", "retry")
        self.assertEqual(made.returncode, 0, made.stderr)
        every = HONEST // POISON
        waiting = [mail(number) for number in range(HONEST)]
        for number in range(POISON):
            waiting.insert(number * (every + 1), programs(1000 + number))
        peak, events = 0, len(waiting)

        def all_ended() -> bool:
            nonlocal peak
            self.attend()
            while waiting and self.give(waiting[0]):
                waiting.pop(0)
                peak = max(peak, self.peak())
            with contextlib.suppress(OSError, IndexError):  # It has ended.
                peak = max(peak, self.peak())
            return not waiting and not self.counts().get("pending")

        until(all_ended, "an end of every mail", 120 + 20 * POISON)
        counts, log = self.counts(), (self.folder / "log").read_text()[-3000:]
        aside = counts.get("failed", 0)
        self.assertEqual(counts.get("delivered", 0), events - aside, log)
        subjects = self.subjects()
        self.assertEqual(len(subjects), events - aside)
        names = {subject.rsplit(" ", 1)[1] for subject in subjects}
        self.assertLessEqual({str(number) for number in range(HONEST)}, names, "honest mails without an event")
        print(
            f"{HONEST} honest, {POISON} of programs: {counts}; at most {peak} MB; the listener ended {self.ends} times"
        )
        self.set_aside(aside)
        rows = self.run_program("outbox", "list", "--all", "--format", "json").stdout.splitlines()
        for row in map(json.loads, rows):
            if row["state"] == "delivered" and row["size"] > SIZE // 2:
                told = self.run_program("outbox", "show", str(row["id"])).stdout
                self.assertRegex(told, r"(?m)^note .*attached files were left out")
