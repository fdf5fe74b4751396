"""Start and end of the double: the listening socket, TLS, the ready line, SIGTERM, the state file."""

import pickle
import signal
import ssl
import sys
import threading
from argparse import Namespace
from http.server import ThreadingHTTPServer
from pathlib import Path
from socket import socket
from ssl import SSLContext

from misp_double import tags
from misp_double.control import Journal
from misp_double.faults import Faults
from misp_double.model import Store
from misp_double.wire import Handler


class Double(ThreadingHTTPServer):
    """The server with all its state. Threads are daemons, so that the end does not wait for a hanging request."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(
        self,
        port: int = 0,
        tls: list[str] | None = None,
        client_ca: str | None = None,
        journal: str | None = None,
        clock: int = 0,
    ) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.store, self.faults, self.journal = Store(), Faults(), Journal(journal)
        tags.stock(self.store)
        self.clock = clock
        self.scheme = "https" if tls else "http"
        if tls:
            self.socket = _context(tls, client_ca).wrap_socket(
                self.socket, server_side=True, do_handshake_on_connect=False
            )

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.server_port}"

    def handle_error(self, request: socket | tuple[bytes, socket], client_address: object) -> None:
        """Ignores clients that went away; prints faults of the double itself."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


def _context(tls: list[str], client_ca: str | None) -> SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*tls)
    if client_ca:
        context.load_verify_locations(client_ca)
        context.verify_mode = ssl.CERT_REQUIRED
    return context


def serve(options: Namespace) -> None:
    """Runs until SIGTERM or Ctrl-C."""
    double = Double(options.port, options.tls, options.client_ca, options.journal, options.clock)
    state = Path(options.state) if options.state else None
    if state and state.exists():
        double.store.load(pickle.loads(state.read_bytes()))

    def stop(*_: object) -> None:
        threading.Thread(target=double.shutdown, daemon=True).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    print(f"listening on {double.url}", flush=True)
    double.serve_forever(poll_interval=0.05)
    double.server_close()
    if state:
        with double.store.lock:
            state.write_bytes(pickle.dumps(double.store.dump()))
