"""Pieces of office documents, written by hand: archives of XML, packages of OLE, compressed macros, rich text."""

import io
import itertools
import struct
import zipfile

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
)
TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>'
)
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SECTOR = 512
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def archive(members: dict[str, str | bytes], first: bool = True) -> bytes:
    """A zip whose dates are always the same."""
    out = io.BytesIO()
    types = {"[Content_Types].xml": TYPES}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in ({**types, **members} if first else {**members, **types}).items():
            info = zipfile.ZipInfo(name, (2026, 3, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            file.writestr(info, content)
    return out.getvalue()


def relations(*rows: tuple[str, str, str], external: bool = True) -> str:
    mode = ' TargetMode="External"' if external else ""
    ours = "".join(
        f'<Relationship Id="{i}" Type="{RELATION}/{kind}" Target="{target}"{mode}/>' for i, kind, target in rows
    )
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{ours}</Relationships>'


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def mark(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def code(text: str) -> str:
    return f"<w:r><w:instrText>{text}</w:instrText></w:r>"


def document(*paragraphs: str) -> str:
    body = "".join(f"<w:p>{paragraph}</w:p>" for paragraph in paragraphs)
    return f'<?xml version="1.0"?><w:document {NAMESPACES}><w:body>{body}</w:body></w:document>'


def native(name: str, content: bytes) -> bytes:
    """A package, without the length before it."""
    label = name.encode() + b"\0"
    path = b"C:\\Users\\a\\" + label
    head = struct.pack("<H", 2) + label + path + struct.pack("<HHI", 0, 3, len(path)) + path
    return head + struct.pack("<I", len(content)) + content


def old_object(name: bytes, data: bytes) -> bytes:
    """An object in the first format of OLE."""
    return struct.pack("<III", 0x501, 2, len(name) + 1) + name + b"\0" + bytes(8) + struct.pack("<I", len(data)) + data


def compress(text: bytes) -> bytes:
    """A container of macros that copies nothing."""
    out = b"\x01"
    for start in range(0, len(text), 3000):
        chunk = text[start : start + 3000]
        data = b"".join(b"\0" + chunk[at : at + 8] for at in range(0, len(chunk), 8))
        out += struct.pack("<H", 0xB000 | len(data) - 1) + data
    return out


def macros(modules: dict[str, str]) -> dict[str, bytes]:
    """The streams of a macro project."""
    directory = struct.pack("<HIH", 3, 2, 1252)
    streams = {}
    for name, source in modules.items():
        raw = name.encode()
        for kind, data in ((0x19, raw), (0x1A, raw), (0x31, struct.pack("<I", 3))):
            directory += struct.pack("<HI", kind, len(data)) + data
        text = f'Attribute VB_Name = "{name}"\r\n{source}'.replace("\n", "\r\n")
        streams[f"VBA/{name}"] = b"\1\2\3" + compress(text.encode("cp1252"))
    return {"VBA/dir": compress(directory), **streams}


def compound(streams: dict[str, bytes]) -> bytes:
    """A compound file. Every stream is at least as long as the shortest that has sectors of its own."""
    names = ["Root Entry"]
    folders = sorted({path.rsplit("/", 1)[0] for path in streams if "/" in path})
    names += folders + [path.rsplit("/", 1)[-1] for path in streams]
    chains, starts, body = [], {}, b""
    for path, content in streams.items():
        content = content.ljust(4096, b"\0")
        content += bytes(-len(content) % SECTOR)
        starts[path] = (len(body) // SECTOR, len(content))
        chains.append((len(body) // SECTOR, len(content) // SECTOR))
        body += content
    directory = entries(folders, streams, starts)
    chains.append((len(body) // SECTOR, len(directory) // SECTOR))
    at = len(body) // SECTOR
    body += directory
    sectors = len(body) // SECTOR
    tables = 1
    while sectors + tables > tables * 128:
        tables += 1
    fat = [FREE] * (tables * 128)
    for start, length in chains:
        fat[start : start + length] = [*range(start + 1, start + length), END]
    fat[sectors : sectors + tables] = [FAT] * tables
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    head += struct.pack("<IIIIIIIII", tables, at, 0, 4096, END, 0, END, 0, sectors)
    places = [*range(sectors, sectors + tables)]
    head = head[:-4] + struct.pack(f"<{len(places)}I", *places)
    return head + struct.pack("<I", FREE) * (109 - len(places)) + body + struct.pack(f"<{len(fat)}I", *fat)


def entries(folders: list[str], streams: dict[str, bytes], starts: dict[str, tuple[int, int]]) -> bytes:
    """The directory: each folder's children hang on one another to the right, in the order that the format asks for."""
    rows = [("Root Entry", 5, "", 0, 0)]
    rows += [(folder, 1, "", 0, 0) for folder in folders]
    rows += [(path.rsplit("/", 1)[-1], 2, path.rpartition("/")[0], *starts[path]) for path in streams]
    order = lambda index: (len(rows[index][0]), rows[index][0].upper())  # noqa: E731
    child, right = [FREE] * len(rows), [FREE] * len(rows)
    for parent in range(len(folders) + 1):
        name = "" if parent == 0 else rows[parent][0]
        ours = sorted((i for i in range(1, len(rows)) if rows[i][2] == name), key=order)
        if ours:
            child[parent] = ours[0]
            for one, after in itertools.pairwise(ours):
                right[one] = after
    out = b""
    for index, (name, kind, _, start, size) in enumerate(rows):
        raw = (name + "\0").encode("utf-16-le")
        start = END if kind != 2 else start
        out += raw.ljust(64, b"\0") + struct.pack("<HBBIII", len(raw), kind, 1, FREE, right[index], child[index])
        out += bytes(36) + struct.pack("<IQ", start, size)
    empty = bytes(68) + struct.pack("<III", FREE, FREE, FREE) + bytes(48)
    return out + empty * (-len(rows) % 4)


def piece_table(text: str) -> dict[str, bytes]:
    """The streams of an old document of Word, whose text is one piece."""
    raw = text.encode("utf-16-le")
    table = b"\x02" + struct.pack("<IIIHIH", 16, 0, len(text), 0, 0x600, 0)
    head = bytearray(0x600)
    struct.pack_into("<HH", head, 0, 0xA5EC, 0xC1)
    struct.pack_into("<II", head, 0x1A2, 0, len(table))
    return {"WordDocument": bytes(head) + raw, "0Table": table}


def note(*pieces: bytes | str) -> bytes:
    """A section of OneNote: texts, and files as bytes."""
    out = bytes.fromhex("e4525c7b8cd8a74daeb15378d02996d3") + bytes(1008)
    mark = bytes.fromhex("e716e3bd65261145a4c48d4d0b7a9eac")
    for piece in pieces:
        if isinstance(piece, str):
            out += (piece + "\0").encode("utf-16-le") + bytes(6)
        else:
            out += mark + struct.pack("<QIQ", len(piece), 0, 0) + piece + bytes(-len(piece) % 8) + bytes(16)
    return out
