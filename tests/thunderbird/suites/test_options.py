"""The options page: settings, server and key, connection test; and the places that must not have the key."""

import tomllib

from driver.thunderbird import free_port
from driver.waiting import until
from stage import desk, mails
from stage.case import OwnDesk, SharedDesk
from stage.misp import UNKNOWN, Misp, key
from stage.options import OptionsPage
from stage.review import Review
from stage.web import Wiki
from stage.welcome import WelcomePage


class OptionsCase(SharedDesk):
    @classmethod
    def setUpClass(cls) -> None:
        cls.desk = desk.shared("options", configured=False)

    def open(self) -> OptionsPage:
        self.options = OptionsPage(self.desk.thunderbird).open(self.desk.background).wait("ready")
        return self.options

    def configure(self, url: str | None = None, name: str | None = None, more: str = "") -> None:
        self.desk.home.configure(url, name and key(name), more)


class Options(OptionsCase):
    def test_server_and_key_are_set_tested_and_used(self) -> None:
        self.configure()
        options = self.open()
        options.write("#misp-url", self.desk.misp.url)
        options.write("#misp-key", key("DoublePublisher"))
        works, words = options.test_connection()
        self.assertTrue(works, words)
        self.assertIn("DOUBLE-CERT", words)
        options.save()
        raw = mails.report("sent with the settings of the page")
        folder = self.desk.receive(raw)
        self.desk.folders.select(folder, "sent with the settings of the page")
        self.desk.window.click_message_button()
        self.assertEqual(Review(self.desk.thunderbird).wait_ready().create(), ["created"])
        self.event(self.desk.home.would_send(self.desk.file(raw))[0]["uuid"])

    def test_a_changed_default_is_stored_and_used_by_the_command_line(self) -> None:
        self.configure(self.desk.misp.url, "DoublePublisher")
        options = self.open()
        options.choose("#event-distribution", "1")
        options.write("#event-prefix", "SOC")
        options.click("#event-publish")
        options.save()
        event = self.desk.home.would_send(self.desk.file(mails.report("under changed defaults")))[0]
        self.assertEqual((event["info"], event["distribution"]), ("SOC - under changed defaults", "1"))
        options.click("[data-key='event.prefix'] .notes button")
        options.save()
        event = self.desk.home.would_send(self.desk.file(mails.report("under changed defaults")))[0]
        self.assertEqual(event["info"], "M2M - under changed defaults")

    def test_a_profile_is_made_chosen_and_removed(self) -> None:
        self.configure(self.desk.misp.url, "DoublePublisher")
        options = self.open()
        options.click("#new-profile")
        options.wait_shown("#profile-name")
        options.write("#profile-name", "spamtrap")
        self.desk.display.press("Return")
        until(lambda: options.value("#scope") == "spamtrap", "the new profile")
        options.choose("#mail-mode", "sample")
        options.save()
        path = self.desk.file(mails.sample("of the spamtrap"))
        self.assertTrue(self.desk.home.would_send(path, "--profile", "spamtrap")[0]["Object"])
        options.click("#remove-profile")
        options.wait_shown("#confirm-ok")
        options.click("#confirm-ok")
        until(lambda: options.value("#scope") == "", "the main settings")
        self.assertNotIn("spamtrap", self.desk.home.configuration.read_text(encoding="utf-8"))

    def test_what_changes_weekly_is_set_and_read_back(self) -> None:
        self.configure(self.desk.misp.url, "DoublePublisher")
        options = self.open()
        options.write_lines("#hosts-own", "soc-team.org", "10.0.0.0/8")
        for field, words in {
            "#hosts-internal": "wiki.soc-team.org",
            "#privacy-people": "Ada Lovelace",
            "#text-ignore_lines": "Registrar:",
            "#misp-timeout": "90",
        }.items():
            options.write(field, words)
        options.choose("#event-date", "today")
        options.click("[data-key='tags.by_subject'] .add")
        self.desk.display.write("locky")
        options.write_lines("[data-key='tags.by_subject'] textarea", 'misp-galaxy:ransomware="Locky"', "tlp:red")
        options.save()
        stored = tomllib.loads(self.desk.home.configuration.read_text(encoding="utf-8"))
        self.assertEqual(stored["hosts"], {"own": ["soc-team.org", "10.0.0.0/8"], "internal": ["wiki.soc-team.org"]})
        self.assertEqual(stored["privacy"], {"people": ["Ada Lovelace"]})
        self.assertEqual(stored["tags"], {"by_subject": {"locky": ['misp-galaxy:ransomware="Locky"', "tlp:red"]}})
        self.assertEqual((stored["event"]["date"], stored["misp"]["timeout"]), ("today", 90))
        self.assertEqual(stored["text"], {"ignore_lines": ["Registrar:"]})
        options.close()
        options = self.open()
        self.assertEqual(options.value("#hosts-own"), "soc-team.org\n10.0.0.0/8")
        self.assertEqual(options.value("[data-key='tags.by_subject'] input"), "locky")
        self.assertEqual(options.value("#event-date"), "today")
        event = self.desk.home.would_send(self.desk.file(mails.report("new Locky wave")))[0]
        self.assertIn("tlp:red", [tag["name"] for tag in event["Tag"]])
        options.click("[data-key='tags.by_subject'] .line button")
        options.save()
        stored = tomllib.loads(self.desk.home.configuration.read_text(encoding="utf-8"))
        self.assertNotIn("locky", str(stored))

    def test_a_wrong_host_is_said_beside_its_list(self) -> None:
        self.configure(self.desk.misp.url, "DoublePublisher")
        options = self.open()
        options.write("#hosts-exclude", "a b")
        options.click("#save")
        options.wait_shown("#hosts-exclude-error")
        self.assertNotIn("a b", self.desk.home.configuration.read_text(encoding="utf-8"))

    def test_what_only_the_file_can_set_is_shown(self) -> None:
        self.configure(self.desk.misp.url, "DoublePublisher", 'client_cert = "/etc/mispigeon/soc.pem"\nverify = false')
        options = self.open()
        self.assertEqual(options.text("#misp-client_cert"), "/etc/mispigeon/soc.pem")
        self.assertEqual(options.text("#misp-verify"), "no")
        self.assertEqual(options.text("#misp-ca_file"), "not set")
        self.assertIn("configuration file only", options.text("[data-key='misp.verify'] .notes"))
        self.assertTrue(options.shows("#not-verified"))

    def test_the_first_line_says_where_events_go_and_what_waits(self) -> None:
        self.configure(self.desk.misp.url, "DoublePublisher")
        options = self.open()
        self.assertIn(self.desk.misp.url, options.text("#standing"))
        self.assertIn("Nothing waits", options.text("#standing"))
        self.desk.misp.fail("error500", path="/events/add", count=-1)
        self.desk.home.send(self.desk.file(mails.report("waits for a while")))
        options.close()
        options = self.open()
        options.wait_text("1 mail waits in the outbox", "#standing")
        self.desk.misp.recover()
        options.click("#retry-all")
        options.wait_text("Nothing waits", "#standing")
        options.click("#first-steps")
        WelcomePage(self.desk.thunderbird).wait("ready").close()

    def test_a_changed_server_needs_its_own_key(self) -> None:
        self.configure(self.desk.misp.url, "DoublePublisher")
        options = self.open()
        options.write("#misp-url", "https://misp.other-server.org")
        options.click("#save")
        options.wait_shown("#misp-key-error")
        self.assertIn(self.desk.misp.url, self.desk.home.configuration.read_text(encoding="utf-8"))

    def test_a_refused_value_is_said_beside_its_field(self) -> None:
        self.configure(self.desk.misp.url, "DoublePublisher")
        options = self.open()
        options.write("#misp-url", "misp without scheme")
        options.click("#save")
        options.wait_shown("#misp-url-error")

    def test_a_configuration_that_cannot_be_used_is_said_with_its_line(self) -> None:
        self.configure(more="[mips]\nurl = 1\n")
        options = OptionsPage(self.desk.thunderbird).open(self.desk.background).wait("trouble")
        self.assertIn("mips", options.text("#trouble"))
        self.configure(self.desk.misp.url, "DoublePublisher")
        options.click("#trouble-retry")
        options.wait("ready")

    def test_a_configuration_that_others_can_read_comes_with_the_command_that_mends_it(self) -> None:
        self.configure(self.desk.misp.url, "DoublePublisher")
        self.desk.home.configuration.chmod(0o644)
        options = OptionsPage(self.desk.thunderbird).open(self.desk.background).wait("trouble")
        self.assertIn(f"chmod 600 {self.desk.home.configuration}", options.text("#trouble .command code"))
        self.desk.folders.select(self.desk.receive(mails.report("readable")), "readable")
        self.desk.window.click_message_button()
        review = Review(self.desk.thunderbird).wait_open().wait("trouble")
        self.assertNotIn("feed", review.text("body"))

    def test_without_a_server_the_local_feed_is_used_and_said(self) -> None:
        self.configure()
        raw = mails.report("into the feed")
        self.desk.folders.select(self.desk.receive(raw), "into the feed")
        self.desk.window.click_message_button()
        review = Review(self.desk.thunderbird).wait_ready()
        review.wait_text(str(self.desk.home.data), "#notices")
        self.assertEqual(review.create(), ["created"])
        uuid = self.desk.home.would_send(self.desk.file(raw))[0]["uuid"]
        self.assertTrue((self.desk.home.data / "feed" / f"{uuid}.json").is_file())


