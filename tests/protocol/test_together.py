"""Several mails for one event: joined, looked at, exported, sent once, and found again."""

from typing import Any

import mails
from case import ProtocolTest


class Together(ProtocolTest):
    def setUp(self) -> None:
        super().setUp()
        self.connection = self.host()

    def join(self, *raws: bytes, **params: object) -> str:
        into = None
        for raw in raws:
            into = self.connection.call("join", into=into, message=self.connection.handle_of(raw), **params)["message"]
        assert into is not None
        return into

    def send(self, *raws: bytes, **params: Any) -> dict[str, Any]:
        (delivery,) = self.connection.call("send", message=self.join(*raws), **params)["deliveries"]
        return delivery


def values(event: dict[str, Any]) -> list[str]:
    return [one["value"] for one in event["Attribute"]]


class ToMisp(Together):
    def setUp(self) -> None:
        super().setUp()
        self.server = self.misp()

    def test_many_mails_make_one_event_in_one_request(self) -> None:
        raws = [mails.small(number) for number in range(40)]
        delivery = self.send(*raws)
        self.assertEqual((delivery["status"], delivery["error"]), ("created", None))
        self.assertEqual(self.server.events(), 1)
        event = self.server.event(delivery["uuid"])
        self.assertEqual(len(event["posted"]), 1)
        for number in range(40):
            self.assertIn(f"http://host-{number}.evil-small.com/gate.php", values(event["Event"]))

    def test_the_same_mails_again_change_nothing_and_each_says_where_it_is(self) -> None:
        raws = [mails.small(number) for number in range(3)]
        first = self.send(*raws)
        again = self.send(*reversed(raws))
        self.assertEqual((again["status"], again["uuid"], again["row"]), ("unchanged", first["uuid"], first["row"]))
        self.assertEqual(self.server.events(), 1)
        (event,) = self.connection.call("preview", message=self.connection.handle_of(raws[1]))["events"]
        self.assertEqual([one["event_id"] for one in event["already"]], [first["event_id"]])
        together = self.connection.call("preview", message=self.join(*raws))
        self.assertEqual([one["event_id"] for one in together["together"]["already"]], [first["event_id"]])
        self.assertEqual({one["uuid"] for one in together["events"]}, {first["uuid"]})

    def test_they_can_be_added_to_an_event_that_is_there(self) -> None:
        (mine,) = self.connection.call("send", message=self.connection.handle_of(mails.small(9)))["deliveries"]
        delivery = self.send(mails.small(1), mails.small(2), overrides={"event": mine["event_id"]})
        self.assertEqual((delivery["status"], delivery["event_id"]), ("updated", mine["event_id"]))
        stored = values(self.server.event(mine["uuid"])["Event"])
        for number in (1, 2, 9):
            self.assertIn(f"http://host-{number}.evil-small.com/gate.php", stored)
        self.assertEqual(self.server.events(), 1)
        again = self.send(mails.small(1), mails.small(2), overrides={"event": mine["event_id"]})
        self.assertEqual(again["status"], "unchanged")

    def test_an_event_that_is_not_there_leaves_nothing_in_the_outbox(self) -> None:
        message = self.join(mails.small(1), mails.small(2))
        self.refused("no_event", self.connection.call, "send", message=message, overrides={"event": "999999"})
        self.assertEqual(self.connection.call("outbox.list")["rows"], [])

    def test_what_failed_can_be_opened_with_all_its_mails_and_sent_without_one(self) -> None:
        self.server.fail("body_limit", path="/events/add", limit=10, count=-1)
        failed = self.send(mails.small(1), mails.small(2), mails.small(3))
        self.assertEqual(failed["status"], "failed")
        self.server.recover()
        opened = self.connection.call("outbox.open", row=failed["row"])
        seen = self.connection.call("preview", message=opened["message"])
        self.assertEqual(seen["mode"]["attached"], 3)
        gone = next(one for one in seen["events"] if one["subject"] == "Small 2")
        (sent,) = self.connection.call("send", message=opened["message"], overrides={"left_out": [gone["identity"]]})[
            "deliveries"
        ]
        self.assertEqual(sent["status"], "created")
        stored = values(self.server.event(sent["uuid"])["Event"])
        self.assertIn("http://host-1.evil-small.com/gate.php", stored)
        self.assertNotIn("http://host-2.evil-small.com/gate.php", stored)
        self.assertEqual(self.connection.call("outbox.list")["rows"], [])

    def test_a_mail_of_a_carrier_is_left_out_alone_or_among_others(self) -> None:
        carrier = mails.carrier(*(mails.small(number) for number in range(3)))
        seen = self.connection.call("preview", message=self.connection.handle_of(carrier), mode="carrier")
        (gone,) = [one["identity"] for one in seen["events"] if one["subject"] == "Small 1"]
        self.assertEqual(gone, mails.identity(mails.small(1)))
        deliveries = self.connection.call(
            "send", message=self.connection.handle_of(carrier), mode="carrier", overrides={"left_out": [gone]}
        )["deliveries"]
        self.assertEqual([one["subject"] for one in deliveries], ["Small 0", "Small 2"])
        joined = self.connection.call(
            "join", message=self.connection.handle_of(carrier), mode="carrier", left_out=[gone]
        )
        self.assertEqual(joined["mails"], 2)
        everything = [one["identity"] for one in seen["events"]]
        self.refused(
            "invalid",
            self.connection.call,
            "send",
            message=self.connection.handle_of(carrier),
            mode="carrier",
            overrides={"left_out": everything},
        )
        self.assertEqual(self.server.events(), 2)


class ToFeed(Together):
    def test_a_feed_gets_one_event_and_the_same_mails_again_are_in_it(self) -> None:
        raws = [mails.small(number) for number in range(3)]
        first, again = self.send(*raws), self.send(*raws)
        self.assertEqual((first["status"], again["status"]), ("created", "unchanged"))
        self.assertEqual((first["uuid"], first["url"]), (again["uuid"], again["url"]))

    def test_all_that_is_ticked_is_exported_once(self) -> None:
        one = mails.report("hxxp://evil-a[.]com/1 and hxxp://evil-both[.]com/2", "A", 1)
        two = mails.report("hxxp://evil-b[.]com/3 and hxxp://evil-both[.]com/2", "B", 2)
        overrides = {"deselected": [["url", "http://evil-b.com/3"]]}
        piece = self.connection.call(
            "export", message=self.join(one, two), overrides=overrides, format="text", offset=0
        )
        lines = piece["text"].splitlines()
        self.assertEqual(len(lines), len(set(lines)))
        self.assertIn("hxxp://evil-a[.]com/1", lines)
        self.assertIn("hxxp://evil-both[.]com/2", lines)
        self.assertNotIn("hxxp://evil-b[.]com/3", lines)

    def test_a_killed_host_has_stored_all_mails_or_none(self) -> None:
        raws = [mails.small(number) for number in range(3)]
        into = self.join(*raws)
        self.connection.process.kill()
        self.connection.wait()
        self.connection = self.host()
        self.assertEqual(self.connection.call("outbox.list")["rows"], [])
        self.refused("unknown_message", self.connection.call, "send", message=into)
        self.assertEqual(self.send(*raws)["status"], "created")

    def test_joining_takes_only_what_was_joined(self) -> None:
        plain = self.connection.handle_of(mails.small(1))
        other = self.connection.handle_of(mails.small(2))
        self.refused("invalid", self.connection.call, "join", into=plain, message=other)
        gone = self.connection.handle_of(mails.small(2))
        self.refused("unknown_message", self.connection.call, "join", into="m999", message=gone)
        self.assert_alive(self.connection)
