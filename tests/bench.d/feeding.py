"""Measures what the next event costs in a feed that already has many."""

import contextlib
import json
import pathlib
import random
import statistics
import uuid

import listening
from measuring import Bench, Cost

EVENTS, RUNS, BATCH = 100_000, 15, 1_000


def report(number: int) -> bytes:
    """A report with a few indicators; each number makes another event."""
    lines = [f"hxxp://drop-{number}-{at}.bench-orchard[.]org/gate.php" for at in range(3)]
    head = f"From: ana@bench-orchard.org\r\nMessage-ID: <{number}@bench-orchard.org>\r\nSubject: Seen on sensor {number}\r\n\r\n"
    return (head + "\r\n".join(["Seen today:", *lines, ""])).encode()


def fill(folder: pathlib.Path, events: int) -> None:
    """Fills a feed of one event up to `events`: the same event under other uuids, in files as the program writes them."""
    manifest = json.loads((folder / "manifest.json").read_text())
    [(first, entry)] = manifest.items()
    text = (folder / f"{first}.json").read_text()
    hashes = (folder / "hashes.csv").read_text()
    shown = json.dumps(entry, separators=(",", ":"), ensure_ascii=False)
    draw = random.Random(events)
    uuids = sorted(str(uuid.UUID(int=draw.getrandbits(128), version=5)) for _ in range(events - 1))
    for one in uuids:
        (folder / f"{one}.json").write_text(text.replace(first, one))
    with (folder / "hashes.csv").open("a") as out:
        out.writelines(hashes.replace(first, one) for one in uuids)
    listed = ",".join(f'"{one}":{shown}' for one in sorted([first, *uuids]))
    (folder / "manifest.json").write_text("{" + listed + "}")


class Place:
    """A data folder whose feed has `events` events."""

    def __init__(self, bench: Bench, folder: str, events: int) -> None:
        self.bench, self.folder = bench, folder
        self.env = {"PATH": listening.PATH, "HOME": folder, "MISPIGEON_DATA_DIR": folder}
        self.mails = iter(range(RUNS + 2))
        self.send()
        if events > 1:
            fill(pathlib.Path(folder) / "feed", events)
        # The first call reads a manifest that the program did not write itself.
        self.send()

    def send(self) -> Cost:
        """What the whole process costs for one mail."""
        mail = self.bench.file("report.eml", report(next(self.mails)))
        return self.bench.once(self.bench.binary, "send", "--to", "feed", "--mode", "report", mail, env=self.env)


def one_event(bench: Bench) -> tuple[Cost, Cost, Cost]:
    """Median CPU and wall time (seconds) and peak memory of a `send` into a feed of one event, of a `send` into a feed of many,
    and of a `cp` of the large feed's manifest. They take turns, so that the load of the machine is the same for all."""
    with contextlib.ExitStack() as stack:
        folders = [stack.enter_context(listening.data_folder()) for _ in range(2)]
        places = [Place(bench, folder, events) for folder, events in zip(folders, (1, EVENTS), strict=True)]
        manifest = pathlib.Path(folders[1]) / "feed" / "manifest.json"
        copy = ["/bin/sh", "-c", f"cp {manifest} {manifest}.copy && sync {manifest}.copy"]
        runs = [[*(place.send() for place in places), bench.once(*copy, env=places[1].env)] for _ in range(RUNS)]
    empty, full, copied = (median([run[place] for run in runs]) for place in range(3))
    return empty, full, copied


def median(costs: list[Cost]) -> Cost:
    return {
        "wall": statistics.median(cost["wall"] for cost in costs),
        "cpu": statistics.median(cost["cpu"] for cost in costs),
        "peak": int(statistics.median(cost["peak"] for cost in costs)),
        "code": 0,
    }


def batch(bench: Bench) -> tuple[float, float]:
    """Seconds until the listener has delivered a burst of mails into a feed of one event, and into a feed of many."""
    return burst(bench, 1), burst(bench, EVENTS)


def burst(bench: Bench, events: int) -> float:
    with listening.data_folder() as folder:
        Place(bench, folder, events)
        with listening.Listener(bench.binary, folder) as taking:
            return BATCH / taking.take(BATCH)[1]
