"""A zip archive that contains itself: what its one member unpacks to is the archive, without an end.

Its stream is a program of two commands, to print what follows and to repeat what was printed last, that prints the program. The
checksum of the archive stands in the archive six times; it follows from equations over single bits, as checksums are linear."""

import struct
import zlib

NAME = b"again.zip"


def stored(content: bytes, is_last: bool = False) -> bytes:
    """The command to print: a stored block."""
    return bytes([is_last]) + struct.pack("<HH", len(content), len(content) ^ 0xFFFF) + content


class Bits:
    def __init__(self) -> None:
        self.bits: list[int] = []

    def number(self, value: int, count: int) -> None:
        """From the lowest bit on, as all numbers but codes stand."""
        self.bits += [value >> at & 1 for at in range(count)]

    def code(self, value: int, count: int) -> None:
        self.bits += [value >> at & 1 for at in reversed(range(count))]

    def bytes(self) -> bytes:
        padded = self.bits + [0] * (-len(self.bits) % 8)
        return bytes(sum(padded[at + bit] << bit for bit in range(8)) for at in range(0, len(padded), 8))


def ranges(first: int, single: int, step: int, count: int) -> list[tuple[int, int]]:
    """The first value of each code for lengths or distances, and the bits behind the code."""
    table = [(first + at, 0) for at in range(single)]
    value, extra = first + single, 1
    while len(table) < count:
        for _ in range(step):
            table.append((value, extra))
            value += 1 << extra
        extra += 1
    return table[:count]


LENGTHS, DISTANCES = ranges(3, 8, 4, 28), ranges(1, 4, 2, 30)


def copies(bits: Bits, lengths: list[int], distance: int) -> None:
    """A block with fixed codes that copies so many bytes from that far back."""
    bits.number(0b010, 3)
    for length in lengths:
        at = max(at for at, (value, _) in enumerate(LENGTHS) if value <= length)
        symbol, extra = 257 + at, LENGTHS[at]
        bits.code(*((symbol - 256, 7) if symbol < 280 else (0xC0 + symbol - 280, 8)))
        bits.number(length - extra[0], extra[1])
        at = max(at for at, (value, _) in enumerate(DISTANCES) if value <= distance)
        bits.code(at, 5)
        bits.number(distance - DISTANCES[at][0], DISTANCES[at][1])
    bits.code(0, 7)


def repeat(count: int) -> bytes:
    """The command to print the last `count` bytes again, in five bytes of which at most two bits are left."""
    for lengths in ([count], [count // 2, count - count // 2]):
        for empty in range(3):
            bits = Bits()
            copies(bits, lengths, count)
            for _ in range(empty):
                copies(bits, [], 1)
            if 38 <= len(bits.bits) <= 40:
                return bits.bytes()
    raise ValueError(f"there are no five bytes that repeat {count}")


def archive(checksum: int, date: int) -> bytes:
    """The archive with this checksum in all its places. Its sizes are those of the archive."""
    size = packed = 0
    while True:
        fields = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, date, checksum, packed, size, len(NAME), 0)
        head = b"PK\3\4" + fields + NAME
        directory = b"PK\1\2" + struct.pack("<H", 20) + fields + bytes(14) + NAME
        end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 1, 1, len(directory), len(head) + packed, 0)
        stream = program(head, directory + end)
        whole = head + stream + directory + end
        if (packed, size) == (len(stream), len(whole)):
            return whole
        packed, size = len(stream), len(whole)


def program(head: bytes, tail: bytes) -> bytes:
    """Prints the head, itself, and the tail."""
    begin = stored(b"")[:1] + struct.pack("<HH", len(head), len(head) ^ 0xFFFF)
    own = len(begin) * 2 + len(head)
    print_own = b"\0" + struct.pack("<HH", own, own ^ 0xFFFF)
    again = repeat(own)
    five, twenty = b"\0\5\0\xfa\xff", b"\0\x14\0\xeb\xff"
    four, nothing = repeat(20), stored(b"")
    # The last repetition and the block that prints the tail, which is one bit string.
    ending = b""
    count = 0
    while count != len(ending) or not ending:
        count = len(ending) or 90
        bits = Bits()
        copies(bits, [count], count)
        bits.number(0b001, 3)
        ending = bits.bytes() + struct.pack("<HH", len(tail), len(tail) ^ 0xFFFF) + tail
    print_ending = b"\0" + struct.pack("<HH", len(ending), len(ending) ^ 0xFFFF)
    return b"".join((
        begin + head,
        print_own + begin + head + print_own,
        again,
        five + again,
        five + five,
        twenty + again + five + five + twenty,
        four,
        twenty + four + twenty + four + twenty,
        four,
        twenty + four + nothing + nothing + print_ending,
        four,
        nothing + nothing + print_ending + ending,
        ending,
    ))  # fmt: skip


def solved(equations: list[int], constant: int) -> int | None:
    """The number whose bits satisfy the equations: column by column, what a bit changes."""
    rows = [
        sum((equations[column] >> row & 1) << column for column in range(32)) | (constant >> row & 1) << 32
        for row in range(32)
    ]
    for column in range(32):
        pivot = next((at for at in range(column, 32) if rows[at] >> column & 1), None)
        if pivot is None:
            return None
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows = [row ^ rows[column] if at != column and row >> column & 1 else row for at, row in enumerate(rows)]
    return sum((row >> 32 & 1) << at for at, row in enumerate(rows))


def quine() -> bytes:
    for date in range(0x21, 0x200):
        base = zlib.crc32(archive(0, date))
        changes = [zlib.crc32(archive(1 << bit, date)) ^ base ^ (1 << bit) for bit in range(32)]
        checksum = solved(changes, base)
        if checksum is not None:
            return archive(checksum, date)
    raise ValueError("no date gives equations that can be solved")
