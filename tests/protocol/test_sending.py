"""Sending makes the same event as the command line, with the analyst's choices; stores it before delivery, and never delivers it
twice."""

import json
import time
from collections.abc import Iterator
from typing import Any

import mails
import servers
from case import ProtocolTest
from client import Refused
from harness import key


def comparable(event: object) -> object:
    """An event without the fields that the outbox or a server adds."""
    if isinstance(event, list):
        return [comparable(one) for one in event]
    if isinstance(event, dict):
        return {name: comparable(value) for name, value in event.items() if name != "timestamp"}
    return event


def values(event: dict[str, Any]) -> set[tuple[str, str]]:
    return {(one["type"], one["value"]) for one in event["Attribute"]}


class SendingTest(ProtocolTest):
    def setUp(self) -> None:
        super().setUp()
        self.connection = self.host()

    def send(self, raw: bytes, **params: object) -> list[dict[str, Any]]:
        return self.connection.call("send", message=self.connection.handle_of(raw), **params)["deliveries"]

    def send_one(self, raw: bytes, **params: object) -> dict[str, Any]:
        (delivery,) = self.send(raw, **params)
        return delivery


class ToMisp(SendingTest):
    def setUp(self) -> None:
        super().setUp()
        self.server = self.misp()

    def test_the_event_is_that_of_the_command_line(self) -> None:
        cases: list[tuple[str, dict[str, Any], list[str]]] = [
            ("advisory-table", {}, []),
            ("attach-pe-and-zip", {}, []),
            ("phish-split-by-tags", {"mode": "sample"}, ["--mode", "sample"]),
            ("advisory-ports", {"overrides": {"comment": "Seen in the wild"}}, ["--comment", "Seen in the wild"]),
        ]
        for name, params, options in cases:
            with self.subTest(name):
                delivery = self.send_one(mails.corpus(name), **params)
                (expected,) = self.home.dry_run(mails.corpus(name), *options)
                self.assertEqual((delivery["status"], delivery["uuid"]), ("created", expected["uuid"]))
                posted = self.server.event(delivery["uuid"])["posted"]
                self.assertEqual([comparable(body["Event"]) for body in posted], [comparable(expected)])
                in_objects = sum(len(one["Attribute"]) for one in expected.get("Object", []))
                self.assertEqual(delivery["attributes"], len(expected["Attribute"]) + in_objects)
                self.assertEqual(delivery["objects"], len(expected.get("Object", [])))

    def test_a_delivery_names_the_mail_its_row_and_the_page_of_its_event(self) -> None:
        delivery = self.send_one(mails.corpus("advisory-table"))
        event = self.server.event(delivery["uuid"])["Event"]
        self.assertEqual(delivery["event_id"], event["id"])
        self.assertEqual(delivery["url"], f"{self.server.url}/events/view/{event['id']}")
        self.assertEqual(delivery["subject"], 'Indikatoren Kampagne "Graureiher"')
        self.assertEqual(delivery["message_id"], "<tbl-1@rosenau-kanton.ch>")
        (row,) = self.connection.call("outbox.list", delivered=True)["rows"]
        self.assertEqual(
            (row["id"], row["event_uuid"], row["origin"]), (delivery["row"], delivery["uuid"], "Thunderbird")
        )

    def test_a_mail_that_is_sent_twice_makes_one_event(self) -> None:
        first = self.send_one(mails.small(1))
        again = self.send_one(mails.small(1))
        self.assertEqual((first["status"], again["status"]), ("created", "unchanged"))
        self.assertEqual((first["uuid"], first["event_id"]), (again["uuid"], again["event_id"]))
        self.assertEqual(self.server.events(), 1)

    def test_a_mail_sent_here_and_by_the_command_line_makes_one_event(self) -> None:
        delivery = self.send_one(mails.small(1))
        by_line = json.loads(self.home.run("send", "--format", "json", "-", stdin=mails.THUNDERBIRD + mails.small(1)))
        self.assertEqual((by_line["status"], by_line["uuid"]), ("unchanged", delivery["uuid"]))
        self.assertEqual(self.server.events(), 1)

    def test_an_event_can_be_added_to(self) -> None:
        mine = self.send_one(mails.small(1))
        for name in [mine["event_id"], mine["uuid"]]:
            with self.subTest(name):
                raw = mails.report(f"hxxp://evil-added[.]com/{name}")
                delivery = self.send_one(raw, overrides={"event": f" {name} "})
                self.assertEqual((delivery["status"], delivery["event_id"]), ("updated", mine["event_id"]))
        stored = values(self.server.event(mine["uuid"])["Event"])
        self.assertIn(("url", "http://host-1.evil-small.com/gate.php"), stored)
        self.assertIn(("url", f"http://evil-added.com/{mine['uuid']}"), stored)
        self.assertEqual(self.server.events(), 1)

    def test_what_the_server_leaves_out_is_told(self) -> None:
        delivery = self.send_one(
            mails.report("hxxp://evil-one[.]com/x and hxxp://listed[.]example[.]org/ and http://www.w3.org/")
        )
        reasons = {one["value"]: one["reason"]["text"] for one in delivery["skipped"]}
        self.assertIn("Double: one listed host", reasons["listed.example.org"])
        self.assertIn("www.w3.org", reasons)
        self.assertEqual(delivery["skipped_total"], len(reasons))

    def test_a_key_that_may_not_send_is_told_in_the_words_of_the_server_and_waited_for(self) -> None:
        self.home.serve(self.server.url, key("ReadOnlyKey"))
        delivery = self.send_one(mails.small(1))
        self.assertEqual((delivery["status"], delivery["error"]["code"]), ("queued", "waiting_for"))
        self.assertIn("You do not have permission", delivery["error"]["text"])
        listed = self.connection.call("outbox.list")
        self.assertEqual(listed["backlog"], {"pending": 1, "failed": 0})
        self.assertEqual(listed["rows"][0]["error"], delivery["error"])

    def test_a_refusal_of_the_mail_is_told_and_kept(self) -> None:
        self.server.fail("body_limit", path="/events/add", limit=10, count=-1)
        delivery = self.send_one(mails.small(1))
        self.assertEqual((delivery["status"], delivery["error"]["code"]), ("failed", "request_too_large"))
        listed = self.connection.call("outbox.list")
        self.assertEqual(listed["backlog"], {"pending": 0, "failed": 1})
        self.assertEqual(listed["rows"][0]["error"], delivery["error"])
        self.assertEqual(self.server.events(), 0)

    def test_progress_names_the_request_and_the_stage(self) -> None:
        number = self.connection.ask("send", message=self.connection.handle_of(mails.corpus("embedded-three")))
        self.connection.answer(number)
        self.assertEqual(self.connection.progress(number)[:2], [("reading", 1), ("delivering", 3)])

    def test_progress_within_a_stage_is_told_four_times_a_second_at_most(self) -> None:
        begun = time.monotonic()
        number = self.connection.ask(
            "send", message=self.connection.handle_of(mails.carrier(*map(mails.small, range(40))))
        )
        self.assertEqual(len(self.connection.answer(number)["deliveries"]), 40)
        told = [stage for stage, _ in self.connection.progress(number) if stage == "delivering"]
        self.assertLessEqual(len(told), 1 + 4 * (time.monotonic() - begun))

    def test_many_mails_at_once_make_an_event_each(self) -> None:
        numbers = [self.connection.ask("send", message=self.connection.handle_of(mails.small(n))) for n in range(24)]
        answers = [self.connection.answer(number)["deliveries"][0] for number in numbers]
        self.assertEqual({one["status"] for one in answers}, {"created"})
        self.assertEqual(len({one["uuid"] for one in answers}), 24)
        self.assertEqual(self.server.events(), 24)


