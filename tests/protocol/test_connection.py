"""The connection test names each problem by a kind that the options page can explain. The tests cause each problem for real."""

from collections.abc import Callable
from typing import Any

import mails
import servers
from case import ProtocolTest
from harness import key
from home import ROOT

TLS = ROOT / "tests" / "it" / "tls"
KEY = key("Publisher")


def always(answer: tuple[int, dict[str, str], bytes]) -> Callable[[object], tuple[int, dict[str, str], bytes]]:
    return lambda _: answer


class ConnectionTest(ProtocolTest):
    def setUp(self) -> None:
        super().setUp()
        self.connection = self.host()

    def outcome(self, **params: object) -> dict[str, Any]:
        return self.connection.call("connection.test", **params)

    def problem(self, problem: str, *words: str, **params: object) -> None:
        """Checks that the connection test names this problem, with these words in its reason."""
        answer = self.outcome(**params)
        self.assertEqual(answer.get("problem"), problem, answer)
        for word in words:
            self.assertIn(word, answer["reason"]["text"])


class Fine(ConnectionTest):
    def test_version_user_and_what_the_user_may_not_do_are_told(self) -> None:
        server = self.misp()
        for user, role, organisation, lacks in [
            ("SiteAdmin", "admin", "DOUBLE-ADMIN", []),
            ("Publisher", "Publisher", "DOUBLE-CERT", ["create_tags"]),
            ("User", "User", "DOUBLE-CERT", ["publish", "create_tags"]),
            ("ReadOnly", "Read Only", "DOUBLE-CERT", ["add", "publish", "tag", "create_tags", "sighting"]),
            ("ReadOnlyKey", "Publisher", "DOUBLE-CERT", ["write", "create_tags"]),
        ]:
            with self.subTest(user):
                self.home.serve(server.url, key(user))
                answer = self.outcome()
                self.assertTrue(answer["ok"])
                self.assertEqual(
                    (answer["version"], answer["role"], answer["organisation"]), ("2.5.1", role, organisation)
                )
                self.assertTrue(answer["user"].endswith("@double.test"))
                self.assertEqual(answer["lacks"], lacks)
                self.assertEqual(answer["warnings"], ["not_encrypted"])

    def test_changes_are_tried_and_not_stored(self) -> None:
        server = self.misp()
        self.home.configure("[event]\nthreat_level = 1\n")
        before = self.home.config.read_bytes()
        answer = self.outcome(changes={"misp.url": server.url, "misp.key": KEY})
        self.assertTrue(answer["ok"])
        self.assertEqual(self.home.config.read_bytes(), before)
        self.problem("no_server")

    def test_a_profile_is_tried(self) -> None:
        server = self.misp()
        away = f"http://127.0.0.1:{servers.closed_port()}"
        self.home.serve(away, KEY, f'[profile.p.misp]\nurl = "{server.url}"\nkey = "{KEY}"\n')
        self.assertTrue(self.outcome(profile="p")["ok"])
        self.problem("unreachable")
        self.refused("no_profile", self.outcome, profile="q")

    def test_an_old_version_is_a_warning(self) -> None:
        old = servers.Spoken(self, lambda _: (200, {"Content-Type": "application/json"}, OLD))
        self.home.serve(old.url, KEY)
        answer = self.outcome()
        self.assertEqual((answer["version"], answer["warnings"]), ("2.4.190", ["old_version", "not_encrypted"]))

    def test_progress_is_told(self) -> None:
        self.misp()
        number = self.connection.ask("connection.test")
        self.connection.answer(number)
        self.assertEqual(self.connection.progress(number), [("asking", 1)])


OLD = b'{"version": "2.4.190", "User": {"email": "a@b.example"}, "Role": {"name": "old"}}'


