"""Finds the indicators of a text with the peer, ioc-finder. Prints its time without start-up, and all values."""

import json
import sys
import time
from collections.abc import Iterable, Iterator

from ioc_finder import find_iocs  # type: ignore[import-not-found]  # only in the peers' environment, without types

with open(sys.argv[1], encoding="utf-8") as file:
    text = file.read()
find_iocs("warm up 45.155.204.17")
begin = time.process_time()
found = find_iocs(text)
spent = time.process_time() - begin


def values(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        for inner in part.values():
            yield from values(inner)
    elif isinstance(part, str):
        yield part
    elif isinstance(part, Iterable):
        for inner in part:
            yield from values(inner)


json.dump({"seconds": spent, "values": sorted(set(values(found)))}, sys.stdout)