class OpeningTheFile(OwnDesk):
    def open(self, opener: str) -> OptionsPage:
        """The options of a Thunderbird whose desktop opens files by this script."""
        programs = self.desk.folder / "programs"
        programs.mkdir()
        (programs / "xdg-open").write_text(f"#!/bin/sh\n{opener}\n")
        (programs / "xdg-open").chmod(0o755)
        self.desk.thunderbird.environment["PATH"] = f"{programs}:/usr/bin:/bin"
        self.desk.start()
        return OptionsPage(self.desk.thunderbird).open(self.desk.background).wait("ready")

    def test_the_file_is_opened_by_the_desktop(self) -> None:
        options = self.open(f'echo "$1" > {self.desk.folder}/opened')
        options.click("#open-file")
        options.wait_text("Opened in your editor", "#open-file-status")
        opened = (self.desk.folder / "opened").read_text().strip()
        self.assertEqual(opened, str(self.desk.home.configuration))

    def test_where_nothing_opens_it_the_path_is_said(self) -> None:
        options = self.open("exit 3")
        options.click("#open-file")
        options.wait_text("No editor could be opened", "#open-file-status")
        self.assertIn(str(self.desk.home.configuration), options.text("#open-file-status"))


class ConnectionTest(OptionsCase):
    """Every failure of the connection test has its own message."""

    def outcome(self, url: str | None = None, name: str | None = None, more: str = "") -> tuple[bool, str]:
        self.configure(url, name, more)
        return self.open().test_connection()

    def assert_fails(
        self, words: str, url: str | None = None, name: str | None = "DoublePublisher", more: str = ""
    ) -> None:
        works, said = self.outcome(url, name, more)
        self.assertFalse(works, said)
        self.assertIn(words, said)

    def test_no_server(self) -> None:
        self.assert_fails("No server is set", name=None)

    def test_no_key(self) -> None:
        self.assert_fails("No API key is set", self.desk.misp.url, None)

    def test_nobody_answers(self) -> None:
        self.assert_fails("The server cannot be reached", f"http://127.0.0.1:{free_port()}")

    def test_an_unknown_certificate(self) -> None:
        server = Misp(self.desk.folder / "misp-tls", tls=UNKNOWN)
        self.addCleanup(server.go_away)
        self.assert_fails("certificate", server.url)
        works, said = self.outcome(server.url, "DoublePublisher", "verify = false")
        self.assertTrue(works, said)
        self.assertIn("not verified", said)

    def test_too_slow_an_answer(self) -> None:
        self.desk.misp.fail("hang", seconds=20, count=-1)
        self.assert_fails("time", self.desk.misp.url, more="timeout = 1")

    def test_a_wrong_key(self) -> None:
        self.assert_fails("MISP does not know this API key", self.desk.misp.url, "DoubleNobody")

    def test_a_key_that_has_expired(self) -> None:
        self.assert_fails("API key", self.desk.misp.url, "DoubleExpired")

    def test_a_role_that_may_not_use_the_api(self) -> None:
        self.assert_fails("API", self.desk.misp.url, "DoubleNoApi")

    def test_a_server_that_is_no_misp(self) -> None:
        wiki = Wiki()
        self.addCleanup(wiki.stop)
        self.assert_fails("MISP", wiki.url)

    def test_a_server_under_maintenance(self) -> None:
        self.desk.misp.fail("maintenance", count=-1)
        self.assert_fails("maintenance", self.desk.misp.url)

    def test_a_server_with_too_many_requests(self) -> None:
        self.desk.misp.fail("rate_limit", count=-1, reset=60)
        self.assert_fails("busy", self.desk.misp.url)

    def test_what_the_user_may_not_do_is_said(self) -> None:
        works, said = self.outcome(self.desk.misp.url, "DoubleUser")
        self.assertTrue(works, said)
        self.assertIn("may not publish", said)

    def test_a_user_or_a_key_that_may_only_read_cannot_send(self) -> None:
        for name in ("DoubleReadOnly", "DoubleReadOnlyKey"):
            with self.subTest(name):
                self.assert_fails("nothing can be sent", self.desk.misp.url, name)

    def test_a_disabled_account_is_no_wrong_key(self) -> None:
        self.assert_fails("The account is disabled", self.desk.misp.url, "DoubleDisabled")

    def test_the_address_of_a_page_is_corrected(self) -> None:
        self.configure(self.desk.misp.url, "DoublePublisher")
        options = self.open()
        options.write("#misp-url", f"{self.desk.misp.url}/events/index")
        works, said = options.test_connection()
        self.assertTrue(works, said)


