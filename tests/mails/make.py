#!/usr/bin/env python3
"""Makes those mails of this folder whose bytes an editor cannot well write: encodings, attachments, forwards of every
client in every language, signatures. The truth beside them (NAME.expect.json) is written by hand, never from here.

Mails with S/MIME need `openssl` and come out different each time: they are made only where they are missing."""

import base64
import io
import pathlib
import quopri
import struct
import subprocess
import tempfile
import zipfile

import outlook_msg

HERE = pathlib.Path(__file__).resolve().parent
DAY = "Mon, 16 Mar 2026 08:00:00 +0100"


def write(name: str, raw: bytes) -> None:
    (HERE / f"{name}.eml").write_bytes(raw)


def crlf(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode("utf-8")


def head(name: str, subject: str, sender: str = "Ann <ann@weidenbach-energie.de>", extra: str = "") -> str:
    return (
        f"From: {sender}\nTo: soc@weidenbach-energie.de\nDate: {DAY}\nMessage-ID: <{name}@weidenbach-energie.de>\n"
        f"Subject: {subject}\n{extra}MIME-Version: 1.0\n"
    )


def b64(data: bytes) -> str:
    return base64.encodebytes(data).decode("ascii")


def attachment(kind: str, name: str, data: bytes, disposition: str = "attachment", extra: str = "") -> str:
    """A base64 part; `name` is the whole filename parameter when it holds an `=`."""
    parameter = name if "=" in name else f'filename="{name}"'
    return (
        f"Content-Type: {kind}\nContent-Transfer-Encoding: base64\n"
        f"Content-Disposition: {disposition}; {parameter}\n{extra}\n{b64(data)}"
    )


def mixed(boundary: str, *parts: str, kind: str = "mixed") -> str:
    body = "".join(f"--{boundary}\n{part.rstrip()}\n" for part in parts)
    return f'Content-Type: multipart/{kind}; boundary="{boundary}"\n\n{body}--{boundary}--\n'


def plain(text: str) -> str:
    return f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{text}\n"


def html(text: str) -> str:
    return f"Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{text}\n"


# Harmless bytes that look like something.


def fake_pe() -> bytes:
    """An MZ/PE header with one empty section; it has no code and does not run."""
    dos = b"MZ" + b"\0" * 58 + struct.pack("<I", 64)
    coff = b"PE\0\0" + struct.pack("<HHIIIHH", 0x14C, 1, 0, 0, 0, 224, 0x102)
    optional = struct.pack("<HBB", 0x10B, 1, 0) + b"\0" * 220
    section = b".none\0\0\0" + b"\0" * 32
    return (dos + coff + optional + section).ljust(512, b"\0")


def fake_zip(names: tuple[str, ...] = ("readme.txt",)) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), b"harmless\n")
    return out.getvalue()


def fake_docx() -> bytes:
    return fake_zip(("[Content_Types].xml", "word/document.xml"))


FAKE_PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)

# What a forwarded mail holds. The addresses of its header belong into the email object, not among the indicators.
PHISH = {"sender": "Konto Team <konto@heron-post.info>", "to": "helga.brand@weidenbach-energie.de"}

LANGUAGES = {
    # language: the mark of Thunderbird and of Apple Mail, then the names of From, Sent, Date, To, Subject
    "en": ("Forwarded Message", "Begin forwarded message:", "From", "Sent", "Date", "To", "Subject", ":"),
    "de": (
        "Weitergeleitete Nachricht",
        "Anfang der weitergeleiteten Nachricht:",
        *("Von", "Gesendet", "Datum", "An", "Betreff", ":"),
    ),
    "fr": (
        "Message transféré",
        "Début du message réexpédié :",
        *("De", "Envoyé", "Date", "À", "Objet", " :"),
    ),
    "es": ("Mensaje reenviado", "Inicio del mensaje reenviado:", "De", "Enviado el", "Fecha", "Para", "Asunto", ":"),
    "it": ("Messaggio Inoltrato", "Inizio messaggio inoltrato:", "Da", "Inviato", "Data", "A", "Oggetto", ":"),
    "nl": ("Doorgestuurd bericht", "Begin doorgestuurd bericht:", "Van", "Verzonden", "Datum", "Aan", "Onderwerp", ":"),
}
# Thunderbird words a few names in its own way.
THUNDERBIRD = {"fr": {"Objet": "Sujet", "À": "Pour"}, "it": {"Da": "Mittente"}}


