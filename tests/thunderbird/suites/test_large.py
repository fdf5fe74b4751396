"""A mail with an attachment of 25 MB."""

import re

from stage import mails
from stage.case import SharedDesk
from stage.review import Review

ATTACHMENT = 25 << 20


class Large(SharedDesk):
    def peak(self) -> int:
        """Peak memory of the host, in bytes."""
        (host,) = self.desk.hosts()
        with open(f"/proc/{host}/status", encoding="ascii") as status:
            return int(re.findall(r"VmHWM:\s+(\d+) kB", status.read())[0]) * 1024

    def test_it_goes_through_and_the_host_needs_less_than_six_times_its_size(self) -> None:
        raw = mails.with_attachment("large", ATTACHMENT)
        path = self.desk.file(raw)
        self.desk.folders.select(self.desk.receive(raw), "large")
        self.desk.window.click_message_button()
        review = Review(self.desk.thunderbird).wait_open().wait("ready", 60)
        self.assertIn(("attachment", "sample.bin"), review.ticked())
        review.click("#create")
        self.assertEqual(review.wait_result(90), ["created"])
        self.assertLess(self.peak(), 6 * len(raw))
        draft = self.desk.home.would_send(path)[0]
        event = self.event(draft["uuid"])["Event"]
        samples = [each for item in event["Object"] for each in item["Attribute"] if each["type"] == "malware-sample"]
        self.assertEqual(len(samples), 1)

    def test_handing_it_over_can_be_cancelled(self) -> None:
        raw = mails.with_attachment("large and cancelled", ATTACHMENT)
        self.desk.folders.select(self.desk.receive(raw), "large and cancelled")
        self.desk.window.click_message_button()
        review = Review(self.desk.thunderbird).wait_open()
        review.wait_shown("#cancel")
        review.click("#cancel")
        self.assertEqual(review.trouble(), "cancelled")
        review.click("#trouble-retry")
        review.wait("ready", 60)