class Secrecy(OptionsCase):
    def test_the_key_is_in_the_configuration_of_the_program_only(self) -> None:
        self.configure()
        options = self.open()
        options.write("#misp-url", self.desk.misp.url)
        options.write("#misp-key", key("DoublePublisher"))
        options.test_connection()
        options.save()
        self.assertEqual(options.value("#misp-key"), "")
        self.assertNotIn("DoublePublisher", options.run("return document.documentElement.outerHTML;"))
        answer = options.run(
            """
            const port = browser.runtime.connect({name: "page"});
            const asked = ["settings.read", "status"].map((method, id) => new Promise(resolve => {
              port.onMessage.addListener(message => { if (message.id == id) resolve(message); });
              port.postMessage({id, method: "host", params: {method, params: {}}});
            }));
            return JSON.stringify(await Promise.all(asked));"""
        )
        self.assertIn("misp.key", answer)
        self.assertNotIn("DoublePublisher", answer)
        self.desk.misp.fail("error500", path="/events/add", count=-1)
        self.desk.folders.select(self.desk.receive(mails.report("kept in the outbox")), "kept in the outbox")
        self.desk.window.click_message_button(holding=["shift"])
        self.desk.notifications.wait("kept in the outbox")
        self.assertEqual([line for line in self.desk.thunderbird.console() if "DoublePublisher" in line], [])
        stored = options.run(
            "return JSON.stringify([await browser.storage.local.get(), await browser.storage.session.get()]);"
        )
        self.assertNotIn("DoublePublisher", stored)
        self.desk.thunderbird.stop()
        self.addCleanup(self.desk.open_thunderbird)
        words = [text.encode(code) for text in ("DoublePublisher",) for code in ("utf-8", "utf-16-le")]
        files = [path for path in self.desk.profile.folder.rglob("*") if path.is_file()]
        self.assertIn(self.desk.home.configuration, files)
        self.assertTrue(any(path.name == "state.db" for path in files))
        holding = [path for path in files if any(word in path.read_bytes() for word in words)]
        self.assertEqual(holding, [self.desk.home.configuration])
