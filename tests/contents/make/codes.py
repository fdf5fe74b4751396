#!/usr/bin/env python3
"""Makes the pictures and drawings of codes in tests/contents/codes, and their truth.

Needs qrencode, zint and ImageMagick 6 (`convert`). Usage: tests/contents/make/codes.py"""

import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import codes_drawn
import codes_said
from codes_truth import HOST, Truth

HERE = Path(__file__).resolve().parent
FOLDER = HERE.parent / "codes"
ONE_BIT = ("-threshold", "50%", "-depth", "1")


@dataclass(frozen=True)
class Symbol:
    """A code before anything is done to it: points of a side of each square, and the margin in squares."""

    kind: str = "qr"
    scale: int = 4
    margin: int = 4
    level: str = "M"

    def draw(self, text: str, to: Path) -> None:
        if self.kind in ("qr", "micro"):
            micro = ("-M", "-v", "4") if self.kind == "micro" else ()
            command = [
                "qrencode",
                *micro,
                "-l",
                self.level,
                "-s",
                str(self.scale),
                "-m",
                str(self.margin),
                "-o",
                str(to),
                text,
            ]
        else:
            number = {"aztec": "92", "matrix": "71", "pdf417": "55"}[self.kind]
            options = ["--whitesp", str(self.margin), "--vwhitesp", str(self.margin), "--scale", str(self.scale / 2)]
            command = ["zint", "-b", number, *options, "--notext", "-o", str(to), "-d", text]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def convert(*arguments: str) -> None:
    subprocess.run(["convert", *arguments], check=True)


QR = Symbol()
BIG = Symbol(scale=8)
TOUGH = Symbol(scale=6, level="H")
WHITE = ("-background", "white")
GREY = ("-colorspace", "Gray")
SMALL_PALETTE = ("+dither", "-colors", "16")


def rotations() -> dict[str, tuple[Symbol, tuple[str, ...]]]:
    angles = (3, 7, 12, 20, 33, 45, 58, 77, 90, 135, 180, 211, 270, 300)
    return {f"rotated-{angle}.png": (Symbol(scale=6), (*WHITE, "-rotate", str(angle), *ONE_BIT)) for angle in angles}


def inversions() -> dict[str, tuple[Symbol, tuple[str, ...]]]:
    return {
        "inverted.png": (QR, ("-negate", *ONE_BIT)),
        "inverted-big.png": (BIG, ("-negate", *ONE_BIT)),
        "inverted-rotated.png": (Symbol(scale=6), (*WHITE, "-rotate", "25", "-negate", *ONE_BIT)),
        "inverted-tiny.png": (Symbol(scale=2), ("-negate", *ONE_BIT)),
        "inverted-without-margin.png": (Symbol(margin=0), ("-negate", *ONE_BIT)),
        "inverted-on-white.png": (QR, ("-negate", "-bordercolor", "white", "-border", "30", *ONE_BIT)),
        "inverted-colours.png": (QR, ("-negate", "+level-colors", "navy,gold", *SMALL_PALETTE)),
        "mirrored.png": (QR, ("-flop", *ONE_BIT)),
        "mirrored-inverted.png": (QR, ("-flip", "-negate", *ONE_BIT)),
    }


def sizes() -> dict[str, tuple[Symbol, tuple[str, ...]]]:
    def page(width: int, height: int, x: int, y: int) -> tuple[str, ...]:
        return (
            "-background",
            "white",
            "-gravity",
            "NorthWest",
            "-splice",
            f"{x}x{y}",
            "-extent",
            f"{width}x{height}",
            *ONE_BIT,
        )

    return {
        "one-point.png": (Symbol(scale=1), ONE_BIT),
        "one-point-without-margin.png": (Symbol(scale=1, margin=0), ONE_BIT),
        "two-points.png": (Symbol(scale=2), ONE_BIT),
        "three-points.png": (Symbol(scale=3, margin=1), ONE_BIT),
        "without-margin.png": (Symbol(margin=0), ONE_BIT),
        "resized-90.png": (Symbol(scale=8), ("-resize", "90x90", *GREY, *SMALL_PALETTE)),
        "resized-70.png": (Symbol(scale=8), ("-resize", "70x70", *GREY, *SMALL_PALETTE)),
        "resized-131.png": (QR, ("-filter", "point", "-resize", "131x131!", *ONE_BIT)),
        "huge.png": (Symbol(scale=60), ONE_BIT),
        "thirty-points.png": (Symbol(scale=30), ONE_BIT),
        "wide.png": (QR, ("-resize", "180%x100%!", *ONE_BIT)),
        "on-a-page.png": (QR, page(1240, 1754, 900, 1500)),
        "small-on-a-page.png": (Symbol(scale=2), page(1240, 1754, 90, 1600)),
        "on-a-big-page.png": (Symbol(scale=8), page(2480, 3508, 1900, 2900)),
        "on-a-huge-page.png": (Symbol(scale=10), page(4000, 3000, 3100, 200)),
        "long-text.png": (Symbol(scale=3, level="L"), ONE_BIT),
        "longest-text.png": (Symbol(scale=2, level="L"), ONE_BIT),
    }


