"""The preview: the event that sending would make, with every indicator once and the line where it stands. It stores nothing."""

import json
from collections.abc import Iterator
from typing import Any

import mails
from case import ProtocolTest
from client import Host

TLP = ["tlp:white", "tlp:clear", "tlp:green", "tlp:amber", "tlp:amber+strict", "tlp:red"]


def pages(host: Host, handle: str, **params: object) -> Iterator[list[dict[str, Any]]]:
    """All items of a preview, page by page."""
    page = host.call("preview", message=handle, **params)
    yield page["items"]
    while page["next"] is not None:
        page = host.call("preview.more", message=handle, offset=page["next"])
        yield page["items"]


def texts(host: Host, handle: str) -> list[dict[str, Any]]:
    """All pieces of the text of the last preview."""
    pieces: list[dict[str, Any]] = []
    offset = 0
    while offset is not None:
        page = host.call("preview.text", message=handle, offset=offset)
        pieces += page["pieces"]
        offset = page["next"]
    return pieces


def indicators(seen: dict[str, Any]) -> list[dict[str, Any]]:
    return [item for item in seen["items"] if item["item"] == "indicator"]


def attachments(seen: dict[str, Any]) -> dict[str, Any]:
    return {item["name"]: item for item in seen["items"] if item["item"] == "attachment"}


