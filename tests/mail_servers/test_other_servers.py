"""procmail, Dovecot Sieve, Exim and Sendmail hand mails to `mispigeon send`, by the lines of docs/mail-servers.md."""

import pathlib
import re
import shutil
import socket
import unittest
from collections.abc import Callable
from typing import Any, TypeVar

from case import USER, Case, mail
from unpacked import ROOT, Exim, Sendmail

PROCMAIL, LDA = "/usr/bin/procmail", "/usr/lib/dovecot/dovecot-lda"
SIEVE = "/usr/lib/dovecot/modules/sieve/lib90_sieve_extprograms_plugin.so"
MESSAGE = mail(1).replace(b"\r\n", b"\n")


def lines(start: str) -> str:
    """The block of the page that begins with this line: the tests use what users read."""
    page = (ROOT / "docs" / "mail-servers.md").read_text()
    for block in re.findall(r"^(?:    .*\n)+", page, re.MULTILINE):
        if block.startswith("    " + start):
            return re.sub(r"^    ", "", block, flags=re.MULTILINE)
    raise ValueError(f"docs/mail-servers.md has no {start}")


class Other(Case):
    def own(self, text: str) -> str:
        """The lines with the program and configuration of this test filled in."""
        return text.replace("/usr/bin/mispigeon", str(self.program)).replace(
            "/etc/mispigeon/config.toml", str(self.config)
        )

    def setUp(self) -> None:
        super().setUp()
        self.config = self.configuration()

    def break_the_disk(self) -> None:
        self.data.chmod(0o500)

    def mend_the_disk(self) -> None:
        self.data.chmod(0o700)


class ProcmailTest(Other):
    def setUp(self) -> None:
        super().setUp()
        if not shutil.which(PROCMAIL):
            self.skipTest("needs procmail (Debian: procmail)")
        self.inbox = self.folder / "inbox"
        self.inbox.touch()
        shutil.chown(self.inbox, USER)

    def recipes(self, text: str) -> pathlib.Path:
        path = self.folder / "procmailrc"
        path.write_text(f"DEFAULT={self.inbox}\n{self.own(text)}")
        path.chmod(0o644)
        return path

    def give_recipes(self, recipes: str) -> int:
        return self.as_user(PROCMAIL, "-m", self.recipes(recipes), input=MESSAGE.decode()).returncode

    def test_a_mail_becomes_an_event(self) -> None:
        self.assertEqual(self.give_recipes(lines(":0 w")), 0)
        self.assertEqual((self.rows("delivered"), self.inbox.read_bytes()), (1, b""))

    def test_the_second_recipe_has_the_mail_server_keep_the_mail(self) -> None:
        self.break_the_disk()
        self.assertEqual(self.give_recipes(lines(":0 w")), 75)
        self.assertEqual((self.rows(), self.inbox.read_bytes()), (0, b""))

    def test_without_it_the_mail_goes_to_the_mailbox(self) -> None:
        self.break_the_disk()
        self.assertEqual(self.give_recipes("".join(lines(":0 w").splitlines(keepends=True)[:2])), 0)
        self.assertEqual(self.rows(), 0)
        self.assertIn(b"Subject: Report 1", self.inbox.read_bytes())

    def test_postfix_tries_again(self) -> None:
        self.break_the_disk()
        server = self.start_postfix(settings=f"mailbox_command = {PROCMAIL} {self.recipes(lines(':0 w'))}")
        super().give(server, [1], to=[f"{USER}@example.org"])  # procmail is run as the recipient.
        self.wait(lambda: server.outcomes("deferred"), "deferring the mail")
        self.assertEqual((self.rows(), server.queue()), (0, 1))
        self.mend_the_disk()
        self.wait(lambda: self.rows("delivered") == 1, "the delivery of the mail")
        self.wait(lambda: server.queue() == 0, "an empty queue")
        self.assertEqual((server.outcomes("bounced"), self.inbox.read_bytes()), ([], b""))


