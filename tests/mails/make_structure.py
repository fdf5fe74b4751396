#!/usr/bin/env python3
"""Makes the mails of this folder whose structure is broken, unusual or lies: headers, charsets, dates, addresses, files under
another type, files in the text, TNEF. The truth beside them (NAME.expect.json) is written by hand, never from here."""

import base64
import binascii
import random
import struct

import outlook_msg
from make import DAY, FAKE_PDF, PNG, attachment, b64, fake_pe, fake_zip, html, mixed, write

SENDER = "Kasse <kasse@heron-post.info>"
PLAIN = "Content-Type: text/plain; charset=utf-8\n"


def top(name: str, subject: str = "Rechnung", **fields: str) -> str:
    """Header fields of a phish; those given replace or follow them."""
    known = {
        "From": SENDER,
        "To": "helga.brand@weidenbach-energie.de",
        "Subject": subject,
        "Date": DAY,
        "Message_ID": f"<{name}@heron-post.info>",
    }
    known.update(fields)
    return "".join(f"{key.replace('_', '-')}: {value}\n" for key, value in known.items())


def link(name: str) -> str:
    return f"http://kestrelmint.net/{name}"


def mail(name: str, header: str, body: str | bytes) -> None:
    content = body.encode() if isinstance(body, str) else body
    write(name, (header.encode() + b"\n" + content).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))


def headers() -> None:
    name = "header-stray-line"
    coded = f"{PLAIN}Content-Transfer-Encoding: base64\n"
    received = (
        "Received: from mx (mx [185.239.71.78]) by in; Mon, 16 Mar 2026 08:00:00 +0100\nscanned by gateway, clean\n"
    )
    mail(name, received + top(name) + coded, b64(f"siehe {link(name)} bitte".encode()))
    name = "header-name-folded"
    folded = "From\n : Eva <eva@heron-post.info>\n"
    mail(name, folded + top(name) + coded, b64(f"siehe {link(name)} bitte".encode()))
    name = "header-word-not-indented"
    subject = "Subject: =?utf-8?Q?erster_?=\n=?utf-8?Q?zweiter?=\n"
    mail(name, subject + top(name).replace("Subject: Rechnung\n", "") + coded, b64(f"siehe {link(name)}".encode()))
    name = "header-behind-banner"
    mail(name, "+OK 1834 octets\n" + top(name) + coded, b64(f"siehe {link(name)}".encode()))
    name = "header-last-line-is-none"
    mail(name, top(name) + coded + "scanned by gateway, clean\n", b64(f"siehe {link(name)}".encode()))
    name = "header-blank-before-colon"
    mail(name, top(name).replace(":", " :", 1) + PLAIN, f"siehe {link(name)}\n")
    name = "header-byte-order-mark"
    mail(name, "\ufeff" + top(name) + PLAIN, f"siehe {link(name)}\n")
    name = "header-blank-lines-before"
    mail(name, "\n\n\n" + top(name) + PLAIN, f"siehe {link(name)}\n")
    name = "header-saved-as-utf16"
    text = (top(name) + PLAIN + f"\nsiehe {link(name)}\n").replace("\n", "\r\n")
    write(name, b"\xff\xfe" + text.encode("utf-16-le"))
    name = "header-message-id-blanks"
    mail(name, top(name, Message_ID=r"<53e452bb$7222@C:\My Files\x.txt>") + PLAIN, f"siehe {link(name)}\n")
    name = "part-parameter-not-indented"
    part = 'Content-Type: application/zip; x=1;\nname="Rechnung.zip"\nContent-Transfer-Encoding: base64\n\n'
    mail(name, top(name) + mixed("b", f"{PLAIN}\n{link(name)}\n", part + b64(fake_zip())), "")
    name = "part-semicolon-missing"
    part = 'Content-Type: application/octet-stream name="Rechnung.exe"\nContent-Transfer-Encoding: base64\n\n'
    mail(
        name,
        top(name) + mixed("b", f"Content-Type: text/plain charset=utf-8\n\n{link(name)}\n", part + b64(fake_pe())),
        "",
    )
    name = "part-text-like-a-header"
    mail(name, top(name) + mixed("b", f"\nHinweis: {link(name)}\nFrom: {link(name)}/2\n"), "")
    name = "header-text-without-blank-line"
    mail(name, top(name) + f"siehe {link(name)}\nGruss: an alle\n", "")