def colours() -> dict[str, tuple[Symbol, tuple[str, ...]]]:
    pairs = (
        ("black", "yellow"), ("darkred", "white"), ("blue", "white"), ("darkgreen", "lightyellow"), ("purple", "pink"), ("#c00000", "#00a0ff"),
        ("#e00000", "#00a000"), ("#3060ff", "#e06000"), ("orange", "white"), ("#707070", "#a0a0a0"), ("#e8e8e8", "#ffffff"), ("#000000", "#202020"),
        ("#808080", "#989898"),
    )  # fmt: skip
    made = {
        f"colours-{index + 1:02}.png": (QR, ("+level-colors", f"{dark},{light}", *SMALL_PALETTE))
        for index, (dark, light) in enumerate(pairs)
    }
    shade = ("(", "+clone", "-fill", "gradient:#202020-#ffffff", "-tint", "100", ")")
    return {
        **made,
        "transparent.png": (QR, ("-transparent", "white")),
        "transparent-white-code.png": (QR, ("-negate", "-transparent", "black")),
        "transparent-alpha-only.png": (QR, ("-transparent", "white", "-fill", "black", "-colorize", "100")),
        "gradient.png": (
            Symbol(scale=6),
            ("(", "-size", "246x246", "gradient:#303030-#ffffff", ")", "-compose", "multiply", "-composite", *GREY, "-depth", "8", "-colors", "64"),
        ),
        "half-in-shadow.png": (
            Symbol(scale=6),
            ("-fill", "#00000090", "-draw", "polygon 0,0 246,0 0,246", *GREY, *SMALL_PALETTE),
        ),
        "tinted.png": (QR, (*shade[:0], "-fill", "teal", "-colorize", "60", *SMALL_PALETTE)),
    }  # fmt: skip


def damages() -> dict[str, tuple[Symbol, tuple[str, ...]]]:
    noise = ("-seed", "7", "-attenuate")
    return {
        "logo-in-the-middle.png": (TOUGH, ("-fill", "white", "-draw", "rectangle 90,90 150,150", "-fill", "black", "-draw", "circle 120,120 120,140", *ONE_BIT)),
        "blot.png": (TOUGH, ("-fill", "black", "-draw", "circle 150,180 150,195", *ONE_BIT)),
        "scratch.png": (TOUGH, ("-stroke", "white", "-strokewidth", "5", "-draw", "line 0,120 246,160", *ONE_BIT)),
        "torn-corner.png": (TOUGH, ("-fill", "white", "-draw", "polygon 246,246 246,190 190,246", *ONE_BIT)),
        "alignment-gone.png": (TOUGH, ("-fill", "white", "-draw", "rectangle 160,160 200,200", *ONE_BIT)),
        "pepper.png": (TOUGH, (*noise, "0.4", "+noise", "Impulse", *GREY, *ONE_BIT)),
        "noise.png": (TOUGH, (*noise, "0.6", "+noise", "Gaussian", *GREY, "+dither", "-colors", "4")),
        "noise-strong.jpg": (Symbol(level="H"), (*noise, "1.5", "+noise", "Gaussian", *GREY, "-quality", "40")),
        "blurred.png": (BIG, ("-blur", "0x2.5", *GREY, *SMALL_PALETTE)),
        "blurred-strong.png": (BIG, ("-blur", "0x4", *GREY, *SMALL_PALETTE)),
        "blurred-small.png": (QR, ("-blur", "0x1.5", *GREY, *SMALL_PALETTE)),
        "jpeg-30.jpg": (QR, ("-quality", "30")),
        "jpeg-10.jpg": (QR, ("-quality", "10")),
        "jpeg-5.jpg": (BIG, ("-quality", "5")),
        "jpeg-tiny.jpg": (Symbol(scale=2), ("-quality", "40")),
        "from-the-side.png": (Symbol(scale=6), (*WHITE, "-virtual-pixel", "white", "-distort", "Perspective", "0,0 30,20 246,0 226,0 246,246 236,220 0,246 0,246", *ONE_BIT)),
        "from-below.png": (Symbol(scale=6), (*WHITE, "-virtual-pixel", "white", "-distort", "Perspective", "0,0 50,40 246,0 196,40 246,246 246,240 0,246 0,240", *ONE_BIT)),
        "bent.png": (Symbol(scale=6), ("-virtual-pixel", "white", "-wave", "4x300", *ONE_BIT)),
        "skewed.png": (Symbol(scale=6), (*WHITE, "-shear", "15x0", *ONE_BIT)),
        "thin-lines.png": (TOUGH, ("-morphology", "Dilate", "Square:1", *ONE_BIT)),
        "fat-lines.png": (TOUGH, ("-morphology", "Erode", "Disk:1", *ONE_BIT)),
        "screen-dots.png": (TOUGH, ("-colorspace", "Gray", "-fill", "#505050", "-opaque", "black", "-ordered-dither", "h4x4a", *ONE_BIT)),
    }  # fmt: skip


