"""Menus on a part of a mail: its review ticks that part only, and the event is that of the mail."""

from typing import ClassVar

from driver.waiting import until
from stage.case import SharedDesk
from stage.review import Review

PHISH = b"""From: Support <support@bench-orchard.com>
To: Ada <ada@reporting-cert.org>
Subject: %s
Date: Mon, 23 Nov 2026 08:00:00 +0000
Message-ID: <%s@bench-orchard.com>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/html; charset=utf-8

<p>First call hxxp://one[.]bench-orchard[.]com/a and then the rest:</p>
<p><a href="https://Two.Bench-Pigeon.org/%%C3%%A4?x=1&amp;y=2">click here</a></p>
<p><a href="https://three.bench-lantern.net/">or here</a></p>
--b
Content-Type: application/octet-stream; name=invoice.exe
Content-Disposition: attachment; filename=invoice.exe
Content-Transfer-Encoding: base64

TVqQAAMAAAAEAAAA
--b
Content-Type: text/plain; name=notes.txt
Content-Disposition: attachment; filename=notes.txt

nothing
--b--
"""


class Parts(SharedDesk):
    ALL: ClassVar[set[str]] = {"one.bench-orchard.com", "two.bench-pigeon.org", "three.bench-lantern.net"}

    def show(self, subject: str) -> bytes:
        raw = PHISH % (subject.encode(), subject.replace(" ", "-").encode())
        self.desk.folders.select(self.desk.receive(raw), subject)
        return raw

    def review(self, count: int) -> Review:
        review = Review(self.desk.thunderbird).wait_ready()
        review.wait_text(f" {count} ", "#focus")
        return review

    def test_a_selection_ticks_what_stands_in_it(self) -> None:
        self.show("a selection")
        self.desk.window.choose_for_selection("hxxp://one[.]bench-orchard[.]com/a and")
        review = self.review(2)
        self.assertEqual(
            sorted(review.ticked()), [("hostname", "one.bench-orchard.com"), ("url", "http://one.bench-orchard.com/a")]
        )

    def test_a_link_ticks_itself_and_the_event_is_that_of_the_mail(self) -> None:
        raw = self.show("a link")
        self.desk.window.choose_for_link("pigeon")
        review = self.review(2)
        link = "https://two.bench-pigeon.org/%C3%A4?x=1&y=2"
        self.assertEqual(sorted(review.ticked()), [("hostname", "two.bench-pigeon.org"), ("url", link)])
        self.assertEqual(review.create(), ["created"])
        draft = self.desk.home.would_send(self.desk.file(raw))[0]
        event = self.event(draft["uuid"])["Event"]
        self.assertEqual(event["info"], draft["info"])
        values = {each["value"] for each in event["Attribute"]}
        self.assertIn(link, values)
        self.assertEqual(values & (self.ALL - {"two.bench-pigeon.org"}), set())
        self.assertNotIn("invoice.exe", str(event))

    def test_an_attachment_ticks_itself_and_goes_as_a_sample(self) -> None:
        raw = self.show("an attachment")
        self.desk.window.choose_for_attachment("invoice.exe")
        review = self.review(1)
        self.assertEqual(review.ticked(), [("attachment", "invoice.exe")])
        self.assertEqual(review.create(), ["created"])
        event = self.event(self.desk.home.would_send(self.desk.file(raw))[0]["uuid"])["Event"]
        samples = [
            attribute["value"].split("|")[0]
            for each in event["Object"]
            for attribute in each["Attribute"]
            if attribute["type"] == "malware-sample"
        ]
        self.assertEqual(samples, ["invoice.exe"])
        self.assertNotIn("notes.txt", [each["value"] for each in event["Attribute"]])
        self.assertEqual({each["value"] for each in event["Attribute"]} & self.ALL, set())

    def test_the_whole_mail_comes_back_by_one_click_and_a_tab_keeps_the_part(self) -> None:
        self.show("the whole")
        self.desk.window.choose_for_link("lantern")
        review = self.review(2)
        review.click("#open-tab")
        tab = Review(self.desk.thunderbird, "tab").wait_ready()
        tab.wait_shown("#focus")
        self.assertEqual(
            {value for _, value in tab.ticked()}, {"https://three.bench-lantern.net/", "three.bench-lantern.net"}
        )
        tab.choose("#mode", "report")
        until(lambda: len(tab.ticked()) == 2, "the same part in another mode")
        tab.wait("ready")
        tab.click("#focus-whole")
        until(lambda: len(tab.ticked()) > 4, "all ticks")
        tab.close()

    def test_the_next_review_of_the_mail_is_of_the_whole(self) -> None:
        self.show("twice")
        self.desk.window.choose_for_link("lantern")
        self.review(2).close()
        self.desk.window.click_message_button()
        review = Review(self.desk.thunderbird).wait_ready()
        self.assertGreater(len(review.ticked()), 4)
        self.assertFalse(review.shows("#focus"))
