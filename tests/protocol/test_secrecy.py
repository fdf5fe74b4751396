"""The API key and the key of parameter lines appear in no frame, not on standard error, and in no file but the configuration."""

import contextlib
import json
from collections.abc import Sequence
from email.message import Message
from typing import Any

import mails
import servers
from case import ProtocolTest
from client import EXTENSION, Host, Refused
from harness import key

KEY = key("Publisher")
OTHER = "n0tTheKeyOfTheDouble".ljust(40, "x")
WORD = "open-sesame-4711-4711"


# Stands for the key in the texts of a server, or of something in front of it.
ECHO = "ECHO"
JSON, HTML = {"Content-Type": "application/json"}, {"Content-Type": "text/html"}
ANSWERS = {
    "403 in words": (403, JSON, '{"message": "Authentication failed for ECHO."}'),
    "403 of a firewall": (403, HTML, "<p>ECHO is not welcome</p>"),
    "500 in words": (500, JSON, '{"message": "headers: ECHO"}'),
    "502 of a proxy": (502, HTML, "<p>ECHO</p>"),
    "400 in words": (400, JSON, '{"message": "no", "errors": {"value": ["what is ECHO?"]}}'),
    "429 in words": (429, JSON | {"X-Rate-Limit-Reset": "ECHO"}, '{"message": "ECHO is too fast"}'),
    "maintenance": (302, {"Location": "/users/login?from=ECHO"}, ""),
    "redirect": (302, {"Location": "http://elsewhere.example/ECHO"}, ""),
    "broken JSON": (200, JSON, '{"Event": {"id": "ECHO"'),
    "200 of another shape": (200, JSON, '{"Event": "ECHO", "version": ["ECHO"], "response": "ECHO"}'),
    "a version": (200, JSON, '{"version": "ECHO", "User": {"email": "ECHO"}, "Role": {"name": "ECHO"}}'),
    "warninglists": (200, JSON, '{"kestrelmint.net": [{"name": "list of ECHO"}], "ECHO": [{"name": "x"}]}'),
    "events": (
        200,
        JSON,
        json.dumps(
            {
                "response": {
                    "Attribute": [
                        {
                            "uuid": "5d0f2f10-6a41-4a2b-9f3a-0d8e5f1c0001",
                            "value": "kestrelmint.net",
                            "event_id": "1",
                            "Event": {"info": "event of ECHO"},
                        }
                    ]
                }
            }
        ),
    ),
}


