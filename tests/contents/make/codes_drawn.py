"""Codes that are drawn with characters, cells and shapes, or split over pictures."""

import base64
import subprocess
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from urllib.parse import quote

from codes_truth import HOST, Truth

Squares = list[list[bool]]

# Parts of a character: upper left, upper right, lower left, lower right.
QUARTERS = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█"
# The dots of Braille by row and column.
DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))


def squares(text: str, margin: int = 2) -> Squares:
    """The squares of a QR code."""
    command = ["qrencode", "-t", "ASCII", "-m", str(margin), text]
    drawn = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    width = max(len(line) for line in drawn.splitlines())
    return [[line.ljust(width)[at] == "#" for at in range(0, width, 2)] for line in drawn.splitlines()]


def inverted(code: Squares) -> Squares:
    return [[not dark for dark in row] for row in code]


def at(code: Squares, row: int, column: int) -> bool:
    return row < len(code) and column < len(code[row]) and code[row][column]


def letters(code: Squares, dark: str, light: str) -> str:
    return "".join("".join(dark if one else light for one in row) + "\n" for row in code)


def cells(code: Squares, down: int, across: int, letter: Callable[[list[bool]], str]) -> str:
    """Characters that each show several squares."""
    lines = []
    for row in range(0, len(code), down):
        line = ""
        for column in range(0, len(code[0]), across):
            line += letter([at(code, row + y, column + x) for y in range(down) for x in range(across)])
        lines.append(line)
    return "\n".join(lines) + "\n"


def halves(code: Squares) -> str:
    return cells(code, 2, 1, lambda parts: " ▀▄█"[parts[0] + 2 * parts[1]])


def quarters(code: Squares) -> str:
    return cells(code, 2, 2, lambda parts: QUARTERS[sum(part << index for index, part in enumerate(parts))])


