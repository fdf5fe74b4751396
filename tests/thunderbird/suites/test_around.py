"""What helps around a mail: the line in the head of the review, look-ups in the browser, the answer to the reporter."""

from typing import Any, ClassVar
from urllib.parse import quote

from driver.profile import mail_account
from driver.thunderbird import free_port
from driver.waiting import until
from stage import mails
from stage.case import OwnDesk
from stage.options import OptionsPage
from stage.review import Review

from suites.test_review import ReviewCase

# The compose window in front: its recipients, subject and text, and whether it has been changed by a person or sent.
COMPOSED = """
    const window = Services.wm.getMostRecentWindow("msgcompose");
    if (!window?.gMsgCompose?.editor || !window.composeEditorReady) return null;
    return {
      to: [...window.document.querySelectorAll("#toAddrContainer mail-address-pill")].map(each => each.emailAddress),
      subject: window.document.getElementById("msgSubject").value,
      text: window.GetCurrentEditor().outputToString("text/plain", 0),
      tags: [...window.GetCurrentEditor().document.querySelectorAll("b, img")].map(each => each.outerHTML),
    };
"""


# Else Thunderbird would ask at its end what is to become of the draft.
DROP = 'for (const each of Services.wm.getEnumerator("msgcompose")) each.close();'


class LookUps(ReviewCase):
    def setUp(self) -> None:
        super().setUp()
        self.addCleanup(
            self.desk.background.run,
            """const all = Object.keys(await browser.storage.local.get());
            await browser.storage.local.remove(all.filter(name => name.startsWith("preference.lookUp")));""",
        )

    def choose(self, *boxes: str) -> None:
        options = OptionsPage(self.desk.thunderbird).open(self.desk.background).wait("ready")
        for box in boxes:
            options.click(box)
        self.desk.take_picture("options-around")
        options.save()
        options.close()

    def url(self) -> str:
        return next(value for kind, value in self.drafted() if kind == "url")

    def offered(self, review: Review, value: str) -> list[str]:
        review.click(f"{review.row('url', value)} .look-up")
        review.wait_shown("#look-up")
        return review.texts("#look-up [role=menuitem]")

    def test_nothing_is_offered_until_it_is_chosen(self) -> None:
        review = self.open("nothing to look up")
        self.assertFalse(review.shows(".look-up"))
        review.close()

    def test_a_chosen_service_opens_in_the_browser_by_mouse_and_by_keyboard(self) -> None:
        self.choose("#look-up-misp", "#look-up-virustotal")
        review = self.open("looked up")
        value = self.url()
        before = self.desk.browser.opened()
        self.assertEqual(self.offered(review, value), ["MISP", "VirusTotal"])
        self.desk.take_picture("review-look-up")
        self.assertEqual(self.desk.browser.opened(), before)
        self.assertEqual(review.run("return document.activeElement.dataset.service;"), "misp")
        self.desk.display.press("Down", "Return")
        self.desk.browser.wait(f"https://www.virustotal.com/gui/search/{quote(quote(value, safe=''), safe='')}")
        if not review.address:
            self.desk.window.click_message_button()
            review.wait_ready()
        self.offered(review, value)
        review.click("#look-up [data-service=misp]")
        term = quote(value.replace("/", "_"), safe="")
        self.desk.browser.wait(f"{self.desk.misp.url}/events/index/searchall:{term}")
        self.assertEqual(len(self.desk.browser.opened()), len(before) + 2)

    def test_a_marked_mail_is_looked_up_on_the_own_server_only(self) -> None:
        self.choose("#look-up-misp", "#look-up-virustotal")
        review = self.open("under amber", b"", b"TLP:AMBER")
        self.assertEqual(self.offered(review, self.url()), ["MISP"])
        self.assertIn("TLP:AMBER", review.text("#look-up"))
        self.desk.display.press("Tab")
        review.until("return document.getElementById('look-up').hidden;", "no menu")
        review.click("#open-tab")
        tab = Review(self.desk.thunderbird, "tab").wait_ready()
        self.assertEqual(self.offered(tab, self.url()), ["MISP"])
        self.desk.take_picture("review-look-up-tab")
        self.desk.display.press("Escape")
        tab.until("return document.getElementById('look-up').hidden;", "no menu")
        self.assertEqual(tab.state, "ready")
        tab.close()


class Head(ReviewCase):
    def test_mode_reasons_and_authentication_stand_in_one_line(self) -> None:
        raw = mails.sample("judged in a line").replace(
            b"MIME-Version", b"Authentication-Results: mx.soc-team.org; spf=fail; dmarc=fail\r\nMIME-Version", 1
        )
        review = self.open("judged in a line", raw=raw)
        words = review.text("#judgement")
        self.assertIn("Sample", words)
        self.assertIn("DMARC fail", words)
        lines = "return document.querySelector('#judgement .line').getClientRects().length;"
        height = "return document.getElementById('judgement').offsetHeight;"
        self.assertEqual(review.run(lines), 1)
        self.desk.take_picture("review-judgement")
        folded = review.run(height)
        review.click("#judgement")
        review.until("return document.getElementById('judgement').ariaExpanded == 'true';", "the whole line")
        self.assertGreaterEqual(review.run(height), folded)
        review.close()


class Answering(OwnDesk):
    how: ClassVar = {"accounts": [mail_account(2, "imap", free_port(), "soc")]}

    def composed(self) -> dict[str, Any]:
        return self.desk.thunderbird.chrome(COMPOSED)

    def test_the_receipt_opens_an_answer_with_the_number_of_the_event(self) -> None:
        self.desk.start()
        raw = mails.report("Strange <b>mail</b>", b"please look")
        self.desk.folders.select(self.desk.receive(raw), "Strange <b>mail</b>")
        self.desk.window.click_message_button()
        review = Review(self.desk.thunderbird).wait_ready()
        self.assertEqual(review.create(), ["created"])
        self.desk.take_picture("review-answer")
        uuid = self.desk.home.would_send(self.desk.file(raw))[0]["uuid"]
        number = self.event(uuid)["Event"]["id"]
        self.addCleanup(self.desk.thunderbird.chrome, DROP)
        review.click("#answer")
        until(lambda: f"event {number}" in ((self.composed() or {}).get("text") or ""), "the answer")
        self.desk.take_picture("answer")
        composed = self.composed()
        self.assertEqual(composed["to"], ["alerts@reporting-cert.org"])
        self.assertEqual(composed["subject"], "Re: Strange <b>mail</b>")
        text = composed["text"]
        self.assertIn("reporting “Strange <b>mail</b>”", text)
        self.assertLess(text.index(f"event {number}"), text.index("please look"))
        self.assertEqual(composed["tags"], [])

    def test_nobody_answers_a_sample(self) -> None:
        self.desk.start()
        raw = mails.sample("Your mailbox is full")
        self.desk.folders.select(self.desk.receive(raw), "Your mailbox is full")
        self.desk.window.click_message_button()
        review = Review(self.desk.thunderbird).wait_ready()
        self.assertEqual(review.create(), ["created"])
        self.assertFalse(review.shows("#answer"))
