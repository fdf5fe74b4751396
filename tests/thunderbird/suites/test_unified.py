"""Unified folders: the mail that is chosen is the one that is taken, and it is tagged and moved where it really lies."""

import unittest

from driver.profile import mail_account
from driver.thunderbird import free_port
from driver.views import Views
from driver.waiting import until
from stage import mails
from stage.batch import BatchPage
from stage.desk import Desk
from stage.options import OptionsPage
from stage.review import Review

ACCOUNTS = {2: "127.0.0.1", 3: "localhost"}


class Unified(unittest.TestCase):
    desk: Desk
    unified: str

    @classmethod
    def setUpClass(cls) -> None:
        accounts = [mail_account(number, "pop3", free_port(), "analyst", host) for number, host in ACCOUNTS.items()]
        cls.desk = Desk(accounts)
        cls.addClassCleanup(cls.desk.stop)
        cls.desk.start()
        cls.unified = Views(cls.desk.thunderbird).unify()
        options = OptionsPage(cls.desk.thunderbird).open(cls.desk.background).wait("ready")
        options.choose("#preference-after-sending", "trash")
        options.save(cls.desk.window.agree)
        options.close()

    def setUp(self) -> None:
        self.desk.misp.reset()
        self.desk.background.run("await browser.storage.local.clear();")
        self.addCleanup(self.desk.tidy)

    def receive(self, account: int, raw: bytes) -> tuple[str, str]:
        """Puts a mail into the inbox of the account; returns that, and the uuid of the mail's event."""
        path = self.desk.file(raw)
        inbox = self.desk.folders.inbox(account)
        self.desk.folders.put(inbox, path)
        (event,) = self.desk.home.would_send(path)
        return inbox, event["uuid"]

    def test_the_mail_is_tagged_in_its_own_folder(self) -> None:
        self.desk.prefer(tag="misp_sent")
        inbox, uuid = self.receive(3, mails.report("unified tagged"))
        self.desk.folders.select(self.unified, "unified tagged")
        self.desk.window.click_message_button()
        review = Review(self.desk.thunderbird).wait_ready()
        self.assertEqual(review.create(), ["created"])
        review.close()
        self.assertIsNotNone(self.desk.misp.event(uuid))
        until(lambda: self.desk.folders.tags(inbox, "unified tagged") == ["misp_sent"], "the tag")

    def test_of_one_mail_in_two_accounts_the_chosen_one_is_taken_and_moved_to_the_trash_of_its_account(self) -> None:
        """Both have the Message-ID, one of them has one more line, as mailing lists do."""
        first, one = self.receive(2, mails.report("unified twice"))
        second, other = self.receive(3, mails.report("unified twice", b"-- the list"))
        self.assertNotEqual(one, other)
        self.desk.prefer(afterSending="trash")
        Views(self.desk.thunderbird).select_in(self.unified, second, "unified twice")
        self.desk.window.click_message_button(holding=["shift"])
        self.desk.notifications.wait("created", "unified twice")
        self.assertIsNone(self.desk.misp.event(one))
        self.assertIsNotNone(self.desk.misp.event(other))
        until(lambda: "unified twice" not in self.desk.folders.subjects(second), "the mail gone from its folder")
        self.assertIn("unified twice", self.desk.folders.subjects(first))
        self.assertIn("unified twice", self.desk.folders.subjects(second.replace("Inbox", "Trash")))

    def test_a_batch_takes_mails_of_several_accounts(self) -> None:
        self.desk.prefer(tag="misp_sent")
        received = [self.receive(account, mails.report(f"unified batch {account}")) for account in ACCOUNTS]
        self.desk.folders.select(self.unified, *(f"unified batch {account}" for account in ACCOUNTS))
        self.desk.window.choose_from_context_menu()
        page = BatchPage(self.desk.thunderbird).wait("ready")
        page.click("#start")
        page.wait("done")
        page.close()
        for account, (inbox, uuid) in zip(ACCOUNTS, received, strict=True):
            self.assertIsNotNone(self.desk.misp.event(uuid))
            self.assertEqual(self.desk.folders.tags(inbox, f"unified batch {account}"), ["misp_sent"])
