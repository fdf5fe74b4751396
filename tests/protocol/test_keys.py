"""Profiles and API keys: the host sends a key only to the server that it was stored for."""

from typing import Any

from client import Refused
from settings_case import KEY, OTHER, SettingsTest


class Profiles(SettingsTest):
    def test_a_profile_is_made_changed_and_removed(self) -> None:
        answer = self.write({"mail.mode": "sample"}, profile="trap")
        self.assertEqual((answer["profiles"], answer["profile"]), (["trap"], "trap"))
        self.assertEqual(answer["fields"]["mail.mode"]["origin"], "profile")
        self.assertEqual(self.fields()["mail.mode"]["origin"], "default")
        self.write({"mail.mode": None, "event.threat_level": 1}, profile="trap")
        self.assertEqual(self.fields(profile="trap")["mail.mode"]["value"], "auto")
        removed = self.connection.call("settings.remove_profile", profile="trap")
        self.assertEqual((removed["profiles"], removed["profile"]), ([], None))
        self.refused("no_profile", self.connection.call, "settings.remove_profile", profile="trap")

    def test_names_may_hold_anything(self) -> None:
        names = ["a.b", 'quote"s', "mit Ümläut", "😀", "a]b", "new\nline"]
        for name in names:
            with self.subTest(name):
                self.write({"event.threat_level": 1}, profile=name)
                self.assertEqual(self.fields(profile=name)["event.threat_level"]["value"], 1)
        self.assertEqual(set(self.connection.call("settings.read")["profiles"]), set(names))
        for name in names:
            self.connection.call("settings.remove_profile", profile=name)
        self.assertEqual(self.connection.call("status")["profiles"], [])

    def test_the_data_folder_is_that_of_all_profiles(self) -> None:
        self.assert_unchanged("setting", {"data_dir": "/tmp"}, profile="trap")

    def test_the_rest_of_the_file_stays_when_a_profile_goes(self) -> None:
        text = "# mine\n[event]\nthreat_level = 1\n"
        self.home.configure(f'{text}\n[profile.trap.mail]\nmode = "sample"\n')
        self.connection.call("settings.remove_profile", profile="trap")
        self.assertEqual(self.home.config.read_text(encoding="utf-8").strip(), text.strip())


class Keys(SettingsTest):
    """The host sends a stored key only to the server that it was stored for."""

    def setUp(self) -> None:
        super().setUp()
        self.home.configure(f'[misp]\nurl = "https://a.example/misp"\nkey = "{KEY}"\n')

    def test_another_server_needs_its_own_key(self) -> None:
        for url in [
            "https://b.example",
            "http://a.example/misp",
            "https://a.example:8443/misp",
            "https://a.example.evil.example/",
        ]:
            with self.subTest(url):
                self.assert_unchanged("key_needed", {"misp.url": url})
                self.refused("key_needed", self.connection.call, "connection.test", changes={"misp.url": url})
                self.write({"misp.url": url, "misp.key": OTHER})
                self.write({"misp.url": "https://a.example/misp", "misp.key": KEY})

    def test_another_folder_of_the_same_server_does_not(self) -> None:
        for url in ["https://a.example/", "https://A.EXAMPLE:443/other"]:
            self.write({"misp.url": url})
        self.assertEqual(self.stored()["misp"]["key"], KEY)

    def test_a_key_without_a_server_is_not_given_to_the_next_one(self) -> None:
        self.write({"misp.url": None})
        self.assert_unchanged("key_needed", {"misp.url": "https://evil.example"})

    def test_a_key_that_is_taken_out_does_not_come_back(self) -> None:
        self.write({"misp.key": None})
        self.write({"misp.url": "https://b.example"})
        self.assertFalse(self.fields()["misp.key"]["set"])

    def test_a_profile_does_not_send_the_key_elsewhere(self) -> None:
        for profile in ["new", "other"]:
            error = self.refused_by_any(
                ["key_needed", "configuration"], {"misp.url": "https://evil.example"}, profile=profile
            )
            self.assertIn("key", error.message)
        self.write({"misp.url": "https://b.example", "misp.key": OTHER}, profile="new")
        self.refused_by_any(["key_needed", "configuration"], {"misp.key": None}, profile="new")
        self.refused_by_any(["key_needed", "configuration"], {"misp.url": None}, profile="new")

    def refused_by_any(self, kinds: list[str], changes: dict[str, Any], **params: object) -> Refused:
        before = self.home.config.read_text(encoding="utf-8")
        with self.assertRaises(Refused) as caught:
            self.write(changes, **params)
        self.assertIn(caught.exception.kind, kinds)
        self.assertEqual(self.home.config.read_text(encoding="utf-8"), before)
        return caught.exception

    def test_a_key_from_the_environment_goes_to_no_other_server(self) -> None:
        self.connection = self.host(MISPIGEON_MISP_KEY=OTHER)
        self.assert_unchanged("key_needed", {"misp.url": "https://evil.example"})

    def test_a_new_key_takes_the_place_of_wherever_the_old_one_was(self) -> None:
        for where in ['key_file = "/nowhere"', 'key_command = ["cat", "/nowhere"]', 'key_env = "X"']:
            with self.subTest(where):
                self.home.configure(f'[misp]\nurl = "https://a.example"\n{where}\n')
                self.write({"misp.key": OTHER})
                self.assertEqual(self.stored()["misp"], {"url": "https://a.example", "key": OTHER})

    def test_the_key_of_a_profile_does_not_follow_the_address_of_the_top_level(self) -> None:
        self.home.configure(f'[misp]\nurl = "https://a.example"\nkey = "{KEY}"\n[profile.p.misp]\nkey = "{"b" * 40}"\n')
        changes = {"misp.url": "https://other.example", "misp.key": OTHER}
        self.refused("key_needed", self.host().call, "settings.write", changes=changes)
