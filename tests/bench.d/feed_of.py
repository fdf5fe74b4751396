"""Feeds of any size, to measure what the next event costs, and mails that become events of the usual size."""

import json
import pathlib
import random
import uuid


def mail(number):
    """A report with a few indicators; each number gives another event."""
    lines = [f"hxxp://drop-{number}-{at}.bench-orchard[.]org/gate.php" for at in range(3)]
    head = f"From: ana@bench-orchard.org\r\nMessage-ID: <{number}@bench-orchard.org>\r\nSubject: Seen on sensor {number}\r\n\r\n"
    return (head + "\r\n".join(["Seen today:", *lines, ""])).encode()


def fill(folder, events):
    """Makes of a feed with one event one with `events`: the same event under other uuids, in files as the program writes them."""
    folder = pathlib.Path(folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    [(first, entry)] = manifest.items()
    text = (folder / f"{first}.json").read_text()
    hashes = (folder / "hashes.csv").read_text()
    entry = json.dumps(entry, separators=(",", ":"), ensure_ascii=False)
    draw = random.Random(events)
    uuids = sorted(str(uuid.UUID(int=draw.getrandbits(128), version=5)) for _ in range(events - 1))
    for one in uuids:
        (folder / f"{one}.json").write_text(text.replace(first, one))
    with (folder / "hashes.csv").open("a") as out:
        out.writelines(hashes.replace(first, one) for one in uuids)
    listed = ",".join(f'"{one}":{entry}' for one in sorted([first, *uuids]))
    (folder / "manifest.json").write_text("{" + listed + "}")
