"""Look-ups: whether an event exists, what it contains, which values MISP knows, and the traps of the filters."""

import unittest
from typing import Any

from harness import ContractTest, domain, email_object, new_uuid, word


class Existence(ContractTest):
    def test_head_tells_by_its_status_and_has_no_body(self) -> None:
        event = self.add()
        for uuid, status in ((event["uuid"], 200), (new_uuid(), 404)):
            answer = self.misp.ask("HEAD", f"/events/view/{uuid}")
            self.assertEqual((answer.status, answer.body), (status, b""))

    def test_the_short_path_and_the_number_work_too(self) -> None:
        event = self.add()
        for path in (f"/events/{event['uuid']}.json", f"/events/view/{event['id']}"):
            self.assertEqual(self.misp.get(path).json["Event"]["uuid"], event["uuid"])
        self.assert_thrown(self.misp.get(f"/events/view/{new_uuid()}"), 404, "Invalid event")

    def test_the_minimal_index_takes_a_uuid_as_eventid_but_ignores_uuid(self) -> None:
        event, other = self.add(Attribute=[domain()]), self.add(Attribute=[domain()])
        rows = self.misp.post("/events/index", {"eventid": event["uuid"], "minimal": 1}).json
        keys = {"id", "timestamp", "sighting_timestamp", "published", "uuid", "orgc_uuid"}
        self.assertEqual([(set(row), row["uuid"]) for row in rows], [(keys, event["uuid"])])
        found = {row["uuid"] for row in self.misp.post("/events/index", {"uuid": event["uuid"], "minimal": 1}).json}
        self.assertTrue({event["uuid"], other["uuid"]} <= found)

    def test_the_minimal_index_does_not_show_events_without_attributes(self) -> None:
        self.assertEqual(self.misp.post("/events/index", {"eventid": self.add()["uuid"], "minimal": 1}).json, [])

    def test_the_index_finds_words_of_a_title_the_latest_first(self) -> None:
        mark = word()
        made = [self.add(info=f"contract {mark} {name}") for name in ("Alpha", "Beta")]
        asked = {"eventinfo": mark.upper(), "sort": "timestamp", "direction": "desc", "limit": 10, "page": 1}
        rows = self.misp.post("/events/index", asked).json
        self.assertEqual({row["uuid"] for row in rows}, {event["uuid"] for event in made})
        self.assertEqual(rows[0]["Orgc"]["name"], made[0]["Orgc"]["name"])
        times = [int(row["timestamp"]) for row in rows]
        self.assertEqual(times, sorted(times, reverse=True))
        self.assertEqual(len(self.misp.post("/events/index", {**asked, "limit": 1}).json), 1)
        (row,) = self.misp.post("/events/index", {"eventid": made[0]["id"], "limit": 2, "page": 1}).json
        self.assertEqual(row["uuid"], made[0]["uuid"])

    def test_metadata_leaves_the_contents_out(self) -> None:
        event = self.add(Attribute=[domain()], Tag=[{"name": "tlp:amber"}])
        rows = self.misp.post("/events/restSearch", {"uuid": event["uuid"], "metadata": True}).json["response"]
        self.assertEqual([row["Event"]["uuid"] for row in rows], [event["uuid"]])
        self.assertNotIn("Attribute", rows[0]["Event"])
        self.assertEqual(rows[0]["Event"]["Tag"][0]["name"], "tlp:amber")

    def test_the_uuids_of_an_event_come_as_csv(self) -> None:
        made = domain()
        event = self.add(Attribute=[made])
        asked = {"returnFormat": "csv", "eventid": event["id"], "requested_attributes": ["uuid"], "headerless": 1}
        answer = self.misp.post("/attributes/restSearch", asked)
        self.assertEqual(answer.body.decode().split(), [f'"{made["uuid"]}"'])
        self.assertEqual(answer.headers["content-type"], "text/csv; charset=UTF-8")

    def test_an_extension_is_shown_in_its_base_on_request(self) -> None:
        base = self.add(Attribute=[domain()])
        made = domain()
        self.add(extends_uuid=base["uuid"], Attribute=[made])
        self.assertEqual(len(self.view(base["uuid"])["Attribute"]), 1)
        self.assertIn(made["uuid"], [row["uuid"] for row in self.view(base["uuid"], "/extended:1")["Attribute"]])

    def test_events_that_share_a_value_are_related(self) -> None:
        one, made = self.add(Attribute=[domain()]), domain()
        made["value"] = one["Attribute"][0]["value"]
        event = self.add(Attribute=[made])
        self.assertEqual([row["Event"]["uuid"] for row in event["RelatedEvent"]], [one["uuid"]])


