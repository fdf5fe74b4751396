"""Hostile attached files: one file that has many things inside, or many files of one kind."""

import base64
import gzip
import io
import json
import struct
import tarfile
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from rows import HEAD, MIXED, Family, Piece, Row, parts, url
from texts import HOST, digest


@dataclass(frozen=True)
class File:
    """A family whose mails have one attached file."""

    told: str
    name: str
    build: Callable[[int], bytes]

    def __call__(self, count: int) -> Iterator[Piece]:
        yield HEAD + MIXED + "--b\r\n\r\nThe password is infected\r\n--b\r\n" + head(self.name)
        yield base64.encodebytes(self.build(count))
        yield "\r\n--b--\r\n"


def head(name: str) -> str:
    return (
        "Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n"
        f'Content-Disposition: attachment; filename="{name}"\r\n\r\n'
    )


def joined(each: Callable[[int], str], before: str = "", after: str = "") -> Callable[[int], bytes]:
    """A file of text that repeats something."""
    return lambda count: (before + "".join(map(each, range(count))) + after).encode()


def packed(files: Iterable[tuple[str, bytes | str]], how: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of names that are there twice
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name), content, how)
    return out.getvalue()


def zipped(each: Callable[[int], tuple[str, str]]) -> Callable[[int], bytes]:
    return lambda count: packed(map(each, range(count)))


