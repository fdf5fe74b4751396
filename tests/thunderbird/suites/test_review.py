"""Reviewing and sending one mail."""

import csv
import io
import json

from driver.waiting import until
from stage import mails
from stage.case import SharedDesk
from stage.misp import key
from stage.review import Review

OWN_HOST = "www.reporting-cert.org"  # Of the sender: left out, unless the analyst takes it in.


class ReviewCase(SharedDesk):
    def receive(self, subject: str, *more: bytes, raw: bytes | None = None) -> None:
        """Selects the mail and waits until it is shown; `uuid` is that of its event."""
        raw = raw or mails.report(subject, *more)
        self.path = self.desk.file(raw, subject)
        self.draft = self.desk.home.would_send(self.path)[0]
        self.desk.folders.select(self.desk.receive(raw), subject)

    def open(self, subject: str, *more: bytes, raw: bytes | None = None) -> Review:
        """Receives the mail and clicks the button over it."""
        self.receive(subject, *more, raw=raw)
        self.desk.window.click_message_button()
        return Review(self.desk.thunderbird).wait_ready()

    def drafted(self) -> list[tuple[str, str]]:
        """(type, value) of the attributes that the command line would send."""
        return sorted((each["type"], each["value"]) for each in self.draft["Attribute"])

    def stored(self, uuid: str | None = None) -> list[tuple[str, str]]:
        """(type, value) of the attributes that MISP has."""
        event = self.event(uuid or self.draft["uuid"])["Event"]
        return sorted((each["type"], each["value"]) for each in event["Attribute"])

    def tags(self) -> list[str]:
        return [tag["name"] for tag in self.event(self.draft["uuid"])["Event"]["Tag"]]


