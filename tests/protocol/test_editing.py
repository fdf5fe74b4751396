"""What a person changes before an event leaves, and what there is to choose from: tags, sharing groups, events, types; the event
to add to; entries of the outbox that are opened and sent again."""

import json
from typing import Any

import mails
import servers
from case import ProtocolTest
from harness import Client, key

URL = "http://evil-one.com/gate.php"
MAIL = mails.report("hxxp://evil-one[.]com/gate.php and hxxp://evil-two[.]com/x", subject="Two of them")


class Editing(ProtocolTest):
    def setUp(self) -> None:
        super().setUp()
        self.server = self.misp()
        self.connection = self.host()

    def send(self, raw: bytes = MAIL, **params: Any) -> dict[str, Any]:
        (delivery,) = self.connection.call("send", message=self.connection.handle_of(raw), **params)["deliveries"]
        return delivery

    def stored(self, uuid: str) -> dict[str, Any]:
        return self.server.event(uuid)["Event"]

    def rows(self) -> list[dict[str, Any]]:
        return self.connection.call("outbox.list")["rows"]

    def foreign(self, info: str) -> dict[str, Any]:
        event = {"info": info, "distribution": "3"}
        answer = Client(self.server.url, key("SiteAdmin")).post("/events/add", {"Event": event})
        return answer.json["Event"]


class Changes(Editing):
    def test_the_event_leaves_as_the_person_wants_it(self) -> None:
        overrides = {
            "title": "Gate of March",
            "pap": "PAP:AMBER",
            "tags_added": ["tlp:red", 'misp-galaxy:tool="Emotet"'],
            "threat_level": 1,
            "distribution": 4,
            "sharing_group": 1,
            "rows": [
                {
                    "type": "url",
                    "value": URL,
                    "to_ids": False,
                    "comment": "seen at ours",
                    "category": "External analysis",
                }
            ],
        }
        delivery = self.send(overrides=overrides)
        self.assertEqual(delivery["status"], "created")
        event = self.stored(delivery["uuid"])
        shown = {field: event[field] for field in ("info", "threat_level_id", "distribution", "sharing_group_id")}
        self.assertEqual(
            shown,
            {"info": "Gate of March", "threat_level_id": "1", "distribution": "4", "sharing_group_id": "1"},
        )
        tags = {tag["name"] for tag in event["Tag"]}
        self.assertLessEqual({"tlp:red", "PAP:AMBER"}, tags)
        (url,) = [one for one in event["Attribute"] if one["value"] == URL]
        self.assertEqual((url["to_ids"], url["comment"], url["category"]), (False, "seen at ours", "External analysis"))
        codes = {note["code"]: note["text"] for note in delivery["notes"]}
        self.assertIn("info", codes["changed_by_hand"])
        self.assertIn(f"{URL} (to_ids, category, comment)", codes["rows_changed_by_hand"])

    def test_a_change_that_misp_would_refuse_never_leaves(self) -> None:
        rows = [{"type": "url", "value": URL, "as": "ip-dst"}]
        refusal = self.refused("change", self.send, overrides={"rows": rows})
        self.assertIn("ip-dst", str(refusal))
        self.refused("invalid", self.send, overrides={"sharing_group": 1})
        self.assertEqual((self.rows(), self.server.events()), ([], 0))

    def test_the_marking_of_the_mail_stays_the_least(self) -> None:
        raw = mails.report("TLP:AMBER\nhxxp://evil-one[.]com/x")
        delivery = self.send(raw, overrides={"tlp": "tlp:clear", "tags_removed": ["tlp:amber"]})
        self.assertIn("tlp:amber", {tag["name"] for tag in self.stored(delivery["uuid"])["Tag"]})

    def test_types_are_those_that_misp_takes(self) -> None:
        types = self.connection.call("types", type="url", value=URL)["types"]
        by_name = {one["type"]: one["categories"] for one in types}
        self.assertEqual(types[0]["type"], "url")
        self.assertIn("External analysis", by_name["url"])
        self.assertIn("link", by_name)
        self.assertNotIn("ip-dst", by_name)
        self.assertNotIn("attachment", by_name)