def symbologies() -> dict[str, tuple[Symbol, tuple[str, ...]]]:
    aztec, matrix, pdf = Symbol("aztec", 8), Symbol("matrix", 8), Symbol("pdf417", 4)
    corner = ("-background", "white", "-gravity", "SouthEast", "-extent", "700x600", *ONE_BIT)
    return {
        "aztec.png": (aztec, ONE_BIT),
        "aztec-rotated.png": (aztec, (*WHITE, "-rotate", "31", *ONE_BIT)),
        "aztec-inverted.png": (aztec, ("-negate", *ONE_BIT)),
        "aztec-small.png": (Symbol("aztec", 2), ONE_BIT),
        "aztec-in-a-corner.png": (aztec, corner),
        "aztec-colours.png": (aztec, ("+level-colors", "#e00000,#00a000", *SMALL_PALETTE)),
        "matrix.png": (matrix, ONE_BIT),
        "matrix-rotated.png": (matrix, (*WHITE, "-rotate", "31", *ONE_BIT)),
        "matrix-inverted.png": (matrix, ("-negate", *ONE_BIT)),
        "matrix-small.png": (Symbol("matrix", 4), ONE_BIT),
        "matrix-in-a-corner.png": (matrix, corner),
        "matrix-jpeg.jpg": (matrix, ("-quality", "25")),
        "pdf417.png": (pdf, ONE_BIT),
        "pdf417-upside-down.png": (pdf, ("-rotate", "180", *ONE_BIT)),
        "pdf417-upright.png": (pdf, ("-rotate", "90", *ONE_BIT)),
        "pdf417-aslant.png": (Symbol("pdf417", 6), (*WHITE, "-rotate", "4", *ONE_BIT)),
        "pdf417-inverted.png": (pdf, ("-negate", *ONE_BIT)),
        "pdf417-jpeg.jpg": (pdf, ("-quality", "40")),
        "micro.png": (Symbol("micro", 6, 2, "L"), ONE_BIT),
        "micro-rotated.png": (Symbol("micro", 8, 2, "L"), (*WHITE, "-rotate", "40", *ONE_BIT)),
        "micro-inverted.png": (Symbol("micro", 6, 2, "L"), ("-negate", *ONE_BIT)),
        "micro-small.png": (Symbol("micro", 2, 2, "L"), ONE_BIT),
    }


def formats() -> dict[str, tuple[Symbol, tuple[str, ...]]]:
    return {
        "plain.png": (QR, ONE_BIT),
        "plain.gif": (QR, ()),
        "plain.jpg": (QR, ("-quality", "80")),
        "plain.bmp": (Symbol(scale=3), ("-type", "bilevel", "BMP3:")),
        "plain.webp": (QR, ("-define", "webp:lossless=true")),
        "lossy.webp": (QR, ("-quality", "20")),
        "plain.tiff": (QR, ("-type", "bilevel", "-compress", "LZW")),
        "fax.tiff": (QR, ("-type", "bilevel", "-compress", "Group4")),
        "plain.ico": (Symbol(scale=2), ("-extent", "80x80", "-monochrome")),
        "sixteen-bits.png": (QR, ("-depth", "16")),
        "grey.jpg": (QR, (*GREY, "-quality", "60")),
        "progressive.jpg": (QR, ("-interlace", "JPEG", "-quality", "60")),
        "interlaced.png": (QR, ("-interlace", "PNG", *ONE_BIT)),
        "renamed.txt": (QR, (*ONE_BIT, "png:")),
        "without-ending": (QR, ("-quality", "60", "jpg:")),
    }


def payload(name: str) -> str:
    """What the code of a file says."""
    if name.startswith("micro"):
        return f"HTTPS://KX7.NET/{chr(65 + len(name) % 26)}"
    if name == "long-text.png":
        return f"https://{HOST}/p/long?" + "&".join(f"k{n}={n * 7919:06}" for n in range(40))
    if name == "longest-text.png":
        return f"https://{HOST}/p/longest?" + "&".join(f"k{n}={n * 7919:06}" for n in range(200))
    return f"https://{HOST}/p/{Path(name).name.replace('.', '-')}"


def main() -> None:
    for tool in ("qrencode", "zint", "convert"):
        if shutil.which(tool) is None:
            sys.exit(f"{tool} is not installed")
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    truth = Truth()
    with tempfile.TemporaryDirectory() as scratch:
        plain = Path(scratch) / "code.png"
        for family in (rotations, inversions, sizes, colours, damages, symbologies, formats):
            for name, (symbol, changes) in family().items():
                text = payload(name)
                symbol.draw(text, plain)
                to = str(FOLDER / name)
                *changes_only, last = changes or ("",)
                if last.endswith(":"):
                    to = last + to
                else:
                    changes_only = list(changes)
                convert(str(plain), *changes_only, "-strip", to)
                truth.url(name, text)
    codes_drawn.make(FOLDER, truth)
    codes_said.make(FOLDER, truth)
    (HERE.parent / "codes.tsv").write_text(truth.text(), encoding="utf-8")


if __name__ == "__main__":
    main()