def forwards() -> None:
    for language, words in LANGUAGES.items():
        mark, begin, source, sent, date, to, subject, colon = words
        sender, recipient = PHISH["sender"], PHISH["to"]
        angled = sender.replace("<", "&lt;").replace(">", "&gt;")
        quoted = f"Bitte http://{language}.kestrelmint.net/konto/?l={language} aufrufen."
        own = "Seen by us, the sender's server is 193.42.33.90."
        own_html = f"<p>{own}</p>"
        link = f'<p>Bitte <a href="http://{language}.kestrelmint.net/konto/?l={language}">hier</a></p>'
        when = "Mon, 16 Mar 2026 06:12:00 +0000"
        tb = THUNDERBIRD.get(language, {})

        name = f"forward-thunderbird-plain-{language}"
        fields = [(subject, "Ihr Konto"), (date, when), (source, sender), (to, recipient)]
        lines = "".join(f"{tb.get(key, key)}{colon} \t{value}\n" for key, value in fields)
        write(
            name, crlf(head(name, "Fwd: Ihr Konto") + plain(f"{own}\n\n-------- {mark} --------\n{lines}\n\n{quoted}"))
        )

        name = f"forward-thunderbird-html-{language}"
        values = [(key, angled if value is sender else value) for key, value in fields]
        rows = "".join(
            f'<tr><th nowrap="nowrap" valign="BASELINE" align="RIGHT">{tb.get(key, key)}{colon} </th><td>{value}</td></tr>\n'
            for key, value in values
        )
        body = (
            f'<html><body>{own_html}<div class="moz-forward-container"><br>\n-------- {mark} --------\n'
            f'<table class="moz-email-headers-table" cellspacing="0" cellpadding="0" border="0"><tbody>\n{rows}'
            f"</tbody></table><br><br>{link}</div></body></html>"
        )
        write(name, crlf(head(name, "Fwd: Ihr Konto") + html(body)))

        name = f"forward-outlook-{language}"
        fields = [(source, sender), (sent, "Montag, 16. März 2026 07:12"), (to, recipient), (subject, "Ihr Konto")]
        text = "".join(f"{key}{colon} {value}\n" for key, value in fields)
        rows = "".join(
            f"<b>{key}{colon}</b> {value.replace('<', '&lt;').replace('>', '&gt;')}<br>\n" for key, value in fields
        )
        page = (
            f'<html><body><div class="WordSection1">{own_html}<div style="border:none;border-top:solid #E1E1E1 1.0pt;'
            f'padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal">{rows}</p></div>{link}</div></body></html>'
        )
        parts = (plain(f"{own}\n\n________________________________\n{text}\n{quoted}"), html(page))
        write(name, crlf(head(name, "FW: Ihr Konto") + mixed("_000_outlook_", *parts, kind="alternative")))

        name = f"forward-apple-{language}"
        fields = [(source, sender), (subject, "Ihr Konto"), (date, "16. März 2026 um 07:12:00 MEZ"), (to, recipient)]
        text = "".join(f"> {key}{colon} {value}\n" for key, value in fields)
        write(name, crlf(head(name, "Fwd: Ihr Konto") + plain(f"{own}\n\n> {begin}\n> \n{text}> \n> {quoted}\n")))

        name = f"forward-gmail-{language}"
        fields = [(source, sender), (date, "Mo., 16. März 2026 um 07:12 Uhr"), (subject, "Ihr Konto"), (to, recipient)]
        text = "".join(f"{key}: {value}\n" for key, value in fields)
        rows = "".join(f"{key}: {value.replace('<', '&lt;').replace('>', '&gt;')}<br>" for key, value in fields)
        gmail = f"---------- Forwarded message ---------\n{text}\n\n{quoted}"
        page = (
            f'<div dir="ltr">{own}<br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">'
            f"---------- Forwarded message ---------<br>{rows}</div><br><br>{link}</div></div>"
        )
        parts = (plain(f"{own}\n\n{gmail}"), html(page))
        write(name, crlf(head(name, "Fwd: Ihr Konto") + mixed("000000000000gmail", *parts, kind="alternative")))


