"""Where and how Thunderbird shows a mail makes no difference: table and cards, threads, drafts, templates, searches, files."""

import pathlib
import shutil
import subprocess
import unittest
from typing import Any

from driver.views import Views
from driver.waiting import until
from stage import mails
from stage.batch import BatchPage
from stage.case import SharedDesk
from stage.review import Review

OPENSSL = shutil.which("openssl")


class Places(SharedDesk):
    def setUp(self) -> None:
        super().setUp()
        self.addCleanup(self.desk.background.run, "await browser.storage.local.clear();")

    def receive(self, raw: bytes, folder: str) -> tuple[str, str]:
        path = self.desk.file(raw)
        uri = self.desk.folders.create(folder)
        self.desk.folders.put(uri, path)
        (event,) = self.desk.home.would_send(path)
        return uri, event["uuid"]

    def review_and_create(self) -> None:
        review = Review(self.desk.thunderbird).wait_ready()
        self.assertEqual(review.create(), ["created"])
        review.close()

    def assert_sent(self, uuid: str) -> dict[str, Any]:
        found = until(lambda: self.desk.misp.event(uuid), f"event {uuid}")
        assert isinstance(found, dict)
        return found

    def test_table_and_cards(self) -> None:
        self.addCleanup(Views(self.desk.thunderbird).show_as, "cards")
        for view in ("table", "cards"):
            with self.subTest(view):
                Views(self.desk.thunderbird).show_as(view)
                names = [f"{view} by button", f"{view} by menu", f"{view} one", f"{view} two"]
                received = [self.receive(mails.report(name), f"View {view}") for name in names]
                folder = received[0][0]
                self.desk.folders.select(folder, names[0])
                self.desk.window.click_message_button()
                self.review_and_create()
                self.desk.folders.select(folder, names[1])
                self.desk.window.choose_from_context_menu()
                self.review_and_create()
                self.desk.folders.select(folder, *names[2:])
                self.desk.window.choose_from_context_menu()
                page = BatchPage(self.desk.thunderbird).wait("ready").wait_read(2)
                page.click("#start")
                page.wait("done")
                page.close()
                for _, uuid in received:
                    self.assert_sent(uuid)

    def test_a_folded_thread_is_a_batch_of_all_its_mails(self) -> None:
        first = mails.report("thread first")
        answer = mails.report("thread answer").replace(
            b"Subject: ", b"In-Reply-To: <thread-first@reporting-cert.org>\r\nSubject: ", 1
        )
        uuids = [self.receive(raw, "Thread")[1] for raw in (first, answer)]
        folder = self.desk.folders.create("Thread")
        Views(self.desk.thunderbird).fold_thread(folder, "thread first")
        self.desk.window.choose_from_context_menu()
        page = BatchPage(self.desk.thunderbird).wait("ready").wait_read(2)
        page.click("#start")
        page.wait("done")
        page.close()
        for uuid in uuids:
            self.assert_sent(uuid)

    def test_drafts_and_templates(self) -> None:
        for name in ("Drafts", "Templates"):
            with self.subTest(name):
                subject = f"kept in {name}"
                folder, uuid = self.receive(mails.report(subject), name)
                self.desk.folders.run(
                    "MailUtils.getExistingFolder(args[0]).setFlag(Ci.nsMsgFolderFlags[args[1]]);", folder, name
                )
                self.desk.folders.select(folder, subject)
                self.desk.window.click_message_button()
                self.review_and_create()
                self.assert_sent(uuid)

    def test_a_saved_search_tags_the_mail_in_its_own_folder(self) -> None:
        self.desk.background.run("await browser.storage.local.set({'preference.tag': 'misp_sent'});")
        folder, uuid = self.receive(mails.report("found by search"), "Searched")
        search = Views(self.desk.thunderbird).save_search("A search", folder, "found by")
        self.desk.folders.select(search, "found by search")
        self.desk.window.click_message_button()
        self.review_and_create()
        self.assert_sent(uuid)
        until(lambda: self.desk.folders.tags(folder, "found by search") == ["misp_sent"], "the tag")

    def test_of_a_file_in_a_window_the_receipt_says_that_it_stays_as_it_is(self) -> None:
        self.desk.background.run("await browser.storage.local.set({'preference.tag': 'misp_sent'});")
        # The same mail lies in a folder, and must not be taken for it.
        raw = mails.report("file in a window")
        folder, uuid = self.receive(raw, "Beside files")
        path = self.desk.file(raw)
        self.desk.folders.open_file(path)
        self.desk.window.focus()
        self.desk.window.click_message_button()
        review = Review(self.desk.thunderbird).wait_ready()
        self.assertEqual(review.create(), ["created"])
        self.assertIn("opened from a file", review.text("#result"))
        review.close()
        self.assert_sent(uuid)
        self.assertEqual(self.desk.folders.tags(folder, "file in a window"), [])
        self.assertEqual(path.read_bytes(), raw)

    @unittest.skipUnless(OPENSSL, "needs the package openssl")
    def test_mails_signed_by_s_mime(self) -> None:
        for name, options in (("detached", []), ("opaque", ["-nodetach"])):
            with self.subTest(name):
                raw = self.sign(f"signed {name}", options)
                folder, uuid = self.receive(raw, "Signed")
                self.desk.folders.select(folder, f"signed {name}")
                self.desk.window.click_message_button()
                self.review_and_create()
                event = self.assert_sent(uuid)["Event"]
                self.assertEqual(len(event["Attribute"]), 4)
                self.assertEqual(event["Object"], [])

    def sign(self, subject: str, options: list[str]) -> bytes:
        """A report, signed with a new certificate."""
        folder = pathlib.Path(self.desk.folder)
        key, certificate = folder / "signer.key", folder / "signer.pem"
        if not key.exists():
            self.openssl(
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=CERT/emailAddress=alerts@reporting-cert.org",
                "-keyout", str(key), "-out", str(certificate),
            )  # fmt: skip
        head, _, text = mails.report(subject).partition(b"\r\n\r\n")
        fields = [line for line in head.split(b"\r\n") if not line.startswith((b"MIME-Version", b"Content-Type"))]
        content = b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + text
        arguments = ["cms", "-sign", *options, "-signer", str(certificate), "-inkey", str(key), "-outform", "SMIME"]
        signed = self.openssl(*arguments, "-crlfeol", "-binary", content=content)
        return b"\r\n".join(fields) + b"\r\n" + signed

    def openssl(self, *arguments: str, content: bytes = b"") -> bytes:
        done = subprocess.run([OPENSSL or "openssl", *arguments], input=content, capture_output=True, check=True)
        return done.stdout
