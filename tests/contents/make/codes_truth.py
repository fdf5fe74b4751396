"""What must be found in the files of codes."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

HOST = "kontobrief-scan.net"


@dataclass
class Truth:
    """The rows of the truth."""

    rows: list[tuple[str, str, str]] = field(default_factory=list)

    def add(self, file: str, found: str, value: str) -> None:
        if (file, found, value) not in self.rows:
            self.rows.append((file, found, value))

    def url(self, file: str, url: str) -> None:
        """A URL and its host, which MISP keeps in lower case."""
        scheme, rest = url.split("://", 1)
        host, slash, path = rest.partition("/")
        self.add(file, "url", f"{scheme.lower()}://{host.lower()}{slash}{path}")
        name = urlsplit(url).hostname or ""
        self.add(file, "domain" if name.count(".") == 1 else "hostname", name)

    def none(self, file: str) -> None:
        self.add(file, "none", "")

    def text(self) -> str:
        return "".join("\t".join(row) + "\n" for row in self.rows)
