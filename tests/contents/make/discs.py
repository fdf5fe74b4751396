#!/usr/bin/env python3
"""Makes the disk images of the corpus, with the programs that make file systems.

Usage: tests/contents/make/discs.py    (needs mtools, dosfstools, ntfs-3g, genisoimage, fdisk, qemu-utils of Debian; pycdlib of PyPI)"""

import gzip
import io
import pathlib
import random
import struct
import subprocess
import tempfile

import pycdlib
from corpus import Corpus

corpus = Corpus("discs")
FOUND = 0
SECTOR = 512


def link() -> str:
    """Another URL for each file."""
    global FOUND
    FOUND += 1
    return f"https://ziel{FOUND}.datentraeger-inhalt.top/a"


def text(url: str, lines: int = 1) -> bytes:
    return b"nothing to see here\n" * (lines - 1) + f"please open {url} now\n".encode()


def shortcut(url: str) -> bytes:
    return f"[InternetShortcut]\r\nURL={url}\r\n".encode()


def page(url: str) -> bytes:
    return f'<html><body><a href="{url}">Rechnung</a></body></html>\n'.encode()


class Folder:
    """A folder of files to be put on a disk, and programs that run there."""

    def __init__(self) -> None:
        self.kept = tempfile.TemporaryDirectory()
        self.path = pathlib.Path(self.kept.name)

    def put(self, name: str, content: bytes) -> str:
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return name

    def run(self, *command: str, stdin: str = "") -> None:
        subprocess.run(command, cwd=self.path, check=True, capture_output=True, input=stdin.encode())

    def get(self, name: str) -> bytes:
        return (self.path / name).read_bytes()


def noise(size: int) -> bytes:
    """What does not pack: a file of zeros alone would be taken for a bomb."""
    return random.Random(1).randbytes(size)


def add(name: str, content: bytes, *found: str, **told: str) -> None:
    """Packed: zeros of an image are of no use in a repository."""
    corpus.add(f"{name}.gz", gzip.compress(content, mtime=0), *found, **told)


