"""An organisation installs the extension, presets its settings and locks them."""

import json
import unittest
from typing import Any

from driver.pages import EXTENSION
from driver.waiting import until
from stage import desk, mails, policy
from stage.misp import key
from stage.options import OptionsPage
from stage.review import Review
from stage.welcome import WelcomePage

EXAMPLE = desk.REPOSITORY / "manifests" / "policies" / "policies.json"


@unittest.skipIf(policy.unavailable(), policy.unavailable())
class Policy(unittest.TestCase):
    def setUp(self) -> None:
        self.desk = desk.Desk(configured=False)
        self.addCleanup(self.desk.stop)

    def start(self, settings: dict[str, Any], **presets: object) -> None:
        """The example in `manifests/`, with the extension of this desk and these settings."""
        self.desk.home.install()
        policies = json.loads(EXAMPLE.read_text(encoding="utf-8"))
        inside = policies["policies"]
        inside["ExtensionSettings"][EXTENSION]["install_url"] = self.desk.home.extension.as_uri()
        inside["3rdparty"]["Extensions"][EXTENSION] |= {"settings": settings, **presets}
        self.desk.thunderbird.wrapper = policy.lay_down(self.desk.folder, policies)
        self.desk.open_thunderbird()
        until(lambda: self.desk.background.state, "the extension installed by the policy")
        self.welcome = WelcomePage(self.desk.thunderbird).wait("ready")

    def test_settings_of_the_organisation_are_shown_locked_and_used(self) -> None:
        self.start(
            {"misp.url": self.desk.misp.url, "event.distribution": 1}, mode="sample", tag="$label1", notify=False
        )
        self.welcome.close()
        options = OptionsPage(self.desk.thunderbird).open(self.desk.background).wait("ready")
        self.assertEqual(options.value("#misp-url"), self.desk.misp.url)
        locked = (
            "return args[0].map(id => document.getElementById(id)).filter(each => each.disabled).map(each => each.id);"
        )
        theirs = ["misp-url", "event-distribution", "preference-mode", "preference-tag", "preference-notify"]
        ours = ["misp-key", "event-prefix"]
        self.assertEqual(options.run(locked, theirs + ours), theirs)
        options.write("#misp-key", key("DoublePublisher"))
        options.save()
        options.close()
        raw = mails.sample("under the policy")
        folder = self.desk.receive(raw)
        self.desk.folders.select(folder, "under the policy")
        self.desk.window.click_message_button()
        self.assertEqual(Review(self.desk.thunderbird).wait_ready().create(), ["created"])
        uuid = self.desk.home.would_send(self.desk.file(raw), "--mode", "sample")[0]["uuid"]
        event = self.desk.misp.event(uuid)["Event"]
        self.assertEqual(event["distribution"], "1")
        self.assertIn("email", [each["name"] for each in event["Object"]])
        until(lambda: "$label1" in self.desk.folders.tags(folder, "under the policy"), "the tag")

    def test_the_first_steps_ask_only_for_what_the_organisation_left_open(self) -> None:
        self.start({"misp.url": self.desk.misp.url}, tag="$label1")
        welcome = self.welcome
        self.assertEqual(welcome.value("#misp-url"), self.desk.misp.url)
        self.assertTrue(welcome.run("return document.getElementById('misp-url').disabled;"))
        self.assertFalse(welcome.shows("#tag"))
        self.assertFalse(welcome.shows("#use-feed"))
        welcome.write("#misp-key", key("DoublePublisher"))
        welcome.click("#test-connection")
        self.assertIn(self.desk.misp.url, welcome.wait_settled())
        welcome.close()
        self.desk.background.run("await browser.tabs.create({url: '/welcome/welcome.html'});")
        welcome.wait("ready")
        self.assertIn("Your organisation has set this up", welcome.wait_settled())

    def test_a_key_in_a_policy_is_not_used(self) -> None:
        self.start({"misp.url": self.desk.misp.url, "misp.key": key("DoublePublisher")})
        self.welcome.close()
        options = OptionsPage(self.desk.thunderbird).open(self.desk.background).wait("ready")
        works, said = options.test_connection()
        self.assertFalse(works)
        self.assertIn("No API key is set", said)
        self.assertNotIn("DoublePublisher", self.desk.home.configuration.read_text(encoding="utf-8"))
