"""Mails with attachments for the measurements: a long PDF, pictures, archives."""

import base64
import gzip
import io
import random
import struct
import zipfile
import zlib


def mail(files: list[tuple[str, str, bytes]]) -> bytes:
    """A mail with these files: name, type, content."""
    lines = [
        "From: billing@bench-orchard.org",
        "To: office@bench-meadow.org",
        "Subject: documents",
        "MIME-Version: 1.0",
        'Content-Type: multipart/mixed; boundary="cut"',
        "",
        "--cut",
        "Content-Type: text/plain",
        "",
        "See attached.",
    ]
    for name, kind, content in files:
        lines += ["--cut", f"Content-Type: {kind}", f'Content-Disposition: attachment; filename="{name}"']
        lines += ["Content-Transfer-Encoding: base64", "", base64.encodebytes(content).decode("ascii").rstrip()]
    return ("\r\n".join([*lines, "--cut--", ""])).encode("ascii")


def pdf(size: int) -> bytes:
    """A document of about this size: pages of text with links, and pictures between them."""
    chance = random.Random(5)
    objects: list[bytes] = [b"<</Type/Catalog/Pages 2 0 R>>", b"", b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"]
    pages: list[int] = []

    def add(body: bytes) -> int:
        objects.append(body)
        return len(objects)

    def stream(head: bytes, content: bytes) -> bytes:
        packed = zlib.compress(content)
        return b"<<%s/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (head, len(packed), packed)

    while sum(map(len, objects)) < size:
        words = " ".join(chance.choice(WORDS) for _ in range(400))
        shown = b"".join(b"(%s) Tj 0 -14 Td " % words[at : at + 80].encode() for at in range(0, len(words), 80))
        content = add(stream(b"", b"BT /F1 11 Tf 50 780 Td " + shown + b"ET"))
        host = f"page{len(pages)}.bench-orchard.org"
        link = add(b"<</Type/Annot/Subtype/Link/Rect[50 50 99 99]/A<</S/URI/URI(https://%s/a)>>>>" % host.encode())
        picture = add(
            stream(
                b"/Type/XObject/Subtype/Image/Width 300/Height 200/BitsPerComponent 8/ColorSpace/DeviceGray",
                chance.randbytes(300 * 200),
            )
        )
        page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R/Annots[%d 0 R]" % (content, link)
        pages.append(add(page + b"/Resources<</Font<</F1 3 0 R>>/XObject<</I %d 0 R>>>>>>" % picture))
    kids = b" ".join(b"%d 0 R" % page for page in pages)
    objects[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(pages), kids)
    out = io.BytesIO(b"%PDF-1.7\n")
    out.seek(0, io.SEEK_END)
    places = []
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    table = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table))
    return out.getvalue()


def picture(seed: int, width: int = 800, height: int = 600) -> bytes:
    """A PNG like a photograph: nothing in it is a code, and all of it has to be looked at."""
    chance = random.Random(seed)
    tone = [chance.randrange(256) for _ in range(width // 20 + 1)]
    rows = b"".join(
        b"\0" + bytes((tone[x // 20] + tone[y // 20 % len(tone)] + chance.randrange(16)) % 256 for x in range(width))
        for y in range(height)
    )

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def archives(size: int) -> dict[str, bytes]:
    """The same files of `size` bytes in all, half of them text and half of them noise, in archives of several formats."""
    chance = random.Random(9)
    half = size // 8
    text = [" ".join(chance.choice(WORDS) for _ in range(half // 6)).encode()[:half] for _ in range(4)]
    files = {
        f"{index}.bin": content for index, content in enumerate([*text, *(chance.randbytes(half) for _ in range(4))])
    }
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return {"a.zip": zipped.getvalue(), "a.gz": gzip.compress(b"".join(files.values()))}


def inside(archive: bytes) -> bytes:
    """What is in one of `archives`, in one piece."""
    if archive.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            return b"".join(opened.read(name) for name in opened.namelist())
    return gzip.decompress(archive)


WORDS = [
    "order",
    "river",
    "paper",
    "window",
    "green",
    "stone",
    "letter",
    "market",
    "winter",
    "garden",
    "metal",
    "cloud",
]
