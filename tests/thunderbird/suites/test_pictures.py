"""Does what the pictures of the README show, and checks it. With MISPIGEON_SCREENSHOTS=1 writes the pictures into docs/."""

import os
import subprocess
import unittest
from collections.abc import Sequence

from driver.addons import Addons
from driver.filters import Filters
from driver.profile import mail_account
from driver.thunderbird import free_port
from driver.waiting import until
from stage import desk, far
from stage.batch import BatchPage
from stage.misp import Misp, key
from stage.options import OptionsPage
from stage.review import Review
from stage.welcome import WelcomePage

SCREEN = (1240, 800)
MAILS = desk.REPOSITORY / "tests" / "mails"
REPORTS = [
    "advisory-bullets",
    "advisory-plain-lists",
    "advisory-ports",
    "advisory-hashes-with-names",
    "advisory-tlp-footer",
]
SUBJECT = '[TLP:GREEN] Loader "Brackwater" - network indicators'
EARLIER = b"From: a@reporting-cert.org\r\nSubject: Rook campaign, first servers\r\n\r\nhxxp://kestrelmint[.]net/files/upd_32.bin 91.240.118[.]9\r\n"


class Pictures(unittest.TestCase):
    def open(self, dark: bool = False) -> None:
        """A desk with a mailbox, and a MISP server that has a real name."""
        preferences = {
            "ui.systemUsesDarkTheme": int(dark),
            "layout.css.prefers-color-scheme.content-override": int(not dark),
        }
        self.desk = desk.Desk([mail_account(2, "imap", free_port(), "soc")], preferences, size=SCREEN)
        self.addCleanup(self.desk.stop)
        authority, *certificate = far.make_certificate(self.desk.folder / "tls")
        server = Misp(self.desk.folder / "far", certificate)
        self.addCleanup(server.go_away)
        proxy = far.Proxy(server.port)
        self.addCleanup(proxy.stop)
        self.desk.thunderbird.environment = {"HTTPS_PROXY": proxy.url, "SSL_CERT_FILE": str(authority)}
        self.desk.home.environment |= self.desk.thunderbird.environment
        self.desk.home.configure(f"https://{far.NAME}", key("DoubleSiteAdmin"))

    def start(self) -> None:
        self.desk.start()
        self.folder = self.desk.folders.create("Reports")
        self.desk.folders.put(self.folder, *(MAILS / f"{name}.eml" for name in REPORTS))
        self.desk.home.send(self.desk.file(EARLIER))

    def picture(self, name: str, area: Sequence[float] = (0, 0, *SCREEN), margin: int = 0) -> None:
        """Takes a picture of the area with a margin."""
        (x, y), (right, bottom) = area[:2], (area[0] + area[2], area[1] + area[3])
        x, y, right, bottom = (
            max(x - margin, 0),
            max(y - margin, 0),
            min(right + margin, SCREEN[0]),
            min(bottom + margin, SCREEN[1]),
        )
        area = (x, y, right - x, bottom - y)
        self.desk.display.move(1, SCREEN[1] - 1)
        path = self.desk.folder / f"{name}.png"
        self.desk.display.still_screenshot(path, area)
        if os.environ.get("MISPIGEON_SCREENSHOTS") == "1":
            target = desk.REPOSITORY / "docs" / "screenshots" / path.name
            target.parent.mkdir(parents=True, exist_ok=True)
            subprocess.run(["convert", str(path), "-strip", "+dither", "-colors", "255", f"png8:{target}"], check=True)

    def review(self) -> Review:
        self.desk.folders.select(self.folder, SUBJECT)
        self.desk.window.click_message_button()
        review = Review(self.desk.thunderbird).wait_ready()
        review.until("return !!document.querySelector('.in-misp');", "what MISP knows")
        return review

    @unittest.skipUnless(far.OPENSSL, "needs the package openssl")
    def test_review_batch_and_options(self) -> None:
        self.open()
        self.start()
        review = self.review()
        self.picture("review")
        review.click("#open-tab")
        tab = Review(self.desk.thunderbird, "tab").wait_ready()
        tab.wait_shown("#mail-text .mark")
        tab.choose("#grouping", "host")
        tab.click("#mail-text .block .mark")
        self.picture("review-tab")
        self.assertEqual(tab.create(), ["created"])
        tab.close()
        self.desk.folders.select(self.folder)
        self.desk.window.click_toolbar_button()
        page = BatchPage(self.desk.thunderbird).wait("ready").wait_read(len(REPORTS))
        page.click("#how-one")
        page.click("#plan tbody tr:first-child .open")
        page.wait_shown("#plan .row")
        page.run("scrollTo(0, 0);")
        self.picture("batch")
        page.click("#start")
        page.wait("done")
        self.assertEqual(page.statuses(), ["created"] * len(REPORTS))
        page.close()
        options = OptionsPage(self.desk.thunderbird).open(self.desk.background).wait("ready")
        self.assertTrue(options.test_connection()[0])
        options.run("scrollTo(0, 0);")
        self.picture("options")

    @unittest.skipUnless(far.OPENSSL, "needs the package openssl")
    def test_review_in_the_dark(self) -> None:
        self.open(dark=True)
        self.start()
        review = self.review()
        self.assertLess(
            sum(review.run("return getComputedStyle(document.body).backgroundColor.match(/[0-9]+/g).map(Number);")[:3]),
            200,
        )
        self.picture("review-dark", review.box(), margin=12)

    @unittest.skipUnless(far.OPENSSL, "needs the package openssl")
    def test_installing(self) -> None:
        self.open()
        self.desk.home.install()
        self.desk.open_thunderbird()
        addons = Addons(self.desk.window)
        addons.open()
        addons.choose_install_from_file()
        addons.paste(self.desk.home.extension)
        self.desk.window.wait_question()
        self.picture("install", self.desk.window.question_box(), margin=16)
        self.desk.window.agree()
        until(lambda: (addons.state() or {}).get("active"), "the extension installed")

    @unittest.skipUnless(far.OPENSSL, "needs the package openssl")
    def test_first_steps(self) -> None:
        self.open()
        self.desk.home.configure()
        self.desk.home.install()
        self.desk.open_first_steps()
        welcome = WelcomePage(self.desk.thunderbird).wait("ready")
        welcome.enter(f"https://{far.NAME}", key("DoubleSiteAdmin"))
        self.picture("first-steps")
        welcome.click("#test-connection")
        self.assertIn(far.NAME, welcome.wait_settled())

    @unittest.skipUnless(far.OPENSSL, "needs the package openssl")
    def test_filter_editor(self) -> None:
        self.open()
        self.start()
        self.desk.home.run("install", "thunderbird", "--filter-action")
        path = self.desk.home.data / "mispigeon-filter.xpi"
        self.desk.thunderbird.marionette.command("Addon:Install", {"path": str(path), "temporary": False})
        filters = Filters(self.desk.thunderbird)
        filters.open_editor(2)
        self.addCleanup(filters.close)
        filters.name_it("Phishing to MISP", "[PHISHING]")
        filters.choose_action("Send to MISP")
        self.picture("filter-editor", filters.box())
        self.assertEqual(filters.actions().count("Send to MISP"), 1)
