"""What all makers of the corpus share: a folder of files and the truth beside it."""

import pathlib
from urllib.parse import urlsplit

HERE = pathlib.Path(__file__).resolve().parent.parent


class Corpus:
    """Files of one kind, `tests/contents/NAME/`, and their truth, `NAME.tsv`."""

    def __init__(self, name: str) -> None:
        self.folder, self.truth = HERE / name, HERE / f"{name}.tsv"
        self.folder.mkdir(exist_ok=True)
        for old in self.folder.iterdir():
            old.unlink()
        self.rows: list[tuple[str, str, str]] = []

    def add(self, name: str, content: bytes, *found: str, **told: str) -> None:
        """A file. `found` are URLs, each with its host, and `type=value`; `told` are path, password, note, mail."""
        (self.folder / name).write_bytes(content)
        rows: list[tuple[str, str]] = []
        for value in found:
            kind, _, rest = value.partition("=")
            if ("://" in value and "://" not in rest.partition("?")[0] and not kind.isidentifier()) or value.startswith(
                "http"
            ):
                rows.append(("url", value))
                host = urlsplit(value).hostname or ""
                if host.replace(".", "").isdigit():
                    rows.append(("ip-dst", host))
                else:
                    rows.append(("domain" if host.count(".") == 1 else "hostname", host))
            else:
                rows.append((kind, rest))
        rows += told.items()
        if not rows:
            rows.append(("none", ""))
        self.rows += [(name, *row) for row in dict.fromkeys(rows)]

    def write(self) -> None:
        lines = ["\t".join(row).rstrip("\t") for row in self.rows]
        self.truth.write_text("\n".join(lines) + "\n", encoding="utf-8")
