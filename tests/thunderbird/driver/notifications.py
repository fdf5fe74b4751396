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
        """(title, text) of each that is on the screen."""
        return [tuple(each) for each in self.thunderbird.chrome(WINDOWS + "return shown.map(words);")]

    def wait(self, *parts: str) -> tuple[str, str]:
        """Waits for one that has all of these in its title or text; gives (title, text)."""

        def found() -> tuple[str, str] | None:
            return next((each for each in self.shown() if all(part in "\n".join(each) for part in parts)), None)

        return until(found, f"a notification of {parts}")

    def click(self, part: str) -> None:
        """A click on the one that has this in its title or text."""
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
        """Takes all away, by the extension: closing their windows would leave Thunderbird in the belief that they stand."""
        self.background.run(
            "await Promise.all(Object.keys(await browser.notifications.getAll()).map(id => browser.notifications.clear(id)));"
        )
