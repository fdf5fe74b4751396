"""Articles of feeds, which Thunderbird makes into mails, become events that name the article."""

import unittest
from typing import Any, ClassVar

from driver.subscriptions import Subscriptions
from driver.waiting import until
from stage.batch import BatchPage
from stage.desk import Desk
from stage.review import Review
from stage.web import Wiki

SITE = "https://blog.pine-feed.org"
FEED = f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>Pine Feed</title><link>{SITE}/</link><description>Campaigns</description>
<item><title>Brackwater is back</title><link>{SITE}/2026/brackwater</link><guid>{SITE}/2026/brackwater</guid>
<pubDate>Tue, 03 Feb 2026 09:12:44 +0100</pubDate>
<description>&lt;p&gt;The loader calls hxxps://kestrel-feed[.]net/gate.php, as in &lt;a href="{SITE}/2025/earlier"&gt;an earlier
post&lt;/a&gt;.&lt;/p&gt;</description></item>
<item><title>Rook moves</title><link>{SITE}/2026/rook</link><guid isPermaLink="false">rook-7</guid>
<pubDate>Wed, 04 Feb 2026 10:00:00 +0100</pubDate>
<description>New server: https://rook-nest.top/a</description></item>
<item><title>Rook moves again</title><link>{SITE}/2026/rook-again</link><guid isPermaLink="false">rook-8</guid>
<pubDate>Thu, 05 Feb 2026 10:00:00 +0100</pubDate>
<description>New server: 91.240.118[.]77</description></item>
</channel></rss>"""


class Feeds(unittest.TestCase):
    desk: Desk
    folder: str
    articles: ClassVar[int] = 3

    @classmethod
    def setUpClass(cls) -> None:
        site = Wiki(FEED.encode(), "application/rss+xml")
        cls.addClassCleanup(site.stop)
        cls.desk = Desk()
        cls.addClassCleanup(cls.desk.stop)
        cls.desk.start()
        cls.folder = Subscriptions(cls.desk.thunderbird).subscribe(f"{site.url}/feed.xml", cls.articles)

    def setUp(self) -> None:
        self.desk.misp.reset()
        self.addCleanup(self.desk.background.run, "await browser.storage.local.clear();")
        self.addCleanup(self.desk.tidy)

    def sent(self) -> list[dict[str, Any]]:
        """The events that MISP has."""
        return [each["Event"] for each in self.desk.misp.events()]

    def links(self, event: dict[str, Any]) -> list[tuple[str, str, bool]]:
        links = [each for each in event["Attribute"] if each["type"] == "link"]
        return [(each["value"], each["category"], each["to_ids"]) for each in links]

    def test_the_review_of_an_article_shows_its_address_and_the_event_has_it(self) -> None:
        self.desk.folders.select(self.folder, "Brackwater is back")
        self.desk.window.click_message_button()
        review = Review(self.desk.thunderbird).wait_ready()
        article = ("link", f"{SITE}/2026/brackwater")
        self.assertIn(article, review.ticked())
        self.assertNotIn(("url", f"{SITE}/2025/earlier"), review.ticked())
        self.assertEqual(review.create(), ["created"])
        review.close()
        (event,) = self.sent()
        self.assertEqual(self.links(event), [(f"{SITE}/2026/brackwater", "External analysis", False)])

    def test_the_menu_reviews_an_article_whose_identity_is_no_address(self) -> None:
        self.desk.folders.select(self.folder, "Rook moves")
        self.desk.window.choose_from_context_menu()
        review = Review(self.desk.thunderbird).wait_ready()
        review.create()
        review.close()
        (event,) = self.sent()
        self.assertEqual(self.links(event), [(f"{SITE}/2026/rook", "External analysis", False)])
        (page,) = [each for each in event["Attribute"] if each["type"] == "url"]
        self.assertTrue(page["to_ids"])

    def test_a_batch_of_articles_makes_their_events(self) -> None:
        self.desk.folders.select(self.folder)
        self.desk.window.click_toolbar_button()
        page = BatchPage(self.desk.thunderbird).wait("ready")
        page.click("#start")
        page.wait("done")
        page.close()
        self.assertEqual(
            sorted(link for event in self.sent() for link, _, _ in self.links(event)),
            [f"{SITE}/2026/brackwater", f"{SITE}/2026/rook", f"{SITE}/2026/rook-again"],
        )

    def test_an_article_is_tagged(self) -> None:
        self.desk.background.run("await browser.storage.local.set({'preference.tag': 'misp_sent'});")
        self.desk.folders.select(self.folder, "Rook moves again")
        self.desk.window.click_message_button(holding=["shift"])
        self.desk.notifications.wait("created", "Rook moves again")
        until(lambda: "misp_sent" in self.desk.folders.tags(self.folder, "Rook moves again"), "the tag")
