"""How fast the listener takes mails: against Postfix's smtp-sink, which keeps nothing, and against Postfix, which stores what it takes as
the listener does; and how fast their events reach the feed."""

import os
import pathlib
import shutil
import smtplib
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Self

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "mail_servers"))
import postfix as postfix_server  # noqa: E402

SESSIONS, LENGTH, MAILS, WARM, HISTORY = 20, 10_000, 10_000, 2_000, 100_000
# Postfix is slower, and what is compared in pairs is measured several times.
FEW, PAIRS, ROWS, PROFILES = 2_000, 4, 1_000_000, 200
# Mails a second, and for how many seconds: longer than delivery waits for a lull.
STEADY, STEADY_FOR = 300, 20
PATH = os.environ["PATH"] + ":/usr/sbin"


def missing() -> str | None:
    """The name of a tool of Postfix that this machine lacks; None if it has all."""
    return next((name for name in ("smtp-source", "smtp-sink") if not shutil.which(name, path=PATH)), None)


def program(name: str) -> str:
    """Path of a tool that `missing` has found."""
    return shutil.which(name, path=PATH) or name


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(400):
        try:
            with socket.create_connection(("127.0.0.1", port), 1) as one:
                one.recv(3)
                return
        except OSError:
            if process.poll() is not None:
                raise RuntimeError(f"{process.args!r} ended with {process.returncode}") from None
            time.sleep(0.05)
    raise RuntimeError(f"{process.args!r} does not listen")


def give(port: int, mails: int, lmtp: bool) -> float:
    """Seconds until the server has taken all mails."""
    words = ["-L"] if lmtp else []
    words += ["-s", str(SESSIONS), "-l", str(LENGTH), "-m", str(mails)]
    source = [program("smtp-source"), *words, "-f", "ana@example.net", "-t", "trap@example.org", f"127.0.0.1:{port}"]
    begun = time.monotonic()
    subprocess.run(source, check=True, capture_output=True)
    return time.monotonic() - begun


