"""The command line: what it reads, writes and prints where Windows differs from other systems."""

import json
import os
import pty
import re
import subprocess
from pathlib import Path
from typing import Any

import mails
import servers
from harness import key
from program import CONFIG, DRIVE, FEED, PROGRAM, WINE, WindowsTest, environment, events, values, windows_path

# Names that Windows gives to devices, cuts, or takes for a place elsewhere.
REFUSED = ["CON", "aux.txt", "NUL.docx", "COM1.exe", "dots...", "blank ", "a:b.exe", "a<b>|c?.js", "..\\..\\up.exe"]

UMLAUTS = "Grüße aus Köln \N{SMILING FACE WITH SUNGLASSES}"

# As MISP can store it.
STORED = "Grüße aus Köln \N{REPLACEMENT CHARACTER}"


def contents(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


class Sending(WindowsTest):
    def test_a_mail_becomes_an_event_of_the_feed(self) -> None:
        (self.work / "mail.eml").write_bytes(mails.small(1))
        (receipt,) = self.lines("send", "--format", "json", "mail.eml")
        self.assertEqual(receipt["status"], "created")
        self.assertEqual(receipt["url"], windows_path(FEED / f"{receipt['uuid']}.json"))
        event = events()[receipt["uuid"]]
        self.assertIn("http://host-1.evil-small.com/gate.php", values(event))
        (again,) = self.lines("send", "--format", "json", "mail.eml")
        self.assertEqual((again["status"], again["uuid"]), ("unchanged", receipt["uuid"]))

    def test_standard_input_is_read_as_it_is(self) -> None:
        # Byte 0x1A ends a text file of Windows, and CR LF is one character there.
        content = bytes(range(256)) * 3 + b"\r\n\n\r\x1a\x1a the end"
        raw = mails.with_files(("all.bin", content)) + b"\x1a\r\n more.evil-small.com"
        (receipt,) = self.lines("send", "--format", "json", "--mode", "sample", "-", stdin=raw)
        self.assertIn(mails.sha256(content), values(events()[receipt["uuid"]]))

    def test_files_of_the_feed_are_the_same_as_elsewhere(self) -> None:
        self.lines("send", "--format", "json", "-", stdin=mails.report(UMLAUTS + " http://evil-small.com/ü", UMLAUTS))
        for path in FEED.iterdir():
            self.assertNotIn(b"\r", path.read_bytes(), path)

    def test_names_that_windows_refuses_stay_in_the_event_and_make_no_file(self) -> None:
        files = [(name, f"content of {name}".encode()) for name in REFUSED]
        raw = mails.with_files(*[(name.replace("\\", "\\\\"), content) for name, content in files])
        before = contents(DRIVE)
        (receipt,) = self.lines("send", "--format", "json", "--mode", "sample", "-", stdin=raw)
        event = events()[receipt["uuid"]]
        found = values(event)
        for name, content in files:
            with self.subTest(name):
                self.assertIn(mails.sha256(content), found)
                shown = name.rsplit("\\", 1)[-1].strip()
                self.assertTrue(any(shown in value for value in found), sorted(found))
        self.assertEqual(
            contents(FEED), {".lock", "manifest.json", "hashes.csv", ".organisation.json", f"{receipt['uuid']}.json"}
        )
        self.assertEqual((contents(DRIVE), contents(self.work)), (before, set()))

    def test_another_program_may_have_the_files_of_the_feed_open(self) -> None:
        """As a virus scanner, an editor or a web server has: without allowing others to replace the file."""
        self.lines("send", "--format", "json", "-", stdin=mails.small(1))
        reader = subprocess.Popen(
            [
                WINE,
                "cmd",
                "/c",
                f"(echo open& set /p end=<NUL & ping -n 4 127.0.0.1 >NUL) <{windows_path(FEED)}\\manifest.json",
            ],
            stdout=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            env=environment(),
            cwd=self.work,
        )
        assert reader.stdout
        self.assertEqual(reader.stdout.readline().strip(), b"open")
        (receipt,) = self.lines("send", "--format", "json", "-", stdin=mails.small(2))
        reader.communicate()
        self.assertEqual(receipt["status"], "created", receipt)
        self.assertEqual(len(events()), 2)


class Reading(WindowsTest):
    def test_a_folder_is_read_with_names_that_windows_has_for_devices(self) -> None:
        """Other systems, and programs that know how, can make such files."""
        folder = self.work / "saved"
        folder.mkdir()
        names = ["con.eml", "aux.eml", "NUL.eml", "com1.eml", "dots..eml", "Grüße.eml"]
        for number, name in enumerate(names):
            (folder / name).write_bytes(mails.small(number))
        found = self.lines("extract", "--format", "json", "saved")
        urls = {row["value"] for row in found if row["type"] == "url"}
        self.assertEqual(urls, {f"http://host-{number}.evil-small.com/gate.php" for number in range(len(names))})

    def test_wildcards_are_the_programs_work(self) -> None:
        for name in ["one.eml", "two.EML", "three.txt"]:
            (self.work / name).write_bytes(mails.small(len(name)))
        self.assertEqual(len(self.lines("send", "--format", "json", "*.eml")), 2)
        self.assertEqual(len(self.lines("send", "--format", "json", r"C:\work\t*.t?t")), 1)
        _, said = self.run_program("send", "none-*.eml", code=66)
        self.assertIn("none-*.eml: no such file", said)

    def test_long_paths(self) -> None:
        folder = self.work.joinpath(*["d" * 100] * 4)
        folder.mkdir(parents=True)
        (folder / "mail.eml").write_bytes(mails.small(1))
        (folder / "config.toml").write_text('[event]\nprefix = "LONG"\n', encoding="utf-8")
        deep = windows_path(folder)
        self.assertGreater(len(deep), 260)
        options = ("--config", rf"{deep}\config.toml")
        more = {"MISPIGEON_DATA_DIR": rf"{deep}\data"}
        (receipt,) = self.lines(*options, "send", "--format", "json", rf"{deep}\mail.eml", more=more)
        self.assertEqual(receipt["status"], "created", receipt)
        self.assertEqual(events(folder / "data" / "feed")[receipt["uuid"]]["info"], "LONG - Small 1")
        (row,) = self.lines(*options, "outbox", "list", "--all", "--format", "json", more=more)
        self.assertEqual(row["event_uuid"], receipt["uuid"])

    def test_the_corpus_makes_the_same_events_as_elsewhere(self) -> None:
        different = []
        for mode in ("report", "sample", "carrier"):
            names = [
                path.name.removesuffix(".expect.json")
                for path in sorted(mails.CORPUS.glob("*.expect.json"))
                if is_in_mode(path, mode)
            ]
            paths = [windows_path(mails.CORPUS / f"{name}.eml") for name in names]
            made: list[Any] = []
            for at in range(0, len(paths), 50):
                made += [one["Event"] for one in self.lines("send", "--dry-run", "--mode", mode, *paths[at : at + 50])]
            expected = [event for name in names for event in mails.expected_events(name)]
            self.assertEqual(len(made), len(expected))
            for one, other in zip(made, expected, strict=True):
                shorten(one)
                # A mail without a date gets that of today.
                one["date"] = other["date"]
                if one != other:
                    different.append(other["info"])
        self.assertEqual(different, [])


def is_in_mode(path: Path, mode: str) -> bool:
    """Whether a truth is about a mail in this mode. The command line reads what begins like an mbox as one, and is left out."""
    truth = json.loads(path.read_text(encoding="utf-8"))
    is_mail = "not_a_mail" not in truth and not mails.corpus(path.name.removesuffix(".expect.json")).startswith(
        b"From "
    )
    return is_mail and truth["mode"] == mode


def shorten(value: Any) -> None:  # noqa: ANN401 - any JSON
    """Replaces contents of files as the expected events do."""
    if isinstance(value, list):
        for one in value:
            shorten(one)
    elif isinstance(value, dict):
        for name, field in value.items():
            if name == "data" and isinstance(field, str):
                value[name] = f"{len(field)} characters, SHA-256 {mails.sha256(field.encode())}"
            else:
                shorten(field)


class Output(WindowsTest):
    def test_a_pipe_gets_utf_8_and_plain_ends_of_lines(self) -> None:
        raw = mails.report("http://evil-small.com/größe/x and so on", UMLAUTS)
        out, _ = self.run_program("extract", "--format", "csv", "-", stdin=raw)
        self.assertIn("größe", out.decode("utf-8"))
        self.assertNotIn(b"\r", out)
        (receipt,) = self.lines("send", "--format", "json", "-", stdin=raw)
        self.assertIn(STORED, events()[receipt["uuid"]]["info"])

    def test_arguments_and_names_of_files_may_have_any_letter(self) -> None:
        name = f"{UMLAUTS}.eml"
        (self.work / name).write_bytes(mails.small(1))
        (receipt,) = self.lines("send", "--format", "json", "--comment", UMLAUTS, name)
        (row,) = self.lines("outbox", "list", "--all", "--format", "json")
        self.assertEqual(row["origin"], name)
        self.assertIn(STORED, json.dumps(events()[receipt["uuid"]], ensure_ascii=False))

    def test_a_console_shows_umlauts(self) -> None:
        """Wine's own console shows no emoji, whatever program writes one."""
        (self.work / f"{UMLAUTS}.eml").write_bytes(mails.report("http://evil-small.com/größe/x and so on"))
        shown = console(self.work, windows_path(PROGRAM), "send", f"{UMLAUTS}.eml")
        self.assertIn("created  Grüße aus Köln", shown)
        self.assertIn("/größe/x", shown)


def console(folder: Path, *words: str) -> str:
    """What a program writes to its console, without the console's control sequences."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [WINE, *words],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=folder,
        env=environment(TERM="xterm", LC_ALL="C.UTF-8"),
    ):
        os.close(theirs)
        shown = b""
        try:
            while data := os.read(ours, 1 << 16):
                shown += data
        except OSError:
            # The other side is closed.
            pass
        finally:
            os.close(ours)
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07]*\x07", "", shown.decode("utf-8", "replace"))


class Configuration(WindowsTest):
    def test_a_configuration_is_made_where_windows_keeps_them(self) -> None:
        said = self.text("config", "init")
        self.assertIn(windows_path(CONFIG), said)
        self.assertIn("no fault found", self.text("config", "check"))

    def test_doctor_warns_of_a_configuration_that_others_may_read(self) -> None:
        """Windows gives a file the rights of its folder; others have none below a user's own."""
        self.configure("")
        (self.work / "config.toml").write_text("", encoding="utf-8")
        for state, options in [("ok", []), ("warning", ["--config", r"C:\work\config.toml"])]:
            checks = json.loads(self.text(*options, "doctor", "--offline", "--format", "json"))
            self.assertEqual([check["state"] for check in checks if check["id"] == "permissions"], [state])

    def test_a_folder_with_backslashes_in_plain_quotes_says_how_to_write_it(self) -> None:
        self.configure('data_dir = "C:\\Users\\ana\\misp"\n')
        _, said = self.run_program("config", "check", code=78)
        self.assertIn(r"'C:\Users\ana'", said)
        self.configure('data_dir = "C:\\temp\\new"\n')
        _, said = self.run_program("config", "check", code=78)
        self.assertIn(r"'C:\Users\ana'", said)

    def test_the_home_folder_is_written_with_a_tilde_and_either_slash(self) -> None:
        for number, place in enumerate(["~/feed-0", "~\\feed-1"]):
            self.configure(f"[feed]\ndir = '{place}'\n")
            (receipt,) = self.lines("send", "--format", "json", "-", stdin=mails.small(number))
            self.assertRegex(receipt["url"], rf"^C:\\users\\root[\\/]feed-{number}\\")

    def test_what_editors_and_shells_of_windows_write_is_read(self) -> None:
        """Ends of lines, byte order marks, UTF-16; a key from a file and from a program."""
        server = servers.shared_misp()
        publisher = key("Publisher")
        (self.work / "key.txt").write_bytes(f"{publisher}\r\n".encode("utf-16"))
        ways = [
            f"key = '{publisher}'",
            "key_file = 'C:\\work\\key.txt'",
            f"key_command = ['cmd', '/c', 'echo {publisher}']",
        ]
        for number, (line, coding) in enumerate(zip(ways, ["utf-8-sig", "utf-16", "utf-8"], strict=True)):
            with self.subTest(line):
                CONFIG.parent.mkdir(parents=True, exist_ok=True)
                CONFIG.write_bytes(f"[misp]\r\nurl = '{server.url}'\r\n{line}\r\n".encode(coding))
                (receipt,) = self.lines("send", "--format", "json", "-", stdin=mails.small(number))
                self.assertEqual(receipt["status"], "created", receipt)
        self.assertEqual(server.events(), len(ways))