class Choices(SendingTest):
    """What the analyst changed for this one mail, at the server and in the feed."""

    RAW = mails.report("hxxp://evil-one[.]com/x and hxxp://evil-two[.]com/y and http://www.w3.org/z", "Choices")

    def outcomes(self, raw: bytes, **overrides: object) -> Iterator[dict[str, Any]]:
        """The event of a mail, in the feed and on a server."""
        self.home.configure("")
        yield self.home.feed(self.send_one(raw, overrides=overrides)["uuid"])
        server = self.misp()
        yield server.event(self.send_one(raw, overrides=overrides)["uuid"])["Event"]

    def test_what_is_deselected_is_not_sent(self) -> None:
        for event in self.outcomes(self.RAW, deselected=[["url", "http://evil-one.com/x"], ["domain", "evil-two.com"]]):
            self.assertEqual(values(event), {("domain", "evil-one.com"), ("url", "http://evil-two.com/y")})

    def test_what_is_selected_is_sent_although_it_would_be_skipped(self) -> None:
        for event in self.outcomes(self.RAW, selected=[["url", "http://www.w3.org/z"]]):
            self.assertIn(("url", "http://www.w3.org/z"), values(event))
            self.assertNotIn(("hostname", "www.w3.org"), values(event))

    def test_a_file_can_be_deselected(self) -> None:
        raw = mails.with_files(("one.exe", b"MZ one"), ("two.exe", b"MZ two"), text="hxxp://evil-one[.]com/x")
        for event in self.outcomes(raw, deselected=[["attachment", "one.exe"]]):
            names = {
                one["value"]
                for part in event["Object"]
                for one in part["Attribute"]
                if one["object_relation"] == "filename"
            }
            self.assertEqual(names, {"two.exe"})

    def test_a_comment_is_in_the_report(self) -> None:
        for event in self.outcomes(self.RAW, comment="Böse 😀, from the <b>desk</b>"):
            self.assertIn("from the <b>desk</b>", json.dumps(event, ensure_ascii=False))

    def test_distribution_and_tlp_are_those_chosen(self) -> None:
        for event in self.outcomes(self.RAW, distribution=2, tlp="tlp:red"):
            self.assertEqual(str(event["distribution"]), "2")
            self.assertEqual([tag["name"] for tag in event["Tag"]], ["tlp:red"])

    def test_a_milder_tlp_does_not_lower_the_marking(self) -> None:
        for event in self.outcomes(mails.report("TLP:AMBER+STRICT\nhxxp://evil-one[.]com/x"), tlp="tlp:green"):
            self.assertEqual([tag["name"] for tag in event["Tag"]], ["tlp:amber+strict"])

    def test_a_blank_comment_or_event_is_none(self) -> None:
        plain = self.home.dry_run(self.RAW)[0]["uuid"]
        for event in self.outcomes(self.RAW, comment="  \n", event=" "):
            self.assertEqual(event["uuid"], plain)

    def test_nulls_are_no_choice(self) -> None:
        for event in self.outcomes(self.RAW, comment=None, event=None, tlp=None, distribution=None):
            self.assertEqual(str(event["distribution"]), "0")

    def test_every_indicator_can_be_deselected(self) -> None:
        raw, found = mails.many(2_000)
        delivery = self.send_one(raw, overrides={"deselected": [list(one) for one in sorted(found)]})
        self.assertEqual((delivery["attributes"], delivery["skipped_total"]), (0, 2_000))
        self.assertEqual(len(delivery["skipped"]), 200)

    def test_another_choice_is_another_submission_of_the_same_event(self) -> None:
        first = self.send_one(self.RAW, overrides={"deselected": [["url", "http://evil-one.com/x"]]})
        second = self.send_one(self.RAW)
        self.assertEqual(first["uuid"], second["uuid"])
        self.assertNotEqual(first["row"], second["row"])
        self.assertIn(("url", "http://evil-one.com/x"), values(self.home.feed(second["uuid"])))


