"""Makes the double reachable as misp.example.org: by a certificate for that name, and a proxy that leads there."""

import http.server
import pathlib
import select
import shutil
import socket
import subprocess
import threading

NAME = "misp.example.org"
OPENSSL = shutil.which("openssl") or ""


def make_certificate(folder: pathlib.Path) -> tuple[pathlib.Path, ...]:
    """Makes an authority and a certificate of the server signed by it; returns the files (authority, certificate, key)."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "names").write_text(f"subjectAltName = DNS:{NAME}\n", encoding="ascii")
    new = "req -newkey rsa:2048 -nodes"
    for command in (
        f"{new} -x509 -days 3 -subj /CN=Authority -keyout ca.key -out ca.pem",
        f"{new} -subj /CN={NAME} -keyout server.key -out server.csr",
        "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 3 -extfile names -out server.pem",
    ):
        subprocess.run([OPENSSL, *command.split()], cwd=folder, check=True, capture_output=True)
    return folder / "ca.pem", folder / "server.pem", folder / "server.key"


class Proxy(http.server.ThreadingHTTPServer):
    """A proxy that connects every client to a port on this machine, whatever it asks for."""

    daemon_threads = True

    def __init__(self, port: int) -> None:
        class Connect(http.server.BaseHTTPRequestHandler):
            def do_CONNECT(self) -> None:
                with socket.create_connection(("127.0.0.1", port)) as far:
                    self.send_response(200)
                    self.end_headers()
                    ends = {self.connection: far, far: self.connection}
                    while True:
                        for end in select.select(list(ends), [], [])[0]:
                            data = end.recv(1 << 16)
                            if not data:
                                return
                            ends[end].sendall(data)

            def log_message(self, *_: object) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Connect)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.shutdown()
        self.server_close()
