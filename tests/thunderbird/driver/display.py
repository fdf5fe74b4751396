"""An X screen of its own (Xvfb) with its mouse and keyboard: real events through the X server, not calls into the program."""

import os
import pathlib
import subprocess
from collections.abc import Sequence

from .waiting import until


class Display:
    """`size` is in pixels. Without a window manager, windows stay where they open."""

    def __init__(self, size: tuple[int, int] = (1280, 960)) -> None:
        self.size = size
        self.clicks = 0
        read, write = os.pipe()
        self.server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{size[0]}x{size[1]}x24", "-nolisten", "tcp"],
            pass_fds=[write],
            stderr=subprocess.DEVNULL,
        )
        os.close(write)
        with os.fdopen(read) as numbers:
            self.name = ":" + numbers.readline().strip()
        self.environment = os.environ | {"DISPLAY": self.name}

    def stop(self) -> None:
        self.server.terminate()
        self.server.wait()

    def xdotool(self, *words: object) -> str:
        done = subprocess.run(
            ["xdotool", *map(str, words)], env=self.environment, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def windows(self) -> list[str]:
        """The windows of Thunderbird, with the one in front last. Leaves out small ones such as notifications."""

        def visible() -> list[str] | None:
            try:
                return self.xdotool("search", "--onlyvisible", "--class", "thunderbird").split()
            except subprocess.CalledProcessError:
                return None  # One was closed during the search.

        found = []
        for window in until(visible, "a window of Thunderbird"):
            try:
                geometry = self.xdotool("getwindowgeometry", "--shell", window)
            except subprocess.CalledProcessError:
                continue  # It has been closed since.
            if int(geometry.partition("HEIGHT=")[2].split()[0]) > 200:
                found.append(window)
        return found

    def focus(self, window: str) -> bool:
        """Gives the keyboard focus to the window; returns whether it has the focus now."""
        try:
            self.xdotool("windowfocus", window)
            return self.xdotool("getwindowfocus", "-f") == window
        except subprocess.CalledProcessError:
            return False  # There is none, or it has been closed since.

    def move(self, x: float, y: float) -> None:
        self.xdotool("mousemove", round(x), round(y))

    def click(self, x: float, y: float, button: int = 1, holding: Sequence[str] = ()) -> None:
        """Moves the pointer there and clicks; `holding` are keys to hold down meanwhile, such as `shift`."""
        down = [word for key in holding for word in ("keydown", key)]
        up = [word for key in reversed(holding) for word in ("keyup", key)]
        self.clicks += 1
        self.xdotool("mousemove", round(x), round(y), *down, "click", button, *up)

    def press(self, *keys: str) -> None:
        """Presses keys by their X names, with modifiers as in `ctrl+shift+m`, one after the other."""
        self.xdotool("key", "--delay", "15", *keys)

    def write(self, text: str) -> None:
        self.xdotool("type", "--delay", "5", "--", text)

    def screenshot(self, path: pathlib.Path, area: Sequence[float] | None = None) -> None:
        """The whole screen, popups and panels included; `area` is (x, y, width, height)."""
        crop = []
        if area:
            x, y, width, height = map(round, area)
            crop = ["-crop", f"{width}x{height}+{x}+{y}", "+repage"]
        command = ["import", "-silent", "-window", "root", *crop, str(path)]
        subprocess.run(command, env=self.environment, check=True, stderr=subprocess.DEVNULL)

    def still_screenshot(self, path: pathlib.Path, area: Sequence[float] | None = None) -> None:
        """A picture of the same, taken when nothing moves any more."""
        before = None

        def still() -> bool:
            nonlocal before
            self.screenshot(path, area)
            now = path.read_bytes()
            same, before = now == before, now
            return same

        until(still, "a screen on which nothing moves")
