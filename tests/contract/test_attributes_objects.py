"""attributes/add, objects/add, objectReferences/add: unlike events/add, these say what is wrong."""

import unittest
from typing import Any

from harness import ContractTest, domain, email_object, new_uuid, word

SIMILAR = {"value": ["A similar attribute already exists for this event."]}
NOT_UNIQUE = {"uuid": ["The UUID provided is not unique"]}
IP = {"value": ["IP address has an invalid format."]}
LISTED = "Attribute could not be saved as it trips over a warninglist and enforceWarninglist is enforced."


class Attributes(ContractTest):
    def setUp(self) -> None:
        self.event = self.add()
        self.path = f"/attributes/add/{self.event['uuid']}"

    def test_one_attribute_comes_back_with_both_columns_of_its_value(self) -> None:
        answer = self.misp.post(self.path, domain())
        self.assertEqual(set(answer.json), {"Attribute", "AttributeTag"})
        self.assertEqual(answer.json["Attribute"]["value2"], "")

    def test_a_list_gives_an_object_for_one_saved_and_a_list_for_several(self) -> None:
        bad = {"type": "ip-dst", "value": "nope"}
        one = self.misp.post(self.path, [domain(), bad])
        self.assertIsInstance(one.json["Attribute"], dict)
        self.assertEqual(one.json["errors"], {"attribute_1": IP})
        two = self.misp.post(self.path, [domain(), bad, domain()])
        self.assertEqual([type(row) for row in two.json["Attribute"]], [dict, dict])

    def test_a_list_that_fails_as_a_whole_is_a_403(self) -> None:
        bad = {"type": "ip-dst", "value": "nope"}
        self.assert_not_saved(self.misp.post(self.path, [bad]), IP)
        self.assert_not_saved(self.misp.post(self.path, [bad, bad]), {"attribute_0": IP, "attribute_1": IP})

    def test_the_same_value_or_uuid_again_is_refused(self) -> None:
        made = domain()
        self.misp.post(self.path, made)
        self.assert_not_saved(self.misp.post(self.path, {**made, "uuid": new_uuid()}), SIMILAR)
        self.assert_not_saved(self.misp.post(self.path, domain(uuid=made["uuid"])), NOT_UNIQUE)
        self.assert_not_saved(self.misp.post(self.path, made), {**SIMILAR, **NOT_UNIQUE})
        other = f"/attributes/add/{self.add()['uuid']}"
        self.assert_not_saved(self.misp.post(other, domain(uuid=made["uuid"])), NOT_UNIQUE)
        again = self.misp.post(self.path + "/breakOnDuplicate:0", {**made, "uuid": new_uuid()})
        self.assertEqual((again.status, again.json["Attribute"]["uuid"]), (200, made["uuid"]))

    def test_the_uuid_of_a_deleted_attribute_is_not_free(self) -> None:
        made = domain()
        self.misp.post(self.path, made)
        self.misp.post(f"/attributes/delete/{made['uuid']}")
        self.assert_not_saved(self.misp.post(self.path, made), NOT_UNIQUE)

    def test_a_listed_value_is_refused_by_a_string_where_errors_are_otherwise_objects(self) -> None:
        self.double_only("which lists a server has is its own affair")
        listed = {"type": "ip-dst", "value": "8.8.8.8"}
        flagged = {**listed, "enforceWarninglist": True}
        self.assert_not_saved(self.misp.post(self.path, flagged), LISTED)
        self.assert_not_saved(self.misp.post(self.path + "/enforceWarninglist:1", listed), LISTED)
        answer = self.misp.post(self.path, [flagged, domain()])
        self.assertEqual((answer.status, answer.json["errors"]), (200, {"attribute_0": LISTED}))
        self.assertEqual(self.misp.post(self.path, listed).status, 200)

    def test_an_unknown_event_is_a_404(self) -> None:
        for given in ("999999999", new_uuid()):
            self.assert_thrown(self.misp.post(f"/attributes/add/{given}", domain()), 404, "Invalid event")

    def test_a_comment_with_a_four_byte_character_is_a_500(self) -> None:
        self.double_only("depends on the server's tables")
        self.assertEqual(self.misp.post(self.path, domain(comment="🎉")).status, 500)


