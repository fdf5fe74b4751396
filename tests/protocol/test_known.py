"""What the server knows of the indicators of a preview: warninglists, events, and the message if the server is down."""

from typing import Any

import mails
import servers
from case import ProtocolTest
from client import PATIENCE
from harness import key

NOTHING: dict[str, Any] = {"warninglists": {}, "events": {}}


class Known(ProtocolTest):
    def setUp(self) -> None:
        super().setUp()
        self.server = self.misp()
        self.connection = self.host()

    def previewed(self, raw: bytes, **params: object) -> str:
        handle = self.connection.handle_of(raw)
        self.connection.call("preview", message=handle, **params)
        return handle

    def known(self, raw: bytes, offset: int = 0, count: int = 100) -> dict[str, Any]:
        return self.connection.call("known", message=self.previewed(raw), offset=offset, count=count)

    def add_event(self, info: str, *values: str) -> dict[str, Any]:
        attributes = [{"type": "url", "category": "Network activity", "value": value} for value in values]
        return self.server.ask("/events/add", {"Event": {"info": info, "distribution": "1", "Attribute": attributes}})[
            "Event"
        ]

    def test_names_of_warninglists_are_told_by_value(self) -> None:
        answer = self.known(mails.report("hxxp://listed[.]example[.]org/x and 8.8.8.8 and evil-one[.]com"))
        self.assertEqual(answer["warninglists"]["listed.example.org"], ["Double: one listed host"])
        self.assertEqual(answer["warninglists"]["8.8.8.8"], ["Double: public resolvers"])
        self.assertNotIn("evil-one.com", answer["warninglists"])
        self.assertEqual((answer["events"], answer["notes"]), ({}, []))

    def test_events_are_told_by_value_with_their_pages(self) -> None:
        event = self.add_event("An earlier one", "http://evil-one.com/x")
        answer = self.known(mails.report("hxxp://evil-one[.]com/x and hxxp://evil-two[.]com/y"))
        expected = {
            "event_id": event["id"],
            "info": "An earlier one",
            "url": f"{self.server.url}/events/view/{event['id']}",
        }
        self.assertEqual(answer["events"], {"http://evil-one.com/x": [expected]})

    def test_of_many_events_five_are_told_with_short_titles(self) -> None:
        for number in range(7):
            self.add_event(f"{number} {'ä' * 400}", "http://evil-one.com/x")
        (told,) = self.known(mails.report("hxxp://evil-one[.]com/x"))["events"].values()
        self.assertEqual(len(told), 5)
        self.assertEqual({len(one["info"]) for one in told}, {200})

    def test_a_file_is_known_by_its_hash(self) -> None:
        event = self.server.ask(
            "/events/add",
            {
                "Event": {
                    "info": "Empty",
                    "Attribute": [
                        {"type": "sha256", "category": "Payload delivery", "value": mails.sha256(b"MZ known")}
                    ],
                }
            },
        )["Event"]
        answer = self.known(mails.with_files(("a.exe", b"MZ known"), ("b.exe", b"MZ other")))
        self.assertEqual([one["event_id"] for one in answer["events"][mails.sha256(b"MZ known")]], [event["id"]])
        self.assertEqual(len(answer["events"]), 1)

    def test_only_the_items_that_were_named_are_asked_for(self) -> None:
        raw, _found = mails.many(1000)
        self.add_event("Both", "http://host-00000.evil-many.com/gate.php", "http://host-00499.evil-many.com/gate.php")
        handle = self.previewed(raw)
        first = self.connection.call("known", message=handle, offset=0, count=500)
        last = self.connection.call("known", message=handle, offset=500, count=500)
        self.assertEqual(list(first["events"]), ["http://host-00000.evil-many.com/gate.php"])
        self.assertEqual(list(last["events"]), ["http://host-00499.evil-many.com/gate.php"])
        for offset in [1000, (1 << 64) - 1]:
            answer = self.connection.call("known", message=handle, offset=offset, count=500)
            self.assertEqual((answer["events"], answer["warninglists"]), ({}, {}))

    def test_a_profile_of_the_preview_decides_whom_to_ask(self) -> None:
        other = f"http://127.0.0.1:{servers.closed_port()}"
        secret = key("User")
        self.home.serve(self.server.url, key("Publisher"), f'[profile.away.misp]\nurl = "{other}"\nkey = "{secret}"\n')
        handle = self.previewed(mails.small(1), profile="away")
        answer = self.connection.call("known", message=handle, offset=0, count=10)
        self.assertTrue(all(other in note["text"] for note in answer["notes"]))
        self.assertTrue(answer["notes"])

    def test_an_answer_about_much_is_short_enough_to_travel(self) -> None:
        raw = mails.report("\n".join(f"hxxp://evil-long[.]com/{number}/{'x' * 1800}" for number in range(400)))
        handle = self.previewed(raw)
        for _number in range(5):
            self.add_event("t" * 200, *[f"http://evil-long.com/{one}/{'x' * 1800}" for one in range(300)])
        answer = self.connection.call("known", message=handle, offset=0, count=500)
        self.assertGreater(len(answer["events"]), 50)
        self.assertIn("more than is shown", " ".join(note["text"] for note in answer["notes"]))

    def test_without_a_server_nobody_is_asked(self) -> None:
        self.home.configure("")
        answer = self.known(mails.small(1))
        self.assertEqual([note["code"] for note in answer.pop("notes")], ["no_server"])
        self.assertEqual(answer | {"notes": []}, NOTHING | {"notes": []})

    def test_a_server_that_is_away_or_refuses_is_a_note(self) -> None:
        away = f"http://127.0.0.1:{servers.closed_port()}"
        for url, user, words in [(away, "Publisher", away), (self.server.url, "Expired", "Authentication failed")]:
            with self.subTest(user):
                self.home.serve(url, key(user))
                answer = self.known(mails.small(1))
                self.assertEqual({name: answer[name] for name in NOTHING}, NOTHING)
                self.assertIn(words, answer["notes"][0]["text"])

    def test_a_server_that_only_half_works_is_asked_for_the_rest(self) -> None:
        self.add_event("An earlier one", "http://evil-one.com/x")
        self.server.fail("error500", path="/warninglists/*", count=-1)
        answer = self.known(mails.report("hxxp://evil-one[.]com/x"))
        self.assertEqual(list(answer["events"]), ["http://evil-one.com/x"])
        self.assertEqual(len(answer["notes"]), 1)

    def test_it_needs_a_preview(self) -> None:
        handle = self.connection.handle_of(mails.small(1))
        self.refused("no_preview", self.connection.call, "known", message=handle, offset=0, count=1)

    def test_progress_tells_of_both_questions(self) -> None:
        number = self.connection.ask("known", message=self.previewed(mails.small(1)), offset=0, count=10)
        self.connection.answer(number)
        self.assertEqual(self.connection.progress(number)[0], ("asking", 2))


class Hanging(ProtocolTest):
    def test_a_server_that_hangs_keeps_no_preview_waiting(self) -> None:
        slow = servers.Silent(self)
        self.home.serve(slow.url, key("Publisher"), "timeout = 8\n")
        host = self.host()
        handle = host.handle_of(mails.small(1))
        host.call("preview", message=handle)
        for _ in range(2):
            host.ask("known", message=handle, offset=0, count=10)
            self.assertTrue(slow.asked.acquire(timeout=PATIENCE))
        for _ in range(3):
            host.ask("known", message=handle, offset=0, count=10)
        host.answer(host.ask("preview", message=handle), patience=5)
