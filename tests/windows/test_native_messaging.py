"""Native messaging as Thunderbird starts it on Windows: through the registry and the host manifest, on pipes that carry any byte."""

import itertools
import json
import struct
import tempfile
import time
from typing import Any

import mails
from client import EXTENSION, PATIENCE, Host, framed, greeting, pipe
from home import Home
from program import DRIVE, MOZILLA, WINE, WindowsTest, events

# Bytes that mean something in a text file of Windows: line feed, carriage return, end of file.
SPECIAL = (0x0A, 0x0D, 0x1A)


class Installed(Home):
    """The program as the registry leads Thunderbird to it."""

    program = WINE

    def __init__(self, folder: str, manifest: str, path: str) -> None:
        super().__init__(folder)
        self.words = [path, manifest, EXTENSION]
        del self.environment["MISPIGEON_DATA_DIR"]


class NativeMessaging(WindowsTest):
    def setUp(self) -> None:
        super().setUp()
        self.text("install", "thunderbird")
        self.home = self.installed()
        self.host = Host(self.home, self.home.words)
        self.addCleanup(self.dismiss)

    def installed(self) -> Installed:
        """Follows the registry to the manifest, and the manifest to the program."""
        manifest = self.registry(rf"{MOZILLA}\NativeMessagingHosts\mispigeon")
        assert manifest
        text = (DRIVE / manifest.removeprefix("C:\\").replace("\\", "/")).read_bytes()
        folder = tempfile.TemporaryDirectory(prefix="mispigeon-windows-")
        self.addCleanup(folder.cleanup)
        return Installed(folder.name, manifest, json.loads(text)["path"])

    def dismiss(self) -> None:
        try:
            self.assertEqual(self.host.end(), 0, self.host.said())
            self.assertNotIn("panicked", self.host.said())
        finally:
            if self.host.process.poll() is None:
                self.host.process.kill()
            self.host.log.close()

    def test_frames_of_any_length_come_through_in_both_directions(self) -> None:
        """Each byte of a length is each special byte once, as far as frames get so long."""
        lengths = [*range(200, 290)]
        lengths += [one << 8 | other for one, other in itertools.product(SPECIAL, repeat=2)]
        lengths += [one << 16 | other << 8 | third for one, other, third in [(0x0A, 0x0D, 0x0A), (0x1A, 0x0A, 0x0D)]]
        for number, length in enumerate(lengths, 1000):
            message = json.dumps({"jsonrpc": "2.0", "id": number, "method": "status", "params": {}}).encode()
            self.host.methods[number] = "status"
            self.host.frame(message + b" " * (length - len(message)))
            self.assertTrue(self.host.answer(number)["host"], length)

    def test_answers_of_any_length_come_through(self) -> None:
        seen = set()
        for length in range(1, 300):
            self.host.frame(json.dumps(request("x" * length)).encode())
            data = self.host.next_frame(time.monotonic() + PATIENCE)
            assert data
            self.assertEqual(json.loads(data)["error"]["data"]["kind"], "unknown_method")
            seen.add(len(data))
        for byte in SPECIAL:
            self.assertTrue([length for length in seen if byte in struct.pack("=I", length)], (byte, sorted(seen)))

    def test_ends_of_lines_stay_as_they_are(self) -> None:
        text = json.dumps(request("status", 77), indent=1).replace("\n", "\r\n").encode() + b"\n\r\r\n\n"
        self.host.methods[77] = "status"
        self.host.frame(text)
        self.assertTrue(self.host.answer(77)["host"])

    def test_a_mail_comes_through_byte_for_byte(self) -> None:
        content = bytes(range(256)) * 5000 + b"\r\n\n\r\r\x1a\x1a\r\n"
        raw = mails.with_files(("all.bin", content), text="Grüße\r\n\r\r\x1a\n\N{PILE OF POO}\x1a") + b"\x1a\n\r"
        handle, identity = self.host.hand_over(raw)
        self.assertEqual(identity, mails.identity(raw))
        (delivery,) = self.host.call("send", message=handle, mode="sample")["deliveries"]
        self.assertEqual(delivery["status"], "created", delivery)
        found = json.dumps(events()[delivery["uuid"]])
        self.assertIn(mails.sha256(content), found)

    def test_several_frames_in_one_piece_are_answered_each(self) -> None:
        for number in range(500, 520):
            self.host.methods[number] = "status"
        self.host.write(b"".join(framed(json.dumps(request("status", number)).encode()) for number in range(500, 520)))
        for number in range(500, 520):
            self.assertTrue(self.host.answer(number)["host"])

    def test_another_extension_is_refused(self) -> None:
        other = Host(self.home, [*self.home.words[:2], "other@example.org"], greet=False)
        self.addCleanup(other.log.close)
        self.assertEqual(other.orphan()["data"]["kind"], "not_allowed")
        self.assertEqual(other.end(), 77)

    def test_thunderbird_that_is_gone_leaves_nothing_behind(self) -> None:
        """Windows gives no signal: the program ends as its input does, also in the middle of a frame."""
        other = Host(self.home, self.home.words)
        self.addCleanup(other.log.close)
        other.write(framed(json.dumps(greeting()).encode())[:7])
        pipe(other.process.stdin).close()
        other.rest()
        self.assertEqual(other.wait(), 65, other.said())


def request(method: str, number: int = 7) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": number, "method": method, "params": {}}
