"""Postfix hands mails to `mispigeon listen --lmtp`."""

import json
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import unittest
import urllib.request

from case import USER, Case
from postfix import Postfix, free_port


class LmtpTest(Case):
    def listen(self, config: pathlib.Path, *options: str, data: pathlib.Path | None = None) -> subprocess.Popen[bytes]:
        """Starts a listener as the mail server's user; it ends with the test."""
        account = pwd.getpwnam(USER)
        environment = os.environ | {"MISPIGEON_DATA_DIR": str(data or self.data)}
        with open(self.folder / "listen.log", "ab") as log:
            process = subprocess.Popen(
                [self.program, "--config", config, "listen", *options],
                user=account.pw_uid,
                group=account.pw_gid,
                extra_groups=[],
                cwd="/",
                env=environment,
                stdout=log,
                stderr=log,
            )
        self.addCleanup(lambda: (process.kill(), process.wait()))
        for option in options:
            if ":" in option:
                self.wait(lambda address=option: self.answers(address), f"a listener at {option}")
        return process

    @staticmethod
    def answers(address: str) -> bool:
        kind, place = (
            (socket.AF_UNIX, address[5:])
            if address.startswith("unix:")
            else (socket.AF_INET, ("127.0.0.1", int(address.rsplit(":", 1)[1])))
        )
        with socket.socket(kind) as one:
            try:
                one.connect(place)
                return one.recv(3) == b"220"
            except OSError:
                return False

    def start(self, place: str) -> Postfix:
        """A Postfix that hands its local mails to the listener at this place."""
        return self.start_postfix(settings=f"local_transport = lmtp:{place}\nlmtp_connect_timeout = 5s")

    def test_over_a_unix_socket(self) -> None:
        # Postfix's user needs access to it.
        path = self.folder / "run"
        path.mkdir()
        shutil.chown(path, USER)
        path.chmod(0o755)
        socket_path = path / "lmtp"
        self.listen(self.configuration(), "--lmtp", f"unix:{socket_path}")
        socket_path.chmod(0o666)
        server = self.start(f"unix:{socket_path}")
        self.give(server, range(20))
        self.wait(lambda: self.rows("delivered") == 20, "the delivery of 20 mails")
        self.assertEqual((len(server.outcomes("sent")), server.outcomes("bounced")), (20, []))

    def test_misp_and_disk_and_listener_fail_and_come_back(self) -> None:
        port = free_port()
        address = f"127.0.0.1:{port}"
        config = self.configuration(url="http://127.0.0.1:9")
        listener = self.listen(config, "--lmtp", address)
        server = self.start(f"inet:{address}")
        self.give(server, range(5))
        self.wait(lambda: self.rows("pending") == 5, "keeping 5 mails while MISP is away")
        listener.send_signal(signal.SIGTERM)
        self.assertEqual(listener.wait(20), 0)
        self.give(server, range(5, 10))
        self.wait(lambda: len(server.outcomes("deferred")) >= 5, "deferring 5 mails while nobody listens")
        self.configuration()
        self.listen(config, "--lmtp", address)
        self.wait(lambda: server.queue() == 0, "an empty queue")
        done = self.as_user(self.program, "--config", config, "outbox", "retry")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.wait(lambda: self.rows("delivered") == 10, "the delivery of 10 mails")
        self.assertEqual(server.outcomes("bounced"), [])

    def test_two_hosts_never_make_two_events(self) -> None:
        config = self.configuration()
        address = f"127.0.0.1:{free_port()}"
        folders = [self.folder / "one", self.folder / "two"]
        for folder in folders:
            folder.mkdir()
            shutil.chown(folder, USER)
        # The hosts share the configuration, so each gets its data folder from the environment.
        first = self.listen(config, "--lmtp", address, data=folders[0])
        server = self.start(f"inet:{address}")
        self.give(server, range(30))
        self.wait(lambda: self.rows(data=folders[0]) > 0, "the first mail at the first host")
        first.kill()
        first.wait()
        # Another host takes over the address, and the mails for which the first was killed before it answered 250.
        self.listen(config, "--lmtp", address, data=folders[1])
        self.give(server, range(30, 60))
        self.wait(lambda: server.queue() == 0, "an empty queue", 120)
        self.listen(config, "--lmtp", f"127.0.0.1:{free_port()}", data=folders[0])
        # The claims of the killed host last until they run out. Where both hosts send the same mail at once, one may have to try
        # again, after a pause.
        self.wait(lambda: all(self.rows("pending", folder) == 0 for folder in folders), "the delivery of all", 400)
        self.assertEqual(server.outcomes("bounced"), [])
        self.assertEqual([self.rows("failed", folder) for folder in folders], [0, 0])
        with urllib.request.urlopen(f"{self.misp.url}/__double/state", timeout=30) as answer:
            self.assertEqual(json.load(answer)["events"], 60)


if __name__ == "__main__":
    unittest.main()