CHARSETS = (
    # name of the mail, label, codec, word
    ("charset-iso-2022-kr", "iso-2022-kr", "iso2022_kr", "견적서"),
    ("charset-iso-2022-jp-1", "iso-2022-jp-1", "iso2022_jp_1", "請求書丂"),
    ("charset-hz", "hz-gb-2312", "hz", "发票"),
    ("charset-cp932", "cp932", "cp932", "請求書①"),
    ("charset-uhc", "uhc", "cp949", "견적서"),
    ("charset-cp950", "cp950", "cp950", "發票"),
    ("charset-win-1251", "win-1251", "cp1251", "Счет"),
    ("charset-cp437", "IBM437", "cp437", "Übersicht"),
    ("charset-mac-ce", "x-mac-ce", "mac_latin2", "Příloha"),
    ("charset-utf-7-then-blank", "unicode-1-1-utf-7", "utf_7", "Привет"),
    ("charset-ebcdic", "ebcdic-cp-us", "cp037", "Rechnung"),
)


def charsets() -> None:
    for name, label, codec, word in CHARSETS:
        coded = "=?" + label + "?B?" + base64.b64encode(word.encode(codec)).decode() + "?="
        text = b64(f"{word} {link(name)} {word}\n".encode(codec))
        kind = f"Content-Type: text/plain; charset={label}\nContent-Transfer-Encoding: base64\n"
        mail(name, top(name, coded) + kind, text)
    name = "charset-utf-16-that-is-ascii"
    mail(name, top(name) + "Content-Type: text/plain; charset=utf-16\n", f"siehe {link(name)}\n")
    name = "charset-raw-subject-koi8"
    head = top(name, "@") + "Content-Type: text/plain; charset=koi8-r\nContent-Transfer-Encoding: 8bit\n"
    write(
        name,
        (head + f"\n@ {link(name)}\n")
        .replace("\n", "\r\n")
        .encode()
        .replace(b"@ ", "Счет ".encode("koi8_r"))
        .replace(b"Subject: @", b"Subject: " + "Счет на оплату".encode("koi8_r")),
    )
    name = "charset-raw-subject-of-the-text"
    body = f"--b\nContent-Type: text/html; charset=windows-1251\n\n<p>@ {link(name)}\n--b--\n"
    head = top(name, "@") + 'Content-Type: multipart/mixed; boundary="b"\n'
    write(
        name,
        (head + "\n" + body)
        .replace("\n", "\r\n")
        .encode()
        .replace(b"@ ", "Счет ".encode("cp1251"))
        .replace(b"Subject: @", b"Subject: " + "Счет на оплату".encode("cp1251")),
    )
    name = "charset-raw-subject-iso-2022-jp"
    head = top(name, "@") + "Content-Type: text/plain; charset=iso-2022-jp\n"
    write(
        name,
        (head + f"\n# {link(name)}\n")
        .replace("\n", "\r\n")
        .encode()
        .replace(b"Subject: @", b"Subject: " + "請求書".encode("iso2022_jp"))
        .replace(b"# ", "確認 ".encode("iso2022_jp")),
    )
    name = "charset-of-meta"
    page = f'<html><head><meta charset="windows-1251"></head><body>Счет <a href="{link(name)}">тут</a></body></html>\n'
    mail(name, top(name) + "Content-Type: text/html\nContent-Transfer-Encoding: 8bit\n", page.encode("cp1251"))
    name = "charset-of-meta-is-wrong"
    page = f'<html><head><meta charset="iso-8859-1"></head><body>Grüße <a href="{link(name)}">hier</a></body></html>\n'
    mail(name, top(name) + "Content-Type: text/html\nContent-Transfer-Encoding: 8bit\n", page)
    name = "charset-raw-byte-in-word"
    raw = (top(name, "=?iso-8859-1?Q?Rechnung_f@r_M=E4rz?=") + PLAIN).encode().replace(b"f@r", b"f\xfcr")
    write(name, (raw + f"\nsiehe {link(name)}\n".encode()).replace(b"\n", b"\r\n"))
    name = "charset-of-a-file-name"
    value = "cp932''" + "".join(f"%{byte:02X}" for byte in "請求書.exe".encode("cp932"))
    part = attachment("application/octet-stream", f"filename*={value}", fake_pe())
    mail(name, top(name) + mixed("b", f"{PLAIN}\n{link(name)}\n", part), "")