def charsets() -> None:
    line = "Größe, Zürich: http://{}.kestrelmint.net/zeichen steht dort.\n"
    texts = {
        "latin-1": ("iso-8859-1", line.format("latin")),
        "cp1252": ("windows-1252", "„Zitat“ – " + line.format("cp1252")),
        "utf-16": ("utf-16", line.format("utf16")),
        "utf-16le": ("utf-16le", line.format("utf16le")),
        "iso-2022-jp": ("iso-2022-jp", "確認してください: http://jp.kestrelmint.net/zeichen です。\n"),
        "shift_jis": ("shift_jis", "確認してください: http://sjis.kestrelmint.net/zeichen です。\n"),
        "koi8-r": ("koi8-r", "Адрес: http://koi8.kestrelmint.net/zeichen здесь.\n"),
        "gb2312": ("gb2312", "请看 http://gb.kestrelmint.net/zeichen 谢谢\n"),
        "utf-7": ("utf-7", "Gr+APYA3w-e: http://utf7.kestrelmint.net/zeichen here.\n"),
    }
    for label, (charset, text) in texts.items():
        data = text.encode("ascii" if charset == "utf-7" else charset)
        name = f"charset-{label}"
        top = head(name, "Zeichensatz") + f"Content-Type: text/plain; charset={charset}\n"
        if label in ("latin-1", "koi8-r"):
            write(name, crlf(top + "Content-Transfer-Encoding: 8bit\n\n") + data)
        elif label in ("cp1252", "gb2312"):
            write(name, crlf(top + "Content-Transfer-Encoding: quoted-printable\n\n") + quopri.encodestring(data))
        elif label in ("iso-2022-jp", "utf-7"):
            write(name, crlf(top + "Content-Transfer-Encoding: 7bit\n\n") + data)
        else:
            write(name, crlf(top + "Content-Transfer-Encoding: base64\n\n" + b64(data)))


