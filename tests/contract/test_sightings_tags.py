"""Sightings, tags and warninglists: which calls a client can repeat safely, and what the look-ups answer."""

import unittest

from harness import Answer, Client, ContractTest, domain, new_uuid, word

NOBODY = {"message": "Could not add the Sighting. Reason: No valid attributes found that match the criteria."}


class Sightings(ContractTest):
    def setUp(self) -> None:
        self.needs("perm_sighting")
        self.made = domain()
        self.event = self.add(Attribute=[self.made])

    def count(self) -> int:
        return len(self.view(self.event["uuid"])["Attribute"][0].get("Sighting", []))

    def test_every_sightings_add_makes_another_one_and_a_uuid_of_ours_is_ignored(self) -> None:
        body = {"type": "0", "source": "s", "timestamp": "1700000000", "uuid": new_uuid()}
        answers = [self.misp.post(f"/sightings/add/{self.made['uuid']}", body).json["Sighting"] for _ in range(2)]
        self.assertEqual(len({row["uuid"] for row in answers} | {body["uuid"]}), 3)
        self.assertEqual({row["date_sighting"] for row in answers}, {"1700000000"})
        self.assertEqual(self.count(), 2)

    def test_by_value_every_attribute_in_sight_gets_one_and_one_is_shown(self) -> None:
        other = self.add(Attribute=[domain(self.made["value"])])
        answer = self.misp.post("/sightings/add", {"values": [self.made["value"], "nowhere.example"], "source": "s"})
        self.assertIn("Sighting", answer.json)
        self.assertEqual(self.count(), 1)
        self.assertEqual(len(self.view(other["uuid"])["Attribute"][0]["Sighting"]), 1)

    def test_what_is_wrong_with_a_sighting_is_told_with_a_200(self) -> None:
        for path, body, words in (
            ("/sightings/add", {"value": f"nowhere-{word()}.example"}, NOBODY["message"]),
            (f"/sightings/add/{new_uuid()}", {"type": "0"}, NOBODY["message"]),
            (
                f"/sightings/add/{self.made['uuid']}",
                {"type": "7"},
                "Could not add the Sighting. Reason: Invalid type, please change it before you POST 1000000 sightings.",
            ),
        ):
            answer = self.misp.post(path, body)
            self.assertEqual((answer.status, answer.json), (200, {"message": words}))

    def bulk(self, **change: object) -> dict[str, str]:
        row = {
            "uuid": new_uuid(),
            "attribute_uuid": self.made["uuid"],
            "date_sighting": "1700000000",
            "type": "0",
            "source": "s",
            **change,
        }
        return {name: value for name, value in row.items() if value is not None}

    def test_bulk_sightings_are_safe_to_repeat(self) -> None:
        path, row = f"/sightings/bulkSaveSightings/{self.event['uuid']}", self.bulk()
        self.assertEqual(self.misp.post(path, [row]).json, {"saved": True, "success": "1 sightings added."})
        self.assertEqual(self.misp.post(path, [row]).json, {"saved": False, "success": "No sightings added."})
        self.assertEqual(self.count(), 1)

    def test_bulk_sightings_need_a_date_a_type_and_a_known_attribute(self) -> None:
        path = f"/sightings/bulkSaveSightings/{self.event['id']}"
        for change, saved in (
            ({"date_sighting": None}, False),
            ({"type": None}, False),
            ({"attribute_uuid": new_uuid()}, False),
            ({"source": None}, True),
            ({"uuid": None}, True),
        ):
            self.assertIs(self.misp.post(path, [self.bulk(**change)]).json["saved"], saved, change)
        answer = self.misp.post(f"/sightings/bulkSaveSightings/{new_uuid()}", [self.bulk()])
        self.assert_thrown(answer, 405, "Event not found or not accessible by this user.")

    def test_they_are_looked_up_by_uuid_or_by_a_number_that_is_a_number(self) -> None:
        sighting = self.misp.post(f"/sightings/add/{self.made['uuid']}", {"type": "0", "source": "s"}).json["Sighting"]
        number = sighting["attribute_id"]
        for asked, status in (
            ({"uuid": self.made["uuid"]}, 200),
            ({"id": int(number)}, 200),
            ({"id": number}, 400),
        ):
            answer = self.misp.post("/sightings/restSearch/attribute", {"returnFormat": "json", "source": "s", **asked})
            self.assertEqual(answer.status, status, asked)
            if status == 200:
                self.assertEqual([row["Sighting"]["uuid"] for row in answer.json["response"]], [sighting["uuid"]])
        self.assertEqual(len(self.misp.get(f"/sightings/listSightings/{number}").json), 1)
        # PHP reads the digits that a uuid begins with as an id.
        unknown = self.misp.get("/sightings/listSightings/9" + new_uuid()[1:])
        self.assertEqual((unknown.status, unknown.json), (200, []))
        answer = self.misp.get("/sightings/listSightings/a" + new_uuid()[1:])
        self.assert_thrown(answer, 405, "Invalid object.")


