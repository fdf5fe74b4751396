"""Writes a small Outlook .msg (MS-OXMSG in a compound file, MS-CFB) for the corpus: subject, sender, body, the
transport headers, and attachments. Only what such a file needs; all streams lie in the mini stream, sorted as the format wants."""

import struct
from collections.abc import Iterable, Mapping, Sequence

FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
SECTOR, MINI = 512, 64


class Entry:
    """A stream (data) or a storage (children) of the compound file."""

    def __init__(self, name: str, data: bytes | None = None, children: Iterable["Entry"] = ()) -> None:
        self.name, self.data, self.children = name, data or b"", list(children)
        self.kind = 1 if data is None else 2
        self.left = self.right = self.child = FREE
        self.start, self.size, self.red = 0, 0, False


def balance(numbers: list[int], entries: list[Entry], depth: int, deepest: int) -> int:
    """Links sorted siblings to a balanced tree whose last level is red; returns its root."""
    if not numbers:
        return FREE
    middle = len(numbers) // 2
    root = entries[numbers[middle]]
    root.left = balance(numbers[:middle], entries, depth + 1, deepest)
    root.right = balance(numbers[middle + 1 :], entries, depth + 1, deepest)
    root.red = depth == deepest and depth > 0
    return numbers[middle]


def chain(table: list[int], first: int, count: int) -> None:
    for index in range(count):
        table[first + index] = first + index + 1 if index + 1 < count else END


def compound_file(root: Entry) -> bytes:
    """The bytes of a compound file with these entries."""
    entries, at = [root], 0
    while at < len(entries):
        entry = entries[at]
        first = len(entries)
        entries += sorted(entry.children, key=lambda item: (len(item.name), item.name.upper()))
        numbers = list(range(first, len(entries)))
        entry.child = balance(numbers, entries, 0, len(numbers).bit_length() - 1)
        at += 1
    mini_stream = b""
    mini_table: list[int] = []
    for entry in entries:
        if entry.kind == 2:
            entry.size, entry.start = len(entry.data), len(mini_table) if entry.data else END
            count = -(-len(entry.data) // MINI)
            mini_table += [0] * count
            chain(mini_table, len(mini_table) - count, count)
            mini_stream += entry.data.ljust(count * MINI, b"\0")
    counts = [-(-len(entries) // 4), -(-len(mini_table) // 128), -(-len(mini_stream) // SECTOR)]
    fat = [FREE] * 128 * 4
    starts, next_sector = [], 4
    for count in counts:
        starts.append(next_sector)
        chain(fat, next_sector, count)
        next_sector += count
    fat[:4] = [FAT] * 4
    root.kind, root.start, root.size = 5, starts[2], len(mini_stream)
    header = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 4, starts[0], 0, 4096, starts[1], counts[1], END, 0)
    header += struct.pack("<109I", 0, 1, 2, 3, *[FREE] * 105)
    directory = b"".join(map(record, entries)).ljust(counts[0] * SECTOR, b"\0")
    padded = mini_table + [FREE] * (counts[1] * 128 - len(mini_table))
    body = struct.pack(f"<{len(fat)}I", *fat) + directory + struct.pack(f"<{len(padded)}I", *padded)
    return header + body + mini_stream.ljust(counts[2] * SECTOR, b"\0")


def record(entry: Entry) -> bytes:
    name = (entry.name + "\0").encode("utf-16-le")
    links = struct.pack("<BBIII", entry.kind, 0 if entry.red else 1, entry.left, entry.right, entry.child)
    rest = bytes(16 + 4 + 16) + struct.pack("<IQ", entry.start, entry.size)
    return name.ljust(64, b"\0") + struct.pack("<H", len(name)) + links + rest


def properties(values: Mapping[int, str | int | bytes], header: int) -> list[Entry]:
    """The property stream and one stream for each value: text as UTF-16, bytes as they are."""
    table = bytes(header)
    streams: list[Entry] = []
    for number, value in values.items():
        if isinstance(value, int):
            table += struct.pack("<IIQ", number << 16 | 0x0003, 6, value)
            continue
        data, kind = (value.encode("utf-16-le"), 0x001F) if isinstance(value, str) else (value, 0x0102)
        streams.append(Entry(f"__substg1.0_{number:04X}{kind:04X}", data))
        size = len(data) + (2 if kind == 0x001F else 0)
        table += struct.pack("<IIII", number << 16 | kind, 6, size, 0)
    return [Entry("__properties_version1.0", table), *streams]


def message(
    subject: str,
    sender: tuple[str, str],
    to: tuple[str, str],
    headers: str,
    body: str,
    files: Sequence[tuple[str, str, bytes]] = (),
    kind: str = "IPM.Note",
) -> bytes:
    """A .msg; `sender` and `to` are (name, address), `files` (name, content type, bytes)."""
    top: dict[int, str | int | bytes] = {
        0x001A: kind,
        0x0037: subject,
        0x007D: headers,
        0x0C1A: sender[0],
        0x0C1E: "SMTP",
        0x0C1F: sender[1],
        0x5D01: sender[1],
        0x0E04: to[0],
        0x1000: body,
    }
    counts = struct.pack("<8xIIII8x", 1, len(files), 1, len(files))
    inside = properties(top, 32)
    inside[0].data = counts + inside[0].data[32:]
    naming = [Entry(f"__substg1.0_{number:04X}0102", b"") for number in (2, 3, 4)]
    inside.append(Entry("__nameid_version1.0", children=naming))
    recipient: dict[int, str | int | bytes] = {0x3001: to[0], 0x3002: "SMTP", 0x3003: to[1], 0x39FE: to[1], 0x0C15: 1}
    inside.append(Entry("__recip_version1.0_#00000000", children=properties(recipient, 8)))
    for number, (name, kind, data) in enumerate(files):
        values: dict[int, str | int | bytes] = {
            0x3701: data,
            0x3703: "." + name.rsplit(".", 1)[-1],
            0x3704: name,
            0x3707: name,
            0x370E: kind,
            0x3705: 1,
        }
        inside.append(Entry(f"__attach_version1.0_#{number:08X}", children=properties(values, 8)))
    return compound_file(Entry("Root Entry", children=inside))
