"""An NNTP server with one newsgroup in memory, for reading only (RFC 3977, as far as Thunderbird asks)."""

import email
import socketserver
import threading

GROUP = "soc.samples"
OVERVIEW = ("Subject", "From", "Date", "Message-ID", "References")


class Session(socketserver.StreamRequestHandler):
    server: "NntpServer"

    def handle(self) -> None:
        self.say("200 ready")
        while line := self.rfile.readline():
            command, _, argument = line.decode("latin-1").strip().partition(" ")
            command = command.upper()
            if command == "QUIT":
                self.say("205 bye")
                return
            self.answer(command, argument)

    def answer(self, command: str, argument: str) -> None:
        last = len(self.server.articles)
        if command == "CAPABILITIES":
            self.listing("101 what is there", [b"VERSION 2", b"READER", b"OVER"])
        elif command == "MODE":
            self.say("201 reading only")
        elif command == "GROUP":
            self.say(f"211 {last} 1 {last} {GROUP}" if argument == GROUP else "411 no such group")
        elif command == "LIST":
            self.listing("215 groups", [f"{GROUP} {last} 1 n".encode()])
        elif command in ("XOVER", "OVER"):
            begin, _, end = argument.partition("-")
            chosen = range(int(begin), min(int(end or begin), last) + 1)
            self.listing("224 overview", [self.overview(number) for number in chosen])
        elif command in ("ARTICLE", "HEAD"):
            self.article(command, argument)
        else:
            self.say("500 unknown")

    def article(self, command: str, argument: str) -> None:
        number = int(argument) if argument.isdigit() else self.server.number_of(argument)
        if not 0 < number <= len(self.server.articles):
            self.say("423 no such article")
            return
        head, _, body = self.server.articles[number - 1].partition(b"\r\n\r\n")
        whole = head + b"\r\n\r\n" + body if command == "ARTICLE" else head
        code = 220 if command == "ARTICLE" else 221
        self.listing(f"{code} {number} <{number}>", whole.removesuffix(b"\r\n").split(b"\r\n"))

    def overview(self, number: int) -> bytes:
        raw = self.server.articles[number - 1]
        head = email.message_from_bytes(raw)
        fields = [str(head.get(name, "")).replace("\t", " ") for name in OVERVIEW]
        return "\t".join([str(number), *fields, str(len(raw)), str(raw.count(b"\n"))]).encode()

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def listing(self, first: str, lines: list[bytes]) -> None:
        self.say(first)
        for line in lines:
            self.wfile.write((b"." if line.startswith(b".") else b"") + line + b"\r\n")
        self.wfile.write(b".\r\n")


class NntpServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Session)
        self.articles: list[bytes] = []
        self.port = self.server_address[1]
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def post(self, raw: bytes) -> None:
        """Puts an article with CRLF line ends into the group."""
        self.articles.append(b"Newsgroups: " + GROUP.encode() + b"\r\nPath: news.example.org!not-for-mail\r\n" + raw)

    def number_of(self, message_id: str) -> int:
        ids = [str(email.message_from_bytes(raw)["Message-ID"]).strip("<>") for raw in self.articles]
        return ids.index(message_id.strip("<>")) + 1 if message_id.strip("<>") in ids else 0

    def stop(self) -> None:
        self.shutdown()
        self.server_close()
