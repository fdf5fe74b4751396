"""Waiting for a condition instead of for a time."""

import time
from collections.abc import Callable
from typing import TypeVar

STEP = 0.03
T = TypeVar("T")


class NeverCame(AssertionError):
    """A condition did not become true in time."""


def until(condition: Callable[[], T | None], what: str, seconds: float = 30) -> T:
    """Waits for the first true value of `condition()` and returns it. `what` describes it in the error message."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise NeverCame(f"{what}: not within {seconds} s (last: {value!r})")
        time.sleep(STEP)


def insist(action: Callable[[], object], condition: Callable[[], T | None], what: str, times: int = 4) -> T:
    """Repeats an action that may get lost, such as a click on a window that is still being built, until the condition is true."""
    for left in reversed(range(times)):
        action()
        try:
            return until(condition, what, 2)
        except NeverCame:
            if not left:
                raise
    raise ValueError("times is to be at least 1")
