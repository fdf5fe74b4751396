"""What the tests of the settings stand on: a connection, short words for reading and writing, and what a refusal leaves as it was."""

import tomllib

from case import ProtocolTest

KEY = "k" * 40
OTHER = "o" * 40


class SettingsTest(ProtocolTest):
    def setUp(self):
        super().setUp()
        self.connection = self.host()

    def fields(self, **params):
        return self.connection.call("settings.read", **params)["fields"]

    def write(self, changes, **params):
        return self.connection.call("settings.write", changes=changes, **params)

    def stored(self):
        return tomllib.loads(self.home.config.read_text(encoding="utf-8"))

    def assert_unchanged(self, kind, changes, **params):
        """The change is refused and the file is as it was; gives the refusal."""
        before = self.home.config.read_text(encoding="utf-8") if self.home.config.exists() else None
        error = self.refused(kind, self.write, changes, **params)
        after = self.home.config.read_text(encoding="utf-8") if self.home.config.exists() else None
        self.assertEqual(before, after)
        return error
