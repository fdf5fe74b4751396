"""The suite `protocol` with the Windows program. Of its tests those are left out that are about Unix, and those below."""

import unittest
from collections.abc import Iterator

MODULES = (
    "test_cancel",
    "test_connection",
    "test_editing",
    "test_export",
    "test_frames",
    "test_greeting",
    "test_outbox",
    "test_sending",
)

LEFT_OUT = {
    # Wine's certificates know no authorities of a program's own.
    "test_an_authority_of_ones_own_is_trusted",
    "test_a_client_certificate_is_shown",
    # Hundreds of processes, each of which takes Wine a second.
    "test_a_conversation_may_be_cut_at_every_byte",
    # A program that was built to be built quickly is too slow for that much.
    "test_a_text_that_is_no_use_in_a_clipboard_is_refused",
    # The memory of a process under Wine is Wine's too.
    "test_answers_that_nobody_reads_do_not_fill_the_memory",
}


def load_tests(loader: unittest.TestLoader, _: unittest.TestSuite, __: str | None) -> unittest.TestSuite:
    found = unittest.TestSuite(loader.loadTestsFromName(name) for name in MODULES)
    return unittest.TestSuite(test for test in single(found) if test.id().rsplit(".", 1)[-1] not in LEFT_OUT)


def single(tests: unittest.TestSuite) -> Iterator[unittest.TestCase]:
    for test in tests:
        if isinstance(test, unittest.TestSuite):
            yield from single(test)
        else:
            yield test
