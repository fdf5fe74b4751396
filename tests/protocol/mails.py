"""Mails for the tests: those of the corpus, and some that the tests make; and the identity of a mail."""

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Any

CORPUS = Path(__file__).resolve().parents[1] / "mails"

# The lines that Thunderbird writes before a message that it stores.
THUNDERBIRD = (
    b"X-Mozilla-Status: 0001\nX-Mozilla-Status2: 00000000\nX-Mozilla-Keys: $label1                          \n"
)


def corpus(name: str) -> bytes:
    return (CORPUS / f"{name}.eml").read_bytes()


def expected_events(name: str) -> list[dict[str, Any]]:
    """The events that a mail of the corpus makes."""
    return [one["event"]["Event"] for one in json.loads((CORPUS / f"{name}.event.json").read_text(encoding="utf-8"))]


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def identity(raw: bytes) -> str:
    """SHA-256 of the canonical message: no mbox line or fields of Thunderbird's own, CRLF, no blank lines at the end."""
    rest = re.sub(rb"\AFrom (?![ \t]*:)[^\n]*\n", b"", raw)
    rest = re.sub(rb"\A(?:(?:X-Mozilla-Status2?|X-Mozilla-Keys|X-Account-Key|X-UIDL):[^\n]*\n)+", b"", rest)
    return sha256(re.sub(rb"\r*\n", b"\r\n", rest.rstrip(b"\r\n")))


def report(text: str, subject: str = "Indicators of today", number: int = 0, headers: str = "") -> bytes:
    """A report that a person wrote; each `number` makes another one."""
    head = f"From: Analyst <analyst@cert.example>\nTo: soc@cert.example\nSubject: {subject}\n"
    head += f"Date: Tue, 17 Mar 2026 08:00:00 +0000\nMessage-ID: <report-{number}@cert.example>\n{headers}"
    return f"{head}MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n{text}\n".encode()


def small(number: int) -> bytes:
    """A report of one URL that no other mail has."""
    return report(f"See hxxp://host-{number}[.]evil-small[.]com/gate.php today.", f"Small {number}", number)


def many(count: int) -> tuple[bytes, set[tuple[str, str]]]:
    """A report of `count` indicators, half of them URLs and half of them their hosts, and of `more`."""
    hosts = [f"host-{number:05}.evil-many.com" for number in range(count // 2)]
    values = {("hostname", host) for host in hosts} | {("url", f"http://{host}/gate.php") for host in hosts}
    return report(
        "\n".join(f"line of hxxp://{host}/gate.php in the list" for host in hosts), f"{count} of them"
    ), values


def with_files(*files: tuple[str, bytes], text: str = "See the attached files.", subject: str = "With files") -> bytes:
    """A mail with attached files, each a name and its bytes."""
    parts = [f"--cut\nContent-Type: text/plain; charset=utf-8\n\n{text}\n".encode()]
    for name, content in files:
        head = "--cut\nContent-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n"
        head += f'Content-Disposition: attachment; filename="{name}"\n\n'
        parts.append(head.encode() + base64.encodebytes(content))
    return _multipart(subject, parts)


def carrier(*mails: bytes, subject: str = "Fwd: these") -> bytes:
    """A mail that only brings other mails."""
    parts = [b"--cut\nContent-Type: text/plain\n\n"]
    parts += [b"--cut\nContent-Type: message/rfc822\nContent-Disposition: attachment\n\n" + mail for mail in mails]
    return _multipart(subject, parts)


def _multipart(subject: str, parts: list[bytes]) -> bytes:
    head = f"From: Ann <ann@cert.example>\nTo: soc@cert.example\nSubject: {subject}\n"
    head += "Date: Tue, 17 Mar 2026 08:00:00 +0000\nMIME-Version: 1.0\n"
    head += 'Content-Type: multipart/mixed; boundary="cut"\n\n'
    return head.encode() + b"".join(part if part.endswith(b"\n") else part + b"\n" for part in parts) + b"--cut--\n"