class Choosing(Editing):
    def test_tags_are_the_server_s_own_with_their_colours(self) -> None:
        for name in ('misp-galaxy:tool="Emotet"', "emotet:double"):
            admin = Client(self.server.url, key("SiteAdmin"))
            admin.post("/tags/add", {"Tag": {"name": name, "colour": "#123456"}})
        answer = self.connection.call("tags.search", words="Emot", limit=10)
        self.assertEqual((answer["asked"], answer["next"]), (True, None))
        self.assertEqual(
            answer["tags"],
            [
                {"name": "emotet:double", "colour": "#123456"},
                {"name": 'misp-galaxy:tool="Emotet"', "colour": "#123456"},
            ],
        )
        first = self.connection.call("tags.search", words="Emot", limit=1)
        self.assertEqual((len(first["tags"]), first["next"]), (1, 1))
        rest = self.connection.call("tags.search", words="Emot", limit=5, offset=1)
        self.assertEqual((rest["tags"][0]["name"], rest["next"]), ('misp-galaxy:tool="Emotet"', None))

    def test_wildcards_find_nothing_more(self) -> None:
        self.assertEqual(self.connection.call("tags.search", words="t_p:", limit=100)["tags"], [])
        self.assertEqual(self.connection.call("tags.search", words="%%", limit=100)["tags"], [])
        self.refused("invalid", self.connection.call, "tags.search", words=" t", limit=10)

    def test_hidden_tags_and_those_that_cannot_leave_are_not_offered(self) -> None:
        names = [tag["name"] for tag in self.connection.call("tags.search", words="double", limit=100)["tags"]]
        self.assertNotIn("double:hidden", names)
        self.assertNotIn("double:not-exportable", names)

    def test_an_answer_is_kept_while_a_person_types(self) -> None:
        self.connection.call("tags.search", words="tlp", limit=10)
        self.server.fail("error500", path="/tags/*")
        self.assertTrue(self.connection.call("tags.search", words="TLP", limit=10)["tags"])
        self.refused("server", self.connection.call, "tags.search", words="pap", limit=10)

    def test_sharing_groups_have_names(self) -> None:
        groups = self.connection.call("sharing_groups")["groups"]
        self.assertIn(1, [group["id"] for group in groups])
        self.assertTrue(all(group["name"] for group in groups))

    def test_events_are_found_by_number_uuid_and_words(self) -> None:
        made = [self.add(f"Campaign {name} of March") for name in ("Alpha", "Beta", "Gamma")]
        latest = self.connection.call("events.search", words="", limit=2)["events"]
        self.assertEqual(len(latest), 2)
        for words in (made[1]["id"], f"#{made[1]['id']}", made[1]["uuid"], "march BETA"):
            found = self.connection.call("events.search", words=words, limit=10)["events"]
            self.assertEqual(found[0]["uuid"], made[1]["uuid"], words)
        (one,) = self.connection.call("events.search", words="march BETA", limit=10)["events"]
        self.assertEqual((one["info"], one["open"]), ("Campaign Beta of March", True))
        self.assertTrue(one["organisation"])
        self.assertEqual(one["url"], f"{self.server.url}/events/view/{made[1]['id']}")
        self.assertEqual(self.connection.call("events.search", words="no such title", limit=10)["events"], [])

    def add(self, info: str) -> dict[str, Any]:
        return self.server.ask("/events/add", {"Event": {"info": info, "distribution": "1"}})["Event"]


class NoServer(ProtocolTest):
    def test_known_tags_are_offered_without_a_server(self) -> None:
        connection = self.host()
        answer = connection.call("tags.search", words="pap:", limit=100)
        self.assertFalse(answer["asked"])
        self.assertIn("PAP:RED", [tag["name"] for tag in answer["tags"]])
        self.assertEqual(connection.call("sharing_groups"), {"groups": []})
        self.assertEqual(connection.call("events.search", words="x", limit=5), {"events": []})


class Adding(Editing):
    def test_a_wrong_number_leaves_nothing(self) -> None:
        refusal = self.refused("no_event", self.send, overrides={"event": "4711"})
        self.assertIn("4711", str(refusal))
        self.assertEqual((self.rows(), self.server.events()), ([], 0))

    def test_an_event_of_others_is_refused_before(self) -> None:
        event = self.foreign("Theirs")
        refusal = self.refused("no_event", self.send, overrides={"event": event["id"]})
        self.assertIn(event["Orgc"]["name"], str(refusal))
        self.assertEqual(self.rows(), [])

    def test_the_receipt_says_what_was_added(self) -> None:
        attributes = [
            {"type": "url", "category": "Network activity", "value": f"http://old-{number}.com/"} for number in range(5)
        ]
        event = self.server.ask("/events/add", {"Event": {"info": "Old", "Attribute": attributes}})["Event"]
        delivery = self.send(overrides={"event": event["id"]})
        self.assertEqual(delivery["status"], "updated")
        self.assertEqual(delivery["attributes"], 5 + delivery["added"]["attributes"])
        self.assertGreaterEqual(delivery["added"]["attributes"], 2)
        again = self.send(overrides={"event": event["id"]})
        self.assertEqual((again["status"], again["added"]), ("unchanged", {"attributes": 0, "objects": 0}))

    def test_without_the_server_a_person_decides(self) -> None:
        self.home.serve(f"http://127.0.0.1:{servers.closed_port()}", key("Publisher"))
        self.refused("not_checked", self.send, overrides={"event": "7"})
        self.assertEqual(self.rows(), [])
        self.assertEqual(self.send(overrides={"event": "7"}, unchecked=True)["status"], "queued")
        self.assertEqual(len(self.rows()), 1)


