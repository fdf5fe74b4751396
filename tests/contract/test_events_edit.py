"""events/edit: how a client completes a half-made event without storing anything twice or undoing an analyst's changes."""

import unittest
from collections.abc import Callable
from typing import Any

from harness import ContractTest, domain, email_object, new_uuid, values

OLDER = "Event could not be saved: Event in the request not newer than the local copy."


def tags(row: dict[str, Any]) -> list[str]:
    return sorted(tag["name"] for tag in row.get("Tag", []))


class Completing(ContractTest):
    def test_the_whole_event_again_adds_what_is_missing_and_doubles_nothing(self) -> None:
        first, second, held = domain(), domain(), email_object()
        reference = {"uuid": new_uuid(), "referenced_uuid": first["uuid"], "relationship_type": "contains"}
        event = self.add(Attribute=[first], Object=[{**held, "Attribute": held["Attribute"][:1]}])
        whole = {
            "Attribute": [first, second],
            "Object": [{**held, "ObjectReference": [reference]}],
            "Tag": [{"name": "tlp:amber"}],
        }
        for _ in range(2):
            done = self.edit(event["uuid"], **whole)
            self.assertEqual(values(done), sorted([first["value"], second["value"]]))
            self.assertEqual([len(row["Attribute"]) for row in done["Object"]], [2])
            self.assertEqual([len(row["ObjectReference"]) for row in done["Object"]], [1])
            self.assertEqual(tags(done), ["tlp:amber"])

    def test_a_reference_without_a_uuid_is_doubled(self) -> None:
        made, held = domain(), email_object()
        held["ObjectReference"] = [{"referenced_uuid": made["uuid"], "relationship_type": "contains"}]
        event = self.add(Attribute=[made], Object=[held])
        done = self.edit(event["uuid"], Object=[held])
        self.assertEqual(len(done["Object"][0]["ObjectReference"]), 2)

    def test_a_sighting_or_report_with_a_uuid_is_not_doubled(self) -> None:
        made = domain(Sighting=[{"uuid": new_uuid(), "type": "0", "date_sighting": "1700000000", "source": "s"}])
        report = {"uuid": new_uuid(), "name": "mail", "content": "one"}
        event = self.add(Attribute=[made], EventReport=[report])
        done = self.edit(event["uuid"], Attribute=[made], EventReport=[{**report, "content": "two"}])
        self.assertEqual(len(done["Attribute"][0]["Sighting"]), 1)
        self.assertEqual([row["content"] for row in done["EventReport"]], ["two"])

    def test_what_is_not_mentioned_stays(self) -> None:
        event = self.add(Attribute=[domain()], Object=[email_object()], Tag=[{"name": "tlp:amber"}])
        cases: tuple[dict[str, Any], ...] = (
            {"info": "bare"},
            {"Attribute": [], "Object": [], "Tag": []},
            {"Tag": [{"name": "tlp:green"}]},
        )
        for fields in cases:
            done = self.edit(event["uuid"], **fields)
            self.assertEqual((len(done["Attribute"]), len(done["Object"])), (1, 1))
        self.assertEqual(tags(done), ["tlp:amber", "tlp:green"])

    def test_a_stored_value_under_another_or_no_uuid_is_not_doubled(self) -> None:
        made = domain()
        event = self.add(Attribute=[made])
        for uuid in ({"uuid": new_uuid()}, {}):
            again = {key: value for key, value in made.items() if key != "uuid"}
            self.assertEqual(len(self.edit(event["uuid"], Attribute=[{**again, **uuid}])["Attribute"]), 1)

    def test_an_invalid_attribute_is_dropped_and_the_rest_kept(self) -> None:
        event, good = self.add(), domain()
        done = self.edit(event["uuid"], Attribute=[{"type": "ip-dst", "value": "nope"}, good])
        self.assertEqual(values(done), [good["value"]])

    def test_a_uuid_of_another_event_is_dropped(self) -> None:
        made = domain()
        self.add(Attribute=[made])
        self.assertEqual(self.edit(self.add()["uuid"], Attribute=[domain(uuid=made["uuid"])])["Attribute"], [])

    def test_put_and_a_body_without_wrapper_work_too(self) -> None:
        event = self.add()
        answer = self.misp.ask("PUT", f"/events/edit/{event['id']}", {"info": "put"})
        self.assertEqual((answer.status, answer.json["Event"]["info"]), (200, "put"))

    def test_the_uuid_in_the_body_decides_which_event_is_edited(self) -> None:
        one, two = self.add(), self.add()
        answer = self.misp.post(f"/events/edit/{one['uuid']}", {"Event": {"uuid": two["uuid"], "info": "which"}})
        self.assertEqual(answer.json["Event"]["info"], one["info"])
        self.assertEqual(self.view(two["uuid"])["info"], "which")

    def test_warninglists_are_not_enforced(self) -> None:
        listed = {"type": "ip-dst", "value": "8.8.8.8", "enforceWarninglist": True}
        self.assertEqual(values(self.edit(self.add()["uuid"], Attribute=[listed])), ["8.8.8.8"])

    def test_an_unknown_event_is_a_404(self) -> None:
        answer = self.misp.post(f"/events/edit/{new_uuid()}", {"Event": {"info": "x"}})
        self.assert_thrown(answer, 404, "Invalid event")

    def test_a_database_error_stores_no_attribute_of_the_request(self) -> None:
        self.double_only("depends on the server's tables")
        old = domain()
        event = self.add(Attribute=[old])
        body = {"Event": {"Attribute": [domain(), domain(comment="😀"), domain()]}}
        self.assertEqual(self.misp.post(f"/events/edit/{event['uuid']}", body).status, 500)
        self.assertEqual(values(self.view(event["uuid"])), [old["value"]])


