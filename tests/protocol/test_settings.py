"""Settings for the options page: the host makes a change as a whole or not at all, and never shows a secret."""

import json
import stat
from pathlib import Path

import mails
from settings_case import KEY, OTHER, SettingsTest

LOCALES = Path(__file__).parents[2] / "extension/src/_locales"


class Reading(SettingsTest):
    def test_without_a_file_the_defaults_hold(self) -> None:
        answer = self.connection.call("settings.read")
        self.assertEqual((answer["file"], answer["exists"]), (str(self.home.config), False))
        self.assertEqual((answer["profile"], answer["profiles"]), (None, []))
        fields = answer["fields"]
        self.assertEqual(
            fields["event.distribution"],
            {
                "shape": "number",
                "origin": "default",
                "writable": True,
                "value": 0,
                "default": 0,
                "min": 0,
                "max": 4,
            },
        )
        self.assertEqual(
            fields["misp.verify"],
            {"shape": "flag", "origin": "default", "writable": False, "value": True, "default": True},
        )
        self.assertEqual(fields["misp.key"], {"shape": "secret", "origin": "default", "writable": True, "set": False})
        self.assertIsNone(fields["misp.url"]["value"])
        self.assertEqual(fields["mail.mode"]["choices"], ["auto", "report", "sample", "carrier"])
        self.assertFalse(self.home.config.exists())

    def test_where_a_value_comes_from_is_told(self) -> None:
        self.home.configure('[event]\nthreat_level = 1\n[profile.trap.mail]\nmode = "sample"\n')
        fields = self.fields(profile="trap")
        self.assertEqual((fields["event.threat_level"]["origin"], fields["event.threat_level"]["value"]), ("file", 1))
        self.assertEqual((fields["mail.mode"]["origin"], fields["mail.mode"]["value"]), ("profile", "sample"))
        self.assertEqual((fields["event.analysis"]["origin"], fields["data_dir"]["origin"]), ("default", "environment"))
        self.assertEqual(self.fields()["mail.mode"]["origin"], "default")

    def test_that_there_is_a_key_is_told_wherever_it_is_kept(self) -> None:
        for where in [f'key = "{KEY}"', 'key_file = "/nowhere"', 'key_command = ["cat"]', 'key_env = "X"']:
            with self.subTest(where):
                self.home.configure(f'[misp]\nurl = "https://misp.example"\n{where}\n')
                field = self.fields()["misp.key"]
                self.assertEqual((field["set"], field["origin"]), (True, "file"))

    def test_a_profile_that_there_is_not_is_said(self) -> None:
        self.refused("no_profile", self.fields, profile="trap")

    def test_every_setting_of_the_options_page_has_a_label_and_a_hint_in_every_language(self) -> None:
        answer = self.connection.call("settings.read")
        shown = [key for part in answer["page"].values() for key in part]
        self.assertEqual(
            answer["page"]["server"],
            [f"misp.{name}" for name in ("url", "key", "verify", "ca_file", "client_cert", "client_key", "timeout")],
        )
        self.assertLessEqual(set(shown), set(answer["fields"]))
        wanted = {f"options_{key.replace('.', '_')}{end}" for key in shown for end in ("", "_hint")}
        for messages in LOCALES.glob("*/messages.json"):
            with self.subTest(messages.parent.name):
                self.assertEqual(wanted - set(json.loads(messages.read_text(encoding="utf-8"))), set())


