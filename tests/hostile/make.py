#!/usr/bin/env python3
"""Makes hostile mails: each family has one kind of thing very often.

    make.py FAMILY COUNT > mail.eml      # or 10MB in place of a number
    make.py --into FOLDER COUNT...       # all families
    make.py --list

The same family and count always give the same bytes.
"""

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path

import attached
import bodies
import headers
import markup
import texts
from rows import HEAD, HTML, MIXED, PLAIN, Family, Row, url


def one_line(count: int) -> Iterator[str]:
    """URLs on one line of text."""
    yield HEAD + PLAIN
    for number in range(count):
        yield url(number) + " "
    yield "\r\n"


def one_line_json(count: int) -> Iterator[str]:
    """URLs in JSON without line ends."""
    yield HEAD + PLAIN + "{"
    for number in range(count):
        yield f'"k{number}":"{url(number)}",'
    yield "}\r\n"


def html_paragraph(count: int) -> Iterator[str]:
    """URLs in one paragraph of HTML."""
    yield HEAD + HTML + "<p>"
    for number in range(count):
        yield url(number) + " "
    yield "</p>\r\n"


def links(count: int) -> Iterator[str]:
    """Links of HTML."""
    yield HEAD + HTML
    for number in range(count):
        yield f'<a href="{url(number)}">here {number}</a>\r\n'


def links_one_line(count: int) -> Iterator[str]:
    """Links of HTML in one paragraph, all with the same words."""
    yield HEAD + HTML + "<p>"
    for number in range(count):
        yield f'<a href="{url(number)}">here</a> '
    yield "</p>\r\n"


def idns(count: int) -> Iterator[str]:
    """Names of hosts with letters beyond ASCII."""
    yield HEAD + PLAIN
    for number in range(count):
        yield f"https://bücher-{number}.münzkauf.de/\r\n"


def flat_forwards(count: int) -> Iterator[str]:
    """Mails that are quoted one after the other in the text."""
    yield HEAD + PLAIN
    for number in range(count):
        yield (
            "---------- Forwarded message ---------\r\n"
            f"From: Eve <eve{number}@wgetcdn-files.com>\r\n"
            "Date: Mon, 2 Mar 2026 at 09:00\r\n"
            "To: Bob <bob@soc-room.net>\r\n"
            f"Subject: Pay {number}\r\n"
            "\r\n"
            f"Open {url(number)}\r\n\r\n"
        )


def nested_forwards(count: int) -> Iterator[str]:
    """Mails that are quoted in one another, each a level deeper."""
    yield HEAD + PLAIN
    for number in range(count):
        quote = ">" * min(number, 200)
        yield (
            f"{quote}-----Original Message-----\r\n"
            f"{quote}From: Eve <eve{number}@wgetcdn-files.com>\r\n"
            f"{quote}To: Bob <bob@soc-room.net>\r\n"
            f"{quote}Subject: Pay {number}\r\n"
            f"{quote}\r\n"
        )


def attached_mails(count: int) -> Iterator[str]:
    """Attached mails."""
    yield HEAD + MIXED
    for number in range(count):
        yield (
            "--b\r\nContent-Type: message/rfc822\r\n\r\n"
            f"From: eve{number}@wgetcdn-files.com\r\nTo: bob@soc-room.net\r\nSubject: Pay {number}\r\n\r\n"
            f"Open {url(number)}\r\n"
        )
    yield "--b--\r\n"


def attachments(count: int) -> Iterator[str]:
    """Attached files of a few bytes."""
    yield HEAD + MIXED
    for number in range(count):
        yield (
            "--b\r\nContent-Type: application/octet-stream\r\n"
            f'Content-Disposition: attachment; filename="f{number}.bin"\r\n\r\n{number}\r\n'
        )
    yield "--b--\r\n"


def programs(count: int) -> Iterator[str]:
    """Attached files that are called programs."""
    yield HEAD + MIXED
    for number in range(count):
        yield f'--b\r\nContent-Disposition: attachment; filename="{number}.exe"\r\n\r\nMZ{number}\r\n'
    yield "--b--\r\n"


def parts(count: int) -> Iterator[str]:
    """Parts of text without a header."""
    yield HEAD + MIXED
    for number in range(count):
        yield f"--b\r\n\r\n{number}\r\n"
    yield "--b--\r\n"


def pictures(count: int) -> Iterator[str]:
    """Pictures, and links to as many."""
    yield HEAD + MIXED
    yield "--b\r\n" + HTML
    for number in range(count):
        yield f'<img src="cid:i{number}">\r\n'
    for number in range(count):
        yield f"--b\r\nContent-Type: image/png\r\nContent-ID: <p{number}>\r\n\r\nPNG{number}\r\n"
    yield "--b--\r\n"


def csv_rows(count: int) -> Iterator[str]:
    """Rows of a table of indicators."""
    yield HEAD + PLAIN
    for number in range(count):
        digest = hashlib.md5(str(number).encode(), usedforsecurity=False).hexdigest()
        yield f"2026-03-02,{url(number)},{digest}\r\n"


