"""Thunderbird's notifications, as windows on the screen."""

from typing import Any

from driver.thunderbird import Thunderbird

from .pages import Background
from .waiting import until

WINDOWS = """
    const shown = [...Services.wm.getEnumerator("alert:alert")].filter(each => each.document.readyState == "complete");
    const words = each => [
      each.document.getElementById("alertTitleLabel").getAttribute("value"),
      each.document.getElementById("alertTextLabel").textContent,
    ];
"""


class Notifications:
    def __init__(self, thunderbird: Thunderbird) -> None:
        self.thunderbird, self.background = thunderbird, Background(thunderbird)

    def shown(self) -> list[Any]:
        """(title, text) of each notification on the screen."""
        return [tuple(each) for each in self.thunderbird.chrome(WINDOWS + "return shown.map(words);")]

    def wait(self, *parts: str) -> tuple[str, str]:
        """Waits for a notification with all of these in title or text; returns (title, text)."""

        def found() -> tuple[str, str] | None:
            return next((each for each in self.shown() if all(part in "\n".join(each) for part in parts)), None)

        return until(found, f"a notification of {parts}")

    def click(self, part: str) -> None:
        """Clicks on the notification that has this in title or text."""
        place = self.thunderbird.until(
            WINDOWS
            + """
            const one = shown.find(each => words(each).join().includes(args[0]));
            return one ? [one.mozInnerScreenX + one.innerWidth / 3, one.mozInnerScreenY + one.innerHeight / 2] : null;""",
            f"a notification of {part!r}",
            part,
        )
        self.thunderbird.display.click(*place)

    def clear(self) -> None:
        """Lets the extension remove all: if only their windows were closed, Thunderbird would still count them as shown."""
        self.background.run(
            "await Promise.all(Object.keys(await browser.notifications.getAll()).map(id => browser.notifications.clear(id)));"
        )
