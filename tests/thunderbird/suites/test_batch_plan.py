"""A batch before it is sent: what is in each mail, one event for all, rows and mails that are left out."""

import json
from typing import Any

from driver.waiting import until
from stage import desk, mails
from stage.batch import BatchPage
from stage.case import OwnDesk, SharedDesk
from stage.options import OptionsPage
from stage.review import Review

NUMBER = 60


class PlanCase(SharedDesk):
    @classmethod
    def setUpClass(cls) -> None:
        cls.desk = desk.shared("batch")

    def setUp(self) -> None:
        super().setUp()
        self.desk.misp.reset()

    def open(self, name: str, *raws: bytes) -> BatchPage:
        """Puts the mails into a folder of their own, selects them and clicks on the button."""
        paths = [self.desk.file(raw) for raw in raws]
        folder = self.desk.folders.create(name)
        self.desk.folders.put(folder, *paths)
        self.desk.folders.select(folder)
        self.desk.window.click_toolbar_button()
        return BatchPage(self.desk.thunderbird).wait("ready")

    def only_event(self, page: BatchPage) -> dict[str, Any]:
        """The event that all mails of the batch name."""
        uuids = {one["uuid"] for item in page.items() for one in item["deliveries"] or []}
        self.assertEqual(len(uuids), 1)
        return self.event(uuids.pop())["Event"]


def url(raw: bytes) -> str:
    """The URL of a mail of `mails`."""
    (line,) = [line for line in raw.split(b"\r\n") if line.startswith(b"hxxps://")]
    return line.decode().replace("hxxps", "https").replace("[.]", ".")


def values(event: dict[str, Any]) -> set[str]:
    return {each["value"] for each in event["Attribute"]}


