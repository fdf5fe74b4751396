#!/usr/bin/env python3
"""Makes mails and texts of any size whose indicators are known, from a seed: the same arguments give the same bytes.

Usage: generate.py KIND SIZE [--seed N] [--truth FILE] > MAIL      KIND: text, html, attachments; or no mail, text only:
bare (the text of the mail `text`), prose (no indicator in it)"""

import argparse
import base64
import hashlib
import json
import random
import sys

WORDS = [
    "the",
    "server",
    "was",
    "seen",
    "by",
    "our",
    "sensors",
    "in",
    "the",
    "night",
    "and",
    "again",
    "on",
    "Monday",
    "while",
    "analysts",
    "looked",
    "at",
    "traffic",
    "of",
    "clients",
    "that",
    "opened",
    "the",
    "attachment",
    "before",
    "rules",
    "were",
    "deployed",
    "to",
    "all",
    "gateways",
    "of",
    "the",
    "region",
    "which",
    "took",
    "about",
    "an",
    "hour",
    "in",
    "total",
]
ENDINGS = ("com", "net", "org", "info", "top", "xyz", "online", "de", "fr")
# One indicator for about this many bytes: 5,000 in a megabyte, as a long advisory has.
SPACING = 200


class Source:
    """Draws words and indicators at random, and remembers the indicators."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.truth: list[tuple[str, str]] = []

    def letters(self, number: int) -> str:
        return "".join(self.random.choices("abcdefghijklmnopqrstuvwxyz", k=number))

    def note(self, kind: str, value: str) -> str:
        self.truth.append((kind, value))
        return value

    def name(self) -> str:
        return f"{self.letters(6)}-{self.letters(5)}.{self.random.choice(ENDINGS)}"

    def address(self) -> str:
        return f"{self.random.choice((45, 91, 185, 193))}." + ".".join(
            str(self.random.randint(1, 254)) for _ in range(3)
        )

    def url(self) -> str:
        host = self.name()
        self.note("domain", host)
        return self.note(
            "url", f"http://{host}/{self.letters(5)}/{self.letters(4)}.php?id={self.random.randint(1, 9999)}"
        )

    def digest(self, algorithm: str) -> str:
        return self.note(algorithm, hashlib.new(algorithm, self.letters(12).encode()).hexdigest())

    def indicator(self) -> str:
        draw = self.random.choice(("url", "url", "ip", "domain", "md5", "sha1", "sha256", "email", "cve"))
        if draw == "url":
            return self.url()
        if draw == "ip":
            return self.note("ip-dst", self.address())
        if draw == "domain":
            return self.note("domain", self.name())
        if draw == "email":
            return self.note("email", f"{self.letters(7)}@{self.name()}")
        if draw == "cve":
            return self.note(
                "vulnerability", f"CVE-{self.random.randint(2015, 2025)}-{self.random.randint(1000, 99999)}"
            )
        return self.digest(draw)

    def line(self) -> str:
        """About SPACING bytes of prose with one indicator, between blanks."""
        value = self.indicator()
        words = self.random.choices(WORDS, k=max(1, (SPACING - len(value)) // 6))
        words.insert(self.random.randrange(len(words)), value)
        return " ".join(words)


def text(source: Source, size: int) -> str:
    lines, length = [], 0
    while length < size:
        lines.append(source.line())
        length += len(lines[-1]) + 1
    return "\n".join([*lines, ""])


def prose(source: Source, size: int) -> str:
    """Sentences with no indicator in them."""
    lines, length = [], 0
    while length < size:
        lines.append(" ".join(source.random.choices(WORDS, k=12)).capitalize() + ".")
        length += len(lines[-1]) + 1
    return "\n".join([*lines, ""])


def marked_up(source: Source, size: int) -> str:
    rows, length = ["<html><head><style>td{margin:0}</style></head><body><table>"], 0
    while length < size:
        row = f'<tr><td class="a"><b>{source.line()}</b>&nbsp;&amp; more</td></tr>'
        rows.append(row)
        length += len(row) + 1
    return "\n".join([*rows, "</table></body></html>", ""])


HEAD = (
    "From: Generator <generator@bench-orchard.org>\r\nTo: soc@bench-orchard.org\r\n"
    "Date: Mon, 02 Feb 2026 08:00:00 +0000\r\nMessage-ID: <bench@bench-orchard.org>\r\nSubject: Bench\r\nMIME-Version: 1.0\r\n"
)


def body(kind: str, content: str) -> str:
    return f"Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + content.replace(
        "\n", "\r\n"
    )


def attachments(source: Source, size: int) -> str:
    """A short text and files of a megabyte each. The files are random bytes, so the program must find nothing in them."""
    parts, left = [body("plain", text(source, 4000))], size
    while left > 0:
        # Base64 with line ends makes 78 bytes of 57.
        data = base64.encodebytes(source.random.randbytes(min(left, 1 << 20) * 57 // 78)).decode("ascii")
        name = f"{source.letters(8)}.bin"
        parts.append(
            f'Content-Type: application/octet-stream; name="{name}"\r\nContent-Transfer-Encoding: base64\r\n'
            f'Content-Disposition: attachment; filename="{name}"\r\n\r\n' + data.replace("\n", "\r\n")
        )
        left -= 1 << 20
    inside = "".join(f"--bench\r\n{part.rstrip()}\r\n" for part in parts)
    return f'Content-Type: multipart/mixed; boundary="bench"\r\n\r\n{inside}--bench--\r\n'


def generate(kind: str, size: int, seed: int = 1) -> tuple[bytes, list[tuple[str, str]]]:
    """Returns the bytes, and the truth as a list of pairs of type and value."""
    source = Source(seed)
    if kind == "bare":
        made = text(source, size)
    elif kind == "prose":
        made = prose(source, size)
    elif kind == "text":
        made = HEAD + body("plain", text(source, size))
    elif kind == "html":
        made = HEAD + body("html", marked_up(source, size))
    else:
        made = HEAD + attachments(source, size)
    return made.encode("ascii"), list(dict.fromkeys(source.truth))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kind", choices=("text", "html", "attachments", "bare", "prose"))
    parser.add_argument("size", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--truth")
    options = parser.parse_args()
    made, truth = generate(options.kind, options.size, options.seed)
    sys.stdout.buffer.write(made)
    if options.truth:
        with open(options.truth, "w", encoding="utf-8") as out:
            json.dump([{"type": kind, "value": value} for kind, value in truth], out)


if __name__ == "__main__":
    main()