class Objects(ContractTest):
    def setUp(self) -> None:
        self.event = self.add()
        self.path = f"/objects/add/{self.event['id']}"

    def refused(self, body: dict[str, Any], part: str) -> None:
        answer = self.misp.post(self.path, body)
        self.assertEqual(answer.status, 403, answer)
        self.assertIn(part, answer.json["errors"])

    def test_a_known_template_puts_in_its_own_description(self) -> None:
        held = self.misp.post(self.path, email_object()).json["Object"]
        self.assertEqual(held["description"], "Email object describing an email with meta-information")

    def test_without_to_ids_an_attribute_gets_it_whatever_its_type(self) -> None:
        held = email_object()
        del held["Attribute"][0]["to_ids"]
        self.assertIs(self.misp.post(self.path, held).json["Object"]["Attribute"][0]["to_ids"], True)

    def test_one_bad_attribute_refuses_the_object(self) -> None:
        held = email_object()
        held["Attribute"][1]["value"] = "no address"
        self.refused(held, 'at least one attribute has failed validation (from). {"value":[')

    def test_a_missing_category_is_inherited_from_the_attribute_before(self) -> None:
        held = email_object(
            Attribute=[
                {"object_relation": "send-date", "type": "datetime", "value": "2026-11-23T08:00:00+00:00"},
                {"object_relation": "subject", "type": "email-subject", "value": "s"},
            ]
        )
        self.refused(held, 'failed validation (subject). {"type":["Options depend on the selected category."]}')
        self.assertEqual(len(self.add(Object=[held])["Object"][0]["Attribute"]), 2)

    def test_uuids_that_exist_are_refused(self) -> None:
        held = email_object()
        self.assertEqual(self.misp.post(self.path, held).status, 200)
        self.refused(held, "The UUID provided is not unique")
        words = "Object could not be saved.\nuuid: The UUID provided is not unique"
        self.refused(email_object(uuid=held["uuid"]), words)

    def test_template_facts_are_demanded(self) -> None:
        self.refused({"name": "email", "Attribute": email_object()["Attribute"]}, "(meta-category)")
        file = {
            "name": "file",
            "meta-category": "file",
            "template_uuid": "688c46fb-5edb-40a3-8273-1af7923e2215",
            "template_version": "25",
            "Attribute": [{"object_relation": "mimetype", "type": "mime-type", "value": "text/plain"}],
        }
        self.refused(file, "requires at least one of the following attributes to be set: filename,")
        answer = self.misp.post(self.path + "/99999", email_object())
        self.assert_not_saved(answer, "No valid template found to edit the object.")

    def test_break_on_duplicate_needs_explicit_categories(self) -> None:
        held = email_object()
        again = {**held, "uuid": new_uuid(), "Attribute": [{**row, "uuid": new_uuid()} for row in held["Attribute"]]}
        self.misp.post(self.path, held)
        answer = self.misp.post(self.path + "/breakOnDuplicate:1", again)
        self.assertEqual(answer.status, 403)
        self.assertIn("Duplicate object found", answer.json["errors"])

    def test_a_reference_is_made_again_by_every_call(self) -> None:
        made, held = domain(), email_object()
        self.edit(self.event["uuid"], Attribute=[made], Object=[held])
        body = {
            "uuid": new_uuid(),
            "object_uuid": held["uuid"],
            "referenced_uuid": made["uuid"],
            "relationship_type": "contains",
        }
        found = {self.misp.post("/objectReferences/add", body).json["ObjectReference"]["uuid"] for _ in range(2)}
        self.assertEqual(len(found - {body["uuid"]}), 2)
        answer = self.misp.post("/objectReferences/add", {**body, "referenced_uuid": new_uuid()})
        self.assert_thrown(answer, 404, "Invalid target.")


class Reports(ContractTest):
    def test_the_event_must_be_named_by_its_number(self) -> None:
        event = self.add()
        body = {"uuid": new_uuid(), "name": "mail", "content": "# text " + word()}
        self.assert_not_saved(self.misp.post(f"/eventReports/add/{event['uuid']}", body), "numeric")
        path = f"/eventReports/add/{event['id']}"
        answer = self.misp.post(path, body)
        self.assertEqual(answer.json["EventReport"]["uuid"], body["uuid"])
        self.assert_not_saved(self.misp.post(path, body), "The UUID provided is not unique")
        self.assert_not_saved(self.misp.post(path, {"name": "", "content": "x"}), "This field cannot be left blank")

    def test_a_long_report_is_taken(self) -> None:
        event = self.add()
        answer = self.misp.post(f"/eventReports/add/{event['id']}", {"name": "long", "content": "x" * 300000})
        self.assertEqual(len(answer.json["EventReport"]["content"]), 300000)


if __name__ == "__main__":
    unittest.main()
