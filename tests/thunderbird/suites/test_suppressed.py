"""A Thunderbird that takes no Experiments, as its monthly releases: the preferences of 153 decide that, not the build."""

import json
import unittest
from typing import Any

from driver.waiting import until
from stage import mails, policy
from stage.case import OwnDesk
from stage.options import OptionsPage
from stage.rules import COMPANION

SUPPRESSED = "extensions.experiments.suppressed"
ALLOWED = "extensions.experiments.allowed"
STATE = """
    const {AddonManager} = ChromeUtils.importESModule("resource://gre/modules/AddonManager.sys.mjs");
    const addon = await AddonManager.getAddonByID(args[0]);
    return addon && {active: addon.isActive, refused: addon.appDisabled};
"""
ACTIONS = """
    const {MailServices} = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
    return MailServices.filters.getCustomActions().map(each => each.id);
"""


class Suppressed(OwnDesk):
    def setUp(self) -> None:
        super().setUp()
        self.desk.start()
        self.desk.home.run("install", "thunderbird", "--filter-action")

    def addon(self) -> dict[str, bool] | None:
        return self.desk.thunderbird.chrome(STATE, COMPANION)

    def actions(self) -> list[str]:
        return self.desk.thunderbird.chrome(ACTIONS)

    def install(self) -> None:
        path = self.desk.home.data / "mispigeon-filter.xpi"
        self.desk.thunderbird.marionette.command("Addon:Install", {"path": str(path), "temporary": False})

    def prefer(self, **preferences: Any) -> None:
        self.desk.profile.preferences |= preferences
        self.desk.restart()

    def test_it_switches_the_companion_off_says_so_to_doctor_and_leaves_the_tag(self) -> None:
        self.install()
        until(lambda: f"{COMPANION}#send" in self.actions(), "the action")
        self.prefer(**{SUPPRESSED: True})
        until(lambda: self.addon() == {"active": False, "refused": True}, "the end of the companion")
        options = OptionsPage(self.desk.thunderbird).open(self.desk.background).wait("ready")
        options.choose("#preference-sending-tag", "misp")
        options.save()
        options.close()
        raw = mails.report("tagged without companion")
        (event,) = self.desk.home.would_send(self.desk.file(raw))
        folder = self.desk.receive(raw)
        self.desk.folders.tag(folder, "tagged without companion", "misp")
        until(lambda: self.desk.misp.event(event["uuid"]), "the event")
        self.desk.thunderbird.stop()
        profiles = self.desk.home.folder / ".thunderbird" / "profiles.ini"
        profiles.parent.mkdir(exist_ok=True)
        profiles.write_text(f"[Profile0]\nName=a\nIsRelative=0\nPath={self.desk.profile.path}\n", encoding="utf-8")
        found = json.loads(self.desk.home.run("doctor", "--format", "json", accepted=(0, 1)))
        (check,) = [each for each in found if each["id"] == "filter-action"]
        self.assertEqual(check["state"], "warning")
        self.assertIn("takes no Experiments", check["what"])

    @unittest.skipIf(policy.unavailable(), policy.unavailable())
    def test_where_an_administrator_allows_the_companion_by_its_id_it_works(self) -> None:
        allowed = {ALLOWED: {"Value": f"other@example.org,{COMPANION}", "Status": "default"}}
        self.desk.thunderbird.stop()
        self.desk.thunderbird.wrapper = policy.lay_down(self.desk.folder, {"policies": {"Preferences": allowed}})
        self.prefer(**{SUPPRESSED: True})
        self.install()
        until(lambda: f"{COMPANION}#send" in self.actions(), "the action")
        self.desk.restart()
        until(lambda: f"{COMPANION}#send" in self.actions(), "the action after a restart")
        # Thunderbird switches Experiments off some seconds after its start.
        self.desk.thunderbird.chrome(
            """
            const {checkInstalledExtensions} = ChromeUtils.importESModule("resource:///modules/ExtensionUtilities.sys.mjs");
            await checkInstalledExtensions();"""
        )
        self.assertEqual(self.addon(), {"active": True, "refused": False})
