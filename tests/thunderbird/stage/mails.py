"""Mails for the tests. Each has a subject of its own, and indicators that no other mail has."""

import base64
import random
from collections.abc import Sequence

FROM = b"CERT <alerts@reporting-cert.org>"

# Words that nobody writes in a report.
LURE = b"Dear customer, your mailbox is full. Verify your account within 24 hours, or your account will be suspended."


def message(
    subject: str, body: bytes, *headers: bytes, line: bytes = b"\r\n", date: bytes = b"Tue, 03 Feb 2026 09:12:44 +0100"
) -> bytes:
    """The bytes of a mail with the usual header fields, `more` of them, and a text, with this line end."""
    name = subject.lower().replace(" ", "-").encode()
    head = [
        b"From: " + FROM,
        b"To: team@soc-team.org",
        b"Date: " + date,
        b"Message-ID: <" + name + b"@reporting-cert.org>",
        b"Subject: " + subject.encode(),
        b"MIME-Version: 1.0",
        *headers,
    ]
    return line.join([*head, b"", body])


def report(subject: str, *more: bytes, line: bytes = b"\r\n") -> bytes:
    """A report with a URL, its host, an address and a hash, all derived from the subject, and more lines."""
    return message(
        subject, line.join([*indicators(subject), *more, b""]), b"Content-Type: text/plain; charset=utf-8", line=line
    )


def indicators(subject: str) -> list[bytes]:
    draw = random.Random(subject)
    letters = "".join(draw.choices("bcdfghklmnprstvw", k=10)).encode()
    address = ".".join([str(draw.choice((45, 91, 185, 193))), *(str(draw.randint(1, 254)) for _ in range(3))]).encode()
    return [
        b"we saw this server:",
        b"",
        b"hxxps://" + letters + b"[.]com/gate.php",
        address.replace(b".", b"[.]", 1),
        b"sha256: " + draw.randbytes(32).hex().encode(),
    ]


def many(number: int, name: str) -> dict[str, bytes]:
    """Subjects and mails for a batch."""
    return {f"{name} {at:03}": report(f"{name} {at:03}") for at in range(number)}


def with_attachment(subject: str, size: int, name: bytes = b"sample.bin", more: Sequence[bytes] = ()) -> bytes:
    """A report with more lines and a file of `size` random bytes."""
    data = base64.encodebytes(random.Random(subject).randbytes(size)).replace(b"\n", b"\r\n")
    parts = [
        b"--part",
        b"Content-Type: text/plain; charset=utf-8",
        b"",
        *indicators(subject),
        *more,
        b"--part",
        b'Content-Type: application/octet-stream; name="' + name + b'"',
        b"Content-Transfer-Encoding: base64",
        b'Content-Disposition: attachment; filename="' + name + b'"',
        b"",
        data + b"--part--",
        b"",
    ]
    return message(subject, b"\r\n".join(parts), b'Content-Type: multipart/mixed; boundary="part"')


def sample(subject: str) -> bytes:
    """A phish, as it comes."""
    body = (
        b'<p>Your mailbox is full. <a href="http://'
        + indicators(subject)[2][8:18]
        + b'-login.com/renew">Renew</a></p>\r\n'
    )
    received = b"Received: from mail.sender-host.com (mail.sender-host.com [45.9.148.99]) by mx.soc-team.org; Tue, 03 Feb 2026 09:12:40 +0100"
    return message(subject, body, b"Content-Type: text/html; charset=utf-8", received)


def carrier(subject: str, *inside: bytes) -> bytes:
    """A mail that brings others, as "forward as attachments" makes it."""
    parts = [b"--part\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"]
    head = b"--part\r\nContent-Type: message/rfc822\r\nContent-Disposition: attachment\r\n\r\n"
    parts += [head + mail for mail in inside]
    body = b"\r\n".join([*parts, b"--part--", b""])
    return message(subject, body, b'Content-Type: multipart/mixed; boundary="part"')


def variants() -> dict[str, bytes]:
    """Names and mails that mail stores and servers easily change."""
    latin = b"Content-Type: text/plain; charset=iso-8859-1", b"Content-Transfer-Encoding: 8bit"
    lines = indicators
    return {
        "plain crlf": report("plain crlf"),
        "plain lf": report("plain lf", line=b"\n"),
        "latin eight bit": message(
            "latin eight bit", b"\r\n".join([b"Gr\xfc\xdfe \xa7 \xe9\xe8", *lines("latin eight bit"), b""]), *latin
        ),
        "latin eight bit lf": message(
            "latin eight bit lf",
            b"\n".join([b"Gr\xfc\xdfe \xa7 \xe9\xe8", *lines("latin eight bit lf"), b""]),
            *latin,
            line=b"\n",
        ),
        "mixed line ends": message(
            "mixed line ends", b"one\ntwo\r\nthree\n" + b"\r\n".join([*lines("mixed line ends"), b"last\n"])
        ),
        "long lines": report("long lines", b"x" * 200_000),
        "from lines": report(
            "from lines",
            b"From here on",
            b">From there",
            b"",
            b"From alerts@reporting-cert.org Tue Feb 03 09:12:44 2026",
            b"x",
        ),
        "dots": report("dots", b".", b"..", b".x", b"", b".", b""),
        "no final newline": report("no final newline") + b"the end",
        "blank lines at the end": report("blank lines at the end") + b"\r\n\r\n\r\n",
        "8-bit header": report("8-bit header")
        .replace(b"To: team", b'To: "M\xfcller" <team', 1)
        .replace(b"soc-team.org", b"soc-team.org>", 1),
    }
