"""Mails that wait: the host stores them while the server is down, and delivers them once when it is back, by request or by
itself."""

import time
from collections.abc import Iterator
from typing import Any

import mails
import servers
from case import ProtocolTest
from client import PATIENCE, Host
from harness import key
from servers import Misp


class Away(ProtocolTest):
    """The server is down while the tests send mails."""

    def setUp(self) -> None:
        super().setUp()
        self.port = servers.closed_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.home.serve(self.url, key("Publisher"))
        self.connection = self.host()

    def come_back(self) -> Misp:
        server = servers.Misp("--port", str(self.port))
        self.addCleanup(server.stop)
        return server

    def send(self, raw: bytes, **params: object) -> dict[str, Any]:
        (delivery,) = self.connection.call("send", message=self.connection.handle_of(raw), **params)["deliveries"]
        return delivery

    def rows(self) -> list[dict[str, Any]]:
        return self.connection.call("outbox.list")["rows"]

    def test_a_mail_waits_with_the_reason(self) -> None:
        delivery = self.send(mails.small(1))
        self.assertEqual((delivery["status"], delivery["event_id"], delivery["url"]), ("queued", None, None))
        self.assertEqual(delivery["uuid"], self.home.dry_run(mails.small(1))[0]["uuid"])
        self.assertIn(self.url, delivery["error"]["text"])
        (row,) = self.rows()
        self.assertEqual((row["id"], row["state"], row["claimed"]), (delivery["row"], "pending", False))
        self.assertEqual((row["subject"], row["attempts"], row["error"]), ("Small 1", 1, delivery["error"]))
        self.assertEqual(row["identity"], mails.identity(mails.small(1)))
        self.assertLessEqual(abs(row["due"] - row["created"] - 60), 5)
        self.assertEqual(self.connection.call("status")["outbox"], {"pending": 1, "failed": 0})

    def test_a_mail_that_waits_is_not_stored_twice(self) -> None:
        first, again = self.send(mails.small(1)), self.send(mails.small(1))
        self.assertEqual((first["row"], first["uuid"]), (again["row"], again["uuid"]))
        self.assertEqual(len(self.rows()), 1)

    def test_all_that_wait_are_delivered_on_request(self) -> None:
        sent = [self.send(mails.small(number)) for number in range(5)]
        server = self.come_back()
        answer = self.connection.call("outbox.retry")
        self.assertEqual([one["status"] for one in answer["deliveries"]], ["created"] * 5)
        self.assertEqual([one["row"] for one in answer["deliveries"]], [one["row"] for one in sent])
        self.assertEqual([one["uuid"] for one in answer["deliveries"]], [one["uuid"] for one in sent])
        self.assertEqual([one["subject"] for one in answer["deliveries"]], [f"Small {number}" for number in range(5)])
        self.assertEqual(answer["backlog"], {"pending": 0, "failed": 0})
        self.assertEqual((server.events(), self.rows()), (5, []))
        self.assertEqual(self.connection.call("outbox.retry")["deliveries"], [])

    def test_one_row_is_delivered_on_request(self) -> None:
        one, other = self.send(mails.small(1)), self.send(mails.small(2))
        self.come_back()
        number = self.connection.ask("outbox.retry", row=other["row"])
        (delivery,) = self.connection.answer(number)["deliveries"]
        self.assertEqual((delivery["row"], delivery["status"]), (other["row"], "created"))
        self.assertEqual([row["id"] for row in self.rows()], [one["row"]])
        self.assertEqual(self.connection.progress(number), [("delivering", 1)])
        self.refused("no_row", self.connection.call, "outbox.retry", row=other["row"])

    def test_a_retry_that_fails_again_stays(self) -> None:
        delivery = self.send(mails.small(1))
        (again,) = self.connection.call("outbox.retry", row=delivery["row"])["deliveries"]
        self.assertEqual((again["status"], again["row"]), ("queued", delivery["row"]))
        self.assertEqual(self.connection.call("outbox.retry")["backlog"], {"pending": 1, "failed": 0})

    def test_the_host_delivers_by_itself_what_is_due_and_tells_of_it(self) -> None:
        sent = self.send(mails.small(1))
        later = self.send(mails.small(2))
        self.assertEqual(self.connection.end(), 0)
        self.home.query("UPDATE submission SET due = 0 WHERE id = ?", sent["row"])
        server = self.come_back()
        told = self.host().notification("outbox.delivered")
        self.assertEqual((told["delivery"]["row"], told["delivery"]["status"]), (sent["row"], "created"))
        self.assertEqual((told["delivery"]["uuid"], told["delivery"]["subject"]), (sent["uuid"], "Small 1"))
        self.assertEqual(told["backlog"], {"pending": 1, "failed": 0})
        self.assertEqual((server.events(), server.event(later["uuid"])), (1, {}))

    def test_the_host_tells_also_of_what_fails_for_good(self) -> None:
        self.send(mails.small(1))
        self.assertEqual(self.connection.end(), 0)
        self.home.query("UPDATE submission SET due = 0")
        self.come_back().fail("body_limit", path="/events/add", limit=10, count=-1)
        told = self.host().notification("outbox.delivered")
        self.assertEqual(told["delivery"]["status"], "failed")
        self.assertIn("client_max_body_size", told["delivery"]["error"]["text"])
        self.assertEqual(told["backlog"], {"pending": 0, "failed": 1})

    def test_what_the_host_cannot_deliver_it_does_not_tell_of(self) -> None:
        self.send(mails.small(1))
        self.assertEqual(self.connection.end(), 0)
        self.home.query("UPDATE submission SET due = 0")
        busy = servers.Spoken(self, lambda _: (503, {}, b""))
        self.home.serve(busy.url, key("Publisher"))
        host = self.host()
        self.assertTrue(busy.asked.acquire(timeout=PATIENCE))
        self.assertEqual(host.end(), 0)
        self.assertEqual(host.notifications, [])
        ((attempts, due),) = self.home.query("SELECT attempts, due FROM submission")
        self.assertEqual(attempts, 2)
        self.assertGreater(due, time.time() + 90)

    def test_events_are_built_again_under_the_configuration_of_today(self) -> None:
        delivery = self.send(mails.small(1))
        self.home.serve(self.url, key("Publisher"), '[event]\nprefix = "TODAY"\n')
        server = self.come_back()
        self.connection.call("outbox.retry", row=delivery["row"], rebuild=True)
        self.assertEqual(server.event(delivery["uuid"])["Event"]["info"], "TODAY - Small 1")

    def test_what_waits_keeps_its_event_without_rebuild(self) -> None:
        delivery = self.send(mails.small(1))
        self.home.serve(self.url, key("Publisher"), '[event]\nprefix = "TODAY"\n')
        server = self.come_back()
        self.connection.call("outbox.retry", row=delivery["row"])
        self.assertEqual(server.event(delivery["uuid"])["Event"]["info"], "M2M - Small 1")

    def test_a_row_can_be_dropped(self) -> None:
        delivery = self.send(mails.small(1))
        self.assertEqual(self.connection.call("outbox.drop", row=delivery["row"]), {"pending": 0, "failed": 0})
        self.assertEqual(self.rows(), [])
        self.refused("no_row", self.connection.call, "outbox.drop", row=delivery["row"])

    def test_a_row_that_somebody_delivers_is_neither_dropped_nor_taken(self) -> None:
        delivery = self.send(mails.small(1))
        self.home.query("UPDATE submission SET lease = 'other', lease_until = ?", int(time.time()) + 60)
        self.assertTrue(self.rows()[0]["claimed"])
        self.refused("outbox", self.connection.call, "outbox.drop", row=delivery["row"])
        self.refused("outbox", self.connection.call, "outbox.retry", row=delivery["row"])
        self.assertEqual(self.connection.call("outbox.retry")["deliveries"], [])
        again = self.send(mails.small(1))
        self.assertEqual((again["status"], again["row"]), ("queued", delivery["row"]))

    def test_a_failed_mail_is_tried_again_when_it_is_sent_again(self) -> None:
        server = self.come_back()
        server.fail("body_limit", path="/events/add", limit=10, count=-1)
        failed = self.send(mails.small(1))
        server.recover()
        again = self.send(mails.small(1))
        self.assertEqual((failed["status"], again["status"]), ("failed", "created"))
        self.assertEqual((failed["row"], server.events()), (again["row"], 1))