class Preview(ProtocolTest):
    def setUp(self) -> None:
        super().setUp()
        self.connection = self.host()

    def look(self, raw: bytes, **params: object) -> dict[str, Any]:
        return self.connection.call("preview", message=self.connection.handle_of(raw), **params)

    def test_a_report_is_told_with_its_indicators(self) -> None:
        seen = self.look(mails.corpus("advisory-table"))
        self.assertEqual(seen["subject"], 'Indikatoren Kampagne "Graureiher"')
        self.assertEqual(seen["from"], "Kantonales CSIRT <csirt@rosenau-kanton.ch>")
        self.assertEqual(seen["date"], "2026-02-04T14:00:00+01:00")
        self.assertEqual(seen["message_id"], "<tbl-1@rosenau-kanton.ch>")
        self.assertEqual(seen["size"], len(mails.corpus("advisory-table")))
        self.assertEqual(
            (seen["mode"]["asked"], seen["mode"]["is"], seen["mode"]["by"]), ("auto", "report", "detected")
        )
        self.assertEqual(seen["mode"]["attached"], 0)
        self.assertTrue(seen["mode"]["facts"])
        self.assertEqual(seen["destination"], {"target": "feed", "folder": str(self.home.data / "feed")})
        self.assertEqual(seen["counts"], {"items": 9, "sent": 9, "skipped": 0, "attachments": 0})
        (event,) = seen["events"]
        self.assertEqual((event["tags"], event["objects"], event["already"]), (["tlp:amber"], [], []))
        found = {(item["type"], item["value"]): item for item in seen["items"]}
        host = found["hostname", "mx1.finchgate.biz"]
        self.assertEqual((host["shown"], host["line"], host["found_in"]), ("mx1[.]finchgate[.]biz", 6, "text/plain"))
        self.assertEqual((host["action"], host["to_ids"], host["category"]), ("add", True, "Network activity"))
        self.assertEqual(host["found_as"], "defanged")
        self.assertIn("mx1[.]finchgate[.]biz                 | Versand", host["context"])
        self.assertIn(("filename|sha1", "Mahnung.js|e48bb592189991f74c75fab9d99da2074d44f1e5"), found)

    def test_of_a_sample_the_headers_are_told_as_well(self) -> None:
        seen = self.look(mails.corpus("phish-html-mismatch"), mode="sample")
        self.assertEqual(seen["mode"]["is"], "sample")
        (email,) = seen["events"][0]["objects"]
        told = {(one["relation"], one["type"]): one["shown"] for one in email["attributes"]}
        self.assertEqual(email["name"], "email")
        self.assertEqual(told["reply-to", "email-reply-to"], "antwort[@]heron-post[.]info")
        self.assertEqual(told["received-header-ip", "ip-src"].count("[.]"), 3)
        mismatch = [item for item in indicators(seen) if "link text shows" in item["comment"]]
        self.assertTrue(mismatch)
        ways = {item["value"]: item["found_as"] for item in indicators(seen)}
        self.assertEqual(ways["https://www.sparkasse-weidenbach.de/login"], "shown_over_link")
        self.assertEqual(ways["https://collect.finchgate.biz/post.php"], "form")
        self.assertEqual(ways["http://refresh.heron-post.info/r"], "redirect")
        self.assertEqual(ways["http://track.kestrelmint.net/o.gif?u=77"], "loaded")

    def test_a_carrier_gives_an_event_for_each_mail_in_it(self) -> None:
        raw = mails.corpus("embedded-three")
        seen = self.look(raw)
        self.assertEqual((seen["mode"]["is"], seen["mode"]["by"], seen["mode"]["attached"]), ("carrier", "detected", 3))
        self.assertEqual([fact["code"] for fact in seen["mode"]["facts"]], ["attached_alone"])
        self.assertEqual(
            [event["subject"] for event in seen["events"]], [f"Ihr Konto {n}" for n in ("eins", "zwei", "drei")]
        )
        self.assertEqual({item["event"] for item in seen["items"]}, {0, 1, 2})
        whole = self.look(raw, mode="report")
        self.assertEqual((whole["mode"]["is"], len(whole["events"])), ("report", 1))

    def test_the_event_is_that_which_the_command_line_makes(self) -> None:
        for name in [
            "advisory-html-safelinks",
            "phish-split-by-tags",
            "embedded-three",
            "forward-outlook-fr",
            "attach-pe-and-zip",
        ]:
            for mode in ["auto", "report", "sample", "carrier"]:
                with self.subTest(name=name, mode=mode):
                    seen = self.look(mails.corpus(name), mode=mode)
                    events = self.home.dry_run(mails.corpus(name), "--mode", mode)
                    self.assertEqual(
                        [(one["uuid"], one["info"], one["date"]) for one in seen["events"]],
                        [(one["uuid"], one["info"], one["date"]) for one in events],
                    )
                    for index, event in enumerate(events):
                        sent = [
                            item for item in indicators(seen) if item["event"] == index and item["action"] != "skip"
                        ]
                        told = {(item["type"], item["value"], item["category"], item["comment"]) for item in sent}
                        made = {
                            (one["type"], one["value"], one["category"], one["comment"]) for one in event["Attribute"]
                        }
                        self.assertEqual(
                            {one for one in told if one[0] != "link"}, {one for one in made if one[0] != "link"}
                        )
                        self.assertEqual(len(sent), len(event["Attribute"]))

    def test_every_mail_of_the_corpus_is_told_as_the_event_that_it_makes(self) -> None:
        names = sorted(path.stem.removesuffix(".event") for path in mails.CORPUS.glob("*.event.json"))
        self.assertGreater(len(names), 100)
        for name in names:
            with self.subTest(name):
                mode = json.loads((mails.CORPUS / f"{name}.expect.json").read_text(encoding="utf-8"))["mode"]
                handle = self.connection.handle_of(mails.corpus(name))
                seen = self.connection.call("preview", message=handle, mode=mode)
                self.connection.call("message.discard", message=handle)
                events = mails.expected_events(name)
                self.assertEqual([one["uuid"] for one in seen["events"]], [one["uuid"] for one in events])
                self.assertEqual(seen["counts"]["sent"], sum(len(one.get("Attribute", [])) for one in events))
                emails = [[one for one in event.get("Object", []) if one["name"] == "email"] for event in events]
                self.assertEqual([len(one["objects"]) for one in seen["events"]], [len(one) for one in emails])

    def test_files_come_with_size_hash_and_type(self) -> None:
        content = b"MZ" + bytes(300)
        seen = self.look(
            mails.with_files(("Rechnung.exe", content), ("list.txt", b"nothing here\n"), ("empty.bin", b""))
        )
        files = attachments(seen)
        told = files["Rechnung.exe"]
        self.assertEqual((told["size"], told["sha256"]), (302, mails.sha256(content)))
        self.assertEqual((told["action"], told["content_type"]), ("sample", "application/octet-stream"))
        self.assertEqual(files["list.txt"]["action"], "benign")
        self.assertEqual((files["empty.bin"]["action"], files["empty.bin"]["size"]), ("skip", 0))
        self.assertTrue(files["empty.bin"]["reason"])
        self.assertEqual(seen["counts"]["attachments"], 3)

    def test_what_is_skipped_comes_with_its_reason(self) -> None:
        seen = self.look(mails.report("See http://www.w3.org/TR/ and setup.py and hxxp://evil-one[.]com/x today."))
        skipped = {item["value"]: item for item in indicators(seen) if item["action"] == "skip"}
        self.assertEqual(set(skipped), {"http://www.w3.org/TR/", "www.w3.org", "setup.py"})
        self.assertTrue(all(item["reason"] and not item["to_ids"] for item in skipped.values()))
        self.assertEqual((seen["counts"]["sent"], seen["counts"]["skipped"]), (2, 3))

    def test_the_line_is_told_as_written_and_cut_around_what_was_found(self) -> None:
        long = f"{'before ' * 200}hxxp://evil[.]example-one[.]com/x {'after ' * 200}"
        seen = self.look(mails.report(f"{long}\nShort evil-two[.]com <b>&amp;"))
        found = {item["value"]: item["context"] for item in indicators(seen)}
        self.assertEqual(len(found["http://evil.example-one.com/x"]), 300)
        self.assertIn("before hxxp://evil[.]example-one[.]com/x after", found["http://evil.example-one.com/x"])
        self.assertEqual(found["evil-two.com"], "Short evil-two[.]com <b>&amp;")

    def test_nothing_below_the_marking_can_be_chosen(self) -> None:
        markings = ["", "TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:RED"]
        for first, marking in enumerate(markings):
            with self.subTest(marking):
                seen = self.look(mails.report(f"{marking}\n\nhxxp://evil-one[.]com/x"))
                self.assertEqual(seen["tlp"]["choices"], TLP[first:])
                self.assertEqual(seen["tlp"]["tag"], TLP[first] if marking else "tlp:amber")
        inner = self.look(
            mails.carrier(mails.report("TLP:RED\nhxxp://evil-one[.]com/x"), mails.small(1)), mode="carrier"
        )
        self.assertEqual(inner["tlp"], {"tag": "tlp:red", "choices": ["tlp:red"]})

    def test_a_sharing_group_can_be_chosen_where_there_is_one(self) -> None:
        self.assertEqual(self.look(mails.small(1))["distribution"], {"is": 0, "choices": [0, 1, 2, 3]})
        self.home.configure("[event]\ndistribution = 1\nsharing_group = 7\n")
        self.assertEqual(self.look(mails.small(1))["distribution"], {"is": 1, "choices": [0, 1, 2, 3, 4]})

    def test_a_profile_decides_mode_tags_and_uuid(self) -> None:
        self.home.configure(
            '[profile.trap.mail]\nmode = "sample"\n[profile.trap.event]\ntags = ["trap:one"]\nthreat_level = 2\n'
        )
        plain, trap = self.look(mails.small(1)), self.look(mails.small(1), profile="trap")
        self.assertEqual((trap["mode"]["is"], trap["mode"]["by"], trap["profile"]), ("sample", "configured", "trap"))
        self.assertEqual(trap["mode"]["facts"], [])
        self.assertEqual((trap["events"][0]["tags"], trap["events"][0]["threat_level"]), (["tlp:amber", "trap:one"], 2))
        self.assertNotEqual(trap["events"][0]["uuid"], plain["events"][0]["uuid"])
        dry = self.home.dry_run(mails.small(1), "--profile", "trap")
        self.assertEqual(trap["events"][0]["uuid"], dry[0]["uuid"])

    def test_a_profile_that_there_is_not_is_said(self) -> None:
        handle = self.connection.handle_of(mails.small(1))
        error = self.refused("no_profile", self.connection.call, "preview", message=handle, profile="trap")
        self.assertIn("trap", error.message)
        self.connection.call("preview", message=handle)

    def test_what_is_no_mail_is_refused(self) -> None:
        for raw in [b"", b"\n", b"\r\n\r\n\r\n", mails.corpus("broken-empty-lines-only")]:
            with self.subTest(raw):
                self.refused("not_a_mail", self.look, raw)
        self.assert_alive(self.connection)

    def test_broken_mails_are_previewed_with_a_note(self) -> None:
        seen = self.look(mails.corpus("broken-truncated-multipart"))
        self.assertTrue(seen["notes"])

    def test_a_mail_that_was_sent_says_where(self) -> None:
        raw = mails.small(1)
        (delivery,) = self.connection.call("send", message=self.connection.handle_of(raw))["deliveries"]
        (earlier,) = self.look(raw)["events"][0]["already"]
        self.assertEqual((earlier["id"], earlier["event_uuid"]), (delivery["row"], delivery["uuid"]))
        self.assertEqual((earlier["destination"], earlier["url"]), ("feed", delivery["url"]))
        self.assertEqual(self.look(mails.small(2))["events"][0]["already"], [])

    def test_looking_makes_no_file(self) -> None:
        before = self.home.files()
        handle = self.connection.handle_of(mails.corpus("embedded-three"))
        self.connection.call("preview", message=handle)
        for form in ["text", "csv", "misp"]:
            self.connection.call("export", message=handle, format=form, offset=0)
        self.connection.call("known", message=handle, offset=0, count=10)
        self.connection.call("status")
        self.connection.call("settings.read")
        self.connection.call("outbox.list")
        self.connection.call("connection.test")
        self.assertEqual(self.home.files(), before)
        self.assertFalse(self.home.data.exists())

    def test_reading_is_told_as_progress(self) -> None:
        number = self.connection.ask("preview", message=self.connection.handle_of(mails.small(1)))
        self.connection.answer(number)
        self.assertEqual(self.connection.progress(number), [("reading", 1)])


