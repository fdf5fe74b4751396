"""What codes say beside plain URLs, several codes in a picture, and pictures without a code."""

import subprocess
import tempfile
from pathlib import Path

from codes_truth import HOST, Truth

COIN = "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"
SEGWIT = "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"
SAID: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "upper-case": ("HTTPS://KONTOBRIEF-SCAN.NET/PAY", (("url", "https://kontobrief-scan.net/PAY"), ("domain", HOST))),
    "without-scheme": ("kontobrief-scan.net/pay", (("url", "kontobrief-scan.net/pay"), ("domain", HOST))),
    "mailto": ("mailto:desk@kontobrief-scan.net?subject=hello", (("email", "desk@kontobrief-scan.net"),)),
    "matmsg": ("MATMSG:TO:desk@kontobrief-scan.net;SUB:hello;BODY:see https://lotsenamt.net/a;;", (("email", "desk@kontobrief-scan.net"), ("url", "https://lotsenamt.net/a"), ("domain", "lotsenamt.net"))),
    "smsto": ("SMSTO:+4915123456789:see https://lotsenamt.net/b", (("url", "https://lotsenamt.net/b"), ("domain", "lotsenamt.net"))),
    "mecard": ("MECARD:N:Desk,Pay;TEL:+4915123456789;EMAIL:desk@kontobrief-scan.net;URL:lotsenamt.net/c;;", (("email", "desk@kontobrief-scan.net"), ("url", "lotsenamt.net/c"), ("domain", "lotsenamt.net"))),
    "vcard": ("BEGIN:VCARD\nVERSION:3.0\nN:Desk;Pay\nEMAIL:desk@kontobrief-scan.net\nURL:https://lotsenamt.net/d\nEND:VCARD", (("email", "desk@kontobrief-scan.net"), ("url", "https://lotsenamt.net/d"), ("domain", "lotsenamt.net"))),
    "urlto": ("URLTO:https://lotsenamt.net/e", (("url", "https://lotsenamt.net/e"), ("domain", "lotsenamt.net"))),
    "mebkm": ("MEBKM:TITLE:Pay;URL:https\\://lotsenamt.net/f;;", (("url", "https://lotsenamt.net/f"), ("domain", "lotsenamt.net"))),
    "wifi": ("WIFI:T:WPA;S:guest.stadtkasse.net;P:lotsenamt.net;;", ()),
    "otpauth": ("otpauth://totp/stadtkasse.net:anna@stadtkasse.net?secret=JBSWY3DPEHPK3PXP&issuer=stadtkasse.net", ()),
    "tel": ("tel:+4915123456789", ()),
    "geo": ("geo:52.5200,13.4050?q=stadtkasse.net", ()),
    "bitcoin": (f"bitcoin:{COIN}?amount=0.05&label=invoice", (("btc", COIN),)),
    "bitcoin-upper-case": (f"BITCOIN:{SEGWIT.upper()}?amount=0.05", (("btc", SEGWIT),)),
    "epc": ("BCD\n002\n1\nSCT\nBFSWDE33BER\nLotsenamt\nDE89370400440532013000\nEUR12.30\n\n\nInvoice 4711", ()),
    "swiss": ("SPC\n0200\n1\nCH4431999123000889012\nS\nLotsenamt\nHauptstr.\n7\n3001\nBern\nCH\n\n\n\n\n\n\n\n12.30\nCHF\n\n\n\n\n\n\n\nNON\n\nInvoice\nEPD", ()),
    "two-lines": ("See\nhttps://lotsenamt.net/g\nand\nhttps://lotsenamt.net/h", (("url", "https://lotsenamt.net/g"), ("url", "https://lotsenamt.net/h"), ("domain", "lotsenamt.net"))),
    "address": ("http://185.243.113.80:8080/qr", (("url", "http://185.243.113.80:8080/qr"), ("ip-dst", "185.243.113.80"))),
    "umlaut": ("https://kontoprüfen-lotse.net/qr", (("url", "https://xn--kontoprfen-lotse-pzb.net/qr"), ("domain", "xn--kontoprfen-lotse-pzb.net"))),
    "words": ("Thank you for your visit to the town hall", ()),
}  # fmt: skip


def qr(text: str, to: Path, scale: int = 4) -> None:
    subprocess.run(["qrencode", "-s", str(scale), "-o", str(to), text], check=True)


def convert(*arguments: str) -> None:
    *changes, to = arguments
    subprocess.run(["convert", *changes, "-strip", to], check=True)


