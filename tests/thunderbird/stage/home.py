"""The home folder of a run: mispigeon installed there, its configuration, its command line."""

import json
import os
import pathlib
import subprocess


class Home:
    """`program` is the mispigeon binary. Nothing outside of `folder` is read or written."""

    def __init__(self, folder, program):
        self.folder, self.program = pathlib.Path(folder), str(program)
        self.configuration = self.folder / ".config" / "mispigeon" / "config.toml"
        self.data = self.folder / ".local" / "share" / "mispigeon"
        keep = {name: value for name, value in os.environ.items() if not name.startswith(("MISPIGEON_", "XDG_"))}
        self.environment = {**keep, "HOME": str(self.folder), "NO_COLOR": "1", "TZ": "UTC"}

    def configure(self, url=None, key=None, more=""):
        """Writes the configuration: the server with its key, and what is to stand below that."""
        lines = [] if url is None else ["[misp]", f"url = {json.dumps(url)}", *([f"key = {json.dumps(key)}"] if key else [])]
        self.configuration.parent.mkdir(parents=True, exist_ok=True)
        self.configuration.write_text("\n".join([*lines, more, ""]), encoding="utf-8")
        self.configuration.chmod(0o600)

    def run(self, *words, accepted=(0,)):
        """Runs `mispigeon WORDS`; gives its standard output."""
        done = subprocess.run([self.program, *map(str, words)], env=self.environment, capture_output=True, text=True, timeout=120)
        if done.returncode not in accepted:
            raise AssertionError(f"mispigeon {' '.join(map(str, words))}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def would_send(self, path, *options):
        """The events that `mispigeon send` would make of the file."""
        return self.would_send_all([path], *options)

    def would_send_all(self, paths, *options):
        text, decoder, events = self.run("send", "--dry-run", *options, *paths), json.JSONDecoder(), []
        while text := text.strip():
            document, end = decoder.raw_decode(text)
            events += [each["Event"] for each in (document if isinstance(document, list) else [document])]
            text = text[end:]
        return events

    def send(self, path, *options):
        """The receipts of `mispigeon send`."""
        return [json.loads(line) for line in self.run("send", "--format", "json", *options, path).splitlines() if line.strip()]

    def install(self):
        """Temporary."""
        import zipfile
        self.extension = self.folder / "mispigeon.xpi"
        src = pathlib.Path(__file__).resolve().parents[3] / "extension" / "src"
        with zipfile.ZipFile(self.extension, "w") as out:
            for path in sorted(src.rglob("*")):
                out.write(path, path.relative_to(src))
        self.manifest.parent.mkdir(parents=True, exist_ok=True)
        self.manifest.write_text(json.dumps({"name": "mispigeon", "description": "x", "type": "stdio", "path": self.program,
            "allowed_extensions": ["mispigeon@mispigeon.org"]}))

    @property
    def manifest(self):
        """The native messaging manifest, where Thunderbird looks for it."""
        return self.folder / ".mozilla" / "native-messaging-hosts" / "mispigeon.json"

    def point_to(self, program):
        """Lets Thunderbird start another program in place of the host."""
        manifest = json.loads(self.manifest.read_text(encoding="utf-8"))
        self.manifest.write_text(json.dumps(manifest | {"path": str(program)}), encoding="utf-8")
