"""The units of `mispigeon install systemd` under a systemd that is process 1, started by the commands that it prints."""

import pathlib
import re
import shutil
import unittest
from collections.abc import Callable

from case import PROGRAM, mail, until
from container import Container

CONFIG = "/etc/mispigeon/config.toml"
UNIT = "mispigeon-listen.service"
PYTHON = shutil.which("python3") or "python3"
GIVE = """
import smtplib, ssl, sys
kind, port, tls, raw = sys.argv[1], int(sys.argv[2]), sys.argv[3] == "tls", sys.stdin.buffer.read()
with getattr(smtplib, kind)("127.0.0.1", port) as client:
    if tls:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        client.starttls(context=context)
    client.sendmail("ana@example.net", ["trap@example.org"], raw)
"""


class SystemdTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        if not PROGRAM:
            raise unittest.SkipTest("needs MISPIGEON_BIN, the program")

    def setUp(self) -> None:
        self.container = Container()
        self.addCleanup(self.container.stop)
        program = self.container.path("/usr/bin/mispigeon")
        shutil.copy(PROGRAM, program)
        program.chmod(0o755)
        said = self.do("mispigeon", "install", "systemd")
        user = re.findall(r"^1\. (.*)$", said, re.MULTILINE)[0]
        configuration = re.findall(r"^2\. (.* config init),", said, re.MULTILINE)[0]
        self.do("sh", "-c", f"{user} && {configuration}")

    def do(self, *words: str | pathlib.Path, text: str | None = None) -> str:
        done = self.container.run(*words, text=text)
        self.assertEqual(done.returncode, 0, f"{words}: {done.stdout}")
        return done.stdout

    def configure(self, text: str) -> None:
        self.container.path(CONFIG).write_text(text)
        self.do("sh", "-c", f"chown mispigeon {CONFIG} && chmod 600 {CONFIG}")

    def give(self, number: int, kind: str, port: int, tls: str = "plain") -> None:
        self.do(PYTHON, "-c", GIVE, kind, str(port), tls, text=mail(number).decode())

    def events(self) -> int:
        feed = self.container.path("/var/lib/mispigeon/feed")
        return len(list(feed.glob("*-*.json")))

    def wait(self, condition: Callable[..., object], what: str) -> None:
        try:
            # The claims of a killed process run out after 45 seconds.
            until(condition, what, 90)
        except AssertionError as late:
            raise AssertionError(f"{late}: {self.do('journalctl', '--no-pager', '-n', '30')}") from None

    def state(self, unit: str, *names: str) -> dict[str, str]:
        said = self.do("systemctl", "show", unit, *(f"--property={name}" for name in names))
        return dict(line.split("=", 1) for line in said.splitlines())

    def test_the_socket_starts_the_service_and_all_is_taken_back(self) -> None:
        self.configure("")
        self.do("systemctl", "enable", "--now", "mispigeon-listen.socket")
        self.assertEqual(self.state(UNIT, "ActiveState"), {"ActiveState": "inactive"})
        self.give(1, "LMTP", 10024)
        self.wait(lambda: self.events() == 1, "the event")
        self.do("systemctl", "stop", UNIT)
        self.assertEqual(self.state(UNIT, "Result", "ExecMainStatus"), {"Result": "success", "ExecMainStatus": "0"})
        refused = self.container.run("mispigeon", "uninstall", "systemd")
        self.assertIn("systemctl disable --now mispigeon-listen.socket", refused.stdout)
        self.do("systemctl", "disable", "--now", "mispigeon-listen.socket")
        self.do("mispigeon", "uninstall", "systemd")
        left = self.do("sh", "-c", "ls /etc/systemd/system /etc/sysusers.d")
        self.assertNotIn("mispigeon", left)

    def test_the_service_has_port_25_and_comes_back_when_it_is_killed(self) -> None:
        self.configure("[listen]\nsmtp = ['127.0.0.1:25']\n")
        self.do("systemctl", "enable", "--now", UNIT)
        self.wait(self.answers, "the service")
        self.give(1, "SMTP", 25, "tls")
        before = self.state(UNIT, "MainPID", "User")
        self.assertEqual(before["User"], "mispigeon")
        self.do("systemctl", "kill", "--signal=KILL", "--kill-who=main", UNIT)
        self.wait(lambda: self.state(UNIT, "MainPID")["MainPID"] not in ("0", before["MainPID"]), "the next process")
        self.wait(self.answers, "the service again")
        self.give(2, "SMTP", 25, "tls")
        self.wait(lambda: self.events() == 2, "both events")

    def answers(self) -> bool:
        connect = "import socket; socket.create_connection(('127.0.0.1', 25))"
        return self.container.run(PYTHON, "-c", connect).returncode == 0

    def test_the_timer_delivers_what_a_pipe_could_not(self) -> None:
        self.configure(f'[misp]\nurl = "http://127.0.0.1:9"\nkey = "{"0" * 40}"\n')
        self.do("systemctl", "start", "mispigeon-outbox.service")  # Which makes its folder.
        self.do(
            "runuser",
            "-u",
            "mispigeon",
            "--",
            "env",
            "MISPIGEON_DATA_DIR=/var/lib/mispigeon",
            "mispigeon",
            "--config",
            CONFIG,
            "send",
            "--mta",
            "-",
            text=mail(1).decode(),
        )
        self.assertEqual(self.events(), 0)
        self.configure("")
        # The wait of a minute is over.
        self.do(
            PYTHON,
            "-c",
            "import sqlite3; database = sqlite3.connect('/var/lib/mispigeon/state.db'); "
            "database.execute('UPDATE submission SET due = 0'); database.commit()",
        )
        at_once = self.container.path("/etc/systemd/system/mispigeon-outbox.timer.d/at-once.conf")
        at_once.parent.mkdir()
        at_once.write_text("[Timer]\nRandomizedDelaySec=0\n")
        self.do("systemctl", "daemon-reload")
        self.do("systemctl", "enable", "--now", "mispigeon-outbox.timer")
        self.wait(lambda: self.events() == 1, "the event")
