"""What tests with a desk share."""

import unittest
from typing import Any, ClassVar

from .desk import Desk, shared


def stored(desk: Desk, uuid: str) -> dict[str, Any]:
    """The event as MISP has it."""
    event = desk.misp.event(uuid)
    assert event is not None, f"event {uuid} is not in MISP"
    return event


class SharedDesk(unittest.TestCase):
    """For tests that do not disturb each other: they share a desk, whose Thunderbird starts once."""

    desk: Desk

    @classmethod
    def setUpClass(cls) -> None:
        cls.desk = shared()

    def setUp(self) -> None:
        self.addCleanup(self.desk.tidy)
        if not self.desk.thunderbird.answers:
            self.desk.restart()

    def event(self, uuid: str) -> dict[str, Any]:
        return stored(self.desk, uuid)


class OwnDesk(unittest.TestCase):
    """For tests that need a desk of their own each. `how` are the arguments of `Desk`."""

    desk: Desk
    how: ClassVar[dict[str, Any]] = {}

    def setUp(self) -> None:
        self.desk = Desk(**self.how)
        self.addCleanup(self.desk.stop)

    def event(self, uuid: str) -> dict[str, Any]:
        return stored(self.desk, uuid)