class Secrecy(ProtocolTest):
    def host(self, words: Sequence[object] | None = None, greet: bool = True, **environment: str) -> Host:
        return super().host(words or ["-vv", "host", self.home.manifest, EXTENSION], greet, **environment)

    def ask_all(self, host: Host) -> list[int]:
        """Makes every call that may involve the server; returns their ids."""
        asked: list[tuple[str, dict[str, Any]]] = [
            ("status", {}),
            ("settings.read", {}),
            ("connection.test", {}),
            ("outbox.list", {}),
            ("connection.test", {"changes": {"event.prefix": "X"}}),
            ("settings.write", {"changes": {"event.threat_level": 9}}),
            ("settings.write", {"changes": {"misp.url": "https://b.example"}}),
            ("settings.read", {"profile": "none"}),
        ]
        numbers = [host.ask(method, **params) for method, params in asked]
        looked_at, sent = [host.handle_of(mails.corpus("attach-pe-and-zip")) for _ in range(2)]
        numbers.append(host.ask("send", message=sent))
        self.let(host, host.ask("preview", message=looked_at))
        numbers.append(host.ask("known", message=looked_at, offset=0, count=9))
        numbers.append(host.ask("export", message=looked_at, format="misp", offset=0))
        return numbers

    def finish(self, host: Host, numbers: list[int]) -> None:
        """Waits for the answers, results or errors, then asks for outbox and status."""
        for number in numbers:
            self.let(host, number)
        asked: list[tuple[str, dict[str, Any]]] = [
            ("outbox.list", {}),
            ("outbox.list", {"delivered": True}),
            ("status", {}),
        ]
        for method, params in asked:
            self.let(host, host.ask(method, **params))

    def let(self, host: Host, number: int) -> None:
        with contextlib.suppress(Refused):
            host.answer(number)

    def try_all(self, host: Host) -> None:
        self.finish(host, self.ask_all(host))

    def assert_hidden(self, host: Host, *secrets: str) -> None:
        host.end()
        said = {"a frame": bytes(host.taken), "standard error": host.said().encode()}
        said |= {str(path): path.read_bytes() for path in self.home.files() if path != self.home.config}
        for secret in map(str.encode, secrets):
            for place, content in said.items():
                at = content.find(secret)
                self.assertEqual(at, -1, f"in {place}: {content[max(0, at - 200) : at + 60]!r}")

    def test_a_key_is_hidden_while_all_goes_well(self) -> None:
        self.misp()
        host = self.host()
        self.try_all(host)
        self.assertIn(b"created", host.taken)
        self.assert_hidden(host, KEY)

    def test_a_key_that_is_given_is_not_told_again(self) -> None:
        server = self.misp()
        self.home.config.unlink()
        host = self.host()
        changes = {"misp.url": server.url, "misp.key": KEY}
        self.assertTrue(host.call("connection.test", changes=changes)["ok"])
        self.assertTrue(host.call("settings.write", changes=changes)["fields"]["misp.key"]["set"])
        host.call("settings.write", changes={"misp.key": OTHER})
        self.try_all(host)
        for wrong in [[OTHER], {"a": OTHER}, 1]:
            self.refused("setting", host.call_unchecked, "settings.write", {"changes": {"misp.key": wrong}})
        self.refused("setting", host.call, "settings.write", changes={"misp.key_env": OTHER})
        for method in ["settings.write", "connection.test"]:
            self.refused("invalid", host.call_unchecked, method, {"changes": OTHER})
        self.assertIn(OTHER, self.home.config.read_text())
        self.assert_hidden(host, KEY, OTHER)

    def test_a_key_of_the_environment_is_hidden(self) -> None:
        server = self.misp()
        self.home.config.unlink()
        host = self.host(MISPIGEON_MISP_URL=server.url, MISPIGEON_MISP_KEY=KEY)
        self.try_all(host)
        self.assertIn(b"created", host.taken)
        self.assert_hidden(host, KEY)

    def test_a_key_is_hidden_when_it_is_refused_or_cannot_be_one(self) -> None:
        server = self.misp()
        for secret in [
            key("ReadOnlyKey"),
            key("Expired"),
            OTHER,
            "a-key-with-\x7f-inside-0815",
            "schlüssel-" * 4,
        ]:
            with self.subTest(secret):
                self.home.serve(server.url, secret)
                host = self.host()
                self.try_all(host)
                self.assert_hidden(host, secret)

    def test_a_server_that_repeats_the_key_does_not_bring_it_back(self) -> None:
        attempts = []
        for name, (status, headers, body) in ANSWERS.items():

            def say(
                request: Message, status: int = status, headers: dict[str, str] = headers, body: str = body
            ) -> tuple[int, dict[str, str], bytes]:
                repeated = {field: value.replace(ECHO, request["Authorization"]) for field, value in headers.items()}
                return status, repeated, body.replace(ECHO, request["Authorization"]).encode()

            self.home = self.new_home()
            self.home.serve(servers.Spoken(self, say).url, OTHER)
            host = self.host()
            attempts.append((name, self.home, host, self.ask_all(host)))
        # All at once, because after some of these answers a delivery tries again for some seconds.
        for name, self.home, host, numbers in attempts:
            with self.subTest(name):
                self.finish(host, numbers)
                self.assertIn(b'"deliveries"', host.taken)
                self.assert_hidden(host, OTHER)

    def test_a_file_with_a_fault_does_not_show_the_key_that_it_holds(self) -> None:
        for text in [
            f'[misp]\nkey = "{OTHER}\n',
            f"[misp]\nkey = {OTHER}\n",
            f'[misp]\nkey = ["{OTHER}"]\n',
            f'[misp]\nkay = "{OTHER}"\n',
            f'[misp]\nkey = "{OTHER}"\nkey_env = "X"\n',
            f'[misp]\nverify = "{OTHER}"\nkey = "{OTHER}"\n',
            f'key = "{OTHER}"\n',
        ]:
            with self.subTest(text):
                self.home.configure(text)
                host = self.host()
                self.try_all(host)
                self.assert_hidden(host, OTHER)

    def test_the_word_of_parameter_lines_is_hidden_and_leaves_for_nobody(self) -> None:
        port = servers.closed_port()
        more = f'[event]\nattach_original = true\n[directives]\nkey = "{WORD}"\n'
        self.home.serve(f"http://127.0.0.1:{port}", KEY, more)
        host = self.host()
        raw = mails.report(f"hxxp://evil-one[.]com/x\nm2m:m2mkey:{WORD}\nm2m:threat_level:1\nhxxp://evil-two[.]com/y")
        handle = host.handle_of(raw)
        seen = host.call("preview", message=handle)
        self.assertEqual(seen["events"][0]["threat_level"], 1)
        for form in ["text", "csv", "misp"]:
            self.assertIn("evil-two", host.call("export", message=handle, format=form, offset=0)["text"])
        host.call("send", message=handle)
        server = servers.Misp("--port", str(port))
        self.addCleanup(server.stop)
        (delivery,) = host.call("outbox.retry", rebuild=True)["deliveries"]
        stored = server.event(delivery["uuid"])
        self.assertEqual(stored["Event"]["threat_level_id"], "1")
        self.assertNotIn(WORD, json.dumps(stored))
        self.assertNotIn(WORD, json.dumps(host.call("settings.read")))
        self.assert_hidden(host, WORD, KEY)
