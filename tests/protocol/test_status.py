"""The status: what is configured, what waits, and the error while the configuration cannot be used."""

import subprocess
from typing import Any

import mails
import servers
from harness import key
from settings_case import KEY, SettingsTest


class Trouble(SettingsTest):
    """With a configuration that it cannot use, the host reports that, and still answers."""

    BROKEN = [
        "broken =\n",
        "[event]\nthreat_level = 9\n",
        "[evnt]\nprefix = 'x'\n",
        "[event]\ndistribution = 4\n",
        "\0",
    ]

    def test_status_says_what_is_wrong(self) -> None:
        for text in self.BROKEN:
            with self.subTest(text):
                self.home.configure(text)
                config = self.host().call("status")["config"]
                self.assertEqual((config["file"], config["exists"]), (str(self.home.config), True))
                self.assertIn("config.toml", config["error"])

    def test_other_calls_say_it_too(self) -> None:
        handle = self.connection.handle_of(mails.small(1))
        for text in self.BROKEN:
            with self.subTest(text):
                self.home.configure(text)
                calls: list[tuple[str, dict[str, Any]]] = [
                    ("preview", {"message": handle}),
                    ("export", {"message": handle, "format": "text", "offset": 0}),
                    ("settings.read", {}),
                    ("settings.write", {"changes": {"event.prefix": "x"}}),
                    ("connection.test", {}),
                    ("outbox.list", {}),
                    ("outbox.retry", {}),
                ]
                for method, params in calls:
                    self.refused("configuration", self.connection.call, method, **params)
                # If the host can read the file and only its settings are wrong, it knows the profiles.
                kind = "no_profile" if "distribution" in text else "configuration"
                self.refused(kind, self.connection.call, "settings.remove_profile", profile="x")
                self.assertEqual(self.home.config.read_text(encoding="utf-8"), text)

    def test_a_file_with_a_key_that_others_can_read_is_not_used(self) -> None:
        self.home.serve("https://misp.example", KEY)
        self.home.config.chmod(0o644)
        self.assertIn("chmod 600", self.connection.call("status")["config"]["error"])

    def test_a_file_that_is_mended_is_used_without_a_new_start(self) -> None:
        self.home.configure("broken =\n")
        self.assertTrue(self.connection.call("status")["config"]["error"])
        self.home.configure("[event]\ndistribution = 1\n")
        status = self.connection.call("status")
        self.assertEqual((status["config"]["error"], status["defaults"]["distribution"]), (None, 1))

    def test_an_unusable_configuration_names_no_destination(self) -> None:
        self.home.configure("broken =\n")
        status = self.connection.call("status")
        self.assertEqual((status["destination"], status["config"]["repair"]), (None, None))

    def test_a_key_that_others_can_read_comes_with_the_command_that_mends_it(self) -> None:
        self.home.configure(f'[misp]\nurl = "https://misp.example"\nkey = "{KEY}"\n')
        self.home.config.chmod(0o644)
        status = self.connection.call("status")
        self.assertIsNone(status["destination"])
        subprocess.run(["sh", "-c", status["config"]["repair"]], check=True)
        self.assertEqual(self.home.config.stat().st_mode & 0o777, 0o600)
        self.assertEqual(self.connection.call("status")["destination"]["target"], "misp")

    def test_a_folder_that_cannot_be_written_is_said(self) -> None:
        self.home.config.parent.parent.mkdir()
        self.home.config.parent.write_text("a file where a folder is wanted")
        self.refused("configuration", self.write, {"event.prefix": "x"})
        self.assert_alive(self.connection)


class Status(SettingsTest):
    def test_where_events_go_and_how_is_told(self) -> None:
        self.assertEqual(
            self.connection.call("status")["destination"], {"target": "feed", "folder": str(self.home.data / "feed")}
        )
        self.home.configure(
            f'[misp]\nurl = "https://misp.example/misp/"\nkey = "{KEY}"\n[mail]\nmode = "auto"\n[tlp]\ndefault = "tlp:green"\n'
            '[event]\ndistribution = 2\n[profile.b.event]\ndistribution = 3\n[profile.a]\ndestination = "feed"\n'
        )
        status = self.connection.call("status")
        self.assertEqual(status["destination"], {"target": "misp", "url": "https://misp.example/misp"})
        self.assertEqual(status["defaults"], {"mode": "auto", "tlp": "tlp:green", "distribution": 2})
        self.assertEqual((status["key_set"], status["profiles"]), (True, ["a", "b"]))
        self.assertEqual(self.connection.call("status", profile="b")["defaults"]["distribution"], 3)
        self.assertEqual(self.connection.call("status", profile="a")["destination"]["target"], "feed")

    def test_a_key_is_set_only_where_there_is_one(self) -> None:
        file = self.home.folder / "key"
        self.home.configure(f'[misp]\nurl = "https://misp.example"\nkey_file = "{file}"\n')
        self.assertFalse(self.connection.call("status")["key_set"])
        file.write_text(KEY)
        self.assertTrue(self.connection.call("status")["key_set"])

    def test_a_profile_that_there_is_not_is_said(self) -> None:
        self.assertIn("trap", self.connection.call("status", profile="trap")["config"]["error"])

    def test_what_waits_is_counted(self) -> None:
        self.home.serve(f"http://127.0.0.1:{servers.closed_port()}", key("Publisher"))
        self.connection.call("send", message=self.connection.handle_of(mails.small(1)))
        self.assertEqual(self.connection.call("status")["outbox"], {"pending": 1, "failed": 0})


class Named(SettingsTest):
    def test_status_names_the_file_that_is_wrong(self) -> None:
        other = self.home.folder / "other.toml"
        other.write_text("broken =\n")
        config = self.host(MISPIGEON_CONFIG=str(other)).call("status")["config"]
        self.assertEqual(config["file"], str(other))

    def test_what_waits_is_counted_although_the_configuration_is_broken(self) -> None:
        self.home.serve(f"http://127.0.0.1:{servers.closed_port()}", key("Publisher"))
        host = self.host()
        host.call("send", message=host.handle_of(mails.small(1)))
        self.home.configure("broken =\n")
        status = host.call("status")
        self.assertEqual(status["outbox"], {"pending": 1, "failed": 0})
        self.assertIsNone(status["destination"])
