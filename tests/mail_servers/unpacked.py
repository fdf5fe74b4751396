"""Mail servers that Debian does not install beside Postfix: the tests unpack them below the target folder and start them there.

They need users, and a host name with a dot, that this machine need not have: nss_wrapper tells them what two files of ours
say, so that nothing of the machine is changed.
"""

import os
import pathlib
import re
import shutil
import subprocess
import unittest
from typing import Any

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "mail-servers"


def apt(*words: str, folder: pathlib.Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["apt-get", *words], cwd=folder, capture_output=True, text=True, env=os.environ | {"LC_ALL": "C"}
    )


def unpack(package: str) -> pathlib.Path:
    """A folder with the package, and with the packages that it needs and this machine lacks. Raises `SkipTest` if apt cannot
    fetch them."""
    folder = FOLDER / package
    if (folder / "complete").exists():
        return folder
    if not shutil.which("apt-get"):
        raise unittest.SkipTest(f"needs Debian's apt-get, to unpack {package}")
    # What apt would install. It only says so here: to install it would remove Postfix.
    plan = ["install", "--simulate", "--no-install-recommends", package, "libnss-wrapper"]
    done = apt(*plan)
    if done.returncode and apt("update", "-q").returncode == 0:
        done = apt(*plan)
    names = {package, "libnss-wrapper", *re.findall(r"^Inst (\S+)", done.stdout, re.MULTILINE)}
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    got = apt("download", *sorted(names), folder=folder)
    if done.returncode or got.returncode:
        raise unittest.SkipTest(f"needs Debian's package {package}: {(done.stderr + got.stderr).strip()[-200:]}")
    for archive in folder.glob("*.deb"):
        subprocess.run(["dpkg", "-x", archive, folder], check=True)
        archive.unlink()
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            path.chmod(path.stat().st_mode & 0o777)  # No program of root's in a folder for builds.
    (folder / "complete").touch()
    return folder


class Server:
    """A mail server for one test: it takes mails from its command, and delivers its queue when told to."""

    package = ""
    program: str

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder, self.files = pathlib.Path(folder), unpack(self.package)
        self.folder.mkdir()
        (self.folder / "queue").mkdir(mode=0o750)
        users = {
            "passwd": "Debian-exim:x:65533:65533::/nonexistent:/usr/sbin/nologin\n",
            "group": "Debian-exim:x:65533:\n",
        }
        for name, line in users.items():
            self.write(name, pathlib.Path("/etc", name).read_text() + line)
        self.write("hosts", "127.0.0.1 mx.example.org localhost\n")
        wrapper, *_ = self.files.rglob("libnss_wrapper.so")
        libraries = {str(path.parent) for path in self.files.glob("usr/lib/**/*.so.*")}
        self.environment = {
            "PATH": os.environ["PATH"],
            "LD_PRELOAD": str(wrapper),
            "LD_LIBRARY_PATH": ":".join(libraries),
            "NSS_WRAPPER_PASSWD": f"{folder}/passwd",
            "NSS_WRAPPER_GROUP": f"{folder}/group",
            "NSS_WRAPPER_HOSTS": f"{folder}/hosts",
            "NSS_WRAPPER_HOSTNAME": "mx.example.org",
        }

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text)
        (self.folder / name).chmod(0o644)

    def run(self, *words: str | pathlib.Path, **options: Any) -> str:
        done = subprocess.run(
            [self.files / self.program, *words], env=self.environment, capture_output=True, timeout=60, **options
        )
        if done.returncode:
            raise RuntimeError(f"{self.program} {words}: {done.stdout} {done.stderr} {self.logged()}")
        return done.stdout.decode()

    def logged(self) -> str:
        return ""