class ToTheFeed(SendingTest):
    def test_the_event_is_that_of_the_command_line(self) -> None:
        delivery = self.send_one(mails.corpus("attach-pe-and-zip"))
        (expected,) = self.home.dry_run(mails.corpus("attach-pe-and-zip"))
        event = self.home.feed(delivery["uuid"])
        self.assertEqual(delivery["uuid"], expected["uuid"])
        told = {(one["uuid"], one["type"], one["value"]) for one in event["Attribute"]}
        self.assertEqual(told, {(one["uuid"], one["type"], one["value"]) for one in expected["Attribute"]})
        self.assertEqual({one["uuid"] for one in event["Object"]}, {one["uuid"] for one in expected["Object"]})
        self.assertTrue(delivery["url"].endswith(f"{delivery['uuid']}.json"))

    def test_a_carrier_gives_a_delivery_for_each_mail_in_it(self) -> None:
        deliveries = self.send(mails.corpus("embedded-three"))
        self.assertEqual([one["subject"] for one in deliveries], [f"Ihr Konto {n}" for n in ("eins", "zwei", "drei")])
        events = self.home.dry_run(mails.corpus("embedded-three"))
        self.assertEqual([one["uuid"] for one in deliveries], [one["uuid"] for one in events])
        self.assertEqual(len({one["row"] for one in deliveries}), 3)

    def test_a_profile_is_obeyed(self) -> None:
        self.home.configure('[profile.trap.event]\nprefix = "TRAP"\n')
        delivery = self.send_one(mails.small(1), profile="trap")
        self.assertEqual(self.home.feed(delivery["uuid"])["info"], "TRAP - Small 1")

    def test_a_message_is_read_as_it_was_previewed(self) -> None:
        handle = self.connection.handle_of(mails.corpus("embedded-three"))
        for mode in ["carrier", "report", "sample"]:
            seen = self.connection.call("preview", message=handle, mode=mode)
        deliveries = self.connection.call("send", message=handle, mode="sample")["deliveries"]
        self.assertEqual([one["uuid"] for one in deliveries], [one["uuid"] for one in seen["events"]])

    def test_a_message_of_two_thousand_indicators_is_sent_whole(self) -> None:
        raw, found = mails.many(2_000)
        delivery = self.send_one(raw)
        self.assertEqual(delivery["attributes"], 2_000)
        self.assertEqual(values(self.home.feed(delivery["uuid"])), found)

    def test_an_answer_about_many_events_is_short_enough_to_travel(self) -> None:
        skipped = "\n".join(f"http://w3.org/{number}/{'a' * 900}" for number in range(300))
        deliveries = self.send(mails.carrier(*[mails.report(skipped, number=n) for n in range(12)]), mode="carrier")
        self.assertEqual([one["status"] for one in deliveries], ["created"] * 12)
        self.assertEqual({one["skipped_total"] for one in deliveries}, {301})


