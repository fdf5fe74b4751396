"""Rows about files: those of a feed that a crash left, the configuration, copies of the outbox."""

import shutil
from collections.abc import Callable

from doors import Outcome, send
from special import settled, store_all
from world import Events, World


def left(orders: str) -> Callable[[World, Events], list[str]]:
    """A killed writer left the file that it was writing; the next writer takes it away."""

    def run(world: World, truth: Events) -> list[str]:
        acknowledged = send(world, range(len(world.mails)), "feed.file.rename#2=kill").acknowledged
        if not (world.feed / ".writing").exists():
            return ["the killed writer left nothing"]
        outcome = send(world, [n for n in range(len(world.mails)) if n not in acknowledged], orders)
        return settled(world, truth, Outcome(outcome.acknowledged | acknowledged))

    return run


def broken_manifest(orders: str) -> Callable[[World, Events], list[str]]:
    def run(world: World, truth: Events) -> list[str]:
        send(world, [0])
        manifest = world.feed / "manifest.json"
        manifest.write_bytes(manifest.read_bytes()[:40])
        outcome = send(world, range(1, len(world.mails)), orders)
        outcome.acknowledged.add(0)
        wrong = settled(world, truth, outcome)
        aside = [name for name in world.feed.glob("manifest.json.broken-*") if name.stat().st_size == 40]
        wrong = [one for one in wrong if "manifest.json.broken-" not in one]
        return wrong if len(aside) == 1 else [*wrong, f"the broken manifest is there {len(aside)} times"]

    return run


def configuration(orders: str) -> Callable[[World, Events], list[str]]:
    """`config init --force` over a file with a key: the old file or the new one is there, whole, and nothing beside it."""

    def run(world: World, truth: Events) -> list[str]:
        before = world.home.config.read_bytes()
        world.run("config", "init", "--force", orders=orders)
        after = world.home.config.read_bytes()
        wrong = [] if after == before else ["the file changed although the call failed"]
        done = world.run("config", "init", "--force")
        if (
            done.returncode
            or world.home.config.read_bytes() in (before, b"")
            or world.run("config", "check").returncode
        ):
            wrong.append(f"the second call did not write it: {done.stderr}")
        return wrong + [f"left behind: {name}" for name in world.left_behind()]

    return run


def export(orders: str) -> Callable[[World, Events], list[str]]:
    """A copy that broke off takes nothing from the outbox; a new copy goes into another home, which delivers it."""

    def run(world: World, truth: Events) -> list[str]:
        store_all(world)
        world.run("outbox", "export", world.folder / "mails" / "first", orders=orders if "import" not in orders else "")
        folder = world.folder / "mails" / "second"
        done = world.run("outbox", "export", folder)
        if done.returncode:
            return [f"the second export ends with {done.returncode}: {done.stderr}"]
        for path in world.home.data.glob("state.db*"):
            path.unlink()
        world.run("outbox", "import", folder, orders=orders if "import" in orders else "")
        done = world.run("outbox", "import", folder)
        return (
            settled(world, truth) if not done.returncode else [f"the import ends with {done.returncode}: {done.stderr}"]
        )

    return run


def backup(orders: str) -> Callable[[World, Events], list[str]]:
    """What has the name of the copy is a whole copy; without one, the same name can be asked for again."""

    def run(world: World, truth: Events) -> list[str]:
        store_all(world)
        copy = world.folder / "mails" / "copy.db"
        world.run("outbox", "backup", copy, orders=orders)
        if not copy.exists():
            done = world.run("outbox", "backup", copy)
            if done.returncode:
                return [f"the second backup ends with {done.returncode}: {done.stderr}"]
        beside = sorted(path.name for path in copy.parent.glob("*copy.db*") if path != copy)
        for path in world.home.data.glob("state.db*"):
            path.unlink()
        shutil.copy(copy, world.home.database)
        return [*settled(world, truth), *(f"left behind: {name}" for name in beside)]

    return run


def torn_hashes(world: World, truth: Events) -> list[str]:
    """The process is killed before the disk has the lines, and a part of them is lost, cut at a place that no line ends at."""
    outcome = send(world, range(len(world.mails)), "hashes.sync#2=kill")
    hashes = world.feed / "hashes.csv"
    hashes.write_bytes(hashes.read_bytes()[:-40])
    return settled(world, truth, outcome)
