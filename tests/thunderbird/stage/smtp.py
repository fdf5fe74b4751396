"""An outgoing mail server: Postfix's smtp-sink, which accepts all mails and keeps none."""

import atexit
import os
import shutil
import socket
import subprocess

from driver.thunderbird import free_port
from driver.waiting import until

PROGRAM = shutil.which("smtp-sink", path=os.environ["PATH"] + ":/usr/sbin") or ""


class Sink:
    def __init__(self) -> None:
        self.port = free_port()
        user = [] if os.geteuid() else ["-u", "nobody"]  # It does not run as root.
        command = [PROGRAM, *user, f"127.0.0.1:{self.port}", "100"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        atexit.register(self.stop)  # Also when the tests are broken off.
        until(self.answers, "smtp-sink")

    def answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection:
                return connection.recv(64).startswith(b"220")
        except OSError:
            return False

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()
