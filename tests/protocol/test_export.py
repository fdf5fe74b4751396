"""Copies of what would be sent: as text, as a table, as MISP's JSON, in pieces that add up to the whole."""

import csv
import io
import json
import random
from collections.abc import Iterator

import mails
from case import ProtocolTest


class Export(ProtocolTest):
    def setUp(self) -> None:
        super().setUp()
        self.connection = self.host()

    def pieces(self, handle: str, form: str, **params: object) -> Iterator[str]:
        offset = 0
        while offset is not None:
            piece = self.connection.call("export", message=handle, format=form, offset=offset, **params)
            yield piece["text"]
            offset = piece["next"]

    def export(self, raw: bytes, form: str, **params: object) -> str:
        return "".join(self.pieces(self.connection.handle_of(raw), form, **params))

    def test_text_is_one_defanged_value_a_line(self) -> None:
        text = self.export(mails.report("hxxp://evil-one[.]com/x, 193.42.33.108, http://www.w3.org/"), "text")
        self.assertEqual(text, "hxxp://evil-one[.]com/x\nevil-one[.]com\n193[.]42[.]33[.]108\n")

    def test_csv_is_the_table_of_the_command_line(self) -> None:
        raw = mails.corpus("report-attached-lists")
        told = list(csv.reader(io.StringIO(self.export(raw, "csv"))))
        expected = list(csv.reader(io.StringIO(self.home.run("extract", "--format", "csv", "-", stdin=raw))))
        self.assertGreater(len(expected), 5)
        self.assertEqual(told, expected)

    def test_misp_is_what_the_command_line_would_post(self) -> None:
        for name, mode in [
            ("attach-pe-and-zip", "auto"),
            ("embedded-three", "carrier"),
            ("phish-split-by-tags", "sample"),
        ]:
            with self.subTest(name):
                raw = mails.corpus(name)
                text = self.export(raw, "misp", mode=mode)
                self.assertEqual(text, self.home.run("send", "--dry-run", "--mode", mode, "-", stdin=raw))

    def test_choices_are_obeyed(self) -> None:
        raw = mails.report("hxxp://evil-one[.]com/x and http://www.w3.org/y")
        choices = {
            "deselected": [["domain", "evil-one.com"]],
            "selected": [["url", "http://www.w3.org/y"]],
            "distribution": 3,
        }
        self.assertEqual(
            self.export(raw, "text", overrides=choices), "hxxp://evil-one[.]com/x\nhxxp://www[.]w3[.]org/y\n"
        )
        event = json.loads(self.export(raw, "misp", overrides=choices))["Event"]
        self.assertEqual({one["value"] for one in event["Attribute"]}, {"http://evil-one.com/x", "http://www.w3.org/y"})
        self.assertEqual(event["distribution"], "3")

    def test_a_profile_is_obeyed(self) -> None:
        self.home.configure('[profile.trap.event]\nprefix = "TRAP"\n')
        self.assertIn('"TRAP - Small 1"', self.export(mails.small(1), "misp", profile="trap"))
        handle = self.connection.handle_of(mails.small(1))
        self.refused("no_profile", self.connection.call, "export", message=handle, format="text", offset=0, profile="x")

    def test_a_long_text_comes_in_pieces(self) -> None:
        raw, found = mails.many(12_000)
        handle = self.connection.handle_of(raw)
        for form in ["text", "csv", "misp"]:
            with self.subTest(form):
                pieces = list(self.pieces(handle, form))
                self.assertGreater(len(pieces), 1)
                whole = "".join(pieces)
                if form == "misp":
                    told: set[object] = {(one["type"], one["value"]) for one in json.loads(whole)["Event"]["Attribute"]}
                else:
                    told = {line for line in whole.splitlines() if "evil-many" in line}
                self.assertEqual(len(told), len(found))
        self.assertLessEqual(self.connection.longest, 1 << 20)

    def test_a_long_preview_makes_room_for_an_export_and_a_short_one_stays(self) -> None:
        for count, is_kept in [(1_000, True), (20_002, False)]:
            with self.subTest(count):
                handle = self.connection.handle_of(mails.many(count)[0])
                more = {"message": handle, "offset": count - 1}
                self.connection.call("preview", message=handle)
                last = self.connection.call("preview.more", **more)
                self.connection.call("export", message=handle, format="csv", offset=0)
                if not is_kept:
                    self.refused("no_preview", self.connection.call, "preview.more", **more)
                    self.connection.call("preview", message=handle)
                self.assertEqual(self.connection.call("preview.more", **more), last)

    def test_pieces_are_cut_between_characters(self) -> None:
        raw = mails.report("hxxp://evil-one[.]com/x\n" + "Ä😀ab" * 200_000)
        pieces = list(self.pieces(self.connection.handle_of(raw), "misp"))
        self.assertGreater(len(pieces), 1)
        self.assertEqual("".join(pieces), self.home.run("send", "--dry-run", "-", stdin=raw))

    def test_behind_the_end_there_is_nothing(self) -> None:
        handle = self.connection.handle_of(mails.small(1))
        for offset in [1, 1 << 20, (1 << 64) - 1]:
            nothing = self.connection.call("export", message=handle, format="text", offset=offset)
            self.assertEqual(nothing, {"text": "", "next": None})

    def test_a_text_that_is_no_use_in_a_clipboard_is_refused(self) -> None:
        raw = mails.with_files(("big.exe", b"MZ" + random.Random(16).randbytes(13_000_000)))
        error = self.refused("too_large", self.export, raw, "misp")
        self.assertEqual(error.data["limit"], 16 << 20)
        self.assertGreater(error.data["size"], 16 << 20)
        self.assertEqual(self.export(raw, "text"), "")

    def test_what_is_no_mail_is_refused(self) -> None:
        for form in ["text", "csv", "misp"]:
            self.refused("not_a_mail", self.export, b"\n", form)
