"""What is left in Thunderbird after a session: neither in what the extension stores, nor in the profile, nor in what is logged is the
key of the server."""

import json

from driver.waiting import until
from stage import mails
from stage.batch import BatchPage
from stage.case import OwnDesk
from stage.misp import key
from stage.options import OptionsPage
from stage.review import Review

STORED = "return [await browser.storage.local.get(null), await browser.storage.session.get(null)];"


class Secrecy(OwnDesk):
    how = {"configured": False}

    def setUp(self) -> None:
        super().setUp()
        self.secret = key("DoublePublisher")
        self.desk.start()

    def work(self) -> None:
        """A day's work: the key is typed and tested, mails are reviewed, sent at once, in a batch and by tag, and some fail."""
        options = OptionsPage(self.desk.thunderbird).open(self.desk.background).wait("ready")
        options.write("#misp-url", self.desk.misp.url)
        options.write("#misp-key", self.secret)
        options.choose("#preference-sending-tag", "misp")
        options.save()
        self.assertTrue(options.test_connection()[0])
        options.close()
        for number in range(3):
            folder = self.desk.receive(mails.report(f"secret {number}"))
        self.desk.folders.select(folder, "secret 0")
        self.desk.window.click_message_button()
        review = Review(self.desk.thunderbird).wait_ready()
        self.assertEqual(review.create(), ["created"])
        review.close()
        self.desk.misp.fail("error500", path="/events/add", count=1)
        self.desk.window.click_message_button(holding=["shift"])
        self.desk.folders.tag(folder, "secret 1", "misp")
        until(lambda: self.desk.folders.tags(folder, "secret 1") == ["misp_sent"], "the mail sent by tag", 60)
        self.desk.folders.select(folder)
        self.desk.window.click_toolbar_button()
        page = BatchPage(self.desk.thunderbird).wait("ready")
        page.click("#start")
        page.wait("done")

    def test_the_key_is_nowhere_in_thunderbird_after_a_session(self) -> None:
        self.work()
        stored = json.dumps(self.desk.background.run(STORED))
        self.assertIn("preference.sendingTag", stored)
        self.assertNotIn(self.secret, stored)
        self.assertNotIn(self.secret, "\n".join(self.desk.thunderbird.console()))
        self.desk.thunderbird.stop()
        self.assertNotIn(self.secret, self.desk.thunderbird.log.read_text(encoding="utf-8", errors="replace"))
        # The program has it, in its own configuration and nowhere else.
        holding = [
            path.relative_to(self.desk.profile.folder)
            for path in self.desk.profile.folder.rglob("*")
            if path.is_file() and self.holds_key(path.read_bytes())
        ]
        self.assertEqual(holding, [self.desk.home.configuration.relative_to(self.desk.profile.folder)])

    def holds_key(self, content: bytes) -> bool:
        """Whether the key stands there, as text of one or of two bytes a character."""
        return self.secret.encode() in content or self.secret.encode("utf-16-le") in content