class Writing(SettingsTest):
    def test_a_file_is_made_for_its_owner_alone_and_explains_itself(self) -> None:
        answer = self.write({"event.threat_level": 2, "misp.url": "https://misp.example", "misp.key": KEY})
        self.assertTrue(answer["exists"])
        self.assertEqual(answer["fields"]["event.threat_level"]["value"], 2)
        self.assertEqual(
            answer["fields"]["misp.key"], {"shape": "secret", "origin": "file", "writable": True, "set": True}
        )
        self.assertEqual(self.stored()["misp"], {"url": "https://misp.example", "key": KEY})
        self.assertEqual(stat.S_IMODE(self.home.config.stat().st_mode), 0o600)
        self.assertIn("# ", self.home.config.read_text(encoding="utf-8"))
        self.home.run("config", "check")

    def test_what_is_written_holds_at_once(self) -> None:
        handle = self.connection.handle_of(mails.small(1))
        self.write({"event.prefix": "DESK"})
        self.assertEqual(self.connection.call("preview", message=handle)["events"][0]["info"], "DESK - Small 1")

    def test_every_shape_of_value_can_be_written_and_read(self) -> None:
        changes = {
            "event.publish": True,
            "event.analysis": 2,
            "event.prefix": "",
            "mail.mode": "sample",
            "tlp.default": "tlp:green",
            "misp.url": "https://misp.example/misp",
            "feed.org_uuid": "0e8b7f6a-3a0c-4d0e-9a2e-2f4f1f0a9c11",
            "event.tags": ["a", "ü\"\\\n'", "😀"],
            "hosts.own": ["example.org", "10.0.0.0/8"],
            "text.subject_remove": [r"(?i)\[x\]"],
            "tags.by_subject": {"locky": ['misp-galaxy:ransomware="Locky"', "a"], "weiß": ["b"]},
            "mail.max_size": 4 << 30,
        }
        self.write(changes)
        fields = self.fields()
        self.assertEqual({key: fields[key]["value"] for key in changes}, changes)
        self.assertEqual({fields[key]["origin"] for key in changes}, {"file"})

    def test_comments_and_order_of_a_file_stay(self) -> None:
        text = "# mine\n[event]\n# low\nthreat_level = 3 # always\n\n[text]\nignore_lines = [\n  'a', # first\n]\n"
        self.home.configure(text)
        self.write({"event.threat_level": 1})
        self.assertEqual(self.home.config.read_text(encoding="utf-8"), text.replace("3 # always", "1 # always"))

    def test_null_takes_a_setting_out(self) -> None:
        self.home.configure('[event]\nprefix = "X"\nthreat_level = 1\n')
        answer = self.write({"event.prefix": None, "event.tags": None})
        self.assertEqual(
            (answer["fields"]["event.prefix"]["value"], answer["fields"]["event.prefix"]["origin"]), ("M2M", "default")
        )
        self.assertEqual(self.stored(), {"event": {"threat_level": 1}})

    def test_all_changes_are_made_or_none(self) -> None:
        self.home.configure("[event]\nthreat_level = 3\n")
        error = self.assert_unchanged("setting", {"event.threat_level": 1, "event.analysis": 7, "event.publish": True})
        self.assertEqual(error.data["key"], "event.analysis")
        self.assertEqual(error.data["allowed"], "a whole number from 0 to 2")

    def test_values_that_do_not_fit_are_refused_with_what_may_be(self) -> None:
        for key, value in [
            ("event.threat_level", 0),
            ("event.threat_level", "1"),
            ("event.publish", 1),
            ("event.publish", "true"),
            ("mail.mode", "spam"),
            ("misp.url", "ftp://misp.example"),
            ("misp.url", "misp"),
            ("misp.url", ""),
            ("tlp.default", "tlp:purple"),
            ("feed.org_uuid", "1"),
            ("event.tags", "one"),
            ("text.subject_remove", ["("]),
            ("hosts.exclude", ["a b"]),
            ("misp.key", ""),
            ("misp.key", "  "),
            ("mail.max_size", 1),
            ("mail.max_size", 1 << 60),
            ("event.threat_level", (1 << 64) - 1),
            ("tags.by_subject", ["x"]),
        ]:
            with self.subTest(key=key, value=value):
                error = self.assert_unchanged("setting", {key: value})
                self.assertEqual(error.data["key"], key)
                self.assertTrue(error.data["allowed"])

    def test_values_of_no_shape_at_all_are_refused(self) -> None:
        wrong = [("event.tags", value) for value in [{"a": ["b"]}, {"a": 1}, 1.5, [1], [["a"]], [None]]]
        wrong += [("tags.by_subject", value) for value in [{"x": "y"}, {"x": [1]}, {"x": {"y": ["z"]}}, "x"]]
        for key, value in wrong:
            with self.subTest(key=key, value=value):
                changes = {"changes": {key: value}}
                self.refused("setting", self.connection.call_unchecked, "settings.write", changes)
        self.assertFalse(self.home.config.exists())

    def test_a_setting_that_there_is_not_is_refused(self) -> None:
        for key in ["no.such", "event", "event.", "", "profile.trap.mail.mode", "Event.Prefix", "misp.url "]:
            with self.subTest(key):
                self.assertEqual(self.assert_unchanged("setting", {key: 1}).data["key"], key)

    def test_programs_files_and_doors_are_for_who_can_edit_the_file(self) -> None:
        for key, value in [
            ("data_dir", "/tmp"),
            ("feed.dir", "/tmp"),
            ("misp.key_file", "/etc/passwd"),
            ("misp.key_command", ["sh"]),
            ("misp.key_env", "HOME"),
            ("misp.client_key", "/etc/passwd"),
            ("misp.client_cert", "/etc/passwd"),
            ("misp.ca_file", "/tmp/mine.pem"),
            ("misp.verify", False),
            ("dns.name_servers", ["9.9.9.9"]),
            ("listen.smtp", ["0.0.0.0:25"]),
            ("listen.key", "/etc/passwd"),
            ("tags.implied", {"tlp:red": ["x"]}),
            ("directives.key", KEY),
        ]:
            for change in [value, None]:
                with self.subTest(key=key, change=change):
                    self.assertIn("file only", self.assert_unchanged("setting", {key: change}).data["allowed"])

    def test_values_that_exclude_each_other_are_refused(self) -> None:
        self.assert_unchanged("configuration", {"event.distribution": 4})
        self.assert_unchanged("configuration", {"destination": "misp"})
        self.write({"event.distribution": 4, "event.sharing_group": 7})
        self.assert_unchanged("configuration", {"event.sharing_group": None})

    def test_the_environment_goes_before_the_file(self) -> None:
        self.home.configure(f'[misp]\nurl = "https://misp.example"\nkey = "{KEY}"\n')
        self.connection = self.host(MISPIGEON_MISP_URL="https://env.example", MISPIGEON_MISP_KEY=OTHER)
        fields = self.fields()
        self.assertEqual(
            (fields["misp.url"]["origin"], fields["misp.url"]["value"]), ("environment", "https://env.example")
        )
        self.assertEqual((fields["misp.key"]["origin"], fields["misp.key"]["set"]), ("environment", True))
        for key, value in [("misp.url", "https://b.example"), ("misp.key", OTHER), ("misp.url", None)]:
            error = self.assert_unchanged("locked", {key: value})
            self.assertEqual(error.data["key"], key)
            self.assertIn("MISPIGEON_MISP_", error.message)
        self.write({"event.threat_level": 1})

    def test_changes_that_come_at_once_are_all_made(self) -> None:
        changes = {
            "event.prefix": "A",
            "sightings.source": "B",
            "feed.org": "C",
            "directives.prefix": "D",
            "text.stop_word": "E",
            "directives.benign_keyword": "F",
            "event.threat_level": 1,
            "event.analysis": 2,
            "event.publish": True,
            "mail.depth": 3,
        }
        self.write({"event.date": "today"})
        numbers = [self.connection.ask("settings.write", changes={key: value}) for key, value in changes.items()]
        for number in numbers:
            self.connection.answer(number)
        fields = self.fields()
        self.assertEqual({key: fields[key]["value"] for key in changes}, changes)

    def test_a_file_that_is_a_link_stays_one(self) -> None:
        real = self.home.folder / "dotfiles.toml"
        real.write_text("[event]\nthreat_level = 3\n")
        self.home.config.parent.mkdir(parents=True)
        self.home.config.symlink_to(real)
        self.write({"event.threat_level": 1})
        self.assertTrue(self.home.config.is_symlink())
        self.assertIn("threat_level = 1", real.read_text())

    def test_a_file_that_others_can_read_is_made_private_with_the_key(self) -> None:
        self.home.configure('[misp]\nurl = "https://misp.example"\n')
        self.home.config.chmod(0o644)
        self.write({"misp.key": KEY})
        self.assertEqual(stat.S_IMODE(self.home.config.stat().st_mode), 0o600)

    def test_nothing_is_left_beside_the_file(self) -> None:
        self.write({"event.threat_level": 1})
        self.assert_unchanged("setting", {"event.threat_level": 9})
        self.assertEqual([path.name for path in self.home.config.parent.iterdir()], ["config.toml"])


