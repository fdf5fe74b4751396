"""The first call, and which extensions the host serves."""

import schema
from case import ProtocolTest
from client import EXTENSION, greeting


class Greeting(ProtocolTest):
    def test_the_answer_tells_version_protocol_and_limits(self) -> None:
        version = self.home.run("--version").split()[1]
        limits = {"message": 256 << 20, "chunk": 768 << 10, "messages": 32}
        self.assertEqual(self.host().greeting, {"host": version, "protocol": 1, "limits": limits})

    def test_the_limit_of_a_message_is_that_of_the_configuration(self) -> None:
        self.home.configure("[mail]\nmax_size = 4096\n")
        self.assertEqual(self.host().greeting["limits"]["message"], 4096)

    def test_the_highest_version_that_both_know_is_used(self) -> None:
        host = self.host(greet=False)
        self.assertEqual(host.call("hello", **greeting(1, 9))["protocol"], 1)

    def test_an_extension_that_is_too_new_learns_what_the_host_speaks_and_may_try_again(self) -> None:
        host = self.host(greet=False)
        error = self.refused("incompatible", host.call, "hello", **greeting(2, 3))
        self.assertIn("mispigeon is too old", error.message)
        self.assertEqual(error.data["host"], self.home.run("--version").split()[1])
        self.assertEqual(error.data["protocol"], {"min": 1, "max": 1})
        self.refused("hello_first", host.call, "status")
        self.assertEqual(host.call("hello", **greeting())["protocol"], 1)

    def test_an_extension_that_is_too_old_is_told_so(self) -> None:
        host = self.host(greet=False)
        error = self.refused("incompatible", host.call_unchecked, "hello", greeting(0, 0))
        self.assertIn("extension is too old", error.message)

    def test_nothing_is_answered_before_hello(self) -> None:
        host = self.host(greet=False)
        for method in set(schema.METHODS) - {"hello"}:
            with self.subTest(method):
                self.refused("hello_first", host.call_unchecked, method, {})
        self.refused("hello_first", host.call_unchecked, "no.such", {})
        host.cancel(1)
        host.call("hello", **greeting())
        self.assert_alive(host)

    def test_hello_is_said_once(self) -> None:
        host = self.host()
        self.refused("invalid", host.call, "hello", **greeting())
        self.assert_alive(host)


class Callers(ProtocolTest):
    def assert_not_served(self, *words: object) -> str:
        host = self.host(words, greet=False)
        host.rest()
        self.assertEqual([error["data"]["kind"] for error in host.orphans], ["not_allowed"])
        self.assertEqual(host.wait(), 77, host.said())
        return host.orphans[0]["message"]

    def test_another_extension_is_not_served(self) -> None:
        for stranger in ["other@example.org", "{3550f703-e582-4d05-9a08-453d09bdfdc6}", EXTENSION.upper()]:
            with self.subTest(stranger):
                self.assertIn(stranger, self.assert_not_served(self.home.manifest, stranger))

    def test_a_manifest_that_is_not_ours_serves_nobody(self) -> None:
        other = self.home.folder / "other.json"
        contents = [
            None,
            "",
            "no JSON",
            "[]",
            "{}",
            '{"name": "mispigeon"}',
            '{"name": "mispigeon", "allowed_extensions": []}',
            f'{{"name": "other", "allowed_extensions": ["{EXTENSION}"]}}',
            '{"name": "mispigeon", "allowed_extensions": {"a": 1}}',
        ]
        for content in contents:
            with self.subTest(content):
                other.unlink(missing_ok=True)
                if content is not None:
                    other.write_text(content)
                self.assertIn("other.json", self.assert_not_served(other, EXTENSION))

    def test_each_extension_of_the_manifest_is_served(self) -> None:
        self.home.write_manifest(allowed_extensions=["companion@mispigeon.org", EXTENSION])
        for extension in ["companion@mispigeon.org", EXTENSION]:
            with self.subTest(extension):
                self.assert_alive(self.host([self.home.manifest, extension]))

    def test_more_arguments_behind_the_id_are_left_alone(self) -> None:
        self.assert_alive(self.host([self.home.manifest, EXTENSION, "--parent-window=1"]))

    def test_the_command_host_serves_in_the_same_way(self) -> None:
        self.assert_alive(self.host(["host", self.home.manifest, EXTENSION]))
        self.assert_not_served("host", self.home.manifest, "other@example.org")
