"""What tests of the settings share: a connection, short names to read and write, and a check that a refusal changes nothing."""

import tomllib
from typing import Any

from case import ProtocolTest
from client import Refused

KEY = "k" * 40
OTHER = "o" * 40


class SettingsTest(ProtocolTest):
    def setUp(self) -> None:
        super().setUp()
        self.connection = self.host()

    def fields(self, **params: object) -> dict[str, Any]:
        return self.connection.call("settings.read", **params)["fields"]

    def write(self, changes: dict[str, Any], **params: object) -> dict[str, Any]:
        return self.connection.call("settings.write", changes=changes, **params)

    def stored(self) -> dict[str, Any]:
        return tomllib.loads(self.home.config.read_text(encoding="utf-8"))

    def assert_unchanged(self, kind: str, changes: dict[str, Any], **params: object) -> Refused:
        """Checks that the host refuses the change and leaves the file as it was; returns the refusal."""
        before = self.home.config.read_text(encoding="utf-8") if self.home.config.exists() else None
        error = self.refused(kind, self.write, changes, **params)
        after = self.home.config.read_text(encoding="utf-8") if self.home.config.exists() else None
        self.assertEqual(before, after)
        return error
