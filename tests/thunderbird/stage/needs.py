"""The programs that the tests need, and the Debian packages that have them."""

import pathlib
import shutil

PACKAGES = {"Xvfb": "xvfb", "xdotool": "xdotool", "import": "imagemagick"}


def missing(thunderbird: pathlib.Path) -> str | None:
    """The reason why no test can run here; None if all programs are there."""
    packages = [package for program, package in PACKAGES.items() if not shutil.which(program)]
    if not thunderbird.exists():
        packages.append("thunderbird")
    return f"needs the packages {', '.join(packages)}" if packages else None
