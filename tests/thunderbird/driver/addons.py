"""Thunderbird's own page Add-ons and Themes, used by mouse and keyboard."""

import pathlib

from .pages import EXTENSION
from .waiting import NeverCame, insist, until
from .window import Window

PAGE = """
    const page = tabmail.tabInfo.map(each => each.browser?.contentDocument).find(each => each?.URL == "about:addons");
"""


class Addons:
    def __init__(self, window: Window) -> None:
        self.window, self.display = window, window.display
        self.asking = ""  # The window that asks for a file.

    def click(self, find: str, what: str) -> None:
        """Clicks on the element that the expression `find` returns."""
        self.display.click(*self.window.until(PAGE + f"return place({find});", what))

    def open(self) -> None:
        """Opens the page by the menu of the main window."""
        self.click("mailWindow.document.getElementById('button-appmenu')", "the menu's button")
        self.click("mailWindow.document.getElementById('appmenu_addons')", "Add-ons and Themes")
        self.window.until(PAGE + "return page?.querySelector('.page-options-menu');", "the page Add-ons and Themes")

    def choose_install_from_file(self) -> None:
        """Chooses Install Add-on From File… from the gear's menu; a window asks for the file."""
        before = self.display.windows()
        entry = "page.querySelector('panel-item[action=install-from-file]')"
        insist(
            lambda: self.click("page.querySelector('.page-options-menu .more-options-button')", "the gear"),
            lambda: self.window.run(PAGE + f"return place({entry});"),
            "the menu of the gear",
        )
        self.click(entry, "Install Add-on From File…")
        (self.asking,) = until(
            lambda: [each for each in self.display.windows() if each not in before], "the question for the file"
        )
        until(lambda: self.display.focus(self.asking), "the focus in the window that asks")

    def paste(self, path: pathlib.Path) -> None:
        """Pastes the path, as copied from a terminal, into the window that asks, and confirms."""
        copy = 'Cc["@mozilla.org/widget/clipboardhelper;1"].getService(Ci.nsIClipboardHelper).copyString(args[0]);'
        self.window.thunderbird.chrome(copy, str(path))

        def taken() -> bool:
            # The next question may come at once; this must not answer it.
            if self.asking in self.display.windows():
                self.display.press("Return")
            return self.asking not in self.display.windows()

        self.display.press("ctrl+v")
        try:
            # GTK looks for the file before it accepts the confirmation.
            until(taken, "the file chosen", 3)
        except NeverCame:
            self.display.press("ctrl+a", "ctrl+v")
            until(taken, "the file chosen")
        self.window.focus()

    def state(self) -> dict[str, str]:
        """Version of the extension and whether it is active; None if it is not installed."""
        return self.window.thunderbird.chrome(
            """
            const {AddonManager} = ChromeUtils.importESModule("resource://gre/modules/AddonManager.sys.mjs");
            const addon = await AddonManager.getAddonByID(args[0]);
            return addon && {version: addon.version, active: addon.isActive};""",
            EXTENSION,
        )
