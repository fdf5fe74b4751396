"""Many mails at once: none is lost and none makes two events, even if the tests kill host or Thunderbird."""

import os
import signal
import unittest

from driver.waiting import until
from stage import desk, mails
from stage.batch import BatchPage
from stage.case import OwnDesk, SharedDesk
from stage.desk import Desk
from stage.options import OptionsPage

NUMBER = 100


class BatchCase(unittest.TestCase):
    """What these tests share."""

    desk: Desk

    def receive(self, name: str, number: int = NUMBER) -> None:
        """Puts the mails into a folder of their own and selects them all."""
        raws = mails.many(number, name)
        paths = [self.desk.file(raw, subject) for subject, raw in raws.items()]
        self.folder = self.desk.folders.create(name)
        self.desk.folders.put(self.folder, *paths)
        self.uuids = {event["uuid"] for event in self.desk.home.would_send_all(paths)}
        self.assertEqual(len(self.uuids), number)
        self.desk.folders.select(self.folder)

    def begin(self) -> None:
        """Sends the selection without review."""
        self.desk.window.click_toolbar_button(holding=["shift"])
        self.page = BatchPage(self.desk.thunderbird)

    def slow_down(self) -> None:
        """Slows the server down, so that a test can act in the middle of the batch."""
        self.desk.misp.fail("hang", path="/events/add", seconds=0.1, count=-1)

    def wait_middle(self) -> None:
        until(lambda: self.desk.misp.state()["events"] >= len(self.uuids) // 4, "a quarter of the events", 60)
        self.assertLess(self.desk.misp.state()["events"], len(self.uuids) * 3 // 4)

    def assert_each_once(self) -> None:
        """Checks that MISP has all these events and no others."""
        until(lambda: self.desk.misp.state()["events"] >= len(self.uuids), "all events", 90)
        absent = [uuid for uuid in self.uuids if not self.desk.misp.event(uuid)]
        self.assertEqual(absent, [])
        self.assertEqual(self.desk.misp.state()["events"], len(self.uuids))


class Batches(BatchCase, SharedDesk):
    @classmethod
    def setUpClass(cls) -> None:
        cls.desk = desk.shared("batch")

    def setUp(self) -> None:
        super().setUp()
        self.desk.misp.reset()

    def test_a_hundred_mails_make_a_hundred_events(self) -> None:
        self.receive("hundred")
        self.begin()
        self.page.wait("done")
        self.assertEqual(self.page.rows(), ["done"] * NUMBER)
        self.assertEqual(self.page.statuses(), ["created"] * NUMBER)
        self.assert_each_once()
        self.desk.notifications.wait("100")

    def test_a_batch_is_started_with_the_mode_chosen_on_its_page(self) -> None:
        self.receive("as samples", 3)
        self.desk.window.click_toolbar_button()
        page = BatchPage(self.desk.thunderbird).wait("ready")
        page.choose("#mode", "sample")
        page.click("#start")
        page.wait("done")
        for uuid in self.uuids:
            self.assertIn("email", [each["name"] for each in self.event(uuid)["Event"]["Object"]])

    def test_a_cancelled_batch_is_finished_by_a_retry(self) -> None:
        self.receive("cancelled")
        self.slow_down()
        self.begin()
        self.wait_middle()
        self.page.click("#cancel")
        self.page.wait("cancelled")
        self.desk.misp.recover()
        self.assertIn("cancelled", self.page.rows())
        self.page.click("#retry")
        self.page.wait("done")
        self.assert_each_once()

    def test_misp_away_in_the_middle_gets_all_events_when_it_is_back(self) -> None:
        self.receive("misp away")
        self.slow_down()
        self.begin()
        self.wait_middle()
        self.desk.misp.go_away()
        self.page.wait("done")
        self.assertIn("queued", self.page.statuses())
        self.desk.misp.come_back()
        options = OptionsPage(self.desk.thunderbird).open(self.desk.background).wait("ready")
        options.click("#retry-all")
        options.wait_shown("#outbox-empty")
        self.assert_each_once()


class KilledBatches(BatchCase, OwnDesk):
    """A class of its own: a killed host leaves mails in the outbox for a while, which would disturb other tests."""

    def setUp(self) -> None:
        super().setUp()
        self.desk.start()

    def test_a_host_killed_in_the_middle_costs_no_mail(self) -> None:
        self.receive("host killed")
        self.slow_down()
        self.begin()
        self.wait_middle()
        (host,) = self.desk.hosts()
        os.kill(host, signal.SIGKILL)
        self.page.wait("done")
        self.assert_each_once()
        self.assertNotIn(host, self.desk.hosts())
        # The claims of the killed host run out after a minute; the next delivery then finds the events on the server.
        until(lambda: not self.desk.home.run("outbox", "list").strip(), "an empty outbox", 90)
        self.assert_each_once()

    def test_thunderbird_killed_in_the_middle_goes_on_when_it_is_started_again(self) -> None:
        self.receive("thunderbird killed")
        self.slow_down()
        self.begin()
        self.wait_middle()
        self.desk.thunderbird.kill()
        self.desk.misp.recover()
        self.desk.open_thunderbird()
        self.assert_each_once()
