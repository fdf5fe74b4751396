"""HTTP/1.1 as nginx and PHP speak it: keep-alive, chunked and gzip bodies, HEAD, and the ways in which a fault breaks a
connection. `routes` decides about the answers."""

import gzip
import json
import socket
import struct
import threading
import time
import traceback
import zlib
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any, NoReturn

from misp_double import control, faults, routes
from misp_double.errors import Refusal, internal, web_page
from misp_double.faults import Fault
from misp_double.request import Request

if TYPE_CHECKING:
    from misp_double.server import Double

LARGEST = 512 * 1024 * 1024
JSON = "application/json; charset=UTF-8"


class Handler(BaseHTTPRequestHandler):
    server: "Double"
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "nginx/1.22.1", ""
    wbufsize = -1
    disable_nagle_algorithm = True
    timeout = 120

    def log_message(self, *args: object) -> None:
        """Prints nothing, as the journal has every request."""

    def date_time_string(self, timestamp: float | None = None) -> str:
        """For the Date header."""
        return super().date_time_string((time.time() if timestamp is None else timestamp) + self.server.clock)

    def setup(self) -> None:
        super().setup()
        if self.server.faults.refuses_connection():
            self._reset()

    def handle(self) -> None:
        try:
            super().handle()
        except (ConnectionError, TimeoutError):
            self.close_connection = True

    def handle_expect_100(self) -> bool:
        """Sends `100 Continue` at once, past the buffer."""
        self.send_response_only(100)
        self.end_headers()
        self.wfile.flush()
        return True

    def _any(self) -> None:
        try:
            payload = self._payload()
        except (ValueError, EOFError, zlib.error, gzip.BadGzipFile):
            self.close_connection = True
            return self._send(400, {"Content-Type": "text/html"}, b"")
        base = f"{self.server.scheme}://{self.headers.get('Host', 'localhost')}"
        request = Request(self.server.store, base, self.command, self.path, self.headers, payload)
        if request.controller == "__double":
            status, value = control.answer(self.server, request)
            return self._send(status, {"Content-Type": JSON}, json.dumps(value).encode())
        entry = self.server.journal.note(request)
        try:
            self._misp(request, entry)
        except faults.Cut:
            self.server.journal.done(entry, None)
            self._reset()

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = _any

    def _payload(self) -> bytes:
        if "chunked" in (self.headers.get("Transfer-Encoding") or "").lower():
            body = self._chunks()
        else:
            size = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(min(size, LARGEST)) if size > 0 else b""
            if len(body) < size:
                raise EOFError
        if (self.headers.get("Content-Encoding") or "").lower() == "gzip":
            body = gzip.decompress(body)
        return body

    def _chunks(self) -> bytes:
        body = bytearray()
        while size := int(self.rfile.readline(64).partition(b";")[0], 16):
            if len(body) + size > LARGEST:
                raise ValueError("too large")
            body += self.rfile.read(size)
            self.rfile.readline(8)
        while self.rfile.readline(8192).strip():
            pass
        return bytes(body)

    def _misp(self, request: Request, entry: dict[str, Any]) -> None:
        """Answers one request of a MISP client. Completes the journal before it sends the answer."""
        fault = self.server.faults.next(request.method, request.path)
        if fault and fault.kind == "hang" and not fault.process:
            time.sleep(fault.seconds)
        if fault and fault.kind == "gateway_timeout":
            self._gateway_timeout(request, fault, entry)
            return
        status, headers, body = self._outcome(request, fault)
        if request.method == "HEAD":
            headers["Content-Type"], body = "text/html; charset=UTF-8", b""
        self.server.journal.done(entry, status)
        if fault and fault.kind == "hang" and fault.process:
            time.sleep(fault.seconds)
        if fault and fault.kind == "cut_half":
            self._send_half(status, headers, body)
            return
        self._send(status, headers, body, fault.seconds if fault and fault.kind == "trickle" else 0)

    def _outcome(self, request: Request, fault: Fault | None) -> tuple[int, dict[str, str], bytes]:
        headers = {"Content-Type": JSON, "Set-Cookie": "MISP-double=ignored; path=/; HttpOnly; SameSite=Lax"}
        request.fault = fault
        try:
            routes.authorise(request)
            faults.before(fault, request)
            value = routes.answer(request)
            faults.after(fault)
            status = 200
        except Refusal as refusal:
            status, value = refusal.status, refusal.body
            headers.update(refusal.headers)
        except faults.Cut:
            raise
        except Exception:
            traceback.print_exc()
            status, value = 500, internal().body
        if isinstance(value, dict) and "url" in value and value["url"] is None:
            value = {**value, "url": request.path}
        headers.update(request.answer_headers)
        return status, headers, _bytes(value)

    def _gateway_timeout(self, request: Request, fault: Fault, entry: dict[str, Any]) -> None:
        """nginx gives up and PHP goes on: MISP does the work, and the client gets no answer."""
        threading.Thread(target=self._outcome, args=(request, fault), daemon=True).start()
        time.sleep(min(fault.seconds, 0.05))
        page = web_page(504, "Gateway Time-out")
        self.server.journal.done(entry, page.status)
        self._send(page.status, dict(page.headers), str(page.body).encode())

    def _head(self, status: int, headers: dict[str, str], size: int) -> None:
        self.send_response(status)
        for name, value in headers.items():
            # Real servers send the bytes of a file name; http.server wants latin-1.
            self.send_header(name, str(value).encode().decode("latin-1"))
        self.send_header("Content-Length", str(size))
        self.end_headers()

    def _send(self, status: int, headers: dict[str, str], body: bytes, trickle: float = 0) -> None:
        self._head(status, headers, len(body))
        if trickle and self.command != "HEAD":
            step = max(1, len(body) // 10)
            for at in range(0, len(body), step):
                self.wfile.write(body[at : at + step])
                self.wfile.flush()
                time.sleep(trickle / 10)
        else:
            self.wfile.write(body)
        self.wfile.flush()

    def _send_half(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self._head(status, headers, len(body))
        self.wfile.write(body[: len(body) // 2])
        self.wfile.flush()
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def _reset(self) -> NoReturn:
        """Resets the connection, as a port where nobody listens does."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        raise ConnectionResetError


def _bytes(value: object) -> bytes:
    if isinstance(value, bytes):
        return value
    return value.encode() if isinstance(value, str) else json.dumps(value).encode()
