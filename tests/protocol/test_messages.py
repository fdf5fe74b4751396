"""Messages reach the host byte for byte: in pieces, several at a time, and broken ones too."""

import base64
import random
from typing import Any

import mails
from case import ProtocolTest
from client import CHUNK


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


class HandingOver(ProtocolTest):
    def setUp(self) -> None:
        super().setUp()
        self.connection = self.host()

    def begin(self, size: int) -> str:
        return self.connection.call("message.begin", size=size)["message"]

    def chunk(self, handle: str, offset: int, data: bytes) -> int:
        return self.connection.call("message.chunk", message=handle, offset=offset, data=encoded(data))["received"]

    def end_of(self, handle: str) -> str:
        return self.connection.call("message.end", message=handle)["identity"]

    def assert_discarded(self, handle: str) -> None:
        self.refused("unknown_message", self.end_of, handle)
        self.assert_alive(self.connection)

    def test_pieces_in_order_make_the_message(self) -> None:
        raw = mails.corpus("advisory-table")
        handle = self.begin(len(raw))
        self.assertEqual(self.chunk(handle, 0, raw[:100]), 100)
        self.assertEqual(self.chunk(handle, 100, b""), 100)
        self.assertEqual(self.chunk(handle, 100, raw[100:]), len(raw))
        self.assertEqual(self.end_of(handle), mails.identity(raw))

    def test_messages_may_come_interleaved(self) -> None:
        whole = {self.begin(len(raw)): raw for raw in map(mails.small, range(8))}
        for offset in range(0, max(map(len, whole.values())), 50):
            for handle, raw in whole.items():
                if offset < len(raw):
                    self.chunk(handle, offset, raw[offset : offset + 50])
        self.assertEqual(len(whole), 8)
        for handle, raw in whole.items():
            self.assertEqual(self.end_of(handle), mails.identity(raw))

    def test_a_piece_that_leaves_a_gap_or_repeats_discards_the_message(self) -> None:
        for offset in [0, 1, 3, 5, 1 << 40]:
            with self.subTest(offset):
                handle = self.begin(8)
                self.chunk(handle, 0, b"abcd")
                error = self.refused("out_of_order", self.chunk, handle, offset, b"ef")
                self.assertIn("4 are there", error.message)
                self.assert_discarded(handle)

    def test_more_bytes_than_announced_discard_the_message(self) -> None:
        for size, pieces in [(0, [b"a"]), (4, [b"abcde"]), (4, [b"abcd", b"e"])]:
            with self.subTest(size=size, pieces=pieces):
                handle, offset = self.begin(size), 0
                for piece in pieces[:-1]:
                    offset = self.chunk(handle, offset, piece)
                self.refused("out_of_order", self.chunk, handle, offset, pieces[-1])
                self.assert_discarded(handle)

    def test_an_end_before_all_bytes_are_there_discards_the_message(self) -> None:
        handle = self.begin(5)
        self.chunk(handle, 0, b"abcd")
        error = self.refused("out_of_order", self.end_of, handle)
        self.assertIn("4 of 5", error.message)
        self.assert_discarded(handle)

    def test_what_is_not_base64_discards_the_message(self) -> None:
        for data in ["!", "YWJj!", "YWJ", "YWI=YWI=", "YW Jj", "YWJj\n", "_-_-", "YWJ=", "ü"]:
            with self.subTest(data):
                handle = self.begin(10)
                call = self.connection.call
                self.refused("out_of_order", call, "message.chunk", message=handle, offset=0, data=data)
                self.assert_discarded(handle)

    def test_a_piece_over_the_limit_discards_the_message(self) -> None:
        handle = self.begin(CHUNK + 10)
        self.assertEqual(self.chunk(handle, 0, bytes(CHUNK)), CHUNK)
        too_much: dict[str, Any] = {"message": self.begin(CHUNK + 1), "offset": 0, "data": encoded(bytes(CHUNK + 1))}
        error = self.refused("out_of_order", self.connection.call_unchecked, "message.chunk", too_much)
        self.assertIn(str(CHUNK), error.message)
        self.assert_discarded(too_much["message"])

    def test_a_message_ends_once(self) -> None:
        handle = self.begin(0)
        self.end_of(handle)
        self.refused("out_of_order", self.end_of, handle)
        self.assert_discarded(handle)

    def test_nothing_is_added_to_a_message_that_has_ended(self) -> None:
        handle = self.begin(0)
        self.end_of(handle)
        self.refused("out_of_order", self.chunk, handle, 0, b"a")
        self.assert_discarded(handle)

    def test_a_handle_that_was_not_given_is_unknown(self) -> None:
        call = self.connection.call
        for handle in ["", "m1", "m99", "../etc/passwd", "😀" * 16]:
            with self.subTest(handle):
                self.refused("unknown_message", self.chunk, handle, 0, b"a")
                self.refused("unknown_message", self.end_of, handle)
                self.refused("unknown_message", call, "message.discard", message=handle)
                self.refused("unknown_message", call, "preview", message=handle)
                self.refused("unknown_message", call, "preview.more", message=handle, offset=0)
                self.refused("unknown_message", call, "known", message=handle, offset=0, count=1)
                self.refused("unknown_message", call, "export", message=handle, format="text", offset=0)
                self.refused("unknown_message", call, "send", message=handle)

    def test_a_message_can_be_discarded_before_and_after_its_end(self) -> None:
        begun, whole = self.begin(10), self.connection.handle_of(mails.small(1))
        for handle in [begun, whole]:
            self.connection.call("message.discard", message=handle)
            self.refused("unknown_message", self.connection.call, "message.discard", message=handle)

    def test_a_handle_ends_with_its_connection(self) -> None:
        handle = self.connection.handle_of(mails.small(1))
        self.assertEqual(self.connection.end(), 0)
        self.refused("unknown_message", self.host().call, "preview", message=handle)

    def test_a_message_cannot_be_looked_at_before_its_end(self) -> None:
        raw = mails.small(1)
        handle = self.begin(len(raw))
        self.chunk(handle, 0, raw)
        self.refused("out_of_order", self.connection.call, "preview", message=handle)
        self.refused("out_of_order", self.connection.call, "send", message=handle)


