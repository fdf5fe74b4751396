"""Values by type: how MISP stores them, and which it refuses with which message."""

import unittest

from harness import Answer, ContractTest, word

IP = "IP address has an invalid format."
EMAIL = 'Email address has an invalid format. Please double check the value or select type "other".'
NEW_LINE = "Value must not contain new line character."
TOO_LONG = (
    "The entered string is too long and would get truncated. Please consider adding the data as an attachment instead"
)
COMPOSITE = "Composite type found but the value not in the composite (value1|value2) format."

NORMALISED = (
    ("url", "  hxxp://Norm[.]example[.]org/A ", "http://Norm.example.org/A"),
    ("sha256", "AB" * 32, "ab" * 32),
    ("email-src", "Mal@Norm.Example.org", "mal@norm.example.org"),
    ("ip-dst", "2001:DB8:0:0::1", "2001:db8::1"),
    ("ip-dst", "203.0.113.0/24", "203.0.113.0/24"),
    ("domain", "münchen.example", "xn--mnchen-3ya.example"),
    ("email-message-id", "<a b@c>", "<a b@c>"),
    ("datetime", "2026-11-23T08:00:00+00:00", "2026-11-23T08:00:00.000000+0000"),
    ("text", "a\0b", "a\0b"),
    ("filename|md5", "Invoice.EXE|" + "AB" * 16, "Invoice.EXE|" + "ab" * 16),
)
TAKEN = (
    ("ip-dst|port", "203.0.113.7|8080"),
    ("hostname|port", "host.example.org|25"),
    ("AS", "64496"),
    ("vulnerability", "CVE-2024-12345"),
    ("mac-address", "00:11:22:33:44:55"),
    ("port", "65535"),
    ("email-body", "two\nlines"),
    ("text", "two\nlines"),
    ("size-in-bytes", "0"),
    ("boolean", "1"),
    ("ssdeep", "3:AIO9AJraNvsgzsVqSwHqiUZeZ:AeOsgqs"),
    ("domain|ip", "a.example.org|203.0.113.7"),
    ("malware-sample", "a.exe|" + "0" * 64),
    ("regkey|value", "HKLM\\Software\\x|1"),
    ("mime-type", "text/plain"),
)
REFUSED = (
    ("ip-dst", "not-an-ip", IP),
    ("ip-src", "999.1.1.1", IP),
    ("email-src", "no address", EMAIL),
    ("url", "", "Value cannot be empty."),
    ("email-subject", "a\r\n b", NEW_LINE),
    ("url", "http://a.example.org/\nx", NEW_LINE),
    ("text", "x" * 66000, TOO_LONG),
    ("email-body", "x" * 65536, TOO_LONG),
    ("malware-sample", "invoice.exe", COMPOSITE),
)
REFUSED_IN_OTHER_WORDS = (
    ("sha256", "abcd"),
    ("md5", "g" * 32),
    ("hostname", "host.example.org:8080"),
    ("domain", "nodot"),
    ("AS", "x"),
    ("port", "65536"),
    ("vulnerability", "CVE-1"),
    ("filename|md5", "a.exe|xyz"),
    ("ip-dst|port", "203.0.113.7|http"),
    ("link", "no url"),
    ("size-in-bytes", "-1"),
    ("datetime", "rubbish"),
)


class Values(ContractTest):
    event: str

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        answer = cls.misp.post("/events/add", {"Event": {"info": f"values {word()}", "distribution": "0"}})
        cls.event = answer.json["Event"]["id"]

    def send(self, kind: str, value: str) -> Answer:
        return self.misp.post(f"/attributes/add/{self.event}", {"type": kind, "value": value})

    def test_values_are_made_uniform(self) -> None:
        for kind, value, stored in NORMALISED:
            with self.subTest(type=kind, value=value):
                answer = self.send(kind, value)
                self.assertEqual(answer.status, 200, answer)
                self.assertEqual(answer.json["Attribute"]["value"], stored)

    def test_good_values_are_kept_as_they_are(self) -> None:
        for kind, value in TAKEN:
            with self.subTest(type=kind, value=value):
                answer = self.send(kind, value)
                self.assertEqual((answer.status, answer.json["Attribute"]["value"]), (200, value))

    def test_bad_values_are_refused_in_these_words(self) -> None:
        for kind, value, words in REFUSED:
            with self.subTest(type=kind, value=value[:20]):
                self.assert_not_saved(self.send(kind, value), {"value": [words]})

    def test_other_bad_values_are_refused(self) -> None:
        for kind, value in REFUSED_IN_OTHER_WORDS:
            with self.subTest(type=kind, value=value):
                answer = self.send(kind, value)
                self.assertEqual((answer.status, list(answer.json.get("errors", []))), (403, ["value"]), answer)

    def test_too_long_a_value_beyond_ascii_is_a_500(self) -> None:
        self.assertEqual(self.send("text", "ä" * 70000).status, 500)

    def test_a_moment_may_be_written_in_many_ways(self) -> None:
        for value in ("yesterday", "31.12.2026"):
            self.assertEqual(self.send("datetime", value).status, 200, value)

    def test_a_type_and_a_category_must_exist_and_fit(self) -> None:
        path = f"/attributes/add/{self.event}"
        answer = self.misp.post(path, {"type": "nosuchtype", "value": "x"})
        self.assert_not_saved(answer, {"type": ["Invalid type."]})
        fraud = {"type": "ip-dst", "category": "Financial fraud", "value": "203.0.113.77"}
        self.assert_not_saved(self.misp.post(path, fraud), {"type": ["Options depend on the selected category."]})

    def test_category_and_to_ids_default_by_type(self) -> None:
        for kind, value, category, to_ids in (
            ("domain", f"d-{word()}.example.org", "Network activity", True),
            ("email-subject", word(), "Payload delivery", False),
            ("text", word(), "Other", False),
        ):
            row = self.send(kind, value).json["Attribute"]
            self.assertEqual((row["category"], row["to_ids"]), (category, to_ids), kind)

    def test_every_type_that_misp_describes_has_a_default_among_its_categories(self) -> None:
        result = self.misp.get("/attributes/describeTypes").json["result"]
        self.assertGreater(len(result["types"]), 180)
        for name, default in result["sane_defaults"].items():
            self.assertIn(name, result["category_type_mappings"][default["default_category"]])

    def test_a_pipe_in_the_name_of_a_sample_cuts_the_name(self) -> None:
        body = {"type": "malware-sample", "value": "a|b.exe", "data": "TVphYmM=", "encrypt": True}
        row = self.misp.post(f"/attributes/add/{self.event}", body).json["Attribute"]
        self.assertEqual(row["value1"], "a")


if __name__ == "__main__":
    unittest.main()