class ReviewByMouse(ReviewCase):
    def test_the_event_has_exactly_what_the_analyst_chose(self) -> None:
        review = self.open("chosen by mouse", b"see " + OWN_HOST.encode())
        everything = self.drafted()
        self.assertEqual(sorted(review.ticked()), everything)
        unticked = next(each for each in everything if each[0] == "ip-dst")
        review.tick(*unticked)
        review.unfold(".skipped")
        review.tick("hostname", OWN_HOST)
        review.choose("#tlp", "tlp:red")
        review.choose("#distribution", "1")
        review.unfold("#commenting")
        review.write("#comment", "seen at two members")
        self.assertEqual(review.create(), ["created"])
        chosen = [each for each in everything if each != unticked] + [("hostname", OWN_HOST)]
        self.assertEqual(self.stored(), sorted(chosen))
        self.assertEqual(self.tags(), ["tlp:red"])
        event = self.event(self.draft["uuid"])["Event"]
        self.assertEqual(event["distribution"], "1")
        self.assertIn("seen at two members", json.dumps(event))

    def test_a_mail_is_added_to_an_event_that_is_there(self) -> None:
        first = mails.report("the first of two")
        receipt = self.desk.home.send(self.desk.file(first))[0]
        before = self.stored(receipt["uuid"])
        review = self.open("the second of two")
        review.write("#event-id", receipt["event_id"])
        review.click("#add-to-event")
        review.wait_text("the first of two", "#event-chosen")
        review.click("#add-to-event")
        self.assertEqual(review.wait_result(), ["updated"])
        self.assertEqual(self.stored(receipt["uuid"]), sorted(before + self.drafted()))
        self.assertIsNone(self.desk.misp.event(self.draft["uuid"]))

    def test_single_mails_of_a_carrier_are_left_out(self) -> None:
        inside = [mails.sample(f"in the carrier {at}") for at in range(3)]
        before = self.desk.misp.state()["events"]
        review = self.open("forwarded as attachments", raw=mails.carrier("forwarded as attachments", *inside))
        review.click("[data-event='0'] .whole-mail")
        last = "[data-event='2'] .types .group-head > input"
        for at in range(review.run("return document.querySelectorAll(args[0]).length;", last)):
            review.click(f"[data-event='2'] .types .group:nth-child({at + 1}) .group-head > input")
        review.until("return !document.querySelector(args[0]).checked;", "no tick", "[data-event='2'] .whole-mail")
        self.desk.take_picture("review-carrier")
        self.assertEqual(review.create(), ["created"])
        self.assertEqual(self.desk.misp.state()["events"], before + 1)
        (kept,) = [one for one in self.desk.home.would_send(self.path) if one["info"].endswith("in the carrier 1")]
        self.assertIsNotNone(self.desk.misp.event(kept["uuid"]))

    def test_what_would_be_sent_is_copied_as_text_csv_and_misp_json(self) -> None:
        review = self.open("copied three times")
        self.desk.window.empty_clipboard()

        def copied(button: str) -> str:
            before = self.desk.window.clipboard()
            review.click(button)
            until(lambda: self.desk.window.clipboard() not in ("", before), f"what {button} copies")
            return self.desk.window.clipboard()

        values = [value for _, value in self.drafted()]
        text = copied("#copy-text")
        self.assertEqual(len(text.split()), len(values))
        self.assertNotIn("http:", text)
        rows = list(csv.DictReader(io.StringIO(copied("#copy-csv"))))
        self.assertEqual(sorted(row["value"] for row in rows), sorted(values))
        event = json.loads(copied("#copy-misp"))["Event"]
        self.assertEqual(event, self.draft)

    def test_a_mail_that_was_sent_before_says_so_with_its_link_and_is_updated(self) -> None:
        self.receive("sent before", b"see " + OWN_HOST.encode())
        receipt = self.desk.home.send(self.path)[0]
        events = self.desk.misp.state()["events"]
        self.desk.window.click_message_button()
        review = Review(self.desk.thunderbird).wait_ready()
        self.assertEqual(review.text("#create"), "Update event")
        review.click(".already [data-url]")
        self.desk.browser.wait(receipt["url"])
        review.close()
        self.desk.window.click_message_button()
        review.wait_ready()
        review.unfold(".skipped")
        review.tick("hostname", OWN_HOST)
        self.assertEqual(review.create(), ["updated"])
        self.assertIn(("hostname", OWN_HOST), self.stored())
        self.assertEqual(self.desk.misp.state()["events"], events)

    def test_the_link_of_the_receipt_opens_the_event_in_the_browser(self) -> None:
        review = self.open("linked")
        review.create()
        address = review.run("return document.getElementById('event-link').dataset.url;")
        self.assertTrue(address.startswith(self.desk.misp.url + "/events/view/"))
        review.click("#event-link")
        self.desk.browser.wait(address)

    def test_lines_say_what_misp_knows_and_what_is_on_a_warninglist(self) -> None:
        other = mails.report("known already")
        receipt = self.desk.home.send(self.desk.file(other))[0]
        raw = mails.report(
            "says what is known", b"hxxp://listed.example[.]org/x", *mails.indicators("known already")[3:4]
        )
        review = self.open("says what is known", raw=raw)
        said = "return [...document.querySelectorAll('.known')].map(each => each.textContent).filter(Boolean);"
        self.assertEqual(
            review.until(said, "what is known"),
            ["Warninglist: Double: one listed host", f"in MISP: {receipt['event_id']}"],
        )

    def test_the_background_may_fall_asleep_before_and_during_a_review(self) -> None:
        self.receive("slept")
        self.desk.background.suspend()
        self.desk.window.click_message_button()
        review = Review(self.desk.thunderbird).wait_ready()
        self.desk.background.suspend()
        self.assertEqual(review.create(), ["created"])
        self.assertEqual(self.stored(), self.drafted())

    def test_hovering_over_the_place_shows_the_line_as_written(self) -> None:
        review = self.open("found on a line")
        x, y = review.point(".row[data-type=url] .where")
        self.desk.display.move(x, y)
        until(lambda: "hxxps://" in review.text() and "/gate.php" in review.text(), "the line")

    def test_text_of_a_mail_is_shown_as_text(self) -> None:
        markup = b"<img src=x onerror=document.title='hurt'> hxxp://mark-up[.]com/<b>bold</b>"
        raw = mails.report("<b>markup</b> & subject", markup)
        review = self.open("<b>markup</b> & subject", raw=raw)
        self.assertEqual(review.text("#subject"), "<b>markup</b> & subject")
        self.assertEqual(review.run("return document.querySelectorAll('b, img[src=x]').length;"), 0)

    def test_two_thousand_indicators_are_reviewed_and_sent(self) -> None:
        lines = [b"hxxp://host-%d[.]bench-orchard[.]org/%d" % (at, at) for at in range(1000)]
        self.receive("two thousand", *lines)
        self.desk.window.click_message_button()
        review = Review(self.desk.thunderbird, "tab").wait_ready()
        until(lambda: review.text("#chosen") == "2,004 indicators", "the count of all indicators")
        review.write("#filter", "host-777[.]")
        until(lambda: len(review.texts(".rows > .row")) == 2, "the filtered list")
        review.tick("url", "http://host-777.bench-orchard.org/777")
        self.assertEqual(review.create(), ["created"])
        self.assertEqual(len(self.stored()), 2003)


