"""What the extension does with a sent mail: tag, archive, junk, trash; in local folders and on a server."""

import unittest
from collections.abc import Callable

from driver.profile import mail_account
from driver.waiting import until
from stage import desk, dovecot, mails
from stage.options import OptionsPage

FORGET = "await browser.storage.local.clear(); await browser.permissions.remove({permissions: ['messagesMove']});"


class AfterSending(unittest.TestCase):
    desk: desk.Desk
    server: dovecot.Dovecot

    @classmethod
    def setUpClass(cls) -> None:
        accounts = []
        if dovecot.PROGRAM:
            cls.server = dovecot.Dovecot()
            cls.addClassCleanup(cls.server.stop)
            accounts.append(mail_account(2, "imap", cls.server.port, "analyst"))
        cls.desk = desk.Desk(accounts)
        cls.addClassCleanup(cls.desk.stop)
        cls.desk.start()
        junk = cls.desk.folders.create("Junk")
        cls.desk.folders.run("MailUtils.getExistingFolder(args[0]).setFlag(Ci.nsMsgFolderFlags.Junk);", junk)

    def setUp(self) -> None:
        self.addCleanup(self.desk.background.run, FORGET)
        self.addCleanup(self.desk.tidy)

    def prefer(self, selector: str, value: str, agree: Callable[[], None] | None = None) -> None:
        options = OptionsPage(self.desk.thunderbird).open(self.desk.background).wait("ready")
        options.choose(selector, value)
        options.save(agree)
        options.close()

    def send(self, folder: str, subject: str) -> None:
        """Sends a mail by shift-click."""
        self.desk.folders.select(folder, subject)
        self.desk.window.click_message_button(holding=["shift"])
        self.desk.notifications.wait("created", subject)

    def places(self, subject: str) -> list[str]:
        """The folders that hold the mail."""
        return self.desk.folders.run(
            "return MailServices.accounts.allFolders.filter(each => headersOf(each).some(one => one.mime2DecodedSubject == args[0])).map(each => each.URI);",
            subject,
        )

    def assert_moved(self, value: str, place: str, folder: str, subject: str) -> None:
        """Checks that with this preference a sent mail is in that folder, and only there."""
        self.prefer("#preference-after-sending", value, self.desk.window.agree)
        self.send(folder, subject)
        until(lambda: self.places(subject) not in ([], [folder]), f"{subject!r} in another folder")
        until(lambda: len(self.places(subject)) == 1, f"{subject!r} in one folder only")
        self.assertIn(place, self.places(subject)[0])

    def receive(self, subject: str) -> str:
        return self.desk.receive(mails.report(subject), "Sending")

    def receive_from_server(self, subject: str) -> str:
        self.server.deliver(mails.report(subject))
        return self.desk.folders.fetch(2, dovecot.PASSWORD, 1)

    def test_the_mail_gets_the_tag_that_is_made_for_it(self) -> None:
        self.prefer("#preference-tag", "misp_sent")
        folder = self.receive("tagged")
        self.send(folder, "tagged")
        until(lambda: "misp_sent" in self.desk.folders.tags(folder, "tagged"), "the tag")
        self.assertIn(
            "MISP sent", self.desk.background.run("return (await browser.messages.tags.list()).map(each => each.tag);")
        )

    def test_the_mail_goes_to_the_archive(self) -> None:
        self.assert_moved("archive", "Archives", self.receive("archived"), "archived")

    def test_the_mail_goes_to_junk(self) -> None:
        self.assert_moved("junk", "Junk", self.receive("junked"), "junked")

    def test_the_mail_goes_to_the_trash(self) -> None:
        self.assert_moved("trash", "Trash", self.receive("thrown away"), "thrown away")

    @unittest.skipUnless(dovecot.PROGRAM, "needs the package dovecot-imapd")
    def test_a_mail_on_a_server_goes_to_the_archive(self) -> None:
        self.assert_moved("archive", "Archives", self.receive_from_server("archived there"), "archived there")

    @unittest.skipUnless(dovecot.PROGRAM, "needs the package dovecot-imapd")
    def test_a_mail_on_a_server_goes_to_the_trash(self) -> None:
        self.assert_moved("trash", "Trash", self.receive_from_server("thrown away there"), "thrown away there")

    def test_a_mail_that_is_only_in_the_outbox_is_moved_and_still_delivered(self) -> None:
        folder = self.receive("moved and waiting")
        self.prefer("#preference-after-sending", "trash", self.desk.window.agree)
        self.desk.misp.go_away()
        self.desk.folders.select(folder, "moved and waiting")
        self.desk.window.click_message_button(holding=["shift"])
        until(lambda: self.places("moved and waiting") not in ([], [folder]), "the mail in another folder")
        self.desk.misp.come_back()
        self.desk.home.run("outbox", "retry")
        uuid = self.desk.home.would_send(self.desk.file(mails.report("moved and waiting")))[0]["uuid"]
        self.assertIsNotNone(self.desk.misp.event(uuid))
