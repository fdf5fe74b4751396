"""A session of native messaging that does with each mail what a review can do."""

import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from client import Host, greeting
from home import Home

# Seconds within which a host answers that callgrind makes fifty times as slow, on a busy machine.
PATIENCE = 900


def review(home: Home, before: list[str], mails: Iterable[Path]) -> None:
    """Reads every mail as a review does, with its text; copies it as text, and as an event with everything unticked. `before` are the
    words to put before the program."""
    program, *words = [*before, home.program, home.manifest, "mispigeon@mispigeon.org"]
    home.program = str(program)
    # With this the program does not start itself again, which would end the counting.
    host = Host(home, words, greet=False, MALLOC_MMAP_THRESHOLD_="131072")

    def call(method: str, **params: object) -> dict[str, Any]:
        return host.answer(host.ask(method, **params), PATIENCE)

    def pages(method: str, offset: int | None, **params: object) -> Iterable[dict[str, Any]]:
        while offset is not None:
            page = call(method, offset=offset, **params)
            yield page
            offset = page["next"]

    call("hello", **greeting())
    for mail in mails:
        handle, _ = host.hand_over(mail.read_bytes())
        preview = call("preview", message=handle, wait=True)
        items = [*preview["items"]]
        for page in pages("preview.more", preview["next"], message=handle):
            items += page["items"]
        list(pages("preview.text", 0, message=handle))
        finds = " ".join(item["value"] for item in items if item["item"] == "indicator")
        call("preview.within", message=handle, text=finds or mail.name)
        list(pages("export", 0, message=handle, format="text"))
        named = [[item.get("type", "attachment"), item.get("value") or item.get("name")] for item in items]
        overrides = {"deselected": [name for name in named if name[1] is not None]}
        # As carriers they would be as many events, and each gets all choices: SHORTCOMINGS.md says so.
        list(pages("export", 0, message=handle, format="misp", mode="report", overrides=overrides))
        call("message.discard", message=handle)
    if host.end(PATIENCE) != 0:
        raise subprocess.SubprocessError(f"the host failed: {host.said()}")
