"""Keys, the Accept header and permissions: whom MISP serves, and how it refuses others."""

import unittest

from harness import ContractTest

FAILED = (
    "Authentication failed. Please make sure you pass the API key of an API enabled user along in the "
    "Authorization header."
)
NO_PERMISSION = "You do not have permission to use this functionality."


class Keys(ContractTest):
    def test_a_bad_key_is_a_403_with_the_same_words_whatever_is_wrong_with_it(self) -> None:
        for bad in ("A" * 40, "short", "", None, f"Bearer {self.misp.auth}"):
            with self.subTest(key=bad):
                answer = self.misp.get("/servers/getVersion", headers={"Authorization": bad})
                self.assert_thrown(answer, 403, FAILED)

    def test_keys_with_a_flaw_have_their_own_words(self) -> None:
        for name, words in (
            ("Expired", FAILED),
            ("NoApi", FAILED),
            ("Disabled", "Authentication failed. Your user account has been disabled."),
            ("OtherAddress", "It is not possible to use this Auth key from your IP address"),
        ):
            with self.subTest(key=name):
                self.assert_thrown(self.as_role(name).get("/servers/getVersion"), 403, words)

    def test_a_trailing_blank_and_the_other_header_are_taken(self) -> None:
        other = {"Authorization": None, "X-MISP-AUTH": self.misp.auth}
        for headers in ({"Authorization": self.misp.auth + " "}, other):
            with self.subTest(headers=list(headers)):
                self.assertEqual(self.misp.get("/servers/getVersion", headers=headers).status, 200)

    def test_without_accept_json_a_good_key_is_sent_to_the_login_page(self) -> None:
        for accept in (None, "*/*", "text/html"):
            with self.subTest(accept=accept):
                answer = self.misp.get("/events/index", headers={"Accept": accept})
                self.assertEqual(answer.status, 302)
                self.assertTrue(answer.headers["location"].endswith("/users/login"))

    def test_a_json_suffix_stands_in_for_accept(self) -> None:
        self.assertEqual(self.misp.get("/servers/getVersion.json", headers={"Accept": None}).status, 200)
        answer = self.misp.get("/servers/getVersion", headers={"Accept": "application/json, */*;q=0.1"})
        self.assertEqual(answer.status, 200)


class Permissions(ContractTest):
    def test_what_a_role_may_not_do_is_a_403_told_from_a_bad_key_by_its_words_only(self) -> None:
        event = self.add()
        for role, method, path, body in (
            ("ReadOnly", "POST", "/events/add", {"Event": {"info": "x"}}),
            ("ReadOnlyKey", "POST", "/events/add", {"Event": {"info": "x"}}),
            ("ReadOnly", "POST", f"/events/edit/{event['uuid']}", {"Event": {"info": "x"}}),
            ("User", "POST", f"/events/publish/{event['uuid']}", None),
            ("ReadOnly", "POST", "/sightings/add", {"value": "x"}),
            ("User", "POST", "/tags/add", {"name": "x"}),
            ("Publisher", "GET", f"/events/checkuuid/{event['uuid']}", None),
        ):
            with self.subTest(role=role, path=path):
                self.assert_thrown(self.as_role(role).ask(method, path, body), 403, NO_PERMISSION)

    def test_a_role_tells_what_it_may_do_in_booleans(self) -> None:
        for role, publish, tag_editor, add in (
            ("SiteAdmin", True, True, True),
            ("Publisher", True, False, True),
            ("User", False, False, True),
            ("ReadOnly", False, False, False),
        ):
            with self.subTest(role=role):
                flags = self.as_role(role).get("/users/view/me").json["Role"]
                found = (flags["perm_publish"], flags["perm_tag_editor"], flags["perm_add"])
                self.assertEqual(found, (publish, tag_editor, add))

    def test_an_event_of_another_organisation_is_hidden_or_not_ours_to_change(self) -> None:
        admin = self.as_role("SiteAdmin")
        hidden, open_ = self.add(by=admin), self.add(by=admin, distribution="1")
        self.assert_thrown(self.misp.get(f"/events/view/{hidden['uuid']}"), 404, "Invalid event")
        self.assertEqual(self.misp.get(f"/events/view/{open_['uuid']}").status, 200)
        change = {"Event": {"info": "x"}}
        self.assert_thrown(self.misp.post(f"/events/edit/{hidden['uuid']}", change), 404, "Invalid event")
        answer = self.misp.post(f"/events/edit/{open_['uuid']}", change)
        self.assert_thrown(answer, 403, "You are not authorised to do that.")
        again = self.misp.post("/events/add", {"Event": {"uuid": hidden["uuid"], "info": "x"}})
        self.assertEqual(again.status, 404)
        self.assertTrue(again.headers["location"].endswith(f"/events/{hidden['id']}"))

    def test_a_colleague_of_the_same_organisation_may_edit(self) -> None:
        event = self.add()
        answer = self.as_role("User").post(f"/events/edit/{event['uuid']}", {"Event": {"info": "by a colleague"}})
        self.assertEqual((answer.status, answer.json["Event"]["info"]), (200, "by a colleague"))

    def test_only_searches_are_rate_limited(self) -> None:
        limited = self.as_role("Limited")
        found = [limited.post("/attributes/restSearch", {"value": "x"}).status for _ in range(3)]
        self.assertEqual(found[-1], 429)
        answer = limited.post("/attributes/restSearch", {"value": "x"})
        self.assert_thrown(answer, 429, "Rate limit exceeded.")
        self.assertEqual((answer.headers["x-rate-limit-limit"], answer.headers["x-rate-limit-remaining"]), ("2", "0"))
        self.assertEqual(limited.get("/servers/getVersion").status, 200)

    def test_the_version_tells_what_the_caller_may_do(self) -> None:
        version = self.misp.get("/servers/getVersion").json
        self.assertRegex(version["version"], r"^\d+\.\d+\.\d+$")
        self.assertIsInstance(version["perm_sync"], bool)
        self.assertEqual(version["request_encoding"], ["gzip"])


if __name__ == "__main__":
    unittest.main()
