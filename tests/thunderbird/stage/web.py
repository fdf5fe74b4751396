"""A web server that is no MISP: it answers every request with one page."""

import http.server
import threading

WIKI = b"<!doctype html><title>Wiki</title><p>Welcome to the wiki."


class Page(http.server.BaseHTTPRequestHandler):
    server: "Server"

    def answer(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", self.server.kind)
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    do_GET = do_POST = do_HEAD = answer

    def log_message(self, *_: object) -> None:
        pass


class Server(http.server.ThreadingHTTPServer):
    kind: str
    body: bytes


class Wiki:
    """`body` is the page, of this `kind`."""

    def __init__(self, body: bytes = WIKI, kind: str = "text/html") -> None:
        self.server = Server(("127.0.0.1", 0), Page)
        self.server.body, self.server.kind = body, kind
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
