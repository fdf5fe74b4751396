"""Attachments and samples: zipped by the client, zipped by the server, or (never do this) not at all."""

import base64
import hashlib
import io
import unittest
import zipfile
from typing import Any

from harness import Answer, ContractTest, new_uuid, word


def encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


def sample(value: str, content: bytes, **more: object) -> dict[str, Any]:
    return {
        "uuid": new_uuid(),
        "type": "malware-sample",
        "category": "Payload delivery",
        "value": value,
        "data": encoded(content),
        **more,
    }


class Samples(ContractTest):
    def setUp(self) -> None:
        self.content = f"MZ harmless {word()}".encode()
        self.md5 = hashlib.md5(self.content).hexdigest()

    def download(self, given: str) -> Answer:
        answer = self.misp.get(f"/attributes/download/{given}")
        self.assertEqual(answer.status, 200, answer)
        return answer

    def test_with_encrypt_the_server_zips_and_appends_the_md5(self) -> None:
        made = sample("invoice.exe", self.content, encrypt=True)
        row = self.add(Attribute=[made])["Attribute"][0]
        self.assertEqual(row["value"], f"invoice.exe|{self.md5}")
        with zipfile.ZipFile(io.BytesIO(self.download(made["uuid"]).body)) as archive:
            archive.setpassword(b"infected")
            self.assertEqual(archive.read(self.md5), self.content)
            self.assertEqual(archive.read(f"{self.md5}.filename.txt"), b"invoice.exe")

    def test_a_zip_of_the_client_is_stored_byte_for_byte(self) -> None:
        made = sample(f"räch nung.exe|{self.md5}", b"PK pretend " + self.content)
        self.add(Attribute=[made])
        answer = self.download(made["uuid"])
        self.assertEqual(answer.body, b"PK pretend " + self.content)
        self.assertEqual(answer.headers["content-type"], "application/zip")
        name = answer.headers["content-disposition"].encode("latin-1").decode()
        self.assertEqual(name, 'attachment; filename="räch nung.exe.zip"')

    def test_zip_and_encrypt_zips_the_zip_and_changes_the_md5(self) -> None:
        row = self.add(Attribute=[sample(f"a.exe|{'0' * 32}", self.content, encrypt=True)])["Attribute"][0]
        self.assertEqual(row["value"], f"a.exe|{self.md5}")

    def test_raw_bytes_with_a_hash_are_stored_as_they_are(self) -> None:
        made = sample(f"a.exe|{self.md5}", self.content)
        self.add(Attribute=[made])
        self.assertEqual(self.download(made["uuid"]).body, self.content)

    def test_a_sample_is_found_by_its_md5(self) -> None:
        self.add(Attribute=[sample("a.exe", self.content, encrypt=True)])
        row = self.misp.get(f"/attributes/downloadSample/{self.md5}").json["result"][0]
        self.assertEqual((row["md5"], row["filename"]), (self.md5, "a.exe"))
        asked = {"request": {"hash": self.md5, "allSamples": 0}}
        self.assertEqual(len(self.misp.post("/attributes/downloadSample/", asked).json["result"]), 1)

    def test_an_attachment_without_data_is_a_404_until_an_edit_brings_it(self) -> None:
        made = sample("mail.eml", self.content, type="attachment", category="External analysis")
        bare = {name: value for name, value in made.items() if name != "data"}
        event = self.add(Attribute=[bare])
        self.assertEqual(self.misp.get(f"/attributes/download/{made['uuid']}").status, 404)
        self.edit(event["uuid"], Attribute=[made])
        self.assertEqual(self.download(made["uuid"]).body, self.content)

    def test_bad_base64_is_dropped_without_a_word(self) -> None:
        made = sample("a.txt", b"", type="attachment", data="***")
        self.assertEqual(len(self.add(Attribute=[made])["Attribute"]), 1)
        answer = self.misp.get(f"/attributes/download/{made['uuid']}")
        self.assertEqual((answer.status, answer.body), (200, b""))

    def test_a_search_brings_the_bytes_on_request(self) -> None:
        made = sample("a.exe", self.content, encrypt=True)
        self.add(Attribute=[made])
        row = self.misp.post("/attributes/restSearch", {"uuid": made["uuid"], "withAttachments": 1}).json
        self.assertIn("data", row["response"]["Attribute"][0])
        self.assertEqual(self.misp.get(f"/attributes/downloadAttachment/{made['uuid']}").status, 500)


if __name__ == "__main__":
    unittest.main()
