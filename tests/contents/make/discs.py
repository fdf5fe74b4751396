#!/usr/bin/env python3
"""Makes images of discs and hard disks, with the tools that people make them with, and the truth of what is in them.

Usage: tests/contents/make/discs.py    (needs mtools, dosfstools, ntfs-3g, genisoimage, qemu-utils and fdisk of Debian)"""

import os
import pathlib
import subprocess
import tempfile

from corpus import Corpus

corpus = Corpus("discs")
FILES = {"Rechnung für März.html": "page", "LINK.URL": "link", "folder/deep/notes.txt": "notes"}


def host(name: str) -> str:
    return f"https://scheibe-{name}.top"


def contents(name: str) -> dict[str, bytes]:
    base = host(name)
    return {
        "Rechnung für März.html": f'<a href="{base}/page">pay</a>'.encode(),
        "LINK.URL": f"[InternetShortcut]\r\nURL={base}/link\r\n".encode(),
        "folder/deep/notes.txt": f"see {base}/notes {'x' * 9000}\n".encode(),
    }


def run(*words: str | pathlib.Path, given: str = "") -> None:
    environment = os.environ | {"PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin", "MTOOLS_SKIP_CHECK": "1"}
    subprocess.run(
        [str(word) for word in words], check=True, capture_output=True, env=environment, input=given.encode()
    )


def urls(name: str, *which: str) -> list[str]:
    return [f"{host(name)}/{one}" for one in which or FILES.values()]


def fat(name: str, folder: pathlib.Path, bits: int, kilobytes: int, *options: str) -> bytes:
    image = folder / f"{name}.img"
    run("mkfs.fat", "-F", str(bits), *options, "-C", image, str(kilobytes))
    run("mmd", "-i", image, "::folder", "::folder/deep")
    gone = folder / "gone.txt"
    gone.write_text("https://geloescht.top/x\n")
    for path, content in contents(name).items():
        source = folder / "source"
        source.write_bytes(content)
        run("mcopy", "-i", image, source, f"::{path}")
    run("mcopy", "-i", image, gone, "::gone.txt")
    run("mdel", "-i", image, "::gone.txt")
    return image.read_bytes()


def fats(folder: pathlib.Path) -> None:
    corpus.add("floppy.img", fat("fat12", folder, 12, 160), *urls("fat12"), path="floppy.img > Rechnung für März.html")
    corpus.add("sixteen.ima", fat("fat16", folder, 16, 2300, "-s", "1"), *urls("fat16"))
    fat("fat32", folder, 32, 34_000, "-s", "1")
    image = folder / "fat32.vhd"
    run("qemu-img", "convert", "-O", "vpc", folder / "fat32.img", image)
    corpus.add("thirtytwo.vhd", image.read_bytes(), *urls("fat32"))


def ntfs(folder: pathlib.Path) -> None:
    image = folder / "ntfs.img"
    image.write_bytes(bytes(1536 << 10))
    run("mkntfs", "-F", "-Q", "-q", "-s", "512", "-c", "512", "-p", "0", "-H", "0", "-S", "0", image)
    for path, content in contents("ntfs").items():
        source = folder / "source"
        source.write_bytes(content)
        run("ntfscp", "-q", image, source, path.rsplit("/", 1)[-1])
    corpus.add("windows.img", image.read_bytes(), *urls("ntfs"), path="windows.img > notes.txt")


def udf(folder: pathlib.Path) -> None:
    def made(name: str) -> bytes:
        source = folder / name
        for path, content in contents(name).items():
            target = source / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        image = folder / f"{name}.iso"
        run("genisoimage", "-quiet", "-udf", "-input-charset", "utf-8", "-o", image, source)
        return image.read_bytes()

    corpus.add("both.iso", made("beide"), *urls("beide"), path="both.iso > Rechnung für März.html")
    # Without the descriptors of ISO 9660 only UDF is left.
    only = bytearray(made("udf"))
    kept = [
        only[at : at + 2048]
        for at in range(32768, 65536, 2048)
        if bytes(only[at + 1 : at + 6]) in (b"BEA01", b"NSR02", b"TEA01")
    ]
    only[32768:65536] = b"".join(kept).ljust(32768, b"\0")
    corpus.add("only-udf.iso", bytes(only), *urls("udf"))


def partition(script: str, name: str, folder: pathlib.Path, volume: bytes, at: int) -> bytes:
    disk = folder / f"{name}.disk"
    disk.write_bytes(bytes(at) + volume + bytes(40 << 10))
    run("sfdisk", "-q", disk, given=script)
    content = bytearray(disk.read_bytes())
    content[at : at + len(volume)] = volume
    return bytes(content)


def disks(folder: pathlib.Path) -> None:
    at = 64 << 9
    volume = fat("mbr", folder, 12, 160)
    corpus.add(
        "disk.img", partition("label: dos\nstart=64, size=320, type=1\n", "mbr", folder, volume, at), *urls("mbr")
    )
    volume = fat("gpt", folder, 12, 160)
    size = len(volume) >> 9
    corpus.add("gpt.img", partition(f"label: gpt\nstart=64, size={size}\n", "gpt", folder, volume, at), *urls("gpt"))
    volume = fat("logisch", folder, 12, 160)
    script = "label: dos\nstart=2, size=400, type=5\nstart=64, size=320, type=1\n"
    corpus.add("extended.img", partition(script, "logisch", folder, volume, at), *urls("logisch"))


def virtual(folder: pathlib.Path) -> None:
    for name, subformat in (("vhd", "dynamic"), ("fest", "fixed")):
        raw, image = folder / f"{name}.raw", folder / f"{name}.vhd"
        volume = fat(name, folder, 12, 160)
        raw.write_bytes(partition("label: dos\nstart=64, size=320, type=1\n", name, folder, volume, 64 << 9))
        run("qemu-img", "convert", "-O", "vpc", "-o", f"subformat={subformat},force_size=on", raw, image)
        content = image.read_bytes()
        corpus.add(f"{subformat}.vhd", content, *urls(name), path=f"{subformat}.vhd > LINK.URL")


with tempfile.TemporaryDirectory() as name:
    for make in (fats, ntfs, udf, disks, virtual):
        make(pathlib.Path(name))
corpus.write()
