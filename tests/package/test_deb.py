"""Installs on this machine a Debian package of the program that MISPIGEON_BIN names: which files it puts where, and that its
removal leaves only the administrator's settings and the mails."""

import functools
import gzip
import json
import os
import pathlib
import pwd
import shutil
import subprocess
import tempfile
import unittest
from collections.abc import Iterator
from typing import Any

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAM = os.environ.get("MISPIGEON_BIN", "")
UNITS = [
    f"/usr/lib/systemd/system/mispigeon-{name}"
    for name in ("listen.service", "listen.socket", "outbox.service", "outbox.timer")
]
LINK = pathlib.Path("/etc/systemd/system/timers.target.wants/mispigeon-outbox.timer")
STATE = pathlib.Path("/var/lib/mispigeon")
FOLDER = tempfile.TemporaryDirectory(prefix="mispigeon-deb-")
EXTENSIONS = "/usr/share/mozilla/extensions/{3550f703-e582-4d05-9a08-453d09bdfdc6}"


def run(*words: str | pathlib.Path, code: int = 0, **options: Any) -> str:
    done = subprocess.run(words, capture_output=True, text=True, timeout=300, **options)
    if done.returncode != code:
        raise AssertionError(f"{words}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def status() -> str:
    """The package's state for dpkg: `installed`, `config-files` after removal without purge, or empty."""
    return subprocess.run(
        ["dpkg-query", "-W", "-f", "${db:Status-Status}", "mispigeon"], capture_output=True, text=True
    ).stdout


def has_user() -> bool:
    try:
        return bool(pwd.getpwnam("mispigeon"))
    except KeyError:
        return False


def missing() -> str | None:
    """The reason why this machine cannot try the package; None if it can."""
    if not PROGRAM:
        return "needs MISPIGEON_BIN, the program"
    for name in ("dpkg", "cargo-deb", "systemd-analyze"):
        if not shutil.which(name):
            return f"needs {name}"
    if os.geteuid():
        return "needs root, as dpkg does"
    return None


@functools.cache
def package(folder: str) -> str:
    """Path of the package, made once."""
    return run(ROOT / "packaging" / "make-deb", PROGRAM, "--output", folder).strip()


class Case(unittest.TestCase):
    """Each class has the package installed once, and leaves the machine as it was."""

    package: str

    @classmethod
    def setUpClass(cls) -> None:
        reason = missing()
        if reason:
            raise unittest.SkipTest(reason)
        if status() == "installed" or STATE.exists():
            raise unittest.SkipTest("needs a machine without MISPigeon: this one's is not to be removed by a test")
        cls.package = package(FOLDER.name)
        if not has_user():
            cls.addClassCleanup(lambda: has_user() and run("userdel", "mispigeon"))
        cls.addClassCleanup(lambda: subprocess.run(["dpkg", "--purge", "mispigeon"], capture_output=True))
        cls.install()

    @classmethod
    def install(cls) -> None:
        # Container images leave out documentation.
        run("dpkg", "--path-include=/usr/share/man/*", "--path-include=/usr/share/doc/*", "--install", cls.package)

    @staticmethod
    def paths() -> list[pathlib.Path]:
        """Files and links of the package."""
        paths = map(pathlib.Path, run("dpkg-query", "-L", "mispigeon").splitlines())
        return [path for path in paths if path.is_symlink() or not path.is_dir()]


class InstalledTest(Case):
    def test_the_program_answers_to_both_names(self) -> None:
        version = run("/usr/bin/mispigeon", "--version").split()[1]
        self.assertIn(f"Version: {version}-", run("dpkg-query", "-s", "mispigeon"))
        self.assertIn("--trap", run("/usr/bin/mail_to_misp", "--help"))
        self.assertIn("hostname", run("/usr/bin/mispigeon", "extract", "--text", input="see drop.evil-dove[.]com"))

    def test_everything_that_was_packed_is_there_and_roots(self) -> None:
        packed = [pathlib.Path(path) for path in self.packed()]
        self.assertGreater(len(packed), 40)
        for path in packed:
            found = path.lstat()
            self.assertEqual((found.st_uid, found.st_gid), (0, 0), path)
            if not path.is_symlink():
                self.assertFalse(found.st_mode & 0o022, path)

    def packed(self) -> Iterator[str]:
        unpacked = pathlib.Path(FOLDER.name) / "unpacked"
        run("dpkg-deb", "--extract", self.package, unpacked)
        for path in unpacked.rglob("*"):
            if path.is_symlink() or not path.is_dir():
                yield "/" + str(path.relative_to(unpacked))

    def test_each_command_has_its_page(self) -> None:
        pages = {
            path.name: gzip.decompress(path.read_bytes()).decode() for path in self.paths() if "/man1/" in str(path)
        }
        for name in (
            "mispigeon",
            "mispigeon-send",
            "mispigeon-listen",
            "mispigeon-outbox-retry",
            "mispigeon-install-thunderbird",
            "mispigeon-uninstall-postfix",
        ):
            self.assertIn(f".TH {name} 1", pages[f"{name}.1.gz"])

    def test_shells_complete_it(self) -> None:
        path = pathlib.Path("/usr/share/bash-completion/completions/mispigeon")
        asked = f"source {path}; COMP_WORDS=(mispigeon sen); COMP_CWORD=1; _mispigeon mispigeon sen mispigeon; echo $COMPREPLY"
        self.assertEqual(run("bash", "-c", asked).strip(), "send")
        self.assertIn("#compdef mispigeon", pathlib.Path("/usr/share/zsh/vendor-completions/_mispigeon").read_text())
        self.assertIn(
            "complete -c mispigeon", pathlib.Path("/usr/share/fish/vendor_completions.d/mispigeon.fish").read_text()
        )

    def test_thunderbird_finds_program_and_extension(self) -> None:
        manifest = json.loads(pathlib.Path("/usr/lib/mozilla/native-messaging-hosts/mispigeon.json").read_text())
        self.assertEqual(manifest["path"], "/usr/bin/mispigeon")
        self.assertTrue(pathlib.Path(EXTENSIONS, "mispigeon@mispigeon.org.xpi").is_file())
        # The program itself would install the same files into the same places.
        said = run("/usr/bin/mispigeon", "install", "thunderbird", "--system", "--dry-run")
        self.assertGreaterEqual(said.count("already in place"), 2, said)

    def test_systemd_takes_the_units(self) -> None:
        self.assertEqual(run("systemd-analyze", "verify", *UNITS), "")
        self.assertTrue(has_user())
        self.assertFalse(LINK.exists(), "nothing is enabled by itself")

    def test_units_of_an_administrator_go_before_and_are_warned_of(self) -> None:
        said = run("/usr/bin/mispigeon", "install", "systemd", "--dry-run")
        self.assertIn("/usr/lib/systemd/system/mispigeon-listen.service", said)

    def test_the_service_s_user_can_deliver(self) -> None:
        account = pwd.getpwnam("mispigeon")
        with tempfile.TemporaryDirectory() as name:
            shutil.chown(name, "mispigeon")
            config = pathlib.Path(name) / "config.toml"
            config.write_text("")
            shutil.chown(config, "mispigeon")
            command = next(
                line for line in pathlib.Path(UNITS[2]).read_text().splitlines() if line.startswith("ExecStart=")
            )
            words = command.removeprefix("ExecStart=").replace("/etc/mispigeon/config.toml", str(config)).split()
            run(*words, user=account.pw_uid, group=account.pw_gid, extra_groups=[], env={"MISPIGEON_DATA_DIR": name})
            self.assertTrue((pathlib.Path(name) / "state.db").exists())


class RemovedTest(Case):
    def test_it_can_be_put_over_itself_and_goes_without_a_trace(self) -> None:
        run("systemctl", "enable", "mispigeon-outbox.timer")
        self.addCleanup(LINK.unlink, missing_ok=True)
        self.install()
        self.assertTrue(LINK.is_symlink(), "an upgrade leaves what is enabled")
        paths = self.paths()
        self.assertGreater(len(paths), 40)
        # Files that the listener would have left.
        STATE.mkdir()
        self.addCleanup(shutil.rmtree, STATE)
        (STATE / "state.db").write_text("mails")
        run("dpkg", "--remove", "mispigeon")
        self.assertEqual([path for path in paths if path.exists() or path.is_symlink()], [])
        self.assertFalse(LINK.is_symlink(), "nothing is enabled that is not there")
        self.assertFalse(
            pathlib.Path(EXTENSIONS).exists() and any("mispigeon" in name for name in os.listdir(EXTENSIONS))
        )
        self.assertIn("/var/lib/mispigeon", run("dpkg", "--purge", "mispigeon"))
        self.assertIn(status(), ("", "not-installed"))
        self.assertEqual((STATE / "state.db").read_text(), "mails")


if __name__ == "__main__":
    unittest.main()
