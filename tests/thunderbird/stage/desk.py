"""An analyst's desk: a screen, a home with mispigeon and a Thunderbird profile, mails, and a MISP server far away."""

import pathlib
import shutil
import tempfile
import uuid
from collections.abc import Sequence
from typing import Any, Self

from driver.display import Display
from driver.folders import Folders
from driver.notifications import Notifications
from driver.pages import Background, Page
from driver.profile import Profile
from driver.thunderbird import Thunderbird
from driver.window import Window

from .browser import Browser
from .home import Home
from .misp import Misp, key

REPOSITORY = pathlib.Path(__file__).resolve().parents[3]
EVIDENCE = REPOSITORY / "target" / "thunderbird"
PROGRAM = pathlib.Path("mispigeon")  # The mispigeon binary under test, set by whoever runs the tests.

_open: list["Desk"] = []
_shared: dict[str, "Desk"] = {}


def shared(name: str = "", **how: Any) -> "Desk":
    """The started desk of this name, which tests share."""
    if name not in _shared:
        _shared[name] = Desk(**how).start()
    return _shared[name]


def clear_all() -> None:
    """Stops all desks that still run."""
    for each in reversed(_open.copy()):
        each.stop()
    _shared.clear()


class Desk:
    """`accounts` and `preferences` are for `Profile`, `size` is for the screen. Without `configured`, mispigeon has no server."""

    def __init__(
        self,
        accounts: Sequence[dict[str, Any]] = (),
        preferences: dict[str, Any] | None = None,
        configured: bool = True,
        environment: dict[str, str] | None = None,
        wrapper: Sequence[str] = (),
        size: tuple[int, int] = (1280, 960),
    ) -> None:
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="mispigeon-thunderbird-"))
        self.folder.chmod(0o755)
        self.display = Display(size)
        _open.append(self)
        self.misp = Misp(self.folder / "misp")
        self.profile = Profile(self.folder / "thunderbird", accounts, preferences)
        self.home = Home(self.profile.home, PROGRAM)
        if configured:
            self.home.configure(self.misp.url, key("DoublePublisher"))
        self.browser = Browser(self.profile.home)
        self.thunderbird = Thunderbird(self.profile, self.display, environment, wrapper)
        self.folders, self.window = Folders(self.thunderbird), Window(self.thunderbird)
        self.notifications = Notifications(self.thunderbird)
        self.background = Background(self.thunderbird)

    def start(self) -> Self:
        """Installs mispigeon and starts Thunderbird with the extension."""
        self.home.install()
        return self.start_with_extension()

    def start_with_extension(self) -> Self:
        """Starts Thunderbird with the extension that was installed before, and closes the page that it opens then."""
        self.open_first_steps()
        Page(self.thunderbird, "tab", "/welcome/welcome.html").wait_open().close()
        return self

    def open_first_steps(self) -> None:
        """Starts Thunderbird with the extension that was installed before, which then shows its first steps."""
        self.open_thunderbird()
        self.thunderbird.marionette.command("Addon:Install", {"path": str(self.home.extension), "temporary": False})

    def open_thunderbird(self) -> None:
        self.thunderbird.start()
        self.window.fill_screen()
        self.window.focus()

    def restart(self) -> None:
        """Ends Thunderbird as a person does, if it runs, and starts it again with the same profile."""
        self.thunderbird.stop()
        self.open_thunderbird()

    def stop(self) -> None:
        self.thunderbird.stop()
        self.misp.go_away()
        self.display.stop()
        shutil.rmtree(self.folder)
        _open.remove(self)

    def prefer(self, **changes: object) -> None:
        """Stores preferences of the extension, as its options page does."""
        stored = {f"preference.{name}": value for name, value in changes.items()}
        self.background.run("await browser.storage.local.set(args[0]);", stored)

    def hosts(self) -> list[int]:
        """The process numbers of the hosts that Thunderbird has started."""
        return self.thunderbird.children(self.home.manifest)

    def file(self, raw: bytes, name: str | None = None) -> pathlib.Path:
        """Writes a mail into a file; returns its path."""
        path = self.folder / "mails" / f"{name or uuid.uuid4()}.eml"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(raw)
        return path

    def receive(self, raw: bytes, folder: str = "Samples") -> str:
        """Puts a mail into a folder of Thunderbird; returns the folder's URI."""
        uri = self.folders.create(folder)
        self.folders.put(uri, self.file(raw))
        return uri

    def leave_evidence(self, folder: pathlib.Path) -> None:
        """Writes a screenshot and the logs into this folder."""
        folder.mkdir(parents=True)
        self.display.screenshot(folder / "screen.png")
        for log in (self.thunderbird.log, self.misp.folder / "double.log"):
            if log.exists():
                shutil.copy(log, folder)
        if self.thunderbird.answers:
            (folder / "console.log").write_text("\n".join(self.thunderbird.console()), encoding="utf-8")

    def take_picture(self, name: str) -> None:
        """Writes a screenshot for people to look at into target/thunderbird/."""
        folder = EVIDENCE / "pictures"
        folder.mkdir(parents=True, exist_ok=True)
        self.display.still_screenshot(folder / f"{name}.png")

    def tidy(self) -> None:
        """Cleans up after a test: closes windows and tabs, removes faults."""
        if self.thunderbird.answers:
            self.display.press("Escape")
            self.folders.close_tabs_and_windows()
            self.notifications.clear()
            self.window.focus()
        if not self.misp.process:
            self.misp.come_back()
        self.misp.recover()