class Handles(SendingTest):
    def assert_ended(self, handle: str) -> None:
        self.refused("unknown_message", self.connection.call, "preview", message=handle)
        self.refused("unknown_message", self.connection.call, "send", message=handle)

    def test_a_handle_ends_with_its_message_sent(self) -> None:
        handle = self.connection.handle_of(mails.small(1))
        self.connection.call("send", message=handle)
        self.assert_ended(handle)

    def test_a_handle_ends_also_when_sending_failed(self) -> None:
        self.home.serve(f"http://127.0.0.1:{servers.closed_port()}", key("Publisher"))
        handle = self.connection.handle_of(mails.small(1))
        self.assertEqual(self.connection.call("send", message=handle)["deliveries"][0]["status"], "queued")
        self.assert_ended(handle)

    def test_a_handle_ends_also_when_nothing_could_be_sent(self) -> None:
        empty, without_profile = self.connection.handle_of(b"\n"), self.connection.handle_of(mails.small(1))
        self.refused("not_a_mail", self.connection.call, "send", message=empty)
        self.assert_ended(empty)
        self.refused("no_profile", self.connection.call, "send", message=without_profile, profile="none")
        self.assert_ended(without_profile)

    def test_a_message_is_not_sent_by_two_calls(self) -> None:
        handle = self.connection.handle_of(mails.small(1))
        numbers = [self.connection.ask("send", message=handle) for _ in range(8)]
        outcomes = []
        for number in numbers:
            try:
                outcomes.append(self.connection.answer(number)["deliveries"][0]["status"])
            except Refused as refused:
                outcomes.append(refused.kind)
        self.assertEqual(sorted(outcomes), ["created"] + ["unknown_message"] * 7)
