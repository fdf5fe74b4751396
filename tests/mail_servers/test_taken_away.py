"""The listener while threads, files, room on the disk, its database and its feed are taken away and given back in turn.

Clients go on sending all the time, and give a mail that was refused again, as mail servers do. Every mail that was answered
with 250 becomes one event, and nothing is answered with 250 while nothing can be delivered.

With MISPIGEON_TAKEN_AWAY=600 in the environment this goes on for 600 seconds, instead of once for each thing that can be lacking."""

import collections
import contextlib
import ctypes
import json
import os
import pathlib
import random
import re
import shutil
import signal
import smtplib
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from collections.abc import Iterator
from typing import Any

from case import PROGRAM, mail, pipe, until

SECONDS = float(os.environ.get("MISPIGEON_TAKEN_AWAY", "0"))
SEED = int(os.environ.get("MISPIGEON_SEED", "16"))
# Processes of a user count against his limit, so it is a user whom nothing else has.
USER = 61016
AS_USER = ["setpriv", "--reuid", str(USER), "--regid", str(USER), "--clear-groups"]
ROOM = "400m"
CLIENTS = 4
# Seconds between the mails of a client.
BREATH = 0.15
# Delivery may be dead for five seconds before peers are told. The last batch before, and the attempt that notices it, take some more.
DEAD = 5 + 5
# A mail that was on its way to the disk when the database went is perhaps answered a moment later.
ON_ITS_WAY = 1.0
# Not a measure: whoever needs longer does not work again.
AT_LAST = 60
# What a folder of a feed has besides the files of its events.
FEED = {".lock", ".organisation.json", "hashes.csv", "manifest.json"}
EVENT = re.compile(r"[0-9a-f-]{36}\.json")


# SQLite does not find a file by a path through /proc, so these run where the disk is.
LOCK = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1], timeout=30, isolation_level=None)
database.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
sys.stdin.read()
database.execute("ROLLBACK")
"""
LET_GO = """
import sqlite3, sys
with sqlite3.connect(sys.argv[1], timeout=30) as database:
    database.execute("UPDATE submission SET lease = NULL, lease_until = 0 WHERE state = 'pending'")
"""


class Worker(threading.Thread):
    """Works until the test is over."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.over = threading.Event()


class Client(Worker):
    """Sends one mail after the other, each until it was answered with 250; every second one over a connection of its own, if
    `keeps` is not set."""

    def __init__(self, port: int, numbers: Iterator[int], keeps: bool) -> None:
        super().__init__()
        self.port, self.numbers, self.keeps = port, numbers, keeps
        self.connection: smtplib.SMTP | None = None
        self.answers: collections.Counter[str] = collections.Counter()
        # When each mail was answered with 250.
        self.taken: dict[int, float] = {}
        # The last mail, whose answer did not come.
        self.open: int | None = None

    def run(self) -> None:
        for number in self.numbers:
            self.open = number
            while not self.over.is_set() and not self.give(number):
                self.over.wait(BREATH)
            if self.over.wait(BREATH):
                break
        self.leave()

    def give(self, number: int) -> bool:
        try:
            if not self.connection:
                self.connection = smtplib.SMTP("127.0.0.1", self.port, timeout=30)
            self.connection.sendmail("ana@example.net", ["trap@example.org"], mail(number))
        except smtplib.SMTPResponseException as refused:
            self.answers[str(refused.smtp_code)] += 1
        except (OSError, smtplib.SMTPException) as error:
            self.answers[type(error).__name__] += 1
            self.leave()
        else:
            self.answers["250"] += 1
            self.taken[number], self.open = time.monotonic(), None
        if not self.keeps:
            self.leave()
        return self.open is None

    def leave(self) -> None:
        if self.connection:
            self.connection.close()
            self.connection = None


class Watch(Worker):
    """Notes when events came to be in the feed."""

    def __init__(self, feed: pathlib.Path) -> None:
        super().__init__()
        self.feed = feed
        self.grown: list[float] = []

    def run(self) -> None:
        before = 0
        while not self.over.wait(0.2):
            with contextlib.suppress(OSError):
                now = sum(1 for _ in os.scandir(self.feed))
                if now > before:
                    self.grown.append(time.monotonic())
                before = now


