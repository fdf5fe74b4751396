"""The page with the first steps, as a person uses it."""

from typing import Self

from driver.pages import Page
from driver.thunderbird import Thunderbird


class WelcomePage(Page):
    def __init__(self, thunderbird: Thunderbird) -> None:
        super().__init__(thunderbird, "tab", "/welcome/welcome.html")

    def wait(self, state: str, seconds: int = 30) -> Self:
        """Waits until the page is in this state: ready, trouble."""
        self.wait_open()
        self.until("return document.body.dataset.state == args[0];", f"state {state}", state, seconds=seconds)
        return self

    def enter(self, url: str, key: str) -> None:
        self.write("#misp-url", url)
        self.write("#misp-key", key)

    def wait_settled(self) -> str:
        """Waits until it says where events go; returns what it says."""
        self.wait_shown("#settled", 90)
        return self.text("#settled")
