"""PyMISP as a client of the double: it works only if the double answers as MISP does. Skipped where PyMISP is not
installed, except in CI."""

import hashlib
import io
import os
import unittest
import zipfile
from typing import Any

from harness import INSECURE, REAL, REAL_KEY, ContractTest, key, misp_url, word
from pymisp.mispevent import MISPAttribute

try:
    import pymisp
except ImportError:
    pymisp = None  # type: ignore[assignment]  # the tests are skipped then

WANTED = "PyMISP is not installed (pip install pymisp)"


class PyMisp(ContractTest):
    client: Any  # what it answers may be of many types

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        if pymisp is None:
            if os.environ.get("CI") == "true":
                raise AssertionError(WANTED)
            raise unittest.SkipTest(WANTED)
        cls.client = pymisp.PyMISP(misp_url(), REAL_KEY if REAL else key("Publisher"), ssl=not INSECURE)

    def event(self) -> Any:  # noqa: ANN401 - a MISPEvent, whose fields PyMISP makes at run time
        """A stored event with an attribute, an email object, a tag and a sighting."""
        event = pymisp.MISPEvent()
        event.info, event.distribution = f"pymisp {word()}", 0
        made: Any = event.add_attribute("domain", f"p-{word()}.example.org")
        made.add_tag("tlp:green")
        event.add_tag("tlp:amber")
        email = pymisp.MISPObject("email")
        email.add_attribute("subject", value=f"subject {word()}")
        email.add_attribute("from", value=f"m@{word()}.example.org")
        email.add_reference(made.uuid, "contains")
        event.add_object(email)
        return self.stored(self.client.add_event(event, pythonify=True))

    def stored(self, answer: object) -> Any:  # noqa: ANN401 - as above
        self.assertNotIsInstance(answer, dict, answer)
        return answer

    def test_it_knows_the_server_and_itself(self) -> None:
        self.assertIn("version", self.client.misp_instance_version)
        self.assertTrue(self.stored(self.client.get_user("me", pythonify=True)).email)

    def test_an_event_with_everything_comes_back_as_it_went(self) -> None:
        event = self.event()
        self.assertEqual([tag.name for tag in event.tags], ["tlp:amber"])
        self.assertEqual([tag.name for tag in event.attributes[0].tags], ["tlp:green"])
        self.assertEqual({row.object_relation for row in event.objects[0].attributes}, {"subject", "from"})
        self.assertEqual(event.objects[0].references[0].referenced_uuid, event.attributes[0].uuid)
        again = self.stored(self.client.get_event(event.uuid, pythonify=True))
        for shown in (event, again):
            # Where MISP sends only source_uuid, as recorded, PyMISP invents an object_uuid.
            shown.objects[0].references[0].object_uuid = ""
        self.assertEqual(again.to_json(sort_keys=True), event.to_json(sort_keys=True))
        self.assertTrue(self.client.event_exists(event.uuid))

    def test_attributes_are_added_one_by_one_and_in_a_list(self) -> None:
        event = self.event()
        made = pymisp.MISPAttribute()
        made.from_dict(type="ip-dst", value="2001:DB8::1")
        self.assertEqual(self.stored(self.client.add_attribute(event, made, pythonify=True)).value, "2001:db8::1")
        rows = []
        for value in (f"l-{word()}.example.org", f"l-{word()}.example.org"):
            rows.append(pymisp.MISPAttribute())
            rows[-1].from_dict(type="domain", value=value)
        self.assertEqual(len(self.client.add_attribute(event, rows, pythonify=True)["attributes"]), 2)

    def test_an_object_is_added_and_deleted(self) -> None:
        event = self.event()
        found = pymisp.MISPObject("domain-ip")
        found.add_attribute("domain", value=f"o-{word()}.example.org")
        found.add_attribute("ip", value="203.0.113.9")
        stored = self.stored(self.client.add_object(event, found, pythonify=True))
        self.assertEqual(stored.uuid, found.uuid)
        self.client.delete_object(stored)
        again = self.stored(self.client.get_event(event, pythonify=True))
        self.assertEqual([row.name for row in again.objects], ["email"])

    def test_sightings_tags_and_reports(self) -> None:
        event = self.event()
        sighting = pymisp.MISPSighting()
        sighting.from_dict(value=event.attributes[0].value, source="pymisp")
        self.assertEqual(self.stored(self.client.add_sighting(sighting, pythonify=True)).source, "pymisp")
        self.assertEqual(len(self.client.sightings(event.attributes[0], pythonify=True)), 1)
        self.assertIn("successfully attached", self.client.tag(event, "tlp:clear")["name"])
        self.assertIn("tlp:clear", [tag.name for tag in self.client.search_tags("tlp:clear", pythonify=True)])
        report = pymisp.MISPEventReport()
        report.from_dict(name="mail", content="# text")
        self.assertEqual(self.stored(self.client.add_event_report(event.id, report, pythonify=True)).name, "mail")

    def test_publish_search_and_delete(self) -> None:
        if not self.client.get_user("me")["Role"]["perm_publish"]:
            self.skipTest("the key's role has no perm_publish")
        event = self.event()
        self.assertTrue(self.client.publish(event)["saved"])
        found = self.client.search(value=event.attributes[0].value, pythonify=True)
        self.assertEqual([(row.uuid, row.published) for row in found], [(event.uuid, True)])
        rows = self.client.search("attributes", value=event.attributes[0].value, pythonify=True)
        self.assertEqual([row.uuid for row in rows], [event.attributes[0].uuid])
        self.assertIn(event.uuid, [row.uuid for row in self.client.search_index(eventinfo=event.info, pythonify=True)])
        self.assertTrue(self.client.delete_event(event)["saved"])
        self.assertFalse(self.client.event_exists(event.uuid))

    def test_an_update_and_its_refusal(self) -> None:
        event = self.event()
        event.info += " changed"
        event.add_attribute("ip-dst", "203.0.113.11")
        changed = self.stored(self.client.update_event(event, pythonify=True))
        self.assertEqual((changed.info, len(changed.attributes)), (event.info, 2))
        made = event.attributes[0]
        made.comment = "from pymisp"
        self.assertEqual(self.stored(self.client.update_attribute(made, pythonify=True)).comment, "from pymisp")
        refused = self.client.add_event(event)
        self.assertEqual(refused["errors"][0], 404)

    def test_a_sample_goes_up_zipped_and_comes_down_readable(self) -> None:
        event, content = self.event(), f"MZ {word()}".encode()
        made = pymisp.MISPAttribute()
        made.from_dict(type="malware-sample", value="invoice.exe", data=io.BytesIO(content), encrypt=True)
        stored = self.stored(self.client.add_attribute(event, made, pythonify=True))
        self.assertTrue(stored.value.startswith("invoice.exe|"))
        row = self.client.search("attributes", uuid=stored.uuid, with_attachments=True, pythonify=True)[0]
        self.assertIn(content, self.contents(row))

    def contents(self, row: MISPAttribute) -> list[bytes]:
        """Unpacks all layers, as PyMISP may zip a sample before the server does."""
        found, left = [], [row.data.getvalue() if row.data else b""]
        while left:
            content = left.pop()
            found.append(content)
            if zipfile.is_zipfile(io.BytesIO(content)):
                with zipfile.ZipFile(io.BytesIO(content)) as archive:
                    left += [archive.read(name, pwd=b"infected") for name in archive.namelist()]
        return found

    def test_warninglists_and_a_hash_of_nothing(self) -> None:
        self.double_only("which lists a server has is its own affair")
        empty = hashlib.md5(b"", usedforsecurity=False).hexdigest()
        self.assertEqual(list(self.client.values_in_warninglist([empty, "nowhere.example"])), [empty])


if __name__ == "__main__":
    unittest.main()
