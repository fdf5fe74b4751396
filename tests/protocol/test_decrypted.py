"""A mail that the mail program decrypted is the same mail as the encrypted one, and its text stays in no file."""

import base64

import mails
import servers
from case import ProtocolTest
from client import Host
from harness import key

CIPHERTEXT = b"""From: a@colleague.example
Subject: ...
Message-ID: <1@colleague.example>
Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary=x

--x
Content-Type: application/pgp-encrypted

Version: 1

--x
Content-Type: application/octet-stream

-----BEGIN PGP MESSAGE-----

hQ==
-----END PGP MESSAGE-----
--x--
"""

TEXT = mails.report("http://kestrelmint.net/secretpath4711", subject="the secret plan")


class Decrypted(ProtocolTest):
    def setUp(self) -> None:
        super().setUp()
        self.server = self.misp()
        self.connection = self.host()

    def decrypted(self, connection: Host) -> str:
        encrypted, identity = connection.hand_over(CIPHERTEXT)
        self.assertEqual(identity, mails.identity(CIPHERTEXT))
        handle, same = connection.hand_over(TEXT, decrypted_of=encrypted)
        self.assertEqual(same, identity)
        self.refused("unknown_message", connection.call, "preview", message=encrypted)
        return handle

    def test_the_program_says_which_message_is_encrypted(self) -> None:
        for raw, encrypted in ((CIPHERTEXT, True), (TEXT, False)):
            handle = self.connection.call("message.begin", size=len(raw))["message"]
            self.connection.call("message.chunk", message=handle, offset=0, data=base64.b64encode(raw).decode())
            self.assertIs(self.connection.call("message.end", message=handle)["encrypted"], encrypted)

    def test_only_an_encrypted_message_gives_its_identity_away(self) -> None:
        plain = self.connection.handle_of(TEXT)
        self.refused("invalid", self.connection.call, "message.begin", size=3, decrypted_of=plain)
        self.refused("unknown_message", self.connection.call, "message.begin", size=3, decrypted_of="m99")

    def test_the_preview_says_whether_the_mail_was_read(self) -> None:
        unread = self.connection.call("preview", message=self.connection.handle_of(CIPHERTEXT))
        read = self.connection.call("preview", message=self.decrypted(self.connection))
        plain = self.connection.call("preview", message=self.connection.handle_of(TEXT))
        self.assertEqual([one["encryption"] for one in (unread, read, plain)], ["unread", "decrypted", "none"])
        self.assertEqual(read["events"][0]["uuid"], unread["events"][0]["uuid"])
        self.assertEqual(read["subject"], "the secret plan")
        self.assertIn("decrypted_by_reader", [note["code"] for note in read["notes"]])
        self.assertNotIn("decrypted_by_reader", [note["code"] for note in plain["notes"] + unread["notes"]])

    def test_after_delivery_nothing_of_the_text_is_in_a_file(self) -> None:
        preview = self.connection.call("preview", message=self.connection.handle_of(CIPHERTEXT))
        message = self.decrypted(self.connection)
        deselected = [["domain", "kestrelmint.net"]]
        (delivery,) = self.connection.call("send", message=message, overrides={"deselected": deselected})["deliveries"]
        self.assertEqual((delivery["status"], delivery["uuid"]), ("created", preview["events"][0]["uuid"]))
        self.assertIn("decrypted_by_reader", [note["code"] for note in delivery["notes"]])
        self.assertEqual(delivery["subject"], "...")
        posted = self.server.event(delivery["uuid"])["posted"]
        self.assertIn("secretpath4711", str(posted))
        self.assertIn("decrypted by the reader", str(posted))
        self.assert_nothing_of_the_text()
        (row,) = self.connection.call("outbox.list", delivered=True)["rows"]
        self.assertEqual(row["subject"], "...")

    def test_when_dropped_nothing_of_the_text_is_in_a_file(self) -> None:
        self.home.serve(f"http://127.0.0.1:{servers.closed_port()}", key("Publisher"))
        message = self.decrypted(self.connection)
        (delivery,) = self.connection.call("send", message=message)["deliveries"]
        self.assertEqual(delivery["status"], "queued")
        self.connection.call("outbox.drop", row=delivery["row"])
        self.assert_nothing_of_the_text()

    def assert_nothing_of_the_text(self) -> None:
        files = self.home.files()
        self.assertTrue(any(file.name.startswith("state.db") for file in files), files)
        for file in files:
            for word in (b"secretpath4711", b"secret plan", b"kestrelmint"):
                self.assertNotIn(word, file.read_bytes(), file)
