"""`mispigeon listen --smtp` as a spamtrap: what a client may send, and what the server refuses."""

import os
import pathlib
import resource
import select
import shutil
import signal
import smtplib
import socket
import sqlite3
import ssl
import subprocess
import tempfile
import time
import unittest
from collections import Counter
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

from case import PROGRAM, mail, pipe, until

TLS = ssl.create_default_context()
TLS.check_hostname, TLS.verify_mode = False, ssl.CERT_NONE
PROFILES = """
[listen]
name = "trap.example.org"
max_recipients = 3
max_connections = 4
timeout = 2
[listen.profiles]
"bank" = ["bank@example.org", "bank.example"]
[mail]
max_size = 100000
[profile.bank]
event.prefix = "bank"
"""


class SmtpTest(unittest.TestCase):
    def setUp(self) -> None:
        if not PROGRAM:
            self.skipTest("needs MISPIGEON_BIN, the program")
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="mispigeon-trap-", dir="/tmp"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        (self.folder / "config.toml").write_text(PROFILES)
        self.process = self.start("--smtp", "127.0.0.1:0", "--smtps", "127.0.0.1:0", "--lmtp", "127.0.0.1:0")
        self.ports = {}
        for _ in range(3):
            _, kind, address = pipe(self.process.stdout).readline().split()
            self.ports[kind] = int(address.rsplit(":", 1)[1])

    def start(self, *options: str, **more: str) -> subprocess.Popen[str]:
        environment = more | {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "MISPIGEON_DATA_DIR": str(self.folder / "data"),
            "MISPIGEON_CONFIG": str(self.folder / "config.toml"),
        }
        process = subprocess.Popen(
            [PROGRAM, "listen", *options], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.addCleanup(
            lambda: (process.kill(), process.wait(), pipe(process.stdout).close(), pipe(process.stderr).close())
        )
        return process

    def rows(self) -> list[Any]:
        with sqlite3.connect(f"file:{self.folder}/data/state.db?mode=ro", uri=True, timeout=20) as database:
            return database.execute("SELECT profile, origin FROM submission ORDER BY profile").fetchall()

    def talk(self, text: bytes, kind: str = "smtp") -> list[str]:
        """Sends the bytes at once; returns all that the server answers."""
        with socket.create_connection(("127.0.0.1", self.ports[kind]), 20) as peer:
            peer.sendall(text)
            answer = b""
            while piece := peer.recv(65536):
                answer += piece
        return [line for line in answer.decode().split("\r\n") if line and line[3] == " "]

    def codes(self, text: bytes, kind: str = "smtp") -> str:
        return " ".join(line[:3] for line in self.talk(text, kind))

    def test_plain_starttls_and_tls(self) -> None:
        with smtplib.SMTP("127.0.0.1", self.ports["smtp"]) as client:
            client.sendmail("a@example.net", ["trap@example.org"], mail(1))
            self.assertEqual(len(self.rows()), 1, "stored before the 250")
        with smtplib.SMTP("127.0.0.1", self.ports["smtp"]) as client:
            client.starttls(context=TLS)
            client.sendmail("a@example.net", ["trap@example.org"], mail(2))
            self.assertFalse(client.has_extn("starttls"))
        with smtplib.SMTP_SSL("127.0.0.1", self.ports["smtps"], context=TLS) as client:
            client.sendmail("a@example.net", ["trap@example.org"], mail(3))
        self.assertEqual(len(self.rows()), 3)
        self.assertEqual((self.folder / "data" / "listen.pem").stat().st_mode & 0o777, 0o600)

    def test_swaks(self) -> None:
        if not shutil.which("swaks"):
            self.skipTest("needs swaks (Debian: swaks)")
        if "TLS supported" not in subprocess.run(["swaks", "--support"], capture_output=True, text=True).stdout:
            self.skipTest("needs TLS in swaks (Debian: libnet-ssleay-perl)")
        for number, (kind, options) in enumerate(
            [("smtp", []), ("smtp", ["--tls"]), ("smtps", ["--tls-on-connect"])], 1
        ):
            with self.subTest(options=options):
                done = subprocess.run(
                    [
                        "swaks",
                        "--server",
                        "127.0.0.1",
                        "--port",
                        str(self.ports[kind]),
                        "--from",
                        "a@example.net",
                        "--to",
                        "trap@example.org",
                        "--helo",
                        "mx.example.net",
                        "--header",
                        f"Subject: Report {number}",
                        *options,
                    ],
                    capture_output=True,
                    text=True,
                    timeout=60,
                )
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
                self.assertEqual("=== TLS started" in done.stdout, bool(options), done.stdout)
                self.assertEqual(len(self.rows()), number)

    def test_the_certificate_stays(self) -> None:
        def certificate(port: int) -> str:
            return ssl.get_server_certificate(("127.0.0.1", port))

        first = certificate(self.ports["smtps"])
        again = self.start("--smtps", "127.0.0.1:0")
        port = int(pipe(again.stdout).readline().rsplit(":", 1)[1])
        self.assertEqual(certificate(port), first)

    def test_events_are_in_the_feed(self) -> None:
        with smtplib.SMTP("127.0.0.1", self.ports["smtp"]) as client:
            for number in range(20):
                client.sendmail("a@example.net", ["trap@example.org"], mail(number))
        deadline = time.monotonic() + 30
        while (
            len(events := list((self.folder / "data" / "feed").glob("*-*.json"))) < 20 and time.monotonic() < deadline
        ):
            time.sleep(0.1)
        self.assertEqual(len(events), 20)

    def test_profiles_by_recipient(self) -> None:
        with smtplib.SMTP("127.0.0.1", self.ports["smtp"]) as client:
            client.sendmail("a@example.net", ["x@sub.bank.example", "BANK@example.org", "other@example.org"], mail(1))
        self.assertEqual([profile for profile, _ in self.rows()], [None, "bank"])
        self.assertIn("a@example.net", self.rows()[0][1])

    def test_lmtp_answers_for_each_recipient(self) -> None:
        text = (
            b"LHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<a@b.example>\r\nRCPT TO:<bank@example.org>\r\nDATA\r\n"
            + mail(1)
            + b".\r\nQUIT\r\n"
        )
        replies = self.talk(text, "lmtp")
        self.assertEqual(" ".join(line[:3] for line in replies), "220 250 250 250 250 354 250 250 221")
        with sqlite3.connect(f"file:{self.folder}/data/state.db?mode=ro", uri=True, timeout=20) as database:
            rows = dict(database.execute("SELECT profile, id FROM submission"))
        queued = [line for line in replies if "queued" in line]
        self.assertEqual(queued, [f"250 2.0.0 OK: queued as {rows[profile]}" for profile in (None, "bank")])
        self.assertEqual(self.codes(b"EHLO x\r\nQUIT\r\n", "lmtp"), "220 500 221")

    def test_commands_out_of_order_or_unknown(self) -> None:
        for said, codes in [
            ("GET / HTTP/1.1", "500"),
            ("LHLO x", "500"),
            ("EHLO", "501"),
            ("MAIL FROM:<a@b>", "503"),
            ("AUTH PLAIN x", "502"),
            ("x" * 5000, "500"),
            ("NOOP", "250"),
            ("VRFY root", "252"),
            ("DATA", "503"),
            ("\xff", "500"),
        ]:
            with self.subTest(said[:20]):
                self.assertEqual(self.codes(said.encode("latin-1") + b"\r\nQUIT\r\n"), f"220 {codes} 221")
        start = "EHLO x\r\n"
        for said, codes in [
            ("RCPT TO:<a@b>", "503"),
            ("MAIL FROM:<a@b> SIZE=100001", "552"),
            ("MAIL FROM:<a@b> FOO=1", "555"),
            ("MAIL FROM:a@b", "501"),
            ("MAIL FROM:<a@b>\r\nMAIL FROM:<a@b>", "250 503"),
            ("MAIL FROM:<a@b>\r\nDATA", "250 554"),
            ("MAIL FROM:<ä@b> SMTPUTF8 BODY=8BITMIME\r\nRCPT TO:<ö@b>", "250 250"),
            ("MAIL FROM:<a@b>" + "\r\nRCPT TO:<a@b>" * 4, "250 250 250 250 452"),
        ]:
            with self.subTest(said[:40]):
                self.assertEqual(self.codes((start + said + "\r\nQUIT\r\n").encode()), f"220 250 {codes} 221")
        self.assertEqual(self.codes(b"FOO\r\n" * 30), "220" + " 500" * 20 + " 421")

    def test_messages_that_are_refused(self) -> None:
        head = b"EHLO x\r\nMAIL FROM:<a@b>\r\nRCPT TO:<a@b>\r\nDATA\r\n"
        smuggled = b"MAIL FROM:<admin@b>\r\nRCPT TO:<a@b>\r\nDATA\r\nsmuggled"
        for name, body, code in [
            ("too large", b"x" * 100_001, "552"),
            ("empty", b"", "554"),
            *(
                (repr(end), b"Subject: x\r\n\r\na" + end + smuggled, "550")
                for end in (b"\n.\n", b"\n.\r\n", b"\r.\r\n", b"\r\n.\n", b"\r\n.\r")
            ),
        ]:
            with self.subTest(name):
                text = head + body + (b"\r\n" if body else b"") + b".\r\nQUIT\r\n"
                self.assertEqual(self.codes(text), f"220 250 250 250 354 {code} 221")
        self.assertEqual(self.rows(), [])

    def test_commands_before_tls_are_not_taken(self) -> None:
        with socket.create_connection(("127.0.0.1", self.ports["smtp"]), 20) as peer:
            peer.sendall(b"EHLO x\r\nSTARTTLS\r\nMAIL FROM:<injected@b>\r\n")
            answer = b""
            while b"220 2.0.0" not in answer:
                answer += peer.recv(65536)
            with TLS.wrap_socket(peer) as secure:
                secure.sendall(b"EHLO x\r\nRCPT TO:<a@b>\r\nQUIT\r\n")
                answer = b""
                while piece := secure.recv(65536):
                    answer += piece
        self.assertIn(b"503 5.5.1 send MAIL FROM first", answer)

    def test_a_slow_peer_is_sent_away(self) -> None:
        # Waits at most 20 seconds for each piece.
        with socket.create_connection(("127.0.0.1", self.ports["smtp"]), 20) as peer:
            answer = b""
            peer.sendall(b"EHL")
            while piece := peer.recv(65536):
                answer += piece
        self.assertIn(b"421 4.4.2", answer)

    def wait_closed(self, peer: socket.socket, drip: bytes = b"") -> None:
        """Waits until the other side closes the connection; until then sends a byte of `drip` every half second."""
        deadline, rest = time.monotonic() + 15, iter(drip)
        peer.settimeout(0.5)
        while time.monotonic() < deadline:
            try:
                if not peer.recv(65536):
                    return
            except TimeoutError:
                byte = next(rest, None)
                if byte is not None:
                    peer.sendall(bytes([byte]))
            except ConnectionError:
                return
        self.fail("the connection is still open")

    def test_a_peer_that_drips_under_tls_is_sent_away(self) -> None:
        hello = ssl.MemoryBIO()
        with self.assertRaises(ssl.SSLWantReadError):
            TLS.wrap_bio(ssl.MemoryBIO(), hello).do_handshake()
        for drip in (b"", hello.read()):
            with (
                self.subTest(bytes=len(drip)),
                socket.create_connection(("127.0.0.1", self.ports["smtps"]), 20) as peer,
            ):
                self.wait_closed(peer, drip)
        record = b"\x17\x03\x03\x40\x00" + b"x" * 100  # The beginning of one of 16 KiB.
        with socket.create_connection(("127.0.0.1", self.ports["smtps"]), 20) as peer:
            incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
            secure, greeted = TLS.wrap_bio(incoming, outgoing), False
            while not greeted:
                try:
                    secure.do_handshake()
                    greeted = bool(secure.read(3))
                except ssl.SSLWantReadError:
                    peer.sendall(outgoing.read())
                    incoming.write(peer.recv(65536))
            self.wait_closed(peer, record)

    def threads(self, process: subprocess.Popen[str]) -> int:
        return len(os.listdir(f"/proc/{process.pid}/task"))

    def test_a_crowd_is_served_at_once_and_few_threads_remain(self) -> None:
        (self.folder / "config.toml").write_text(
            "listen.max_connections = 100\nlisten.max_connections_per_peer = 100\n"
        )
        process = self.start("--smtp", "127.0.0.1:0")
        address = "127.0.0.1", int(pipe(process.stdout).readline().rsplit(":", 1)[1])
        crowd = [socket.create_connection(address, 20) for _ in range(80)]
        self.assertEqual({peer.recv(3) for peer in crowd}, {b"220"}, "while all of the others hold on")
        self.assertGreaterEqual(self.threads(process), 80)
        for peer in crowd:
            peer.close()
        # Sixteen threads that wait for clients, and those for storing, delivering, signals and the main thread.
        until(lambda: self.threads(process) <= 20, "the end of the others", 20)

    def test_too_many_connections(self) -> None:
        peers = [socket.create_connection(("127.0.0.1", self.ports["smtp"]), 20) for _ in range(5)]
        greetings = [peer.recv(3) for peer in peers]
        for peer in peers:
            peer.close()
        self.assertEqual(sorted(greetings), [b"220"] * 4 + [b"421"])

    def serve(self, configuration: str, **more: str) -> tuple[subprocess.Popen[str], tuple[str, int]]:
        """A further listener with this configuration."""
        (self.folder / "config.toml").write_text(configuration)
        process = self.start("--smtp", "127.0.0.1:0", **more)
        return process, ("127.0.0.1", int(pipe(process.stdout).readline().rsplit(":", 1)[1]))

    def connect(self, address: tuple[str, int], source: str = "127.0.0.1") -> socket.socket:
        peer = socket.create_connection(address, 30, (source, 0))
        self.addCleanup(peer.close)
        return peer

    def begin_message(self, peer: socket.socket) -> None:
        peer.sendall(b"EHLO a\r\nMAIL FROM:<a@example.net>\r\nRCPT TO:<trap@example.org>\r\nDATA\r\n")
        answer = b""
        while b"354 " not in answer:
            answer += peer.recv(65536)

    def send_one(self, address: tuple[str, int], source: str = "127.0.0.1") -> None:
        with smtplib.SMTP(*address, timeout=30, source_address=(source, 0)) as client:
            client.sendmail("a@example.net", ["trap@example.org"], mail(7))

    def test_one_address_does_not_take_all_places(self) -> None:
        _, address = self.serve("listen.max_connections = 20\nlisten.max_connections_per_peer = 4\n")
        greetings = [self.connect(address).recv(200) for _ in range(12)]
        self.assertEqual([greeting[:3] for greeting in greetings], [b"220"] * 4 + [b"421"] * 8)
        self.assertIn(b"from your address", greetings[-1])
        self.send_one(address, "127.0.0.2")
        self.assertEqual(len(self.rows()), 1)

    def test_who_has_been_silent_gives_way_when_all_places_are_taken(self) -> None:
        _, address = self.serve("listen.max_connections = 3\n")
        idle = [self.connect(address) for _ in range(3)]
        self.assertEqual({peer.recv(3) for peer in idle}, {b"220"})
        self.assertEqual(self.connect(address).recv(3), b"421", "they have been silent for a moment only")
        time.sleep(10.5)
        self.send_one(address)
        self.assertEqual(len(self.rows()), 1)
        said = [peer.recv(200).partition(b"\n")[2] for peer in idle if self.is_readable(peer)]
        self.assertTrue(any(b"421" in words for words in said), said)

    def is_readable(self, peer: socket.socket) -> bool:
        return bool(select.select([peer], [], [], 0.5)[0])

    def test_while_nothing_is_delivered_no_mail_is_taken_and_systemd_hears_nothing(self) -> None:
        self.process.kill()
        self.process.wait()
        manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(manager.close)
        manager.bind(str(self.folder / "notify"))
        manager.settimeout(30)
        _, address = self.serve("", NOTIFY_SOCKET=str(self.folder / "notify"), WATCHDOG_USEC="400000")
        self.assertEqual([manager.recv(100) for _ in range(3)], [b"READY=1", b"WATCHDOG=1", b"WATCHDOG=1"])

        def is_refused() -> bool:
            with smtplib.SMTP(*address, timeout=60) as client:
                try:
                    client.sendmail("a@example.net", ["trap@example.org"], mail(7))
                except smtplib.SMTPDataError as error:
                    return error.smtp_code == 451 and b"not being worked on" in error.smtp_error
            return False

        def heard() -> list[bytes]:
            said = []
            while select.select([manager], [], [], 0)[0]:
                said.append(manager.recv(100))
            return said

        database = sqlite3.connect(self.folder / "data" / "state.db", timeout=20, isolation_level=None)
        database.execute("BEGIN EXCLUSIVE")
        # Who tells waits for room when nobody listens, so this listens all the time.
        until(lambda: heard() is None or is_refused(), "a refusal while delivery is dead", 90)
        time.sleep(0.5)
        heard()
        time.sleep(1.5)
        self.assertEqual(heard(), [])
        database.execute("ROLLBACK")
        database.close()
        until(lambda: b"WATCHDOG=1" in heard(), "a sign of life", 60)
        until(lambda: not is_refused(), "a mail that is taken", 60)

    def test_who_says_nothing_has_less_time_when_places_are_short(self) -> None:
        _, address = self.serve("listen.max_connections = 4\n")
        idle = [self.connect(address) for _ in range(4)]
        self.assertEqual({peer.recv(3) for peer in idle}, {b"220"})
        # The first command is waited for as long as ever; when a place is short, the next one is not.
        for peer in idle:
            peer.sendall(b"NOOP\r\n")
        for peer in idle:
            peer.settimeout(60)
            answer = b""
            while piece := peer.recv(4096):
                answer += piece
            self.assertIn(b"421 4.4.2 timeout", answer)

    def test_a_message_that_drips_gives_way_when_there_is_no_room(self) -> None:
        _, address = self.serve(
            "mail.max_size = 1_000_000\nlisten.max_memory = 2_000_000\nlisten.max_spool = 2_000_000\n"
        )
        slow = [self.connect(address, f"127.0.0.{2 + number}") for number in range(2)]
        for peer in slow:
            self.begin_message(peer)
            peer.sendall((b"x" * 998 + b"\r\n") * 900)

        def has_ended(peer: socket.socket) -> bool:
            try:
                peer.sendall(b"x")
                return self.is_readable(peer) and b"421 4.4.2 others wait" in peer.recv(4096)
            except OSError:
                return True

        ended: set[socket.socket] = set()

        def all_ended() -> bool:
            # An honest mail that finds no room is what makes the slow ones give way.
            with smtplib.SMTP(*address, timeout=30, source_address=("127.0.0.9", 0)) as client:
                try:
                    client.sendmail("a@example.net", ["trap@example.org"], mail(7) + b"x\r\n" * 200_000)
                    return True
                except smtplib.SMTPDataError as error:
                    self.assertEqual(error.smtp_code, 452)
            ended.update(peer for peer in slow if peer not in ended and has_ended(peer))
            time.sleep(1)
            return False

        until(all_ended, "room for an honest mail", 120)
        self.assertEqual(len(self.rows()), 1)

    def test_ten_thousand_connections_are_refused_politely_while_mail_comes_through(self) -> None:
        limit = resource.getrlimit(resource.RLIMIT_NOFILE)
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, limit)
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (12_000, max(12_000, limit[1])))
        except (OSError, ValueError) as error:
            self.skipTest(f"needs 12,000 open files: {error}")
        process, address = self.serve("listen.timeout = 300\n")
        before = self.memory(process)
        greetings = Counter[bytes]()

        def comes_through() -> bool:
            try:
                self.send_one(address, "127.0.0.9")
            except smtplib.SMTPConnectError as error:
                self.assertEqual(error.smtp_code, 421)
                return False
            return True

        for number in range(10_000):
            # From so many addresses that all places are taken, though each has only its share.
            peer = self.connect(address, f"127.0.1.{1 + number % 100}")
            greetings[peer.recv(200)[:4]] += 1
            if number % 2500 == 2499:
                # Who has been silent for ten seconds gives way.
                until(comes_through, "an honest mail among idle connections", 60)
        self.assertEqual(set(greetings), {b"220 ", b"421 "})
        self.assertEqual(sum(greetings.values()), 10_000)
        self.assertEqual(len(self.rows()), 1)
        self.assertIsNone(process.poll())
        self.assertLess(self.memory(process) - before, 100_000_000)

    def open_messages(self, settings: str) -> tuple[subprocess.Popen[str], list[socket.socket], int]:
        """A listener to which eight peers have sent 15 MB each, without an end; and the memory that it had before."""
        process, address = self.serve(f"mail.max_size = 20_000_000\nlisten.max_memory = 40_000_000\n{settings}\n")
        before = self.memory(process)
        peers = [self.connect(address, f"127.0.0.{2 + number}") for number in range(8)]
        for number, peer in enumerate(peers):
            self.begin_message(peer)
            peer.sendall(b"Subject: large %d\r\n\r\n" % number + (b"x" * 998 + b"\r\n") * 15_000)
        self.send_one(address)
        self.assertEqual(len(self.rows()), 1, "an honest mail comes through")
        return process, peers, before

    def end_messages(self, peers: list[socket.socket]) -> list[bytes]:
        answers = []
        for peer in peers:
            peer.sendall(b".\r\n")
        for peer in peers:
            answers.append(peer.recv(200)[:12])
        self.assertEqual(len(self.rows()), 1 + sum(answer.startswith(b"250") for answer in answers))
        return answers

    def test_messages_without_an_end_take_disk_and_no_memory(self) -> None:
        process, peers, before = self.open_messages("")
        self.assertLess(self.memory(process) - before, 30_000_000)
        self.assertEqual([answer[:3] for answer in self.end_messages(peers)], [b"250"] * 8)

    def test_messages_without_an_end_take_only_so_much_disk(self) -> None:
        _, peers, _ = self.open_messages("listen.max_spool = 40_000_000")
        answers = self.end_messages(peers)
        self.assertIn(b"452 4.3.1 to", answers)
        self.assertLessEqual(sum(answer.startswith(b"250") for answer in answers), 2)

    def test_messages_without_an_end_take_only_so_much_memory(self) -> None:
        process, peers, before = self.open_messages("listen.spool_above = 20_000_000")
        # Half as much again for what grows: it is copied then.
        self.assertLess(self.memory(process) - before, 100_000_000)
        answers = self.end_messages(peers)
        self.assertIn(b"452 4.3.1 to", answers)
        self.assertLessEqual(sum(answer.startswith(b"250") for answer in answers), 2)

    def test_large_mails_of_many_connections_take_no_more_memory_than_those_of_one(self) -> None:
        process, address = self.serve("listen.timeout = 300\n[mail]\nmax_size = 20_000_000\n")
        # Each answer quotes all before it.
        block = b"________________________________\r\nFrom: E <e@example.net>\r\nSent: Monday, 2 March 2026 09:00\r\nTo: B <b@example.org>\r\n"
        lines = b"".join(
            block + b"Subject: %d\r\n\r\nhttp://drop-%d.evil-dove.com/\r\n\r\n" % (number, number)
            for number in range(20_000)
        )
        peaks = []
        for number in range(12):
            # Each stays connected, so that the next mail is read by another thread.
            peer = self.connect(address, "127.0.0.9")
            self.begin_message(peer)
            peer.sendall(b"Subject: large %d\r\n\r\n" % number + lines + b".\r\n")
            self.assertTrue(peer.recv(200).startswith(b"250"))
            until(lambda: not self.waiting(), "delivery")
            peaks.append(self.memory(process))
        # The first two bring along what is made once.
        self.assertLess(peaks[-1], peaks[1] * 2, peaks)

    def test_a_backlog_of_large_mails_is_in_memory_only_in_part(self) -> None:
        number, size = 60, 2_000_000
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        settings = 'mail.mode = "sample"\nevent.attach_original = true\n'
        process, address = self.serve(settings, MISPIGEON_MISP_URL=url, MISPIGEON_MISP_KEY="k")
        with smtplib.SMTP(*address, timeout=30) as client:
            for at in range(number):
                message = EmailMessage()
                message["Subject"] = f"large {at}"
                message.set_content("see the file")
                message.add_attachment(os.urandom(size), "application", "octet-stream", filename="sample.exe")
                client.sendmail("a@example.net", ["trap@example.org"], message.as_bytes(policy=SMTP))
        self.assertEqual(self.waiting(), number)
        process.terminate()
        process.wait(20)
        # Now they are for the feed, all at once.
        process, _ = self.serve(settings)
        until(lambda: not self.waiting(), "delivery", 120)
        # An event has its file, and its mail with the file.
        self.assertLess(self.memory(process), number * size * 2)

    def waiting(self) -> int:
        with sqlite3.connect(f"file:{self.folder}/data/state.db?mode=ro", uri=True, timeout=20) as database:
            return int(database.execute("SELECT count(*) FROM submission WHERE state <> 'delivered'").fetchone()[0])

    def memory(self, process: subprocess.Popen[str]) -> int:
        status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) * 1024

    def test_the_end_in_order(self) -> None:
        idle = socket.create_connection(("127.0.0.1", self.ports["smtp"]), 20)
        busy = smtplib.SMTP("127.0.0.1", self.ports["smtp"])
        busy.ehlo()
        busy.mail("a@example.net")
        busy.rcpt("a@example.org")
        busy.putcmd("data")
        self.assertEqual(busy.getreply()[0], 354)
        idle.recv(1000)
        self.process.send_signal(signal.SIGTERM)
        self.assertTrue(idle.recv(1000).startswith(b"421"))
        idle.close()
        busy.send(mail(1) + b".\r\n")
        self.assertEqual(busy.getreply()[0], 250)
        self.assertEqual(len(self.rows()), 1)
        busy.close()
        self.assertEqual(self.process.wait(20), 0)

    def test_what_cannot_be_listened_at(self) -> None:
        taken = self.start("--smtp", f"127.0.0.1:{self.ports['smtp']}")
        self.assertEqual(taken.wait(20), 75)
        self.assertIn("cannot listen at", pipe(taken.stderr).read())
        self.assertEqual(self.start().wait(20), 64)
        self.assertEqual(self.start("--smtp", "25").wait(20), 64)
        config = self.folder / "config.toml"
        config.write_text('[misp]\nurl = "https://misp.example.org"\nkey = "' + "0" * 40 + '"\n')
        config.chmod(0o644)
        self.assertEqual(self.start("--smtp", "127.0.0.1:0").wait(20), 78)


if __name__ == "__main__":
    unittest.main()
