"""events/add: what MISP stores, refuses, or drops without an error, and what a failure leaves behind."""

import time
import unittest
from concurrent.futures import ThreadPoolExecutor

from harness import ContractTest, domain, email_object, new_uuid, values, word


class Stored(ContractTest):
    def test_ids_and_times_are_strings_and_flags_are_booleans(self) -> None:
        event = self.add(Attribute=[domain()])
        for name in ("id", "orgc_id", "timestamp", "distribution", "attribute_count", "publish_timestamp"):
            self.assertIsInstance(event[name], str, name)
        for name in ("published", "locked", "disable_correlation"):
            self.assertIsInstance(event[name], bool, name)
        self.assertIsInstance(event["Attribute"][0]["to_ids"], bool)
        self.assertNotIn("Tag", event)

    def test_defaults_are_distribution_1_threat_level_4_analysis_0(self) -> None:
        answer = self.misp.post("/events/add", {"info": f"no wrapper {word()}"})
        event = answer.json["Event"]
        self.assertEqual((event["distribution"], event["threat_level_id"], event["analysis"]), ("1", "4", "0"))

    def test_own_uuids_are_kept_at_every_level(self) -> None:
        made, held = domain(), email_object()
        event = self.add(Attribute=[made], Object=[held])
        self.assertEqual(event["Attribute"][0]["uuid"], made["uuid"])
        self.assertEqual(event["Object"][0]["uuid"], held["uuid"])
        stored = {row["uuid"] for row in event["Object"][0]["Attribute"]}
        self.assertEqual(stored, {row["uuid"] for row in held["Attribute"]})

    def test_references_sightings_and_a_report_go_in_with_the_event(self) -> None:
        made, held = domain(), email_object()
        sighting = {"uuid": new_uuid(), "type": "0", "date_sighting": "1700000000", "source": "contract"}
        made["Sighting"] = [sighting]
        reference = {"uuid": new_uuid(), "referenced_uuid": made["uuid"], "relationship_type": "contains"}
        held["ObjectReference"] = [reference]
        report = {"uuid": new_uuid(), "name": "mail", "content": "# text"}
        event = self.add(Attribute=[made], Object=[held], EventReport=[report])
        self.assertEqual(event["Attribute"][0]["Sighting"][0]["uuid"], sighting["uuid"])
        self.assertEqual(event["Object"][0]["ObjectReference"][0]["uuid"], reference["uuid"])
        self.assertEqual(event["EventReport"][0]["uuid"], report["uuid"])

    def test_an_organisation_of_the_client_is_replaced_by_its_own(self) -> None:
        self.double_only("a synchronising key may keep it")
        event = self.add(Orgc={"name": "SOMEONE ELSE", "uuid": new_uuid()})
        self.assertEqual(event["orgc_id"], "2")

    def test_a_future_timestamp_and_an_extended_uuid_that_nobody_knows_are_kept(self) -> None:
        other = new_uuid()
        event = self.add(timestamp="2147483647", extends_uuid=other)
        self.assertEqual((event["timestamp"], event["extends_uuid"]), ("2147483647", other))

    def test_a_timestamp_beyond_32_bits_is_a_500(self) -> None:
        answer = self.misp.post("/events/add", {"Event": {"info": word(), "timestamp": "2147483648"}})
        self.assert_thrown(answer, 500, "An Internal Error Has Occurred.")

    def test_an_unknown_object_template_or_relation_is_taken(self) -> None:
        held = email_object(name="nosuchobject", template_uuid=new_uuid(), template_version="1")
        held["Attribute"][0]["object_relation"] = "nosuchrelation"
        self.assertEqual(len(self.add(Object=[held])["Object"][0]["Attribute"]), 2)


