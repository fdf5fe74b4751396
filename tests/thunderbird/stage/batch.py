"""The page of a batch of mails, as an analyst uses it."""

from driver.pages import Page


class BatchPage(Page):
    def __init__(self, thunderbird):
        super().__init__(thunderbird, "tab", "/batch/batch.html")

    def wait(self, state, seconds=60):
        """Waits for a state of the batch: ready, running, done, cancelled."""
        self.wait_open()
        self.until("return document.body.dataset.state == args[0];", f"state {state}", state, seconds=seconds)
        return self

    def rows(self):
        """State of each line."""
        return self.run("return [...document.querySelectorAll('#rows tbody tr')].map(row => row.dataset.state);")

    def statuses(self):
        """Status of each delivery."""
        return self.run("return [...document.querySelectorAll('#rows .delivery')].map(each => each.dataset.status);")
