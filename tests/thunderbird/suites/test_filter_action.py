"""The filter action "Send to MISP" of the companion: chosen in the filter editor; run in every way that filters run; while the
extension sleeps, was killed or is missing."""

import os
import signal
from typing import Any

from driver.filters import AFTER_JUNK, AFTER_SENDING, ARCHIVE, ARRIVAL, PERIODIC
from driver.waiting import until
from stage import dovecot
from stage.misp import key
from stage.rules import COMPANION, IMAP, POP3, RuledDesk

SEND = ("custom", f"{COMPANION}#send")
ADDON = """
    const {AddonManager} = ChromeUtils.importESModule("resource://gre/modules/AddonManager.sys.mjs");
    const addon = await AddonManager.getAddonByID(args[0]);
"""


class FilterAction(RuledDesk):
    companion = True

    def addon(self, script: str, extension: str = COMPANION) -> Any:  # noqa: ANN401 - whatever the script gives
        return self.desk.thunderbird.chrome(ADDON + script, extension)

    def test_a_filter_made_in_the_editor_sends_what_arrives(self) -> None:
        self.filters.open_editor(POP3)
        self.addCleanup(self.filters.close)
        self.filters.name_it("Phishing to MISP", "made in the editor")
        self.assertEqual(self.filters.actions().count("Send to MISP"), 1)
        self.filters.choose_action("Send to MISP")
        self.filters.accept()
        self.assertEqual(self.filters.names(POP3), [{"name": "Phishing to MISP", "enabled": True, "custom": [SEND[1]]}])
        uuid, _ = self.arrive("made in the editor")
        self.wait_event(uuid)

    def test_what_arrives_by_pop3_is_sent_though_both_pages_sleep(self) -> None:
        self.filters.make(POP3, "rule", [SEND])
        self.sleep()
        uuid, _ = self.arrive("pop3 filtered")
        self.wait_event(uuid)

    def test_what_arrives_by_imap_is_sent(self) -> None:
        self.desk.folders.fetch(IMAP, dovecot.PASSWORD, 0)
        self.filters.make(IMAP, "rule", [SEND])
        self.sleep()
        uuid, _ = self.arrive("imap filtered", IMAP)
        self.wait_event(uuid)

    def test_a_move_in_the_same_filter_does_no_harm(self) -> None:
        self.filters.make(POP3, "rule", [SEND, ("move", self.folder)])
        self.sleep()
        uuid, _ = self.arrive("filtered and moved")
        self.wait_event(uuid)
        self.assertIn("filtered and moved", self.desk.folders.subjects(self.folder))

    def test_a_move_on_the_server_does_no_harm(self) -> None:
        self.desk.folders.fetch(IMAP, dovecot.PASSWORD, 0)
        self.filters.make(IMAP, "rule", [SEND, ("move", self.folder)])
        uuid, _ = self.arrive("imap filtered and moved", IMAP)
        self.wait_event(uuid)

    def test_a_filter_that_is_run_now_sends_and_sends_again(self) -> None:
        uuid, inbox = self.arrive("run now by action")
        self.filters.make(POP3, "rule", [SEND], subject="run now by action")
        self.filters.run_on(inbox)
        self.wait_event(uuid)
        until(lambda: self.waiting() == 0, "the mail done with")
        self.desk.misp.reset()
        self.filters.run_on(inbox)
        self.wait_event(uuid)

    def test_a_filter_after_junk_classification_sends_each_mail_once(self) -> None:
        self.filters.make(POP3, "rule", [SEND], AFTER_JUNK | ARRIVAL, subject="after junk")
        for number in (1, 2, 3):
            uuid, _ = self.arrive(f"after junk by action {number}")
            self.wait_event(uuid)
        self.assertEqual((self.desk.misp.state()["events"], self.sent()), (3, 3))

    def test_archiving_sends(self) -> None:
        uuid, inbox = self.arrive("archived by hand")
        self.filters.make(POP3, "rule", [SEND], ARCHIVE, subject="archived by hand")
        self.desk.folders.select(inbox, "archived by hand")
        self.desk.folders.run("tabmail.currentAbout3Pane.commandController.doCommand('cmd_archive');")
        self.wait_event(uuid)

    def test_what_a_person_sends_is_sent(self) -> None:
        self.filters.make(POP3, "rule", [SEND], AFTER_SENDING, subject="reported")
        self.desk.folders.write_and_send(
            POP3, "reported to abuse", "The dropper is at hxxp://drop-sent[.]evil-dove[.]com/a.bin"
        )
        until(lambda: self.desk.misp.state()["events"] == 1, "the event")
        (body,) = [each["json"] for each in self.desk.misp.journal() if each["path"].startswith("/events/add")]
        self.assertIn("reported to abuse", body["Event"]["info"])

    def test_a_periodical_filter_sends_each_mail_once(self) -> None:
        self.filters.make(POP3, "rule", [SEND], PERIODIC, subject="periodically")
        for number in (1, 2, 3):
            uuid, _ = self.arrive(f"periodically {number}")
            self.filters.run_periodically(POP3)
            self.wait_event(uuid)
        until(lambda: self.waiting() == 0, "the mails done with")
        self.assertEqual((self.desk.misp.state()["events"], self.sent()), (3, 3))

    def test_each_profile_has_an_action_and_one_that_is_gone_is_offered_no_more(self) -> None:
        self.addCleanup(self.desk.home.configure, self.desk.misp.url, key("DoublePublisher"))
        self.desk.home.configure(self.desk.misp.url, key("DoublePublisher"), '[profile.trap.event]\nprefix = "TRAP"\n')
        self.desk.restart()
        offered = "return MailServices.filters.getCustomActions().filter(each => each.isValidForType(1, 0)).map(each => each.name);"
        until(lambda: "Send to MISP: trap" in self.desk.folders.run(offered), "the action of the profile")
        self.filters.make(POP3, "rule", [("custom", f"{COMPANION}#send:trap")])
        raw, _ = self.mail("by profile")
        (event,) = self.desk.home.would_send(self.desk.file(raw), "--profile", "trap")
        self.pop3.deliver(raw)
        self.fetch_pop3()
        self.wait_event(event["uuid"])
        self.assertTrue(self.desk.misp.event(event["uuid"])["Event"]["info"].startswith("TRAP"))
        self.desk.home.configure(self.desk.misp.url, key("DoublePublisher"))
        self.desk.restart()
        until(lambda: self.desk.folders.run(offered) == ["Send to MISP"], "the end of the action")
        self.arrive("by a profile that is gone")
        self.desk.notifications.wait("by a profile that is gone")

    def test_three_hundred_at_once_are_sent_once_each_with_the_host_killed_in_the_middle(self) -> None:
        self.filters.make(POP3, "rule", [SEND])
        uuids = self.deliver_many(300, "many filtered")
        self.sleep()
        self.fetch_pop3()
        until(lambda: self.desk.misp.state()["events"] >= 60, "a part of the events", 60)
        (host,) = self.desk.hosts()
        os.kill(host, signal.SIGKILL)
        self.assert_each_once(uuids)

    def test_thunderbird_killed_in_the_middle_goes_on_when_it_is_started_again(self) -> None:
        self.filters.make(POP3, "rule", [SEND])
        uuids = self.deliver_many(60, "thunderbird killed")
        self.desk.misp.fail("hang", path="/events/add", seconds=0.1, count=-1)
        self.fetch_pop3()
        # The extension accepts all mails before Thunderbird ends: nobody can know of mails that Thunderbird has not seen.
        until(lambda: self.desk.misp.state()["events"] + self.waiting() >= 60, "all accepted", 60)
        self.assertLess(self.desk.misp.state()["events"], 50)
        self.desk.thunderbird.kill()
        self.desk.misp.recover()
        self.desk.open_thunderbird()
        self.assert_each_once(uuids)

    def test_while_the_program_is_missing_mails_are_kept_and_the_user_is_told_once(self) -> None:
        manifest = self.desk.home.manifest.read_text(encoding="utf-8")
        self.desk.home.manifest.unlink()
        self.addCleanup(self.desk.home.manifest.write_text, manifest, encoding="utf-8")
        self.filters.make(POP3, "rule", [SEND])
        self.sleep()
        first, _ = self.arrive("program missing first")
        self.desk.notifications.wait("of your rules", "Nothing is lost")
        self.desk.notifications.clear()
        second, _ = self.arrive("program missing second")
        until(lambda: self.waiting() == 2, "both kept")
        self.assertEqual(self.desk.notifications.shown(), [])
        self.desk.home.manifest.write_text(manifest, encoding="utf-8")
        self.desk.restart()
        self.wait_event(first)
        self.wait_event(second)

    def test_while_the_main_extension_is_off_mails_are_kept_and_the_user_is_told_once(self) -> None:
        main = "mispigeon@mispigeon.org"
        self.addon("await addon.disable();", main)
        self.addCleanup(self.addon, "await addon.enable();", main)
        self.filters.make(POP3, "rule", [SEND])
        first, _ = self.arrive("extension off first")
        self.desk.notifications.wait("MISPigeon does not take mails of filters")
        second, _ = self.arrive("extension off second")
        self.addon("await addon.enable();", main)
        # The companion tries again each minute; its next start does, too.
        self.desk.restart()
        self.wait_event(first)
        self.wait_event(second)
        self.desk.notifications.wait("have been sent", "created: 2")

    def test_a_rule_whose_action_is_gone_keeps_thunderbird_from_the_rules_below(self) -> None:
        self.addon("await addon.uninstall();")
        self.addCleanup(self.install_companion)
        self.desk.restart()
        self.filters.make(POP3, "gone", [SEND], subject="action gone")
        self.filters.make(POP3, "below", [("tag", "$label1")], subject="action gone")
        _, inbox = self.arrive("action gone")
        until(lambda: "action gone" in self.desk.folders.subjects(inbox), "the mail")
        self.assertEqual(self.desk.folders.tags(inbox, "action gone"), [])
        self.assertEqual([each["enabled"] for each in self.filters.names(POP3)], [True, True])
        self.filters.clear(POP3)
        self.filters.make(POP3, "below", [("tag", "$label1")], subject="action is last")
        self.filters.make(POP3, "gone", [SEND], subject="action is last")
        _, inbox = self.arrive("action is last")
        until(lambda: "action is last" in self.desk.folders.subjects(inbox), "the mail")
        self.assertEqual(self.desk.folders.tags(inbox, "action is last"), ["$label1"])
