"""Faults between Thunderbird and the host: the extension names them, and works again after the repair without a restart of
Thunderbird."""

import os
import signal

from driver.waiting import until
from stage import desk, mails
from stage.case import SharedDesk
from stage.options import OptionsPage
from stage.review import Review


class TroubleCase(SharedDesk):
    @classmethod
    def setUpClass(cls) -> None:
        cls.desk = desk.shared("trouble")

    def setUp(self) -> None:
        super().setUp()
        self.addCleanup(self.mend)

    def mend(self) -> None:
        self.desk.home.install()
        self.kill_hosts()

    def kill_hosts(self) -> None:
        """Ends the host, so that the next call starts another."""
        for host in self.desk.hosts():
            os.kill(host, signal.SIGKILL)
        until(lambda: not self.desk.hosts(), "the end of the hosts")

    def select(self, subject: str) -> None:
        raw = mails.report(subject)
        self.uuid = self.desk.home.would_send(self.desk.file(raw))[0]["uuid"]
        self.desk.folders.select(self.desk.receive(raw), subject)

    def click(self) -> Review:
        self.desk.window.click_message_button()
        return Review(self.desk.thunderbird).wait_open()


class Trouble(TroubleCase):
    def assert_told_and_mended(self, subject: str, kind: str) -> None:
        """Checks that the review shows this trouble and its next step, and that `Try again` works after the repair."""
        self.select(subject)
        review = self.click()
        self.assertEqual(review.trouble(), kind)
        told = review.text("#trouble")
        self.assertNotIn("trouble_", told)
        self.assertGreater(len(told), 80)
        self.mend()
        review.click("#trouble-retry")
        review.wait("ready")
        self.assertEqual(review.create(), ["created"])
        self.event(self.uuid)

    def test_no_host_is_installed(self) -> None:
        self.kill_hosts()
        self.desk.home.manifest.unlink()
        self.assert_told_and_mended("missing", "host_missing")

    def test_the_program_is_gone(self) -> None:
        self.kill_hosts()
        self.desk.home.point_to(self.desk.home.folder / "gone")
        self.assert_told_and_mended("gone", "host_broken")

    def test_the_program_is_too_old(self) -> None:
        self.kill_hosts()
        self.desk.home.start_instead("too_old")
        self.assert_told_and_mended("too old", "host_too_old")

    def test_the_program_is_too_new(self) -> None:
        self.kill_hosts()
        self.desk.home.start_instead("too_new")
        self.assert_told_and_mended("too new", "host_too_new")

    def test_the_program_ends_at_once(self) -> None:
        self.kill_hosts()
        self.desk.home.start_instead("ends_at_once")
        self.assert_told_and_mended("ends at once", "host_crashed")

    def test_the_program_is_none_of_ours(self) -> None:
        self.kill_hosts()
        self.desk.home.start_instead("talks")
        self.assert_told_and_mended("talks", "host_broken")

    def test_the_program_crashes(self) -> None:
        self.kill_hosts()
        self.desk.home.start_instead("crashes_later")
        self.assert_told_and_mended("crashes", "host_crashed")

    def test_the_options_page_tells_that_no_host_is_installed_and_loads_once_it_is(self) -> None:
        self.kill_hosts()
        self.desk.home.manifest.unlink()
        options = OptionsPage(self.desk.thunderbird).open(self.desk.background).wait("trouble")
        self.assertEqual(options.run("return document.getElementById('trouble').dataset.kind;"), "host_missing")
        self.mend()
        options.click("#trouble-retry")
        options.wait("ready")
        self.assertIn(".", options.text("#host-version"))

    def test_shift_click_without_a_host_leads_to_the_review_that_tells_why(self) -> None:
        self.kill_hosts()
        self.desk.home.manifest.unlink()
        self.select("missing at once")
        self.desk.window.click_message_button(holding=["shift"])
        self.desk.notifications.click("missing at once")
        review = Review(self.desk.thunderbird, "tab")
        self.assertEqual(review.wait_open().trouble(), "host_missing")

    def test_a_host_killed_before_sending_is_started_again_unseen(self) -> None:
        self.select("killed before sending")
        review = self.click().wait("ready")
        self.kill_hosts()
        self.assertEqual(review.create(), ["created"])
        self.event(self.uuid)

    def test_a_host_killed_while_sending_is_told_and_a_retry_makes_one_event(self) -> None:
        self.select("killed while sending")
        review = self.click().wait("ready")
        self.desk.misp.fail("hang", path="/events/add", seconds=3)
        events = self.desk.misp.state()["events"]
        review.click("#create")
        until(
            lambda: any(
                entry["path"] == "/events/add" and entry["status"] is None for entry in self.desk.misp.journal()
            ),
            "the request",
        )
        self.kill_hosts()
        self.assertEqual(review.trouble(), "host_crashed")
        review.click("#trouble-retry")
        review.wait_result()
        until(lambda: self.desk.misp.event(self.uuid), "the event", 90)
        self.assertEqual(self.desk.misp.state()["events"], events + 1)

    def test_a_mail_that_is_gone_is_told(self) -> None:
        self.select("deleted meanwhile")
        review = self.click().wait("ready")
        self.kill_hosts()
        self.desk.folders.run(
            """
            const folder = MailUtils.getExistingFolder(args[0]);
            folder.deleteMessages(headersOf(folder).filter(each => each.mime2DecodedSubject == args[1]), null, true, false, null, false);""",
            self.desk.folders.create("Samples"),
            "deleted meanwhile",
        )
        if review.address:
            review.click("#create")
            self.assertEqual(review.trouble(), "message_gone")


class Pages(TroubleCase):
    def test_a_page_of_another_server_is_not_opened(self) -> None:
        self.select("leads elsewhere")
        self.kill_hosts()
        self.desk.home.start_instead("lies_about_pages")
        opened = self.desk.browser.opened()
        self.desk.window.click_message_button(holding=["shift"])
        self.desk.notifications.click("created")
        until(lambda: self.desk.thunderbird.console("so it is not opened"), "the refusal in the Error Console")
        self.assertEqual(self.desk.browser.opened(), opened)
