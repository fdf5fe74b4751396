"""Starts a real Postfix for one test: its configuration, queue and log are in one folder, and it takes mail at one port."""

import os
import pathlib
import re
import shutil
import socket
import subprocess
import time
from typing import Any

SERVICES = """\
cleanup   unix  n - n - 0 cleanup
qmgr      unix  n - n 300 1 qmgr
rewrite   unix  - - n - - trivial-rewrite
bounce    unix  - - n - 0 bounce
defer     unix  - - n - 0 bounce
trace     unix  - - n - 0 bounce
proxymap  unix  - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp      unix  - - n - - smtp
relay     unix  - - n - - smtp
error     unix  - - n - - error
retry     unix  - - n - - error
discard   unix  - - n - - discard
local     unix  - n n - - local
lmtp      unix  - - n - - lmtp
anvil     unix  - - n - 1 anvil
scache    unix  - - n - 1 scache
postlog   unix-dgram n - n - 1 postlogd
"""


def missing() -> str | None:
    """The reason why this machine cannot start a Postfix; None if it can."""
    if not shutil.which("postfix", path=os.environ["PATH"] + ":/usr/sbin"):
        return "needs Postfix (Debian: postfix)"
    if os.geteuid():
        return "needs root, as Postfix's master does"
    return None


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Postfix:
    """`settings` are lines of main.cf, `aliases` are lines of the alias file."""

    def __init__(self, folder: pathlib.Path, settings: str = "", aliases: str = "") -> None:
        self.folder, self.port = pathlib.Path(folder), free_port()
        self.etc, self.log = self.folder / "etc", self.folder / "maillog"
        for name in ("etc", "queue", "data", "spool"):
            (self.folder / name).mkdir(parents=True)
        shutil.chown(self.folder / "data", "postfix")
        (self.folder / "spool").chmod(0o1777)
        (self.etc / "aliases").write_text(aliases)
        (self.etc / "master.cf").write_text(f"127.0.0.1:{self.port} inet n - n - - smtpd\n{SERVICES}")
        (self.etc / "main.cf").write_text(f"""\
compatibility_level = 3.6
queue_directory = {self.folder}/queue
data_directory = {self.folder}/data
mail_spool_directory = {self.folder}/spool
maillog_file = {self.log}
maillog_file_prefixes = {self.folder}
inet_interfaces = loopback-only
inet_protocols = ipv4
myhostname = mx.example.org
mydestination = example.org
mynetworks = 127.0.0.0/8
alias_maps = hash:{self.etc}/aliases
alias_database = hash:{self.etc}/aliases
local_recipient_maps =
notify_classes =
minimal_backoff_time = 1s
maximal_backoff_time = 2s
queue_run_delay = 1s
smtpd_recipient_restrictions = permit_mynetworks, reject
# Nothing leaves this machine.
default_transport = discard
{settings}
""")
        subprocess.run(["/usr/sbin/postalias", "-c", self.etc, f"hash:{self.etc}/aliases"], check=True)
        self.run("start")
        deadline = time.monotonic() + 20
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                if time.monotonic() > deadline:
                    raise RuntimeError(f"Postfix did not start: {self.logged()}") from None
                time.sleep(0.05)

    def run(self, *words: str) -> None:
        done = subprocess.run(["/usr/sbin/postfix", "-c", self.etc, *words], capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"postfix {' '.join(words)}: {done.stderr} {self.logged()}")

    def stop(self) -> None:
        subprocess.run(["/usr/sbin/postfix", "-c", self.etc, "abort"], capture_output=True)

    def logged(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def queue(self) -> int:
        """How many mails wait."""
        folders = ("maildrop", "incoming", "active", "deferred", "hold")
        return sum(1 for name in folders for path in (self.folder / "queue" / name).rglob("*") if path.is_file())

    def outcomes(self, kind: str) -> list[Any]:
        """The reasons in the log for deliveries that ended as `kind`: sent, deferred, bounced."""
        return re.findall(rf"status={kind} \((.*)\)", self.logged())