def header_lines(count: int) -> Iterator[str]:
    """Fields of the header."""
    yield HEAD
    for number in range(count):
        yield f"X-{number}: {number}\r\n"
    yield PLAIN + "text\r\n"


def received_lines(count: int) -> Iterator[str]:
    """Fields that servers write."""
    for number in range(count):
        yield f"Received: from a{number}.wgetcdn-files.com by b.soc-room.net; Mon, 02 Mar 2026 10:00:00 +0100\r\n"
    yield HEAD + PLAIN + "text\r\n"


def header_parameters(count: int) -> Iterator[str]:
    """Parameters of one field."""
    yield HEAD + "Content-Type: text/plain"
    for number in range(count):
        yield f";\r\n p{number}=v{number}"
    yield "\r\n\r\ntext\r\n"


def header_continuations(count: int) -> Iterator[str]:
    """Numbered pieces of one file name."""
    yield HEAD + "Content-Type: application/octet-stream\r\nContent-Disposition: attachment"
    for number in range(count):
        yield f";\r\n filename*{number}=v{number}"
    yield "\r\n\r\ntext\r\n"


def header_words(count: int) -> Iterator[str]:
    """Encoded words of one field."""
    yield HEAD + "X-Words:"
    for _ in range(count):
        yield " =?utf-8?B?YWJj?=\r\n"
    yield PLAIN + "text\r\n"


def recipients(count: int) -> Iterator[str]:
    """People of one field."""
    yield HEAD + "Cc: "
    yield ",\r\n ".join(f"p{number}@soc-room.net" for number in range(count))
    yield "\r\n" + PLAIN
    yield "text\r\n"


def crowded_forwards(count: int) -> Iterator[str]:
    """As many people in the header as quoted mails in the text."""
    yield from list(recipients(count))[:-1]
    yield from list(flat_forwards(count))[1:]


def directives(count: int) -> Iterator[str]:
    """Lines that steer the event."""
    yield HEAD + PLAIN
    for number in range(count):
        yield f"m2m:tag:t{number}\r\n"


def uuencoded(count: int) -> Iterator[str]:
    """Files as code in the text."""
    yield HEAD + PLAIN
    for number in range(count):
        yield f"begin 644 f{number}.bin\r\n#86)C\r\n`\r\nend\r\n"


def multiparts(count: int) -> Iterator[str]:
    """Multiparts in one another."""
    yield HEAD + 'Content-Type: multipart/mixed; boundary="b0"\r\n\r\n'
    for number in range(count):
        yield f'--b{number}\r\nContent-Type: multipart/mixed; boundary="b{number + 1}"\r\n\r\n'
    yield f"--b{count}\r\n\r\ntext\r\n"


OWN = (
    one_line,
    one_line_json,
    html_paragraph,
    links,
    links_one_line,
    idns,
    flat_forwards,
    nested_forwards,
    attached_mails,
    attachments,
    programs,
    parts,
    pictures,
    csv_rows,
    header_lines,
    received_lines,
    header_parameters,
    header_continuations,
    header_words,
    recipients,
    crowded_forwards,
    directives,
    uuencoded,
    multiparts,
)
FAMILIES: dict[str, Family] = {
    **{family.__name__: family for family in OWN},
    **headers.ROWS,
    **bodies.ROWS,
    **texts.ROWS,
    **markup.ROWS,
    **attached.ROWS,
}

# Whose mails have many attached files, or large ones.
FILES = {
    "attachments",
    "programs",
    "pictures",
    "uuencoded",
    "long_file_names",
    "same_file_names",
    "same_files",
    *attached.ROWS,
}


def made(name: str, count: int) -> Iterator[bytes]:
    for piece in FAMILIES[name](count):
        yield piece.encode() if isinstance(piece, str) else piece


def counted(name: str, size: str) -> int:
    """How many things: a number, or as many as make a mail of about so many megabytes, `10MB`."""
    if not size.endswith("MB"):
        return int(size)
    few, more = (sum(map(len, made(name, count))) for count in (1000, 3000))
    return max(1, 1000 + int((float(size[:-2]) * 1e6 - few) * 2000 / max(1, more - few)))


def write(folder: Path, sizes: list[str]) -> None:
    """All families in all sizes, as FAMILY-SIZE.eml."""
    for name in FAMILIES:
        for size in sizes:
            (folder / f"{name}-{size}.eml").write_bytes(b"".join(made(name, counted(name, size))))


def main() -> int:
    """Writes one mail, or all, or the names of all families."""
    match sys.argv[1:]:
        case ["--list"]:
            for name, family in FAMILIES.items():
                told = family.told if isinstance(family, Row | attached.File) else family.__doc__
                print(f"{name}\t{told}\t{'files' if name in FILES else ''}")
        case ["--into", folder, *sizes]:
            write(Path(folder), sizes)
        case [name, size] if name in FAMILIES:
            for piece in made(name, counted(name, size)):
                sys.stdout.buffer.write(piece)
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