def matryoshkas(count: int) -> bytes:
    """Ten archives in one another, as often as makes that many."""
    content = b"end"
    for _ in range(10):
        content = packed([("a.zip", content)])
    return packed((f"{number}.zip", content) for number in range(count // 10))


def office(first: str, members: Callable[[int], Iterable[tuple[str, str]]]) -> Callable[[int], bytes]:
    """A document of Open XML."""
    types = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
    return lambda count: packed([("[Content_Types].xml", types), (first, "<d/>"), *members(count)], zipfile.ZIP_STORED)


def relations(count: int) -> str:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
    rows = (f'<Relationship Id="r{n}" Type="{kind}" Target="{url(n)}" TargetMode="External"/>' for n in range(count))
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{"".join(rows)}</Relationships>'


def tarred(count: int) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for number in range(count):
            info = tarfile.TarInfo(f"{number}.txt")
            content = url(number).encode()
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def pdf(objects: Iterable[bytes]) -> bytes:
    body, places = b"%PDF-1.7\n", []
    out = [body]
    at = len(body)
    for number, content in enumerate(objects, 1):
        piece = b"%d 0 obj\n%s\nendobj\n" % (number, content)
        places.append(at)
        at += len(piece)
        out.append(piece)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    out.append(
        b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF\n"
        % (len(places) + 1, table, len(places) + 1, at)
    )
    return b"".join(out)


CATALOG, TREE = b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>"


def link(number: int) -> bytes:
    return b"<</Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI(%s)>>>>" % url(number).encode()


def references(first: int, count: int) -> bytes:
    return b" ".join(b"%d 0 R" % (first + number) for number in range(count))


def stream(content: bytes) -> bytes:
    return b"<</Length %d>>stream\n%s\nendstream" % (len(content), content)


def pdf_links(count: int) -> bytes:
    return pdf([CATALOG, TREE, b"<</Type/Page/Annots[%s]>>" % references(4, count), *map(link, range(count))])


def pdf_pages(count: int) -> bytes:
    pages = (b"<</Type/Page/Annots[%s]>>" % link(number) for number in range(count))
    return pdf([CATALOG, b"<</Type/Pages/Kids[%s]/Count %d>>" % (references(3, count), count), *pages])


def pdf_tree(count: int) -> bytes:
    levels = (b"<</Type/Pages/Kids[%d 0 R]/Count 1>>" % (number + 3) for number in range(count))
    return pdf([CATALOG, *levels, b"<</Type/Page>>"])


def pdf_text(count: int) -> bytes:
    words = b"".join(b"BT /F 9 Tf %d 0 Td (%s) Tj ET\n" % (n % 99, url(n).encode()) for n in range(count))
    return pdf([CATALOG, TREE, b"<</Type/Page/Contents 4 0 R>>", stream(words)])


def pdf_streams(count: int) -> bytes:
    whole = b"<</Type/Page/Contents[%s]>>" % references(4, count)
    return pdf([CATALOG, TREE, whole, *(stream(b"BT (w%d) Tj ET" % number) for number in range(count))])


def pdf_packed(count: int) -> bytes:
    """Objects in one compressed stream."""
    bodies = [link(number) for number in range(count)]
    at, index = 0, b""
    for number, body in enumerate(bodies):
        index += b"%d %d " % (number + 10, at)
        at += len(body) + 1
    content = zlib.compress(index + b" ".join(bodies), 0)
    kind = b"<</Type/ObjStm/N %d/First %d/Filter/FlateDecode/Length %d>>stream\n%s\nendstream"
    return pdf([CATALOG, TREE, b"<</Type/Page>>", kind % (count, len(index), len(content), content)])


def pdf_nested(count: int) -> bytes:
    return pdf([CATALOG, TREE, b"<</Type/Page/A " + b"[<</B" * count])


def pe(sections: int, imports: int = 0) -> bytes:
    """A program for Windows."""
    table = b"".join(
        struct.pack("<8sIIIIIIHHI", b".%d" % (n % 99999), 16, 4096 * (n + 1), 16, 512, 0, 0, 0, 0, 0x60000020)
        for n in range(sections)
    )
    rva = 4096 * (sections + 1)
    start = 0x40 + 24 + 240 + len(table) + 40
    names = b"".join(b"l%07d.dll\0\0" % n for n in range(imports))
    first = rva + 20 * (imports + 1)
    rows = b"".join(struct.pack("<IIIII", 0, 0, 0, first + 14 * n, 0) for n in range(imports)) + bytes(20)
    data = rows + names
    table += struct.pack("<8sIIIIIIHHI", b".idata", len(data), rva, len(data), start, 0, 0, 0, 0, 0x40000040)
    directories = struct.pack("<II", 0, 0) + struct.pack("<II", rva, len(rows)) + bytes(8 * 14)
    optional = (
        struct.pack(
            "<HBBIIIIIQIIHHHHHHIIIIHHQQQQII",
            0x20B,
            0,
            0,
            0,
            0,
            0,
            4096,
            0,
            0,
            4096,
            512,
            6,
            0,
            0,
            0,
            6,
            0,
            0,
            rva + 65536,
            start,
            0,
            3,
            0,
            0,
            0,
            0,
            0,
            0,
            16,
        )
        + directories
    )
    coff = struct.pack("<HHIIIHH", 0x8664, min(sections + 1, 65535), 0, 0, 0, len(optional), 0x22)
    return b"MZ" + bytes(58) + struct.pack("<I", 0x40) + b"PE\0\0" + coff + optional + table + data


def elf(sections: int) -> bytes:
    """A program for Linux."""
    head = (
        b"\x7fELF\2\1\1"
        + bytes(9)
        + struct.pack("<HHIQQQIHHHHHH", 2, 62, 1, 0, 0, 64, 0, 64, 56, 0, 64, min(sections, 65279), 0)
    )
    return head + struct.pack("<IIQQQQIIQQ", 0, 1, 6, 0, 0, 64, 0, 0, 1, 0) * sections


def macho(commands: int) -> bytes:
    """A program for macOS."""
    segment = struct.pack("<II16sQQQQiiII", 0x19, 72, b"__TEXT", 0, 16, 0, 16, 7, 5, 0, 0)
    return (
        struct.pack("<IiiIIIII", 0xFEEDFACF, 0x01000007, 3, 2, commands, len(segment) * commands, 0, 0)
        + segment * commands
    )


def png(chunks: int) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    texts = b"".join(chunk(b"tEXt", b"k\0" + url(n).encode()) for n in range(chunks))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
        + texts
        + chunk(b"IEND", b"")
    )


def tnef(each: Callable[[int], tuple[int, bytes]]) -> Callable[[int], bytes]:
    """What Outlook calls winmail.dat."""

    def attribute(level: int, kind: int, content: bytes) -> bytes:
        return struct.pack("<BII", level, kind, len(content)) + content + struct.pack("<H", sum(content) & 0xFFFF)

    return lambda count: (
        struct.pack("<IH", 0x223E9F78, 1)
        + attribute(1, 0x00089006, struct.pack("<I", 0x10000))
        + b"".join(attribute(2, *each(number)) for number in range(count))
    )


def tnef_files(number: int) -> tuple[int, bytes]:
    return ((0x00069002, bytes(14)), (0x00018010, b"f%d.bin\0" % number), (0x0006800F, b"%d" % number))[number % 3]


def outlook(count: int) -> bytes:
    """A mail of Outlook with as many recipients: folders in one chain, as the worst tree of names is, with one stream."""

    def name(text: str) -> tuple[bytes, int]:
        return text.encode("utf-16-le").ljust(64, b"\0"), len(text) * 2 + 2

    def entry(text: str, kind: int, right: int, child: int, start: int = 0xFFFFFFFE, size: int = 0) -> bytes:
        return struct.pack(
            "<64sHBBIII16sIQQIQ", *name(text), kind, 1, 0xFFFFFFFF, right, child, b"", 0, 0, 0, start, size
        )

    count += -(count + 2) % 4
    entries = [entry("Root Entry", 5, 0xFFFFFFFF, 1), entry("__properties_version1.0", 2, 2, 0xFFFFFFFF, 0, 4096)]
    entries += [
        entry(f"__recip_version1.0_#{n:08X}", 1, n + 3 if n + 1 < count else 0xFFFFFFFF, 0xFFFFFFFF)
        for n in range(count)
    ]
    directory = b"".join(entries)
    sectors = 8 + len(directory) // 512
    tables = -(-sectors * 4 // 504)
    fat = [*range(1, 8), 0xFFFFFFFE, *range(9, sectors), 0xFFFFFFFE, *[0xFFFFFFFD] * tables]
    fat += [0xFFFFFFFF] * (tables * 128 - len(fat))
    places = [sectors + n for n in range(tables)][:109] + [0xFFFFFFFF] * max(0, 109 - tables)
    head = struct.pack(
        "<8s16sHHHHH6sIIIIIIIIII",
        bytes.fromhex("d0cf11e0a1b11ae1"),
        b"",
        0x3E,
        3,
        0xFFFE,
        9,
        6,
        b"",
        0,
        min(tables, 109),
        8,
        0,
        4096,
        0xFFFFFFFE,
        0,
        0xFFFFFFFE,
        0,
        0,
    )[:76]
    return head + struct.pack("<109I", *places) + bytes(4096) + directory + struct.pack(f"<{len(fat)}I", *fat)


def stix(number: int) -> str:
    return json.dumps({"type": "indicator", "spec_version": "2.1", "id": f"indicator--{number:08x}-0000-4000-8000-000000000000", "pattern": f"[url:value = '{url(number)}']", "pattern_type": "stix", "valid_from": "2026-03-02T10:00:00Z"}) + ","  # fmt: skip


def attribute(number: int) -> str:
    return json.dumps({"uuid": f"{number:08x}-0000-4000-8000-000000000000", "type": "url", "category": "Network activity", "value": url(number), "to_ids": True, "comment": str(number)}) + ","  # fmt: skip


CONTAINERS: dict[str, Family] = {
    "zip_files": File("Files of a zip archive.", "a.zip", zipped(lambda n: (f"{n}.txt", url(n)))),
    "zip_programs": File("Programs of a zip archive.", "a.zip", zipped(lambda n: (f"{n}.exe", f"MZ{n}"))),
    "zip_same_names": File("Files of one name in a zip archive.", "a.zip", zipped(lambda n: ("a.txt", url(n)))),
    "zip_folders": File("Folders of a zip archive.", "a.zip", zipped(lambda n: (f"{'d/' * (n % 50)}{n}/", ""))),
    "zip_long_names": File("Files with long names in a zip archive.", "a.zip", zipped(lambda n: (f"{'long' * 50}{n}.txt", url(n)))),
    "zip_comments": File("Comment of a zip archive.", "a.zip", lambda count: packed([("a.txt", "a")])[:-2] + struct.pack("<H", min(65535, count)) + b"PK\5\6" * count),
    "zip_in_zip": File("Zip archives in one another.", "a.zip", matryoshkas),
    "zip_headers": File("Beginnings of files of a zip archive that has no end.", "a.zip", joined(lambda n: "PK\3\4")),
    "tar_files": File("Files of a tar archive.", "a.tar", tarred),
    "gzip_members": File("Members of one gzip file.", "a.gz", lambda count: b"".join(gzip.compress(url(n).encode(), mtime=0) for n in range(count))),
    "csv_file": File("Rows of a table.", "a.csv", joined(lambda n: f'{url(n)},"{digest(n, "md5")}","a ""b"" c"\r\n', "url,md5,text\r\n")),
    "csv_columns": File("Columns of a table.", "a.csv", joined(lambda n: f'"{url(n)}",')),
    "csv_quotes": File("Quotation marks of a table.", "a.csv", joined(lambda n: '"a""')),
    "json_list": File("Values of JSON.", "a.json", joined(lambda n: f'{{"type":"url","value":"{url(n)}"}},', "[", "{}]")),
    "json_depth": File("Lists of JSON in one another.", "a.json", lambda count: b'{"a":[' * count + b"]}" * count),
    "json_keys": File("Keys of JSON.", "a.json", joined(lambda n: f'"k{n}":"{url(n)}",', "{", '"z":0}')),
    "json_lines": File("Lines of JSON.", "a.json", joined(lambda n: f'{{"url":"{url(n)}"}}\n')),
    "stix_bundle": File("Indicators of STIX.", "a.json", joined(stix, '{"type":"bundle","id":"bundle--1","objects":[', "{}]}")),
    "stix_pattern": File("Conditions of one pattern of STIX.", "a.json", joined(lambda n: f" OR url:value = '{url(n)}'", '{"type":"bundle","id":"bundle--1","objects":[{"type":"indicator","id":"indicator--1","pattern_type":"stix","pattern":"[url:value = \'a\'', ']"}]}')),
    "misp_event": File("Attributes of a MISP event.", "a.json", joined(attribute, '{"Event":{"info":"x","uuid":"5f6e3f6e-0000-4000-8000-000000000000","Attribute":[', '{"type":"url","value":"https://a.de/x"}]}}')),
    "misp_objects": File("Objects of a MISP event.", "a.json", joined(lambda n: f'{{"name":"url","uuid":"{n:08x}-0000-4000-8000-000000000001","Attribute":[{attribute(n)[:-1]}]}},', '{"Event":{"info":"x","Object":[', '{"name":"x","Attribute":[]}]}}')),
    "misp_manifest": File("Events of a MISP feed.", "manifest.json", joined(lambda n: f'"{n:08x}-0000-4000-8000-000000000000":{{"info":"{url(n)}","Orgc":{{"name":"x"}},"date":"2026-03-02"}},', "{", '"x":{}}')),
    "openioc": File("Items of OpenIOC.", "a.ioc", joined(lambda n: f'<IndicatorItem id="{n}" condition="is"><Context document="Network" search="Network/URI"/><Content type="string">{url(n)}</Content></IndicatorItem>', '<?xml version="1.0"?><ioc xmlns="http://schemas.mandiant.com/2010/ioc"><definition><Indicator operator="OR">', "</Indicator></definition></ioc>")),
    "calendar": File("Events of a calendar.", "a.ics", joined(lambda n: f"BEGIN:VEVENT\r\nUID:{n}\r\nDTSTART:20260302T100000Z\r\nSUMMARY:{n}\r\nURL:{url(n)}\r\nATTENDEE;CN=x{n}:mailto:e{n}@{HOST}\r\nEND:VEVENT\r\n", "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", "END:VCALENDAR\r\n")),
    "calendar_people": File("People of one event.", "a.ics", joined(lambda n: f"ATTENDEE;CN=x{n}:mailto:e{n}@{HOST}\r\n", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", "END:VEVENT\r\nEND:VCALENDAR\r\n")),
    "calendar_folds": File("Lines of one event's text.", "a.ics", joined(lambda n: f"\r\n  {url(n)}\\n", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDESCRIPTION:", "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")),
    "calendar_depth": File("Events in one another.", "a.ics", joined(lambda n: "BEGIN:VEVENT\r\n", "BEGIN:VCALENDAR\r\n")),
    "cards": File("Cards.", "a.vcf", joined(lambda n: f"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:x{n}\r\nEMAIL:e{n}@{HOST}\r\nURL:{url(n)}\r\nEND:VCARD\r\n")),
    "mail_file": File("Attached mails of a mail in a file.", "a.eml", joined(lambda n: f"--c\r\nContent-Type: message/rfc822\r\n\r\nFrom: e{n}@{HOST}\r\n\r\n{url(n)}\r\n", 'From: a@b.de\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="c"\r\n\r\n')),
    "mbox_file": File("Mails of a mailbox.", "a.mbox", joined(lambda n: f"From e@x Mon Mar  2 10:00:00 2026\nFrom: e{n}@{HOST}\nSubject: {n}\n\n{url(n)}\n\n")),
    "xml_depth": File("Elements of XML in one another.", "a.xml", lambda count: b"<?xml version='1.0'?>" + b"<a>" * count + b"</a>" * count),
    "xml_elements": File("Elements of XML.", "a.xml", joined(lambda n: f'<a b="{url(n)}" xmlns:n{n}="urn:{n}">{n}&amp;</a>', "<?xml version='1.0'?><r>", "</r>")),
    "html_file": File("Links of a page.", "a.html", joined(lambda n: f'<a href="{url(n)}">{n}</a>\n', "<html>", "</html>")),
    "html_depth": File("Elements of a page in one another.", "a.html", joined(lambda n: "<div><form action=x>")),
    "svg_file": File("Links of a drawing.", "a.svg", joined(lambda n: f'<a xlink:href="{url(n)}"><text x="{n}">{n}</text></a>', '<svg xmlns="http://www.w3.org/2000/svg">', "</svg>")),
    "svg_depth": File("Groups of a drawing in one another.", "a.svg", joined(lambda n: '<g transform="rotate(1)">', '<svg xmlns="http://www.w3.org/2000/svg">')),
    "svg_uses": File("Copies of a drawing's parts.", "a.svg", joined(lambda n: f'<g id="g{n + 1}"><use href="#g{n}"/><use href="#g{n}"/></g>', '<svg xmlns="http://www.w3.org/2000/svg"><rect id="g0" width="1" height="1"/>', "</svg>")),
    "rtf_links": File("Fields of rich text.", "a.rtf", joined(lambda n: f'{{\\field{{\\*\\fldinst HYPERLINK "{url(n)}"}}{{\\fldrslt {n}}}}}', "{\\rtf1 ", "}")),
    "rtf_objects": File("Objects of rich text.", "a.rtf", joined(lambda n: f"{{\\object\\objdata 0105000002000000{n:08x}}}", "{\\rtf1 ", "}")),
    "rtf_words": File("Control words of rich text.", "a.rtf", joined(lambda n: f"\\w{n} \\'e4\\u{n % 32767}?", "{\\rtf1 ", "}")),
    "pdf_links": File("Links of a PDF file.", "a.pdf", pdf_links),
    "pdf_pages": File("Pages of a PDF file.", "a.pdf", pdf_pages),
    "pdf_tree": File("Levels of a PDF file's pages.", "a.pdf", pdf_tree),
    "pdf_text": File("Words of a PDF file's page.", "a.pdf", pdf_text),
    "pdf_streams": File("Streams of a PDF file's page.", "a.pdf", pdf_streams),
    "pdf_packed": File("Objects of a PDF file's stream.", "a.pdf", pdf_packed),
    "pdf_nested": File("Objects of a PDF file in one another.", "a.pdf", pdf_nested),
    "pdf_tails": File("Ends of a PDF file.", "a.pdf", lambda count: pdf([CATALOG, TREE, b"<</Type/Page>>"]) + b"startxref\n9\n%%EOF\n" * count),
    "docx_links": File("Links of a document.", "a.docx", office("word/document.xml", lambda count: [("word/_rels/document.xml.rels", relations(count))])),
    "docx_parts": File("Parts of a document.", "a.docx", office("word/document.xml", lambda count: ((f"word/embeddings/o{n}.bin", url(n)) for n in range(count)))),
    "docx_relations": File("Lists of links of a document.", "a.docx", office("word/document.xml", lambda count: ((f"word/_rels/h{n}.xml.rels", relations(1)) for n in range(count)))),
    "docx_runs": File("Words of a document.", "a.docx", office("word/document.xml", lambda count: [("word/footer1.xml", "<w:p>" + "".join(f"<w:r><w:instrText>HYPERLINK &quot;{url(n)}&quot;</w:instrText></w:r>" for n in range(count)) + "</w:p>")])),
    "xlsx_strings": File("Words of a workbook.", "a.xlsx", office("xl/workbook.xml", lambda count: [("xl/sharedStrings.xml", "<sst>" + "".join(f"<si><t>{url(n)}</t></si>" for n in range(count)) + "</sst>")])),
    "xlsx_cells": File("Cells of a sheet.", "a.xlsx", office("xl/workbook.xml", lambda count: [("xl/worksheets/sheet1.xml", "<worksheet>" + "".join(f'<c r="A{n}"><f>HYPERLINK("{url(n)}","a")</f><v>{n}</v></c>' for n in range(count)) + "</worksheet>")])),
    "xlsx_sheets": File("Sheets of a workbook.", "a.xlsx", office("xl/workbook.xml", lambda count: ((f"xl/worksheets/sheet{n}.xml", f"<worksheet><c><v>{url(n)}</v></c></worksheet>") for n in range(count)))),
    "pptx_slides": File("Slides of a presentation.", "a.pptx", office("ppt/presentation.xml", lambda count: ((f"ppt/slides/slide{n}.xml", f"<p:sld><a:t>{url(n)}</a:t></p:sld>") for n in range(count)))),
    "odt_links": File("Links of an OpenDocument.", "a.odt", lambda count: packed([("mimetype", "application/vnd.oasis.opendocument.text"), ("content.xml", "<office:text>" + "".join(f'<text:a xlink:href="{url(n)}">{n}</text:a>' for n in range(count)) + "</office:text>")])),
    "pe_sections": File("Sections of a program.", "a.exe", pe),
    "pe_imports": File("Libraries of a program.", "a.exe", lambda count: pe(1, count)),
    "elf_sections": File("Sections of a program for Linux.", "a.elf", elf),
    "macho_commands": File("Parts of a program for macOS.", "a.macho", macho),
    "macho_fat": File("Programs of a program for macOS.", "a.macho", lambda count: struct.pack(">II", 0xCAFEBABE, count) + struct.pack(">iiIII", 7, 3, 4096, 4096, 0) * count + macho(1)),
    "png_chunks": File("Pieces of a picture.", "a.png", png),
    "jpeg_segments": File("Segments of a picture.", "a.jpg", lambda count: b"\xff\xd8" + b"\xff\xfe\0\4ab" * count + b"\xff\xd9"),
    "gif_frames": File("Frames of a picture.", "a.gif", lambda count: b"GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff" + b",\0\0\0\0\1\0\1\0\0\2\2D\1\0" * count + b";"),
    "tnef_attributes": File("Attributes of winmail.dat.", "winmail.dat", tnef(lambda n: (0x00018010, b"f%d.bin\0" % n))),
    "tnef_files": File("Files of winmail.dat.", "winmail.dat", tnef(tnef_files)),
    "msg_people": File("Recipients of a mail of Outlook.", "a.msg", outlook),
    "script_strings": File("Words that a script puts together.", "a.js", joined(lambda n: f'var a{n}="ht"+"tps://w{n}."+"wgetcdn-files.com/{n}";\n')),
    "script_variables": File("Words that grow in a script.", "a.js", joined(lambda n: f'var a{n + 1}=a{n}+"x";\n', 'var a0="h";\n')),
    "script_doubles": File("Words that double in a script, twelve times each.", "a.js", joined(lambda n: f"var a{n + 1}=a{n}+a{n};\n" if n % 12 else f'var a{n + 1}="h";\n')),
    "script_codes": File("Letters by number in a script.", "a.vbs", joined(lambda n: f"x = x & Chr({65 + n % 26})\r\n")),
    "script_row": File("Letters by number in one call.", "a.js", joined(lambda n: f"{104 + n % 13},", "var a=String.fromCharCode(", "0);")),
    "script_calls": File("Calls in one another.", "a.js", lambda count: b"unescape(" * count + b"'x'" + b")" * count),
    "script_power": File("Encoded commands of PowerShell.", "a.ps1", joined(lambda n: f"powershell -enc {base64.b64encode(f'iwr {url(n)}'.encode('utf-16-le')).decode('ascii')}\r\n")),
    "script_batch": File("Variables of a batch file.", "a.bat", joined(lambda n: f"set a{n + 1}=%a{n}%h\r\n", "set a0=h\r\n", "start %a9%\r\n")),
    "script_comments": File("Comments of a script.", "a.js", joined(lambda n: "/*/ // `${ ")),
    "script_arrays": File("Lists of a script.", "a.js", joined(lambda n: f'"{url(n)}",', "var a=[", '"x"];eval(a[0]+a[1]);')),
    "shortcut": File("Lines of a shortcut.", "a.url", joined(lambda n: f"URL={url(n)}\r\n", "[InternetShortcut]\r\n")),
    "registry_file": File("Keys of a registry file.", "a.reg", joined(lambda n: f'[HKEY_CURRENT_USER\\Software\\k{n}]\r\n"v"="{url(n)}"\r\n', "Windows Registry Editor Version 5.00\r\n\r\n")),
    "property_list": File("Values of a property list.", "a.plist", joined(lambda n: f"<key>k{n}</key><string>{url(n)}</string>", '<?xml version="1.0"?><plist><dict>', "</dict></plist>")),
    "text_list": File("Lines of a list.", "a.txt", joined(lambda n: f"{url(n)}\n")),
    "text_utf_16": File("Lines of a list in UTF-16.", "a.txt", lambda count: b"\xff\xfe" + "".join(f"{url(n)}\r\n" for n in range(count)).encode("utf-16-le")),
    "web_archive": File("Pages of a web archive.", "a.mht", joined(lambda n: f"--c\r\nContent-Type: text/html\r\nContent-Location: {url(n)}\r\n\r\n<a href='{url(n)}'>h</a>\r\n", 'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="c"\r\n\r\n')),
}  # fmt: skip

MINIMAL: dict[str, tuple[str, Callable[[int], bytes]]] = {
    "exe": ("programs with sections", lambda n: pe(1 + n % 3)),
    "zip": ("zip archives", lambda n: packed([(f"{n}.txt", url(n))])),
    "pdf": ("PDF files", lambda n: pdf([CATALOG, TREE, b"<</Type/Page/Annots[%s]>>" % link(n)])),
    "docx": ("documents", lambda n: office("word/document.xml", lambda _: [("word/_rels/document.xml.rels", relations(1))])(n)),
    "png": ("pictures", lambda n: png(1 + n % 2)),
    "html": ("pages", lambda n: f'<a href="{url(n)}">h</a>'.encode()),
    "txt": ("texts", lambda n: url(n).encode()),
    "js": ("scripts", lambda n: f"WScript.Echo('{url(n)}'+unescape('%41'))".encode()),
    "ics": ("calendars", lambda n: f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nURL:{url(n)}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n".encode()),
    "json": ("MISP events", lambda n: f'{{"Event":{{"info":"{n}","Attribute":[{attribute(n)[:-1]}]}}}}'.encode()),
    "eml": ("mails in files", lambda n: f"From: e{n}@{HOST}\r\nTo: b@soc-room.net\r\nSubject: {n}\r\n\r\n{url(n)}\r\n".encode()),
    "url": ("shortcuts", lambda n: f"[InternetShortcut]\r\nURL={url(n)}\r\n".encode()),
    "gz": ("gzip files", lambda n: gzip.compress(url(n).encode(), mtime=0)),
    "rtf": ("rich texts", lambda n: f'{{\\rtf1 {{\\field{{\\*\\fldinst HYPERLINK "{url(n)}"}}}}}}'.encode()),
    "svg": ("drawings", lambda n: f'<svg xmlns="http://www.w3.org/2000/svg"><a href="{url(n)}"/></svg>'.encode()),
    "dat": ("files of Outlook", lambda n: tnef(tnef_files)(3)),
}  # fmt: skip


def many(ending: str, told: str, build: Callable[[int], bytes]) -> Row:
    return parts(f"Attached {told}.", lambda n: head(f"f{n}.{ending}").encode() + base64.encodebytes(build(n)))


MANY: dict[str, Family] = {f"attached_{ending}": many(ending, *how) for ending, how in MINIMAL.items()}
ROWS: dict[str, Family] = CONTAINERS | MANY
