"""Runs a program under Valgrind's callgrind, and reads how many instructions each function took."""

import re
from collections import Counter
from pathlib import Path

# How much faster than the mails the work of a function may grow: 1 where it is linear, 2 where it is quadratic.
MOST_GROWTH = 1.35

# What grows faster than the cube of the number of things begins or ends at a limit: an early answer, a text that is cut.
LIMIT_GROWTH = 5

# Instructions that a function may take beyond that, as tables grow by leaps. A search through the things for each of them takes
# several times as many at the largest size.
SLACK = 25_000

# Parts of names that are not judged: in hash tables it is by chance how many entries meet, and a fuzzy hash has a function for each of
# its numbers of levels, which rise with the size of a file.
LEFT_OUT = ("hashbrown", "ssdeep", "core::array")

# The function of a thread that is not counted: how often it looks at the outbox depends on the time that all the rest takes.
BY_THE_CLOCK = "6native3due4look"

NAME = re.compile(r"c?fn=\((\d+)\)(?: (.*))?")


def under_callgrind(counts: Path) -> list[str]:
    """The words to put before those of the program. With their mangled names functions of the same name stay apart."""
    return [
        "valgrind",
        "-q",
        "--tool=callgrind",
        "--demangle=no",
        "--separate-threads=yes",
        f"--callgrind-out-file={counts}",
    ]


def read_counts(path: Path) -> Counter[str]:
    """The instructions of each function in all threads, without those of the functions that it calls."""
    counts: Counter[str] = Counter()
    for thread in path.parent.glob(f"{path.name}-*"):
        own = read_thread(thread)
        if not any(BY_THE_CLOCK in name for name in own):
            counts += own
    if not counts:
        raise ValueError(f"nothing was counted: {path}")
    return counts


def read_thread(path: Path) -> Counter[str]:
    names: dict[str, str] = {}
    counts: Counter[str] = Counter()
    function = ""
    is_call = False
    with open(path, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            if named := NAME.match(line):
                number, name = named.groups()
                if name:
                    names[number] = name
                if line.startswith("fn="):
                    function = names[number]
            elif line.startswith("calls="):
                is_call = True
            elif line[0] in "0123456789+-*":
                # The line behind `calls=` has what the called function took.
                if not is_call:
                    counts[function] += int(line.split()[1])
                is_call = False
    return counts


def too_steep(paths: list[Path]) -> list[str]:
    """The functions whose work grows faster than mails of 1, 2 and 4 times as many things."""
    one, two, four = map(read_counts, paths)
    found = []
    for name, most in four.items():
        first, second = two[name] - one[name], most - two[name]
        path = readable(name)
        is_steep = 2 * MOST_GROWTH * first + SLACK < second < 2 * LIMIT_GROWTH * first
        if is_steep and not any(part in path for part in LEFT_OUT):
            found.append((second, f"{one[name]}, {two[name]}, {most} instructions in {path}"))
    return [words for _, words in sorted(found, reverse=True)]


def readable(mangled: str) -> str:
    """The path of a function from its mangled name; the name as it is if it is mangled in another way."""
    rest = re.fullmatch(r"_ZN(.*)17h[0-9a-f]{16}E", mangled)
    parts, left = [], rest[1] if rest else ""
    while length := re.match(r"\d+", left):
        end = length.end() + int(length[0])
        parts.append(left[length.end() : end])
        left = left[end:]
    path = "::".join(parts)
    for code, sign in (("LT", "<"), ("GT", ">"), ("u20", " "), ("u7b", "{"), ("u7d", "}"), ("RF", "&"), ("C", ",")):
        path = path.replace(f"${code}$", sign)
    return path.replace("..", "::") or mangled
