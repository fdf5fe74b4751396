"""The bytes of a mail reach the host unchanged: wherever Thunderbird keeps the mail, its event is that of the command line."""

import functools
import pathlib
import unittest

from driver.profile import local_folders, mail_account
from driver.waiting import until
from stage import desk, dovecot, mails, pop3


class ByteTruth(unittest.TestCase):
    desk: desk.Desk
    mails: dict[str, bytes]
    pop: pop3.Pop3Server
    imap: dovecot.Dovecot
    far_imap: dovecot.Dovecot
    files: dict[str, pathlib.Path]
    expected: dict[str, str]

    @classmethod
    def setUpClass(cls) -> None:
        cls.mails = mails.variants()
        cls.pop = pop3.Pop3Server()
        cls.addClassCleanup(cls.pop.stop)
        accounts = [
            local_folders(2, "Maildir Folders", "maildir"),
            mail_account(3, "pop3", cls.pop.port, "analyst"),
        ]
        if dovecot.PROGRAM:
            cls.imap, cls.far_imap = dovecot.Dovecot(), dovecot.Dovecot()
            cls.addClassCleanup(cls.imap.stop)
            cls.addClassCleanup(cls.far_imap.stop)
            accounts += [
                mail_account(4, "imap", cls.imap.port, "analyst"),
                mail_account(5, "imap", cls.far_imap.port, "analyst", "localhost"),
            ]
        cls.desk = desk.Desk(accounts=accounts)
        cls.addClassCleanup(cls.desk.stop)
        cls.desk.start()
        cls.files = {subject: cls.desk.file(raw, subject) for subject, raw in cls.mails.items()}
        cls.expected = {subject: cls.desk.home.would_send(path)[0]["uuid"] for subject, path in cls.files.items()}

    def setUp(self) -> None:
        self.desk.misp.reset()
        self.addCleanup(self.desk.tidy)

    def assert_all_arrive(self) -> None:
        """Waits for as many events as there are mails, then compares their uuids with those of the command line."""
        until(lambda: self.desk.misp.state()["events"] >= len(self.mails), "all events")
        absent = [subject for subject, uuid in self.expected.items() if not self.desk.misp.event(uuid)]
        self.assertEqual(absent, [], "mails with another event than the command line's")

    def send_folder(self, folder: str) -> None:
        """Sends all mails of the folder, then once more after they were tagged, which changes how they are stored."""
        self.desk.folders.select(folder)
        self.desk.window.click_toolbar_button(holding=["shift"])
        self.assert_all_arrive()
        self.desk.tidy()
        self.desk.misp.reset()
        for subject in self.mails:
            self.desk.folders.tag(folder, subject, "$label1")
        self.desk.folders.select(folder)
        self.desk.window.click_toolbar_button(holding=["shift"])
        self.assert_all_arrive()

    def test_mails_in_an_mbox_folder_make_the_events_of_the_command_line(self) -> None:
        folder = self.desk.folders.create("Samples")
        self.desk.folders.put(folder, *self.files.values())
        self.send_folder(folder)

    def test_mails_in_a_maildir_folder_make_the_events_of_the_command_line(self) -> None:
        folder = self.desk.folders.create("Samples", account=2)
        self.desk.folders.put(folder, *self.files.values())
        self.send_folder(folder)

    def test_mails_from_pop3_make_the_events_of_the_command_line(self) -> None:
        for raw in self.mails.values():
            self.pop.deliver(raw)
        self.send_folder(self.desk.folders.fetch(3, "letters", len(self.mails)))

    @unittest.skipUnless(dovecot.PROGRAM, "needs the package dovecot-imapd")
    def test_mails_from_imap_make_the_events_of_the_command_line(self) -> None:
        for raw in self.mails.values():
            self.imap.deliver(raw)
        self.send_folder(self.desk.folders.fetch(4, dovecot.PASSWORD, len(self.mails)))

    @unittest.skipUnless(dovecot.PROGRAM, "needs the package dovecot-imapd")
    def test_mails_that_are_on_an_imap_server_only_make_the_events_of_the_command_line(self) -> None:
        for raw in self.mails.values():
            self.far_imap.deliver(raw)
        self.send_folder(self.desk.folders.fetch(5, dovecot.PASSWORD, len(self.mails), offline=False))

    def test_message_files_opened_from_disk_make_the_events_of_the_command_line(self) -> None:
        for subject, path in self.files.items():
            self.desk.folders.open_file(path)
            self.desk.window.click_message_button(holding=["shift"])
            uuid = self.expected[subject]
            until(functools.partial(self.desk.misp.event, uuid), f"the event of {subject!r}")
            self.desk.folders.close_tabs_and_windows()
            self.desk.notifications.clear()
