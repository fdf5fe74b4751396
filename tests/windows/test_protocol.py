"""The suite `protocol` with the Windows program."""

import unittest

MODULES = (
    "test_cancel",
    "test_connection",
    "test_editing",
    "test_export",
    "test_frames",
    "test_greeting",
    "test_known",
    "test_messages",
    "test_outbox",
    "test_preview",
    "test_sending",
    "test_status",
)


def load_tests(loader: unittest.TestLoader, _: unittest.TestSuite, __: str | None) -> unittest.TestSuite:
    return unittest.TestSuite(loader.loadTestsFromName(name) for name in MODULES)
