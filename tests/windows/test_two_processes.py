"""Several processes use the outbox and the feed at the same moment, and one is killed."""

import json
import subprocess

import mails
import servers
from harness import key
from program import PROGRAM, WINE, WindowsTest, environment, events, windows_path

PROCESSES = 4
EACH = 6


class TwoProcesses(WindowsTest):
    def start(self, *words: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [WINE, windows_path(PROGRAM), *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(),
            cwd=self.work,
        )

    def write_mails(self) -> set[str]:
        """Mails for each process; each process has one of the next process too. Returns the URLs in them."""
        for number in range(PROCESSES * EACH):
            (self.work / f"{number}.eml").write_bytes(mails.small(number))
        return {f"http://host-{number}.evil-small.com/gate.php" for number in range(PROCESSES * EACH)}

    def send_all_at_once(self) -> list[str]:
        """Sends all mails; returns the states of the receipts."""
        count = PROCESSES * EACH
        shares = [[f"{number % count}.eml" for number in range(at, at + EACH + 1)] for at in range(0, count, EACH)]
        running = [self.start("send", "--format", "json", *share) for share in shares]
        states = []
        for process in running:
            out, said = process.communicate(timeout=300)
            # 75: another process had the mail in hand at that moment, and delivers it.
            self.assertIn(process.returncode, (0, 75), said)
            states += [json.loads(line)["status"] for line in out.decode().splitlines()]
        return states

    def assert_all_delivered(self) -> None:
        self.text("outbox", "retry")
        self.assertEqual(self.lines("outbox", "list", "--format", "json"), [])
        self.assertEqual(len(self.lines("outbox", "list", "--all", "--format", "json")), PROCESSES * EACH)

    def test_into_one_feed(self) -> None:
        urls = self.write_mails()
        states = self.send_all_at_once()
        self.assertEqual(states.count("created"), PROCESSES * EACH, states)
        self.assert_all_delivered()
        found = [attribute["value"] for event in events().values() for attribute in event["Attribute"]]
        self.assertEqual(sorted(value for value in found if value in urls), sorted(urls))

    def test_to_one_server(self) -> None:
        server = servers.shared_misp()
        self.configure(f"[misp]\nurl = '{server.url}'\nkey = '{key('Publisher')}'\n")
        self.write_mails()
        self.send_all_at_once()
        self.assert_all_delivered()
        self.assertEqual(server.events(), PROCESSES * EACH)

    def test_a_process_that_is_killed_loses_no_mail(self) -> None:
        self.write_mails()
        names = [f"{number}.eml" for number in range(PROCESSES * EACH)]
        process = self.start("send", "--format", "json", *names)
        assert process.stdout
        process.stdout.read(1)
        process.kill()
        process.communicate(timeout=60)
        again = self.start("send", "--format", "json", *names)
        out, said = again.communicate(timeout=300)
        self.assertIn(again.returncode, (0, 75), said)
        states = [json.loads(line)["status"] for line in out.decode().splitlines()]
        self.assertEqual(len(states), len(names))
        # What the killed process had in hand is its own for a minute.
        self.assertLessEqual(states.count("queued"), 1)
        self.assertGreaterEqual(len(events()), len(names) - 1)