class Opening(SettingsTest):
    """`settings.open`, with an opener that only notes what it is asked to open."""

    def opener(self, script: str) -> Path:
        folder = self.home.folder / "bin"
        folder.mkdir()
        opener = folder / "xdg-open"
        opener.write_text(f"#!/bin/sh\n{script}\n")
        opener.chmod(0o755)
        self.connection = self.host(PATH=f"{folder}:/usr/bin:/bin")
        return self.home.folder / "asked"

    def test_the_file_is_made_and_opened_and_no_other(self) -> None:
        asked = self.opener(f'printf "%s\\n" "$#" "$1" > "{self.home.folder}/asked"')
        self.assertEqual(self.connection.call("settings.open"), {"file": str(self.home.config), "opened": True})
        self.assertEqual(asked.read_text().split("\n"), ["1", str(self.home.config), ""])
        self.assertEqual(stat.S_IMODE(self.home.config.stat().st_mode), 0o600)
        self.home.run("config", "check")
        self.refused("invalid", self.connection.call_unchecked, "settings.open", {"file": "/etc/passwd"})

    def test_a_file_with_a_fault_is_opened_as_it_is(self) -> None:
        self.home.configure("[event\n")
        self.opener("exit 0")
        self.assertTrue(self.connection.call("settings.open")["opened"])
        self.assertEqual(self.home.config.read_text(encoding="utf-8"), "[event\n")

    def test_an_editor_that_stays_open_is_not_waited_for(self) -> None:
        self.opener("exec sleep 20")
        self.assertTrue(self.connection.call("settings.open")["opened"])

    def test_without_an_editor_the_path_is_told(self) -> None:
        self.opener("exit 3")
        self.assertEqual(self.connection.call("settings.open"), {"file": str(self.home.config), "opened": False})
        (self.home.folder / "bin" / "xdg-open").unlink()
        self.assertFalse(self.connection.call("settings.open")["opened"])
