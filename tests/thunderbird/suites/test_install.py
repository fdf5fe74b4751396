"""The steps of the README, up to the first event."""

import pathlib

from driver.addons import Addons
from driver.waiting import until
from stage import mails
from stage.case import OwnDesk
from stage.misp import key
from stage.review import Review
from stage.welcome import WelcomePage


class Install(OwnDesk):
    how = {"configured": False}

    def install(self) -> Addons:
        """Runs `mispigeon install thunderbird`, and takes the one step that it names."""
        said = self.desk.home.install()
        path = said.strip().splitlines()[-1].strip()
        self.assertEqual(path, str(self.desk.home.extension))
        addons = Addons(self.desk.window)
        self.assertIsNone(addons.state())
        addons.open()
        addons.choose_install_from_file()
        addons.paste(pathlib.Path(path))
        self.desk.window.agree()
        until(lambda: (addons.state() or {}).get("active"), "the extension installed")
        return addons

    def test_the_steps_of_the_readme_lead_to_an_event_in_misp(self) -> None:
        self.desk.open_thunderbird()
        self.install()
        welcome = WelcomePage(self.desk.thunderbird).wait("ready")
        welcome.enter(self.desk.misp.url, key("DoublePublisher"))
        welcome.click("#test-connection")
        self.assertIn(self.desk.misp.url, welcome.wait_settled())
        self.desk.folders.close_tabs_and_windows()
        raw = mails.report("the first")
        self.desk.folders.select(self.desk.receive(raw), "the first")
        self.desk.window.click_message_button()
        self.assertEqual(Review(self.desk.thunderbird).wait_ready().create(), ["created"])
        self.event(self.desk.home.would_send(self.desk.file(raw))[0]["uuid"])

    def test_installing_again_changes_nothing_and_uninstalling_takes_the_host_away(self) -> None:
        self.desk.open_thunderbird()
        addons = self.install()
        WelcomePage(self.desk.thunderbird).wait_open()
        self.desk.folders.close_tabs_and_windows()
        said = self.desk.home.install()
        self.assertIn("already in place", said)
        self.assertNotIn("wrote", said)
        self.desk.restart()
        self.assertTrue(addons.state()["active"])
        self.desk.home.run("uninstall", "thunderbird")
        self.assertFalse(self.desk.home.manifest.exists())
        self.desk.folders.select(self.desk.receive(mails.report("after uninstalling")), "after uninstalling")
        self.desk.window.click_message_button()
        self.assertEqual(Review(self.desk.thunderbird).wait_open().trouble(), "host_missing")
        self.assertTrue(self.desk.home.data.exists())
