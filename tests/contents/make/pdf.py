#!/usr/bin/env python3
"""Makes the PDF files of the corpus, with reportlab, pikepdf, segno and by hand.

Usage: tests/contents/make/pdf.py    (needs reportlab, pikepdf, segno and Pillow of PyPI)"""

import base64
import io
import pathlib
import re
import subprocess
import tempfile
import zlib
from collections.abc import Callable

import pikepdf
import segno
from corpus import Corpus
from pikepdf import Dictionary, Name, Pdf, String
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

corpus = Corpus("pdf")


def canvas() -> tuple[io.BytesIO, Canvas]:
    out = io.BytesIO()
    return out, Canvas(out, pagesize=A4)


def with_link(url: str, text: str = "Open your document") -> bytes:
    out, page = canvas()
    page.drawString(72, 720, text)
    page.linkURL(url, (72, 700, 300, 740))
    page.showPage()
    page.save()
    return out.getvalue()


def with_text(*lines: str) -> bytes:
    out, page = canvas()
    for index, line in enumerate(lines):
        page.drawString(72, 720 - 20 * index, line)
    page.showPage()
    page.save()
    return out.getvalue()


def changed(source: bytes, change: object, **saving: object) -> bytes:
    with Pdf.open(io.BytesIO(source)) as pdf:
        change(pdf)  # type: ignore[operator]
        out = io.BytesIO()
        pdf.save(out, **saving)
        return out.getvalue()


def stream(pdf: Pdf, content: bytes) -> pikepdf.Object:
    return pdf.make_stream(content)