class DroppedSilently(ContractTest):
    def test_invalid_attributes_are_dropped_with_a_200_and_no_error(self) -> None:
        good = domain()
        bad = [
            {"type": "ip-dst", "value": "not-an-ip"},
            {"type": "nosuchtype", "value": "x"},
            {"type": "sha256", "value": "abcd"},
            {"type": "url", "value": ""},
            {"type": "ip-dst", "category": "Financial fraud", "value": "203.0.113.7"},
            {"type": "domain"},
        ]
        event = self.add(Attribute=[*bad, good])
        self.assertEqual(values(event), [good["value"]])
        self.assertNotIn("errors", event)

    def test_exact_duplicates_are_dropped_but_those_that_differ_in_case_are_both_stored(self) -> None:
        name = f"d-{word()}.example.org"
        given = [{"type": "domain", "value": value} for value in (name, name, name.upper())]
        self.assertEqual(values(self.add(Attribute=given)), [name, name])

    def test_a_uuid_that_lives_in_another_event_is_dropped(self) -> None:
        made, held = domain(), email_object()
        self.add(Attribute=[made], Object=[held])
        thief = email_object(uuid=held["uuid"])
        event = self.add(Attribute=[domain(uuid=made["uuid"])], Object=[thief])
        self.assertEqual((event["Attribute"], event["Object"]), ([], []))

    def test_an_object_loses_its_bad_attributes_and_vanishes_with_the_last(self) -> None:
        half, empty = email_object(), email_object()
        half["Attribute"][1]["value"] = "no address"
        empty["Attribute"] = [{"object_relation": "from", "type": "email-src", "value": "no address"}]
        event = self.add(Object=[half, empty])
        self.assertEqual([len(row["Attribute"]) for row in event["Object"]], [1])

    def test_listed_values_are_dropped_only_where_the_attribute_asks_for_it(self) -> None:
        self.double_only("which lists a server has is its own affair")
        listed = {"type": "ip-dst", "value": "8.8.8.8"}
        held = email_object(enforceWarninglist=True)
        held["Attribute"].append({**listed, "object_relation": "ip-src", "enforceWarninglist": True})
        event = self.add(
            enforceWarninglist=True,
            Object=[held],
            Attribute=[{**listed, "enforceWarninglist": True}, {**listed, "value": "9.9.9.9"}],
        )
        self.assertEqual(values(event), ["9.9.9.9"])
        self.assertEqual(len(event["Object"][0]["Attribute"]), 2)

    def test_tags_that_may_not_be_set_are_left_out(self) -> None:
        self.double_only("uses the double's tags")
        names = ["TLP:AMBER", "double:other-org", "double:not-exportable", "double:hidden", f"new:{word()}"]
        event = self.add(Tag=[{"name": name} for name in names] + [{"id": "1"}])
        self.assertEqual([tag["name"] for tag in event["Tag"]], ["tlp:amber", "double:hidden"])

    def test_a_tag_editor_makes_unknown_tags(self) -> None:
        name = f"new:{word()}"
        event = self.add(by=self.as_role("SiteAdmin"), Tag=[{"name": name}])
        self.assertEqual(event["Tag"][0]["name"], name)

    def test_a_sharing_group_that_is_not_ours_leaves_an_attribute_with_distribution_0(self) -> None:
        event = self.add(Attribute=[domain(distribution="4", sharing_group_id="9999")])
        self.assertEqual(event["Attribute"][0]["distribution"], "0")


