"""JSON that is no request, wrong parameters, half characters: the host answers each, and the connection goes on."""

import json
from collections.abc import Iterator
from typing import Any

import mails
import schema
from case import ProtocolTest
from client import Host, greeting


def call(**fields: object) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": 7, "method": "status", "params": {}} | fields


class WrongRequests(ProtocolTest):
    def assert_invalid(self, host: Host, data: object, number: int | None) -> None:
        """Checks that the host answers the frame as invalid, with the id if it could read one."""
        host.frame(data if isinstance(data, bytes) else json.dumps(data).encode())
        if number is None:
            self.assertEqual(host.orphan()["data"]["kind"], "invalid")
        else:
            self.refused("invalid", host.answer, number)
        self.assert_alive(host)

    def test_what_is_no_request_is_invalid(self) -> None:
        without_method, without_version = call(), call()
        del without_method["method"], without_version["jsonrpc"]
        host = self.host()
        for message, number in [
            ([], None),
            ([call()], None),
            ([call(), call(id=8)], None),
            (["2.0", 7, "status", {}], None),
            ("status", None),
            (7, None),
            (-1.5e300, None),
            (None, None),
            (True, None),
            ({}, None),
            ({"id": 7}, 7),
            (without_method, 7),
            (without_version, 7),
            (call(jsonrpc="1.0"), 7),
            (call(jsonrpc=2.0), 7),
            (call(jsonrpc=None), 7),
            (call(method=7), 7),
            (call(method=None), 7),
            (call(method=["status"]), 7),
            (call(id="7"), None),
            (call(id=-7), None),
            (call(id=7.5), None),
            (call(id=True), None),
            (call(id={}), None),
            (call(id=[7]), None),
            (call(id=1 << 64), None),
            ({"jsonrpc": "2.0", "id": 7, "result": {}}, 7),
        ]:
            with self.subTest(message):
                self.assert_invalid(host, message, number)

    def test_a_method_that_there_is_not_is_said(self) -> None:
        host = self.host()
        for method in [
            "",
            "Status",
            "status ",
            "rpc.discover",
            "message",
            "preview.",
            "cancel",
            "progress",
            "😀",
            "x" * 100_000,
        ]:
            with self.subTest(method[:20]):
                self.refused("unknown_method", host.call_unchecked, method, {})

    def test_a_notification_is_never_answered(self) -> None:
        host = self.host()
        for message in [
            call(id=None),
            {"jsonrpc": "2.0", "method": "status"},
            {"jsonrpc": "2.0", "method": "no.such", "params": 1},
        ]:
            host.raw(message)
        self.assert_alive(host)
        self.assertEqual((host.orphans, host.answers, host.notifications), ([], {}, []))

    def test_more_fields_than_there_are_do_no_harm(self) -> None:
        host = self.host()
        host.raw(call(id=90, more=[{"a": None}]), "status")
        self.assertTrue(host.answer(90)["host"])

    def test_an_id_may_be_any_whole_number(self) -> None:
        host = self.host()
        for number in [0, 1 << 31, (1 << 53) + 1, (1 << 64) - 1]:
            host.raw(call(id=number), "status")
            self.assertTrue(host.answer(number)["host"])

    def test_two_requests_with_one_id_are_both_answered(self) -> None:
        host = self.host()
        for _ in range(2):
            host.raw(call(id=80), "status")
        self.assertTrue(host.answer(80)["host"])
        host.methods[80] = "status"
        self.assertTrue(host.answer(80)["host"])


