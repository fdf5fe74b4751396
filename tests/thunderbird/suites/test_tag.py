"""Sending by a tag that a person or a built-in filter action sets, as in a Thunderbird without the companion."""

import os
import signal

from driver.filters import AFTER_JUNK, AFTER_SENDING, ARRIVAL, MANUAL
from driver.waiting import until
from stage import dovecot
from stage.options import OptionsPage
from stage.rules import IMAP, POP3, RuledDesk

TAG = ("tag", "misp")
SENT = ["misp_sent"]


class SendingTag(RuledDesk):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        options = OptionsPage(cls.desk.thunderbird).open(cls.desk.background).wait("ready")
        options.choose("#preference-sending-tag", "misp")
        options.save()
        options.close()

    def tags(self, folder: str, subject: str) -> list[str]:
        return self.desk.folders.tags(folder, subject)

    def wait_tags(self, folder: str, subject: str, tags: list[str]) -> None:
        until(lambda: self.tags(folder, subject) == tags, f"tags {tags}", 60)

    def test_switching_it_on_makes_the_tag(self) -> None:
        names = self.desk.background.run(
            "return (await browser.messages.tags.list()).map(each => [each.key, each.tag]);"
        )
        self.assertIn(["misp", "MISP"], names)

    def test_a_tag_set_by_hand_sends_the_mail_and_says_so(self) -> None:
        raw, uuid = self.mail("by hand")
        folder = self.desk.receive(raw)
        self.sleep()
        self.desk.folders.tag(folder, "by hand", "misp")
        self.wait_event(uuid)
        self.wait_tags(folder, "by hand", SENT)

    def test_a_filter_tags_what_arrives_by_pop3(self) -> None:
        self.filters.make(POP3, "rule", [TAG])
        self.sleep()
        uuid, inbox = self.arrive("pop3 tagged")
        self.wait_event(uuid)
        self.wait_tags(inbox, "pop3 tagged", SENT)

    def test_a_filter_tags_what_arrives_by_imap(self) -> None:
        self.desk.folders.fetch(IMAP, dovecot.PASSWORD, 0)
        self.filters.make(IMAP, "rule", [TAG])
        self.sleep()
        uuid, inbox = self.arrive("imap tagged", IMAP)
        self.wait_event(uuid)
        self.wait_tags(inbox, "imap tagged", SENT)

    def test_a_move_in_the_same_filter_does_no_harm(self) -> None:
        self.filters.make(POP3, "rule", [TAG, ("move", self.folder)])
        uuid, _ = self.arrive("tagged and moved")
        self.wait_event(uuid)
        self.wait_tags(self.folder, "tagged and moved", SENT)

    def test_a_filter_that_is_run_now_tags_too(self) -> None:
        uuid, inbox = self.arrive("run now by tag")
        self.filters.make(POP3, "rule", [TAG], subject="run now by tag")
        self.filters.run_on(inbox)
        self.wait_event(uuid)
        self.wait_tags(inbox, "run now by tag", SENT)

    def test_a_filter_after_junk_classification_sends_each_mail_once(self) -> None:
        self.filters.make(POP3, "rule", [TAG], AFTER_JUNK | ARRIVAL, subject="after junk")
        for number in (1, 2, 3):
            uuid, inbox = self.arrive(f"after junk by tag {number}")
            self.wait_event(uuid)
            self.wait_tags(inbox, f"after junk by tag {number}", SENT)
        self.assertEqual(self.desk.misp.state()["events"], 3)
        self.assertEqual(self.sent(), 3)

    def test_a_filter_tags_what_a_person_sends(self) -> None:
        self.filters.make(POP3, "rule", [TAG], AFTER_SENDING, subject="reported")
        folder = self.desk.folders.write_and_send(
            POP3, "reported by tag", "The dropper is at hxxp://drop-sent[.]evil-dove[.]com/b.bin"
        )
        self.wait_tags(folder, "reported by tag", SENT)
        self.assertEqual(self.desk.misp.state()["events"], 1)

    def test_while_the_program_is_missing_the_tag_stays_and_the_user_is_told(self) -> None:
        manifest = self.desk.home.manifest.read_text(encoding="utf-8")
        self.desk.home.manifest.unlink()
        self.addCleanup(self.desk.home.manifest.write_text, manifest, encoding="utf-8")
        self.desk.background.suspend()
        self.filters.make(POP3, "rule", [TAG])
        uuid, inbox = self.arrive("program missing")
        self.desk.notifications.wait("of your rules", "Nothing is lost")
        self.assertEqual(self.tags(inbox, "program missing"), ["misp"])
        self.assertIsNone(self.desk.misp.event(uuid))
        self.desk.home.manifest.write_text(manifest, encoding="utf-8")
        self.desk.restart()
        self.wait_event(uuid)
        self.wait_tags(inbox, "program missing", SENT)

    def test_what_misp_refuses_is_tagged_as_failed(self) -> None:
        self.desk.misp.fail("body_limit", path="/events/add", limit=10, count=-1)
        self.addCleanup(self.desk.misp.recover)
        raw, uuid = self.mail("refused by misp")
        folder = self.desk.receive(raw)
        self.desk.folders.tag(folder, "refused by misp", "misp")
        self.wait_tags(folder, "refused by misp", ["misp_failed"])
        self.assertIsNone(self.desk.misp.event(uuid))

    def test_three_hundred_at_once_are_sent_once_each_with_the_host_killed_in_the_middle(self) -> None:
        self.filters.make(POP3, "rule", [TAG], ARRIVAL | MANUAL)
        uuids = self.deliver_many(300, "many tagged")
        self.fetch_pop3()
        until(lambda: self.desk.misp.state()["events"] >= 60, "a part of the events", 60)
        (host,) = self.desk.hosts()
        os.kill(host, signal.SIGKILL)
        self.assert_each_once(uuids)
