"""The first steps after installing, and the tag of sent mails."""

import tomllib
from typing import Any

from driver.waiting import until
from stage import mails
from stage.case import OwnDesk
from stage.misp import key
from stage.review import Review
from stage.welcome import WelcomePage

TAGS = "return (await browser.messages.tags.list()).map(({key, tag, color}) => [key, tag, color]);"


class WelcomeCase(OwnDesk):
    def open(self) -> WelcomePage:
        self.desk.home.install()
        self.desk.open_first_steps()
        return WelcomePage(self.desk.thunderbird)

    def stored(self) -> dict[str, Any]:
        return tomllib.loads(self.desk.home.configuration.read_text(encoding="utf-8"))

    def send(self, subject: str) -> Review:
        """Sends a mail by button and review, which stays open."""
        self.desk.folders.select(self.desk.receive(mails.report(subject)), subject)
        self.desk.window.click_message_button()
        review = Review(self.desk.thunderbird).wait_ready()
        self.assertEqual(review.create(), ["created"])
        return review

    def tags_of(self, subject: str) -> list[str]:
        script = "const {messages} = await browser.messages.query({subject: args[0]}); return messages.flatMap(({tags}) => tags);"
        return self.desk.background.run(script, subject)


class Welcome(WelcomeCase):
    how = {"configured": False}

    def test_the_first_steps_lead_to_a_mail_in_misp_with_a_tag(self) -> None:
        welcome = self.open().wait("ready")
        welcome.enter(f"{self.desk.misp.url}/events/index", key("DoublePublisher"))
        welcome.click("#test-connection")
        self.assertIn(self.desk.misp.url, welcome.wait_settled())
        self.assertEqual(self.stored()["misp"]["key"], key("DoublePublisher"))
        self.assertFalse(welcome.shows("#server"))
        self.assertNotIn("DoublePublisher", welcome.run("return document.documentElement.outerHTML;"))
        # The colour picker is a window of the desktop.
        welcome.run("document.getElementById('tag-color').value = '#123456';")
        welcome.click("#tag-save")
        welcome.wait_text("MISP sent", "#tag-answered")
        self.assertIn(["misp_sent", "MISP sent", "#123456"], self.desk.background.run(TAGS))
        welcome.click("#close")
        welcome.wait_closed()
        review = self.send("the first")
        self.assertFalse(review.shows("#tag-question"))
        until(lambda: self.tags_of("the first") == ["misp_sent"], "the tag of the mail")
        review.close()
        self.desk.take_picture("tag-in-the-list")
        self.desk.restart()
        self.assertIsNone(welcome.address)

    def test_a_key_that_is_refused_is_said_and_not_stored_unless_that_is_wanted(self) -> None:
        welcome = self.open().wait("ready")
        welcome.click("#test-connection")
        welcome.wait_shown("#misp-url-error")
        welcome.enter(self.desk.misp.url, key("DoubleNobody"))
        welcome.click("#test-connection")
        welcome.wait_text("does not know this API key", "#test-result")
        self.assertFalse(self.desk.home.configuration.exists())
        welcome.click("#save-untested")
        welcome.wait_settled()
        self.assertEqual(self.stored()["misp"]["key"], key("DoubleNobody"))

    def test_the_local_feed_is_one_click(self) -> None:
        welcome = self.open().wait("ready")
        welcome.click("#use-feed")
        self.assertIn("local feed", welcome.wait_settled())
        self.assertEqual(self.stored()["destination"], "feed")
        welcome.close()
        self.desk.background.run("await browser.tabs.create({url: '/welcome/welcome.html'});")
        welcome.wait("ready")
        self.assertIn("local feed", welcome.wait_settled())
        self.assertFalse(welcome.shows("#server"))

    def test_all_of_it_can_be_done_by_keyboard(self) -> None:
        welcome = self.open().wait("ready")
        press, write = self.desk.display.press, self.desk.display.write

        def reach(wanted: str) -> None:
            for _ in range(30):
                if welcome.run("return document.activeElement?.id;") == wanted:
                    return
                press("Tab")
            self.fail(f"{wanted} is not reached")

        welcome.run("window.focus(); document.querySelector('h1').tabIndex = -1; document.querySelector('h1').focus();")
        reach("misp-url")
        write(self.desk.misp.url)
        reach("misp-key")
        write(key("DoublePublisher"))
        press("Return")
        welcome.wait_settled()
        reach("tag-wanted")
        press("space")
        reach("tag-save")
        press("Return")
        welcome.wait_text("no tag", "#tag-answered")
        reach("close")
        press("Return")
        welcome.wait_closed()

    def test_without_the_program_the_command_that_installs_it_is_said(self) -> None:
        self.desk.home.install()
        self.desk.home.manifest.unlink()
        self.desk.open_first_steps()
        welcome = WelcomePage(self.desk.thunderbird).wait("trouble")
        self.assertEqual(welcome.text("#trouble .command code"), "mispigeon install thunderbird")
        self.assertFalse(welcome.shows("#steps"))
        self.desk.home.install()
        welcome.click("#trouble-retry")
        welcome.wait("ready")
        self.assertTrue(welcome.shows("#misp-url"))


class Preset(WelcomeCase):
    def test_what_works_already_is_said_and_not_asked(self) -> None:
        welcome = self.open().wait("ready")
        self.assertIn(self.desk.misp.url, welcome.wait_settled())
        self.assertFalse(welcome.shows("#server"))

    def test_after_the_first_receipt_one_line_asks_for_the_tag_once(self) -> None:
        self.open().wait("ready").close()
        review = self.send("the first")
        review.wait_shown("#tag-question")
        review.click("#tag-yes")
        review.wait_text("Done", "#tag-question")
        self.assertEqual(self.tags_of("the first"), ["misp_sent"])
        review.close()
        review = self.send("the second")
        until(lambda: self.tags_of("the second") == ["misp_sent"], "the tag of the second mail")
        self.assertFalse(review.shows("#tag-question"))

    def test_no_is_an_answer(self) -> None:
        self.open().wait("ready").close()
        review = self.send("the first")
        review.wait_shown("#tag-question")
        review.click("#tag-no")
        review.wait_text("no tag", "#tag-question")
        review.close()
        review = self.send("the second")
        self.assertFalse(review.shows("#tag-question"))
        self.assertEqual(self.tags_of("the second"), [])
