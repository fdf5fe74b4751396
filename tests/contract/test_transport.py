"""HTTP itself: keep-alive, chunked and gzip bodies, Expect, TLS, many clients at once, and the end of the process."""

import concurrent.futures
import gzip
import http.client
import json
import shutil
import socket
import ssl
import subprocess
import tempfile
import unittest
from collections.abc import Callable
from datetime import timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from ssl import SSLContext
from typing import Any

from harness import Answer, Client, ContractTest, Process, domain, key, new_uuid, word


class Bodies(ContractTest):
    def test_gzip_and_a_charset_are_understood(self) -> None:
        body = json.dumps({"Event": {"info": f"gzip {word()}"}}).encode()
        answer = self.misp.post("/events/add", gzip.compress(body), headers={"Content-Encoding": "gzip"})
        self.assertEqual(answer.status, 200, answer)
        answer = self.misp.post("/events/add", body, headers={"Content-Type": "application/json; charset=utf-8"})
        self.assertEqual(answer.status, 200, answer)

    def test_chunked_bodies_on_one_kept_connection(self) -> None:
        connection = self.misp.connect()
        body = json.dumps({"Event": {"info": f"chunked {word()}"}}).encode()
        for _ in range(2):
            pieces = iter([body[:9], body[9:]])
            connection.request("POST", "/events/add", pieces, self.misp.headers(), encode_chunked=True)
            reply = connection.getresponse()
            self.assertEqual((reply.status, json.loads(reply.read())["Event"]["published"]), (200, False))
        connection.close()

    def test_an_answer_carries_the_servers_time(self) -> None:
        said = parsedate_to_datetime(self.misp.get("/servers/getVersion").headers["date"])
        self.assertEqual(said.utcoffset(), timedelta(0))
        self.assertRegex(
            self.misp.get("/servers/getVersion").headers["date"], r"^\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT$"
        )

    def test_expect_100_is_answered_before_the_body_is_sent(self) -> None:
        self.double_only("speaks to the socket")
        host, port = self.misp.parts.hostname, self.misp.parts.port
        body = json.dumps({"Event": {"info": f"expect {word()}"}}).encode()
        head = f"POST /events/add HTTP/1.1\r\nHost: {host}\r\nExpect: 100-continue\r\nContent-Length: {len(body)}\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in self.misp.headers().items())
        with socket.create_connection((host, port), timeout=10) as raw:
            raw.sendall(head.encode() + b"\r\n")
            self.assertTrue(raw.recv(100).startswith(b"HTTP/1.1 100 "))
            raw.sendall(body)
            self.assertTrue(raw.recv(100).startswith(b"HTTP/1.1 200 "))


class ManyAtOnce(ContractTest):
    def together(self, calls: list[Callable[[], Answer]]) -> list[int]:
        with concurrent.futures.ThreadPoolExecutor(len(calls)) as pool:
            return [done.status for done in pool.map(lambda call: call(), calls)]

    def test_the_same_uuid_ten_times_at_once_makes_one_event(self) -> None:
        event: dict[str, Any] = {
            "uuid": new_uuid(),
            "info": f"same {word()}",
            "Attribute": [domain() for _ in range(20)],
        }
        found = self.together([lambda: self.misp.post("/events/add", {"Event": event})] * 10)
        self.assertEqual(found.count(200), 1)
        self.assertTrue(set(found) <= {200, 404, 500}, found)
        self.assertEqual(len(self.view(event["uuid"])["Attribute"]), 20)

    def test_parallel_identical_edits_double_nothing(self) -> None:
        event, given = self.add(), [domain() for _ in range(20)]
        body = {"Event": {"uuid": event["uuid"], "Attribute": given}}
        self.together([lambda: self.misp.post(f"/events/edit/{event['uuid']}", body)] * 4)
        self.assertEqual(len(self.edit(event["uuid"], Attribute=given)["Attribute"]), 20)


@unittest.skipUnless(shutil.which("openssl"), "openssl is not installed")
class Tls(unittest.TestCase):
    """The double's own: https, and a client certificate when it is demanded."""

    folder: tempfile.TemporaryDirectory[str]
    cert: str
    key: str

    @classmethod
    def setUpClass(cls) -> None:
        cls.folder = tempfile.TemporaryDirectory()
        cls.cert, cls.key = (str(Path(cls.folder.name) / name) for name in ("cert.pem", "key.pem"))
        subprocess.run(
            [
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-keyout",
                cls.key,
                "-out",
                cls.cert,
                "-days",
                "2",
                "-subj",
                "/CN=localhost",
                "-addext",
                "subjectAltName=IP:127.0.0.1,DNS:localhost",
            ],
            check=True,
            capture_output=True,
        )

    @classmethod
    def tearDownClass(cls) -> None:
        cls.folder.cleanup()

    def context(self, with_certificate: bool = False) -> SSLContext:
        context = ssl.create_default_context(cafile=self.cert)
        if with_certificate:
            context.load_cert_chain(self.cert, self.key)
        return context

    def test_https_with_its_own_certificate(self) -> None:
        double = Process("--tls", self.cert, self.key)
        self.addCleanup(double.stop)
        self.assertTrue(double.url.startswith("https://"))
        answer = Client(double.url, key("User"), self.context()).get("/servers/getVersion")
        self.assertEqual(answer.status, 200)
        with self.assertRaises(ssl.SSLCertVerificationError):
            Client(double.url, key("User"), ssl.create_default_context()).get("/servers/getVersion")

    def test_a_client_certificate_is_demanded(self) -> None:
        double = Process("--tls", self.cert, self.key, "--client-ca", self.cert)
        self.addCleanup(double.stop)
        good = Client(double.url, key("User"), self.context(with_certificate=True))
        self.assertEqual(good.get("/servers/getVersion").status, 200)
        with self.assertRaises((ssl.SSLError, ConnectionError, http.client.HTTPException)):
            Client(double.url, key("User"), self.context()).get("/servers/getVersion")


class Ending(unittest.TestCase):
    def test_sigterm_ends_it_and_the_state_file_brings_everything_back(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            state, journal = str(Path(folder) / "state"), Path(folder) / "journal"
            first = Process("--state", state, "--journal", str(journal))
            uuid = new_uuid()
            misp = Client(first.url, key("Publisher"))
            misp.post("/events/add", {"Event": {"uuid": uuid, "info": "kept", "Attribute": [domain()]}})
            self.assertEqual(first.stop(), 0)
            second = Process("--state", state)
            event = Client(second.url, key("User")).get(f"/events/view/{uuid}").json["Event"]
            self.assertEqual(second.stop(), 0)
            self.assertEqual((event["info"], len(event["Attribute"])), ("kept", 1))
            lines = [json.loads(line) for line in journal.read_text().splitlines()]
            self.assertEqual([(line["method"], line["status"]) for line in lines], [("POST", 200)])
            self.assertNotIn(key("Publisher"), journal.read_text())


if __name__ == "__main__":
    unittest.main()
