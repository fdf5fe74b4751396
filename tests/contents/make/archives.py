#!/usr/bin/env python3
"""Makes the archives of the corpus, with Python's own modules and with 7z, xz, lzip, zstd, gcab and genisoimage.

Usage: tests/contents/make/archives.py    (needs p7zip-full, xz-utils, lzip, zstd, gcab, genisoimage of Debian; pyzipper of PyPI)"""

import bz2
import gzip
import io
import pathlib
import struct
import subprocess
import tarfile
import tempfile
import zipfile
import zlib

import pyzipper
from corpus import Corpus

corpus = Corpus("archives")
FOUND = 0


def listing() -> tuple[str, bytes]:
    """Another URL for each archive, and a text with it."""
    global FOUND
    FOUND += 1
    url = f"https://ziel{FOUND}.archiv-inhalt.top/a"
    return url, f"please open {url} now\n".encode()


def zipped(*members: tuple[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name, (2026, 3, 10, 8, 0, 0)), content, compress_type=how)
    return out.getvalue()


def made(command: list[str], files: dict[str, bytes], result: str) -> bytes:
    """What a program makes of files in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            path = pathlib.Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
        return pathlib.Path(folder, result).read_bytes()


def zips() -> None:
    for name, how in (
        ("stored", zipfile.ZIP_STORED),
        ("deflated", zipfile.ZIP_DEFLATED),
        ("bzip2", zipfile.ZIP_BZIP2),
        ("lzma", zipfile.ZIP_LZMA),
    ):
        url, text = listing()
        corpus.add(f"{name}.zip", zipped(("folder/liste.txt", text), how=how), url, path=f"{name}.zip > liste.txt")
    url, text = listing()
    inner = zipped(("a.txt", text))
    corpus.add("nested.zip", zipped(("b/innen.zip", inner)), url, path="nested.zip > innen.zip > a.txt")
    url, text = listing()
    corpus.add("no-ending.dat", zipped(("a.txt", text)), url)
    url, text = listing()
    url, text = listing()
    whole = zipped(("a.txt", text), ("b.txt", b"more"))
    corpus.add("no-directory.zip", whole[: whole.index(b"PK\x01\x02")], url)
    url, text = listing()
    corpus.add("umlaut.zip", zipped(("übersicht für märz.txt", text)), url, path="umlaut.zip > übersicht für märz.txt")
    url, text = listing()
    corpus.add("backslash.zip", zipped(("ordner\\liste.txt", text)), url, path="backslash.zip > liste.txt")
    url, text = listing()
    corpus.add("app.jar", zipped(("META-INF/MANIFEST.MF", b"Manifest-Version: 1.0\n"), ("config.txt", text)), url)
    url, text = listing()
    locked = made(["7z", "a", "-tzip", "-pRechnung7", "a.zip", "a.txt"], {"a.txt": text}, "a.zip")
    corpus.add("zipcrypto.zip", locked, url, password="Rechnung7")
    url, text = listing()
    locked = made(["7z", "a", "-tzip", "-mem=AES256", "-pRechnung8", "a.zip", "a.txt"], {"a.txt": text}, "a.zip")
    corpus.add("aes256.zip", locked, url, password="Rechnung8")
    url, text = listing()
    out = io.BytesIO()
    with pyzipper.AESZipFile(out, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword("contraseña".encode())
        archive.setencryption(pyzipper.WZ_AES, nbits=128)
        archive.writestr("a.txt", text)
    corpus.add("aes128.zip", out.getvalue(), url, password="contraseña")
    url, text = listing()
    locked = made(["7z", "a", "-tzip", "-pinfected", "a.zip", "a.txt"], {"a.txt": text}, "a.zip")
    corpus.add("infected.zip", locked, url, mail="See attached.")
    url, text = listing()
    locked = made(["7z", "a", "-tzip", "-p5566", "a.zip", "a.txt"], {"a.txt": text}, "a.zip")
    corpus.add("scan_pass_5566.zip", locked, url, mail="See attached.")
    _, text = listing()
    locked = made(["7z", "a", "-tzip", "-px7Gk2Lqz", "a.zip", "a.txt"], {"a.txt": text}, "a.zip")
    corpus.add("unknown.zip", locked, note="contents_locked", mail="See attached.")


def seven() -> None:
    for name, arguments, password in (
        ("plain", [], ""),
        ("lzma", ["-m0=lzma"], ""),
        ("ppmd", ["-m0=ppmd"], ""),
        ("bzip2", ["-m0=bzip2"], ""),
        ("bcj", ["-m0=bcj", "-m1=lzma2"], ""),
        ("locked", ["-pTasse12"], "Tasse12"),
        ("locked-names", ["-pTasse13", "-mhe=on"], "Tasse13"),
    ):
        url, text = listing()
        content = made(["7z", "a", *arguments, "a.7z", "a.txt", "b.txt"], {"a.txt": text, "b.txt": b"more"}, "a.7z")
        told = {"password": password} if password else {}
        corpus.add(f"{name}.7z", content, url, path=f"{name}.7z > a.txt", **told)
    _, text = listing()
    content = made(["7z", "a", "-pu8Hq3Zt", "-mhe=on", "a.7z", "a.txt"], {"a.txt": text}, "a.7z")
    corpus.add("unknown.7z", content, note="contents_locked", mail="See attached.")


def streams() -> None:
    for name, pack in (("liste.txt.gz", gzip.compress), ("liste.txt.bz2", bz2.compress)):
        url, text = listing()
        corpus.add(name, pack(text), url, path=f"{name} > liste.txt")
    for name, command in (
        ("liste.txt.xz", ["xz", "-k"]),
        ("liste.txt.lzma", ["xz", "-k", "--format=lzma"]),
        ("liste.txt.lz", ["lzip", "-k"]),
        ("liste.txt.zst", ["zstd", "-q"]),
    ):
        url, text = listing()
        corpus.add(name, made([*command, "liste.txt"], {"liste.txt": text}, name), url, path=f"{name} > liste.txt")
    url, text = listing()
    corpus.add("two.txt.gz", gzip.compress(b"first part\n") + gzip.compress(text), url)
    for mode, name in (("w", "a.tar"), ("w:gz", "a.tgz"), ("w:bz2", "a.tar.bz2"), ("w:xz", "a.tar.xz")):
        url, text = listing()
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]
            member = tarfile.TarInfo("ordner/" + "lang" * 30 + "/liste.txt")
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text))
        corpus.add(name, out.getvalue(), url)


def discs() -> None:
    for name, arguments in (("plain", []), ("joliet", ["-J"]), ("rock-ridge", ["-R"])):
        url, text = listing()
        content = made(["genisoimage", "-quiet", *arguments, "-o", "a.iso", "in"], {"in/sub/liste.txt": text}, "a.iso")
        # Zeros of the image are of no use in a repository.
        corpus.add(f"{name}.iso.gz", gzip.compress(content, mtime=0), url)
    url, text = listing()
    corpus.add("a.cab", made(["gcab", "-c", "-z", "a.cab", "liste.txt"], {"liste.txt": text}, "a.cab"), url)


def rars() -> None:
    """Stored ones, by hand: no free program packs them."""

    def number(value: int) -> bytes:
        out = b""
        while value > 127:
            out, value = out + bytes([value & 127 | 128]), value >> 7
        return out + bytes([value])

    def block(body: bytes) -> bytes:
        sized = number(len(body)) + body
        return struct.pack("<I", zlib.crc32(sized)) + sized

    url, text = listing()
    name = b"ordner/liste.txt"
    member = number(2) + number(2) + number(len(text)) + number(4) + number(len(text)) + number(0)
    member += struct.pack("<I", zlib.crc32(text)) + number(0) + number(1) + number(len(name)) + name
    fifth = (
        b"Rar!\x1a\x07\x01\x00"
        + block(number(1) + number(0) + number(0))
        + block(member)
        + text
        + block(number(5) + number(0) + number(0))
    )
    corpus.add("five.rar", fifth, url, path="five.rar > liste.txt")

    def old(kind: int, flags: int, body: bytes) -> bytes:
        head = struct.pack("<BHH", kind, flags, 7 + len(body)) + body
        return struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head

    url, text = listing()
    name = b"liste.txt"
    body = (
        struct.pack("<IIBIIBBHI", len(text), len(text), 0, zlib.crc32(text), 0x5A6A4100, 29, 0x30, len(name), 32) + name
    )
    fourth = b"Rar!\x1a\x07\x00" + old(0x73, 0, bytes(6)) + old(0x74, 0x8000, body) + text + old(0x7B, 0x4000, b"")
    corpus.add("four.rar", fourth, url, path="four.rar > liste.txt")


def named() -> None:
    corpus.add("a.arj", b"\x60\xea" + bytes(60), note="contents_unsupported")
    corpus.add("a.ace", bytes(7) + b"**ACE**" + bytes(60), note="contents_unsupported")
    corpus.add("a.lzh", b"\x20\x00-lh5-" + bytes(60), note="contents_unsupported")


def bombs() -> None:
    corpus.add("bomb.zip", zipped(("a.bin", bytes(60_000_000))), note="contents_stopped")
    corpus.add("bomb.gz", gzip.compress(bytes(60_000_000), mtime=0), note="contents_stopped")
    content = b"a" * 40_000_000
    for _ in range(3):
        content = zipped(("a.zip", content))
    corpus.add("bomb-nested.zip", content, note="contents_stopped")
    corpus.add(
        "many.zip",
        zipped(*((f"{number}.txt", b"x") for number in range(1200)), how=zipfile.ZIP_STORED),
        note="contents_stopped",
    )
    corpus.add(
        "raw-deflate.gz", b"\x1f\x8b\x08\0\0\0\0\0\0\3" + zlib.compress(b"x")[2:-4], path="raw-deflate.gz > raw-deflate"
    )


for make in (zips, seven, rars, streams, discs, named, bombs):
    make()
corpus.write()
