"""Frames: a broken one, or one without JSON, ends the host with an error. Unread answers fill no memory and lose no mail."""

import json
import os
import select
import struct
import threading
from typing import Any

import mails
import servers
from case import ProtocolTest
from client import PATIENCE, Host, framed, greeting, pipe
from harness import key

LONGEST_IN = 4 << 20


def call(**fields: object) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": 7, "method": "status", "params": {}} | fields


class NoNativeMessaging(ProtocolTest):
    """A broken frame, or one without JSON, ends the host, as nothing after it can be understood."""

    def test_text_in_place_of_a_length_ends_the_host(self) -> None:
        for data in [b"hello", b'{"jsonrpc": "2.0"}', b"GET / HTTP/1.1\r\n\r\n", b"\xff" * 4, os.urandom(3) + b"\xff"]:
            with self.subTest(data):
                host = self.host()
                host.write(data)
                self.assert_fatal(host, "frame")
                self.assertIn("for Thunderbird", host.said())

    def test_a_frame_over_the_limit_ends_the_host_before_it_comes(self) -> None:
        host = self.host()
        host.write(struct.pack("=I", LONGEST_IN + 1))
        self.assert_fatal(host, "frame")

    def test_the_longest_frame_is_taken(self) -> None:
        host = self.host()
        data = json.dumps(call(id=50)).encode()
        host.methods[50] = "status"
        host.frame(data + b" " * (LONGEST_IN - len(data)))
        self.assertTrue(host.answer(50)["host"])

    def test_what_is_no_json_ends_the_host(self) -> None:
        text = json.dumps(call(params={"profile": "X"})).encode()
        for data in [
            b"",
            b" ",
            b"{",
            b"}",
            b"hello",
            b"{'id': 7}",
            b"{} {}",
            b"{}\0",
            b"\0",
            b"nul",
            b"NaN",
            b"[1,]",
            b'{"a":\\ud800}',
            b'"\\ud8"',
            b'"\\x"',
            b'"\n"',
            b"\xef\xbb\xbf{}",
            b"\xff\xfe{\0}\0",
            text.replace(b"X", b"\xff"),
            text.replace(b"X", b"\xed\xa0\x80"),
            text.replace(b"X", b"\xc0\xaf"),
            text[:-1],
            b"[" * 10_000 + b"]" * 10_000,
            b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
            text.replace(b'"X"', b"[" * 10_000 + b"]" * 10_000),
            b"1e999",
        ]:
            with self.subTest(data[:40]):
                host = self.host()
                host.frame(data)
                self.assert_fatal(host, "parse")

    def test_what_came_before_is_answered(self) -> None:
        host = self.host()
        begun = host.ask("message.begin", size=1)
        host.frame(b"}")
        self.assert_fatal(host, "parse")
        self.assertTrue(host.answer(begun)["message"])

    def test_random_bytes_never_do_more_than_end_the_host(self) -> None:
        for length in [0, 1, 2, 3, 17, 300]:
            with self.subTest(length):
                host = self.host(greet=False)
                # A single byte may be a digit, which is JSON.
                host.write(framed(bytes(byte | 0x80 for byte in os.urandom(length))))
                host.close_input()
                host.rest()
                self.assertEqual((len(host.orphans), host.wait()), (1, 65))

    def test_a_conversation_may_be_cut_at_every_byte(self) -> None:
        messages: list[dict[str, Any]] = [
            {"jsonrpc": "2.0", "id": 1, "method": "hello", "params": greeting()},
            {"jsonrpc": "2.0", "id": 2, "method": "message.begin", "params": {"size": 1}},
            {"jsonrpc": "2.0", "id": 3, "method": "message.discard", "params": {"message": "m1"}},
        ]
        frames = [framed(json.dumps(message).encode()) for message in messages]
        ends = [sum(map(len, frames[:number])) for number in range(len(frames) + 1)]
        for cut in range(ends[-1] + 1):
            with self.subTest(cut):
                host = self.host(greet=False)
                host.methods = {message["id"]: message["method"] for message in messages}
                host.write(b"".join(frames)[:cut])
                host.close_input()
                host.rest()
                self.assertEqual(len(host.answers), sum(cut >= end for end in ends[1:]))
                if cut in ends:
                    self.assertEqual((host.orphans, host.wait()), ([], 0))
                else:
                    self.assert_fatal(host, "frame")


class Unread(ProtocolTest):
    """An extension that does not read."""

    def write_until_it_stops(self, host: Host, data: bytes) -> int:
        """Writes until the host has read all, or nothing for a second; returns how many bytes it read."""
        output, written = pipe(host.process.stdin).fileno(), 0
        os.set_blocking(output, False)
        while written < len(data) and select.select([], [output], [], 1)[1]:
            written += os.write(output, data[written : written + 65_536])
        os.set_blocking(output, True)
        return written

    def requests(self, count: int, handle: str) -> tuple[range, bytes]:
        """Numbers and frames of `count` requests that the host refuses in texts that repeat the handle."""
        numbers = range(1000, 1000 + count)
        asked = {"method": "preview.more", "params": {"message": handle, "offset": 0}}
        return numbers, b"".join(framed(json.dumps(call(id=number, **asked)).encode()) for number in numbers)

    def test_requests_without_end_wait_outside_and_are_all_answered(self) -> None:
        host = self.host()
        numbers, data = self.requests(10_000, "none")
        written = self.write_until_it_stops(host, data)
        self.assertLess(written, len(data) // 2)
        rest = threading.Thread(target=host.write, args=[data[written:]], daemon=True)
        rest.start()
        for number in numbers:
            self.refused("unknown_message", host.answer, number)
        rest.join(PATIENCE)
        self.assert_alive(host)

    def test_answers_that_nobody_reads_do_not_fill_the_memory(self) -> None:
        host = self.host()
        _, data = self.requests(3_000, "x" * 20_000)
        self.assertLess(self.write_until_it_stops(host, data), len(data) // 2)
        self.assertLess(host.memory("VmRSS"), 64 << 20)
        host.process.kill()
        host.process.wait()

    def test_an_extension_that_stopped_reading_loses_no_mail(self) -> None:
        server = servers.Misp()
        self.addCleanup(server.stop)
        server.fail("hang", path="/events/add", seconds=0.5)
        self.home.serve(server.url, key("Publisher"))
        host = self.host()
        number = host.ask("send", message=host.handle_of(mails.small(1)))
        host.await_stage(number, "delivering")
        pipe(host.process.stdout).close()
        host.ask("status")
        host.close_input()
        self.assertEqual(host.process.wait(PATIENCE), 0)
        self.assertEqual(self.home.query("SELECT state FROM submission"), [("delivered",)])
        self.assertEqual(server.events(), 1)
