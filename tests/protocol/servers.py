"""Servers for the host: the MISP double, and some that are no MISP or do not answer."""

import contextlib
import http.server
import socket
import sys
import threading
import unittest
from collections.abc import Callable
from email.message import Message
from pathlib import Path
from typing import Any

# Process and client of the double are those of the contract suite.
sys.path.append(str(Path(__file__).resolve().parents[1] / "contract"))

from harness import Client, Process, key


class Misp:
    """A MISP double. `options` are those of its command line."""

    def __init__(self, *options: str | Path) -> None:
        self.process = Process(*map(str, options))
        self.url = self.process.url

    def stop(self) -> None:
        self.process.stop()

    def control(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        return Client(self.url, "").ask(method, f"/__double/{path}", body).json

    def fail(self, kind: str, **rule: object) -> None:
        """Adds a fault from now on; the README of the double lists the kinds."""
        self.control("POST", "faults", {"kind": kind, **rule})

    def recover(self) -> None:
        self.control("DELETE", "faults")

    def event(self, uuid: str) -> dict[str, Any]:
        """The stored event with the bodies that made it; empty if there is none."""
        answer = Client(self.url, "").get(f"/__double/events/{uuid}")
        return answer.json if answer.status == 200 else {}

    def events(self) -> int:
        return self.control("GET", "state")["events"]

    def ask(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Sends a request of another client."""
        return Client(self.url, key("Publisher")).post(path, body).json


_shared: list[Misp] = []


def shared_misp() -> Misp:
    """The double of all tests, emptied and without faults."""
    if not _shared:
        _shared.append(Misp())
    _shared[0].control("POST", "reset")
    return _shared[0]


def closed_port() -> int:
    """A port at which nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Silent:
    """Takes connections and never answers; `asked` is released by each request."""

    def __init__(self, test: unittest.TestCase) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.connections: list[socket.socket] = []
        self.asked = threading.Semaphore(0)
        threading.Thread(target=self.listen, daemon=True).start()
        test.addCleanup(self.stop)

    def listen(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections.append(connection)
            threading.Thread(target=self.wait_for_request, args=[connection], daemon=True).start()

    def wait_for_request(self, connection: socket.socket) -> None:
        try:
            if connection.recv(1):
                self.asked.release()
        except OSError:
            pass

    def stop(self) -> None:
        for held in [self.listener, *self.connections]:
            with contextlib.suppress(OSError):
                held.shutdown(socket.SHUT_RDWR)
            held.close()


class Spoken:
    """Answers every request with what `say` makes of its headers: status, headers, body. `asked` is released by each."""

    def __init__(self, test: unittest.TestCase, say: Callable[[Message], tuple[int, dict[str, str], bytes]]) -> None:
        self.asked = asked = threading.Semaphore(0)

        class Handler(http.server.BaseHTTPRequestHandler):
            def answer(self) -> None:
                status, headers, body = say(self.headers)
                self.send_response(status)
                for name, value in {**headers, "Content-Length": len(body)}.items():
                    self.send_header(name, str(value))
                self.end_headers()
                self.wfile.write(body)
                asked.release()

            do_GET = do_POST = do_HEAD = answer

            def log_message(self, *_: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        test.addCleanup(self.stop)

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
