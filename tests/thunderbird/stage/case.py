"""What tests at a desk have in common."""

import unittest

from . import desk


class SharedDesk(unittest.TestCase):
    """Tests that do not disturb each other, at one desk whose Thunderbird is started once."""

    @classmethod
    def setUpClass(cls):
        cls.desk = desk.shared()

    def setUp(self):
        self.addCleanup(self.desk.tidy)
        if not self.desk.thunderbird.answers:
            self.desk.restart()

    def event(self, uuid):
        event = self.desk.misp.event(uuid)
        self.assertIsNotNone(event, f"event {uuid} is not in MISP")
        return event


class OwnDesk(unittest.TestCase):
    """Tests that each need a desk of their own. `how` are the arguments of `Desk`."""

    how = {}

    def setUp(self):
        self.desk = desk.Desk(**self.how)
        self.addCleanup(self.desk.stop)

    event = SharedDesk.event
