"""Hostile structures: parts, boundaries, transfer encodings, charsets, reports for machines."""

import base64

from rows import HEAD, MIXED, PLAIN, Family, Row, parts, text, url

QP = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
B64 = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
ATTACHED = "Content-Disposition: attachment\r\nContent-Type: "
RFC822 = "Content-Type: message/rfc822\r\n\r\n"
MAIL = "From: eve@wgetcdn-files.com\r\nSubject: Pay\r\n"
UU = "M:'1T<',Z+R]W9V5T8V1N+69I;&5S+F-O;2]A8F-D969G:&EJ:VQM;F]P<7)S"
BOUNCE = 'Content-Type: multipart/report; report-type={}; boundary="b"\r\n\r\n--b\r\n\r\nSee below.\r\n--b\r\nContent-Type: {}\r\n\r\n'


def charset(name: str) -> str:
    return f"Content-Type: text/plain; charset={name}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"


def coded(number: int, before: str = "") -> str:
    return base64.b64encode(f"{before}\r\n{url(number)}\r\n".encode()).decode("ascii")


ROWS: dict[str, Family] = {
    "empty_parts": Row("Parts of nothing.", HEAD + MIXED, lambda n: "--b\r\n", "--b--\r\n"),
    "ends": Row("Ends of a multipart.", HEAD + MIXED, lambda n: "--b--\r\n"),
    "almost_boundaries": Row("Lines that begin as the boundary does.", HEAD + MIXED, lambda n: f"--bb{n}\r\n", "--b--\r\n"),
    "dashes": Row("Lines that begin with dashes.", HEAD + MIXED, lambda n: f"{'--' * (n % 30)}{n}\r\n", "--b--\r\n"),
    "sibling_multiparts": parts("Multiparts one behind the other.", lambda n: f'Content-Type: multipart/mixed; boundary="i{n}"\r\n\r\n--i{n}\r\n\r\n{n}\r\n--i{n}--'),
    "open_multiparts": parts("Multiparts that are not closed.", lambda n: f'Content-Type: multipart/mixed; boundary="i{n}"\r\n\r\n--i{n}\r\n\r\n{n}'),
    "same_boundary": Row("Multiparts in one another with the same boundary.", HEAD + MIXED, lambda n: '--b\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'),
    "long_boundaries": Row(
        "Multiparts in one another whose boundaries begin alike.",
        HEAD + MIXED,
        lambda n: f"--{'b' * min(n, 60)}{n or 'b'}\r\nContent-Type: multipart/mixed; boundary=\"{'b' * min(n + 1, 60)}{n + 1}\"\r\n\r\n",
    ),
    "closed_multiparts": Row(
        "Multiparts in one another, each closed.",
        HEAD + 'Content-Type: multipart/mixed; boundary="b0"\r\n\r\n',
        lambda n: f'--b{n}\r\nContent-Type: multipart/mixed; boundary="b{n + 1}"\r\n\r\n',
        lambda count: "".join(f"--b{n}--\r\n" for n in reversed(range(count))),
    ),
    "no_boundary": parts("Multiparts without a boundary.", lambda n: f"Content-Type: multipart/mixed\r\n\r\n--x\r\n\r\n{url(n)}"),
    "alternatives": parts("Alternatives of one text.", lambda n: f'Content-Type: multipart/alternative; boundary="i{n}"\r\n\r\n--i{n}\r\n\r\n{url(n)}\r\n--i{n}\r\nContent-Type: text/html\r\n\r\n<a href="{url(n)}">a</a>\r\n--i{n}--'),
    "related": parts("Related parts.", lambda n: f'Content-Type: multipart/related; start="<s{n}>"; boundary="i{n}"\r\n\r\n--i{n}\r\nContent-ID: <s{n}>\r\nContent-Type: text/html\r\n\r\n<img src="cid:s{n}">\r\n--i{n}--'),
    "same_content_ids": parts("Parts with the same Content-ID.", lambda n: f"Content-Type: image/png\r\nContent-ID: <same>\r\n\r\n{n}"),
    "locations": parts("Parts with a location.", lambda n: f"Content-Type: text/html\r\nContent-Location: {url(n)}\r\n\r\n<base href='{url(n)}'><a href='x'>x</a>"),
    "partial_mails": parts("Pieces of mails.", lambda n: f'Content-Type: message/partial; id="p"; number={n + 1}; total=99999999\r\n\r\n{url(n)}'),
    "external_bodies": parts("Parts that are elsewhere.", lambda n: f'Content-Type: message/external-body; access-type=URL; URL="{url(n)}"\r\n\r\nContent-Type: text/plain\r\n\r\n'),
    "mails_in_mails": Row("Mails in one another.", HEAD, lambda n: f"{RFC822}From: e{n}@wgetcdn-files.com\r\nSubject: {n}\r\n", f"{PLAIN}text\r\n"),
    "bare_mails": parts("Attached mails without a text.", lambda n: f"{RFC822}{MAIL}"),
    "empty_mails": parts("Attached mails of nothing.", lambda n: RFC822),
    "coded_mails": parts("Attached mails in base64.", lambda n: f"{RFC822[:-2]}Content-Transfer-Encoding: base64\r\n\r\n{coded(n, MAIL)}"),
    "same_mails": parts("One attached mail, again and again.", lambda n: f"{RFC822}{MAIL}Message-ID: <1@wgetcdn-files.com>\r\n\r\n{url(1)}"),
    "digests": parts("Digests.", lambda n: f'Content-Type: multipart/digest; boundary="i{n}"\r\n\r\n--i{n}\r\n\r\n{MAIL}\r\n{url(n)}\r\n--i{n}--'),
    "signed_parts": parts("Signed parts.", lambda n: f'Content-Type: multipart/signed; protocol="application/pgp-signature"; boundary="i{n}"\r\n\r\n--i{n}\r\n\r\n{url(n)}\r\n--i{n}\r\nContent-Type: application/pgp-signature\r\n\r\nx\r\n--i{n}--'),
    "encrypted_parts": parts("Encrypted parts.", lambda n: f'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary="i{n}"\r\n\r\n--i{n}\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n--i{n}--'),
    "smime_parts": parts("Parts of S/MIME.", lambda n: f"Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\nMIAGCSqGSIb3DQEHAqCA{n:04}"),
    "pages": parts("Parts of HTML.", lambda n: f'Content-Type: text/html\r\n\r\n<a href="{url(n)}">{n}</a>'),
    "inline_texts": parts("Texts with a file name.", lambda n: f'Content-Type: text/plain; name="{n}.txt"\r\nContent-Disposition: inline; filename="{n}.txt"\r\n\r\n{url(n)}'),
    "part_fields": Row("Fields of one part's header.", HEAD + MIXED + "--b\r\n", lambda n: f"X-{n}: {n}\r\n", "\r\ntext\r\n--b--\r\n"),
    "long_file_names": parts("Files with a long name.", lambda n: f'{ATTACHED}application/octet-stream; name="{"long" * 60}{n}.pdf.exe"\r\n\r\n{n}'),
    "same_file_names": parts("Files of the same name.", lambda n: f'{ATTACHED}application/octet-stream; name="same.bin"\r\n\r\n{n}'),
    "same_files": parts("One file, again and again.", lambda n: f'{ATTACHED}application/octet-stream; name="{n}.bin"\r\n\r\nsame'),
    "charsets": parts("Parts in charsets of their own.", lambda n: f"Content-Type: text/plain; charset=x-{n}\r\n\r\n{url(n)}"),
    "coded_parts": parts("Parts in base64.", lambda n: f"{B64}{coded(n)}"),
    "coded_lines": text("Lines of base64.", lambda n: f"{coded(n)}\r\n", B64),
    "coded_letters": text("Lines of base64 with one letter.", lambda n: "aHR0"[n % 4] + "\r\n", B64),
    "coded_junk": text("Base64 between what is none.", lambda n: f"{coded(n)[:4]}*!-\0", B64),
    "coded_ends": text("Ends of base64.", lambda n: "YQ==\r\n", B64),
    "soft_breaks": text("Soft line ends.", lambda n: "a=\r\n", QP),
    "soft_addresses": text("URLs over soft line ends.", lambda n: f"https://w{n}.=\r\nwgetcdn=\r\n-files.com/{n}\r\n", QP),
    "half_codes": text("Halves of codes of quoted-printable.", lambda n: "=Z=", QP),
    "coded_blanks": text("Blanks at line ends.", lambda n: "=20  \t\r\n", QP),
    "all_coded": text("Letters as codes.", lambda n: "=68=74=74=70=3A=2F=2F=61=2E=64=65=20", QP),
    "uu_open": text("Files in uuencode without an end.", lambda n: f"begin 644 f{n}.bin\r\n"),
    "uu_lines": text("Lines of one file in uuencode.", lambda n: f"{UU}\r\n", begin="begin 644 a.txt\r\n", end="`\r\nend\r\n"),
    "yenc": text("Files in yEnc.", lambda n: f"=ybegin line=128 size=3 name=f{n}.bin\r\n\x8b\x8c\x8d\r\n=yend size=3\r\n"),
    "binhex": text("Files in BinHex.", lambda n: "(This file must be converted with BinHex 4.0)\r\n:$f*TEQKPH#edCA0d,R4iG!:\r\n"),
    "utf_7": text("Words of UTF-7.", lambda n: f"+AGgAdAB0AHA-s://w{n}.wgetcdn-files.com/+AOQ- ", charset("utf-7")),
    "utf_16": text("Words of UTF-16.", lambda n: f"{url(n)}\r\n".encode("utf-16-le"), charset("utf-16le")),
    "iso_2022": text("Shifts of a charset.", lambda n: b"\x1b$BF|K\\\x1b(B ", charset("iso-2022-jp")),
    "iso_2022_open": text("Shifts of a charset without a way back.", lambda n: b"\x1b$B", charset("iso-2022-kr")),
    "hz": text("Shifts of HZ.", lambda n: "~{VPND~} ", charset("hz-gb-2312")),
    "broken_utf_8": text("Bytes that are no UTF-8.", lambda n: b"\xc3\x28\xf0\x9f \xff", charset("utf-8")),
    "zero_bytes": text("Zero bytes.", lambda n: f"\0{n}\0", charset("us-ascii")),
    "carriage_return_lines": text("Lines with carriage returns alone.", lambda n: f"{url(n)}\r", charset("us-ascii")),
    "line_feed_lines": text("Lines with line feeds alone.", lambda n: f"{url(n)}\n", charset("us-ascii")),
    "format_flowed": text("Lines that flow.", lambda n: f"> w{n} \r\n", "Content-Type: text/plain; format=flowed; delsp=yes\r\n\r\n"),
    "bounces": parts("Reports of mails that were not delivered.", lambda n: f"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx{n}.wgetcdn-files.com\r\n\r\nFinal-Recipient: rfc822; p{n}@soc-room.net\r\nAction: failed\r\nStatus: 5.1.1"),
    "bounced_people": text("Recipients of one report.", lambda n: f"Final-Recipient: rfc822; p{n}@soc-room.net\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 see {url(n)}\r\n\r\n", BOUNCE.format("delivery-status", "message/delivery-status"), end="--b--\r\n"),
    "abuse_reports": parts("Reports of abuse.", lambda n: f"Content-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nUser-Agent: x/1\r\nVersion: 1\r\nSource-IP: 198.51.100.{n % 256}"),
    "reported_addresses": text("URLs of one abuse report.", lambda n: f"Reported-URI: {url(n)}\r\nReported-Domain: w{n}.wgetcdn-files.com\r\n", BOUNCE.format("feedback-report", "message/feedback-report"), end="\r\n--b--\r\n"),
    "returned_headers": parts("Headers of returned mails.", lambda n: f"Content-Type: text/rfc822-headers\r\n\r\n{MAIL}X: {n}"),
    "read_receipts": parts("Receipts.", lambda n: f"Content-Type: message/disposition-notification\r\n\r\nFinal-Recipient: rfc822; p{n}@soc-room.net\r\nDisposition: manual-action; displayed"),
}  # fmt: skip
