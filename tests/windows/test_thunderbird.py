"""Installing for Thunderbird: the registry, the host manifest, the extension's file, and what `doctor` says of them."""

import json
import shutil
import zipfile

import mails
from program import CONFIG, DRIVE, FEED, LOCAL, MOZILLA, PROGRAM, ROAMING, WindowsTest, windows_path, wine

USER_KEY = rf"{MOZILLA}\NativeMessagingHosts\mispigeon"
SYSTEM_KEY = USER_KEY.replace("HKCU", "HKLM")
DATA = LOCAL / "mispigeon" / "data"
SHARED = DRIVE / "ProgramData" / "mispigeon"
MANIFEST, XPI = DATA / "mispigeon.json", DATA / "mispigeon.xpi"


class Installing(WindowsTest):
    def checks(self, *words: str, code: int = 0) -> dict[str, tuple[str, str]]:
        """The state of each check of `doctor` and what it says, by the check's id."""
        checks = json.loads(self.text("doctor", "--format", "json", *words, code=code))
        return {check["id"]: (check["state"], f"{check['what']}; {check['next']}") for check in checks}

    def test_a_user_installs_and_uninstalls(self) -> None:
        would = self.text("install", "thunderbird", "--dry-run")
        self.assertIn(rf"would write {USER_KEY}", would)
        self.assertIsNone(self.registry(USER_KEY))
        self.assertFalse(DATA.exists())

        said = self.text("install", "thunderbird")
        self.assertIn(f"wrote {USER_KEY}", said)
        self.assertIn(windows_path(XPI), said)
        self.assertEqual(self.registry(USER_KEY), windows_path(MANIFEST))
        manifest = json.loads(MANIFEST.read_text(encoding="utf-8"))
        self.assertEqual(manifest["path"], windows_path(PROGRAM))
        with zipfile.ZipFile(XPI) as extension:
            self.assertIn("manifest.json", extension.namelist())
        self.assertNotIn("wrote", self.text("install", "thunderbird"))

        self.configure("")
        self.lines("send", "--format", "json", "-", stdin=mails.small(1))
        said = self.text("uninstall", "thunderbird")
        self.assertIn(f"removed {USER_KEY}", said)
        self.assertIsNone(self.registry(USER_KEY))
        self.assertIsNotNone(self.registry_exists(rf"{MOZILLA}\NativeMessagingHosts"))
        self.assertEqual((MANIFEST.exists(), XPI.exists()), (False, False))
        self.assertTrue(all(path.exists() for path in (CONFIG, DATA / "state.db", FEED / "manifest.json")))
        self.assertNotIn("removed", self.text("uninstall", "thunderbird"))

    def registry_exists(self, key: str) -> str | None:
        return key if wine("reg", "query", key).returncode == 0 else None

    def test_keys_of_others_stay(self) -> None:
        other = rf"{MOZILLA}\NativeMessagingHosts\other"
        wine("reg", "add", other, "/ve", "/d", r"C:\other.json", "/f")
        self.text("install", "thunderbird")
        self.text("uninstall", "thunderbird")
        self.assertEqual(self.registry(other), r"C:\other.json")

    def test_for_all_users(self) -> None:
        self.addCleanup(wine, "reg", "delete", r"HKLM\Software\Mozilla", "/f")
        self.addCleanup(shutil.rmtree, SHARED, ignore_errors=True)
        self.text("install", "thunderbird", "--system", "--filter-action")
        self.assertEqual(self.registry(SYSTEM_KEY), r"C:\ProgramData\mispigeon\mispigeon.json")
        self.assertIsNone(self.registry(USER_KEY))
        names = {path.name for path in SHARED.iterdir()}
        self.assertEqual(names, {"mispigeon.json", "mispigeon.xpi", "mispigeon-filter.xpi"})
        self.assertEqual(self.checks("--offline")["registry-key"][0], "ok")
        self.text("uninstall", "thunderbird", "--system")
        self.assertIsNone(self.registry(SYSTEM_KEY))
        self.assertEqual(list(SHARED.iterdir()), [])

    def test_a_program_below_a_folder_with_blanks_and_umlauts(self) -> None:
        program = self.work / "Programme für Köln (x86) & mehr" / "mispigeon.exe"
        program.parent.mkdir()
        shutil.copyfile(PROGRAM, program)
        self.run_program("install", "thunderbird", program=program)
        self.assertEqual(json.loads(MANIFEST.read_text(encoding="utf-8"))["path"], windows_path(program))
        out, _ = self.run_program("doctor", "--offline", "--format", "json", program=program)
        self.assertIn("leads Thunderbird to this program", out.decode("utf-8"))
        # Another program than the one that was installed says so.
        state, what = self.checks("--offline")["host-manifest"]
        self.assertEqual(state, "warning")
        self.assertIn(windows_path(program), what)

    def test_a_file_of_others_is_left(self) -> None:
        MANIFEST.parent.mkdir(parents=True)
        MANIFEST.write_text('{"name": "other"}', encoding="utf-8")
        _, said = self.run_program("install", "thunderbird", code=73)
        self.assertIn(windows_path(MANIFEST), said)
        self.assertIsNone(self.registry(USER_KEY))
        self.assertFalse(XPI.exists())

    def test_doctor_on_a_new_machine(self) -> None:
        checks = self.checks()
        self.assertEqual({state for state, _ in checks.values()} - {"ok", "skipped"}, set(), checks)
        self.assertIn(windows_path(FEED), checks["settings"][1])
        self.assertIn("free in", checks["free-space"][1])

    def test_doctor_sees_a_key_that_is_gone_or_leads_elsewhere(self) -> None:
        self.text("install", "thunderbird")
        self.assertEqual(self.checks("--offline")["registry-key"][0], "ok")
        wine("reg", "add", USER_KEY, "/ve", "/d", r"C:\elsewhere.json", "/f")
        self.assertEqual(self.checks("--offline", code=78)["registry-key"][0], "problem")
        wine("reg", "delete", USER_KEY, "/f")
        state, what = self.checks("--offline", code=78)["registry-key"]
        self.assertEqual((state, "mispigeon install thunderbird" in what), ("problem", True))
        self.text("install", "thunderbird")
        self.assertEqual(self.registry(USER_KEY), windows_path(MANIFEST))

    def test_doctor_finds_the_extension_in_a_profile_of_thunderbird(self) -> None:
        self.text("install", "thunderbird")
        folder = ROAMING / "Thunderbird"
        profile = folder / "Profiles" / "abc.default"
        profile.mkdir(parents=True)
        ini = "[Install1]\nDefault=Profiles/abc.default\n\n[Profile0]\nName=default\nIsRelative=1\nPath=Profiles/abc.default\n"
        (folder / "profiles.ini").write_bytes(ini.replace("\n", "\r\n").encode())
        version = self.text("--version").split()[-1]
        addon = {"id": "mispigeon@mispigeon.org", "version": version, "active": True}
        (profile / "extensions.json").write_text(json.dumps({"addons": [addon]}), encoding="utf-8")
        state, what = self.checks("--offline")["extension"]
        self.assertEqual(state, "ok", what)
        self.assertIn(windows_path(folder), what)

    def test_what_is_made_for_other_systems_says_so(self) -> None:
        for name, system in [("systemd", "Linux"), ("apple-mail", "macOS")]:
            with self.subTest(name):
                _, said = self.run_program("install", name, code=64)
                self.assertIn(f"{system} only", said)

    def test_rights(self) -> None:
        """A file that nobody may write is not replaced, and the message names it."""
        self.text("config", "init")
        CONFIG.chmod(0o444)
        _, said = self.run_program("config", "init", "--force", code=73)
        self.assertIn(windows_path(CONFIG), said)
