"""Scores the IDS flags: what the program flags in tests/flags against the truth beside it."""

import pathlib
from dataclasses import dataclass, field

from program import Program

PRECISION_GOAL = 0.97
RECALL_GOAL = 0.98


@dataclass
class Case:
    """A mail, the mode to judge it in, what it is by itself, the values that must be flagged, and those that may be."""

    mail: pathlib.Path
    mode: str
    auto: str
    flagged: set[str]
    allowed: set[str]


@dataclass
class FlagScore:
    """Counts of flagged values, and what went wrong, in words."""

    hits: int = 0
    false: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    unexplained: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def precision(self) -> float:
        return self.hits / (self.hits + len(self.false)) if self.hits else 0.0

    def recall(self) -> float:
        return self.hits / (self.hits + len(self.missed)) if self.hits else 0.0

    def passed(self) -> bool:
        right = self.precision() >= PRECISION_GOAL and self.recall() >= RECALL_GOAL
        return right and not (self.unexplained or self.broken)


def cases(folder: pathlib.Path) -> list[Case]:
    """The rows of truth.tsv: name, mode (`mode|what it is`), values parted by blanks (`?value` may be flagged), what the mail is like."""
    found = []
    for line in (folder / "truth.tsv").read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#!"):
            name, mode, values, _ = line.split("\t")
            flagged = {value for value in values.split() if not value.startswith("?")}
            allowed = {value[1:] for value in values.split() if value.startswith("?")}
            mode, _, auto = mode.partition("|")
            found.append(Case(folder / f"{name}.eml", mode, auto or mode, flagged, allowed))
    without = set(folder.glob("*.eml")) - {case.mail for case in found}
    if without or len(found) != len({case.mail for case in found}):
        raise ValueError(f"tests/flags: a mail has no row, or two: {sorted(without)}")
    return found


def judge(program: Program, case: Case, score: FlagScore) -> None:
    name = case.mail.stem
    # Whose statements are believed is a setting.
    settings = ["--config", str(case.mail.parent / "authenticated.toml")] if name.startswith("auth-") else []
    answer = program.run(*settings, "extract", "--all", "--format", "json", "--mode", case.mode, str(case.mail))
    if why := answer.breakage():
        score.broken.append(f"{name}: {why}")
        return
    rows = [row for row in answer.lines() if row["action"] != "skip" and row.get("object", "email") == "email"]
    flagged = {row["value"] for row in rows if row["to_ids"] and row.get("relation") != "attachment"}
    score.hits += len(flagged & case.flagged)
    score.false += [f"{name}: {value}" for value in sorted(flagged - case.flagged - case.allowed)]
    score.missed += [f"{name}: {value}" for value in sorted(case.flagged - flagged)]
    finds = [row for row in rows if "object" not in row]
    score.unexplained += [f"{name}: {row['value']}" for row in finds if "why" not in row]


def report(score: FlagScore, number: int) -> None:
    print(f"flags: {number} mails")
    for label, items in (("false", score.false), ("missed", score.missed)):
        for item in items:
            print(f"  {label}: {item}")
    for label, items in (("without a reason", score.unexplained), ("broken", score.broken)):
        for item in items:
            print(f"  {label}: {item}")
    print(
        f"  {score.hits} right; precision {score.precision():.4f} (goal {PRECISION_GOAL}), "
        f"recall {score.recall():.4f} (goal {RECALL_GOAL})\n"
    )