class Lists(ProtocolTest):
    def fill(self, host: Host, count: int) -> None:
        """Sends one mail and copies its row until there are `count`."""
        host.call("send", message=host.handle_of(mails.small(1)))
        columns = [
            name for _, name, *_ in self.home.query("PRAGMA table_info(submission)") if name not in ("id", "key")
        ]
        listed = ", ".join(columns)
        copies = "WITH RECURSIVE copy(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM copy WHERE n < ?)"
        self.home.query(
            f"{copies} INSERT INTO submission (key, {listed}) SELECT randomblob(32), {listed} FROM copy, submission",
            count,
        )

    def all_rows(self, host: Host, **params: object) -> Iterator[dict[str, Any]]:
        offset = 0
        while offset is not None:
            page = host.call("outbox.list", offset=offset, **params)
            yield from page["rows"]
            offset = page["next"]

    def test_what_was_delivered_is_listed_in_pages_the_latest_first(self) -> None:
        host = self.host()
        self.fill(host, 230)
        rows = list(self.all_rows(host, delivered=True))
        self.assertEqual(len({row["id"] for row in rows}), 230)
        order = [(row["delivered"], row["id"]) for row in rows]
        self.assertEqual(order, sorted(order, reverse=True))
        self.assertEqual({row["state"] for row in rows}, {"delivered"})
        self.assertEqual(list(self.all_rows(host)), [])

    def test_what_waits_is_listed_in_pages_the_oldest_first(self) -> None:
        host = self.host()
        self.fill(host, 210)
        self.home.query("UPDATE submission SET state = 'failed', error = 'no'")
        rows = list(self.all_rows(host))
        self.assertEqual([row["id"] for row in rows], sorted(row["id"] for row in rows))
        self.assertEqual(len(rows), 210)
        self.assertEqual(host.call("status")["outbox"], {"pending": 0, "failed": 210})

    def test_rows_with_long_subjects_travel(self) -> None:
        host = self.host()
        for number in range(3):
            host.call("send", message=host.handle_of(mails.report("x", "long " * 100_000, number)))
        self.assertEqual(len(list(self.all_rows(host, delivered=True))), 3)

    def test_an_outbox_that_nobody_used_is_empty_and_not_made(self) -> None:
        host = self.host()
        self.assertEqual(host.call("outbox.list"), {"rows": [], "next": None, "backlog": {"pending": 0, "failed": 0}})
        self.assertEqual(host.call("outbox.list", delivered=True, offset=(1 << 63))["rows"], [])
        self.assertFalse(self.home.database.exists())

    def test_rows_that_there_are_not_are_said(self) -> None:
        host = self.host()
        for row in [0, -1, 1, (1 << 63) - 1]:
            with self.subTest(row):
                self.refused("no_row", host.call, "outbox.retry", row=row)
                self.refused("no_row", host.call, "outbox.drop", row=row)

    def test_a_database_that_is_none_is_said(self) -> None:
        self.home.data.mkdir()
        self.home.database.write_bytes(b"no database at all, and long enough to be looked at " * 40)
        host = self.host()
        for method in ["outbox.list", "outbox.retry"]:
            error = self.refused("outbox", host.call, method)
            self.assertIn("state.db", error.message)
        handle = host.handle_of(mails.small(1))
        host.call("preview", message=handle)
        self.refused("outbox", host.call, "send", message=handle)
        host.call("settings.read")


class History(ProtocolTest):
    def test_what_was_delivered_is_not_dropped(self) -> None:
        host = self.host()
        (delivery,) = host.call("send", message=host.handle_of(mails.small(1)))["deliveries"]
        self.refused("no_row", host.call, "outbox.drop", row=delivery["row"])
        self.assertEqual(len(host.call("outbox.list", delivered=True)["rows"]), 1)
