"""The end of the host: by the end of its input, by a signal, or killed in the middle of work. It loses no mail and delivers none
twice."""

import contextlib
import signal
import time

import mails
import servers
from case import ProtocolTest
from client import PATIENCE, Host
from harness import key

KEY = key("Publisher")

# Thunderbird sends SIGTERM this many seconds after it closed the input.
GRACE = 3


class End(ProtocolTest):
    def setUp(self) -> None:
        super().setUp()
        self.server = self.misp()

    def send_slowly(self, host: Host, raw: bytes) -> None:
        """Begins to send to a server that does not answer; returns when the server has the request."""
        slow = servers.Silent(self)
        self.home.serve(slow.url, KEY)
        host.ask("send", message=host.handle_of(raw))
        self.assertTrue(slow.asked.acquire(timeout=PATIENCE))
        self.home.serve(self.server.url, KEY)

    def assert_whole(self) -> None:
        self.assertEqual(self.home.query("PRAGMA integrity_check"), [("ok",)])

    def free_claims(self) -> None:
        """Makes the claims of a killed host run out now instead of after a minute."""
        for (until,) in self.home.query("SELECT lease_until FROM submission WHERE lease IS NOT NULL"):
            self.assertLessEqual(until - time.time(), 60)
        self.home.query("UPDATE submission SET lease_until = 0")

    def test_an_idle_host_ends_with_its_input(self) -> None:
        host = self.host()
        host.call("status")
        self.assertEqual(host.end(patience=GRACE / 2), 0)

    def test_a_host_ends_before_it_was_greeted(self) -> None:
        self.assertEqual(self.host(greet=False).end(patience=GRACE / 2), 0)

    def test_a_message_that_is_half_there_leaves_nothing_behind(self) -> None:
        host = self.host()
        before = self.home.files()
        host.call("message.begin", size=1000)
        host.handle_of(mails.small(1))
        self.assertEqual(host.end(), 0)
        self.assertEqual(self.home.files(), before)

    def test_what_is_being_delivered_when_the_input_ends_stays_in_the_outbox(self) -> None:
        host = self.host()
        self.send_slowly(host, mails.small(1))
        self.assertEqual(host.end(patience=GRACE), 0)
        self.assert_whole()
        ((state, subject),) = self.home.query("SELECT state, subject FROM submission")
        self.assertEqual((state, subject), ("pending", "Small 1"))
        self.free_claims()
        (delivery,) = self.host().call("outbox.retry")["deliveries"]
        self.assertEqual(delivery["status"], "created")
        self.assertEqual(self.server.events(), 1)

    def test_what_is_delivered_within_the_grace_is_answered(self) -> None:
        self.server.fail("hang", path="/events/add", seconds=0.5)
        host = self.host()
        number = host.ask("send", message=host.handle_of(mails.small(1)))
        host.await_stage(number, "delivering")
        self.assertEqual(host.end(), 0)
        self.assertEqual(host.answer(number)["deliveries"][0]["status"], "created")

    def test_a_signal_ends_an_idle_host(self) -> None:
        host = self.host()
        host.process.send_signal(signal.SIGTERM)
        host.rest()
        self.assertEqual(host.wait(), -signal.SIGTERM)

    def test_a_signal_in_the_middle_of_a_delivery_leaves_the_database_whole(self) -> None:
        for number, kill in enumerate([signal.SIGTERM, signal.SIGKILL, signal.SIGHUP]):
            with self.subTest(kill):
                host = self.host()
                self.send_slowly(host, mails.small(number))
                host.process.send_signal(kill)
                host.rest()
                self.assertEqual(host.wait(), -kill)
                self.assert_whole()
                self.assertEqual(len(self.home.query("SELECT id FROM submission")), number + 1)
        self.free_claims()
        self.assertEqual(len(self.host().call("outbox.retry")["deliveries"]), 3)
        self.assertEqual(self.server.events(), 3)


class Killed(ProtocolTest):
    """Kills the host in the middle of twenty mails, then sends those again that it did not answer."""

    COUNT = 20

    def setUp(self) -> None:
        super().setUp()
        self.raws = [mails.small(number) for number in range(self.COUNT)]

    def send_all(self, host: Host, raws: list[bytes]) -> list[tuple[bytes, int]]:
        return [(raw, host.ask("send", message=handle)) for raw, handle in [(raw, host.handle_of(raw)) for raw in raws]]

    def kill_after(self, answered: int) -> list[bytes]:
        """Sends all mails, kills the host after some answers; returns the mails without an answer."""
        host = self.host()
        numbers = self.send_all(host, self.raws)
        while len(host.answers) < answered:
            host.take(time.monotonic() + PATIENCE)
        host.process.kill()
        with contextlib.suppress(AssertionError):  # The last frame may be cut.
            host.rest()
        host.wait()
        return [raw for raw, number in numbers if number not in host.answers]

    def test_none_is_lost_and_none_is_sent_twice(self) -> None:
        for process, answered in [(False, 0), (True, 7)]:
            with self.subTest(process=process, answered=answered):
                self.home, self.server = self.new_home(), servers.Misp()
                self.addCleanup(self.server.stop)
                self.home.serve(self.server.url, KEY)
                self.server.fail("hang", path="/events/add", seconds=0.1, count=-1, process=process)
                unanswered = self.kill_after(answered)
                self.assertTrue(unanswered)
                self.server.recover()
                host = self.host()
                for _, number in self.send_all(host, unanswered):
                    host.answer(number)
                identities = {one.hex() for (one,) in self.home.query("SELECT identity FROM submission")}
                self.assertEqual(identities, {mails.identity(raw) for raw in self.raws})
                self.home.query("UPDATE submission SET lease_until = 0")
                for delivery in host.call("outbox.retry")["deliveries"]:
                    self.assertIn(delivery["status"], ["created", "unchanged", "updated"])
                self.assertEqual(host.call("status")["outbox"], {"pending": 0, "failed": 0})
                self.assertEqual(self.server.events(), self.COUNT)
                for (uuid,) in self.home.query("SELECT event_uuid FROM submission"):
                    self.assertEqual(len(self.server.event(uuid)["Event"]["Attribute"]), 2)