def dates_and_addresses() -> None:
    for name, date in (
        ("date-zone-with-colon", "Mon, 16 Mar 2026 08:00:00 +02:00"),
        ("date-zone-of-three-digits", "Mon, 16 Mar 2026 08:00:00 -600"),
        ("date-named-zone-without-seconds", "Mon, 16 Mar 2026 08:00 EST"),
        ("date-zone-glued", "Mon, 16 Mar 2026 08:00:00+0200"),
        ("date-before-1970", "Wed, 31 Dec 1969 23:59:59 +0000"),
    ):
        mail(name, top(name, Date=date) + PLAIN, f"siehe {link(name)}\n")
    for name, sender in (
        ("address-two-in-brackets", "Kasse <kasse@heron-post.info> <zwei@heron-post.info>"),
        ("address-comments-inside", "kasse (Buchhaltung) @ heron-post.info (Haupthaus)"),
        ("address-quoted-local-part", 'Kasse <"die kasse"@heron-post.info>'),
        ("address-literal", "Kasse <kasse@[185.239.71.78]>"),
        ("address-local-part-coded", "Kasse <=?utf-8?Q?kasse?=@heron-post.info>"),
    ):
        mail(name, top(name, From=sender) + PLAIN, f"siehe {link(name)}\n")


def uuencode(name: str, data: bytes, zero: str = "`") -> str:
    lines = [binascii.b2a_uu(data[at : at + 45], backtick=zero == "`").decode() for at in range(0, len(data), 45)]
    return f"begin 644 {name}\n{''.join(lines)}{zero}\nend\n"


def yenc(name: str, data: bytes) -> bytes:
    out = b""
    for byte in data:
        coded = (byte + 42) % 256
        out += bytes([61, (coded + 64) % 256]) if coded in (0, 10, 13, 61) else bytes([coded])
    lines = b"\r\n".join(out[at : at + 128] for at in range(0, len(out), 128))
    return (
        f"=ybegin line=128 size={len(data)} name={name}\r\n".encode()
        + lines
        + f"\r\n=yend size={len(data)}\r\n".encode()
    )


def binhex(name: str, data: bytes) -> str:
    alphabet = "!\"#$%&'()*+,-012345689@ABCDEFGHIJKLMNPQRSTUVXYZ[`abcdefhijklmpqr"
    head = bytes([len(name)]) + name.encode() + b"\0BINA????\0\0" + struct.pack(">II", len(data), 0)
    checked = b"".join(part + struct.pack(">H", binascii.crc_hqx(part, 0)) for part in (head, data, b""))
    packed = checked.replace(b"\x90", b"\x90\0")
    bits = "".join(f"{byte:08b}" for byte in packed)
    bits += "0" * (-len(bits) % 6)
    code = ":" + "".join(alphabet[int(bits[at : at + 6], 2)] for at in range(0, len(bits), 6)) + ":"
    lines = "\n".join(code[at : at + 64] for at in range(0, len(code), 64))
    return f"(This file must be converted with BinHex 4.0)\n\n{lines}\n"


