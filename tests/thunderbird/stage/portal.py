"""A session bus of its own with a stand-in for the desktop's portal."""

import importlib.util
import os
import pathlib
import shutil
import subprocess
import sys

from driver.waiting import until

DOUBLE = pathlib.Path(__file__).with_name("portal_double.py")


def unavailable() -> str:
    if not shutil.which("dbus-daemon"):
        return "needs the package dbus-daemon"
    return "" if importlib.util.find_spec("dbus_next") else "needs the package dbus-next of PyPI"


class Portal:
    """`folder` is the bus's, `manifests` those of native programs, `home` is the home of the programs."""

    def __init__(self, folder: pathlib.Path, manifests: pathlib.Path, home: pathlib.Path) -> None:
        socket, self.log = folder / "bus", folder / "portal.log"
        self.address = f"unix:path={socket}"
        bus = ["dbus-daemon", "--session", "--nofork", "--nopidfile", f"--address={self.address}"]
        self.bus = subprocess.Popen(bus, stderr=subprocess.DEVNULL)
        until(socket.exists, "the bus")
        with open(self.log, "wb") as log:
            self.double = subprocess.Popen(
                [sys.executable, str(DOUBLE), str(manifests), str(home)],
                env=os.environ | {"DBUS_SESSION_BUS_ADDRESS": self.address},
                stdout=log,
                stderr=log,
            )
        until(lambda: "ready" in self.log.read_text(encoding="utf-8"), "the portal")

    def calls(self) -> list[str]:
        """What it was asked, in order."""
        return [line.rsplit(" ", 1)[-1] for line in self.log.read_text(encoding="utf-8").splitlines()]

    def stop(self) -> None:
        for process in (self.double, self.bus):
            process.terminate()
            process.wait()