def attachments() -> None:
    text = plain("Anbei der Anhang aus http://kestrelmint.net/anhang.")
    name = "attach-pe-and-zip"
    pe = attachment("application/octet-stream", "Rechnung.exe", fake_pe())
    archive = attachment("application/zip", "Rechnung.zip", fake_zip())
    write(name, crlf(head(name, "Rechnung", "Kasse <kasse@heron-post.info>") + mixed("b-1", text, pe, archive)))

    name = "attach-rfc2231-name"
    long = "filename*0*=utf-8''Gr%C3%BC%C3%9Fe%20aus;\n filename*1*=%20Z%C3%BCrich;\n filename*2=.docx"
    docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    part = attachment(docx, long, fake_docx())
    write(name, crlf(head(name, "Brief", "Kasse <kasse@heron-post.info>") + mixed("b-2", text, part)))

    name = "attach-rfc2047-name"
    encoded = 'filename="=?utf-8?B?' + base64.b64encode("Überweisung.pdf".encode()).decode() + '?="'
    part = attachment("application/pdf", encoded, FAKE_PDF)
    write(name, crlf(head(name, "Zahlung", "Kasse <kasse@heron-post.info>") + mixed("b-3", text, part)))

    name = "attach-without-name"
    part = f"Content-Type: application/pdf\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment\n\n{b64(FAKE_PDF)}"
    write(name, crlf(head(name, "Zahlung", "Kasse <kasse@heron-post.info>") + mixed("b-4", text, part)))

    name = "attach-latin1-csv"
    csv = "Name;Betrag\r\nMüller;12,50\r\n".encode("latin-1")
    top = crlf(head(name, "Liste") + 'Content-Type: multipart/mixed; boundary="b-5"\n\n--b-5\n' + text + "--b-5\n")
    rest = b"Content-Type: text/csv; charset=iso-8859-1\r\nContent-Transfer-Encoding: 8bit\r\n"
    rest += b'Content-Disposition: attachment; filename="liste.csv"\r\n\r\n' + csv + b"\r\n--b-5--\r\n"
    write(name, top + rest)

    name = "attach-vcard-and-logo"
    vcard = 'Content-Type: text/vcard; charset=utf-8\nContent-Disposition: attachment; filename="ann.vcf"\n\n'
    vcard += "BEGIN:VCARD\nVERSION:3.0\nFN:Ann\nEND:VCARD\n"
    logo = attachment("image/png", "logo.png", PNG, "inline", "Content-ID: <logo@weidenbach>\n")
    related = mixed(
        "rel",
        html('<p>Der Server heisst c2.heron-relay.live.</p><img src="cid:logo@weidenbach">'),
        logo,
        kind="related",
    )
    write(name, crlf(head(name, "mit Logo") + mixed("b-6", related, vcard)))

    name = "attach-empty"
    part = 'Content-Type: text/plain; name="ATT00001.txt"\nContent-Disposition: attachment; filename="ATT00001.txt"\n\n'
    write(name, crlf(head(name, "leer") + mixed("b-7", text, part)))

    name = "attach-nested-multipart"
    inside = mixed(
        "b-10",
        plain("Im Anhang: http://kestrelmint.net/verschachtelt."),
        attachment("application/pdf", "a.pdf", FAKE_PDF),
    )
    inside = inside.replace("\n\n", "\nContent-Disposition: attachment\n\n", 1)
    write(name, crlf(head(name, "Teile", "Kasse <kasse@heron-post.info>") + mixed("b-9", text, inside)))

    name = "attach-path-in-name"
    part = attachment("application/octet-stream", "../../etc/cron.d/..\\\\evil.bin", b"\x01\x02\x03harmless")
    write(name, crlf(head(name, "Pfad", "Kasse <kasse@heron-post.info>") + mixed("b-8", text, part)))


def inner(name: str, address: str = "konto@heron-post.info", host: str = "inner") -> str:
    return (
        f"Return-Path: <bounce@heron-post.info>\nReceived: from a.heron-post.info (a.heron-post.info [185.239.71.77])\n"
        f" by mx.weidenbach-energie.de with ESMTP; Mon, 16 Mar 2026 06:12:00 +0000\nFrom: Konto <{address}>\n"
        f"To: helga.brand@weidenbach-energie.de\nSubject: Ihr Konto {host}\nDate: Mon, 16 Mar 2026 06:12:00 +0000\n"
        f"Message-ID: <{name}-inner-{host}@heron-post.info>\nMIME-Version: 1.0\n"
        f"Content-Type: text/plain; charset=utf-8\n\nhttp://{host}.kestrelmint.net/konto bitte.\n"
    )