def files_in_text() -> None:
    name = "text-with-uuencode"
    mail(name, top(name), f"Die Rechnung, siehe {link(name)}\n\n{uuencode('Rechnung.exe', fake_pe())}\nGruss\n")
    name = "text-with-two-uuencoded-files"
    code = uuencode("eins.exe", fake_pe()) + "\n" + uuencode("zwei.zip", fake_zip())
    mail(name, top(name), f"{code}\nsiehe {link(name)}\n")
    name = "text-with-yenc"
    head = (top(name) + "Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: 8bit\n\n").replace(
        "\n", "\r\n"
    )
    write(name, head.encode() + f"siehe {link(name)}\r\n".encode() + yenc("Rechnung.exe", fake_pe()) + b"Gruss\r\n")
    name = "text-with-binhex"
    mail(name, top(name), f"siehe {link(name)}\n\n{binhex('Rechnung.exe', fake_pe())}\nGruss\n")
    name = "text-about-uuencode"
    mail(name, top(name), f"begin 644 is how it starts,\nand it goes on at {link(name)}\nend\n")
    name = "part-uuencode-without-blanks"
    code = "\n".join(line.rstrip() for line in uuencode("Rechnung.exe", fake_pe(), " ").split("\n"))
    part = 'Content-Type: application/octet-stream; name="Rechnung.exe"\nContent-Transfer-Encoding: x-uuencode\n\n'
    mail(name, top(name) + mixed("b", f"{PLAIN}\n{link(name)}\n", part + code), "")
    name = "part-base64-with-hyphens"
    code = base64.encodebytes(fake_pe()).decode().replace("\n", "-_\n", 1)
    part = 'Content-Type: application/octet-stream; name="Rechnung.exe"\nContent-Transfer-Encoding: base64\n\n'
    mail(name, top(name) + mixed("b", f"{PLAIN}\n{link(name)}\n", part + code), "")
    name = "text-behind-base64"
    footer = "\n_______________________________________________\nlist mailing list\nlist@heron-post.info\n"
    mail(
        name,
        top(name) + PLAIN + "Content-Transfer-Encoding: BASE-64\n",
        b64(f"siehe {link(name)} !\n".encode()) + footer,
    )
    name = "part-multipart-in-base64"
    inside = mixed("i", f"{PLAIN}\nsiehe {link(name)}\n", attachment("application/pdf", "a.pdf", FAKE_PDF))
    coded = b64(inside.split("\n\n", 1)[1].encode())
    mail(
        name,
        top(name) + f'Content-Type: multipart/mixed; boundary="i"\nContent-Transfer-Encoding: base64\n\n{coded}',
        "",
    )


# A signature of S/MIME without content, certificates and signers: the outer elements of CMS alone.
DETACHED = bytes.fromhex(
    "308006092a864886f70d010702a0803080020101310030 0b06092a864886f70d0107010000000000 00".replace(" ", "")
)
ARMOUR = "-----BEGIN PGP SIGNATURE-----\n\niQEzBAEBCAAdFiEEAAAA\n=abcd\n-----END PGP SIGNATURE-----\n"
CARD = "BEGIN:VCARD\nVERSION:3.0\nFN:Kasse\nEND:VCARD\n"
SCRIPT = "<script>close()</script>\n"


def hidden_files() -> None:
    def one(name: str, part: str, around: str = "mixed") -> None:
        mail(name, top(name) + mixed("b", html(f'<a href="{link(name)}">hier</a>'), part, kind=around), "")

    pe = fake_pe()
    one("hidden-as-pgp-signature", attachment("application/pgp-signature", "signature.asc", pe))
    one("hidden-as-pgp-key", attachment("application/pgp-keys", "key.asc", pe))
    one("hidden-as-smime-signature", attachment("application/pkcs7-signature", "smime.p7s", pe))
    one("hidden-as-smime", attachment("application/pkcs7-mime", "smime.p7m", pe))
    one("hidden-as-card", attachment("text/vcard", "karte.vcf", pe))
    one(
        "hidden-as-delivery-status",
        f"Content-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n\n{b64(pe)}",
    )
    one("hidden-as-headers", f"Content-Type: text/rfc822-headers\nContent-Transfer-Encoding: base64\n\n{b64(pe)}")
    one("hidden-as-text", f"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n{b64(pe)}")
    one("hidden-as-invitation", f"Content-Type: text/calendar\nContent-Transfer-Encoding: base64\n\n{b64(pe)}")
    one("hidden-as-mail", f'Content-Type: message/rfc822; name="x.exe"\nContent-Transfer-Encoding: base64\n\n{b64(pe)}')
    one("hidden-as-image", attachment("image/png", "logo.png", pe, "inline"), "related")
    one("hidden-below-encrypted", attachment("application/octet-stream", "sicher.exe", pe), "encrypted")
    one("hidden-behind-armour", attachment("application/pgp-signature", "scan.hta", (ARMOUR + SCRIPT).encode()))
    one("hidden-behind-card", attachment("text/vcard", "karte.hta", (CARD + SCRIPT).encode()))
    one("shown-signature", attachment("application/pgp-signature", "signature.asc", ARMOUR.encode()), "signed")
    one("shown-card", attachment("text/vcard", "karte.vcf", CARD.encode()))
    one("shown-image", attachment("image/png", "logo.png", PNG, "inline"), "related")


