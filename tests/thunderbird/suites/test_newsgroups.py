"""Articles of newsgroups, which cannot be moved or deleted, become events like mails."""

import unittest
from typing import Any

from driver.profile import mail_account
from driver.subscriptions import Subscriptions
from driver.waiting import until
from stage import mails
from stage.batch import BatchPage
from stage.desk import Desk
from stage.nntp import GROUP, NntpServer
from stage.options import OptionsPage
from stage.review import Review

NEWS = 2


class Newsgroups(unittest.TestCase):
    desk: Desk
    server: NntpServer

    @classmethod
    def setUpClass(cls) -> None:
        cls.server = NntpServer()
        cls.addClassCleanup(cls.server.stop)
        cls.desk = Desk([mail_account(NEWS, "nntp", cls.server.port, "analyst")])
        cls.addClassCleanup(cls.desk.stop)
        cls.desk.start()
        options = OptionsPage(cls.desk.thunderbird).open(cls.desk.background).wait("ready")
        options.choose("#preference-after-sending", "archive")
        options.save(cls.desk.window.agree)
        options.close()

    def setUp(self) -> None:
        self.addCleanup(self.desk.background.run, "await browser.storage.local.clear();")
        self.addCleanup(self.desk.tidy)

    def post(self, subject: str) -> tuple[str, str]:
        """Puts an article into the newsgroup; returns the uuid of its event, and the folder."""
        self.server.post(mails.report(subject))
        raw = self.server.articles[-1]
        (event,) = self.desk.home.would_send(self.desk.file(raw))
        return event["uuid"], Subscriptions(self.desk.thunderbird).read_news(NEWS, GROUP, len(self.server.articles))

    def event(self, uuid: str) -> dict[str, Any]:
        found = until(lambda: self.desk.misp.event(uuid), f"event {uuid}")
        assert isinstance(found, dict)
        return found

    def open_review(self, folder: str, subject: str) -> Review:
        self.desk.folders.select(folder, subject)
        self.desk.window.click_message_button()
        return Review(self.desk.thunderbird).wait_ready()

    def test_the_button_reviews_an_article_and_makes_its_event(self) -> None:
        uuid, folder = self.post("news by button")
        review = self.open_review(folder, "news by button")
        self.assertEqual(len(review.ticked()), 4)
        self.assertEqual(review.create(), ["created"])
        review.close()
        self.event(uuid)

    def test_the_menu_of_the_list_reviews_an_article(self) -> None:
        uuid, folder = self.post("news by menu")
        self.desk.folders.select(folder, "news by menu")
        self.desk.window.choose_from_context_menu()
        review = Review(self.desk.thunderbird).wait_ready()
        review.create()
        review.close()
        self.event(uuid)

    def test_a_batch_of_articles_makes_their_events(self) -> None:
        posted = [self.post(f"news batch {number}") for number in (1, 2, 3)]
        self.desk.folders.select(posted[-1][1], *(f"news batch {number}" for number in (1, 2, 3)))
        self.desk.window.click_toolbar_button()
        page = BatchPage(self.desk.thunderbird).wait("ready")
        page.click("#start")
        page.wait("done")
        page.close()
        for uuid, _ in posted:
            self.event(uuid)

    def test_an_article_is_tagged(self) -> None:
        _, folder = self.post("news tagged")
        self.desk.prefer(tag="misp_sent")
        review = self.open_review(folder, "news tagged")
        review.create()
        self.assertEqual(review.texts("#result .problem"), [])
        until(lambda: self.desk.folders.tags(folder, "news tagged") == ["misp_sent"], "the tag")

    def test_the_receipt_says_that_an_article_cannot_be_moved(self) -> None:
        for number, where in enumerate(("archive", "junk", "trash")):
            with self.subTest(where):
                subject = f"news kept {number}"
                uuid, folder = self.post(subject)
                self.desk.prefer(afterSending=where)
                review = self.open_review(folder, subject)
                self.assertEqual(review.create(), ["created"])
                self.assertIn("Thunderbird cannot remove mails from this folder.", review.text("#result"))
                review.close()
                self.assertIn(subject, self.desk.folders.subjects(folder))
                self.event(uuid)
        copies = self.desk.folders.run(
            "return MailServices.accounts.allFolders.flatMap(each => headersOf(each).map(one => [one.mime2DecodedSubject, each.URI]));"
        )
        self.assertEqual({place for subject, place in copies if subject.startswith("news kept")}, {folder})

    def test_a_click_with_shift_says_it_in_the_notification(self) -> None:
        uuid, folder = self.post("news at once")
        self.desk.prefer(afterSending="trash")
        self.desk.folders.select(folder, "news at once")
        self.desk.window.click_message_button(holding=["shift"])
        self.desk.notifications.wait("created", "cannot remove mails")
        self.event(uuid)