class Refused(ContractTest):
    def test_bad_fields_are_named_in_an_object(self) -> None:
        for fields, errors in (
            ({"info": ""}, {"info": ["Info cannot be empty."]}),
            ({"info": "x", "date": "23.11.2026"}, {"date": ["Expected date format: YYYY-MM-DD"]}),
            ({"info": "x", "extends_uuid": "nope"}, {"extends_uuid": ["Please provide a valid UUID"]}),
            (
                {"info": "x", "threat_level_id": "9"},
                {"threat_level_id": ["Options : 1, 2, 3, 4 (for High, Medium, Low, Undefined)"]},
            ),
            ({"distribution": "0"}, {"info": ["valueNotEmpty"]}),
        ):
            with self.subTest(fields=fields):
                answer = self.misp.post("/events/add", {"Event": fields})
                self.assert_not_saved(answer, {"Event": errors})

    def test_a_sharing_group_that_is_not_ours_is_a_405(self) -> None:
        for group in ({"sharing_group_id": "999"}, {}, {"SharingGroup": {"uuid": new_uuid()}}):
            answer = self.misp.post("/events/add", {"Event": {"info": "x", "distribution": "4", **group}})
            self.assert_thrown(answer, 405, "Invalid Sharing Group or not authorised.")

    def test_the_same_uuid_again_is_a_404_with_the_location(self) -> None:
        event = self.add()
        answer = self.misp.post("/events/add", {"Event": {"info": "again", "uuid": event["uuid"]}})
        words = "Event already exists, if you would like to edit it, use the url in the location header."
        self.assert_thrown(answer, 404, words)
        self.assertTrue(answer.headers["location"].endswith(f"/events/{event['id']}"))

    def test_who_adds_what_another_is_just_adding_may_get_a_403(self) -> None:
        self.faults({"kind": "slow", "path": "/events/add", "seconds": 0.5, "after": 1})
        event = {"uuid": new_uuid(), "info": "race", "distribution": "0"}
        with ThreadPoolExecutor(2) as pool:
            first = pool.submit(self.misp.post, "/events/add", {"Event": event})
            time.sleep(0.2)
            self.assert_not_saved(
                self.misp.post("/events/add", {"Event": event}),
                {"Event": {"uuid": ["The UUID provided is not unique"]}},
            )
            self.assertEqual(first.result().status, 200)

    def test_the_uuid_of_a_deleted_event_is_blocked(self) -> None:
        event = self.add()
        answer = self.misp.ask("DELETE", f"/events/delete/{event['id']}")
        self.assertEqual((answer.status, answer.json["name"]), (200, "Event deleted."))
        again = self.misp.post("/events/add", {"Event": {"info": "again", "uuid": event["uuid"]}})
        self.assert_thrown(again, 403, "Event blocked by event blocklist.")
        self.assert_not_saved(self.misp.ask("DELETE", f"/events/delete/{event['id']}"), "Event was not deleted.")

    def test_no_body_or_no_content_type_is_a_405(self) -> None:
        for body, kind in ((None, "application/json"), ({"Event": {"info": "x"}}, None)):
            answer = self.misp.post("/events/add", body, headers={"Content-Type": kind})
            self.assert_thrown(answer, 405, "No valid event data received.")

    def test_broken_json_invalid_utf8_and_lone_surrogates_are_a_405(self) -> None:
        for body in (b'{"Event": {"info": ', b'{"Event": {"info": "a\xffb"}}', b'{"Event": {"info": "a\\ud800b"}}'):
            answer = self.misp.post("/events/add", body)
            self.assertEqual(answer.status, 405, answer)
            self.assertTrue(answer.json["message"].startswith("Invalid JSON input."))

    def test_an_empty_event_cannot_be_published_by_its_flag(self) -> None:
        answer = self.misp.post("/events/add", {"Event": {"info": "x", "published": True}})
        self.assert_not_saved(
            answer, {"Event": "Received a published event that was empty. Event add process blocked."}
        )

    def test_without_perm_publish_the_flag_is_dropped(self) -> None:
        user = self.as_role("User")
        self.assertIs(self.add(by=user, published=True, Attribute=[domain()])["published"], False)
        self.assertIs(self.add(published=True, Attribute=[domain()])["published"], True)


class FourByteCharacters(ContractTest):
    """utf8mb3 columns: a server with newer tables takes these."""

    def setUp(self) -> None:
        self.double_only("depends on the server's tables")

    def test_in_a_title_they_are_a_500_and_nothing_is_stored(self) -> None:
        uuid = new_uuid()
        answer = self.misp.post("/events/add", {"Event": {"uuid": uuid, "info": "Gewinn 🎉"}})
        self.assert_thrown(answer, 500, "An Internal Error Has Occurred.")
        self.assertEqual(self.misp.ask("HEAD", f"/events/view/{uuid}").status, 404)

    def test_in_a_comment_they_leave_a_half_made_event(self) -> None:
        uuid, first = new_uuid(), domain(Tag=[{"name": "tlp:green"}])
        event = {
            "uuid": uuid,
            "info": "half",
            "published": True,
            "Tag": [{"name": "tlp:amber"}],
            "Attribute": [first, domain(comment="🎉"), domain()],
            "Object": [email_object()],
        }
        self.assertEqual(self.misp.post("/events/add", {"Event": event}).status, 500)
        half = self.view(uuid)
        self.assertEqual((values(half), half["Object"]), ([first["value"]], []))
        self.assertEqual((half["published"], half["publish_timestamp"]), (True, "0"))
        self.assertEqual(half["Tag"][0]["name"], "tlp:amber")

    def test_in_a_value_they_become_question_marks(self) -> None:
        event = self.add(Attribute=[{"type": "email-subject", "value": "Größe 漢字 😀"}])
        self.assertEqual(values(event), ["Größe 漢字 ?"])

    def test_in_a_report_they_are_a_500(self) -> None:
        event = {"info": "x", "EventReport": [{"name": "mail", "content": "🎉"}]}
        self.assertEqual(self.misp.post("/events/add", {"Event": event}).status, 500)

    def test_over_long_titles_and_comments_are_a_500(self) -> None:
        long = "ä" * 33000
        self.assertEqual(self.misp.post("/events/add", {"Event": {"info": long}}).status, 500)
        event = {"info": "x", "Attribute": [domain(comment=long)]}
        self.assertEqual(self.misp.post("/events/add", {"Event": event}).status, 500)


if __name__ == "__main__":
    unittest.main()