def sink(lmtp: bool) -> float:
    """Mails that smtp-sink takes in a second."""
    port = free_port()
    user = [] if os.geteuid() else ["-u", "nobody"]  # It does not run as root.
    process = subprocess.Popen(
        [program("smtp-sink"), *user, *(["-L"] if lmtp else []), f"127.0.0.1:{port}", "100"],
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(port, process)
        return MAILS / give(port, MAILS, lmtp)
    finally:
        process.kill()
        process.wait()


def no_postfix() -> str | None:
    """The reason why this machine cannot start a Postfix; None if it can."""
    return postfix_server.missing()


def postfix() -> float:
    """Mails that Postfix takes in a second. Each is in its queue, on the disk, before it is acknowledged; none is delivered."""
    with data_folder() as folder:
        # Postfix's processes are no root.
        pathlib.Path(folder).chmod(0o755)
        hold = "smtpd_sender_restrictions = static:HOLD\nin_flow_delay = 0"
        server = postfix_server.Postfix(pathlib.Path(folder) / "postfix", hold)
        try:
            give(server.port, FEW // 10, lmtp=False)
            taken = FEW / give(server.port, FEW, lmtp=False)
            if server.queue() != FEW + FEW // 10:
                raise RuntimeError(
                    f"Postfix has {server.queue()} mails of {FEW + FEW // 10}: {server.logged()[-1000:]}"
                )
            return taken
        finally:
            server.stop()


def memory(process: subprocess.Popen[bytes]) -> int:
    """Peak memory of the process so far, in bytes."""
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) * 1024


def delivered(folder: str) -> int:
    with sqlite3.connect(f"file:{folder}/state.db?mode=ro", uri=True, timeout=60) as database:
        return database.execute("SELECT count(*) FROM submission WHERE state = 'delivered'").fetchone()[0]


class Listener:
    """`mispigeon listen` on a data folder."""

    def __init__(self, binary: str, folder: str, lmtp: bool = False) -> None:
        self.port, self.folder, self.lmtp = free_port(), folder, lmtp
        environment = {"PATH": PATH, "HOME": folder, "MISPIGEON_DATA_DIR": folder}
        if os.path.exists(f"{folder}/config.toml"):
            environment["MISPIGEON_CONFIG"] = f"{folder}/config.toml"
        self.process = subprocess.Popen(
            [binary, "listen", "--lmtp" if lmtp else "--smtp", f"127.0.0.1:{self.port}"],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def __enter__(self) -> Self:
        wait_for(self.port, self.process)
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()

    def take(self, mails: int) -> tuple[float, float]:
        """Mails taken in a second, and events written to the feed in a second."""
        before = delivered(self.folder)
        begun = time.monotonic()
        taking = give(self.port, mails, self.lmtp)
        wait_until_delivered(self.folder, before + mails)
        return mails / taking, mails / (time.monotonic() - begun)


def data_folder() -> tempfile.TemporaryDirectory[str]:
    """A folder on a disk: a file system in memory would spare the listener the waiting."""
    return tempfile.TemporaryDirectory(prefix="mispigeon-bench-", dir="/var/tmp")


def listener(binary: str, lmtp: bool) -> tuple[float, float, int, int]:
    """Mails taken in a second, events in the feed in a second, peak memory after the warm-up, peak memory at the end."""
    with data_folder() as folder, Listener(binary, folder, lmtp) as listening:
        listening.take(WARM)
        warm = memory(listening.process)
        taken, events = listening.take(MAILS)
        return taken, events, warm, memory(listening.process)


def steadily(binary: str) -> tuple[int, int]:
    """Mails that came, so many a second without a pause, and events in the feed at their end."""
    with data_folder() as folder, Listener(binary, folder) as listening:
        with smtplib.SMTP("127.0.0.1", listening.port) as client:
            begun = time.monotonic()
            for number in range(STEADY * STEADY_FOR):
                time.sleep(max(0.0, begun + number / STEADY - time.monotonic()))
                client.sendmail("ana@example.net", ["trap@example.org"], f"Subject: {number}\r\n\r\n{'x' * LENGTH}")
        return STEADY * STEADY_FOR, delivered(folder)


def with_history(binary: str) -> tuple[tuple[float, float], tuple[float, float]]:
    """Mails taken and events in the feed in a second, for the first burst and for one after 100,000 mails."""
    with data_folder() as folder, Listener(binary, folder) as listening:
        listening.take(WARM)
        first = listening.take(MAILS)
        listening.take(HISTORY - WARM - MAILS)
        return first, listening.take(MAILS)


def many_rows(folder: str) -> None:
    """A million delivered rows beside the one that is there."""
    with sqlite3.connect(f"{folder}/state.db", timeout=60) as database:
        columns = [row[1] for row in database.execute("PRAGMA table_info(submission)") if row[1] != "id"]
        own = {"key": "randomblob(32)", "identity": "randomblob(32)"}
        database.execute(
            f"""WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {ROWS})
            INSERT INTO submission ({", ".join(columns)})
            SELECT {", ".join(own.get(column, f"submission.{column}") for column in columns)}
            FROM number, (SELECT * FROM submission WHERE state = 'delivered' LIMIT 1) AS submission"""
        )


def many_profiles(folder: str) -> None:
    """Each has an address of its own, and one that of the mails."""
    lines = ["[listen.profiles]", '"p0" = ["trap@example.org"]']
    lines += [f'"p{number}" = ["p{number}.example.org"]' for number in range(1, PROFILES)]
    lines += [f'[profile.p{number}]\nevent.prefix = "p{number}"' for number in range(PROFILES)]
    path = pathlib.Path(folder) / "config.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    path.chmod(0o600)


def pairs(binary: str, prepare: Callable[[str], None]) -> tuple[float, float]:
    """Mails taken in a second by a listener that was prepared, and by one that was not: the best of several turns each, so that what
    else the machine does counts for neither."""
    best = [0.0, 0.0]
    with data_folder() as prepared, data_folder() as plain:
        for folder in (prepared, plain):
            with Listener(binary, folder) as listening:
                listening.take(WARM)
        prepare(prepared)
        for _ in range(PAIRS):
            for which, folder in enumerate((prepared, plain)):
                with Listener(binary, folder) as listening:
                    listening.take(WARM)
                    best[which] = max(best[which], listening.take(MAILS)[0])
    return best[0], best[1]


def wait_until_delivered(folder: str, mails: int) -> None:
    deadline = time.monotonic() + 600
    while delivered(folder) < mails:
        if time.monotonic() > deadline:
            raise RuntimeError(f"{delivered(folder)} of {mails} mails were delivered in ten minutes")
        time.sleep(0.1)
