"""The page of a batch of mails, as an analyst uses it."""

from typing import Self

from driver.pages import Page
from driver.thunderbird import Thunderbird


class BatchPage(Page):
    def __init__(self, thunderbird: Thunderbird) -> None:
        super().__init__(thunderbird, "tab", "/batch/batch.html")

    def wait(self, state: str, seconds: int = 60) -> Self:
        """Waits until the batch is in this state: ready, running, done, cancelled."""
        self.wait_open()
        self.until("return document.body.dataset.state == args[0];", f"state {state}", state, seconds=seconds)
        return self

    def rows(self) -> list[str]:
        """The state of each line."""
        return self.run("return [...document.querySelectorAll('#rows tbody tr')].map(row => row.dataset.state);")

    def statuses(self) -> list[str]:
        """The status of each delivery."""
        return self.run("return [...document.querySelectorAll('#rows .delivery')].map(each => each.dataset.status);")
