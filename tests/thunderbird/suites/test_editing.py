"""Changing an event and its indicators before it leaves, choosing the event to add to, and sending again what failed."""

import json
import tomllib

from driver.waiting import until
from stage import mails
from stage.misp import key
from stage.options import OptionsPage
from stage.review import Review

from suites.test_review import ReviewCase


class EditingCase(ReviewCase):
    def setUp(self) -> None:
        super().setUp()
        self.addCleanup(self.configure)

    def configure(self) -> None:
        self.desk.home.configure(self.desk.misp.url, key("DoublePublisher"))

    def indicator(self) -> tuple[str, str]:
        return next(each for each in self.drafted() if each[0] == "url")

    def edit_row(self, review: Review, kind: str, value: str) -> None:
        review.click(f"{review.row(kind, value)} .edit")
        review.wait_shown("#row-editor")
        review.until("return document.getElementById('row-type').options.length > 1;", "the types")

    def choose_tag(self, review: Review, words: str, tag: str) -> None:
        review.write("#tag-words", words)
        review.until(
            "return [...document.querySelectorAll('#editing [role=option]')].some(one => one.innerText == args[0]);",
            f"the tag {tag}",
            tag,
        )
        at = review.run(
            "return [...document.querySelectorAll('#editing [role=option]')].findIndex(one => one.innerText == args[0]);",
            tag,
        )
        review.click(f"#editing [role=option]:nth-child({at + 1})")


class Editing(EditingCase):
    def test_the_event_leaves_as_the_analyst_wrote_it(self) -> None:
        self.desk.misp.add_tag("emotet", "#aa3377")
        review = self.open("written by hand")
        kind, value = self.indicator()
        review.unfold("#editing")
        review.write("#event-title", "Gate of March")
        review.choose("#threat-level", "1")
        review.choose("#pap", "PAP:AMBER")
        self.choose_tag(review, "tlp:re", "tlp:red")
        self.assertEqual(review.value("#tlp"), "tlp:red")
        self.desk.take_picture("editing")
        self.choose_tag(review, "emo", "emotet")
        review.until(
            "return document.querySelector('#distribution option[value=\"4\"]') != null;", "the sharing groups"
        )
        review.choose("#distribution", "4")
        review.wait_shown("#sharing-group")
        self.edit_row(review, kind, value)
        review.click("#row-ids")
        self.desk.take_picture("editing-row")
        review.write("#row-comment", "seen at ours")
        review.choose("#row-category", "External analysis")
        review.click("#row-apply")
        review.wait_text("seen at ours", f"{review.row(kind, value)} .edit")
        self.assertEqual(review.create(), ["created"])
        event = self.event(self.draft["uuid"])["Event"]
        self.assertEqual((event["info"], event["threat_level_id"], event["distribution"]), ("Gate of March", "1", "4"))
        self.assertLessEqual({"tlp:red", "PAP:AMBER", "emotet"}, set(self.tags()))
        (url,) = [each for each in event["Attribute"] if each["value"] == value]
        self.assertEqual((url["to_ids"], url["comment"], url["category"]), (False, "seen at ours", "External analysis"))
        self.assertIn("changed by a person", review.text("#result"))

    def test_a_host_is_left_out_from_now_on_and_taken_back(self) -> None:
        review = self.open("left out from now on")
        kind, value = next(each for each in self.drafted() if each[0] in ("domain", "hostname"))

        def excluded() -> bool:
            file = tomllib.loads(self.desk.home.configuration.read_text(encoding="utf-8"))
            return value in file.get("hosts", {}).get("exclude", [])

        self.edit_row(review, kind, value)
        review.click("#row-leave-out")
        until(excluded, "the host in the configuration")
        review.wait_text("Undo", "#row-leave-out")
        review.click("#row-leave-out")
        until(lambda: not excluded(), "the configuration as it was")
        review.click("#row-cancel")
        review.close()

    def test_what_was_chosen_becomes_the_default(self) -> None:
        review = self.open("remembered")
        review.unfold("#editing")
        review.choose("#threat-level", "2")
        review.click("#remember")
        review.wait_shown("#editing .undo")
        file = tomllib.loads(self.desk.home.configuration.read_text(encoding="utf-8"))
        self.assertEqual(file["event"]["threat_level"], 2)
        review.close()


class AddingToAnEvent(EditingCase):
    def existing(self, title: str) -> dict[str, str]:
        return self.desk.home.send(self.desk.file(mails.report(title)))[0]

    def test_an_event_is_found_by_words_and_shown_before(self) -> None:
        receipt = self.existing("campaign of the heron")
        review = self.open("added by words")
        review.write("#event-id", "heron campaign")
        review.until("return document.querySelectorAll('#adding [role=option]').length == 1;", "one event")
        self.desk.take_picture("editing-search")
        review.click("#adding [role=option]")
        review.wait_text("campaign of the heron", "#event-chosen")
        review.click("#add-to-event")
        self.assertEqual(review.wait_result(), ["updated"])
        self.assertIn("Added:", review.text("#result"))
        self.assertIsNone(self.desk.misp.event(self.draft["uuid"]))
        self.assertIsNotNone(self.desk.misp.event(receipt["uuid"]))

    def test_a_wrong_number_leaves_the_form_as_it_is(self) -> None:
        review = self.open("a wrong number")
        kind, value = self.indicator()
        review.tick(kind, value)
        review.write("#event-id", "47110")
        review.click("#add-to-event")
        review.wait_shown("#event-id-error")
        self.assertIn("47110", review.text("#event-id-error"))
        self.assertEqual(review.state, "ready")
        self.assertNotIn((kind, value), review.ticked())
        self.assertEqual(json.loads(self.desk.home.run("outbox", "list", "--format", "json") or "[]"), [])
        review.close()


class SendingAgain(EditingCase):
    def test_a_failed_entry_is_opened_changed_and_sent(self) -> None:
        self.receive("failed and opened")
        self.desk.misp.fail("body_limit", path="/events/add", limit=10, count=-1)
        self.desk.window.click_message_button()
        review = Review(self.desk.thunderbird).wait_ready()
        review.unfold("#editing")
        review.write("#event-title", "Kept over the failure")
        self.assertEqual(review.create(), ["failed"])
        review.close()
        self.desk.misp.recover()
        options = OptionsPage(self.desk.thunderbird).open(self.desk.background).wait("ready")
        options.wait_shown("#outbox .open")
        options.click("#outbox .open")
        again = Review(self.desk.thunderbird, "tab").wait_ready()
        again.unfold("#editing")
        self.assertEqual(again.run("return document.getElementById('event-title').value;"), "Kept over the failure")
        again.choose("#threat-level", "1")
        self.assertEqual(again.create(), ["created"])
        event = self.event(self.draft["uuid"])["Event"]
        self.assertEqual((event["info"], event["threat_level_id"]), ("Kept over the failure", "1"))
        again.close()
        options.wait_shown("#outbox-empty")
        options.close()
