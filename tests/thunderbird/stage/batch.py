"""The page of a batch of mails, as an analyst uses it."""

from typing import Any, Self

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

    def wait_read(self, number: int, seconds: int = 60) -> Self:
        """Waits until so many mails are read."""
        script = "return document.querySelectorAll('#plan .found .count').length == args[0];"
        self.until(script, f"{number} mails read", number, seconds=seconds)
        return self

    def open_mail(self, subject: str) -> None:
        """Shows what is in a mail."""
        script = "return [...document.querySelectorAll('#plan tbody .subject')].findIndex(each => each.innerText.includes(args[0]));"
        self.click(f"#plan tbody tr:nth-child({self.run(script, subject) + 1}) .open")

    def items(self) -> list[dict[str, Any]]:
        """The mails of the batch as the extension has them."""
        return self.run(
            """
            const port = browser.runtime.connect({name: "page"});
            const answer = new Promise(resolve => port.onMessage.addListener(resolve));
            port.postMessage({id: 1, method: "batch.list", params: {}});
            const {result} = await answer;
            const id = new URLSearchParams(location.search).get("batch");
            return result.batches.find(batch => batch.id == id).items;"""
        )

    def rows(self) -> list[str]:
        """The state of each line."""
        return self.run("return [...document.querySelectorAll('#rows tbody tr')].map(row => row.dataset.state);")

    def statuses(self) -> list[str]:
        """The status of each delivery."""
        return self.run("return [...document.querySelectorAll('#rows .delivery')].map(each => each.dataset.status);")
