"""Attachments and samples: what MISP does with `data` and `encrypt`. A raw sample is zipped with ZipCrypto, password
`infected`, the file named by its md5 beside a small file with the real name."""

import base64
import binascii
import hashlib
import io
import os
import struct
import zlib
from typing import Any

PASSWORD = b"infected"


def decode(data: str | None) -> bytes | None:
    """The bytes of base64; none at all of bad base64, which MISP does not mention. None without `data`."""
    if not isinstance(data, str) or not data:
        return None
    try:
        return base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        return b""


def prepare(raw: dict[str, Any], value: str) -> tuple[str, bytes | None]:
    """The value and the bytes to store for an attribute with `data`."""
    content = decode(raw.get("data"))
    if content is None:
        return value, None
    if raw.get("type") == "malware-sample" and truthy(raw.get("encrypt")):
        name = str(value).split("|")[0].strip()
        digest = hashlib.md5(content, usedforsecurity=False).hexdigest()
        return f"{name}|{digest}", protected_zip({digest: content, f"{digest}.filename.txt": name.encode()})
    return value, content


def truthy(flag: bool | str | None) -> bool:
    return flag in (True, 1, "1", "true")


class _ZipCrypto:
    """PKWARE's traditional stream cipher (APPNOTE 6.1), the one that `unzip -P` reads."""

    def __init__(self, password: bytes) -> None:
        self.keys = [0x12345678, 0x23456789, 0x34567890]
        for byte in password:
            self._update(byte)

    def _update(self, byte: int) -> None:
        first, second, third = self.keys
        first = _crc(byte, first)
        second = ((second + (first & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        self.keys = [first, second, _crc(second >> 24, third)]

    def encrypt(self, plain: bytes) -> bytes:
        out = bytearray()
        for byte in plain:
            mixed = (self.keys[2] | 2) & 0xFFFF
            out.append(byte ^ (((mixed * (mixed ^ 1)) >> 8) & 0xFF))
            self._update(byte)
        return bytes(out)


def _crc_table() -> list[int]:
    table = []
    for index in range(256):
        value = index
        for _ in range(8):
            value = (value >> 1) ^ (0xEDB88320 if value & 1 else 0)
        table.append(value)
    return table


_TABLE = _crc_table()


def _crc(byte: int, crc: int) -> int:
    return (crc >> 8) ^ _TABLE[(crc ^ byte) & 0xFF]


def protected_zip(files: dict[str, bytes]) -> bytes:
    """A stored (not compressed) zip, each file encrypted with the usual password."""
    out, directory = io.BytesIO(), io.BytesIO()
    for name, content in files.items():
        crc, encoded, at = zlib.crc32(content), name.encode(), out.tell()
        cipher = _ZipCrypto(PASSWORD)
        body = cipher.encrypt(os.urandom(11) + bytes([crc >> 24]) + content)
        fields = (1 | 0x800, 0, 0, 0x21, crc, len(body), len(content), len(encoded), 0)
        out.write(struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, *fields) + encoded + body)
        directory.write(struct.pack("<IHHHHHHIIIHH", 0x02014B50, 20, 20, *fields))
        directory.write(struct.pack("<HHHII", 0, 0, 0, 0, at) + encoded)
    start, listing = out.tell(), directory.getvalue()
    out.write(listing)
    out.write(struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, len(files), len(files), len(listing), start, 0))
    return out.getvalue()
