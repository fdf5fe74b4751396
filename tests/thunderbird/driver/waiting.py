"""Waiting for a condition instead of for a time."""

import time

STEP = 0.03


class NeverCame(AssertionError):
    """A condition that did not come true in time."""


def until(condition, what, seconds=30):
    """The first true value that `condition()` gives. `what` names it for whoever reads the failure."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise NeverCame(f"{what}: not within {seconds} s (last: {value!r})")
        time.sleep(STEP)


def insist(action, condition, what, times=4):
    """Does something that may get lost, a click on what is just being built up, until the condition comes true."""
    for _ in range(times):
        action()
        try:
            return until(condition, what, 2)
        except NeverCame as error:
            lost = error
    raise lost
