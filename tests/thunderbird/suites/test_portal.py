"""Inside a Snap, Thunderbird starts no program itself: it asks the desktop's portal, which reads the manifest and hands over pipes.
Here Thunderbird is told to do so, and the portal is a stand-in."""

import unittest

from driver.waiting import until
from stage import mails, portal
from stage.case import OwnDesk
from stage.review import Review


@unittest.skipIf(portal.unavailable(), portal.unavailable())
class PortalOfADesktop(OwnDesk):
    how = {"preferences": {"widget.use-xdg-desktop-portal.native-messaging": 1}}

    def test_a_review_and_its_event_by_way_of_the_portal(self) -> None:
        self.desk.home.install()
        # Where only the portal looks.
        manifests = self.desk.folder / "manifests"
        manifests.mkdir()
        self.desk.home.manifest.rename(manifests / self.desk.home.manifest.name)
        desktop = portal.Portal(self.desk.folder, manifests, self.desk.home.folder)
        self.addCleanup(desktop.stop)
        self.desk.thunderbird.environment = {"DBUS_SESSION_BUS_ADDRESS": desktop.address}
        self.desk.start_with_extension()
        raw = mails.with_attachment("by the portal", 3_000_000)
        (event,) = self.desk.home.would_send(self.desk.file(raw))
        self.desk.folders.select(self.desk.receive(raw), "by the portal")
        self.desk.window.click_message_button()
        review = Review(self.desk.thunderbird).wait_ready()
        self.assertEqual(review.create(), ["created"])
        review.close()
        self.assertIsNotNone(self.desk.misp.event(event["uuid"]))
        self.desk.thunderbird.stop()
        until(lambda: "Close" in desktop.calls(), "the end of the session")
        for call in ("CreateSession", "GetManifest", "Start", "GetPipes"):
            self.assertIn(call, desktop.calls())
