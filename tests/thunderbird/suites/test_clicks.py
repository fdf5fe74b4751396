"""How many clicks an event takes, from the mail that is shown."""

import unittest.mock
from typing import Any

from stage import mails
from stage.case import SharedDesk
from stage.review import Review


class Clicks(SharedDesk):
    def count(self, subject: str, raw: bytes) -> tuple[int, dict[str, Any]]:
        """Makes the event of the mail with the mouse alone; returns the number of clicks, and the event."""
        (draft,) = self.desk.home.would_send(self.desk.file(raw))
        self.desk.folders.select(self.desk.receive(raw), subject)
        with unittest.mock.patch.object(self.desk.display, "click", wraps=self.desk.display.click) as clicks:
            self.desk.window.click_message_button()
            review = Review(self.desk.thunderbird).wait_ready()
            self.assertEqual(review.create(), ["created"])
        review.close()
        return clicks.call_count, self.event(draft["uuid"])["Event"]

    def test_a_report_takes_two(self) -> None:
        clicks, event = self.count("two clicks for a report", mails.report("two clicks for a report"))
        self.assertEqual(clicks, 2)
        self.assertEqual(event["Object"], [])

    def test_a_raw_phish_takes_two(self) -> None:
        """It is told from a report by itself: nobody has to choose a mode."""
        raw = mails.sample("two clicks for a phish").replace(b"Your mailbox is full.", mails.LURE)
        clicks, event = self.count("two clicks for a phish", raw)
        self.assertEqual(clicks, 2)
        self.assertIn("email", [each["name"] for each in event["Object"]])
