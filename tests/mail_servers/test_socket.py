"""The listener uses sockets that it inherits, as it does from systemd for `mispigeon-listen.socket`."""

import os
import pathlib
import pwd
import re
import shutil
import signal
import smtplib
import socket
import subprocess
import unittest

from case import USER, Case, mail
from postfix import free_port


class SocketTest(Case):
    def setUp(self) -> None:
        super().setUp()
        if not shutil.which("systemd-socket-activate"):
            self.skipTest("needs systemd-socket-activate (Debian: systemd)")

    def activate(
        self, *addresses: str | pathlib.Path, names: str = "", options: tuple[str, ...] = ()
    ) -> subprocess.Popen[bytes]:
        """systemd's own stand-in for itself: it opens the sockets, and starts the listener when one is called."""
        account = pwd.getpwnam(USER)
        words = [f"--listen={address}" for address in addresses]
        words += [f"--fdname={names}"] if names else []
        self.log = self.folder / "activate.log"
        with open(self.log, "ab") as log:
            process = subprocess.Popen(
                ["systemd-socket-activate", *words, self.program, "--config", self.config, "listen", *options],
                user=account.pw_uid,
                group=account.pw_gid,
                extra_groups=[],
                cwd="/",
                stdout=log,
                stderr=log,
                env=os.environ | {"MISPIGEON_DATA_DIR": str(self.data)},
            )
        self.addCleanup(lambda: (process.kill(), process.wait()))
        self.wait(lambda: self.said().count("Listening on") == len(addresses), "open sockets")
        return process

    def said(self) -> str:
        return self.log.read_text()

    def end(self, process: subprocess.Popen[bytes]) -> None:
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(30), 0, self.said())

    def test_the_first_mail_starts_it(self) -> None:
        # The configured address does not count then: nobody listens there.
        other = free_port()
        self.config = self.configuration(extra=f'[listen]\nsmtp = ["127.0.0.1:{other}"]\n')
        port = free_port()
        process = self.activate(f"127.0.0.1:{port}", names="lmtp")
        self.assertNotIn("listening:", self.said())
        with smtplib.LMTP("127.0.0.1", port) as client:
            client.sendmail("ana@example.net", ["trap@example.org"], mail(1))
        self.wait(lambda: self.rows("delivered") == 1, "the delivery")
        self.assertEqual(re.findall("^listening: .*", self.said(), re.MULTILINE), [f"listening: lmtp 127.0.0.1:{port}"])
        with self.assertRaises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", other))
        self.end(process)

    def test_several_sockets_are_told_apart_by_their_names(self) -> None:
        self.config = self.configuration()
        folder = self.folder / "run"
        folder.mkdir()
        shutil.chown(folder, USER)
        path, smtp, smtps, own = folder / "lmtp", free_port(), free_port(), free_port()
        process = self.activate(
            path, f"127.0.0.1:{smtp}", f"[::1]:{smtps}", names="lmtp:smtp:smtps", options=("--lmtp", f"127.0.0.1:{own}")
        )
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(path))
            self.assertRegex(client.recv(100), rb"^220 .* LMTP")
        with smtplib.SMTP("127.0.0.1", smtp) as client:
            self.assertIn("ESMTP", client.ehlo()[1].decode() + self.greeting(smtp))
        with smtplib.SMTP_SSL("::1", smtps) as client:
            client.sendmail("ana@example.net", ["trap@example.org"], mail(2))
        with smtplib.LMTP("127.0.0.1", own) as client:
            client.sendmail("ana@example.net", ["trap@example.org"], mail(3))
        self.wait(lambda: self.rows("delivered") == 2, "the delivery")
        self.end(process)
        # The listener leaves the inherited socket, and removes one that it made itself.
        self.assertTrue(path.is_socket())

    @staticmethod
    def greeting(port: int) -> str:
        with socket.create_connection(("127.0.0.1", port)) as client:
            return client.recv(100).decode()

    def test_a_socket_without_a_name_is_refused_with_what_to_write(self) -> None:
        self.config = self.configuration()
        port = free_port()
        process = self.activate(f"127.0.0.1:{port}")
        with socket.create_connection(("127.0.0.1", port)):
            self.assertEqual(process.wait(30), 78, self.said())
        self.assertIn("FileDescriptorName=lmtp", self.said())


if __name__ == "__main__":
    unittest.main()