class Tags(ContractTest):
    def attach(self, uuid: str, tag: str | list[str], by: Client | None = None, **more: object) -> Answer:
        return (by or self.misp).post("/tags/attachTagToObject", {"uuid": uuid, "tag": tag, **more})

    def test_a_tag_is_attached_once_and_the_words_tell(self) -> None:
        made = domain()
        event = self.add(Attribute=[made])
        for uuid, kind in ((event["uuid"], "Event"), (made["uuid"], "Attribute")):
            first, again = self.attach(uuid, "tlp:green"), self.attach(uuid, "tlp:green")
            words = rf"^Global tag tlp:green\(\d+\) successfully attached to {kind}\(\d+\)\.$"
            self.assertRegex(first.json["name"], words)
            self.assertEqual(
                again.json["name"],
                f"{kind} already has the requested tag attached, no changes had to be made for tag tlp:green.",
            )

    def test_several_tags_at_once_and_two_exclusive_ones_are_taken(self) -> None:
        event = self.add()
        answer = self.attach(event["uuid"], ["tlp:amber", "tlp:red"])
        self.assertEqual(answer.json["name"], f"Successfully attached 2 tags to Event ({event['id']})")

    def test_an_unknown_or_foreign_tag_is_refused_with_its_reason(self) -> None:
        self.double_only("uses the double's tags and roles")
        event = self.add()
        for tag, reason in (
            (f"nosuch:{word()}", "Tag not found and insufficient privileges to create it."),
            ("double:other-org", "Invalid Tag. This tag can only be set by a fixed organisation."),
        ):
            errors = 'Failed to attach 1 tags. Reasons: {"0":"' + reason + '"}'
            self.assert_not_saved(self.attach(event["uuid"], tag), errors)

    def test_an_unknown_target_is_a_404_and_get_a_405(self) -> None:
        self.assert_thrown(self.attach(new_uuid(), "tlp:red"), 404, "Invalid Target.")
        answer = self.misp.get("/tags/attachTagToObject")
        self.assert_thrown(answer, 405, "This method is only accessible via POST requests.")

    def test_a_search_names_the_tags_that_exist_and_leaves_out_the_others(self) -> None:
        answer = self.misp.post("/tags/search", {"tag": ["tlp:amber", f"nosuch:{word()}"]})
        self.assertEqual([row["Tag"]["name"] for row in answer.json], ["tlp:amber"])
        self.assertEqual(self.misp.post("/tags/search", {"tag": f"nosuch:{word()}"}).json, [])

    def test_a_search_with_percent_signs_finds_parts_of_names(self) -> None:
        rows = [row["Tag"] for row in self.misp.post("/tags/search", {"tag": ["%lp:ambe%"]}).json]
        self.assertIn("tlp:amber", [row["name"] for row in rows])
        self.assertTrue(all("lp:ambe" in row["name"].lower() and row["colour"].startswith("#") for row in rows))

    def test_a_search_shows_what_keeps_a_tag_off_events(self) -> None:
        self.double_only("the tags are the double's")
        names = ["double:other-org", "double:not-exportable", "double:hidden"]
        rows = [row["Tag"] for row in self.misp.post("/tags/search", {"tag": names}).json]
        facts = [(row["name"], row["org_id"], row["exportable"], row["hide_tag"]) for row in rows]
        self.assertEqual(
            facts, [(names[0], "1", True, False), (names[1], "0", False, False), (names[2], "0", True, True)]
        )

    def test_a_colon_in_the_path_finds_nothing(self) -> None:
        self.assertEqual(self.misp.get("/tags/search/tlp:amber").json, [])


class Warninglists(ContractTest):
    def test_hits_are_an_object_and_no_hit_at_all_is_a_list(self) -> None:
        self.double_only("which lists a server has is its own affair")
        answer = self.misp.post("/warninglists/checkValue", ["8.8.8.8", "unlisted.example.org"])
        self.assertEqual(list(answer.json), ["8.8.8.8"])
        self.assertEqual(set(answer.json["8.8.8.8"][0]), {"id", "name", "matched"})

    def test_no_hit_is_an_empty_list(self) -> None:
        self.assertEqual(self.misp.post("/warninglists/checkValue", [f"c-{word()}.example.org"]).json, [])

    def test_the_index_says_of_each_list_whether_it_is_enabled(self) -> None:
        rows = self.misp.get("/warninglists/index").json["Warninglists"]
        self.assertTrue(rows)
        self.assertEqual({type(row["Warninglist"]["enabled"]) for row in rows}, {bool})


if __name__ == "__main__":
    unittest.main()
