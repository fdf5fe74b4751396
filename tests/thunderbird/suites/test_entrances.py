"""Every way into the extension leads to the same event."""

from typing import Any

from driver.waiting import until
from stage import mails
from stage.case import SharedDesk
from stage.review import Review


def uuids(event: dict[str, Any]) -> tuple[str, list[str]]:
    """The uuids of the event, its attributes, its objects, and their attributes."""
    inside = [each["uuid"] for each in event["Attribute"]]
    for each in event["Object"]:
        inside += [each["uuid"], *(attribute["uuid"] for attribute in each["Attribute"])]
    return event["uuid"], sorted(inside)


class Entrances(SharedDesk):
    def receive(self, subject: str, raw: bytes | None = None) -> None:
        raw = raw or mails.report(subject)
        self.subject, self.path = subject, self.desk.file(raw, subject)
        self.folder = self.desk.receive(raw)
        self.draft = self.desk.home.would_send(self.path)[0]

    def wait_event(self) -> dict[str, Any]:
        until(lambda: self.desk.misp.event(self.draft["uuid"]), f"the event of {self.subject!r}")
        return self.event(self.draft["uuid"])["Event"]

    def review_and_create(self, kind: str = "popup") -> None:
        review = Review(self.desk.thunderbird, kind).wait_ready()
        review.create()
        if kind == "popup":
            review.close()

    def test_all_ways_make_the_same_event_uuid_for_uuid(self) -> None:
        window = self.desk.window

        def button() -> None:
            window.click_message_button()
            self.review_and_create()

        def toolbar() -> None:
            window.click_toolbar_button()
            self.review_and_create()

        def context_menu() -> None:
            window.choose_from_context_menu()
            self.review_and_create()

        def shortcut() -> None:
            self.desk.display.press("ctrl+shift+e")
            self.review_and_create()

        def shift_click() -> None:
            window.click_message_button(holding=["shift"])

        def command_line() -> None:
            self.desk.home.send(self.path, "--mode", "sample")

        self.receive("the same from everywhere", mails.sample("the same from everywhere"))
        self.draft = self.desk.home.would_send(self.path, "--mode", "sample")[0]
        expected = uuids(self.draft)
        self.assertTrue(self.draft["Object"])
        self.desk.background.run("await browser.storage.local.set({'preference.mode': 'sample'});")
        self.addCleanup(self.desk.background.run, "await browser.storage.local.remove('preference.mode');")
        self.desk.folders.select(self.folder, self.subject)
        for way in (button, toolbar, context_menu, shortcut, shift_click, command_line):
            with self.subTest(way.__name__):
                self.desk.misp.reset()
                way()
                self.assertEqual(uuids(self.wait_event()), expected)

    def test_the_menu_on_the_text_of_a_message_opens_its_review(self) -> None:
        self.receive("by the menu of the text")
        self.desk.folders.select(self.folder, self.subject)
        self.desk.window.choose_from_menu_of_message()
        self.review_and_create()
        self.wait_event()

    def test_the_menu_sends_at_once_when_shift_is_held(self) -> None:
        self.receive("by the menu at once")
        self.desk.folders.select(self.folder, self.subject)
        self.desk.window.choose_from_context_menu(holding=["shift"])
        self.wait_event()

    def test_a_message_in_a_tab_is_reviewed(self) -> None:
        self.receive("in a tab")
        self.desk.folders.open_in_tab(self.folder, self.subject)
        self.desk.window.click_message_button()
        self.review_and_create()
        self.wait_event()

    def test_a_message_in_a_window_of_its_own_is_reviewed(self) -> None:
        self.receive("in a window")
        self.desk.folders.open_in_window(self.folder, self.subject)
        self.desk.window.focus()
        self.desk.window.click_message_button()
        self.review_and_create()
        self.wait_event()

    def test_a_message_file_opened_from_disk_is_reviewed(self) -> None:
        self.receive("from disk")
        self.desk.folders.open_file(self.path)
        self.desk.window.focus()
        self.desk.window.click_message_button()
        self.review_and_create()
        self.wait_event()

    def test_a_message_file_opened_from_disk_is_sent_at_once_by_shift_click(self) -> None:
        self.receive("from disk at once")
        self.desk.folders.open_file(self.path)
        self.desk.window.focus()
        self.desk.window.click_message_button(holding=["shift"])
        self.wait_event()

    def test_several_messages_open_a_page_and_wait_for_its_start(self) -> None:
        name = "several by menu"
        raws = mails.many(3, name)
        for _subject, raw in raws.items():
            folder = self.desk.receive(raw, name)
        self.desk.folders.select(folder)
        self.desk.window.choose_from_context_menu()
        self.desk.window.page("/batch/batch.html")
        self.assertFalse(
            any(
                self.desk.misp.event(self.desk.home.would_send(self.desk.file(raw))[0]["uuid"]) for raw in raws.values()
            )
        )

    def test_shift_click_on_one_mail_notifies_and_marks_the_button(self) -> None:
        self.receive("at once")
        self.desk.folders.select(self.folder, self.subject)
        self.desk.window.click_message_button(holding=["shift"])
        self.wait_event()
        until(lambda: self.desk.window.badges() == ["✓", "✓"], "the mark on the buttons")
        self.desk.notifications.wait("created", self.subject)

    def test_a_click_on_the_notification_opens_the_event(self) -> None:
        self.receive("notified")
        self.desk.folders.select(self.folder, self.subject)
        self.desk.window.click_message_button(holding=["shift"])
        self.desk.notifications.click(self.subject)
        self.desk.browser.wait(f"{self.desk.misp.url}/events/view/{self.wait_event()['id']}")

    def test_without_a_mail_a_click_says_what_to_do(self) -> None:
        empty = self.desk.folders.create("Empty")
        self.desk.folders.show(empty)
        self.desk.window.click_toolbar_button()
        self.desk.notifications.wait("No mail is selected")
