"""Thunderbird as a process: start, end, restart with the same profile, kill. `folders`, `window` and `pages` do things inside
it."""

import contextlib
import os
import pathlib
import signal
import socket
import subprocess
from collections.abc import Sequence
from typing import Any, Self

from driver.display import Display
from driver.profile import Profile

from .marionette import Marionette, ScriptError
from .waiting import until

# Not /usr/bin/thunderbird: Debian has a shell script there.
PROGRAM = pathlib.Path("/usr/lib/thunderbird/thunderbird")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Thunderbird:
    """Thunderbird gets `environment`, and so does the host that it starts. `wrapper` is a command that starts the program, for
    example inside a mount namespace."""

    def __init__(
        self,
        profile: Profile,
        display: Display,
        environment: dict[str, str] | None = None,
        wrapper: Sequence[str] = (),
    ) -> None:
        self.profile, self.display = profile, display
        self.environment, self.wrapper = environment or {}, wrapper
        self.process: subprocess.Popen[bytes] | None = None
        self.session: Marionette | None = None
        self.log = profile.folder / "thunderbird.log"

    def start(self) -> Self:
        port = free_port()
        self.profile.write(port)
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.profile.home),
            "DISPLAY": self.display.name,
            "LANG": "C.UTF-8",
            "GTK_THEME": "Adwaita",
            "NO_AT_BRIDGE": "1",
            "MOZ_CRASHREPORTER_DISABLE": "1",
            "XDG_RUNTIME_DIR": str(self.profile.folder),
            "DBUS_SESSION_BUS_ADDRESS": "unix:path=/dev/null",
        } | self.environment
        arguments = ("--marionette", "--remote-allow-system-access", "--no-remote", "--profile", str(self.profile.path))
        with open(self.log, "ab") as log:
            # A session of its own: killing the group takes all its processes and the host with it.
            self.process = subprocess.Popen(
                [*self.wrapper, str(PROGRAM), *arguments],
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.session = Marionette(port, lambda: self.running)
        self.until(
            """
            const tabs = Services.wm.getMostRecentWindow("mail:3pane")?.document.getElementById("tabmail")?.tabInfo ?? [];
            const tab = tabs.find(each => each.mode?.name == "mail3PaneTab")?.chromeBrowser?.contentWindow;
            return tab?.document.readyState == "complete" && !!tab.folderTree && !!tab.threadTree;""",
            "the mail window",
        )
        return self

    def chrome(self, script: str, *arguments: object, seconds: int = 120) -> Any:  # noqa: ANN401 - whatever the script gives
        return self.marionette.chrome(script, *arguments, seconds=seconds)

    def until(self, script: str, what: str, *arguments: object, seconds: int = 30) -> Any:  # noqa: ANN401 - whatever the script gives
        """Waits until the script returns something true, and returns that."""
        return until(lambda: self.chrome(script, *arguments), what, seconds)

    @property
    def marionette(self) -> Marionette:
        assert self.session, "it does not run"
        return self.session

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def answers(self) -> bool:
        """Whether it runs and has its mail window."""
        try:
            return self.running and self.chrome("return !!Services.wm.getMostRecentWindow('mail:3pane');")
        except (OSError, EOFError, ScriptError):
            return False

    def stop(self) -> None:
        """Ends it as a person does; kills what still runs after half a minute."""
        if self.process is None:
            return
        if self.session and self.running:
            self.session.quit()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(30)
        self.kill()

    def kill(self) -> None:
        """Kills it and all processes that it started, at once."""
        assert self.process, "it does not run"
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        if self.session:
            self.session.close()
        self.process = self.session = None

    def children(self, argument: pathlib.Path) -> list[int]:
        """Numbers of the processes in this Thunderbird's session that have this argument."""
        assert self.process, "it does not run"
        found = []
        for folder in pathlib.Path("/proc").iterdir():
            try:
                if not folder.name.isdigit() or os.getsid(int(folder.name)) != self.process.pid:
                    continue
                if str(argument) in (folder / "cmdline").read_text().split("\0"):
                    found.append(int(folder.name))
            except (ProcessLookupError, FileNotFoundError, PermissionError):
                continue
        return found

    def console(self, part: str = "") -> list[str]:
        """Lines of Thunderbird's log, which has only what extensions log, and of the Error Console."""
        logged = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        noted = self.chrome("return Services.console.getMessageArray().map(each => String(each.message ?? each));")
        return [line for line in logged + noted if part in line]
