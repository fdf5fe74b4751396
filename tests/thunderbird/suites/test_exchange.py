"""Mails of an Exchange account, by the web services that Thunderbird 153 speaks."""

import unittest

from driver.profile import exchange_account
from driver.subscriptions import Subscriptions
from driver.waiting import until
from stage import mails
from stage.batch import BatchPage
from stage.desk import Desk
from stage.ews import PASSWORD, USER, Exchange
from stage.options import OptionsPage
from stage.review import Review

ACCOUNT = 2


class ExchangeAccount(unittest.TestCase):
    desk: Desk
    server: Exchange

    @classmethod
    def setUpClass(cls) -> None:
        cls.server = Exchange()
        cls.addClassCleanup(cls.server.stop)
        cls.desk = Desk([exchange_account(ACCOUNT, cls.server.url, USER)])
        cls.addClassCleanup(cls.desk.stop)
        cls.desk.start()
        options = OptionsPage(cls.desk.thunderbird).open(cls.desk.background).wait("ready")
        options.choose("#preference-after-sending", "trash")
        options.save(cls.desk.window.agree)
        options.close()

    def setUp(self) -> None:
        self.desk.background.run("await browser.storage.local.clear();")
        self.addCleanup(self.desk.tidy)

    def receive(self, *subjects: str) -> tuple[str, list[str]]:
        """Lets mails arrive; returns the inbox, and the uuids of their events."""
        raws = [mails.report(subject) for subject in subjects]
        for raw in raws:
            self.server.mailbox.add("inbox", raw)
        number = len(self.server.mailbox.subjects("inbox"))
        inbox = Subscriptions(self.desk.thunderbird).fetch_exchange(ACCOUNT, PASSWORD, number)
        return inbox, [self.desk.home.would_send(self.desk.file(raw))[0]["uuid"] for raw in raws]

    def send_at_once(self, inbox: str, subject: str, *words: str) -> None:
        self.desk.folders.select(inbox, subject)
        self.desk.window.click_message_button(holding=["shift"])
        self.desk.notifications.wait("created", subject, *words)

    def test_the_button_reviews_a_mail_and_makes_its_event(self) -> None:
        inbox, (uuid,) = self.receive("exchange by button")
        self.desk.folders.select(inbox, "exchange by button")
        self.desk.window.click_message_button()
        review = Review(self.desk.thunderbird).wait_ready()
        self.assertEqual(review.create(), ["created"])
        review.close()
        self.assertIsNotNone(self.desk.misp.event(uuid))

    def test_a_batch_from_the_menu(self) -> None:
        names = [f"exchange batch {number}" for number in (1, 2, 3)]
        inbox, uuids = self.receive(*names)
        self.desk.folders.select(inbox, *names)
        self.desk.window.choose_from_context_menu()
        page = BatchPage(self.desk.thunderbird).wait("ready")
        page.click("#start")
        page.wait("done")
        self.assertEqual(page.rows(), ["done"] * 3, page.text())
        page.close()
        self.assertEqual([uuid for uuid in uuids if not self.desk.misp.event(uuid)], [])

    def test_a_sent_mail_is_tagged(self) -> None:
        self.desk.prefer(tag="misp_sent")
        inbox, _ = self.receive("exchange tagged")
        self.send_at_once(inbox, "exchange tagged")
        until(lambda: self.desk.folders.tags(inbox, "exchange tagged") == ["misp_sent"], "the tag")

    def test_a_sent_mail_goes_to_the_trash_and_to_junk_on_the_server(self) -> None:
        for where, folder in (("trash", "deleteditems"), ("junk", "junkemail")):
            with self.subTest(where):
                subject = f"exchange to {where}"
                self.desk.prefer(afterSending=where)
                inbox, _ = self.receive(subject)
                self.send_at_once(inbox, subject)
                until(lambda: subject in self.server.mailbox.subjects(folder), f"{subject!r} in {folder}")  # noqa: B023
                self.assertNotIn(subject, self.server.mailbox.subjects("inbox"))

    def test_a_sent_mail_goes_to_the_archive_of_the_identity(self) -> None:
        """Here that is in the local folders."""
        self.desk.prefer(afterSending="archive")
        inbox, _ = self.receive("exchange archived")
        self.send_at_once(inbox, "exchange archived")
        until(lambda: "exchange archived" not in self.server.mailbox.subjects("inbox"), "the mail gone from the server")
        places = self.desk.folders.run(
            "return MailServices.accounts.allFolders.filter(each => headersOf(each).some(one => one.mime2DecodedSubject == args[0])).map(each => each.URI);",
            "exchange archived",
        )
        self.assertEqual(len(places), 1)
        self.assertIn("Archives", places[0])
