"""Checks format, lints and strict types of the repository's Python; the rules are in `pyproject.toml`. Also checks that
CONTRIBUTING.md lists all suites, as people read that page instead of `tests/run --list`."""

from collections.abc import Iterable

from packages import ROOT, python_with_packages
from running import Result, single

# Groups that mypy checks together. Programs import modules by bare names from folders of their own, so each group needs its own
# import path: first the folders of that path, then the files to check.
TYPED: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("tests/run.d", ("tests/run", "tests/run.d")),
    (
        "tests/bench.d:tests/quality.d:tests/thunderbird:tests/mail_servers:tests/contract:tests",
        (
            "tests/bench",
            "tests/quality",
            "tests/real_mails",
            "tests/bench.d",
            "tests/quality.d",
            "tests/contents/run",
            "tests/contents/peers",
        ),
    ),
    ("tests/contents/make", ("tests/contents/make",)),
    ("tests/contract", ("tests/contract",)),
    ("tests", ("tests/misp_double",)),
    ("tests/protocol:tests/contract", ("tests/protocol",)),
    ("tests/faults.d:tests/protocol:tests/contract", ("tests/faults", "tests/faults.d")),
    ("tests/windows:tests/protocol:tests/contract", ("tests/windows",)),
    ("tests/mail_servers:tests/contract", ("tests/mail_servers",)),
    ("tests/mails", ("tests/mails",)),
    ("tests/hostile:tests/protocol:tests/contract", ("tests/hostile", "tests/hostile/run")),
    ("tests/work:tests/protocol:tests/contract", ("tests/work",)),
    ("", ("tests/package", "packaging/make-deb", "packaging/release")),
    ("", ("packaging/self-host",)),
    ("", ("fuzz/run",)),
    ("tests/thunderbird:tests", ("tests/thunderbird", "tests/thunderbird/run")),
)


def check(suites: Iterable[str]) -> Result:
    python = python_with_packages()
    total = Result()
    for tool in (("ruff", "check"), ("ruff", "format", "--check")):
        total.add(single(python, "-m", *tool, "."))
    for path, files in TYPED:
        total.add(single(python, "-m", "mypy", *files, MYPYPATH=path))
    total.add(contributing(suites))
    return total


def contributing(suites: Iterable[str]) -> Result:
    """Whether CONTRIBUTING.md has a row for each suite."""
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    missing = [name for name in suites if f"\n| `{name}` |" not in page]
    if missing:
        print(f"CONTRIBUTING.md says nothing of the suites {', '.join(missing)}")
    return Result(passed=int(not missing), failed=int(bool(missing)))
