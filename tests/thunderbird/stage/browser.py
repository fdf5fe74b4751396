"""A stand-in for the default browser: writes down the addresses that it should open."""

import pathlib
import sys
from typing import Any

from driver.waiting import until

SCRIPT = """#!{python}
import sys
with open({log!r}, "a", encoding="utf-8") as log:
    log.write(sys.argv[1] + "\\n")
"""
ENTRY = """[Desktop Entry]
Type=Application
Name=Browser
Exec={script} %u
MimeType=x-scheme-handler/http;x-scheme-handler/https;
"""
DEFAULT = """[Default Applications]
x-scheme-handler/http=browser.desktop
x-scheme-handler/https=browser.desktop
"""


class Browser:
    def __init__(self, home: pathlib.Path) -> None:
        home = pathlib.Path(home)
        self.log = home / "opened-pages"
        self.log.touch()
        script = home / "browser"
        script.write_text(SCRIPT.format(python=sys.executable, log=str(self.log)), encoding="utf-8")
        script.chmod(0o755)
        for path, text in (
            (home / ".local/share/applications/browser.desktop", ENTRY.format(script=script)),
            (home / ".config/mimeapps.list", DEFAULT),
        ):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def opened(self) -> list[Any]:
        """The addresses, in order."""
        return self.log.read_text(encoding="utf-8").split()

    def wait(self, address: str) -> None:
        until(lambda: address in self.opened(), f"{address} in the browser")