def by_hand(*objects: str | bytes, root: int = 1, more: str = "") -> bytes:
    """A file of these objects, numbered from 1, with a table."""
    out = bytearray(b"%PDF-1.6\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + (body.encode("latin-1") if isinstance(body, str) else body) + b"\nendobj\n"
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += f"trailer<</Size {len(places) + 1}/Root {root} 0 R{more}>>\nstartxref\n{table}\n%%EOF\n".encode()
    return bytes(out)


def packed(content: bytes, filters: str, *, parms: str = "") -> bytes:
    return (
        b"<</Length %d/Filter%s%s>>stream\n" % (len(content), filters.encode(), parms.encode())
        + content
        + b"\nendstream"
    )


PAGE = ("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>")
FONT = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"


def shown(content: bytes, filters: str, parms: str = "") -> bytes:
    """One page with this packed content."""
    page = "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>"
    return by_hand(*PAGE, page, packed(content, filters, parms=parms), FONT)


def annotated(*annotations: str, more: str = "", objects: tuple[str | bytes, ...] = ()) -> bytes:
    """One page with these annotations, and further objects from number 4 on."""
    catalog = f"<</Type/Catalog/Pages 2 0 R{more}>>"
    return by_hand(catalog, PAGE[1], f"<</Type/Page/Parent 2 0 R/Annots[{' '.join(annotations)}]>>", *objects)


def say(text: str) -> bytes:
    return f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode()


def link(action: str) -> str:
    return f"<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A{action}>>"


def encrypted(source: bytes, user: str, owner: str, how: str) -> bytes:
    """By qpdf, with keys of 40, 128 or 256 bits."""
    with tempfile.TemporaryDirectory() as folder:
        plain, locked = pathlib.Path(folder, "a.pdf"), pathlib.Path(folder, "b.pdf")
        plain.write_bytes(source)
        arguments = {
            "rc4-40": ["40"],
            "rc4-128": ["128", "--use-aes=n"],
            "aes-128": ["128", "--use-aes=y"],
            "aes-256": ["256"],
        }[how]
        command = ["qpdf", "--allow-weak-crypto", "--encrypt", user, owner, *arguments, "--", str(plain), str(locked)]
        subprocess.run(command, check=True)
        return locked.read_bytes()


def links() -> None:
    corpus.add(
        "link.pdf",
        with_link("https://faktura-portal.top/view?id=7"),
        "https://faktura-portal.top/view?id=7",
        path="link.pdf",
    )
    url = "https://docs-freigabe.biz/a"
    corpus.add(
        "object-streams.pdf",
        changed(with_link(url), lambda _: None, object_stream_mode=pikepdf.ObjectStreamMode.generate),
        url,
    )
    url = "https://kundencenter-abc.info/login"
    corpus.add("link-by-hand.pdf", annotated(link(f"<</S/URI/URI({url})>>")), url)
    corpus.add("name-escapes.pdf", annotated(link(f"<</S/#55RI/#55#52#49({url})>>")), url)
    corpus.add("hex-string.pdf", annotated(link(f"<</S/URI/URI<{url.encode().hex()}>>>")), url)
    corpus.add(
        "utf16-string.pdf",
        annotated(link(f"<</S/URI/URI<{(b'xx').hex()[:0]}feff{url.encode('utf-16-be').hex()}>>>")),
        url,
    )
    octal = "".join(f"\\{byte:03o}" for byte in url.encode())
    corpus.add("octal-string.pdf", annotated(link(f"<</S/URI/URI({octal})>>")), url)
    corpus.add("broken-line.pdf", annotated(link("<</S/URI/URI(https://kundencenter-\\\nabc.info/login)>>")), url)
    corpus.add(
        "relative-to-base.pdf",
        annotated(link("<</S/URI/URI(pay/now)>>"), more="/URI<</Base(https://kasse-nord.top/x/)>>"),
        "https://kasse-nord.top/x/pay/now",
    )
    corpus.add("action-elsewhere.pdf", annotated("4 0 R", objects=(link(" 5 0 R"), f"<</S/URI/URI({url})>>")), url)
    corpus.add("next-action.pdf", annotated(link(f"<</S/Named/N/NextPage/Next<</S/URI/URI({url})>>>>")), url)
    corpus.add("open-action.pdf", annotated(more=f"/OpenAction<</S/URI/URI({url})>>"), url)
    corpus.add("page-opened.pdf", by_hand(*PAGE, f"<</Type/Page/Parent 2 0 R/AA<</O<</S/URI/URI({url})>>>>>>"), url)
    corpus.add(
        "submit-form.pdf",
        annotated(link("<</S/SubmitForm/F<</FS/URL/F(https://formular-post.biz/in.php)>>>>")),
        "https://formular-post.biz/in.php",
    )
    corpus.add(
        "remote-goto.pdf",
        annotated(link("<</S/GoToR/F(http://far-docs.top/a.pdf)/D[0/Fit]>>")),
        "http://far-docs.top/a.pdf",
    )
    script = "app.launchURL('https://script-ziel.top/x',true);"
    corpus.add(
        "script.pdf",
        annotated(
            more=f"/OpenAction<</S/JavaScript/JS({script})>>".replace("('", "\\('").replace("',true)", "',true\\)")
        ),
        "https://script-ziel.top/x",
    )
    packed_script = packed(zlib.compress(script.encode()), "/FlateDecode")
    corpus.add(
        "script-stream.pdf",
        annotated(more="/OpenAction<</S/JavaScript/JS 4 0 R>>", objects=(packed_script,)),
        "https://script-ziel.top/x",
    )
    old = annotated(link("<</S/URI/URI(https://alte-fassung.top/1)>>"))
    new = (
        b"3 0 obj\n<</Type/Page/Parent 2 0 R/Annots["
        + link("<</S/URI/URI(https://neue-fassung.top/2)>>").encode()
        + b"]>>\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    )
    corpus.add("updated.pdf", old + new, "https://alte-fassung.top/1", "https://neue-fassung.top/2")
    out, page = canvas()
    for number in range(3):
        page.linkURL(f"https://seite{number}.mehrseiten.top/", (72, 700, 300, 740))
        page.showPage()
    page.save()
    corpus.add("three-pages.pdf", out.getvalue(), *(f"https://seite{number}.mehrseiten.top/" for number in range(3)))


def broken() -> None:
    url = "https://abgeschnitten-pdf.top/a"
    whole = annotated(link(f"<</S/URI/URI({url})>>"))
    corpus.add("no-table.pdf", re.sub(rb"xref\n.*?trailer", b"trailer", whole, flags=re.S), url)
    corpus.add("wrong-table.pdf", whole.replace(b"startxref\n", b"startxref\n99"), url)
    corpus.add("cut-off.pdf", whole[: whole.index(b"xref")], url)
    corpus.add("junk-before.pdf", b"HTTP/1.1 200 OK\r\nServer: x\r\n\r\n" + whole, url)
    corpus.add("no-ending.dat", whole, url)
    corpus.add("no-endobj.pdf", whole.replace(b"endobj", b""), url)
    corpus.add(
        "wrong-length.pdf",
        shown(zlib.compress(say("see https://laenge-falsch.top/b")), "/FlateDecode").replace(b"/Length ", b"/Length 9"),
        "https://laenge-falsch.top/b",
    )


def texts() -> None:
    corpus.add("text.pdf", with_text("Visit https://im-text-nur.top/pfad to confirm."), "https://im-text-nur.top/pfad")
    content = b"BT /F1 12 Tf 72 720 Td [(https://ge)-20(kernt-text)10(.top/a)] TJ ET"
    corpus.add("kerned.pdf", shown(zlib.compress(content), "/FlateDecode"), "https://gekernt-text.top/a")
    letters = "https://einzeln-gesetzt.top/b"
    content = (
        b"BT /F1 10 Tf "
        + b"".join(
            b"1 0 0 1 %d 700 Tm (%s) Tj " % (72 + 5 * index, letter.encode()) for index, letter in enumerate(letters)
        )
        + b"ET"
    )
    corpus.add("letter-by-letter.pdf", shown(zlib.compress(content), "/FlateDecode"), letters)
    plain = say("https://gefiltert-text.top/c")
    found = "https://gefiltert-text.top/c"
    corpus.add("ascii85.pdf", shown(base64.a85encode(plain) + b"~>", "/ASCII85Decode"), found)
    corpus.add("hex-filter.pdf", shown(plain.hex().encode() + b">", "/ASCIIHexDecode"), found)
    chain = base64.a85encode(zlib.compress(plain).hex().encode() + b">") + b"~>"
    corpus.add("chain.pdf", shown(chain, "[/ASCII85Decode/ASCIIHexDecode/FlateDecode]"), found)
    run = (
        b"".join(
            bytes([len(piece) - 1]) + piece for piece in (plain[at : at + 100] for at in range(0, len(plain), 100))
        )
        + b"\x80"
    )
    corpus.add("run-length.pdf", shown(run, "/RunLengthDecode"), found)
    rows = [plain[at : at + 16].ljust(16) for at in range(0, len(plain), 16)]
    predicted = b"".join(
        b"\x01" + bytes((byte - (row[index - 1] if index else 0)) % 256 for index, byte in enumerate(row))
        for row in rows
    )
    corpus.add(
        "predictor.pdf",
        shown(zlib.compress(predicted), "/FlateDecode", "/DecodeParms<</Predictor 15/Columns 16>>"),
        found,
    )
    codes = {letter: index + 1 for index, letter in enumerate(sorted(set("https://eigene-schrift.top/d")))}
    pairs = "".join(f"<{code:04x}> <{ord(letter):04x}>\n" for letter, code in codes.items())
    cmap = f"1 begincodespacerange <0000> <ffff> endcodespacerange\n{len(codes)} beginbfchar\n{pairs}endbfchar".encode()
    content = (
        b"BT /F1 12 Tf 72 720 Td <"
        + "".join(f"{codes[letter]:04x}" for letter in "https://eigene-schrift.top/d").encode()
        + b"> Tj ET"
    )
    font = "<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/ToUnicode 6 0 R>>"
    page = "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>"
    corpus.add(
        "own-font.pdf",
        by_hand(
            *PAGE,
            page,
            packed(zlib.compress(content), "/FlateDecode"),
            font,
            packed(zlib.compress(cmap), "/FlateDecode"),
        ),
        "https://eigene-schrift.top/d",
    )
    corpus.add(
        "note.pdf",
        annotated("<</Type/Annot/Subtype/Text/Contents(call http://in-der-notiz.top/e)>>"),
        "http://in-der-notiz.top/e",
    )
    corpus.add(
        "field.pdf",
        annotated("<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/V(http://im-feld-wert.top/f)>>"),
        "http://im-feld-wert.top/f",
    )
    inner = packed(zlib.compress(say("https://im-formular.top/g")), "/FlateDecode").replace(
        b"<<", b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</Font<</F1 5 0 R>>>>", 1
    )
    page = "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</XObject<</X 6 0 R>>>>>>"
    corpus.add(
        "form-object.pdf",
        by_hand(*PAGE, page, packed(zlib.compress(b"/X Do"), "/FlateDecode"), FONT, inner),
        "https://im-formular.top/g",
    )


def locked() -> None:
    url = "https://verschluesselt-pdf.top/a"
    source = with_link(url)
    for how in ("rc4-40", "rc4-128", "aes-128", "aes-256"):
        corpus.add(f"owner-{how}.pdf", encrypted(source, "", "geheim!9", how), url)
        corpus.add(
            f"user-{how}.pdf",
            encrypted(source, "4711", "geheim!9", how),
            url,
            password="4711",
            mail="Senha do PDF: 4711",
        )
    corpus.add(
        "unknown-password.pdf",
        encrypted(source, "kD93kdla", "geheim!9", "aes-256"),
        note="contents_locked",
        mail="See attached.",
    )


def files() -> None:
    def attach(pdf: Pdf) -> None:
        pdf.attachments["liste.txt"] = b"http://in-der-anlage.top/a"

    corpus.add(
        "embedded.pdf",
        changed(with_text("see attachment"), attach),
        "http://in-der-anlage.top/a",
        path="embedded.pdf > liste.txt",
    )

    def inner(pdf: Pdf) -> None:
        pdf.attachments["innen.pdf"] = with_link("https://pdf-im-pdf.top/b")

    corpus.add(
        "pdf-in-pdf.pdf",
        changed(with_text("open it"), inner),
        "https://pdf-im-pdf.top/b",
        path="pdf-in-pdf.pdf > innen.pdf",
    )


def codes() -> None:
    url = "https://qr-im-pdf.top/zahlen"
    code = segno.make(url, error="m")
    png = io.BytesIO()
    code.save(png, scale=5, border=4, kind="png")
    for kind, name in (("PNG", "qr-picture.pdf"), ("JPEG", "qr-jpeg.pdf")):
        picture = io.BytesIO()
        Image.open(png).convert("L").save(picture, kind)
        with tempfile.NamedTemporaryFile(suffix=f".{kind.lower()}") as file:
            file.write(picture.getvalue())
            file.flush()
            out, page = canvas()
            page.drawImage(file.name, 100, 400, 200, 200)
            page.showPage()
            page.save()
        corpus.add(name, out.getvalue(), url)
    out, page = canvas()
    for y, row in enumerate(code.matrix):
        for x, dark in enumerate(row):
            if dark:
                page.rect(100 + 5 * x, 600 - 5 * y, 5, 5, stroke=0, fill=1)
    page.showPage()
    page.save()
    corpus.add("qr-drawn.pdf", out.getvalue(), url)


def drawn_otherwise() -> None:
    """Outlines, dots, lines, light on dark, turned, small on a page with other drawings."""
    url = "https://gezeichnet-kite.top/pay?n=12345"
    code = segno.make(url, error="m")
    dark = [(x, y) for y, row in enumerate(code.matrix) for x, module in enumerate(row) if module]
    plain = io.BytesIO()
    code.save(plain, kind="pdf", scale=3)
    corpus.add("qr-by-segno.pdf", plain.getvalue(), url)

    def add(name: str, draw: Callable[[Canvas], None]) -> None:
        out, page = canvas()
        page.setFillColorRGB(1, 1, 1)
        page.rect(0, 0, *A4, stroke=0, fill=1)
        page.setFillColorRGB(0, 0, 0)
        page.drawString(72, 770, "Please scan to pay")
        page.line(60, 760, 530, 760)
        draw(page)
        page.showPage()
        page.save()
        corpus.add(name, out.getvalue(), url)

    def outlines(page: Canvas) -> None:
        path = page.beginPath()
        for left, top in ((200 + 2.2 * x, 500 - 2.2 * y) for x, y in dark):
            path.moveTo(left, top)
            for right, down in ((2.2, 0), (2.2, -2.2), (0, -2.2)):
                path.lineTo(left + right, top + down)
            path.close()
        page.drawPath(path, stroke=0, fill=1)

    def dots(page: Canvas) -> None:
        for x, y in dark:
            page.circle(300 + 4 * x, 400 - 4 * y, 2, stroke=0, fill=1)

    def turned(page: Canvas) -> None:
        page.translate(300, 400)
        page.rotate(20)
        for x, y in dark:
            page.rect(4 * x, -4 * y, 4, 4, stroke=0, fill=1)

    def inverted(page: Canvas) -> None:
        side = 5 * (len(code.matrix) + 8)
        page.rect(100, 300, side, side, stroke=0, fill=1)
        page.setFillColorRGB(1, 1, 1)
        for x, y in dark:
            page.rect(120 + 5 * x, 275 + side - 5 * y, 5, 5, stroke=0, fill=1)

    def lines(page: Canvas) -> None:
        page.setLineWidth(3)
        for x, y in dark:
            page.line(200 + 3 * x, 500 - 3 * y, 203 + 3 * x, 500 - 3 * y)

    for draw in (outlines, dots, turned, inverted, lines):
        add(f"qr-{draw.__name__}.pdf", draw)


def harmless() -> None:
    def describe(pdf: Pdf) -> None:
        pdf.docinfo[Name.Producer] = String("Writer 1.2 (https://www.writer-suite.net)")
        pdf.Root.Metadata = stream(
            pdf,
            b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/></x:xmpmeta>",
        )
        pdf.Root.PieceInfo = Dictionary(Writer=Dictionary(Private=String("https://www.writer-suite.net/x")))

    corpus.add("only-metadata.pdf", changed(with_text("Nothing leads anywhere."), describe))
    corpus.add("internal-link.pdf", annotated("<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/Dest[3 0 R/Fit]>>"))


for make in (links, broken, texts, locked, files, codes, drawn_otherwise, harmless):
    make()
corpus.write()
