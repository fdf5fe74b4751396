"""Inputs that made other programs take quadratic time: a repeated piece, alone or after the beginning of a mail. The bench
compares the cost of one size with that of four times the size, so that the speed of the machine does not matter."""

from collections.abc import Iterator

SIZE = 1 << 16
# A name, and the input in both sizes.
Case = tuple[str, bytes, bytes]
MULTIPART = "Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n"
HTML = "Content-Type: text/html\n\n"

# By family: how the mail begins, and the piece that is repeated.
FAMILIES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "broken headers and parts": (
        (
            *(
                "",
                "Subject: ",
                "From: ",
                "Content-Type: text/plain; name=",
                "X-A: b\n",
                "Subject: x\n\n",
                "Message-ID: ",
                "Date: ",
            ),
            *("Content-Transfer-Encoding: quoted-printable\n\n", "Content-Transfer-Encoding: base64\n\n", MULTIPART),
        ),
        (
            *(
                "=?",
                "=?a?q?",
                " =?aa?Q?x",
                " =?utf-8?B?QQ==?=",
                "=",
                "%",
                '("',
                "[mailto:",
                "a:b@c;",
                ";a*1*=''%",
                "?=",
                "--b\n",
            ),
            *("--b--\n", "--", "\n", "a", "<", ",", '"', "(", ";", "a@b,", " ", "\r", "\0", "a*0=", ">"),
            *("--b\nContent-Type: multipart/mixed\n\n", "Begin forwarded message:"),
        ),
    ),
    "markers of forwards": (
        ("Subject: Fwd: x\n\n",),
        (
            "-------- Forwarded Message --------\n",
            "-------- Forwarded Message --------\nFrom: a@b\nSubject: x\n\n",
            "-------- Forwarded Message --------\nFrom: a@b\nSubject: Fwd: x\n\n",
            *("From: a\n", "\nFrom: a\nSent: b\nSubject: c\n\n", "> From: a\n>\n", ">", "__________\n", ":\n"),
            "-----Original Message-----\nFrom: a\n",
        ),
    ),
    "markers of forwards in HTML": (
        (f"Subject: Fwd: x\n{HTML}",),
        (
            "-------- Forwarded Message --------<br>",
            "-------- Forwarded Message --------<br>From: a@b<br>Subject: x<br><br>",
            *(
                "From: a<br>",
                "<br>From: a<br>Sent: b<br>Subject: c<br><br>",
                "&gt; From: a<br>&gt;<br>",
                "__________<br>",
            ),
        ),
    ),
    "HTML": (
        (HTML, f"{HTML}<p ", f'{HTML}<p style="', f"{HTML}<style>"),
        (
            *(
                "<",
                "&",
                "<a href=x>",
                "<p>",
                "</",
                "<!--",
                "a=1 ",
                "&#",
                "<b",
                '"',
                "<td></td>",
                "url(",
                "<![",
                "<style>",
            ),
            "</p>",
        ),
    ),
    "TLP markings": (("Subject: x\n\n",), ("TLP:RED ", "TLP:", "/")),
}
# Input of the reader of mail_to_misp's configuration.
SETTINGS = (*("(", "[", "{", "'", "'''", "\\", "a=", '"', "{'a':", "#", "r'", " ", "\n ", "x=1\n", "-", "'\\"),)


def mails(family: str) -> Iterator[Case]:
    heads, units = FAMILIES[family]
    for head in heads:
        for unit in units:
            small, large = (f"{head}{repeated(unit, size)}".encode() for size in (SIZE, 4 * SIZE))
            yield f"{head!r} {unit!r}", small, large


def settings() -> Iterator[Case]:
    for unit in SETTINGS:
        small, large = (f"stopword = {repeated(unit, size)}".encode() for size in (SIZE, 4 * SIZE))
        yield repr(unit), small, large


def repeated(unit: str, size: int) -> str:
    return unit * (size // len(unit))
