"""An organisation distributes the extension itself: installed by its policy, updated from its own address."""

import json
import pathlib
import subprocess
import unittest
import zipfile
from typing import Any

from driver.pages import EXTENSION
from driver.waiting import until
from stage import desk, policy
from stage.files import FileServer
from stage.rules import COMPANION

SELF_HOST = desk.REPOSITORY / "packaging" / "self-host"
VERSION = """
    const {AddonManager} = ChromeUtils.importESModule("resource://gre/modules/AddonManager.sys.mjs");
    const addon = await AddonManager.getAddonByID(args[0]);
    return addon?.isActive ? addon.version : null;
"""
UPDATE = """
    const {AddonManager} = ChromeUtils.importESModule("resource://gre/modules/AddonManager.sys.mjs");
    const addon = await AddonManager.getAddonByID(args[0]);
    const install = await new Promise(resolve => addon.findUpdates(
      {onUpdateAvailable: (_, found) => resolve(found), onNoUpdateAvailable: () => resolve(null)}, AddonManager.UPDATE_WHEN_USER_REQUESTED));
    await install?.install();
    return !!install;
"""


@unittest.skipIf(policy.unavailable(), policy.unavailable())
class SelfHosting(unittest.TestCase):
    def setUp(self) -> None:
        # Thunderbird takes updates by https only, unless this is said.
        self.desk = desk.Desk(preferences={"extensions.checkUpdateSecurity": False})
        self.addCleanup(self.desk.stop)
        self.site = self.desk.folder / "site"
        self.site.mkdir()
        self.server = FileServer(self.site)
        self.addCleanup(self.server.stop)
        self.desk.home.run("install", "thunderbird", "--filter-action")

    def offer(self, *extensions: pathlib.Path) -> None:
        subprocess.run([SELF_HOST, self.server.url, self.site, *extensions], check=True, capture_output=True)

    def newer(self, xpi: pathlib.Path) -> pathlib.Path:
        """The extension as the next release will have it."""
        path = self.desk.folder / f"next-{xpi.name}"
        with zipfile.ZipFile(xpi) as old, zipfile.ZipFile(path, "w") as new:
            for entry in old.infolist():
                raw = old.read(entry)
                if entry.filename == "manifest.json":
                    raw = json.dumps(json.loads(raw) | {"version": "0.1.1"}).encode()
                new.writestr(entry, raw)
        return path

    def version(self, extension: str) -> str | None:
        return self.desk.thunderbird.chrome(VERSION, extension)

    def policies(self) -> dict[str, Any]:
        return json.loads((self.site / "policies.json").read_text(encoding="utf-8"))

    def test_the_policy_installs_it_and_an_update_comes_from_the_same_address(self) -> None:
        both = [self.desk.home.extension, self.desk.home.data / "mispigeon-filter.xpi"]
        self.offer(*both)
        self.desk.thunderbird.wrapper = policy.lay_down(self.desk.folder, self.policies())
        self.desk.open_thunderbird()
        for extension in (EXTENSION, COMPANION):
            until(lambda: self.version(extension) == "0.1.0", f"{extension} by the policy")  # noqa: B023
            self.assertFalse(self.desk.thunderbird.chrome(UPDATE, extension), "an update to the same version")
        self.offer(*(self.newer(each) for each in both))
        for extension in (EXTENSION, COMPANION):
            self.assertTrue(self.desk.thunderbird.chrome(UPDATE, extension))
            until(lambda: self.version(extension) == "0.1.1", f"the update of {extension}")  # noqa: B023

    def test_what_cannot_work_is_refused(self) -> None:
        for address, file in (("http://updates.example.org", self.desk.home.extension), (self.server.url, SELF_HOST)):
            done = subprocess.run([SELF_HOST, address, self.site, file], capture_output=True, text=True)
            self.assertEqual(done.returncode, 65, done.stderr)
        self.assertFalse((self.site / "updates.json").exists())
