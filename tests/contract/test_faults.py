"""The faults of the double: each breaks what its name says and nothing else, as often as the test has set."""

import http.client
import json
import time
import unittest
from typing import Any

from harness import Answer, Client, ContractTest, domain, misp_url, new_uuid, values


class Faults(ContractTest):
    def setUp(self) -> None:
        self.double_only("faults are the double's")
        self.addCleanup(lambda: Client(misp_url(), "").ask("DELETE", "/__double/faults"))
        self.fresh_event()

    def fresh_event(self) -> None:
        self.uuid = new_uuid()
        self.event: dict[str, Any] = {
            "Event": {"uuid": self.uuid, "info": "fault", "Attribute": [domain() for _ in range(6)]}
        }

    def add_event(self) -> Answer:
        return self.misp.post("/events/add", self.event)

    def exists(self) -> bool:
        return self.misp.ask("HEAD", f"/events/view/{self.uuid}").status == 200

    def rule(self, kind: str, **more: object) -> None:
        self.faults({"kind": kind, "path": "/events/add", **more})

    def test_answers_of_others_come_instead_of_misps(self) -> None:
        for kind, status, part in (
            ("error500", 500, b"An Internal Error Has Occurred."),
            ("bad_gateway", 502, b"<title>502 Bad Gateway"),
            ("rate_limit", 429, b"Rate limit exceeded."),
            ("maintenance", 302, b""),
            ("garbage", 200, b'"uuid"'),
        ):
            with self.subTest(kind=kind):
                self.rule(kind)
                answer = self.add_event()
                self.assertEqual(answer.status, status)
                self.assertIn(part, answer.body)
                self.assertFalse(self.exists())
                if kind == "garbage":
                    self.assertIsNone(answer.json)

    def test_a_rule_is_used_up_and_may_let_some_through_first(self) -> None:
        self.faults({"kind": "error500", "path": "/servers/getVersion", "skip": 1, "count": 2})
        found = [self.misp.get("/servers/getVersion").status for _ in range(5)]
        self.assertEqual(found, [200, 500, 500, 200, 200])

    def test_the_method_counts_too(self) -> None:
        self.faults({"kind": "error500", "method": "HEAD", "path": "/events/view/*"})
        self.add_event()
        self.assertEqual(self.misp.get(f"/events/view/{self.uuid}").status, 200)
        self.assertFalse(self.exists())

    def test_the_site_admin_does_not_notice_maintenance(self) -> None:
        self.faults({"kind": "maintenance"})
        self.assertEqual(self.as_role("SiteAdmin").get("/servers/getVersion").status, 200)

    def test_the_work_may_be_done_although_the_answer_is_lost(self) -> None:
        for kind in ("cut_before", "error500", "bad_gateway"):
            with self.subTest(kind=kind):
                self.fresh_event()
                self.rule(kind, process=True)
                try:
                    self.assertGreaterEqual(self.add_event().status, 500)
                except (ConnectionError, http.client.HTTPException):
                    self.assertEqual(kind, "cut_before")
                self.assertTrue(self.exists())

    def test_half_an_answer_and_no_answer(self) -> None:
        self.rule("cut_half")
        with self.assertRaises((http.client.IncompleteRead, ConnectionError)):
            self.add_event()
        self.assertTrue(self.exists())
        self.faults({"kind": "cut_before"})
        with self.assertRaises((http.client.RemoteDisconnected, ConnectionError)):
            self.misp.get("/servers/getVersion")

    def test_connections_are_refused_so_many_times(self) -> None:
        self.faults({"kind": "refuse", "count": 2})
        for _ in range(2):
            with self.assertRaises((ConnectionError, http.client.HTTPException)):
                self.misp.get("/servers/getVersion")
        self.assertEqual(self.misp.get("/servers/getVersion").status, 200)

    def test_an_event_is_left_half_made(self) -> None:
        for after in (0, 2):
            self.fresh_event()
            self.rule("half_made", after=after)
            self.assertEqual(self.add_event().status, 500)
            self.assertEqual(len(self.view(self.uuid)["Attribute"]), after)
        self.assertEqual(self.add_event().status, 404)
        done = self.edit(self.uuid, Attribute=self.event["Event"]["Attribute"])
        self.assertEqual(values(done), sorted(row["value"] for row in self.event["Event"]["Attribute"]))

    def test_after_a_gateway_timeout_the_work_goes_on(self) -> None:
        self.rule("gateway_timeout", after=6, seconds=0.6)
        answer = self.add_event()
        self.assertEqual((answer.status, answer.headers["content-type"]), (504, "text/html"))
        self.assertLess(len(self.view(self.uuid)["Attribute"]), 6)
        self.assertEqual(self.add_event().status, 404)
        deadline = time.monotonic() + 10
        while len(self.view(self.uuid)["Attribute"]) < 6 and time.monotonic() < deadline:
            pass
        self.assertEqual(len(self.view(self.uuid)["Attribute"]), 6)

    def test_slow_answers_come_in_the_end(self) -> None:
        for kind in ("hang", "trickle"):
            with self.subTest(kind=kind):
                self.faults({"kind": kind, "seconds": 0.3})
                start = time.monotonic()
                self.assertEqual(self.misp.get("/servers/getVersion").status, 200)
                self.assertGreaterEqual(time.monotonic() - start, 0.25)

    def test_an_answer_may_come_after_the_client_has_given_up_while_the_work_is_done(self) -> None:
        self.rule("hang", process=True, seconds=2)
        connection = self.misp.connect()
        connection.timeout = 0.2
        with self.assertRaises(TimeoutError):
            connection.request("POST", "/events/add", json.dumps(self.event), self.misp.headers())
            connection.getresponse()
        connection.close()
        self.assertEqual(len(self.view(self.uuid)["Attribute"]), 6)

    def test_a_body_over_the_limit_is_an_html_413(self) -> None:
        self.rule("body_limit", limit=100)
        answer = self.add_event()
        self.assertEqual((answer.status, answer.headers["content-type"]), (413, "text/html"))

    def test_an_unknown_kind_is_an_error(self) -> None:
        answer = Client(misp_url(), "").post("/__double/faults", {"kind": "nosuch"})
        self.assertEqual(answer.status, 400)

    def test_the_journal_has_every_request_but_no_key(self) -> None:
        self.add_event()
        last = self.journal()[-1]
        self.assertEqual((last["method"], last["path"], last["status"]), ("POST", "/events/add", 200))
        self.assertEqual(last["json"], self.event)
        self.assertNotIn("authorization", {name.lower() for name in last["headers"]})

    def test_the_stored_event_is_shown_with_the_bodies_that_made_it(self) -> None:
        self.add_event()
        shown = Client(misp_url(), "").get(f"/__double/events/{self.uuid}").json
        self.assertEqual((shown["Event"]["uuid"], shown["posted"]), (self.uuid, [self.event]))


if __name__ == "__main__":
    unittest.main()
