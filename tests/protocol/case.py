"""What the tests of the protocol share: a home folder for each test, hosts that end with it, and checks that every host must pass."""

import tempfile
import unittest
from collections.abc import Callable, Sequence
from typing import Any

import servers
from client import Host, Refused
from harness import key
from home import Home
from servers import Misp


class ProtocolTest(unittest.TestCase):
    """Checks after each test that the host did not panic, and that it ends when asked to."""

    maxDiff = 4000

    def setUp(self) -> None:
        self.home = self.new_home()

    def new_home(self) -> Home:
        folder = tempfile.TemporaryDirectory(prefix="mispigeon-protocol-")
        self.addCleanup(folder.cleanup)
        return Home(folder.name)

    def host(self, words: Sequence[object] | None = None, greet: bool = True, **environment: str) -> Host:
        """Starts a host; the end of the test ends it if it still runs."""
        host = Host(self.home, words, greet, **environment)
        self.addCleanup(self.dismiss, host)
        return host

    def dismiss(self, host: Host) -> None:
        if host.process.poll() is None:
            try:
                self.assertEqual(host.end(), 0, host.said())
            finally:
                if host.process.poll() is None:
                    host.process.kill()
        host.wait()
        self.assertNotIn("panicked", host.said())
        host.log.close()

    def misp(self) -> Misp:
        """Empties the MISP double and configures the home for it, with the publisher's key."""
        misp = servers.shared_misp()
        self.home.serve(misp.url, key("Publisher"))
        return misp

    def refused(self, kind: str, call: Callable[..., object], *arguments: object, **params: Any) -> Refused:
        """Checks that the host refuses a call with an error of this kind; returns the error."""
        with self.assertRaises(Refused) as caught:
            call(*arguments, **params)
        self.assertEqual(caught.exception.kind, kind, caught.exception)
        return caught.exception

    def assert_alive(self, host: Host) -> None:
        self.assertTrue(host.call("status")["host"])

    def assert_fatal(self, host: Host, kind: str) -> None:
        """Checks that the host says why in a frame without an id, and ends with the exit code for wrong data."""
        host.rest()
        self.assertEqual([error["data"]["kind"] for error in host.orphans], [kind])
        self.assertEqual(host.wait(), 65, host.said())
