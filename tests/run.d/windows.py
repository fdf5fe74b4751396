"""Builds the program for Windows and tests it under Wine. Both happen inside a folder with Debian's `sid`: its Rust comes with the
sources of the standard library, which is built for Windows too, and its Wine is new enough. The folder stays in `target/`."""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from packages import ROOT, TARGET, find_program
from running import Result, command, unittests

FOLDER = TARGET / "windows"
DEBIAN = FOLDER / "debian"
PACKAGES = "rustc,cargo,rust-src,gcc-mingw-w64-x86-64,gcc,libc6-dev,ca-certificates,wine,wine64"
TESTS = ROOT / "tests" / "windows"
PREFIX = FOLDER / "prefix"
CRATES = Path(os.environ.get("CARGO_HOME", Path.home() / ".cargo")) / "registry"


def suite() -> Result:
    lack = missing()
    if lack:
        return Result(reasons=[lack])
    if not make_debian():
        return Result(reasons=["Debian's suite sid cannot be installed"])
    if not build() or not make_prefix():
        return Result(failed=1)
    with awake():
        return unittests(
            "tests/windows",
            MISPIGEON_BIN=str(TESTS / "mispigeon"),
            PYTHONPATH=str(ROOT / "tests" / "protocol"),
        )


def missing() -> str | None:
    """The reason why this machine cannot have the folder; None if it can."""
    if os.geteuid():
        return "needs root, for a folder with another Debian"
    if not find_program("mmdebstrap"):
        return "needs mmdebstrap"
    alone = ("unshare", "--mount", "--propagation", "private", "true")
    if subprocess.run(alone, capture_output=True).returncode:
        return "needs the right to mount (CAP_SYS_ADMIN)"
    return None


def make_debian() -> bool:
    """Installs Debian into the folder, unless an earlier run did. It takes 4 GB."""
    stamp = FOLDER / "packages"
    if stamp.exists() and stamp.read_text() == PACKAGES:
        return True
    print(f"installing into {DEBIAN}: {PACKAGES}", flush=True)
    stamp.unlink(missing_ok=True)
    shutil.rmtree(DEBIAN, ignore_errors=True)
    FOLDER.mkdir(parents=True, exist_ok=True)
    options = ("--quiet", '--aptopt=Acquire::Check-Valid-Until "false"', "--variant=minbase", f"--include={PACKAGES}")
    if command("mmdebstrap", *options, "sid", str(DEBIAN))[0]:
        return False
    # The machine may reach crates.io by names and certificates of its own.
    for file in ("/etc/resolv.conf", "/etc/hosts", "/etc/ssl/certs/ca-certificates.crt"):
        shutil.copyfile(file, f"{DEBIAN}{file}")
    stamp.write_text(PACKAGES)
    return True


def inside(*words: str, **environment: str) -> bool:
    """Runs a command inside the folder."""
    CRATES.mkdir(parents=True, exist_ok=True)
    environment["BIND"] = f"/tmp {ROOT} {FOLDER} {CRATES}"
    environment["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin"
    return command(str(TESTS / "inside"), str(DEBIAN), *words, **environment)[0] == 0


def build() -> bool:
    """Builds the program as quickly as that can be: what these tests are about does not depend on optimisation."""
    options = ("-Z", "build-std=std,panic_unwind", "--locked", "--target", "x86_64-pc-windows-gnu")
    quickly = ("profile.dev.debug=false", 'profile.dev.package."*".opt-level=0')
    return inside(
        *("cargo", "build", *options, *(word for setting in quickly for word in ("--config", setting))),
        CARGO_HOME=str(CRATES.parent),
        CARGO_TARGET_DIR=str(FOLDER / "build"),
        CARGO_HTTP_CAINFO="/etc/ssl/certs/ca-certificates.crt",
        # Only a nightly compiler, or one that is told so, builds the standard library.
        RUSTC_BOOTSTRAP="1",
    )


def make_prefix() -> bool:
    """Makes the drive C: and the registry anew, so that nothing of an earlier run is in them."""
    shutil.rmtree(PREFIX, ignore_errors=True)
    settings = {"WINEPREFIX": str(PREFIX), "WINEDEBUG": "-all", "WINEDLLOVERRIDES": "mscoree,mshtml="}
    return inside("wine", "wineboot", "--init", **settings)


@contextlib.contextmanager
def awake() -> Iterator[None]:
    """Keeps Windows up as long as the tests run. Otherwise each of their commands would start it anew."""
    with subprocess.Popen(
        [str(TESTS / "wine"), "cmd", "/c", "set /p end="],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        yield
        process.communicate()