class TakenAwayTest(unittest.TestCase):
    def setUp(self) -> None:
        if not PROGRAM:
            self.skipTest("needs MISPIGEON_BIN, the program")
        if os.geteuid():
            self.skipTest("needs root, which may mount a small disk and change the limits of a process")
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="mispigeon-taken-", dir="/tmp"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.folder.chmod(0o755)
        self.program = self.folder / "mispigeon"
        shutil.copy(PROGRAM, self.program)
        self.program.chmod(0o755)
        disk = self.folder / "disk"
        disk.mkdir()
        config = self.folder / "config.toml"
        config.write_text(f'feed.dir = "{disk}/feed"\n')
        shutil.chown(config, USER)
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(disk),
            "MISPIGEON_CONFIG": str(config),
            "MISPIGEON_DATA_DIR": str(disk / "data"),
        }
        # Only the listener sees the mount, which ends with it.
        begin = f'mount -t tmpfs -o size={ROOM},uid={USER},mode=755 none "$0" && exec {" ".join(AS_USER)} "$@"'
        self.log = self.folder / "log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                ["unshare", "--mount", "sh", "-c", begin, disk, self.program, "listen", "--smtp", "127.0.0.1:0"],
                env=self.environment,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        self.addCleanup(lambda: (self.process.kill(), self.process.wait(), pipe(self.process.stdout).close()))
        said = pipe(self.process.stdout).readline()
        if not said.startswith("listening"):
            reason = self.log.read_text().strip()
            self.assertIn("mount", reason)
            self.skipTest(f"this machine has no room for a disk of a test's own: {reason}")
        self.port = int(said.rsplit(":", 1)[1])
        self.disk = pathlib.Path(f"/proc/{self.process.pid}/root{disk}")
        self.data, self.feed = self.disk / "data", self.disk / "feed"

    def run_program(self, *words: str, data: str = "data") -> subprocess.CompletedProcess[str]:
        """Runs a command as the listener's user, who sees the same disk."""
        inside = ["nsenter", "--target", str(self.process.pid), "--mount"]
        environment = self.environment | {"MISPIGEON_DATA_DIR": str(self.folder / "disk" / data)}
        return subprocess.run(
            [*inside, *AS_USER, str(self.program), *words], env=environment, capture_output=True, text=True, timeout=300
        )

    # What can be taken away. Each takes something, and gives it back at the end.

    @contextlib.contextmanager
    def limit(self, which: str, most: int) -> Iterator[None]:
        # As the same user, because root in a container may perhaps not.
        limit = [*AS_USER, "prlimit", "--pid", str(self.process.pid)]
        before = subprocess.check_output([*limit, f"--{which}", "--output", "SOFT", "--noheadings"], text=True).strip()
        subprocess.run([*limit, f"--{which}={most}:"], check=True)
        try:
            yield
        finally:
            subprocess.run([*limit, f"--{which}={before}:"], check=True)

    def nproc(self) -> contextlib.AbstractContextManager[None]:
        return self.limit("nproc", 1)

    def nofile(self) -> contextlib.AbstractContextManager[None]:
        return self.limit("nofile", 3)

    @contextlib.contextmanager
    def disk_full(self) -> Iterator[None]:
        path = self.disk / "fill"
        with path.open("wb") as file:
            size, piece = 0, 64 << 20
            while piece >= 4096:
                try:
                    os.posix_fallocate(file.fileno(), size, piece)
                    size += piece
                except OSError:
                    piece //= 2
        try:
            yield
        finally:
            path.unlink()

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Another process keeps the database to itself."""
        with self.inside(LOCK, "data") as process:
            self.assertEqual(pipe(process.stdout).readline(), "locked\n")
            try:
                yield
            finally:
                process.communicate("")

    def inside(self, script: str, data: str) -> subprocess.Popen[str]:
        """Runs a script with the path of a database, where the listener's disk is."""
        inside = ["nsenter", "--target", str(self.process.pid), "--mount", sys.executable, "-c", script]
        path = self.folder / "disk" / data / "state.db"
        return subprocess.Popen([*inside, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    @contextlib.contextmanager
    def moved(self) -> Iterator[None]:
        """The database is somewhere else, and there can be no other in its place."""
        self.disk.chmod(0o555)
        self.data.rename(self.disk / "away")
        try:
            yield
        finally:
            (self.disk / "away").rename(self.data)
            self.disk.chmod(0o755)

    @contextlib.contextmanager
    def replaced(self) -> Iterator[None]:
        """The database is somewhere else, so that the listener makes another one; what that one has is brought into the first."""
        away, carried = self.disk / "away", self.disk / "carried"
        self.data.rename(away)
        try:
            yield
        finally:
            until(self.data.exists, "another database")
            self.exchange(self.data, away)
        until(lambda: not self.has_open("/away/"), "an end of the use of the other database")
        # What the listener said no end of need not wait for the end of its lease.
        with self.inside(LET_GO, "away") as process:
            self.assertEqual(process.wait(60), 0)
        for command, data in (("export", "away"), ("import", "data")):
            done = self.run_program("outbox", command, str(self.folder / "disk" / "carried"), data=data)
            self.assertEqual(done.returncode, 0, done.stderr)
        shutil.rmtree(carried)
        shutil.rmtree(away)

    def has_open(self, part: str) -> bool:
        """Whether the listener has a file open whose path has this part."""
        return any(part in path for path in self.open_files())

    def open_files(self) -> Iterator[str]:
        folder = f"/proc/{self.process.pid}/fd"
        for number in os.listdir(folder):
            with contextlib.suppress(FileNotFoundError):
                yield os.readlink(f"{folder}/{number}")

    def exchange(self, one: pathlib.Path, other: pathlib.Path) -> None:
        """Each gets the name of the other, at one moment."""
        here, both = -100, 2
        done = ctypes.CDLL(None, use_errno=True).renameat2(here, os.fsencode(one), here, os.fsencode(other), both)
        self.assertEqual(done, 0, os.strerror(ctypes.get_errno()))

    @contextlib.contextmanager
    def feed_closed(self) -> Iterator[None]:
        """Nothing can be written into the feed, which may well be somewhere else: mails wait for it."""
        self.feed.chmod(0o555)
        try:
            yield
        finally:
            self.feed.chmod(0o755)

    # What has to hold.

    def taken(self) -> dict[int, float]:
        return {number: time for client in self.clients for number, time in list(client.taken.items())}

    def assert_nothing_promised(self, name: str, began: float, ended: float) -> None:
        """No 250 while nothing is delivered for long, and none into a file that has lost its name."""
        for number, when in self.taken().items():
            if name == "moved" and began + ON_ITS_WAY < when < ended:
                self.fail(f"mail {number} was taken {when - began:.1f} s after the database was moved away")
            if name == "feed_closed" or not began + DEAD < when < ended:
                continue
            if not any(when - DEAD <= grown <= when for grown in self.watch.grown):
                self.fail(f"{name}: mail {number} was taken after {when - began:.1f} s although nothing was delivered")

    def has_flown(self, since: float) -> bool:
        """Whether a mail that was taken after this moment has an event."""
        new = [number for number, when in self.taken().items() if when > since]
        manifest = self.manifest()
        return any(f' Report {number}"' in manifest for number in new)

    def manifest(self) -> str:
        try:
            return (self.feed / "manifest.json").read_text()
        except OSError:
            return ""

    def assert_alive(self) -> None:
        self.assertIsNone(self.process.poll(), self.log.read_text()[-3000:])

    def try_without(self, name: str, seconds: float) -> None:
        with getattr(self, name)():
            began = time.monotonic()
            self.stopped.wait(seconds)
            ended = time.monotonic()
            self.assert_alive()
        self.assert_nothing_promised(name, began, ended)
        given_back = time.monotonic()
        until(lambda: self.has_flown(given_back), f"an event of a mail that came after {name}", AT_LAST)
        until(lambda: not self.has_open(" (deleted)"), f"an end of writing into deleted files after {name}")
        self.pauses[name] = max(self.pauses[name], round(time.monotonic() - given_back, 1))

    def begin(self) -> None:
        numbers, lock = iter(range(10**9)), threading.Lock()

        def each() -> Iterator[int]:
            while True:
                with lock:
                    number = next(numbers)
                yield number

        self.stopped = threading.Event()
        # How long after the end of each an event came of a mail that was taken then, at most.
        self.pauses: dict[str, float] = collections.defaultdict(float)
        self.watch = Watch(self.feed)
        self.clients = [Client(self.port, each(), keeps=client % 2 == 0) for client in range(CLIENTS)]
        workers: list[Worker] = [self.watch, *self.clients]
        for thread in workers:
            self.addCleanup(thread.over.set)
            thread.start()

    def end(self) -> None:
        for client in self.clients:
            client.over.set()
        for client in self.clients:
            client.join(60)
            self.assertFalse(client.is_alive(), "a client got no answer")

    def events(self) -> list[str]:
        """The numbers of the mails in the feed's files."""
        files = [path for path in self.feed.iterdir() if EVENT.fullmatch(path.name)]
        return [json.loads(path.read_text())["Event"]["info"].rsplit(" ", 1)[1] for path in files]

    def test_what_is_answered_with_250_becomes_one_event(self) -> None:
        order, kinds = (
            random.Random(SEED),
            ["nproc", "nofile", "disk_full", "locked", "moved", "replaced", "feed_closed"],
        )
        short = {"moved", "replaced", "feed_closed"}
        counts: collections.Counter[str] = collections.Counter()
        self.begin()
        until(lambda: self.has_flown(0), "the first event")
        began = time.monotonic()
        while not counts or time.monotonic() < began + SECONDS:
            for name in order.sample(kinds, len(kinds)):
                self.try_without(name, 4 if name in short else DEAD + 2 + order.uniform(0, 8 if SECONDS else 0))
                counts[name] += 1
                self.stopped.wait(order.uniform(0, 4 if SECONDS else 0))
        self.end()
        # What was put off need not wait for its time.
        until(self.nothing_waits, "an end of every delivery", 300)
        self.compare(counts)

    def nothing_waits(self) -> bool:
        self.assert_alive()
        done = self.run_program("outbox", "retry")
        rows = self.run_program("outbox", "list", "--format", "json")
        self.assertEqual(rows.returncode, 0, rows.stderr)
        return done.returncode == 0 and not rows.stdout.strip()

    def compare(self, counts: collections.Counter[str]) -> None:
        promised = {str(number) for number in self.taken()}
        # Clients were stopped while they gave them; perhaps one was stored without an answer.
        perhaps = {str(client.open) for client in self.clients if client.open is not None}
        events = self.events()
        answers = sum((client.answers for client in self.clients), collections.Counter[str]())
        print(f"taken away: {dict(counts)}; seconds until the next event: {dict(self.pauses)}")
        print(f"answers: {dict(answers)}; events: {len(events)}")
        self.assertEqual(len(events), len(set(events)), "a mail has two events")
        self.assertEqual(promised - set(events), set(), "answered with 250, without an event")
        self.assertLessEqual(set(events) - promised, perhaps)
        manifest: dict[str, Any] = json.loads(self.manifest())
        self.assertEqual(sorted(manifest), sorted(path.stem for path in self.feed.glob("*-*.json")))
        left = {path.name for path in self.feed.iterdir() if not EVENT.fullmatch(path.name)}
        self.assertLessEqual(left, FEED, "left behind")
        doctor = self.run_program("doctor", "--format", "json")
        bad = [check for check in json.loads(doctor.stdout) if check["state"] not in ("ok", "skipped")]
        self.assertEqual((doctor.returncode, bad), (0, []))
        self.assertNotIn("panicked", self.log.read_text())
        self.process.send_signal(signal.SIGTERM)
        self.assertEqual(self.process.wait(60), 0, self.log.read_text()[-3000:])


if __name__ == "__main__":
    unittest.main()
