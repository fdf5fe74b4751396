#!/usr/bin/env python3
"""Measures the program on files that unpack to far more than they are: seconds, peak memory, and what it says.

Usage: tests/hostile/bombs.py BINARY        exits 1 if one takes over 2 s or 300 MB"""

import base64
import bz2
import gzip
import io
import lzma
import os
import struct
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
import zlib
from collections.abc import Iterator

from quine import quine

MANY = 100_000
SECONDS, MEGABYTES = 2.0, 300


def zipped(*files: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def zeros(megabytes: int, pack: type[bz2.BZ2Compressor] | type[lzma.LZMACompressor]) -> bytes:
    packer = pack()
    return b"".join(packer.compress(bytes(1 << 20)) for _ in range(megabytes)) + packer.flush()


def pdf(*objects: bytes) -> bytes:
    body = b"%PDF-1.7\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return body + b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1, table, len(objects) + 1, len(body),
    )  # fmt: skip


def page(content: bytes, filters: bytes) -> bytes:
    stream = b"<</Length %d/Filter[%s]>>stream\n%s\nendstream" % (len(content), filters, content)
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Contents 4 0 R>>",
        stream,
    )


def png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = zlib.compressobj(9)
    data = b"".join(rows.compress(bytes(1 << 20)) for _ in range(min(4096, width * height >> 20))) + rows.flush()
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def bombs() -> Iterator[tuple[str, bytes]]:
    flat = zipped(("a.bin", bytes(1 << 30)))
    yield "flat.zip", flat
    inner = zipped(("a.bin", bytes(64 << 20)))
    for _ in range(4):
        inner = zipped(*[(f"{number}.zip", inner) for number in range(16)])
    yield "nested.zip", inner
    deep = b"end"
    for _ in range(200):
        deep = zipped(("next.zip", deep))
    yield "deep.zip", deep
    yield "again.zip", quine()
    yield "blanks.zip", zipped(*[(f"{number}.bin", bytes(60 << 20)) for number in range(20)])
    yield "many.zip", zipped(*[(f"{number}.txt", b"x") for number in range(MANY)])
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for number in range(MANY):
            archive.addfile(tarfile.TarInfo(f"{number}.txt"))
    yield "many.tgz", gzip.compress(out.getvalue(), mtime=0)
    yield "flat.gz", gzip.compress(bytes(1 << 30), mtime=0)
    yield "flat.bz2", zeros(1024, bz2.BZ2Compressor)
    yield "flat.xz", zeros(1024, lzma.LZMACompressor)
    packed = bytes(1 << 28)
    for _ in range(5):
        packed = zlib.compress(packed, 9)
    yield "filters.pdf", page(packed, b"/FlateDecode " * 5)
    yield "boxes.pdf", page(zlib.compress(b"0 0 1 1 re f " * (8 << 20), 9), b"/FlateDecode")
    forms = [
        b"<</Type/XObject/Subtype/Form/Resources<</XObject<</X %d 0 R>>>>/Length 60>>stream\n%s\nendstream"
        % (6 + number, b"/X Do " * 10)
        for number in range(30)
    ]
    first = b"<</Type/Page/Resources<</XObject<</X 5 0 R>>>>/Contents 4 0 R>>"
    start = b"<</Length 6>>stream\n/X Do \nendstream"
    yield (
        "forms.pdf",
        pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", first, start, *forms),
    )
    yield (
        "kids.pdf",
        pdf(
            b"<</Type/Catalog/Pages 2 0 R>>",
            *[b"<</Type/Pages/Kids[%s]>>" % (b"%d 0 R " % (3 + number) * 10) for number in range(40)],
        ),
    )
    yield "large.png", png(60_000, 60_000)
    yield "square.png", png(16_000, 16_000)
    entities = b"".join(b'<!ENTITY e%d "%s">' % (number, b"&e%d;" % (number - 1) * 10) for number in range(1, 12))
    laughs = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY e0 "lol">' + entities + b"]><d>&e11;</d>"
    yield "laughs.xml", laughs
    types = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
    yield "laughs.docx", zipped(("[Content_Types].xml", types), ("word/document.xml", laughs))
    yield "large.docx", zipped(("[Content_Types].xml", types), ("word/document.xml", b"<w:t>x</w:t>" * (40 << 20)))
    yield "groups.rtf", b"{\\rtf1" + b"{" * (4 << 20)
    yield "quotes.js", b"\\'\"" * (2 << 20)
    yield "calls.js", b"eval(" * (1 << 20) + b"'x'" + b")" * (1 << 20)
    yield "tags.html", b"<div>" * (2 << 20)
    yield "drawing.svg", b"<svg>" + b'<rect x="1" y="1" width="1" height="1"/>' * 250_000 + b"</svg>"


def mail(name: str, content: bytes) -> bytes:
    head = f"From: a@wirtpost.net\nTo: b@stadtkasse.net\nSubject: file\nMessage-ID: <{name}@wirtpost.net>\nMIME-Version: 1.0\n"
    body = base64.encodebytes(content).decode("ascii")
    return (
        f'{head}Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/plain\n\nSee attached.\n'
        f'--b\nContent-Type: application/octet-stream\nContent-Disposition: attachment; filename="{name}"\n'
        f"Content-Transfer-Encoding: base64\n\n{body}\n--b--\n"
    ).encode()


def make(folder: str) -> None:
    for name, content in bombs():
        with open(os.path.join(folder, name), "wb") as file:
            file.write(mail(name, content))


def main() -> int:
    if sys.argv[1] == "--make":
        make(sys.argv[2])
        return 0
    failed = 0
    print(f"{'file':14} {'kB':>8} {'seconds':>8} {'MB':>6}  told")
    with tempfile.TemporaryDirectory() as folder:
        # In a process of its own, as the peak of a child begins with that of its parent.
        subprocess.run([sys.executable, __file__, "--make", folder], check=True)
        for name in sorted(os.listdir(folder)):
            failed += not measure(os.path.join(folder, name), name)
    return int(failed > 0)


def measure(path: str, name: str) -> bool:
    begun = time.monotonic()
    with tempfile.TemporaryFile() as out:
        words = [sys.argv[1], "extract", "--mode", "sample", path]
        with subprocess.Popen(words, stdout=out, stderr=subprocess.STDOUT) as child:
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = status
        taken = time.monotonic() - begun
        out.seek(0)
        lines = out.read().decode("utf-8", "replace").splitlines()
    told = [line.rpartition(f"{path}: ")[2] for line in lines if "WARN" in line]
    megabytes = usage.ru_maxrss >> 10
    is_well = status == 0 and taken <= SECONDS and megabytes <= MEGABYTES
    size = os.path.getsize(path) >> 10
    fault = "" if is_well else "TOO MUCH "
    print(f"{name:14} {size:8} {taken:8.2f} {megabytes:6}  {fault}{told[0][:90] if told else '-'}", flush=True)
    return is_well


if __name__ == "__main__":
    sys.exit(main())