class Limits(ProtocolTest):
    def test_as_many_messages_as_were_promised_are_held(self) -> None:
        host = self.host()
        most = host.greeting["limits"]["messages"]
        held = [host.handle_of(mails.small(number)) for number in range(most // 2)]
        held += [host.call("message.begin", size=10)["message"] for _ in range(most - len(held))]
        self.assertEqual(len(set(held)), most)
        error = self.refused("too_many", host.call, "message.begin", size=10)
        self.assertEqual(error.data["limit"], most)
        host.call("message.discard", message=held[0])
        host.handle_of(mails.small(99))
        self.refused("too_many", host.call, "message.begin", size=10)

    def test_a_message_over_the_limit_is_refused_before_it_comes(self) -> None:
        self.home.configure("[mail]\nmax_size = 2048\n")
        host = self.host()
        error = self.refused("too_large", host.call, "message.begin", size=2049)
        self.assertEqual((error.data["size"], error.data["limit"]), (2049, 2048))
        for word in ["2049", "2048", "mail.max_size"]:
            self.assertIn(word, error.message)
        host.call("message.begin", size=2048)
        for size in [1 << 32, (1 << 63) - 1, (1 << 64) - 1]:
            self.refused("too_large", host.call, "message.begin", size=size)

    def test_a_promise_of_many_bytes_costs_no_memory(self) -> None:
        host = self.host()
        for _ in range(host.greeting["limits"]["messages"]):
            host.call("message.begin", size=host.greeting["limits"]["message"])
        self.assertLess(host.memory("VmRSS"), 64 << 20)

    def test_a_limit_that_is_raised_holds_at_once(self) -> None:
        self.home.configure("[mail]\nmax_size = 2048\n")
        host = self.host()
        self.refused("too_large", host.call, "message.begin", size=4096)
        host.call("settings.write", changes={"mail.max_size": 4096})
        host.call("message.begin", size=4096)


class Bytes(ProtocolTest):
    def test_a_message_of_36_mb_comes_through_byte_for_byte(self) -> None:
        content = random.Random(36).randbytes(26_600_000)
        raw = mails.with_files(("big.bin", content))
        self.assertGreater(len(raw), 35_800_000)
        host = self.host()
        handle, identity = host.hand_over(raw)
        self.assertEqual(identity, mails.identity(raw))
        seen = host.call("preview", message=handle)
        self.assertEqual(seen["size"], len(raw))
        files = [item for item in seen["items"] if item["item"] == "attachment"]
        self.assertEqual([file["sha256"] for file in files], [mails.sha256(content)])
        host.call("send", message=handle)
        self.assertLess(host.memory("VmHWM"), 6 * len(raw))

    def test_bytes_of_every_value_come_through(self) -> None:
        raw = mails.report("") + bytes(range(256)) * 5000 + random.Random(1).randbytes(100_000) + b"."
        host = self.host()
        for chunk in [1 << 16, 3 * 4099, CHUNK]:
            self.assertEqual(host.hand_over(raw, chunk)[1], mails.identity(raw))

    def test_a_mail_has_one_identity_however_it_was_stored(self) -> None:
        mail = mails.corpus("advisory-table")
        crlf = mail.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        lf = crlf.replace(b"\r\n", b"\n")
        mbox = b"From - Tue Mar 17 09:00:00 2026\n"
        pop3 = b"X-Account-Key: account2\nX-UIDL: 0000000163f4\n"
        stored = [
            lf,
            crlf,
            lf.rstrip(b"\n"),
            lf + b"\n",
            crlf + b"\r\n\r\n",
            mbox + lf,
            mbox + crlf,
            mails.THUNDERBIRD + lf,
            mails.THUNDERBIRD.replace(b"\n", b"\r\n") + crlf,
            mbox + mails.THUNDERBIRD + lf + b"\n",
            pop3 + mails.THUNDERBIRD + lf,
        ]
        host = self.host()
        identities = [host.hand_over(raw)[1] for raw in stored]
        self.assertEqual(identities, [mails.identity(mail)] * len(stored))

    def test_other_mails_have_other_identities(self) -> None:
        host = self.host()
        mail = mails.small(1)
        others = [mail, mails.small(2), b"X-Other: 1\n" + mail, mail.replace(b"today", b"Today"), b""]
        identities = [host.hand_over(raw)[1] for raw in others]
        self.assertEqual(len(set(identities)), len(others))
        self.assertEqual(identities, [mails.identity(raw) for raw in others])

    def test_every_mail_of_the_corpus_has_the_identity_that_was_computed_here(self) -> None:
        host = self.host()
        paths = sorted(mails.CORPUS.glob("*.eml"))
        self.assertGreater(len(paths), 100)
        for path in paths:
            with self.subTest(path.stem):
                handle, identity = host.hand_over(path.read_bytes())
                self.assertEqual(identity, mails.identity(path.read_bytes()))
                host.call("message.discard", message=handle)
