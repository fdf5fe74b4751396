"""Shortcuts of Windows, byte by byte."""

import struct

HEADER = bytes.fromhex("0114020000000000c000000000000046")
HAS_ARGUMENTS, HAS_ICON, IS_UNICODE = 1 << 5, 1 << 6, 1 << 7


def counted(text: str) -> bytes:
    return struct.pack("<H", len(text)) + text.encode("utf-16-le")


def shortcut(target: str, arguments: str, icon: str = "") -> bytes:
    """A shortcut whose target stands in its environment block."""
    flags = HAS_ARGUMENTS | IS_UNICODE | (HAS_ICON if icon else 0)
    header = struct.pack("<I", 0x4C) + HEADER + struct.pack("<I", flags) + bytes(36) + struct.pack("<I", 7) + bytes(12)
    texts = counted(arguments) + (counted(icon) if icon else b"")
    narrow = target.encode("latin-1").ljust(260, b"\0")
    wide = target.encode("utf-16-le").ljust(520, b"\0")
    block = struct.pack("<II", 788, 0xA0000001) + narrow + wide
    return header + texts + block + bytes(4)
