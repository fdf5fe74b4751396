"""`mispigeon install postfix` in a real Postfix: mails arrive, and `uninstall` leaves Postfix's settings as they were."""

import os
import pathlib
import shutil
import subprocess
import unittest

from case import USER, Case, pipe
from postfix import Postfix, free_port


class InstallTest(Case):
    def run_program(self, *words: str | pathlib.Path, code: int = 0) -> str:
        environment = os.environ | {"MISPIGEON_DATA_DIR": str(self.data)}
        done = subprocess.run([self.program, *words], capture_output=True, text=True, env=environment, timeout=60)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout if code == 0 else done.stderr

    def install(self, server: Postfix, *options: str, config: pathlib.Path | None = None, **expected: int) -> str:
        configuration = ("--config", config) if config else ()
        return self.run_program(*configuration, "install", "postfix", "--config-dir", server.etc, *options, **expected)

    def uninstall(self, server: Postfix, *options: str) -> str:
        return self.run_program("uninstall", "postfix", "--config-dir", server.etc, *options)

    @staticmethod
    def postconf(server: Postfix, *words: str) -> str:
        return subprocess.run(
            ["/usr/sbin/postconf", "-c", server.etc, *words], check=True, capture_output=True, text=True
        ).stdout

    @staticmethod
    def files(server: Postfix) -> dict[str, tuple[bytes, int, int]]:
        """The files in Postfix's folder with content, owner and rights."""
        return {
            path.name: (path.read_bytes(), path.stat().st_uid, path.stat().st_mode) for path in server.etc.iterdir()
        }

    def test_a_pipe_takes_mails_as_its_user_and_is_removed_without_a_trace(self) -> None:
        config = self.configuration(extra='[profile.trap]\nevent.tags = ["from-trap"]\n')
        # The user as whom pipes of a table of root's would run: that user could not read the configuration.
        server = self.start_postfix(settings="default_privs = daemon", aliases="reports: root\nroot: /dev/null\n")
        before = self.files(server)
        options = ("--pipe", "--user", USER, "--address", "reports", "--address", "trap=trap")
        shown = self.install(server, *options, "--dry-run", config=config)
        self.assertEqual(shown.count("would write"), 2, shown)
        self.assertEqual(self.files(server), before)
        self.install(server, *options, config=config)
        server.run("reload")
        self.give(server, range(3), to=("trap@example.org", "reports@example.org"))
        self.wait(lambda: self.rows("delivered") == 6, "the delivery of 3 mails under 2 profiles")
        self.wait(lambda: len(server.outcomes("sent")) == 6, "Postfix's words on it")
        self.assertEqual(server.outcomes("bounced"), [])
        again = self.install(server, *options, config=config)
        self.assertEqual(again.count("already in place"), 2, again)
        gone = self.uninstall(server)
        self.assertEqual((gone.count("removed"), gone.count("not there")), (2, 3), gone)
        self.assertEqual(self.files(server), before)
        self.assertNotIn("removed", self.uninstall(server))

    def test_other_addresses_replace_those_of_before(self) -> None:
        server = self.start_postfix()
        config = self.configuration()
        self.install(server, "--user", USER, "--address", "one", config=config)
        said = self.install(server, "--user", USER, "--address", "two", config=config)
        self.assertIn("replaced", said)
        table = (server.etc / "mispigeon-aliases").read_text()
        self.assertTrue("\ntwo " in table and "\none " not in table, table)

    def test_lmtp_takes_mails_and_is_removed_without_a_trace(self) -> None:
        address = f"127.0.0.1:{free_port()}"
        config = self.configuration()
        # A Postfix that checks recipients: the addresses of MISPigeon have to be among them.
        server = self.start_postfix()
        self.postconf(server, "-X", "local_recipient_maps")
        server.run("reload")
        before, services = self.postconf(server, "-n"), self.postconf(server, "-M")
        everything = self.files(server)
        self.install(server, "--lmtp", address, "--address", "trap@example.org", "--address", "spam.example.org")
        named = self.postconf(server, "-n")
        self.assertEqual(named.count("texthash:"), 2, named)
        listener = subprocess.Popen(
            [self.program, "--config", config, "listen", "--lmtp", address],
            stdout=subprocess.PIPE,
            text=True,
            user=USER,
        )
        self.addCleanup(lambda: (listener.kill(), listener.wait(), pipe(listener.stdout).close()))
        self.assertIn(address, pipe(listener.stdout).readline())
        server.run("reload")
        self.give(server, range(3))
        self.wait(lambda: self.rows("delivered") == 3, "the delivery of 3 mails")
        self.assertEqual(server.outcomes("bounced"), [])
        self.uninstall(server)
        self.assertEqual((self.postconf(server, "-n"), self.postconf(server, "-M")), (before, services))
        self.assertEqual(self.files(server), everything)

    def test_recipients_that_nobody_checks_are_not_checked_afterwards(self) -> None:
        server = self.start_postfix()
        before = self.files(server)
        said = self.install(server, "--lmtp", "--address", "trap@example.org")
        self.assertIn("not needed: texthash:", said)
        self.assertEqual(self.postconf(server, "-h", "local_recipient_maps").strip(), "")
        self.assertIn("lmtp:inet:127.0.0.1:10024", (server.etc / "mispigeon-transport").read_text())
        self.uninstall(server)
        self.assertEqual(self.files(server), before)

    def test_what_a_person_changed_stays(self) -> None:
        server = self.start_postfix()
        config = self.configuration()
        self.install(server, "--user", USER, "--address", "trap", config=config)
        table = server.etc / "mispigeon-aliases"
        table.write_text(table.read_text() + "more    root\n")
        changed = table.read_bytes()
        self.postconf(server, "-e", f"alias_maps = hash:{server.etc}/aliases texthash:{table}, texthash:{table}2")
        refused = self.install(server, "--user", USER, "--address", "trap", config=config, code=73)
        self.assertIn("was changed after", refused)
        said = self.uninstall(server)
        self.assertIn(f"left {table}: it was changed", said)
        self.assertEqual(table.read_bytes(), changed)
        self.assertEqual(
            self.postconf(server, "-h", "alias_maps").strip(), f"hash:{server.etc}/aliases, texthash:{table}2"
        )

    def test_a_main_cf_that_cannot_be_written_is_left_with_nothing_of_ours(self) -> None:
        server = self.start_postfix()
        config = self.configuration()
        # postconf writes this file beside main.cf before it renames it.
        obstacle = server.etc / "main.cf.tmp"
        obstacle.mkdir()
        self.addCleanup(shutil.rmtree, obstacle, ignore_errors=True)
        before = set(os.listdir(server.etc))
        said = self.install(server, "--user", USER, "--address", "trap", config=config, code=73)
        self.assertIn("postconf", said)
        self.assertEqual(set(os.listdir(server.etc)), before)

    def test_wrong_words_are_refused_before_anything_is_done(self) -> None:
        server = self.start_postfix()
        config = self.configuration()
        before = self.files(server)
        for options, code, word in (
            ((), 64, "--address"),
            (("--address", "trap@example.org"), 64, "--lmtp"),
            (("--lmtp", "--address", "trap"), 64, "name@example.org"),
            (("--lmtp", "--pipe", "--address", "trap"), 64, "--pipe"),
            (("--address", "trap=nothing"), 78, "nothing"),
            (("--address", "trap", "--user", "no-such-user"), 73, "no-such-user"),
        ):
            said = self.install(
                server,
                *options,
                *(() if "--user" in options or "--lmtp" in options else ("--user", USER)),
                config=config,
                code=code,
            )
            self.assertIn(word, said)
        self.assertEqual(self.files(server), before)


if __name__ == "__main__":
    unittest.main()
