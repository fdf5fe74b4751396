"""Waiting for a condition instead of for a time."""

import time
from collections.abc import Callable
from typing import TypeVar

STEP = 0.03
T = TypeVar("T")


class NeverCame(AssertionError):
    """A condition that did not come true in time."""


def until(condition: Callable[[], T | None], what: str, seconds: float = 30) -> T:
    """The first true value that `condition()` gives. `what` names it for whoever reads the failure."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise NeverCame(f"{what}: not within {seconds} s (last: {value!r})")
        time.sleep(STEP)


def insist(action: Callable[[], object], condition: Callable[[], T | None], what: str, times: int = 4) -> T:
    """Does something that may get lost, a click on what is just being built up, until the condition comes true."""
    for left in reversed(range(times)):
        action()
        try:
            return until(condition, what, 2)
        except NeverCame:
            if not left:
                raise
    raise ValueError("times is to be at least 1")