class Timestamps(ContractTest):
    def test_an_event_timestamp_must_be_newer_when_it_is_given(self) -> None:
        event = self.add(timestamp="1700000000")
        for stamp in ("1600000000", "1700000000"):
            body = {"Event": {"info": "x", "timestamp": stamp}}
            answer = self.misp.post(f"/events/edit/{event['uuid']}", body)
            self.assert_not_saved(answer, OLDER)
            self.assertEqual(answer.json["id"], event["id"])
        done = self.edit(event["uuid"], info="newer", timestamp="1700000001")
        self.assertEqual((done["info"], done["timestamp"]), ("newer", "1700000001"))

    def test_an_attribute_is_overwritten_without_or_with_a_newer_timestamp_only(self) -> None:
        made = domain(comment="old", timestamp="1700000000")
        event = self.add(Attribute=[made])
        for stamp, expected in (
            ({"timestamp": "1600000000"}, "old"),
            ({"timestamp": "1700000000"}, "old"),
            ({"timestamp": "1700000001"}, "new 2"),
            ({}, "new 3"),
        ):
            plain = {key: value for key, value in made.items() if key != "timestamp"}
            change = {**plain, **stamp, "comment": expected if expected != "old" else "not taken"}
            done = self.edit(event["uuid"], Attribute=[change])
            self.assertEqual(done["Attribute"][0]["comment"], expected, stamp)

    def test_tags_of_an_attribute_left_alone_are_ignored_too(self) -> None:
        made = domain(timestamp="1700000000")
        event = self.add(Attribute=[made])
        tagged = {**made, "Tag": [{"name": "tlp:green"}]}
        self.assertEqual(tags(self.edit(event["uuid"], Attribute=[tagged])["Attribute"][0]), [])
        del tagged["timestamp"]
        self.assertEqual(tags(self.edit(event["uuid"], Attribute=[tagged])["Attribute"][0]), ["tlp:green"])

    def test_an_object_with_an_equal_timestamp_is_not_completed(self) -> None:
        held = email_object(timestamp="1700000000")
        event = self.add(Object=[{**held, "Attribute": held["Attribute"][:1]}])
        self.assertEqual(len(self.edit(event["uuid"], Object=[held])["Object"][0]["Attribute"]), 1)
        del held["timestamp"]
        self.assertEqual(len(self.edit(event["uuid"], Object=[held])["Object"][0]["Attribute"]), 2)


