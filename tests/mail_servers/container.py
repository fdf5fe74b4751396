"""A container with this machine's files in which systemd is process 1. Changes in it are gone when it ends."""

import contextlib
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time
import unittest


class Container:
    """Has a loopback network of its own. Raises `SkipTest` where the machine allows no container."""

    def __init__(self) -> None:
        if not shutil.which("systemd-nspawn"):
            raise unittest.SkipTest("needs systemd-nspawn (Debian: systemd-container)")
        if os.geteuid():
            raise unittest.SkipTest("needs root, as containers do")
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="mispigeon-container-", dir="/tmp"))
        root, log = self.folder / "root", self.folder / "log"
        root.mkdir()
        # systemd-nspawn refuses `/` itself. Only this process sees the mount, which ends with the process.
        begin = (
            'mount --bind / "$0" && exec systemd-nspawn --quiet --directory="$0" --volatile=overlay --register=no --keep-unit '
            "--link-journal=no --private-network --console=pipe --boot systemd.unit=basic.target"
        )
        with open(log, "wb") as output:
            self.process = subprocess.Popen(
                ["unshare", "--mount", "sh", "-c", begin, root], stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )
        self.first: int | None = None
        deadline = time.monotonic() + 60
        while not self.is_up():
            if self.process.poll() is not None or time.monotonic() > deadline:
                said = log.read_text(errors="replace").strip().splitlines()[-1:]
                self.stop()
                raise unittest.SkipTest(f"this machine has no room for systemd in a container: {said}")
            time.sleep(0.1)

    def is_up(self) -> bool:
        if not self.first:
            children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
            self.first = next((int(child) for child in children if self.name(child) == "systemd"), None)
        return bool(self.first) and self.run("systemctl", "is-active", "basic.target").returncode == 0

    @staticmethod
    def name(process: str) -> str:
        try:
            return pathlib.Path(f"/proc/{process}/comm").read_text().strip()
        except OSError:
            return ""

    def run(self, *words: str | pathlib.Path, text: str | None = None) -> subprocess.CompletedProcess[str]:
        """Runs a command in the container; returns standard output and standard error as one text."""
        return subprocess.run(
            ["nsenter", "--target", str(self.first), "--all", "--wd=/", *map(str, words)],
            text=True,
            input=text,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=60,
        )

    def path(self, inside: str) -> pathlib.Path:
        """Path of a file of the container, as seen from outside."""
        return pathlib.Path(f"/proc/{self.first}/root{inside}")

    def stop(self) -> None:
        if self.first:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.first, signal.SIGKILL)  # Takes all of its processes with it.
        else:
            self.process.kill()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
