"""On a full disk the listener refuses mails for now, loses none and stores none by half, and goes on when there is room again."""

import os
import pathlib
import random
import shutil
import smtplib
import subprocess
import tempfile
import unittest

from case import PROGRAM, mail, pipe, until
from postfix import free_port


class FullDiskTest(unittest.TestCase):
    def setUp(self) -> None:
        if not PROGRAM:
            self.skipTest("needs MISPIGEON_BIN, the program")
        if os.geteuid():
            self.skipTest("needs root, which may mount a small disk")
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="mispigeon-full-", dir="/tmp"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.port = free_port()
        # Only the listener sees the mount, which ends with it.
        begin = 'mount -t tmpfs -o size=2m none "$0" && exec "$@"'
        self.process = subprocess.Popen(
            [
                "unshare",
                "--mount",
                "sh",
                "-c",
                begin,
                self.folder,
                PROGRAM,
                "listen",
                "--smtp",
                f"127.0.0.1:{self.port}",
            ],
            env={"PATH": os.environ["PATH"], "HOME": str(self.folder), "MISPIGEON_DATA_DIR": str(self.folder)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.addCleanup(
            lambda: (
                self.process.kill(),
                self.process.wait(),
                pipe(self.process.stdout).close(),
                pipe(self.process.stderr).close(),
            )
        )
        if not pipe(self.process.stdout).readline().startswith("listening"):
            reason = pipe(self.process.stderr).read().strip()
            self.assertIn("mount", reason)
            self.skipTest(f"this machine has no room for a disk of a test's own: {reason}")
        self.disk = pathlib.Path(f"/proc/{self.process.pid}/root{self.folder}")

    def fill(self) -> None:
        with open(self.disk / "fill", "wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(4096))
            except OSError:
                pass

    def give(self, number: int) -> None:
        """A mail of 300 kB that cannot be compressed, so that it does not fit into the room that the database has left."""
        rest = random.Random(number).randbytes(150_000).hex("\n", 40).replace("\n", "\r\n")
        with smtplib.SMTP("127.0.0.1", self.port) as client:
            client.sendmail("ana@example.net", ["trap@example.org"], mail(number) + rest.encode())

    def events(self) -> int:
        return len(list(self.disk.glob("feed/*-*.json")))

    def wait_events(self, number: int) -> None:
        until(lambda: self.events() >= number, "events in the feed", 90)

    def test_what_does_not_fit_is_given_again(self) -> None:
        self.give(1)
        self.wait_events(1)
        self.fill()
        with self.assertRaises(smtplib.SMTPDataError) as refused:
            self.give(2)
        self.assertEqual((refused.exception.smtp_code, refused.exception.smtp_error[:5]), (451, b"4.3.0"))
        (self.disk / "fill").unlink()
        self.give(2)
        self.give(3)
        self.wait_events(3)
        manifest = (self.disk / "feed" / "manifest.json").read_text()
        self.assertEqual(manifest.count('"info"'), 3)