class Exim(Server):
    package = "exim4-daemon-light"
    program = "usr/sbin/exim4"

    def __init__(self, folder: pathlib.Path, alias: str, user: str, transport: str | None = None) -> None:
        """The configuration, with the router and the transport that Debian's has for /etc/aliases."""
        super().__init__(folder)
        self.write("aliases", alias + "\n")
        shutil.chown(self.folder, 65533, 65533)
        shutil.chown(self.folder / "queue", 65533, 65533)
        parts = self.files / "etc/exim4/conf.d"
        router = (parts / "router/400_exim4-config_system_aliases").read_text()
        self.write(
            "exim.conf",
            f"""\
SYSTEM_ALIASES_PIPE_TRANSPORT = address_pipe
SYSTEM_ALIASES_USER = {user}
exim_path = {self.files / self.program}
keep_environment =
spool_directory = {self.folder}/queue
log_file_path = {self.folder}/%slog
primary_hostname = mx.example.org
domainlist local_domains = example.org
begin routers
{router.replace("/etc/aliases", f"{self.folder}/aliases")}
begin transports
{transport or (parts / "transport/30_exim4-config_address_pipe").read_text()}
begin retry
* * F,1d,1m
""",
        )

    def run(self, *words: str | pathlib.Path, **options: Any) -> str:
        # As root, who may choose a configuration; a new process of Exim's user may not.
        return super().run("-C", self.folder / "exim.conf", *words, **options)

    def give(self, message: bytes) -> None:
        self.run("-odq", "-f", "ana@example.net", "trap@example.org", input=message)
        self.retry()

    def retry(self) -> None:
        self.run("-qf")

    def queue(self) -> int:
        """How many mails wait."""
        return int(self.run("-bpc"))

    def logged(self) -> str:
        path = self.folder / "mainlog"
        return path.read_text() if path.exists() else ""


class Sendmail(Server):
    package = "sendmail-bin"
    program = "usr/libexec/sendmail/sendmail"

    def __init__(self, folder: pathlib.Path, alias: str, user: str) -> None:
        super().__init__(folder)
        self.write("aliases", alias + "\n")
        self.write("names", "mx.example.org\n")
        self.write("switch", "hosts files\naliases files\npasswd files\n")
        macros = self.files / "usr/share/sendmail/cf"
        # The unsafe paths are those of /tmp.
        self.write(
            "sendmail.mc",
            f"""\
include(`{macros}/m4/cf.m4')dnl
OSTYPE(`linux')dnl
define(`ALIAS_FILE', `{self.folder}/aliases')dnl
define(`QUEUE_DIR', `{self.folder}/queue')dnl
define(`STATUS_FILE', `{self.folder}/status')dnl
define(`confPID_FILE', `{self.folder}/pid')dnl
define(`confCW_FILE', `{self.folder}/names')dnl
define(`confSERVICE_SWITCH_FILE', `{self.folder}/switch')dnl
define(`confDOMAIN_NAME', `mx.example.org')dnl
define(`confDEF_USER_ID', `{user}:nogroup')dnl
define(`confDELIVERY_MODE', `interactive')dnl
define(`confDONT_BLAME_SENDMAIL', `MapInUnsafeDirPath,ClassFileInUnsafeDirPath,RunProgramInUnsafeDirPath')dnl
LOCAL_DOMAIN(`example.org')dnl
MAILER(`local')dnl
MAILER(`smtp')dnl
""",
        )
        m4 = self.files / "usr/bin/m4"
        made = subprocess.run(
            [m4 if m4.exists() else "m4", f"-D_CF_DIR_={macros}/", self.folder / "sendmail.mc"],
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
        )
        self.write("sendmail.cf", made.stdout)
        self.run("-bi")

    def run(self, *words: str | pathlib.Path, **options: Any) -> str:
        return super().run("-C", self.folder / "sendmail.cf", *words, **options)

    def give(self, message: bytes) -> None:
        self.run("-Am", "-f", "ana@example.net", "trap@example.org", input=message)

    def retry(self) -> None:
        self.run("-qf")

    def queue(self) -> int:
        """How many mails wait."""
        return int(re.findall(r"Total requests: (\d+)", self.run("-bp"))[0])

    def why(self) -> str:
        """The reason for which mails wait."""
        return self.run("-bp")
