"""The MISP double as a process that can end and start again at the same address with its events."""

import atexit
import json
import pathlib
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Sequence
from typing import Any

from driver.thunderbird import free_port

DOUBLE = pathlib.Path(__file__).resolve().parents[2] / "misp_double"
# A certificate that no system knows, and its key.
UNKNOWN = (DOUBLE.parent / "it" / "tls" / "server.pem", DOUBLE.parent / "it" / "tls" / "server.key")


def key(name: str) -> str:
    """The key of one of the double's users, such as `DoublePublisher`."""
    return name.ljust(40, "0")


class Misp:
    """`folder` keeps its state while it does not run. `tls` are the files of its certificate and key."""

    def __init__(self, folder: pathlib.Path, tls: Sequence[pathlib.Path] = ()) -> None:
        self.folder, self.port = pathlib.Path(folder), free_port()
        self.process: subprocess.Popen[str] | None = None
        self.folder.mkdir(parents=True, exist_ok=True)
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"
        self.options = ["--tls", *map(str, tls)] if tls else []
        atexit.register(self.go_away)  # Also when the tests are broken off.
        self.come_back()

    def come_back(self) -> None:
        state = ["--state", str(self.folder / "state.json")]
        command = [sys.executable, str(DOUBLE), "--port", str(self.port), *state, *self.options]
        with open(self.folder / "double.log", "ab") as log:
            self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
        assert self.process.stdout
        ready = self.process.stdout.readline()
        if not ready.startswith("listening"):
            raise RuntimeError(f"the MISP double did not start: {ready}")

    def go_away(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait()
            if self.process.stdout:
                self.process.stdout.close()
            self.process = None

    def control(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/__double/{path}", data=data, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def add_tag(self, name: str, colour: str) -> None:
        """Makes a tag, as its administrator does."""
        body = json.dumps({"Tag": {"name": name, "colour": colour}}).encode()
        head = {
            "Authorization": key("DoubleSiteAdmin"),
            "Accept": "application/json",
            "Content-Type": "application/json",
        }
        request = urllib.request.Request(f"{self.url}/tags/add", data=body, headers=head, method="POST")
        urllib.request.urlopen(request, timeout=30).close()

    def event(self, uuid: str) -> Any:  # noqa: ANN401 - as MISP stores it, or None
        """The event as stored, None if there is none."""
        try:
            return self.control("GET", f"events/{uuid}")
        except urllib.error.HTTPError as error:
            if error.code == 404:
                return None
            raise

    def state(self) -> dict[str, int]:
        return self.control("GET", "state")

    def journal(self) -> list[dict[str, Any]]:
        return self.control("GET", "journal")["requests"]

    def events(self) -> list[dict[str, Any]]:
        """The events that were handed over since the journal began, as stored now."""
        added = [each["json"] for each in self.journal() if each["path"].startswith("/events/add")]
        return [self.event(each.get("Event", each)["uuid"]) for each in added]

    def forget_journal(self) -> None:
        self.control("DELETE", "journal")

    def fail(self, kind: str, **rule: object) -> None:
        self.control("POST", "faults", {"kind": kind, **rule})

    def recover(self) -> None:
        self.control("DELETE", "faults")

    def reset(self) -> None:
        self.control("POST", "reset")