class Opening(Editing):
    def failed(self, **overrides: Any) -> int:
        delivery = self.send(overrides={"event": "4711", **overrides}, unchecked=True)
        self.assertEqual(delivery["status"], "failed")
        return delivery["row"]

    def test_a_failed_entry_is_opened_with_its_choices_and_sent(self) -> None:
        chosen = {"title": "Kept", "deselected": [["url", URL]], "comment": "mine", "tlp": "tlp:red"}
        row = self.failed(**chosen)
        opened = self.connection.call("outbox.open", row=row)
        overrides = {name: value for name, value in opened["overrides"].items() if value}
        self.assertEqual(overrides, {"event": "4711", **chosen})
        preview = self.connection.call("preview", message=opened["message"])
        self.assertEqual(preview["subject"], "Two of them")
        sent = self.connection.call("send", message=opened["message"], overrides=chosen)
        (delivery,) = sent["deliveries"]
        self.assertEqual(delivery["status"], "created")
        event = self.stored(delivery["uuid"])
        self.assertEqual(event["info"], "Kept")
        self.assertNotIn(URL, [one["value"] for one in event["Attribute"]])
        self.assertEqual(self.rows(), [])
        self.assertEqual(delivery["uuid"], self.home.dry_run(MAIL)[0]["uuid"])

    def test_an_entry_survives_a_wrong_change(self) -> None:
        row = self.failed()
        opened = self.connection.call("outbox.open", row=row)
        self.refused("no_event", self.connection.call, "send", message=opened["message"], overrides={"event": "4712"})
        self.assertEqual([one["id"] for one in self.rows()], [row])

    def test_a_carrier_that_nobody_opened_yet_is_sent_without_the_mail_that_is_left_out(self) -> None:
        inside = [
            mails.report(f"hxxp://evil-{one}[.]com/x", subject=one, number=at) for at, one in enumerate(["one", "two"])
        ]
        row = self.unopened(mails.carrier(*inside))
        opened = self.connection.call("outbox.open", row=row)
        self.assertEqual(opened["mode"], "auto")
        preview = self.connection.call("preview", message=opened["message"], mode=opened["mode"])
        self.assertEqual(len(preview["events"]), 2)
        gone = mails.identity(inside[0])
        (delivery,) = self.connection.call("send", message=opened["message"], overrides={"left_out": [gone]})[
            "deliveries"
        ]
        self.assertEqual((delivery["status"], delivery["subject"]), ("created", "two"))
        row = self.unopened(mails.carrier(*inside))
        opened = self.connection.call("outbox.open", row=row)
        deliveries = self.connection.call("send", message=opened["message"])["deliveries"]
        self.assertEqual([one["subject"] for one in deliveries], ["one", "two"])
        self.assertEqual(self.rows(), [])

    def unopened(self, raw: bytes) -> int:
        """A mail that waits as the listener stores it."""
        folder = self.home.new_file("written")
        self.failed()
        self.home.run("outbox", "export", str(folder))
        (entry,) = folder.glob("*.json")
        self.home.run("outbox", "drop", str(int(entry.stem)))
        written = json.loads(entry.read_text(encoding="utf-8"))
        written["sha256"] = mails.sha256(raw)
        written["submission"] |= {"judgement": None, "mode": "auto", "identity": mails.identity(raw)}
        written["submission"]["overrides"] = {}
        entry.write_text(json.dumps(written), encoding="utf-8")
        entry.with_suffix(".eml").write_bytes(raw)
        self.home.run("outbox", "import", str(folder))
        (row,) = self.rows()
        return int(row["id"])

    def test_a_delivered_entry_cannot_be_opened(self) -> None:
        delivery = self.send()
        self.refused("no_row", self.connection.call, "outbox.open", row=delivery["row"])
        self.refused("no_row", self.connection.call, "outbox.open", row=4711)

    def test_the_marking_of_a_carrier_stays(self) -> None:
        inner = mails.report("hxxp://evil-one[.]com/x", subject="Inner").decode()
        carrier = (
            "From: a@cert.example\nSubject: TLP:AMBER two\nMIME-Version: 1.0\n"
            'Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/plain\n\nTLP:AMBER\n'
            f"--b\nContent-Type: message/rfc822\n\n{inner}\n--b--\n"
        ).encode()
        self.home.serve(f"http://127.0.0.1:{servers.closed_port()}", key("Publisher"))
        delivery = self.send(carrier, mode="carrier")
        self.home.serve(self.server.url, key("Publisher"))
        opened = self.connection.call("outbox.open", row=delivery["row"])
        self.assertFalse(opened["overrides"]["tlp"])
        sent = self.connection.call("send", message=opened["message"], overrides={"tlp": "tlp:clear"})
        (delivery,) = sent["deliveries"]
        self.assertIn("tlp:amber", {tag["name"] for tag in self.stored(delivery["uuid"])["Tag"]})