def fat(size: int, *options: str) -> tuple[bytes, list[str]]:
    """A volume with a text, a page under a long name in a folder, a shortcut in pieces between others, and a deleted file."""
    urls = [link(), link(), link()]
    folder = Folder()
    folder.put("a.img", bytes(size))
    folder.run("mkfs.fat", "--invariant", *options, "a.img")
    folder.put("LISTE.TXT", text(urls[0], 500))
    folder.put("page", page(urls[1]))
    folder.put("link", shortcut(urls[2]) + b"; filler\r\n" * 400)
    folder.put("gone", text(link()))
    folder.put("gap", noise(700))
    folder.put("noise", noise(min(size // 200, 20_000)))
    for number in range(6):
        folder.run("mcopy", "-i", "a.img", "gap", f"::GAP{number}.BIN")
    for number in (0, 2, 4):
        folder.run("mdel", "-i", "a.img", f"::GAP{number}.BIN")
    folder.run("mcopy", "-i", "a.img", "noise", "::NOISE.BIN")
    folder.run("mcopy", "-i", "a.img", "link", "::Rechnung März 2026.url")
    folder.run("mcopy", "-i", "a.img", "gone", "::Gelöschte Datei mit langem Namen.txt")
    folder.run("mdel", "-i", "a.img", "::Gelöschte Datei mit langem Namen.txt")
    folder.run("mmd", "-i", "a.img", "::Ordner mit Namen", "::Ordner mit Namen/innen")
    folder.run("mcopy", "-i", "a.img", "LISTE.TXT", "::LISTE.TXT")
    folder.run("mcopy", "-i", "a.img", "page", "::Ordner mit Namen/innen/Zahlungserinnerung Ünïcode.html")
    return folder.get("a.img"), urls


def fats() -> None:
    for name, size, options in (
        ("fat12.ima", 1440 << 10, ["-F", "12"]),
        ("fat12-large-clusters.img", 2 << 20, ["-F", "12", "-s", "8"]),
        ("fat16.dd", 4 << 20, ["-F", "16", "-s", "1"]),
    ):
        image, urls = fat(size, *options)
        path = f"{name}.gz > {name} > Zahlungserinnerung Ünïcode.html"
        add(name, image, *urls, path=path)


def ntfs(size: int) -> tuple[bytes, list[str]]:
    """A volume with a small text in its record, one in clusters, one in many pieces, and a named stream."""
    urls = [link(), link(), link(), link()]
    folder = Folder()
    folder.put("a.img", bytes(size))
    folder.run("mkntfs", "-F", "-q", "-s", "512", "-c", "512", "-L", "x", "a.img")
    folder.put("small", text(urls[0]))
    folder.put("large", text(urls[1], 3000))
    folder.put("page", page(urls[2]))
    folder.put("stream", f"[ZoneTransfer]\r\nZoneId=3\r\nHostUrl={urls[3]}\r\n".encode())
    folder.put("noise", noise(min(size // 200, 20_000)))
    for source, target in (
        ("noise", "noise.bin"),
        ("small", "klein.txt"),
        ("large", "groß und lang.txt"),
        ("page", "seite.html"),
    ):
        folder.run("ntfscp", "-f", "-q", "a.img", source, target)
    folder.run("ntfscp", "-f", "-q", "-N", "Zone.Identifier.txt", "a.img", "stream", "seite.html")
    image = folder.get("a.img")
    # The table of capitals is the same everywhere, and packs badly.
    at = image.index(b"".join(struct.pack("<H", number) for number in range(64)))
    return image[:at] + bytes(1 << 17) + image[at + (1 << 17) :], urls


def ntfses() -> None:
    image, urls = ntfs(2 << 20)
    add("ntfs.img", image, *urls, path="ntfs.img.gz > ntfs.img > groß und lang.txt")


def tables() -> None:
    first, urls = fat(1 << 20, "-F", "12")
    second, more = ntfs(2 << 20)
    third, logical = fat(1 << 20, "-F", "12")

    def disk(label: str, identifier: str, script: str, *parts: tuple[int, bytes]) -> bytes:
        folder = Folder()
        image = bytearray(6 << 20)
        folder.put("a.img", bytes(image))
        folder.run("sfdisk", "-q", "--label", label, "a.img", stdin=f"label-id: {identifier}\n{script}")
        image[:] = folder.get("a.img")
        for sector, content in parts:
            image[sector * SECTOR : sector * SECTOR + len(content)] = content
        return bytes(image)

    script = "start=64,size=2048,type=6\nstart=2176,size=4096,type=7\nstart=6400,size=4096,type=5\nstart=6464,size=2048,type=1\n"
    image = disk("dos", "0x12345678", script, (64, first), (2176, second), (6464, third))
    add("mbr.img", image, *urls, *more, *logical)
    first, urls = fat(1 << 20, "-F", "12")
    second, more = ntfs(2 << 20)
    image = disk(
        "gpt",
        "12345678-1234-1234-1234-123456789abc",
        "start=2048,size=2048\nstart=4096,size=4096\n",
        (2048, first),
        (4096, second),
    )
    add("gpt.img", image, *urls, *more)


def udfs() -> None:
    urls = [link(), link()]
    folder = Folder()
    folder.put("in/sub/Liste der Rechnungen vom März.txt", text(urls[0], 300))
    folder.put("in/Счёт.html", page(urls[1]))
    folder.run("genisoimage", "-quiet", "-udf", "-input-charset", "utf-8", "-o", "a.iso", "in")
    add("bridge.iso", folder.get("a.iso"), *urls, path="bridge.iso.gz > bridge.iso > Liste der Rechnungen vom März.txt")
    # The same without what ISO 9660 has of it.
    urls = [link()]
    folder = Folder()
    folder.put("in/liste.txt", text(urls[0], 300))
    folder.run("genisoimage", "-quiet", "-udf", "-hide", "*", "-o", "a.iso", "in")
    image = folder.get("a.iso")
    add("bridge-empty.iso", image, *urls, path="bridge-empty.iso.gz > bridge-empty.iso > liste.txt")
    # And without its descriptors: these sectors are empty where there is only UDF.
    urls = [link(), link()]
    folder = Folder()
    folder.put("in/a/b/c/liste.txt", text(urls[0]))
    folder.put("in/link.url", shortcut(urls[1]))
    folder.run("genisoimage", "-quiet", "-udf", "-o", "a.iso", "in")
    image = folder.get("a.iso")
    first = image.index(b"BEA01") - 1
    add(
        "plain.udf",
        image[:0x8000] + image[first : first + 3 * 2048] + bytes(first - 0x8000) + image[first + 3 * 2048 :],
        *urls,
    )
    # By another program, of a later revision.
    urls = [link(), link()]
    disc = pycdlib.PyCdlib()
    disc.new(udf="2.60")
    disc.add_directory(udf_path="/ordner")
    for name, content in (("/ordner/Rechnung März.txt", text(urls[0], 400)), ("/seite.html", page(urls[1]))):
        disc.add_fp(io.BytesIO(content), len(content), udf_path=name)
    out = io.BytesIO()
    disc.write_fp(out)
    disc.close()
    add("only-udf.iso", out.getvalue(), *urls, path="only-udf.iso.gz > only-udf.iso > Rechnung März.txt")


def vhds() -> None:
    for name, subformat, size, options in (
        ("fat32.vhd", "dynamic", 34 << 20, ["-F", "32", "-s", "1"]),
        ("fixed.vhd", "fixed", 1 << 20, ["-F", "12"]),
    ):
        volume, urls = fat(size, *options)
        folder = Folder()
        folder.put("a.img", volume)
        folder.run("qemu-img", "convert", "-O", "vpc", "-o", f"subformat={subformat},force_size=on", "a.img", "a.vhd")
        path = f"{name}.gz > {name} > Zahlungserinnerung Ünïcode.html"
        add(name, folder.get("a.vhd"), *urls, path=path)


for make in (fats, ntfses, tables, udfs, vhds):
    make()
corpus.write()
