"""What every test of the protocol stands on: a home folder of its own, hosts that end with it, and what holds of each of them."""

import tempfile
import unittest

import servers
from client import Host, Refused
from home import Home


class ProtocolTest(unittest.TestCase):
    """Whatever a test does to a host, in the end it has not panicked and ends as it is told to."""

    maxDiff = 4000

    def setUp(self):
        self.home = self.new_home()

    def new_home(self):
        folder = tempfile.TemporaryDirectory(prefix="mispigeon-protocol-")
        self.addCleanup(folder.cleanup)
        return Home(folder.name)

    def host(self, *arguments, **more):
        """A host that is asked to end after the test, unless the test saw to that."""
        host = Host(self.home, *arguments, **more)
        self.addCleanup(self.dismiss, host)
        return host

    def dismiss(self, host):
        if host.process.poll() is None:
            try:
                self.assertEqual(host.end(), 0, host.said())
            finally:
                if host.process.poll() is None:
                    host.process.kill()
        host.wait()
        self.assertNotIn("panicked", host.said())
        host.log.close()

    def misp(self):
        """The MISP double, empty, which the home's configuration names with the publisher's key."""
        misp = servers.shared_misp()
        self.home.serve(misp.url, servers.key("Publisher"))
        return misp

    def refused(self, kind, call, *arguments, **params):
        """Holds that a call is refused with an error of this kind; gives that."""
        with self.assertRaises(Refused) as caught:
            call(*arguments, **params)
        self.assertEqual(caught.exception.kind, kind, caught.exception)
        return caught.exception

    def assert_alive(self, host):
        self.assertTrue(host.call("status")["host"])

    def assert_fatal(self, host, kind):
        """The host says why, in a frame without an id, and ends as one that got wrong data."""
        host.rest()
        self.assertEqual([error["data"]["kind"] for error in host.orphans], [kind])
        self.assertEqual(host.wait(), 65, host.said())