class Deleted(ContractTest):
    def test_a_soft_deleted_attribute_stays_deleted_unless_the_edit_says_otherwise(self) -> None:
        made = domain()
        event = self.add(Attribute=[made])
        self.assertEqual(self.misp.post(f"/attributes/delete/{made['uuid']}").json, {"message": "Attribute deleted."})
        self.assertEqual(self.edit(event["uuid"], Attribute=[made])["Attribute"], [])
        old = {**made, "deleted": False, "timestamp": "1600000000"}
        self.assertEqual(self.edit(event["uuid"], Attribute=[old])["Attribute"], [])
        done = self.edit(event["uuid"], Attribute=[{**made, "deleted": False}])
        self.assertEqual((values(done), done["attribute_count"]), ([made["value"]], "0"))

    def test_deleted_true_deletes_and_the_row_is_shown_on_request(self) -> None:
        made = domain()
        event = self.add(Attribute=[made])
        self.assertEqual(self.edit(event["uuid"], Attribute=[{**made, "deleted": True}])["Attribute"], [])
        self.assertIs(self.view(event["uuid"], "/deleted:1")["Attribute"][0]["deleted"], True)

    def test_a_deleted_object_stays_deleted(self) -> None:
        held = email_object()
        event = self.add(Object=[held])
        self.assertEqual(self.misp.post(f"/objects/delete/{held['uuid']}").status, 200)
        late = {"object_relation": "to", "type": "email-dst", "value": "late@c.example.org"}
        held["Attribute"].append({"uuid": new_uuid(), **late})
        done = self.edit(event["uuid"], Object=[held])
        self.assertEqual((done["Object"], done["attribute_count"]), ([], "1"))

    def test_a_repeat_with_old_attribute_timestamps_leaves_an_analysts_changes(self) -> None:
        one, two, held = domain(timestamp="1700000000"), domain(timestamp="1700000000"), email_object()
        event = self.add(Attribute=[one, two], Object=[held])
        by_id = {row["uuid"]: row["id"] for row in event["Attribute"]}
        self.misp.post(f"/attributes/edit/{by_id[one['uuid']]}", {"comment": "analyst", "to_ids": False})
        self.misp.post(f"/attributes/delete/{two['uuid']}")
        self.edit(event["uuid"], info="analyst's title")
        done = self.edit(event["uuid"], Attribute=[one, two], Object=[held])
        self.assertEqual([row["comment"] for row in done["Attribute"]], ["analyst"])
        self.assertEqual(done["info"], "analyst's title")


class Publishing(ContractTest):
    def setUp(self) -> None:
        self.needs("perm_publish")

    def published(self) -> dict[str, Any]:
        self.needs("perm_publish")
        event = self.add(Attribute=[domain()])
        answer = self.misp.post(f"/events/publish/{event['uuid']}")
        self.assertEqual(answer.status, 200, answer)
        return event

    def test_publishing_answers_with_the_id_and_may_be_repeated(self) -> None:
        event = self.published()
        answer = self.misp.post(f"/events/publish/{event['uuid']}")
        self.assertEqual((answer.json["saved"], answer.json["id"]), (True, event["id"]))
        self.assertIs(self.view(event["uuid"])["published"], True)

    def test_an_empty_event_may_be_published_and_an_unknown_one_is_a_404(self) -> None:
        self.needs("perm_publish")
        self.assertEqual(self.misp.post(f"/events/publish/{self.add()['id']}").status, 200)
        self.assert_thrown(self.misp.post(f"/events/publish/{new_uuid()}"), 404, "Invalid event.")

    def test_publishing_by_get_is_a_500_and_unpublish_takes_it_back(self) -> None:
        event = self.published()
        self.assertEqual(self.misp.get(f"/events/publish/{event['id']}").status, 500)
        self.assertEqual(self.misp.post(f"/events/unpublish/{event['id']}").json["name"], "Event unpublished.")
        self.assertIs(self.view(event["uuid"])["published"], False)

    def test_every_change_unpublishes_but_a_sighting_does_not(self) -> None:
        def change(path: str, body: Callable[[dict[str, Any]], dict[str, Any]]) -> bool:
            event = self.published()
            made = event["Attribute"][0]["uuid"]
            answer = self.misp.post(path.format(event=event["id"], attribute=made), body(event))
            self.assertEqual(answer.status, 200, answer)
            return self.view(event["uuid"])["published"]

        for path, body, published in (
            ("/events/edit/{event}", lambda event: {"Event": {"info": event["info"]}}, False),
            ("/attributes/add/{event}", lambda event: domain(), False),
            ("/objects/add/{event}", lambda event: email_object(), False),
            ("/tags/attachTagToObject", lambda event: {"uuid": event["uuid"], "tag": "tlp:green"}, False),
            ("/eventReports/add/{event}", lambda event: {"name": "r", "content": "c"}, False),
            ("/sightings/add/{attribute}", lambda event: {"type": "0", "source": "s"}, True),
        ):
            with self.subTest(path=path):
                self.assertIs(change(path, body), published)

    def test_published_true_in_an_edit_publishes_really_only_when_something_changed(self) -> None:
        self.needs("perm_publish")
        event = self.add(Attribute=[domain()])
        flagged = self.edit(event["uuid"], published=True)
        self.assertEqual((flagged["published"], flagged["publish_timestamp"]), (True, "0"))
        really = self.edit(event["uuid"], published=True, Attribute=[domain()])
        self.assertTrue(really["published"] and really["publish_timestamp"] != "0")

    def test_published_true_of_a_role_without_perm_publish_unpublishes(self) -> None:
        event, user = self.published(), self.as_role("User")
        answer = user.post(f"/events/edit/{event['uuid']}", {"Event": {"published": True}})
        self.assertIs(answer.json["Event"]["published"], False)


if __name__ == "__main__":
    unittest.main()