def attribute(level: int, number: int, value: bytes) -> bytes:
    return struct.pack("<BII", level, number, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)


def prop(kind: int, number: int, value: bytes) -> bytes:
    return struct.pack("<HHII", kind, number, 1, len(value)) + value + b"\0" * (-len(value) % 4)


def tnef(*attributes: bytes) -> bytes:
    start = attribute(1, 0x89006, struct.pack("<I", 0x10000)) + attribute(1, 0x69007, struct.pack("<Q", 1252))
    return struct.pack("<IH", 0x223E9F78, 1) + start + b"".join(attributes)


def tnef_file(name: str, data: bytes) -> bytes:
    long = struct.pack("<I", 1) + prop(0x1F, 0x3707, name.encode("utf-16-le"))
    rendering = attribute(2, 0x69002, b"\1" + b"\0" * 13)
    return rendering + attribute(2, 0x18010, b"SHORT~1\0") + attribute(2, 0x6800F, data) + attribute(2, 0x69005, long)


def kept_by_outlook() -> None:
    def winmail(name: str, stream: bytes, text: str = "siehe Anhang") -> None:
        part = attachment("application/ms-tnef", "winmail.dat", stream)
        mail(name, top(name) + mixed("b", f"{PLAIN}\n{text}\n", part), "")

    winmail("tnef-two-files", tnef(tnef_file("Rechnung März.exe", fake_pe()), tnef_file("Belege.zip", fake_zip())))
    name = "tnef-page"
    page = f'<p>Grüße, <a href="{link(name)}">hier</a></p>'.encode("cp1252")
    winmail(name, tnef(attribute(1, 0x69003, struct.pack("<I", 1) + prop(0x102, 0x1013, page))))
    name = "tnef-same-text"
    winmail(name, tnef(attribute(1, 0x2800C, f"siehe {link(name)}\0".encode())), f"siehe {link(name)}")
    name = "tnef-mail-inside"
    inner = tnef(attribute(1, 0x18004, b"innen\0"), attribute(1, 0x2800C, f"siehe {link(name)}\0".encode()))
    held = struct.pack("<I", 1) + prop(0x0D, 0x3701, b"\0" * 16 + inner)
    winmail(name, tnef(attribute(2, 0x69002, b"\0" * 14), attribute(2, 0x69005, held)))
    winmail("tnef-that-is-a-program", fake_pe())
    write("not-a-mail-tnef", tnef(tnef_file("Rechnung.exe", fake_pe())))
    write("not-a-mail-random", random.Random(7).randbytes(2048))
    name = "msg-clear-signed"
    text = f"{PLAIN}\nsiehe {link(name)}\n"
    inside = mixed("m", text, attachment("application/octet-stream", "Angebot.exe", fake_pe()))
    entity = mixed("s", inside, attachment("application/pkcs7-signature", "smime.p7s", DETACHED), kind="signed")
    fields = top(name).replace("\n", "\r\n") + "\r\n"
    address = "helga.brand@weidenbach-energie.de"
    file = outlook_msg.message(
        "Rechnung",
        ("Kasse", "kasse@heron-post.info"),
        (address, address),
        fields,
        "",
        [("smime.p7m", "multipart/signed", entity.encode())],
        "IPM.Note.SMIME.MultipartSigned",
    )
    outer = top(f"{name}-outer", "Fwd", From="Ann <ann@weidenbach-energie.de>", To="soc@weidenbach-energie.de")
    mail(name, outer + mixed("o", f"{PLAIN}\nAnbei.\n", attachment("application/vnd.ms-outlook", "a.msg", file)), "")


if __name__ == "__main__":
    for make in (headers, charsets, dates_and_addresses, files_in_text, hidden_files, kept_by_outlook):
        make()
