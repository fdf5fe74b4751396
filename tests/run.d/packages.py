"""The packages of Debian and PyPI that the suites need: finds which are missing, and installs them where possible."""

import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
VENV = TARGET / "venv"
PYPI = {
    "pymisp": "pymisp==2.5.34.4",
    "jsonschema": "jsonschema==4.26.0",
    "types-jsonschema": "types-jsonschema==4.26.0.20261006",
    "ruff": "ruff==0.17.6",
    "mypy": "mypy==2.4.1",
    "dbus-next": "dbus-next==0.2.3",
}
THUNDERBIRD = "/usr/lib/thunderbird"
SIEVE = "/usr/lib/dovecot/modules/sieve/lib90_sieve_extprograms_plugin.so"
SBIN = ("/usr/sbin", "/usr/local/sbin", "/sbin")


@dataclass(frozen=True)
class Package:
    """A Debian package, a program or file by which to see that it is installed, and what the tests do with it."""

    name: str
    program: str
    use: str

    def is_there(self) -> bool:
        return Path(self.program).exists() if os.path.isabs(self.program) else find_program(self.program) is not None


DEBIAN = {
    package.name: package
    for package in (
        Package("gcc", "cc", "links the program and compiles SQLite"),
        Package("g++", "c++", "compiles libFuzzer"),
        Package("knot", "knotd", "name server that the DNS tests ask"),
        Package("valgrind", "valgrind", "counts what each function runs"),
        Package("faketime", "faketime", "a clock that is a year ahead"),
        Package("openssl", "openssl", "makes certificates for tests of TLS"),
        Package("thunderbird", f"{THUNDERBIRD}/thunderbird", "what the extension is tested in"),
        Package(
            "thunderbird-l10n-de",
            f"{THUNDERBIRD}/extensions/langpack-de@thunderbird.mozilla.org.xpi",
            "Thunderbird in German",
        ),
        Package(
            "thunderbird-l10n-fr",
            f"{THUNDERBIRD}/extensions/langpack-fr@thunderbird.mozilla.org.xpi",
            "Thunderbird in French",
        ),
        Package("dbus-daemon", "dbus-daemon", "bus of a desktop with a portal"),
        Package("xvfb", "Xvfb", "screen without a monitor"),
        Package("xdotool", "xdotool", "moves the mouse and types"),
        Package("imagemagick", "import", "takes screenshots"),
        Package("fonts-dejavu-core", "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", "letters on the screenshots"),
        Package("postfix", "postfix", "mail server, and smtp-sink that takes the tests' mails"),
        Package("dovecot-core", "dovecot", "mail server for IMAP, POP3 and Sieve"),
        Package("dovecot-imapd", "/usr/lib/dovecot/imap", "IMAP accounts"),
        Package("dovecot-pop3d", "/usr/lib/dovecot/pop3", "POP3 accounts"),
        Package("dovecot-sieve", SIEVE, "Sieve's pipe to a program"),
        Package("procmail", "procmail", "procmail's pipe to a program"),
        Package("swaks", "swaks", "SMTP client that nobody here wrote"),
        Package("libnet-ssleay-perl", "/usr/share/doc/libnet-ssleay-perl/copyright", "TLS in swaks"),
        Package("systemd", "systemd-socket-activate", "starts the listener by a socket, checks its units"),
        Package("systemd-container", "systemd-nspawn", "systemd as process 1 in a container"),
        Package("dpkg-dev", "dpkg-shlibdeps", "finds what the Debian package depends on"),
        Package("mmdebstrap", "mmdebstrap", "makes the folder where the Windows program is built and run"),
        Package("debian-archive-keyring", "/usr/share/keyrings/debian-archive-keyring.gpg", "checks Debian's packages"),
    )
}


def find_program(name: str) -> str | None:
    """A program in PATH, or in the folders that only root has in PATH."""
    return shutil.which(name, path=os.pathsep.join((os.environ["PATH"], *SBIN)))


def install_debian(names: Iterable[str]) -> None:
    """Says which Debian packages are missing and why the tests need them, then installs them. Where that is not possible, says
    what to install by hand; tests without their package skip themselves."""
    missing = [DEBIAN[name] for name in dict.fromkeys(names) if not DEBIAN[name].is_there()]
    if not missing:
        return
    able = shutil.which("apt-get") is not None
    # Windows has no user ids.
    root = [] if not able or os.geteuid() == 0 else ["sudo", "-n"]
    if root:
        able = subprocess.run([*root, "true"], capture_output=True).returncode == 0
    print(
        "installing by apt-get:"
        if able
        else "please install by hand (names are Debian's); tests without them are skipped:"
    )
    for package in missing:
        print(f"    {package.name:22}{package.use}", flush=True)
    if not able:
        return
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    wanted = [package.name for package in missing]
    for command in (["apt-get", "update", "-q"], ["apt-get", "install", "-qy", "--no-install-recommends", *wanted]):
        done = subprocess.run([*root, *command], env=environment, capture_output=True, text=True)
        if done.returncode:
            print(f"{' '.join(command)}: {done.stderr.strip()[-500:]}", file=sys.stderr)
            return


def python_with_packages() -> str:
    """The Python of a virtual environment in `target/` with the packages of PyPI; without access to PyPI, the Python that runs
    this."""
    python, stamp, wanted = VENV / "bin" / "python", VENV / "packages", " ".join(PYPI.values())
    if stamp.exists() and stamp.read_text() == wanted:
        return str(python)
    print(f"installing into {VENV}: {wanted}", flush=True)
    venv.create(VENV, with_pip=True, clear=True)
    done = subprocess.run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *PYPI.values()])
    if done.returncode:
        return sys.executable
    stamp.write_text(wanted)
    return str(python)
