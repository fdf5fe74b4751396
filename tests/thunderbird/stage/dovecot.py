"""A real Dovecot with one mailbox, for IMAP or POP3, on a port and in a folder of its own."""

import atexit
import grp
import os
import pathlib
import pwd
import shutil
import socket
import subprocess
import tempfile

from driver.thunderbird import free_port
from driver.waiting import until

PROGRAM = shutil.which("dovecot", path=os.environ["PATH"] + ":/usr/sbin") or ""
PASSWORD = "letters"
GREETINGS = {"imap": b"* OK", "pop3": b"+OK"}
CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/dovecot.log
protocols = {protocol}
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{folder}/mail
mail_uid = {owner}
mail_gid = {group}
first_valid_uid = 1
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={owner} gid={group} home={folder}
}}
service {protocol}-login {{
  chroot =
  inet_listener {protocol} {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener {protocol}s {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
"""


class Dovecot:
    def __init__(self, protocol: str = "imap") -> None:
        self.protocol = protocol
        self.folder, self.port = pathlib.Path(tempfile.mkdtemp(prefix="mispigeon-dovecot-")), free_port()
        # As root, Dovecot reads mail as `nobody`.
        self.folder.chmod(0o755)
        root = os.geteuid() == 0
        own = pwd.getpwuid(os.geteuid()).pw_name
        owner = pwd.getpwnam("nobody") if root else pwd.getpwuid(os.geteuid())
        internal = "dovecot" if root else own
        (self.folder / "mail" / "new").mkdir(parents=True)
        (self.folder / "mail" / "cur").mkdir()
        (self.folder / "mail" / "tmp").mkdir()
        (self.folder / "dovecot.conf").write_text(
            CONFIGURATION.format(
                protocol=protocol,
                folder=self.folder,
                owner=owner.pw_uid,
                group=owner.pw_gid,
                internal=internal,
                internal_group=grp.getgrgid(pwd.getpwnam(internal).pw_gid).gr_name,
                login="dovenull" if root else own,
                password=PASSWORD,
                port=self.port,
            )
        )
        for path in [self.folder, *self.folder.rglob("mail"), *self.folder.glob("mail/*")]:
            os.chown(path, owner.pw_uid, owner.pw_gid)
        self.owner, self.number = owner, 0
        self.process = subprocess.Popen(
            [PROGRAM, "-F", "-c", str(self.folder / "dovecot.conf")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        atexit.register(self.stop)  # Also when the tests are broken off.
        until(self.answers, "Dovecot")

    def answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection:
                return connection.recv(64).startswith(GREETINGS[self.protocol])
        except OSError:
            return False

    def deliver(self, raw: bytes) -> None:
        self.number += 1
        path = self.folder / "mail" / "new" / f"{1_700_000_000 + self.number}.{self.number}.test"
        path.write_bytes(raw)
        os.chown(path, self.owner.pw_uid, self.owner.pw_gid)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
