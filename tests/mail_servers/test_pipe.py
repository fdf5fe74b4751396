"""Postfix hands mails to `mispigeon send` by a pipe in its alias file."""

import pathlib
import unittest

from case import USER, Case
from postfix import Postfix


class PipeTest(Case):
    def start(self, config: pathlib.Path, options: str = "--mta") -> Postfix:
        # Postfix starts the pipe as `default_privs`.
        return self.start_postfix(
            settings=f"default_privs = {USER}", aliases=f'trap: "|{self.program} --config {config} send {options} -"\n'
        )

    def test_mails_become_events(self) -> None:
        server = self.start(self.configuration())
        self.give(server, range(5))
        self.wait(lambda: self.rows("delivered") == 5, "the delivery of 5 mails")
        # Postfix writes its log after the pipe has ended.
        self.wait(lambda: len(server.outcomes("sent")) == 5, "Postfix's own word")
        self.assertEqual(server.outcomes("bounced"), [])

    def test_misp_fails_and_comes_back(self) -> None:
        config = self.configuration(url="http://127.0.0.1:9")
        server = self.start(config)
        self.give(server, range(3))
        self.wait(lambda: len(server.outcomes("sent")) == 3, "taking 3 mails")
        self.assertEqual((self.rows("pending"), self.rows("delivered")), (3, 0))
        self.configuration()
        done = self.as_user(self.program, "--config", config, "outbox", "retry")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.rows("delivered"), 3)
        self.assertEqual(server.outcomes("bounced"), [])

    def test_misp_refuses(self) -> None:
        config = self.configuration(user="ReadOnly")
        server = self.start(config)
        self.give(server, [1])
        self.wait(lambda: len(server.outcomes("sent")) == 1, "taking the mail")
        self.assertEqual((self.rows("pending"), server.outcomes("bounced")), (1, []))
        self.configuration()
        self.as_user(self.program, "--config", config, "outbox", "retry")
        self.assertEqual(self.rows("delivered"), 1)

    def test_disk_fails_and_comes_back(self) -> None:
        server = self.start(self.configuration())
        self.data.chmod(0o500)
        self.give(server, range(3))
        self.wait(lambda: len(server.outcomes("deferred")) >= 3, "deferring 3 mails")
        self.assertEqual((self.rows(), server.queue(), server.outcomes("bounced")), (0, 3, []))
        self.data.chmod(0o700)
        self.wait(lambda: self.rows("delivered") == 3, "the delivery of 3 mails")
        self.wait(lambda: server.queue() == 0, "an empty queue")
        self.assertEqual(server.outcomes("bounced"), [])

    def test_a_broken_configuration_keeps_mails_in_the_queue(self) -> None:
        config = self.configuration()
        config.chmod(0o644)
        server = self.start(config)
        self.give(server, [1])
        self.wait(lambda: server.outcomes("deferred"), "deferring the mail")
        self.assertIn("config.toml", server.outcomes("deferred")[0])
        config.chmod(0o600)
        self.wait(lambda: self.rows("delivered") == 1, "the delivery of the mail")
        self.assertEqual(server.outcomes("bounced"), [])

    def test_without_mta_the_fault_is_told_to_the_sender(self) -> None:
        config = self.configuration()
        config.chmod(0o644)
        server = self.start(config, options="")
        self.give(server, [1])
        self.wait(lambda: server.outcomes("bounced"), "a bounce")
        self.assertIn("config.toml", server.outcomes("bounced")[0])


if __name__ == "__main__":
    unittest.main()
