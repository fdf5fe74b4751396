"""The options page, as a person uses it."""

from collections.abc import Callable
from typing import Self

from driver.pages import Background, Page
from driver.thunderbird import Thunderbird


class OptionsPage(Page):
    def __init__(self, thunderbird: Thunderbird) -> None:
        super().__init__(thunderbird, "tab", "/options/options.html")

    def open(self, background: Background) -> Self:
        background.run("await browser.runtime.openOptionsPage();")
        return self.wait_open()

    def wait(self, state: str, seconds: int = 30) -> Self:
        """Waits until the page is in this state: ready, trouble."""
        self.until("return document.body.dataset.state == args[0];", f"state {state}", state, seconds=seconds)
        return self

    def save(self, agree: Callable[[], None] | None = None) -> None:
        """Saves and waits until the page says so; `agree()` answers the question that Thunderbird asks in between."""
        unsaved = self.text("#status")
        self.click("#save")
        if agree:
            agree()
        self.until(
            "return !['', args[0]].includes(document.getElementById('status').innerText);", "saved settings", unsaved
        )

    def test_connection(self) -> tuple[bool, str]:
        """Clicks on the test button; returns whether it worked, and the message."""
        self.click("#test-connection")
        ok = self.until(
            "return document.getElementById('test-result').dataset.ok;", "the result of the test", seconds=90
        )
        return ok == "true", self.text("#test-result")

    def waiting(self) -> list[tuple[str, str]]:
        """(subject, state) of the mails that wait or failed in the outbox."""
        rows = "return [...document.querySelectorAll('#outbox tbody tr')].map(row => [row.querySelector('.subject').innerText, row.dataset.state]);"
        return [tuple(each) for each in self.run(rows)]
