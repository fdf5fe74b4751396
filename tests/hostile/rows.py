"""What the tables of hostile mails are made of: a row is one family, which repeats one thing."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

HEAD = (
    "From: Ann Analyst <ann@sensor-lab.net>\r\n"
    "To: Bob <bob@soc-room.net>\r\n"
    "Subject: What the sensor saw\r\n"
    "Date: Mon, 02 Mar 2026 10:00:00 +0100\r\n"
    "Message-ID: <hostile@sensor-lab.net>\r\n"
    "MIME-Version: 1.0\r\n"
)
PLAIN = "Content-Type: text/plain; charset=utf-8\r\n\r\n"
HTML = "Content-Type: text/html; charset=utf-8\r\n\r\n"
MIXED = 'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'

Piece = str | bytes
Family = Callable[[int], Iterable[Piece]]


def url(number: int) -> str:
    """A URL of which no two are alike."""
    return f"https://w{number}.wgetcdn-files.com/{number}"


def without(field: str) -> str:
    """The usual header without this field."""
    return "".join(line for line in HEAD.splitlines(keepends=True) if not line.startswith(f"{field}:"))


@dataclass(frozen=True)
class Row:
    """A family whose mails are `before`, what `each` makes of every number, and `after`."""

    told: str
    before: str
    each: Callable[[int], Piece]
    after: Piece | Callable[[int], Piece] = "\r\n"

    def __call__(self, count: int) -> Iterator[Piece]:
        yield self.before
        for number in range(count):
            yield self.each(number)
        yield self.after(count) if callable(self.after) else self.after


def field(told: str, begin: str, each: Callable[[int], Piece], end: str = "\r\n", head: str = HEAD) -> Row:
    """Repeated in the header, in the text of a field that `begin` opens, or as fields of their own."""
    return Row(told, head + begin, each, f"{end}{PLAIN}text\r\n")


def text(told: str, each: Callable[[int], Piece], kind: str = PLAIN, begin: str = "", end: str = "\r\n") -> Row:
    """Repeated in the text of a mail."""
    return Row(told, HEAD + kind + begin, each, end)


def lines(told: str, each: Callable[[int], str], begin: str = "", end: str = "") -> Row:
    """Repeated in the text, in a line of its own each."""
    return text(told, lambda number: f"{each(number)}\r\n", PLAIN, begin, end)


def page(told: str, each: Callable[[int], str], begin: str = "", end: str = "") -> Row:
    """Repeated in a page of HTML."""
    return text(told, lambda number: f"{each(number)}\r\n", HTML, f"<html><body>{begin}", f"{end}</body></html>\r\n")


def parts(told: str, each: Callable[[int], Piece]) -> Row:
    """Repeated as a part of a mail, header and all."""

    def part(number: int) -> Piece:
        made = each(number)
        return f"--b\r\n{made}\r\n" if isinstance(made, str) else b"--b\r\n" + made + b"\r\n"

    return Row(told, HEAD + MIXED, part, "--b--\r\n")