class WrongParameters(ProtocolTest):
    """Parameters of every method that break the schema."""

    VALUES = [None, True, -1, 1.5, 1 << 70, "x", "", [], [1], {}, {"a": 1}]

    def setUp(self) -> None:
        super().setUp()
        self.connection = self.host()
        self.handle = self.connection.handle_of(mails.small(1))
        self.connection.call("preview", message=self.handle)

    def right(self) -> dict[str, Any]:
        """Valid parameters of each method."""
        message = {"message": self.handle}
        return {
            "message.begin": {"size": 1, "decrypted_of": None},
            "message.chunk": message | {"offset": 0, "data": ""},
            "message.end": message,
            "message.discard": message,
            "join": message | {"into": None, "mode": "auto", "profile": None, "left_out": []},
            "preview": message | {"mode": "auto", "profile": None, "keep_people": False, "wait": False},
            "preview.more": message | {"offset": 0},
            "preview.text": message | {"offset": 0},
            "preview.within": message | {"text": "", "link": None},
            "known": message | {"offset": 0, "count": 1},
            "export": message | {"mode": "auto", "profile": None, "overrides": {}, "format": "text", "offset": 0},
            "send": message | {"mode": "auto", "profile": None, "overrides": {}, "unchecked": False},
            "tags.search": {"profile": None, "words": "tlp", "offset": 0, "limit": 1},
            "sharing_groups": {"profile": None},
            "events.search": {"profile": None, "words": "", "limit": 1},
            "types": {"type": "md5", "value": "x"},
            "outbox.open": {"row": 1},
            "status": {"profile": None},
            "settings.read": {"profile": None},
            "settings.write": {"profile": None, "changes": {}},
            "settings.open": {},
            "settings.remove_profile": {"profile": "x"},
            "connection.test": {"profile": None, "changes": {}},
            "outbox.list": {"delivered": False, "offset": 0},
            "outbox.retry": {"row": None, "rebuild": False},
            "outbox.drop": {"row": 1},
        }

    def wrong(self) -> Iterator[tuple[object, ...]]:
        """Pairs of method and parameters that are wrong in one way each."""
        for method, params in self.right().items():
            names, needed = schema.properties(method)
            self.assertEqual(set(params), set(names), method)
            for other in [True, 0, "x", [], [params], list(params.values())]:
                yield method, other
            yield method, params | {"more": 1}
            for name in needed:
                yield method, {one: value for one, value in params.items() if one != name}
            for name in names:
                for value in self.VALUES:
                    changed = params | {name: value}
                    if not schema.allows(changed, "methods", method, "params"):
                        yield method, changed

    def test_wrong_parameters_are_refused_whatever_the_method(self) -> None:
        refused = 0
        for method, params in self.wrong():
            with self.subTest(method=method, params=params):
                self.refused("invalid", self.connection.call_unchecked, method, params)
                refused += 1
        self.assertGreater(refused, 300)
        self.assertEqual(self.home.files(), [self.home.manifest])
        self.connection.call("preview", message=self.handle)

    def test_wrong_choices_are_refused(self) -> None:
        for choices in [
            {"more": 1},
            {"deselected": [["url"]]},
            {"deselected": [["url", "a", "b"]]},
            {"deselected": [["url", 1]]},
            {"deselected": ["url"]},
            {"deselected": {"url": "a"}},
            {"selected": None},
            {"comment": 1},
            {"event": 7},
            {"tlp": ["tlp:red"]},
            {"distribution": 5},
            {"distribution": -1},
            {"distribution": "1"},
            {"distribution": 256},
            {"files_only": True},
            {"destination": "feed"},
            {"urls_only": True},
        ]:
            with self.subTest(choices):
                self.assertFalse(schema.allows(choices, "$defs", "overrides"))
                for method, more in [("export", {"format": "text", "offset": 0}), ("send", {})]:
                    params = {"message": self.handle, "overrides": choices, **more}
                    self.refused("invalid", self.connection.call_unchecked, method, params)

    def test_a_wrong_greeting_is_refused_and_may_be_said_again(self) -> None:
        host = self.host(greet=False)
        right = greeting()
        for params in [
            {},
            [],
            {"extension": "0.1.0"},
            {"protocol": right["protocol"]},
            right | {"more": 1},
            right | {"extension": 1},
            right | {"protocol": 1},
            right | {"protocol": {"min": 1}},
            right | {"protocol": {"min": 1, "max": "1"}},
            right | {"protocol": {"min": -1, "max": 1}},
            right | {"protocol": {"min": 1, "max": 1, "more": 1}},
            ["0.1.0", {"min": 1, "max": 1}],
        ]:
            with self.subTest(params):
                self.refused("invalid", host.call_unchecked, "hello", params)
        host.call("hello", **right)


class HalfCharacters(ProtocolTest):
    """JavaScript can put half a surrogate pair into a string."""

    HALF = "\ud83d"

    def test_half_a_pair_becomes_a_replacement_character(self) -> None:
        host = self.host()
        handle = host.handle_of(mails.small(1))
        error = self.refused(
            "no_profile", host.call_unchecked, "preview", {"message": handle, "profile": f"a{self.HALF}b"}
        )
        self.assertIn("a\ufffdb", error.message)
        params = {"message": handle, "overrides": {"comment": f"{self.HALF}!", "deselected": [["url", self.HALF]]}}
        host.call_unchecked("send", params)
        (path,) = self.home.data.glob("feed/*-*.json")
        self.assertIn("\ufffd!", path.read_text(encoding="utf-8"))
        host.call_unchecked("settings.write", {"changes": {"event.prefix": f"{self.HALF}{self.HALF}"}})
        self.assertEqual(host.call("settings.read")["fields"]["event.prefix"]["value"], "\ufffd\ufffd")

    def test_half_a_pair_anywhere_does_not_end_the_connection(self) -> None:
        host = self.host(greet=False)
        host.call_unchecked("hello", greeting() | {"extension": self.HALF})
        self.refused("unknown_method", host.call_unchecked, f"status{self.HALF}", {})
        self.refused("invalid", host.call_unchecked, "status", {self.HALF: 1})
        self.refused("unknown_message", host.call_unchecked, "message.end", {"message": "\udc00\ud800"})
        self.refused("unknown_message", host.call_unchecked, "preview", {"message": "\\ud800 \ud800\\"})
        self.assert_alive(host)

    def test_whole_pairs_stay_what_they_are(self) -> None:
        host = self.host()
        host.call("settings.write", changes={"event.prefix": "😀\ufffd\\ud83d"})
        self.assertEqual(host.call("settings.read")["fields"]["event.prefix"]["value"], "😀\ufffd\\ud83d")