class ReviewByKeyboard(ReviewCase):
    def test_a_mail_is_reviewed_and_sent_without_the_mouse(self) -> None:
        self.receive("chosen by keyboard", b"see " + OWN_HOST.encode())
        everything = self.drafted()
        press = self.desk.display.press
        press("ctrl+shift+e")
        review = Review(self.desk.thunderbird).wait_ready()
        until(lambda: review.run("return document.activeElement.matches('.row input');"), "the focus in the list")
        first = tuple(
            review.run(
                "const row = document.activeElement.closest('.row'); return [row.dataset.type, row.dataset.value];"
            )
        )
        press("space")
        until(lambda: first not in review.ticked(), "the first line without a tick")
        press("Down", "Down", "space")
        until(lambda: len(review.ticked()) == len(everything) - 2 or None, "the next line without a tick")
        chosen = review.ticked()
        press("alt+shift+k")
        until(lambda: review.run("return document.activeElement.id;") == "comment", "the focus on the comment")
        self.desk.display.write("typed")
        until(lambda: review.value("#comment") == "typed", "the comment")
        press("ctrl+Return")
        self.assertEqual(review.wait_result(), ["created"])
        self.assertEqual(self.stored(), sorted(chosen))
        until(lambda: review.run("return document.activeElement.id;") == "event-link", "the focus on the link")
        press("Return")
        self.desk.browser.wait(review.run("return document.getElementById('event-link').dataset.url;"))

    def test_escape_closes_the_review_and_sends_nothing(self) -> None:
        self.receive("escaped")
        self.desk.display.press("ctrl+shift+e")
        review = Review(self.desk.thunderbird).wait_ready()
        self.desk.display.press("Escape")
        review.wait_closed()
        self.assertIsNone(self.desk.misp.event(self.draft["uuid"]))


class OwnPeople(ReviewCase):
    """With `hosts.own` set, the review says who is taken out of the mail, and keeps them on a click."""

    PERSON = "bo.lind@harbour-grain.org"
    NOTICE = "[data-notice=people]"

    def setUp(self) -> None:
        super().setUp()
        self.addCleanup(self.desk.home.configure, self.desk.misp.url, key("DoublePublisher"))
        own = '[hosts]\nown = ["harbour-grain.org"]\n'
        self.desk.home.configure(self.desk.misp.url, key("DoublePublisher"), own)

    def mail(self, subject: str) -> bytes:
        link = f'<p>Dear Bo Lind, <a href="https://evil-login.com/?e={self.PERSON}">renew</a></p>\r\n'.encode()
        to = f'Delivered-To: "Bo Lind" <{self.PERSON}>'.encode()
        return mails.message(subject, link, b"Content-Type: text/html; charset=utf-8", to)

    def urls(self, review: Review) -> list[str]:
        return [value for kind, value in review.ticked() if kind == "url"]

    def test_a_person_is_replaced_kept_on_a_click_and_replaced_again(self) -> None:
        review = self.open("own people", raw=self.mail("own people"))
        words = review.run("return document.querySelector(args[0]).textContent;", self.NOTICE)
        self.assertIn(self.PERSON, words)
        self.assertEqual(self.urls(review), ["https://evil-login.com/?e="])
        review.click(f"{self.NOTICE} button")
        until(lambda: self.urls(review) == [f"https://evil-login.com/?e={self.PERSON}"], "the whole URL")
        review.click(f"{self.NOTICE} button")
        until(lambda: self.urls(review) == ["https://evil-login.com/?e="], "the URL without the person")
        self.assertEqual(review.create(), ["created"])
        event = json.dumps(self.event(self.draft["uuid"]))
        self.assertNotIn(self.PERSON, event)
        self.assertNotIn("Bo Lind", event)

    def test_who_was_kept_is_in_the_event(self) -> None:
        review = self.open("kept people", raw=self.mail("kept people"))
        review.click(f"{self.NOTICE} button")
        until(lambda: self.urls(review) == [f"https://evil-login.com/?e={self.PERSON}"], "the whole URL")
        self.assertEqual(review.create(), ["created"])
        self.assertIn(self.PERSON, json.dumps(self.event(self.draft["uuid"])))