class Texts(ProtocolTest):
    """The text of the mail, with the places of what was found."""

    def setUp(self) -> None:
        super().setUp()
        self.connection = self.host()

    def test_finds_are_marked_where_they_are_written(self) -> None:
        handle = self.connection.handle_of(mails.report("See hxxp://evil-one[.]com/x <b>now</b>\nand 45.9.148[.]9"))
        items = self.connection.call("preview", message=handle)["items"]
        pieces = texts(self.connection, handle)
        parts = [piece for piece in pieces if "part" in piece]
        self.assertEqual([part["part"] for part in parts], ["Subject", "text/plain"])
        self.assertEqual({(part["event"], part["subject"]) for part in parts}, {(0, "Indicators of today")})
        marks = {piece["text"]: [items[at]["value"] for at in piece["items"]] for piece in pieces if "items" in piece}
        self.assertEqual(
            marks,
            {"hxxp://evil-one[.]com/x": ["http://evil-one.com/x", "evil-one.com"], "45.9.148[.]9": ["45.9.148.9"]},
        )
        self.assertIn(" <b>now</b>\nand ", [piece.get("text") for piece in pieces])

    def test_every_item_of_every_mail_of_the_corpus_has_a_place(self) -> None:
        names = sorted(path.stem.removesuffix(".event") for path in mails.CORPUS.glob("*.event.json"))
        in_text = 0
        for name in names:
            with self.subTest(name):
                handle = self.connection.handle_of(mails.corpus(name))
                items = [item for page in pages(self.connection, handle) for item in page]
                marks = [piece for piece in texts(self.connection, handle) if "items" in piece]
                self.connection.call("message.discard", message=handle)
                self.assertEqual({at for mark in marks for at in mark["items"]}, set(range(len(items))))
                in_text += sum(len(mark["items"]) for mark in marks if mark["text"])
        self.assertGreater(in_text, 800)

    def test_a_long_text_comes_in_pages_and_whole(self) -> None:
        body = "".join(f"line {number} hxxp://evil-{number}[.]com/x \U0001f600\n" for number in range(20_000))
        handle = self.connection.handle_of(mails.report(body))
        self.connection.call("preview", message=handle)
        pieces = texts(self.connection, handle)
        self.assertEqual("".join(piece.get("text", "") for piece in pieces).count("evil-"), 20_000)
        self.assertLess(self.connection.longest, 1 << 20)
        behind = self.connection.call("preview.text", message=handle, offset=len(pieces))
        self.assertEqual(behind, {"pieces": [], "next": None})

    def test_there_is_no_text_before_a_preview(self) -> None:
        self.refused(
            "no_preview",
            self.connection.call,
            "preview.text",
            message=self.connection.handle_of(mails.small(1)),
            offset=0,
        )

    def test_what_stands_in_a_stretch_of_the_text_is_told_by_its_number(self) -> None:
        body = "".join(f"line {number} hxxp://evil-{number}[.]com/x\n" for number in range(2000))
        handle = self.connection.handle_of(mails.report(body))
        items = [item for page in pages(self.connection, handle) for item in page]
        for asked in ({"text": "line 1999 hxxp://evil-1999[.]com/x and"}, {"link": "http://evil-1999.com/x"}):
            with self.subTest(asked):
                numbers = self.connection.call("preview.within", message=handle, **asked)["items"]
                values = [items[number]["value"] for number in numbers]
                self.assertEqual(values, ["http://evil-1999.com/x", "evil-1999.com"])
        whole = self.connection.call("preview.within", message=handle, text=body)["items"]
        self.assertEqual(whole, list(range(len(items))))
        self.assertEqual(self.connection.call("preview.within", message=handle)["items"], [])
        fresh = self.connection.handle_of(mails.small(1))
        self.refused("no_preview", self.connection.call, "preview.within", message=fresh, text="x")

    def test_hosts_of_one_owner_say_so(self) -> None:
        handle = self.connection.handle_of(mails.report("hxxp://a.evil-one[.]com/x x@evil-one[.]com 45.9.148[.]9"))
        items = self.connection.call("preview", message=handle)["items"]
        self.assertEqual(
            {item["value"]: item.get("owner") for item in items},
            {
                "http://a.evil-one.com/x": "evil-one.com",
                "a.evil-one.com": "evil-one.com",
                "x@evil-one.com": "evil-one.com",
                "45.9.148.9": "45.9.148.9",
            },
        )


