"""Cancels calls that wait, run or have ended: the host answers each, and undoes nothing."""

from typing import Any

import mails
import servers
from case import ProtocolTest
from client import PATIENCE, Host, Refused
from harness import key
from servers import Silent

KEY = key("Publisher")

# More than the host works on at a time.
MANY = 12


class Cancel(ProtocolTest):
    def outcome(self, host: Host, number: int) -> str:
        """How the host answered a call: `result`, or the kind of its error."""
        try:
            host.answer(number)
            return "result"
        except Refused as refused:
            return refused.kind

    def hanging(self, timeout: int = 1) -> Silent:
        """A server that reads requests and does not answer."""
        server = servers.Silent(self)
        self.home.serve(server.url, KEY, f"timeout = {timeout}\n")
        return server

    def test_a_call_that_waits_is_given_up(self) -> None:
        server, host = self.hanging(), self.host()
        numbers = [host.ask("connection.test") for _ in range(MANY)]
        self.assertTrue(server.asked.acquire(timeout=PATIENCE))
        for number in numbers[4:]:
            host.cancel(number)
        outcomes = [self.outcome(host, number) for number in numbers]
        self.assertIn("result", outcomes[:4])
        self.assertEqual(set(outcomes[4:]), {"cancelled"})
        self.assert_alive(host)

    def test_a_mail_that_waits_is_given_up_with_its_handle_and_not_stored(self) -> None:
        server, host = self.hanging(), self.host()
        for each in range(3):  # As many as are delivered at a time.
            host.ask("send", message=host.handle_of(mails.small(each)))
            self.assertTrue(server.asked.acquire(timeout=PATIENCE))
        handle = host.handle_of(mails.small(MANY))
        number = host.ask("send", message=handle)
        host.cancel(number)
        self.assertEqual(self.outcome(host, number), "cancelled")
        self.refused("unknown_message", host.call, "preview", message=handle)
        self.assertEqual(len(host.call("outbox.list")["rows"]), 3)

    def test_questions_to_a_server_that_hangs_are_given_up_between_two(self) -> None:
        server, host = self.hanging(), self.host()
        handle = host.handle_of(mails.small(1))
        host.call("preview", message=handle)
        number = host.ask("known", message=handle, offset=0, count=10)
        self.assertTrue(server.asked.acquire(timeout=PATIENCE))
        host.cancel(number)
        self.assertEqual(self.outcome(host, number), "cancelled")
        self.assertFalse(server.asked.acquire(blocking=False))
        host.call("preview", message=handle)

    def test_a_connection_test_that_is_given_up_is_answered_in_any_case(self) -> None:
        server, host = self.hanging(), self.host()
        number = host.ask("connection.test")
        self.assertTrue(server.asked.acquire(timeout=PATIENCE))
        host.cancel(number)
        self.assertIn(self.outcome(host, number), ["result", "cancelled"])
        self.assert_alive(host)

    def test_a_look_at_a_large_mail_is_given_up_before_the_next_call_is_read(self) -> None:
        host = self.host()
        raw, values = mails.many(20_000)
        handle = host.handle_of(raw)
        for method, params in [("preview", {}), ("export", {"format": "misp", "offset": 0})]:
            number = host.ask(method, message=handle, **params)
            host.await_stage(number, "reading")
            host.cancel(number)
            host.call("message.begin", size=1)
            self.assertIn(number, host.answers, method)
            self.assertEqual(self.outcome(host, number), "cancelled")
        # What is left of them changes nothing of the next look.
        self.assertEqual(host.call("preview", message=handle)["counts"]["sent"], len(values))

    def test_a_mail_that_is_on_its_way_is_not_taken_back(self) -> None:
        misp = servers.Misp()
        self.addCleanup(misp.stop)
        misp.fail("hang", path="/events/add", seconds=0.5)
        self.home.serve(misp.url, KEY)
        host = self.host()
        number = host.ask("send", message=host.handle_of(mails.small(1)))
        host.await_stage(number, "delivering")
        host.cancel(number)
        (delivery,) = host.answer(number)["deliveries"]
        self.assertEqual((delivery["status"], misp.events()), ("created", 1))

    def test_a_retry_of_many_is_given_up_between_two(self) -> None:
        port = servers.closed_port()
        self.home.serve(f"http://127.0.0.1:{port}", KEY)
        host = self.host()
        for number in range(3):
            host.call("send", message=host.handle_of(mails.small(number)))
        misp = servers.Misp("--port", str(port))
        self.addCleanup(misp.stop)
        misp.fail("hang", path="/events/add", seconds=0.5)
        number = host.ask("outbox.retry")
        host.await_stage(number, "delivering")
        host.cancel(number)
        self.assertEqual(self.outcome(host, number), "cancelled")
        self.assertEqual(host.call("outbox.list")["backlog"], {"pending": 2, "failed": 0})
        self.assertEqual(misp.events(), 1)

    def test_what_is_over_or_never_was_cannot_be_given_up(self) -> None:
        host = self.host()
        number = host.ask("status")
        host.answer(number)
        for gone in [number, 0, 999, (1 << 64) - 1]:
            host.cancel(gone)
        self.assert_alive(host)

    def test_a_cancel_that_makes_no_sense_is_ignored(self) -> None:
        host = self.host()
        wrong: list[Any] = [None, {}, [], "1", {"id": "1"}, {"id": -1}, {"id": None}, {"id": 1, "more": 2}]
        for params in wrong:
            host.raw({"jsonrpc": "2.0", "method": "cancel", "params": params})
        host.raw({"jsonrpc": "2.0", "method": "cancel"})
        self.assert_alive(host)
        self.assertEqual(host.orphans, [])