def embedded() -> None:
    own = plain("Attached what came in.")
    name = "embedded-rfc822"
    part = 'Content-Type: message/rfc822\nContent-Disposition: attachment; filename="Ihr Konto.eml"\n\n' + inner(name)
    write(name, crlf(head(name, "Fwd") + mixed("e-1", own, part)))

    name = "embedded-octet-stream-eml"
    part = attachment("application/octet-stream", "Ihr Konto.eml", crlf(inner(name)))
    write(name, crlf(head(name, "Fwd") + mixed("e-2", own, part)))

    name = "embedded-base64-rfc822"
    part = "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n" + b64(crlf(inner(name)))
    write(name, crlf(head(name, "Fwd") + mixed("e-3", own, part)))

    name = "embedded-three"
    parts = [
        f"Content-Type: message/rfc822\n\n{inner(name, host=host)}"
        if index
        else attachment("application/octet-stream", "eins.eml", crlf(inner(name, host=host)))
        for index, host in enumerate(("eins", "zwei", "drei"))
    ]
    write(name, crlf(head(name, "three") + mixed("e-4", plain(""), *parts)))

    name = "embedded-in-embedded"
    deep = head("deep", "Fwd: inside", "Bob <bob@weidenbach-energie.de>")
    deep += mixed("e-6", plain("Also 193.42.33.91."), "Content-Type: message/rfc822\n\n" + inner(name))
    write(name, crlf(head(name, "Fwd") + mixed("e-5", own, "Content-Type: message/rfc822\n\n" + deep)))

    name = "embedded-broken-inner"
    part = "Content-Type: message/rfc822\n\n\x00\x01no mail at all"
    write(name, crlf(head(name, "Fwd") + mixed("e-7", plain("Outer http://kestrelmint.net/outer stays."), part)))

    name = "embedded-nested-200"
    raw = plain("Innermost.")
    for level in range(200):
        raw = mixed(f"n{level}", raw)
    write(name, crlf(head(name, "deep") + raw))

    name = "delivery-status"
    status = "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.weidenbach-energie.de\n\n"
    status += "Final-Recipient: rfc822; nobody@heron-post.info\nAction: failed\nStatus: 5.1.1\n"
    headers = "Content-Type: text/rfc822-headers\n\nFrom: ann@weidenbach-energie.de\nSubject: Hallo\n"
    report = mixed(
        "dsn", plain("Your mail could not be delivered."), status, headers, kind="report; report-type=delivery-status"
    )
    write(name, crlf(head(name, "Undelivered", "MAILER-DAEMON@mx.weidenbach-energie.de") + report))


def outlook() -> None:
    own = plain("Attached what came in.")
    headers = "".join(
        (
            "Received: from a.heron-post.info (a.heron-post.info [185.239.71.78])\r\n by mx.weidenbach-energie.de\r\n",
            "From: Konto <konto@heron-post.info>\r\nReply-To: antwort@heron-post.info\r\n",
            "To: helga.brand@weidenbach-energie.de\r\nSubject: Ihr Konto msg\r\n",
            "Date: Mon, 16 Mar 2026 06:12:00 +0000\r\nMessage-ID: <msg-inner@heron-post.info>\r\n\r\n",
        )
    )
    address = "helga.brand@weidenbach-energie.de"
    file = outlook_msg.message(
        "Ihr Konto msg",
        ("Konto", "konto@heron-post.info"),
        (address, address),
        headers,
        "Bitte http://msg.kestrelmint.net/konto aufrufen, Grüße.\r\n",
        [("Rechnung.pdf", "application/pdf", FAKE_PDF)],
    )
    name = "embedded-outlook-msg"
    part = attachment("application/vnd.ms-outlook", "Ihr Konto.msg", file)
    write(name, crlf(head(name, "Fwd") + mixed("o-1", own, part)))
    name = "embedded-outlook-msg-octet-stream"
    part = attachment("application/octet-stream", "Ihr Konto.msg", file)
    write(name, crlf(head(name, "Fwd") + mixed("o-2", own, part)))