class LongLists(ProtocolTest):
    def test_every_item_is_told_once_and_in_order(self) -> None:
        for count in [2_000, 20_000]:
            with self.subTest(count):
                raw, values = mails.many(count)
                host = self.host()
                handle = host.handle_of(raw)
                told = [(item["type"], item["value"], item["line"]) for page in pages(host, handle) for item in page]
                self.assertEqual(len(told), count)
                self.assertEqual({(kind, value) for kind, value, _ in told}, values)
                lines = [line for _, _, line in told]
                self.assertEqual(lines, sorted(lines))
                self.assertLessEqual(host.longest, 1 << 20)

    def test_a_page_is_cut_before_it_is_too_long_to_travel(self) -> None:
        text = "\n".join(f"hxxp://evil-long[.]com/{number}/{'x' * 7000}" for number in range(300))
        host = self.host()
        handle = host.handle_of(mails.report(text))
        told = [item["value"] for page in pages(host, handle) for item in page]
        self.assertEqual(len(told), 301)
        self.assertEqual(len(set(told)), 301)

    def test_a_page_can_be_asked_for_again_and_behind_the_end_there_is_nothing(self) -> None:
        raw, _ = mails.many(1200)
        host = self.host()
        handle = host.handle_of(raw)
        host.call("preview", message=handle)
        more = host.call("preview.more", message=handle, offset=700)
        self.assertEqual((len(more["items"]), more["next"]), (500, None))
        self.assertEqual(host.call("preview.more", message=handle, offset=700), more)
        for offset in [1200, 1201, 1 << 40, (1 << 64) - 1]:
            self.assertEqual(host.call("preview.more", message=handle, offset=offset), {"items": [], "next": None})

    def test_more_needs_a_preview(self) -> None:
        host = self.host()
        self.refused("no_preview", host.call, "preview.more", message=host.handle_of(mails.small(1)), offset=0)