class Plans(PlanCase):
    def test_sixty_mails_become_one_event_with_three_clicks(self) -> None:
        raws = mails.many(NUMBER, "together")
        paths = [self.desk.file(raw) for raw in raws.values()]
        folder = self.desk.folders.create("together")
        self.desk.folders.put(folder, *paths)
        self.desk.folders.select(folder)
        clicks = self.desk.display.clicks
        self.desk.window.click_toolbar_button()
        page = BatchPage(self.desk.thunderbird).wait("ready").wait_read(NUMBER)
        page.click("#how-one")
        page.click("#start")
        self.assertLessEqual(self.desk.display.clicks - clicks, 3)
        page.wait("done")
        self.assertEqual(page.rows(), ["done"] * NUMBER)
        self.assertEqual(self.desk.misp.state()["events"], 1)
        event = self.only_event(page)
        self.assertEqual({url(raw) for raw in raws.values()} - values(event), set())
        self.desk.notifications.wait("1")
        page.close()
        # The same mails again: the event is there, and each mail says so.
        self.desk.window.click_toolbar_button()
        page = BatchPage(self.desk.thunderbird).wait("ready").wait_read(NUMBER)
        self.assertIn(f"#{event['id']}", page.text("#plan tbody tr:first-child .already"))
        page.click("#how-one")
        page.click("#start")
        page.wait("done")
        self.assertEqual(self.desk.misp.state()["events"], 1)
        self.assertEqual(set(page.statuses()), {"unchanged"})

    def test_counts_and_kinds_are_shown_and_an_unticked_row_is_in_no_event(self) -> None:
        raws = list(mails.many(3, "unticked").values())
        page = self.open("unticked", *raws).wait_read(3)
        self.assertIn("url 1", page.text("#plan tbody tr:first-child"))
        self.assertIn("sha256 1", page.text("#plan tbody tr:first-child"))
        subject = page.text("#plan tbody tr:first-child .subject")
        (first,) = [raw for raw in raws if f"Subject: {subject}\r\n".encode() in raw]
        page.click("#plan tbody tr:first-child .open")
        page.wait_shown(".row[data-type=url]")
        self.desk.take_picture("batch-opened")
        page.click(".row[data-type=url] > input")
        page.until(
            "return !document.querySelector('#plan tr:first-child .kind[data-type=url]');",
            "no URL in the counts of the first",
        )
        page.click("#how-one")
        page.click("#start")
        page.wait("done")
        stored = values(self.only_event(page))
        self.assertEqual({url(raw) for raw in raws} - stored, {url(first)})

    def test_a_whole_mail_is_left_out(self) -> None:
        raws = list(mails.many(3, "one less").values())
        page = self.open("one less", *raws).wait_read(3)
        subject = page.text("#plan tbody tr:first-child .subject")
        (first,) = [raw for raw in raws if f"Subject: {subject}\r\n".encode() in raw]
        page.click("#plan tbody tr:first-child .take")
        page.wait_text("2", "#start")
        page.click("#start")
        page.wait("done")
        self.assertEqual(page.rows().count("left_out"), 1)
        until(lambda: self.desk.misp.state()["events"] == 2, "two events")
        self.assertEqual([item["deliveries"] for item in page.items() if item["subject"] == subject], [None])
        self.assertTrue(first)

    def test_a_single_mail_of_a_carrier_is_left_out(self) -> None:
        inside = [mails.sample(f"inside {at}") for at in range(3)]
        carrier = mails.carrier("carrier of three", *inside)
        page = self.open("carrier", carrier, mails.report("beside it")).wait_read(2)
        page.open_mail("carrier of three")
        page.wait_shown("[data-event='1'] .whole-mail")
        page.click("[data-event='1'] .whole-mail")
        self.desk.take_picture("batch-carrier")
        page.click("#start")
        page.wait("done")
        self.assertEqual(self.desk.misp.state()["events"], 3)
        titles = [one["subject"] for item in page.items() for one in item["deliveries"]]
        self.assertCountEqual(titles, ["inside 0", "inside 2", "beside it"])

    def test_what_is_chosen_for_all_is_in_the_event(self) -> None:
        self.desk.misp.add_tag("our-own-tag", "#aa3377")
        page = self.open("chosen", *mails.many(2, "chosen").values()).wait_read(2)
        page.click("#how-one")
        page.choose("#tlp", "tlp:red")
        page.click("#editing > summary")
        page.write("#event-title", "A wave of today")
        page.write("#comment", "seen at ours")
        page.write("#tag-words", "our-own-tag")
        self.desk.display.press("Return")
        page.click("#start")
        page.wait("done")
        event = self.only_event(page)
        self.assertEqual(event["info"], "A wave of today")
        self.assertLessEqual({"tlp:red", "our-own-tag"}, {tag["name"] for tag in event["Tag"]})
        self.assertIn("seen at ours", event["EventReport"][0]["content"])

    def test_mails_are_added_to_an_event_that_is_there(self) -> None:
        receipt = self.desk.home.send(self.desk.file(mails.report("campaign of the stork")))[0]
        raws = list(mails.many(2, "added").values())
        page = self.open("added", *raws).wait_read(2)
        page.click("#how-into")
        page.write("#event-id", "999999")
        page.click("#add-to-event")
        page.wait_shown("#event-id-error")
        page.write("#event-id", receipt["event_id"])
        page.click("#add-to-event")
        page.wait_text("campaign of the stork", "#event-chosen")
        page.click("#add-to-event")
        page.wait("done")
        self.assertEqual(self.desk.misp.state()["events"], 1)
        stored = values(self.event(receipt["uuid"])["Event"])
        self.assertEqual({url(raw) for raw in raws} - stored, set())

    def test_all_indicators_are_copied_as_they_are_ticked(self) -> None:
        raws = list(mails.many(3, "copied").values())
        page = self.open("copied", *raws).wait_read(3)
        page.click("#plan tbody tr:first-child .take")
        self.desk.window.empty_clipboard()
        page.click("#copy-all")
        until(lambda: self.desk.window.clipboard() != "", "the copy")
        lines = self.desk.window.clipboard().splitlines()
        self.assertEqual(sum(line.startswith("hxxps://") for line in lines), 2)
        self.assertTrue(all("https://" not in line for line in lines))

    def test_one_event_that_failed_is_opened_and_sent_without_a_mail(self) -> None:
        self.addCleanup(self.desk.misp.recover)
        raws = list(mails.many(3, "refused together").values())
        page = self.open("refused together", *raws).wait_read(3)
        self.desk.misp.fail("body_limit", path="/events/add", limit=10, count=-1)
        page.click("#how-one")
        page.click("#start")
        page.wait("done")
        self.assertEqual(page.rows(), ["failed"] * 3)
        self.desk.misp.recover()
        options = OptionsPage(self.desk.thunderbird).open(self.desk.background).wait("ready")
        options.wait_shown("#outbox .open")
        self.assertEqual(len(options.waiting()), 1)
        options.click("#outbox .open")
        review = Review(self.desk.thunderbird, "tab").wait_ready()
        self.assertEqual(review.run("return document.querySelectorAll('.whole-mail').length;"), 3)
        gone = review.run("return document.querySelector('[data-event=\"1\"] .row[data-type=url]').dataset.value;")
        review.click("[data-event='1'] .whole-mail")
        self.desk.take_picture("batch-outbox")
        self.assertEqual(review.create(), ["created"])
        self.assertEqual(self.desk.misp.state()["events"], 1)
        review.close()
        options.wait_shown("#outbox-empty")
        options.close()
        row = json.loads(self.desk.home.run("outbox", "list", "--all", "--format", "json").splitlines()[-1])
        stored = values(self.event(row["event_uuid"])["Event"])
        self.assertEqual({url(raw) for raw in raws} - stored, {gone})


class KilledTogether(PlanCase, OwnDesk):
    """A class of its own: a killed host leaves mails in the outbox for a while, which would disturb other tests."""

    def setUp(self) -> None:
        OwnDesk.setUp(self)
        self.desk.start()

    def test_thunderbird_killed_while_one_event_is_sent_makes_one_event(self) -> None:
        raws = mails.many(20, "killed together")
        page = self.open("killed together", *raws.values()).wait_read(20)
        self.desk.misp.fail("hang", path="/events/add", seconds=3, count=1)
        page.click("#how-one")
        page.click("#start")
        page.wait("running")
        until(lambda: "sending" in page.rows(), "a mail that is joined")
        self.desk.thunderbird.kill()
        self.desk.misp.recover()
        self.desk.open_thunderbird()
        until(lambda: self.desk.misp.state()["events"] == 1, "the event", 90)
        until(lambda: not self.desk.home.run("outbox", "list").strip(), "an empty outbox", 90)
        self.assertEqual(self.desk.misp.state()["events"], 1)
