"""A desk that gets mails by POP3 and IMAP, sends by SMTP, and has rules that send mails to MISP."""

import unittest

from driver.filters import Filters
from driver.profile import mail_account, outgoing
from driver.waiting import until

from . import dovecot, mails, smtp
from .desk import Desk

POP3, IMAP = 2, 3
COMPANION = "mispigeon-filter@mispigeon.org"


class RuledDesk(unittest.TestCase):
    """Each class has a desk and mail servers of its own."""

    desk: Desk
    pop3: dovecot.Dovecot
    imap: dovecot.Dovecot
    smtp: smtp.Sink
    filters: Filters
    count: int

    companion = False

    @classmethod
    def setUpClass(cls) -> None:
        if not (dovecot.PROGRAM and smtp.PROGRAM):
            raise unittest.SkipTest("needs the packages dovecot-imapd, dovecot-pop3d and postfix")
        cls.pop3, cls.imap = dovecot.Dovecot("pop3"), dovecot.Dovecot("imap")
        cls.smtp = smtp.Sink()
        for server in (cls.pop3, cls.imap, cls.smtp):
            cls.addClassCleanup(server.stop)
        accounts = [
            mail_account(POP3, "pop3", cls.pop3.port, "analyst"),
            mail_account(IMAP, "imap", cls.imap.port, "analyst", host="localhost"),
        ]
        cls.desk = Desk(accounts, outgoing(cls.smtp.port))
        cls.addClassCleanup(cls.desk.stop)
        cls.desk.start()
        if cls.companion:
            cls.desk.home.run("install", "thunderbird", "--filter-action")
            cls.install_companion()
        cls.filters = Filters(cls.desk.thunderbird)
        cls.count = 0

    @classmethod
    def install_companion(cls) -> None:
        path = cls.desk.home.data / "mispigeon-filter.xpi"
        cls.desk.thunderbird.marionette.command("Addon:Install", {"path": str(path), "temporary": False})

    def setUp(self) -> None:
        self.addCleanup(self.desk.tidy)
        if not self.desk.thunderbird.answers:
            self.desk.open_thunderbird()
        for account in (POP3, IMAP):
            self.filters.clear(account)
        self.desk.misp.reset()
        self.folder = self.desk.folders.create("Moved")

    def prefer(self, **changes: object) -> None:
        """Sets preferences of the extension."""
        stored = {f"preference.{name}": value for name, value in changes.items()}
        self.desk.background.run("await browser.storage.local.set(args[0]);", stored)

    def mail(self, subject: str) -> tuple[bytes, str]:
        """A new mail, and the uuid that its event will have."""
        raw = mails.report(subject)
        (event,) = self.desk.home.would_send(self.desk.file(raw))
        return raw, event["uuid"]

    def fetch_pop3(self) -> str:
        return self.desk.folders.fetch(POP3, dovecot.PASSWORD, 0)

    def fetch_imap(self) -> str:
        return self.desk.folders.fetch(IMAP, dovecot.PASSWORD, 0)

    def arrive(self, subject: str, account: int = POP3) -> tuple[str, str]:
        """Lets a mail arrive; returns the uuid of its event, and the inbox."""
        raw, uuid = self.mail(subject)
        if account == POP3:
            self.pop3.deliver(raw)
            return uuid, self.fetch_pop3()
        self.imap.deliver(raw)
        return uuid, self.fetch_imap()

    def wait_event(self, uuid: str) -> None:
        until(lambda: self.desk.misp.event(uuid), f"event {uuid}", 60)

    def sent(self) -> int:
        """Number of requests that handed an event to MISP."""
        return sum(each["path"].startswith("/events/add") for each in self.desk.misp.journal())

    def sleep(self) -> None:
        """Puts the event pages to sleep."""
        for extension in ("mispigeon@mispigeon.org", COMPANION) if self.companion else ("mispigeon@mispigeon.org",):
            script = """
                const extension = WebExtensionPolicy.getByID(args[0]).extension;
                await extension.terminateBackground({ignoreDevToolsAttached: true, disableResetIdleForTest: true});"""
            self.desk.thunderbird.chrome(script, extension)

    def waiting(self) -> int:
        """Number of mails that the extension has accepted and not sent yet."""
        return self.desk.background.run(
            """
            const stored = Object.entries(await browser.storage.local.get(null));
            return stored.filter(([key, entry]) => /^intake:[0-9]+$/.test(key) && entry.state == "waiting").length;"""
        )

    def deliver_many(self, number: int, name: str) -> set[str]:
        """Puts mails on the POP3 server; returns the uuids of their events."""
        raws = mails.many(number, name)
        paths = [self.desk.file(raw, subject) for subject, raw in raws.items()]
        for raw in raws.values():
            self.pop3.deliver(raw)
        return {event["uuid"] for event in self.desk.home.would_send_all(paths)}

    def assert_each_once(self, uuids: set[str], seconds: int = 120) -> None:
        until(lambda: self.desk.misp.state()["events"] >= len(uuids), "all events", seconds)
        self.assertEqual([uuid for uuid in uuids if not self.desk.misp.event(uuid)], [])
        # What a killed process was delivering is delivered again when its claim has run out, which makes no second event.
        until(lambda: not self.desk.home.run("outbox", "list", "--format", "json").strip(), "an empty outbox", seconds)
        self.assertEqual(self.desk.misp.state()["events"], len(uuids))