class KnownValues(ContractTest):
    mark: str
    name: str
    hash: str

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.mark = word()
        cls.name, cls.hash = f"{cls.mark}.example.org", ("ab" + cls.mark.encode().hex()).ljust(32, "0")
        event = {
            "info": cls.mark,
            "distribution": "0",
            "Tag": [{"name": "tlp:amber"}],
            "Object": [email_object()],
            "Attribute": [domain(cls.name), {"type": "filename|md5", "value": f"{cls.mark}.exe|{cls.hash}"}],
        }
        cls.misp.post("/events/add", {"Event": event})

    def found(self, **asked: object) -> list[str]:
        answer = self.misp.post("/attributes/restSearch", {"returnFormat": "json", **asked})
        self.assertEqual(answer.status, 200, answer)
        return [row["value"] for row in answer.json["response"]["Attribute"]]

    def test_a_value_is_found_whatever_its_case_and_with_its_event(self) -> None:
        self.assertEqual(self.found(value=self.name.upper()), [self.name])
        answer = self.misp.post("/attributes/restSearch", {"value": [self.name, "nowhere.example"]})
        self.assertEqual(answer.json["response"]["Attribute"][0]["Event"]["info"], self.mark)
        self.assertEqual(answer.headers["x-result-count"], "1")

    def test_a_composite_value_is_found_by_either_half_and_not_as_a_whole(self) -> None:
        whole = f"{self.mark}.exe|{self.hash}"
        for asked, hits in ((f"{self.mark}.exe", [whole]), (self.hash, [whole]), (whole, [])):
            self.assertEqual(self.found(value=[asked]), hits, asked)

    def test_percent_is_a_wildcard_at_an_end(self) -> None:
        self.assertEqual(self.found(value=[f"{self.mark}.example%"]), [self.name])
        self.assertEqual(self.found(value=[self.name], eventinfo=self.mark[:-1]), [])
        self.assertEqual(self.found(value=[self.name], eventinfo=f"{self.mark[:-1]}%"), [self.name])

    def test_beside_the_number_of_an_event_an_exclamation_mark_does_not_negate(self) -> None:
        event = self.misp.post("/attributes/restSearch", {"value": self.name}).json
        number = event["response"]["Attribute"][0]["event_id"]
        self.assertIn(self.name, self.found(value=[f"!{self.name}"], eventid=number))

    def test_an_empty_or_misspelt_filter_finds_everything(self) -> None:
        filters: tuple[dict[str, Any], ...] = ({"value": []}, {"value": [""]}, {"value": ""}, {"valeu": "x"})
        for asked in filters:
            self.assertTrue(self.found(limit=3, **asked), asked)

    def test_nothing_found_is_an_empty_list_in_its_own_place(self) -> None:
        nothing = {"value": f"nowhere-{word()}.example"}
        self.assertEqual(self.misp.post("/attributes/restSearch", nothing).json, {"response": {"Attribute": []}})
        self.assertEqual(self.misp.post("/events/restSearch", nothing).json, {"response": []})

    def test_pages_end_in_an_empty_list_and_the_count_is_one_more_than_the_limit(self) -> None:
        names = [f"p{at}-{self.mark}.example.org" for at in range(5)]
        self.add(Attribute=[domain(name) for name in names])
        asked = {"value": names, "limit": 2}
        pages = [self.misp.post("/attributes/restSearch", {**asked, "page": page}) for page in (1, 3, 4)]
        sizes = [len(page.json["response"]["Attribute"]) for page in pages]
        self.assertEqual((sizes, pages[0].headers["x-result-count"]), ([2, 1, 0], "3"))

    def test_count_is_a_number_and_an_unknown_format_a_404(self) -> None:
        answer = self.misp.post("/attributes/restSearch", {"returnFormat": "count", "value": self.name})
        self.assertEqual(answer.body.strip(), b"1")
        answer = self.misp.post("/attributes/restSearch", {"returnFormat": "nosuch", "value": "x"})
        self.assert_thrown(answer, 404, "Invalid output format.")

    def test_csv_has_values_and_event_numbers(self) -> None:
        columns = {"requested_attributes": ["value", "event_id"], "headerless": 1}
        asked = {"returnFormat": "csv", "value": [self.name], **columns}
        self.assertRegex(self.misp.post("/attributes/restSearch", asked).body.decode(), rf'^"{self.name}",\d+\n?$')

    def test_events_are_found_by_a_value_or_type_inside(self) -> None:
        rows = self.misp.post("/events/restSearch", {"value": [self.name], "type": "domain", "metadata": True}).json
        self.assertEqual([row["Event"]["info"] for row in rows["response"]], [self.mark])


class SmallLookups(ContractTest):
    def test_sharing_groups_that_may_be_used(self) -> None:
        self.double_only("the groups are the double's")
        rows = self.misp.get("/sharing_groups/index").json["response"]
        self.assertEqual([row["SharingGroup"]["id"] for row in rows], ["1"])
        event = self.add(distribution="4", sharing_group_id="1")
        self.assertEqual(event["SharingGroup"]["id"], "1")
        self.assertEqual(self.add(distribution="1", sharing_group_id="1")["sharing_group_id"], "0")

    def test_the_own_organisation_is_in_view_me_and_in_the_index(self) -> None:
        own = self.misp.get("/users/view/me").json["Organisation"]["uuid"]
        rows = self.misp.get("/organisations/index").json
        self.assertIn(own, [row["Organisation"]["uuid"] for row in rows])

    def test_free_text_import_saves_what_it_finds(self) -> None:
        event, name = self.add(), f"free-{word()}.example.org"
        path = f"/events/freeTextImport/{event['id']}"
        analysed = self.misp.post(path + "/0/1", {"value": f"http://{name}/x"}).json
        self.assertEqual((analysed[0]["value"], self.view(event["uuid"])["Attribute"]), (f"http://{name}/x", []))
        rows = self.misp.post(path, {"value": f"see hxxp://{name.replace('.', '[.]')}/x today"}).json
        self.assertEqual([row["Attribute"]["value"] for row in rows], [f"http://{name}/x"])
        self.assertEqual(len(self.view(event["uuid"])["Attribute"]), 1)
        self.assertEqual(self.misp.post(path, {"value": "nothing in here"}).json, [])

    def test_an_unknown_path_is_a_404_in_json(self) -> None:
        self.assert_thrown(self.misp.get("/nosuch/thing"), 404, "Not Found")


if __name__ == "__main__":
    unittest.main()