def several(folder: Path, scratch: Path, truth: Truth) -> None:
    """Several codes in a picture, and in the frames of a moving one."""
    files = []
    texts = [f"https://{HOST}/s/{number}" for number in range(5)]
    for number, text in enumerate(texts):
        files.append(str(scratch / f"{number}.png"))
        qr(text, Path(files[-1]), 3 + number % 3)
    ways: dict[str, tuple[tuple[str, ...], int]] = {
        "two-beside.png": ((*files[:2], "-background", "white", "+append", "-threshold", "50%", "-depth", "1"), 2),
        "three-below.png": ((*files[:3], "-background", "white", "-append", "-threshold", "50%", "-depth", "1"), 3),
        "two-of-which-one-inverted.png": ((files[0], "(", files[1], "-negate", ")", "-background", "white", "+append", "-threshold", "50%", "-depth", "1"), 2),
        "moving.gif": (("-delay", "100", files[0], files[3], "-loop", "0"), 2),
        "late-frame.gif": (("-delay", "100", "-size", "164x164", "xc:white", "xc:gray", files[1], "-loop", "0"), 0),
    }  # fmt: skip
    for name, (arguments, count) in ways.items():
        convert(*arguments, str(folder / name))
        shown = texts[:count]
        if name == "moving.gif":
            shown = [texts[0], texts[3]]
        elif name == "late-frame.gif":
            shown = [texts[1]]
        for text in shown:
            truth.url(name, text)
    matrix = scratch / "matrix.png"
    subprocess.run(["zint", "-b", "71", "--scale", "4", "--whitesp", "4", "--vwhitesp", "4", "-o", str(matrix), "-d", texts[4]], check=True, stdout=subprocess.DEVNULL)  # fmt: skip
    convert(files[0], str(matrix), "-background", "white", "-gravity", "center", "+append", "-threshold", "50%", "-depth", "1", str(folder / "two-kinds.png"))  # fmt: skip
    truth.url("two-kinds.png", texts[0])
    truth.url("two-kinds.png", texts[4])


def without_code(folder: Path, truth: Truth) -> None:
    bits = ("-threshold", "50%", "-depth", "1")
    pictures: dict[str, tuple[str, ...]] = {
        "no-code-checkerboard.png": ("-size", "200x200", "pattern:checkerboard", "-auto-level", *bits),
        "no-code-noise.png": ("-size", "120x120", "xc:gray50", "-seed", "3", "+noise", "Random", "-colorspace", "Gray", *bits),
        "no-code-logo.png": ("-size", "200x80", "xc:white", "-fill", "black", "-draw", "circle 40,40 40,10", "-draw", "rectangle 90,20 180,60", "-fill", "white", "-draw", "circle 40,40 40,25", *bits),
        "no-code-corners.png": ("-size", "150x150", "xc:white", "-fill", "black", "-draw", "rectangle 10,10 44,44 rectangle 106,10 140,44 rectangle 10,106 44,140", "-fill", "white", "-draw", "rectangle 15,15 39,39 rectangle 111,15 135,39 rectangle 15,111 39,135", "-fill", "black", "-draw", "rectangle 20,20 34,34 rectangle 116,20 130,34 rectangle 20,116 34,130", *bits),
        "no-code-stripes.png": ("-size", "300x100", "pattern:vertical3", "-auto-level", *bits),
        "no-code-point.gif": ("-size", "1x1", "xc:white"),
        "no-code-gradient.jpg": ("-size", "160x120", "gradient:red-blue", "-quality", "40"),
    }  # fmt: skip
    for name, arguments in pictures.items():
        convert(*arguments, str(folder / name))
        truth.none(name)
    bars = "".join(f'<rect x="{x * 20}" y="{100 - x * 9}" width="15" height="{x * 9}" fill="teal"/>' for x in range(10))
    row = "".join(f'<td bgcolor="{"#eee" if x % 2 else "#fff"}">{x * 17}</td>' for x in range(12))
    written = {
        "no-code-chart.svg": f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 100">{bars}</svg>\n',
        "no-code-table.html": f"<table>{f'<tr>{row}</tr>' * 14}</table>\n",
        "no-code-rules.txt": "Prices\n" + ("-" * 40 + "\n" + "=" * 40 + "\n") * 6,
        "no-code-art.txt": "".join(" " * (12 - n) + "#" * (2 * n + 1) + "\n" for n in range(12)),
    }
    for name, text in written.items():
        (folder / name).write_text(text, encoding="utf-8")
        truth.none(name)


def make(folder: Path, truth: Truth) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        for name, (text, found) in SAID.items():
            file = f"says-{name}.png"
            qr(text, folder / file, 3)
            for kind, value in found:
                truth.add(file, kind, value)
            if not found:
                truth.none(file)
        several(folder, Path(scratch), truth)
    without_code(folder, truth)