class Problems(ConnectionTest):
    def test_no_server(self) -> None:
        self.problem("no_server")
        self.problem("no_server", changes={"event.prefix": "x"})

    def test_no_key(self) -> None:
        self.home.configure('[misp]\nurl = "https://misp.example"\n')
        self.problem("no_key")

    def test_unreachable(self) -> None:
        url = f"http://127.0.0.1:{servers.closed_port()}"
        self.home.serve(url, KEY)
        self.problem("unreachable", url)

    def test_login(self) -> None:
        server = self.misp()
        for user, words in [
            ("Expired", "Authentication failed"),
            ("Nobody", "Authentication failed"),
            ("NoApi", "Authentication failed"),
            ("OtherAddress", "from your IP address"),
        ]:
            with self.subTest(user):
                self.home.serve(server.url, key(user))
                self.problem("login", words)

    def test_an_account_that_is_disabled_is_no_wrong_key(self) -> None:
        self.home.serve(self.misp().url, key("Disabled"))
        self.problem("account", "account has been disabled")

    def test_a_server_that_fails_was_reached(self) -> None:
        for status in (500, 502, 504):
            server = servers.Spoken(self, always((status, {"Content-Type": "text/html"}, b"<h1>Sorry</h1>")))
            self.home.serve(server.url, KEY)
            self.problem("failed", str(status))

    def test_an_address_with_a_page_is_that_of_the_server(self) -> None:
        server = self.misp()
        self.home.serve(f"{server.url}/events/index", KEY)
        self.assertTrue(self.outcome()["ok"])

    def test_login_that_a_proxy_wants(self) -> None:
        proxy = servers.Spoken(self, lambda _: (401, {"WWW-Authenticate": "Basic"}, b""))
        self.home.serve(proxy.url, KEY)
        self.problem("login", "proxy")

    def test_permission(self) -> None:
        wall = servers.Spoken(self, lambda _: (403, {"Content-Type": "text/html"}, b"<h1>Forbidden</h1>"))
        self.home.serve(wall.url, KEY)
        self.problem("permission", "firewall")

    def test_what_is_no_misp(self) -> None:
        for status, headers, body in [
            (200, {"Content-Type": "text/html"}, b"<html>Welcome</html>"),
            (404, {"Content-Type": "text/html"}, b"<html>Not here</html>"),
            (200, {"Content-Type": "application/json"}, b'{"hello": "world"}'),
            (200, {"Content-Type": "application/json"}, b"[]"),
            (301, {"Location": "https://elsewhere.example/"}, b""),
        ]:
            with self.subTest(status=status, body=body):
                other = servers.Spoken(self, always((status, headers, body)))
                self.home.serve(other.url, KEY)
                self.problem("not_misp", other.url)

    def test_timeout(self) -> None:
        self.home.serve(servers.Silent(self).url, KEY, "timeout = 1\n")
        self.problem("timeout", "1 s")

    def test_busy(self) -> None:
        server = self.misp()
        for kind, words in [("maintenance", "maintenance"), ("rate_limit", "slow down")]:
            with self.subTest(kind):
                server.fail(kind)
                self.problem("busy", words)

    def test_settings(self) -> None:
        server = self.misp()
        for more, words in [
            ('ca_file = "/nowhere/ca.pem"\n', "/nowhere/ca.pem"),
            (f'ca_file = "{self.home.manifest}"\n', "certificate"),
            ('client_cert = "/nowhere/client.pem"\n', "/nowhere/client.pem"),
        ]:
            with self.subTest(more):
                self.home.serve(server.url, KEY, more)
                self.problem("settings", words)
        for where in ['key_file = "/nowhere/key"', 'key_command = ["false"]', 'key_env = "NOT_SET"']:
            with self.subTest(where):
                self.home.configure(f'[misp]\nurl = "{server.url}"\n{where}\n')
                self.problem("settings")

    def test_a_server_that_breaks_off_was_reached(self) -> None:
        server = self.misp()
        for kind in ["error500", "cut_before"]:
            with self.subTest(kind):
                server.fail(kind)
                self.problem("failed", server.url)

    def test_an_address_that_cannot_be_one_is_named(self) -> None:
        self.home.serve("https://user:word@misp.example", KEY)
        refusal = self.refused("configuration", self.outcome)
        self.assertNotIn("word@", str(refusal))

    def test_changes_that_are_refused_are_refused_as_when_written(self) -> None:
        self.refused("setting", self.outcome, changes={"misp.url": "misp"})
        self.refused("setting", self.outcome, changes={"misp.key_command": ["cat"]})


class Encrypted(ConnectionTest):
    server: servers.Misp
    demanding: servers.Misp

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.server = servers.Misp("--tls", TLS / "server.pem", TLS / "server.key")
        cls.addClassCleanup(cls.server.stop)
        cls.demanding = servers.Misp("--tls", TLS / "server.pem", TLS / "server.key", "--client-ca", TLS / "ca.pem")
        cls.addClassCleanup(cls.demanding.stop)

    def test_a_certificate_that_nobody_trusts_is_a_problem(self) -> None:
        self.home.serve(self.server.url, KEY)
        self.problem("tls", self.server.url, "certificate")

    def test_an_authority_of_ones_own_is_trusted(self) -> None:
        self.home.serve(self.server.url, KEY, f'ca_file = "{TLS / "ca.pem"}"\n')
        self.assertEqual(self.outcome()["warnings"], [])

    def test_without_verification_there_is_a_warning(self) -> None:
        self.home.serve(self.server.url, KEY, "verify = false\n")
        self.assertEqual(self.outcome()["warnings"], ["not_verified"])

    def test_a_client_certificate_is_shown(self) -> None:
        files = (
            f'ca_file = "{TLS / "ca.pem"}"\nclient_cert = "{TLS / "client.pem"}"\nclient_key = "{TLS / "client.key"}"\n'
        )
        self.home.serve(self.demanding.url, KEY, files)
        self.assertTrue(self.outcome()["ok"])

    def test_a_mail_waits_while_the_certificate_is_not_trusted(self) -> None:
        self.home.serve(self.server.url, KEY)
        (delivery,) = self.connection.call("send", message=self.connection.handle_of(mails.small(1)))["deliveries"]
        self.assertEqual(delivery["status"], "queued")
        self.assertIn("certificate", delivery["error"]["text"])

    def test_a_server_without_encryption_behind_an_encrypted_address_is_a_problem(self) -> None:
        plain = self.misp().url.replace("http:", "https:")
        self.home.serve(plain, KEY)
        self.problem("unreachable", plain)
