"""MISP is down, slow, or refuses: the extension says so, and the host keeps the mail and delivers it as soon as possible."""

from driver.waiting import until
from stage import desk, mails
from stage.case import SharedDesk
from stage.misp import key
from stage.options import OptionsPage
from stage.review import Review


class OutboxCase(SharedDesk):
    @classmethod
    def setUpClass(cls) -> None:
        cls.desk = desk.shared("outbox")

    def setUp(self) -> None:
        super().setUp()
        self.addCleanup(self.configure)

    def configure(self, user: str = "DoublePublisher") -> None:
        self.desk.home.configure(self.desk.misp.url, key(user))

    def open(self, subject: str) -> Review:
        raw = mails.report(subject)
        self.uuid = self.desk.home.would_send(self.desk.file(raw))[0]["uuid"]
        self.desk.folders.select(self.desk.receive(raw), subject)
        self.desk.window.click_message_button()
        return Review(self.desk.thunderbird).wait_ready()

    def wait_event(self, seconds: int = 30) -> None:
        until(lambda: self.desk.misp.event(self.uuid), "the event", seconds)

    def deliver_from_options(self) -> None:
        """Sends what waits or failed from the options page."""
        options = OptionsPage(self.desk.thunderbird).open(self.desk.background).wait("ready")
        options.click("#retry-all")
        options.wait_shown("#outbox-empty")
        options.close()


class Outbox(OutboxCase):
    def test_misp_is_away_and_comes_back(self) -> None:
        review = self.open("away")
        self.desk.misp.go_away()
        self.assertEqual(review.create(), ["queued"])
        self.assertIn("outbox", review.text("#result"))
        review.close()
        until(lambda: self.desk.window.badges()[1] == "1", "the number of waiting mails on the button")
        self.desk.misp.come_back()
        self.deliver_from_options()
        self.wait_event()
        until(lambda: self.desk.window.badges()[1] != "1", "the end of the number")

    def test_misp_comes_back_while_the_result_is_shown(self) -> None:
        review = self.open("back at once")
        self.desk.misp.go_away()
        self.assertEqual(review.create(), ["queued"])
        self.desk.misp.come_back()
        review.click("#result .retry")
        review.wait_shown("#result [data-status=created]")
        self.wait_event()

    def test_misp_is_slow_and_the_page_says_what_goes_on(self) -> None:
        review = self.open("slow")
        self.desk.misp.fail("hang", path="/events/add", seconds=3)
        review.click("#create")
        review.wait_shown("#progress")
        review.wait_text("Delivering", "#status")
        self.assertEqual(review.wait_result(), ["created"])

    def test_sending_to_a_slow_misp_goes_on_when_the_review_is_closed(self) -> None:
        review = self.open("closed meanwhile")
        self.desk.misp.fail("hang", path="/events/add", seconds=2)
        review.click("#create")
        until(lambda: review.state == "sending", "the sending")
        review.close()
        self.wait_event()
        self.desk.notifications.wait("created", "closed meanwhile")

    def assert_kept_with(self, review: Review, words: str) -> None:
        """Checks that the mail waits with MISP's message, and is delivered by itself when the configuration is mended."""
        self.assertEqual(review.create(), ["queued"])
        self.assertIn(words, review.text("#result"))
        review.close()
        self.configure()
        self.wait_event(90)

    def test_a_wrong_key(self) -> None:
        review = self.open("wrong key")
        self.configure("DoubleNobody")
        self.assert_kept_with(review, "Authentication failed")

    def test_a_role_that_only_reads(self) -> None:
        review = self.open("read only")
        self.configure("DoubleReadOnly")
        self.assert_kept_with(review, "permission")

    def test_a_key_bound_to_another_address(self) -> None:
        review = self.open("other address")
        self.configure("DoubleOtherAddress")
        self.assert_kept_with(review, "MISP says")

    def test_maintenance(self) -> None:
        review = self.open("maintenance")
        self.desk.misp.fail("maintenance", count=-1)
        self.assertEqual(review.create(), ["queued"])
        self.assertIn("maintenance", review.text("#result"))
        self.desk.misp.recover()
        review.close()
        self.deliver_from_options()
        self.wait_event()

    def test_a_waiting_mail_can_be_given_up(self) -> None:
        review = self.open("given up")
        self.desk.misp.go_away()
        self.assertEqual(review.create(), ["queued"])
        review.close()
        self.desk.misp.come_back()
        self.desk.misp.fail("error500", count=-1)
        options = OptionsPage(self.desk.thunderbird).open(self.desk.background).wait("ready")
        self.assertIn("given up", [subject for subject, _ in options.waiting()])
        options.click("#outbox .drop")
        options.wait_shown("#confirm-ok")
        options.click("#confirm-ok")
        options.wait_shown("#outbox-empty")
        self.assertIsNone(self.desk.misp.event(self.uuid))

    def test_thunderbird_restarted_with_a_waiting_mail_delivers_it_by_itself(self) -> None:
        review = self.open("over a restart")
        self.desk.misp.go_away()
        self.assertEqual(review.create(), ["queued"])
        self.desk.thunderbird.stop()
        self.desk.misp.come_back()
        self.desk.open_thunderbird()
        self.wait_event(90)
        self.desk.notifications.wait("over a restart")
