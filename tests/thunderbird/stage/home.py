"""The home folder of a run, with mispigeon, its configuration and its command line."""

import json
import os
import pathlib
import subprocess
from typing import Any

FAKE = pathlib.Path(__file__).resolve().parent / "fake_host.py"


class Home:
    """`program` is the mispigeon binary. It reads and writes nothing outside of `folder`."""

    def __init__(self, folder: pathlib.Path, program: pathlib.Path) -> None:
        self.folder, self.program = pathlib.Path(folder), str(program)
        self.configuration = self.folder / ".config" / "mispigeon" / "config.toml"
        self.data = self.folder / ".local" / "share" / "mispigeon"
        keep = {name: value for name, value in os.environ.items() if not name.startswith(("MISPIGEON_", "XDG_"))}
        self.environment = {**keep, "HOME": str(self.folder), "NO_COLOR": "1", "TZ": "UTC"}

    def configure(self, url: str | None = None, key: str | None = None, more: str = "") -> None:
        """Writes the configuration: the server with its key, and further lines below."""
        lines = (
            []
            if url is None
            else ["[misp]", f"url = {json.dumps(url)}", *([f"key = {json.dumps(key)}"] if key else [])]
        )
        self.configuration.parent.mkdir(parents=True, exist_ok=True)
        self.configuration.write_text("\n".join([*lines, more, ""]), encoding="utf-8")
        self.configuration.chmod(0o600)

    def run(self, *words: str | pathlib.Path, accepted: tuple[int, ...] = (0,)) -> str:
        """Runs `mispigeon WORDS`; returns its standard output."""
        done = subprocess.run(
            [self.program, *map(str, words)], env=self.environment, capture_output=True, text=True, timeout=120
        )
        if done.returncode not in accepted:
            raise AssertionError(
                f"mispigeon {' '.join(map(str, words))}: exit code {done.returncode}\n{done.stdout}{done.stderr}"
            )
        return done.stdout

    def would_send(self, path: pathlib.Path, *options: str) -> list[dict[str, Any]]:
        """The events that `mispigeon send` would make of the file."""
        return self.would_send_all([path], *options)

    def would_send_all(self, paths: list[pathlib.Path], *options: str) -> list[dict[str, Any]]:
        text, decoder, events = self.run("send", "--dry-run", *options, *paths), json.JSONDecoder(), []
        while text := text.strip():
            document, end = decoder.raw_decode(text)
            events += [each["Event"] for each in (document if isinstance(document, list) else [document])]
            text = text[end:]
        return events

    def send(self, path: pathlib.Path, *options: str) -> list[dict[str, Any]]:
        """The receipts of `mispigeon send`."""
        return [
            json.loads(line)
            for line in self.run("send", "--format", "json", *options, path).splitlines()
            if line.strip()
        ]

    def install(self) -> str:
        """Installs by the command of the README; returns its output."""
        return self.run("install", "thunderbird")

    @property
    def extension(self) -> pathlib.Path:
        """Path of the XPI that the installation has written."""
        return self.data / "mispigeon.xpi"

    @property
    def manifest(self) -> pathlib.Path:
        """Path of the native messaging manifest, where Thunderbird looks for it."""
        return self.folder / ".mozilla" / "native-messaging-hosts" / "mispigeon.json"

    def start_instead(self, name: str) -> None:
        """Makes Thunderbird start `fake_host` with this behaviour instead of mispigeon."""
        link = self.folder / name
        if not link.is_symlink():
            link.symlink_to(FAKE)
        self.point_to(link)

    def point_to(self, program: pathlib.Path) -> None:
        """Writes the path of another program into the manifest."""
        manifest = json.loads(self.manifest.read_text(encoding="utf-8"))
        self.manifest.write_text(json.dumps(manifest | {"path": str(program)}), encoding="utf-8")