class Oversized(ProtocolTest):
    """Whatever a mail contains, its preview fits into frames."""

    def assert_told(self, raw: bytes, **params: object) -> dict[str, Any]:
        host = self.host()
        handle = host.handle_of(raw)
        seen = host.call("preview", message=handle, **params)
        (first, *_) = host.call("send", message=handle, **params)["deliveries"]
        self.assertEqual(first["uuid"], seen["events"][0]["uuid"])
        return seen

    def test_headers_of_a_megabyte(self) -> None:
        long = "long " * 250_000
        plain = mails.small(1)
        for name, raw in {
            "subject": plain.replace(b"Small 1", long.encode()),
            "from": plain.replace(b"Analyst", long.encode()),
            "message-id": plain.replace(b"report-1", long.replace(" ", "").encode()),
            "date": plain.replace(b"2026", long.encode()),
        }.items():
            with self.subTest(name):
                self.assert_told(raw)

    def test_a_file_name_of_a_megabyte(self) -> None:
        self.assert_told(mails.with_files(("n" * (1 << 20) + ".exe", b"MZ")))

    def test_a_content_type_of_a_megabyte(self) -> None:
        raw = mails.with_files(("a.exe", b"MZ"))
        self.assert_told(raw.replace(b"application/octet-stream", b"application/" + b"x" * (1 << 20)))

    def test_an_address_of_a_megabyte(self) -> None:
        self.assert_told(mails.report(f"hxxp://evil-long[.]com/{'a' * (1 << 20)}"))

    def test_a_carrier_of_many_mails_with_long_headers(self) -> None:
        hops = "".join(
            f"Received: from h{number}.{'x' * 60}.{'y' * 60}.{'z' * 60}.com (h [45.1.2.{number}]) by mx with ESMTP; "
            "Mon, 16 Mar 2026 06:12:00 +0000\n"
            for number in range(60)
        )
        inner = [mails.report("hxxp://evil-one[.]com/x", "S" * 900, number, hops) for number in range(120)]
        host = self.host()
        seen = host.call("preview", message=host.handle_of(mails.carrier(*inner)), mode="carrier")
        self.assertEqual(len(seen["events"]), 100)
        hidden = [email["more"] for event in seen["events"] for email in event["objects"]]
        self.assertGreater(hidden[-1], hidden[0])

    def test_thousands_of_files(self) -> None:
        self.home.configure("mail.files = 3000\n")
        raw = mails.with_files(*[(f"file-{number}.exe", b"MZ%d" % number) for number in range(2_000)])
        host = self.host()
        told = [
            item["name"] for page in pages(host, host.handle_of(raw)) for item in page if item["item"] == "attachment"
        ]
        self.assertEqual(told, [f"file-{number}.exe" for number in range(2_000)])