def oddities() -> None:
    name = "broken-bare-cr"
    write(name, crlf(head(name, "bare CR")).replace(b"\r\n", b"\r") + b"\rThe server 193.42.33.92 answered.\r")
    name = "broken-mixed-line-ends"
    raw = crlf(head(name, "mixed") + "\n") + b"one 193.42.33.93\ntwo 193.42.33.94\r\nthree 193.42.33.95\r"
    write(name, raw)
    name = "broken-nul-bytes"
    write(name, crlf(head(name, "NUL") + "\n") + b"before\0after 193.42.33.96 \0\0\0 end\r\n")
    name = "broken-long-line"
    write(
        name, crlf(head(name, "long") + "\n" + "word " * 12000 + "http://kestrelmint.net/far " + "word " * 12000 + "\n")
    )
    name = "broken-empty-lines-only"
    write(name, b"\r\n\r\n\r\n")
    name = "broken-many-received"
    hops = "".join(
        f"Received: from h{i} (h{i}.rook-feather.top [185.239.{i}.9]) by h{i + 1}; {DAY}\n" for i in range(1, 200)
    )
    raw = crlf(hops + head(name, "hops", "x@rook-feather.top") + "\nhttp://rook-feather.top/hops\n")
    write(name, raw)
    name = "broken-missing-boundary"
    text = "Content-Type: multipart/mixed\n\nA text with http://kestrelmint.net/nobound in it.\n"
    write(name, crlf(head(name, "no boundary") + text))
    name = "broken-header-8bit"
    raw = crlf(head(name, "@", "Rook <x@rook-feather.top>") + "\nhttp://rook-feather.top/h8\n")
    write(name, raw.replace(b"Subject: @", b"Subject: Gr\xfc\xdfe \xc3\xbc"))


def signed() -> None:
    """multipart/signed by PGP (a made-up signature), S/MIME detached, opaque and opaque with BER streaming."""
    armour = "-----BEGIN PGP SIGNATURE-----\n\niQEzBAEBCAAdFiEEAAAAAAAAAAAAAAAAAAAAAAAAAAAFAmXoAAAACgkQAAAAAAAA\n=abcd\n-----END PGP SIGNATURE-----\n"
    name = "signed-pgp-mime"
    signature = 'Content-Type: application/pgp-signature; name="signature.asc"\nContent-Description: OpenPGP digital signature\n'
    signature += f'Content-Disposition: attachment; filename="signature.asc"\n\n{armour}'
    key = attachment(
        "application/pgp-keys",
        "OpenPGP_0x00.asc",
        b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nAAAA\n-----END PGP PUBLIC KEY BLOCK-----\n",
    )
    inside = mixed("in", plain("Signed: pgp.heron-relay.live is bad."), key)
    body = mixed("sig", inside, signature, kind='signed; micalg=pgp-sha256; protocol="application/pgp-signature"')
    write(name, crlf(head(name, "signed") + body))

    name = "encrypted-pgp-mime"
    control = "Content-Type: application/pgp-encrypted\n\nVersion: 1\n"
    blob = 'Content-Type: application/octet-stream; name="encrypted.asc"\n\n-----BEGIN PGP MESSAGE-----\n\nhQEMAwAAAAAAAAAAAQf/AAAA\n=abcd\n-----END PGP MESSAGE-----\n'
    body = mixed("enc", control, blob, kind='encrypted; protocol="application/pgp-encrypted"')
    write(name, crlf(head(name, "encrypted") + body))

    for kind, options in (
        ("detached", ["-sign"]),
        ("opaque", ["-sign", "-nodetach"]),
        ("opaque-stream", ["-sign", "-nodetach", "-stream"]),
    ):
        name = f"signed-smime-{kind}"
        if not (HERE / f"{name}.eml").exists():
            smime(name, kind, options)


def smime(name: str, kind: str, options: list[str]) -> None:
    text = crlf(plain(f"Signed: smime-{kind}.heron-relay.live is bad."))
    with tempfile.TemporaryDirectory() as folder:

        def run(*arguments: str, data: bytes | None = None) -> bytes:
            command = ["openssl", *arguments]
            return subprocess.run(command, cwd=folder, check=True, capture_output=True, input=data).stdout

        request = ("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=throw-away")
        run(*request, "-keyout", "key.pem", "-out", "cert.pem")
        out = run("cms", *options, "-signer", "cert.pem", "-inkey", "key.pem", data=text)
    write(
        name,
        crlf(head(name, "signed").replace("MIME-Version: 1.0\n", ""))
        + out.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"),
    )


if __name__ == "__main__":
    for make in (forwards, charsets, attachments, embedded, outlook, oddities, signed):
        make()
