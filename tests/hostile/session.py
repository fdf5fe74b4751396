#!/usr/bin/env python3
"""Gives one mail to the program as Thunderbird or a mail server does, and prints what each step took, as JSON:
[step, seconds, CPU seconds, megabytes, complaint].

    session.py native PROGRAM MAIL
    session.py lmtp PORT PID DATABASE MAIL

`tests/hostile/run` calls it: in a process of its own, so that the memory of the mail is not its own."""

import contextlib
import json
import os
import re
import smtplib
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "protocol"))

MODES = "sample"
TICKS = os.sysconf("SC_CLK_TCK")

# Seconds after which a step hangs.
PATIENCE = 60

# Bytes of names in one request. A frame may have 4 MB.
NAMES = 3 << 20

Step = tuple[str, float, float, int, str]


def cpu(pid: int) -> float:
    """CPU seconds of a process so far, and of its children that have ended."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(") ")[2].split()
    return sum(map(int, fields[11:15])) / TICKS


def peak(pid: int) -> int:
    """Megabytes of memory that a process had at most since `forget`."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) >> 10


def forget(pid: int) -> None:
    Path(f"/proc/{pid}/clear_refs").write_text("5", encoding="ascii")


def measured(name: str, pid: int, run: Callable[[], str]) -> Step:
    forget(pid)
    begun, used = time.monotonic(), cpu(pid)
    try:
        told = run()
    except Exception as error:  # The step failed, and the table says how.
        told = f"{type(error).__name__}: {str(error)[:300]}"
    with contextlib.suppress(OSError):
        return name, time.monotonic() - begun, cpu(pid) - used, peak(pid), told
    return name, time.monotonic() - begun, 0, 0, told or "the program has ended"


def native(program: str, mail: Path) -> Iterator[Step]:
    os.environ["MISPIGEON_BIN"] = program
    from client import Host, Refused
    from home import Home

    class Unchecked(Host):
        """Does not hold frames against the schema, which takes longer than the program takes. The tests of the protocol do."""

        def take(self, deadline: float) -> dict[str, Any] | None:
            data = self.next_frame(deadline)
            if data is None:
                return None
            self.taken.clear()
            message: dict[str, Any] = json.loads(data)
            if "method" not in message:
                self.answers[message["id"]] = message
            return message

    raw = mail.read_bytes()
    with tempfile.TemporaryDirectory() as folder:
        home = Home(folder)
        host = Unchecked(home)
        pid = host.process.pid
        names: list[list[str]] = []

        def cancel() -> str:
            handle = host.handle_of(raw)
            number = host.ask("preview", message=handle, mode=MODES)
            time.sleep(0.05)
            host.cancel(number)
            begun, used = time.monotonic(), cpu(pid)
            with contextlib.suppress(Refused):
                host.answer(number)
            # A busy machine answers late, but does not work for longer.
            late = min(time.monotonic() - begun, cpu(pid) - used)
            # What the call still does counts, but not for the next one.
            before = -1.0
            while before != (before := cpu(pid)):
                time.sleep(0.1)
            # As a review does that is closed.
            host.call("message.discard", message=handle)
            return "" if late <= 1 else f"cancel was answered after {late:.1f} s"

        handle = ""

        def hand_over() -> str:
            nonlocal handle
            handle = host.handle_of(raw)
            return ""

        def preview() -> str:
            seen = host.call("preview", message=handle, mode=MODES)
            while True:
                for item in seen["items"]:
                    name = item.get("name") if item["item"] == "attachment" else item.get("value")
                    if name:
                        names.append([item.get("type", "attachment"), name])
                if seen["next"] is None:
                    return ""
                seen = host.call("preview.more", message=handle, offset=seen["next"])

        def export() -> str:
            offset = 0
            try:
                while offset is not None:
                    offset = host.call("export", message=handle, mode=MODES, format="misp", offset=offset)["next"]
            except Refused as refused:
                return "" if refused.kind == "too_large" else str(refused)
            return ""

        def untick() -> str:
            size, chosen = 0, []
            for name in names:
                size += len(json.dumps(name)) + 2
                if size > NAMES:
                    break
                chosen.append(name)
            sent = host.call("send", message=handle, mode=MODES, overrides={"deselected": chosen})
            states = {delivery["status"] for delivery in sent["deliveries"]}
            rows = host.call("outbox.list")["rows"]
            return "" if states == {"created"} and not rows else f"{states}, {len(rows)} rows wait"

        yield measured("native cancel", pid, cancel)
        yield measured("native hand-over", pid, hand_over)
        yield measured("native preview", pid, preview)
        yield measured("native export", pid, export)
        yield measured("native untick", pid, untick)
        begun = time.monotonic()
        code = host.end()
        told = "" if code == 0 else f"exit code {code}"
        if "panicked" in host.said() or "fault in mispigeon" in host.said():
            told = host.said()[-300:]
        yield "native end", time.monotonic() - begun, 0, 0, told


def lmtp(port: str, pid: int, database: str, mail: Path) -> Iterator[Step]:
    # Mail servers hand over lines that end as the protocol wants.
    raw = re.sub(rb"\r\n|\r|\n", b"\r\n", mail.read_bytes())

    def open_rows() -> list[tuple[str, str]]:
        with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=60)) as rows:
            return rows.execute(
                "SELECT state, ifnull(subject, '') FROM submission WHERE state <> 'delivered'"
            ).fetchall()

    def give() -> str:
        with smtplib.LMTP("127.0.0.1", int(port), timeout=PATIENCE) as server:
            try:
                server.sendmail("eve@wgetcdn-files.com", ["trap@soc-room.net"], raw)
            except (smtplib.SMTPDataError, smtplib.SMTPRecipientsRefused) as error:
                return f"refused: {error}"
        begun = time.monotonic()
        while rows := open_rows():
            if any(state == "failed" for state, _ in rows) or time.monotonic() - begun > PATIENCE:
                return f"not delivered: {rows[0]}"
            time.sleep(0.05)
        return ""

    yield measured("listener", pid, give)


def main() -> int:
    match sys.argv[1:]:
        case ["native", program, mail]:
            steps = native(program, Path(mail))
        case ["lmtp", port, pid, database, mail]:
            steps = lmtp(port, int(pid), database, Path(mail))
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    for step in steps:
        print(json.dumps(step), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
