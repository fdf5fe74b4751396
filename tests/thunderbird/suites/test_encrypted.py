"""Encrypted mails: what Thunderbird can decrypt is read only when that is allowed, and leaves no trace."""

import json

from stage.openpgp import encrypted
from stage.review import Review

from suites.test_review import ReviewCase

IS_PRIMARY = "return document.getElementById('create').classList.contains('primary');"
DECRYPT_NOTHING = "await browser.storage.local.remove('preference.decrypt');"


class Encrypted(ReviewCase):
    def open_encrypted(self, subject: str, url: str, keep_key: bool = True) -> Review:
        self.url = url
        raw = encrypted(self.desk.thunderbird, subject, f"we saw this: {url}".encode(), keep_key)
        return self.open(subject, raw=raw)

    def has_url(self, review: Review) -> bool:
        return ("url", self.url) in review.ticked()

    def read(self, review: Review, button: str) -> None:
        review.click(button)
        review.until(
            "return document.body.dataset.state == 'ready' && !document.getElementById('decrypt-once');", "read"
        )

    def test_a_mail_is_decrypted_once_when_the_analyst_says_so(self) -> None:
        review = self.open_encrypted("locked once", "https://kzvwtrd.com/gate4711")
        self.assertIn("This mail is encrypted", review.text("#encrypted"))
        self.assertFalse(review.run(IS_PRIMARY) or self.has_url(review))
        self.read(review, "#decrypt-once")
        self.assertTrue(review.run(IS_PRIMARY) and self.has_url(review))
        self.assertEqual(review.create(), ["created"])
        event = json.dumps(self.event(self.draft["uuid"]))
        self.assertIn(self.url, event)
        self.assertIn("decrypted by the reader", event)
        for file in self.desk.home.data.rglob("*"):
            if file.is_file():
                self.assertNotIn(b"kzvwtrd", file.read_bytes(), file)

    def test_a_mail_whose_key_is_missing_cannot_be_read(self) -> None:
        review = self.open_encrypted("locked for good", "https://kzvwtre.com/gate", keep_key=False)
        self.read(review, "#decrypt-once")
        self.assertIn("cannot be read here", review.text("#encrypted"))
        self.assertFalse(review.run(IS_PRIMARY) or self.has_url(review))

    def test_who_always_allows_it_is_not_asked_again(self) -> None:
        review = self.open_encrypted("locked the first time", "https://kzvwtrf.com/gate")
        self.read(review, "#decrypt-always")
        self.assertTrue(self.has_url(review))
        self.desk.tidy()
        review = self.open_encrypted("locked the second time", "https://kzvwtrg.com/gate")
        self.assertTrue(self.has_url(review))
        review.run(DECRYPT_NOTHING)