def braille(code: Squares) -> str:
    def letter(parts: list[bool]) -> str:
        dots = (DOTS[index // 2][index % 2] for index, part in enumerate(parts) if part)
        return chr(0x2800 + sum(dots))

    return cells(code, 4, 2, letter)


def texts() -> dict[str, Callable[[Squares], str]]:
    prose = "Dear customer,\n\nplease scan this code with your telephone:\n\n"
    return {
        "blocks.txt": lambda code: letters(code, "██", "  "),
        "blocks-among-prose.txt": lambda code: prose + halves(code) + "\nThank you.\nYour bank\n",
        "blocks-inverted.txt": lambda code: letters(inverted(code), "██", "  "),
        "blocks-single.txt": lambda code: letters(code, "█", " "),
        "halves.txt": halves,
        "halves-inverted.txt": lambda code: halves(inverted(code)),
        "quarters.txt": quarters,
        "braille.txt": braille,
        "number-signs.txt": lambda code: letters(code, "##", "  "),
        "letters.txt": lambda code: letters(code, "XX", ".."),
        "digits.txt": lambda code: letters(code, "1", "0"),
        "squares.txt": lambda code: letters(code, "⬛", "⬜"),
        "shades.txt": lambda code: letters(code, "▓▓", "░░"),
        "quoted.txt": lambda code: prose + "".join(f"> {line}\n" for line in halves(code).splitlines()),
        "spaced-out.txt": lambda code: "".join(f"{line}\n\n" for line in letters(code, "██", "  ").splitlines()),
    }


def page(inner: str, head: str = "") -> str:
    return f"<html><head>{head}</head><body><p>Your mailbox is full. Scan to go on.</p>\n{inner}\n<p>Regards</p></body></html>\n"


def table(rows: Iterable[str]) -> str:
    return page(
        '<table cellspacing="0" cellpadding="0" border="0">' + "".join(f"<tr>{row}</tr>\n" for row in rows) + "</table>"
    )


def cell_rows(code: Squares, dark: str, light: str) -> list[str]:
    return ["".join(dark if one else light for one in row) for row in code]


def runs(row: list[bool]) -> list[tuple[bool, int]]:
    """Equal squares beside one another, and how many."""
    found: list[tuple[bool, int]] = []
    for one in row:
        if found and found[-1][0] == one:
            found[-1] = (one, found[-1][1] + 1)
        else:
            found.append((one, 1))
    return found


def run_cells(row: list[bool]) -> str:
    colours = {True: "#000000", False: "#ffffff"}
    return "".join(f'<td colspan={count} bgcolor="{colours[dark]}" height=4></td>' for dark, count in runs(row))


def rectangles(code: Squares) -> str:
    shapes = ((x, y) for y, row in enumerate(code) for x, dark in enumerate(row) if dark)
    return "".join(f'<rect x="{x}" y="{y}" width="1" height="1"/>' for x, y in shapes)


def steps(code: Squares, step: str) -> str:
    """One path of all runs of dark squares."""
    path = ""
    for y, row in enumerate(code):
        x = 0
        for dark, count in runs(row):
            if dark:
                path += step.format(x=x, y=y, middle=y + 0.5, count=count, back=-count)
            x += count
    return path


def svg(code: Squares, inner: str, ground: str = "#fff", attributes: str = "") -> str:
    size = len(code)
    back = f'<rect width="{size}" height="{size}" fill="{ground}"/>' if ground else ""
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" {attributes}>{back}{inner}</svg>\n'


def path_svg(code: Squares) -> str:
    return svg(code, f'<path d="{steps(code, "M{x} {y}h{count}v1h{back}z")}"/>')


def pages() -> dict[str, Callable[[Squares], str]]:
    styled = ('<td style="background:#000">', '<td style="background:#fff">')
    head = "<style>.d{background:#111}.l{background:#eee}td{width:4px;height:4px}</style>"
    circle = '<circle cx="{}" cy="{}" r="0.5"/>'
    return {
        "table-bgcolor.html": lambda code: table(cell_rows(code, '<td bgcolor="#000000" width=4 height=4>', '<td bgcolor="#ffffff" width=4 height=4>')),
        "table-styles.html": lambda code: table(cell_rows(code, *styled)),
        "table-colours.html": lambda code: table(cell_rows(code, '<td bgcolor=navy width=4 height=4>', '<td width=4 height=4>')),
        "table-classes.html": lambda code: table(cell_rows(code, '<td class="d"></td>', '<td class="l"></td>')).replace("<head>", f"<head>{head}"),
        "table-inverted.html": lambda code: table(cell_rows(inverted(code), *styled)),
        "table-runs.html": lambda code: table(run_cells(row) for row in code),
        "pre-halves.html": lambda code: page(f"<pre>{halves(code)}</pre>"),
        "pre-number-signs.html": lambda code: page(f"<pre style='line-height:1'>\n{letters(code, '##', '  ')}</pre>"),
        "div-blocks.html": lambda code: page("".join(f"<div>{line}</div>" for line in halves(inverted(code)).replace(" ", "&nbsp;").splitlines())),
        "br-blocks.html": lambda code: page("<font face=monospace>" + halves(code).replace(" ", "&nbsp;").replace("\n", "<br>\n") + "</font>"),
        "svg-inline.html": lambda code: page(svg(code, rectangles(code), attributes='width="200"')),
        "svg-path.svg": path_svg,
        "svg-strokes.svg": lambda code: svg(code, f'<path stroke="#000" d="{steps(code, "M{x} {middle}h{count}")}"/>', ""),
        "svg-absolute.svg": lambda code: svg(code, "".join(f'<path d="M{x},{y}H{x + 1}V{y + 1}H{x}Z"/>' for y, row in enumerate(code) for x, dark in enumerate(row) if dark)),
        "svg-circles.svg": lambda code: svg(code, "".join(circle.format(x + 0.5, y + 0.5) for y, row in enumerate(code) for x, dark in enumerate(row) if dark)),
        "svg-used-again.svg": lambda code: svg(code, '<defs><rect id="p" width="1" height="1"/></defs>' + "".join(f'<use href="#p" x="{x}" y="{y}"/>' for y, row in enumerate(code) for x, dark in enumerate(row) if dark)),
        "svg-group.svg": lambda code: svg(code, f'<g transform="translate(2,2) scale(0.8)" fill="darkblue">{rectangles(code)}</g>'),
        "svg-inverted.svg": lambda code: svg(code, f'<g fill="#fff">{rectangles(code)}</g>', "#000"),
        "svg-class-of-ground.svg": lambda code: svg(code, rectangles(code)).replace('fill="#fff"', 'class="ground"'),
        "data-svg.html": lambda code: page(f'<img src="data:image/svg+xml,{quote(path_svg(code))}">'),
        "data-svg-base64.html": lambda code: page(f'<img src="data:image/svg+xml;base64,{base64.b64encode(path_svg(code).encode()).decode()}">'),
    }  # fmt: skip


def made_by_tools(text: str, to: Path) -> None:
    name = to.name
    commands = {
        "svg-qrencode.svg": ["qrencode", "-t", "SVG", "-o", str(to), text],
        "svg-qrencode-path.svg": ["qrencode", "-t", "SVG", "--svg-path", "-o", str(to), text],
        "svg-zint.svg": ["zint", "-b", "58", "--whitesp", "4", "--vwhitesp", "4", "-o", str(to), "-d", text],
        "svg-zint-aztec.svg": ["zint", "-b", "92", "--whitesp", "4", "--vwhitesp", "4", "-o", str(to), "-d", text],
        "svg-zint-matrix.svg": ["zint", "-b", "71", "--whitesp", "4", "--vwhitesp", "4", "-o", str(to), "-d", text],
        "ascii-qrencode.txt": ["qrencode", "-t", "ASCIIi", "-o", str(to), text],
        "utf8-qrencode.txt": ["qrencode", "-t", "UTF8", "-o", str(to), text],
    }
    subprocess.run(commands[name], check=True, stdout=subprocess.DEVNULL)


TOOLS = ("svg-qrencode.svg", "svg-qrencode-path.svg", "svg-zint.svg", "svg-zint-aztec.svg", "svg-zint-matrix.svg", "ascii-qrencode.txt", "utf8-qrencode.txt")  # fmt: skip


def pieces(text: str, across: int, down: int) -> list[list[str]]:
    """The picture of a code as `data:` addresses of its parts, in rows."""
    with tempfile.TemporaryDirectory() as scratch:
        whole = Path(scratch) / "whole.png"
        subprocess.run(["qrencode", "-s", "5", "-o", str(whole), text], check=True)
        parts = str(Path(scratch) / "part-%02d.png")
        subprocess.run(
            ["convert", str(whole), "-crop", f"{across}x{down}@", "+repage", "-depth", "1", parts], check=True
        )
        files = sorted(Path(scratch).glob("part-*.png"))
        sources = [f"data:image/png;base64,{base64.b64encode(file.read_bytes()).decode()}" for file in files]
    return [sources[row * across : (row + 1) * across] for row in range(down)]


def image(source: str) -> str:
    return f'<img src="{source}" style="display:inline-block;border:0" alt="">'


def split() -> dict[str, Callable[[str], str]]:
    def rows(text: str, across: int, down: int) -> list[str]:
        return ["".join(map(image, row)) for row in pieces(text, across, down)]

    def cell(row: list[str]) -> str:
        return "".join(f"<td>{image(source)}</td>" for source in row)

    return {
        "data-png.html": lambda text: page(rows(text, 1, 1)[0]),
        "split-beside.html": lambda text: page(f"<div>{rows(text, 2, 1)[0]}</div>"),
        "split-above.html": lambda text: page("<br>".join(rows(text, 1, 2))),
        "split-above-in-blocks.html": lambda text: page("".join(f"<div>{row}</div>" for row in rows(text, 1, 2))),
        "split-in-three.html": lambda text: page("".join(rows(text, 3, 1))),
        "split-in-a-table.html": lambda text: table(map(cell, pieces(text, 2, 2))),
        "split-after-a-logo.html": lambda text: page(image(LOGO) + rows(text, 2, 1)[0]),
    }


LOGO = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"


def make(folder: Path, truth: Truth) -> None:
    for drawn in (texts(), pages()):
        for name, draw in drawn.items():
            text = f"https://{HOST}/d/{name.replace('.', '-')}"
            (folder / name).write_text(draw(squares(text)), encoding="utf-8")
            truth.url(name, text)
    for name, show in split().items():
        text = f"https://{HOST}/d/{name.replace('.', '-')}"
        (folder / name).write_text(show(text), encoding="utf-8")
        truth.url(name, text)
    for name in TOOLS:
        text = f"https://{HOST}/d/{name.replace('.', '-')}"
        made_by_tools(text, folder / name)
        truth.url(name, text)
