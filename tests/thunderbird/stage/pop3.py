"""A POP3 server with one mailbox in memory. It hands mails out byte for byte as it got them."""

import socketserver
import threading


class Session(socketserver.StreamRequestHandler):
    server: "Pop3Server"

    def handle(self) -> None:
        self.wfile.write(b"+OK\r\n")
        messages = dict(self.server.messages)
        deleted: set[str] = set()
        names = list(messages)
        while line := self.rfile.readline():
            command, _, argument = line.decode("latin-1").strip().partition(" ")
            number = argument.split()[0] if argument.split() else ""
            name = names[int(number) - 1] if number.isdigit() else ""
            command = command.upper()
            if command == "CAPA":
                self.listing(b"USER", b"UIDL", b"TOP")
            elif command in ("USER", "PASS", "NOOP"):
                self.wfile.write(b"+OK\r\n")
            elif command == "STAT":
                self.wfile.write(b"+OK %d %d\r\n" % (len(messages), sum(map(len, messages.values()))))
            elif command == "LIST":
                self.listing(*(b"%d %d" % (at, len(messages[each])) for at, each in enumerate(names, 1)))
            elif command == "UIDL":
                self.listing(*(b"%d %s" % (at, each.encode()) for at, each in enumerate(names, 1)))
            elif command in ("RETR", "TOP"):
                self.message(messages[name])
            elif command == "DELE":
                deleted.add(name)
                self.wfile.write(b"+OK\r\n")
            elif command == "QUIT":
                for each in deleted:
                    self.server.messages.pop(each, None)
                self.wfile.write(b"+OK\r\n")
                return
            else:
                self.wfile.write(b"-ERR\r\n")

    def listing(self, *lines: bytes) -> None:
        self.wfile.write(b"+OK\r\n" + b"".join(line + b"\r\n" for line in lines) + b".\r\n")

    def message(self, raw: bytes) -> None:
        """The lines as RFC 1939 wants them: one dot more before a line that begins with a dot, a line end at the end."""
        stuffed = (b"\r\n" + raw).replace(b"\r\n.", b"\r\n..")[2:]
        end = b"" if stuffed.endswith(b"\r\n") else b"\r\n"
        self.wfile.write(b"+OK\r\n" + stuffed + end + b".\r\n")


class Pop3Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Session)
        self.messages: dict[str, bytes] = {}
        self.port = self.server_address[1]
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def deliver(self, raw: bytes) -> None:
        self.messages[f"message{len(self.messages)}"] = raw

    def stop(self) -> None:
        self.shutdown()
        self.server_close()
