"""Shows the extension's pages in their main states, one after the other, for tests that look at each."""

import os
import signal
from collections.abc import Callable

from driver.pages import Page
from driver.waiting import until

from . import mails
from .batch import BatchPage
from .desk import Desk
from .misp import key
from .options import OptionsPage
from .review import Review
from .welcome import WelcomePage

OWN_HOST = b"www.reporting-cert.org"
MORE = [
    b"see " + OWN_HOST,
    b"hxxps://login[.]bench-orchard[.]com/" + b"path/" * 40 + b"end.php",
    b"micr0soft[.]com paypa1[.]com bench-pigeon[.]org",
]


class Tour:
    """`look(name, page)` is called in each state."""

    def __init__(self, desk: Desk, look: Callable[[str, Page], None]) -> None:
        self.desk, self.look = desk, look
        # Notifications would cover the pages.
        self.desk.background.run("await browser.storage.local.set({'preference.notify': false});")
        self.desk.background.run(
            "await browser.storage.local.set({'preference.lookUpMisp': true, 'preference.lookUpUrlscan': true});"
        )

    def open_review(self, subject: str, raw: bytes) -> Review:
        self.desk.folders.select(self.desk.receive(raw), subject)
        self.desk.window.click_message_button()
        return Review(self.desk.thunderbird).wait_open()

    def go(self) -> None:
        self.review()
        self.review_of_an_encrypted_mail()
        self.review_of_a_phish_without_a_server()
        self.review_without_misp()
        self.review_without_host()
        self.batch()
        self.welcome()
        self.review_of_a_part()
        self.options()
        self.options_without_host()

    def review(self) -> None:
        raw = mails.with_attachment("Campaign against banks", 20_000, more=MORE)
        review = self.open_review("Campaign against banks", raw).wait("ready")
        self.look("review", review)
        review.unfold(".skipped")
        review.unfold("#commenting")
        self.look("review-unfolded", review)
        review.click(".row .look-up")
        review.wait_shown("#look-up")
        self.look("review-look-up", review)
        review.click(".row .look-up")
        review.unfold("#editing")
        review.until(
            "return document.querySelector('#distribution option[value=\"4\"]') != null;", "the sharing groups"
        )
        review.write("#tag-words", "tlp:")
        review.wait_shown("#editing [role=option]")
        self.look("review-editing", review)
        review.write("#tag-words", "")
        review.click(".row .edit")
        review.until("return document.getElementById('row-type').options.length > 1;", "the types")
        self.look("review-editing-row", review)
        review.click("#row-cancel")
        review.write("#event-id", "4711")
        review.click("#add-to-event")
        review.wait_shown("#event-id-error")
        self.look("review-no-event", review)
        self.review_in_a_tab(review)
        self.desk.window.click_message_button()
        review.wait_open().wait("ready")
        review.create()
        review.wait_shown("#tag-question")
        self.look("review-created", review)
        review.close()
        self.desk.window.click_message_button()
        review.wait_open().wait("ready")
        self.look("review-again", review)
        review.close()

    def review_in_a_tab(self, review: Review) -> None:
        review.click("#open-tab")
        tab = Review(self.desk.thunderbird, "tab").wait_ready()
        tab.wait_shown("#mail-text .mark")
        tab.choose("#grouping", "host")
        tab.click("#mail-text .mark")
        self.look("review-tab", tab)
        tab.choose("#grouping", "type")
        tab.close()

    def review_of_an_encrypted_mail(self) -> None:
        text = b"-----BEGIN PGP MESSAGE-----\r\n\r\nhQ==\r\n-----END PGP MESSAGE-----\r\n"
        review = self.open_review("Locked", mails.message("Locked", text, b"Content-Type: text/plain")).wait("ready")
        self.look("review-encrypted", review)
        review.close()

    def review_of_a_phish_without_a_server(self) -> None:
        self.desk.home.configure()
        review = self.open_review("Your mailbox is full", mails.sample("Your mailbox is full")).wait("ready")
        review.choose("#mode", "sample")
        review.wait_shown(".emails")
        review.unfold(".emails")
        self.look("review-feed", review)
        review.close()

    def review_without_misp(self) -> None:
        self.desk.home.configure(self.desk.misp.url, key("DoubleNobody"))
        review = self.open_review("Refused", mails.report("Refused")).wait("ready")
        review.create()
        self.look("review-failed", review)
        review.close()
        self.desk.home.configure(self.desk.misp.url, key("DoublePublisher"))
        self.desk.misp.go_away()
        review = self.open_review("Waiting", mails.report("Waiting")).wait("ready")
        review.create()
        self.look("review-queued", review)
        review.close()
        self.desk.misp.come_back()
        self.desk.misp.fail("error500", path="/events/add", count=-1)

    def review_without_host(self) -> None:
        self.lose_host()
        review = self.open_review("No host", mails.report("No host"))
        review.trouble()
        self.look("review-trouble", review)
        review.close()
        self.desk.home.install()

    def lose_host(self) -> None:
        for host in self.desk.hosts():
            os.kill(host, signal.SIGKILL)
        until(lambda: not self.desk.hosts(), "the end of the hosts")
        self.desk.home.manifest.unlink()

    def batch(self) -> None:
        for _subject, raw in mails.many(12, "Advisory").items():
            folder = self.desk.receive(raw, "Batch")
        self.desk.folders.select(folder)
        self.desk.misp.recover()
        self.desk.window.click_toolbar_button()
        page = BatchPage(self.desk.thunderbird).wait("ready").wait_read(12)
        self.look("batch-ready", page)
        page.click("#plan tbody tr:first-child .open")
        page.wait_shown("#plan .row")
        page.click("#plan tbody tr:nth-child(4) .take")
        page.click("#how-one")
        page.click("#editing > summary")
        self.look("batch-opened", page)
        page.click("#how-into")
        page.write("#event-id", "4711")
        page.click("#add-to-event")
        page.wait_shown("#event-id-error")
        self.look("batch-no-event", page)
        page.click("#how-each")
        self.desk.misp.fail("hang", path="/events/add", seconds=0.2, count=4)
        self.desk.misp.fail("error500", path="/events/add", count=2)
        page.click("#start")
        page.wait("running")
        self.look("batch-running", page)
        page.wait("done")
        self.look("batch-done", page)
        page.close()

    def welcome(self) -> None:
        """The first steps: with nothing set, with a key that is refused, and when all is settled."""
        self.desk.home.configure()
        open_page = "await browser.tabs.create({url: '/welcome/welcome.html'});"
        self.desk.background.run(open_page)
        page = WelcomePage(self.desk.thunderbird).wait("ready")
        self.look("welcome", page)
        page.enter(self.desk.misp.url, key("DoubleNobody"))
        page.click("#test-connection")
        page.wait_shown("#save-untested", 90)
        self.look("welcome-refused", page)
        page.close()
        self.desk.home.configure(self.desk.misp.url, key("DoublePublisher"))
        self.desk.background.run(open_page)
        page.wait("ready").wait_settled()
        page.click("#tag-save")
        page.wait_shown("#tag-answered")
        self.look("welcome-settled", page)
        page.close()

    def review_of_a_part(self) -> None:
        raw = mails.with_attachment("A part of a mail", 2000)
        self.desk.folders.select(self.desk.receive(raw), "A part of a mail")
        self.desk.window.choose_for_selection("sha256")
        review = Review(self.desk.thunderbird).wait_ready()
        review.wait_shown("#focus")
        self.look("review-part", review)
        review.close()

    def options(self) -> None:
        options = OptionsPage(self.desk.thunderbird).open(self.desk.background).wait("ready")
        self.look("options", options)
        options.click("[data-key='tags.by_subject'] .add")
        self.look("options-table", options)
        for section in ("own-title", "hosts-title", "elsewhere"):
            options.run("document.getElementById(args[0]).scrollIntoView();", section)
            self.look(f"options-{section}", options)
        options.test_connection()
        self.look("options-tested", options)
        options.write("#event-prefix", "SOC")
        options.run("document.getElementById('outbox-section').scrollIntoView();")
        self.look("options-outbox", options)
        options.click("#discard")
        options.click("#new-profile")
        options.wait_shown("#profile-name")
        self.look("options-dialog", options)
        options.click("#profile-dialog button[value=cancel]")
        options.click("#privacy")
        privacy = Page(self.desk.thunderbird, "tab", "/privacy/privacy.html").wait_open()
        self.look("privacy", privacy)
        privacy.close()
        options.close()

    def options_without_host(self) -> None:
        self.lose_host()
        options = OptionsPage(self.desk.thunderbird).open(self.desk.background).wait("trouble")
        self.look("options-trouble", options)
        options.close()
        self.desk.home.install()