class SieveTest(Other):
    def setUp(self) -> None:
        super().setUp()
        if not pathlib.Path(SIEVE).exists():
            self.skipTest("needs Dovecot's Sieve (Debian: dovecot-sieve)")
        self.home = self.folder / "home"
        scripts = self.folder / "scripts"
        for folder in (self.home, scripts):
            folder.mkdir()
        shutil.chown(self.home, USER)
        script = scripts / "mispigeon-send"
        script.write_text(self.own(lines("#!/bin/sh")))
        script.chmod(0o755)
        sieve = self.home / "script.sieve"
        sieve.write_text(lines("require"))
        self.settings = lines("plugin {").replace("/etc/dovecot/sieve-pipe", str(scripts))

    def give_mail(self) -> None:
        path = self.folder / "dovecot.conf"
        path.write_text(f"""\
base_dir = {self.folder}/run
log_path = {self.folder}/dovecot.log
protocols =
mail_location = maildir:{self.home}/mail
first_valid_uid = 1
postmaster_address = postmaster@example.org
protocol lda {{
  mail_plugins = sieve
}}
plugin {{
  sieve = file:{self.home}/script.sieve
}}
{self.settings}""")
        path.chmod(0o644)
        (self.folder / "dovecot.log").touch()
        (self.folder / "dovecot.log").chmod(0o666)
        done = self.as_user(LDA, "-c", path, input=MESSAGE.decode(), env={"USER": USER, "HOME": str(self.home)})
        self.assertEqual(done.returncode, 0, (self.folder / "dovecot.log").read_text())

    def send_the_inbox(self) -> None:
        done = self.as_user(self.program, "--config", self.config, "send", self.home / "mail")
        self.assertEqual(done.returncode, 0, done.stderr)

    def inbox(self) -> list[Any]:
        return list((self.home / "mail" / "new").glob("*"))

    def test_a_mail_becomes_an_event(self) -> None:
        self.give_mail()
        self.assertEqual((self.rows("delivered"), self.inbox()), (1, []))

    def test_a_mail_that_cannot_be_stored_is_in_the_inbox_and_can_be_sent_from_there(self) -> None:
        self.break_the_disk()
        self.give_mail()
        self.assertEqual((self.rows(), len(self.inbox())), (0, 1))
        self.assertIn("exit code 75", (self.folder / "dovecot.log").read_text())
        self.mend_the_disk()
        self.send_the_inbox()
        self.assertEqual(self.rows("delivered"), 1)

    def test_a_pipe_that_waits_for_misp_longer_than_dovecot_has_stored_the_mail(self) -> None:
        self.settings = re.sub("exec_timeout = .*", "exec_timeout = 1s", self.settings)
        with socket.create_server(("127.0.0.1", 0)) as silent:
            self.configuration(url=f"http://127.0.0.1:{silent.getsockname()[1]}")
            self.give_mail()
        self.assertEqual((self.rows("pending"), len(self.inbox())), (1, 1))
        self.configuration()
        self.send_the_inbox()
        # The outbox has the mail, and the killed process still holds its claim.
        self.assertEqual(self.rows(), 1)


AnyServer = TypeVar("AnyServer", Exim, Sendmail)


class AliasTest(Other):
    """The line of the alias file, in the two servers that cannot be installed beside Postfix."""

    def start(self, kind: Callable[..., AnyServer], *options: str) -> AnyServer:
        page = (ROOT / "docs" / "mail-servers.md").read_text()
        alias = re.findall(r'`(trap: ".*?")`', page)[0].replace("\\|", "|")
        return kind(self.folder / "server", self.own(alias), USER, *options)

    def a_mail_waits(self, server: Exim | Sendmail) -> None:
        self.break_the_disk()
        server.give(MESSAGE)
        self.assertEqual((self.rows(), server.queue()), (0, 1), server.logged())

    def it_is_delivered_and_the_next_one(self, server: Exim | Sendmail) -> None:
        self.mend_the_disk()
        server.retry()
        self.assertEqual((self.rows("delivered"), server.queue()), (1, 0), server.logged())
        server.give(mail(2).replace(b"\r\n", b"\n"))
        self.assertEqual((self.rows("delivered"), server.queue()), (2, 0), server.logged())

    def test_exim(self) -> None:
        server = self.start(Exim)
        self.a_mail_waits(server)
        self.assertRegex(server.logged(), r"== \|.* defer .* returned 75")
        self.it_is_delivered_and_the_next_one(server)

    def test_exim_that_takes_every_word_for_a_fault(self) -> None:
        server = self.start(Exim, "address_pipe:\n  driver = pipe\n  return_output\n")
        returned = r"\*\* \|.*: "
        self.break_the_disk()
        server.give(MESSAGE)
        self.assertRegex(server.logged(), returned)
        self.mend_the_disk()
        server.give(mail(2).replace(b"\r\n", b"\n"))
        self.assertEqual((self.rows("delivered"), len(re.findall(returned, server.logged()))), (1, 1), server.logged())

    def test_sendmail(self) -> None:
        server = self.start(Sendmail)
        self.a_mail_waits(server)
        self.assertIn("EX_TEMPFAIL", server.why())
        self.it_is_delivered_and_the_next_one(server)


if __name__ == "__main__":
    unittest.main()
