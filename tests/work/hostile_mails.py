"""The mails whose work is counted: some families of `tests/hostile/make.py`, an archive of many files, and links that stand in a line of
their own each: of a line that grows with their number, more is shown until it is cut."""

import base64
import io
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path

MAKE = Path(__file__).resolve().parents[1] / "hostile" / "make.py"

# One of each sort, as callgrind takes its time; `main.rs` has all. Each grows with the number of its things, not faster.
FAMILIES = (
    *("one_line", "html_paragraph", "idns", "csv_rows", "directives", "flat_forwards", "crowded_forwards"),
    *("attached_mails", "attachments", "pictures", "parts", "multiparts", "uuencoded"),
    *("header_lines", "received_lines", "header_continuations", "header_words", "recipients"),
    *("archive", "link_lines"),
)

HEAD = (
    "From: Ann Analyst <ann@sensor-lab.net>\r\n"
    "To: Bob <bob@soc-room.net>\r\n"
    "Subject: What the sensor saw\r\n"
    "Date: Mon, 02 Mar 2026 10:00:00 +0100\r\n"
    "Message-ID: <archive@sensor-lab.net>\r\n"
    "MIME-Version: 1.0\r\n"
)

ARCHIVE_HEAD = (
    "Content-Type: application/zip\r\n"
    'Content-Disposition: attachment; filename="files.zip"\r\n'
    "Content-Transfer-Encoding: base64\r\n\r\n"
)


def archive(count: int) -> bytes:
    """A mail with an archive of files, each with a URL."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as files:
        for number in range(count):
            files.writestr(zipfile.ZipInfo(f"{number}.txt"), f"https://w{number}.wgetcdn-files.com/{number}\n")
    return (HEAD + ARCHIVE_HEAD).encode() + base64.encodebytes(made.getvalue())


def link_lines(count: int) -> bytes:
    links = (
        f'<p><a href="https://w{number}.wgetcdn-files.com/{number}">here {number}</a>\r\n' for number in range(count)
    )
    return (HEAD + "Content-Type: text/html\r\n\r\n" + "".join(links)).encode()


OWN = {made.__name__: made for made in (archive, link_lines)}


def mail(family: str, count: int) -> bytes:
    if family in OWN:
        return OWN[family](count)
    return subprocess.run([sys.executable, MAKE, family, str(count)], stdout=subprocess.PIPE, check=True).stdout


def write(folder: Path, families: Iterable[str], count: int) -> None:
    """Writes a mail of each family with so many things."""
    folder.mkdir(parents=True)
    for family in families:
        (folder / f"{family}.eml").write_bytes(mail(family, count))
