"""The review of a mail as an analyst uses it, by mouse."""

import json
from typing import Self

from driver.pages import Page
from driver.thunderbird import Thunderbird


class Review(Page):
    """`kind` is `popup`, or `tab` if the review is in a window of its own."""

    def __init__(self, thunderbird: Thunderbird, kind: str = "popup") -> None:
        super().__init__(thunderbird, kind, "/review/review.html")

    @property
    def state(self) -> str:
        return self.run("return document.body.dataset.state;")

    def wait(self, state: str, seconds: int = 30) -> Self:
        """Waits until the page is in this state: ready, done, trouble."""
        self.until("return document.body.dataset.state == args[0];", f"state {state}", state, seconds=seconds)
        return self

    def wait_ready(self) -> Self:
        return self.wait_open().wait("ready")

    @staticmethod
    def row(kind: str, value: str) -> str:
        return f".row[data-type={json.dumps(kind)}][data-value={json.dumps(value)}]"

    def ticked(self) -> list[tuple[str, str]]:
        """(type, value) of all lines that are ticked."""
        script = "return [...document.querySelectorAll('.row[data-type]:has(input:checked)')].map(row => [row.dataset.type, row.dataset.value]);"
        return [tuple(each) for each in self.run(script)]

    def tick(self, kind: str, value: str) -> None:
        """Clicks on the tick box of a line."""
        box = f"{self.row(kind, value)} input"
        before = self.run("return document.querySelector(args[0]).checked;", box)
        self.click(box)
        self.until(
            "return document.querySelector(args[0]).checked != args[1];", f"another tick at {value}", box, before
        )

    def unfold(self, selector: str) -> None:
        """Opens the folded parts."""
        self.click(f"{selector} > summary")
        self.until("return document.querySelector(args[0]).open;", f"{selector} unfolded", selector)

    def create(self) -> list[str]:
        """Clicks on the button that makes the event, and waits until the result is shown."""
        self.click("#create")
        return self.wait_result()

    def wait_result(self, seconds: int = 30) -> list[str]:
        """The states of the deliveries that the page shows."""
        self.wait("done", seconds)
        return self.run("return [...document.querySelectorAll('#result .delivery')].map(each => each.dataset.status);")

    def trouble(self) -> str | None:
        """Waits for a trouble and returns its kind."""
        self.wait("trouble")
        return self.run("return document.getElementById('trouble').dataset.kind;")
