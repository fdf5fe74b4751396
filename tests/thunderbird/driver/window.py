"""The buttons, menus and shortcuts of the extension in Thunderbird's own windows, used by mouse and keyboard."""

from collections.abc import Sequence
from typing import Any

from driver.thunderbird import Thunderbird

from .folders import PRELUDE
from .pages import EXTENSION, Page
from .waiting import insist, until

SLUG = EXTENSION.replace("@", "_").replace(".", "_")
MESSAGE_BUTTON = f"{SLUG}-messageDisplayAction-toolbarbutton"

# Where an element of a chrome document is on the screen, even inside frames.
PLACE = """
    const place = element => {
      if (!element) return null;
      const box = element.getBoundingClientRect();
      if (!box.width || !box.height) return null;
      const view = element.ownerDocument.defaultView;
      const middle = [view.mozInnerScreenX + box.x + box.width / 2, view.mozInnerScreenY + box.y + box.height / 2];
      return middle.map(at => at * view.devicePixelRatio);
    };
    const shownMessage = () => {
      const front = Services.wm.getMostRecentWindow(null);
      return front?.messageBrowser?.contentWindow ?? tabmail.currentAboutMessage;
    };
"""

QUESTION = """
    const panel = mailWindow.PopupNotifications?.panel;
    const question = panel?.state == "open" && panel.querySelector("popupnotification");
"""


class Window:
    """What the extension adds to a running Thunderbird."""

    def __init__(self, thunderbird: Thunderbird) -> None:
        self.thunderbird, self.display = thunderbird, thunderbird.display

    def run(self, script: str, *arguments: object) -> Any:  # noqa: ANN401 - whatever the script gives
        return self.thunderbird.chrome(PRELUDE + PLACE + script, *arguments)

    def until(self, script: str, what: str, *arguments: object) -> Any:  # noqa: ANN401 - whatever the script gives
        return self.thunderbird.until(PRELUDE + PLACE + script, what, *arguments)

    def fill_screen(self) -> None:
        size = "args.map(pixels => Math.floor(pixels / mailWindow.devicePixelRatio))"
        self.run(f"mailWindow.moveTo(0, 0); mailWindow.resizeTo(...{size});", *self.display.size)
        self.until(
            f"return [mailWindow.outerWidth, mailWindow.outerHeight].join() == {size}.join();",
            "the whole screen",
            *self.display.size,
        )

    def focus(self) -> None:
        """Gives the keyboard focus to the window in front, as there is no window manager to do that."""
        until(lambda: self.display.focus(self.display.windows()[-1]), "the focus in the window in front")

    # Buttons.

    def message_button(self) -> tuple[float, float]:
        """Where the button over the shown message is."""
        return self.until(
            f"return place(shownMessage()?.document.getElementById('{MESSAGE_BUTTON}'));", "the message's button"
        )

    def toolbar_button(self) -> tuple[float, float]:
        """Where the button in the toolbar at the top is."""
        return self.until(
            f"return place(mailWindow.document.querySelector('#unifiedToolbar [extension=\"{EXTENSION}\"]'));",
            "the toolbar's button",
        )

    def click_message_button(self, holding: Sequence[str] = ()) -> None:
        self.display.click(*self.message_button(), holding=holding)

    def click_toolbar_button(self, holding: Sequence[str] = ()) -> None:
        self.display.click(*self.toolbar_button(), holding=holding)

    def badges(self) -> list[str]:
        """The badges of the two buttons: that of the message, that of the toolbar."""
        return self.run(
            f"""
            const one = shownMessage()?.document.getElementById('{MESSAGE_BUTTON}');
            const other = mailWindow.document.querySelector('#unifiedToolbar [extension="{EXTENSION}"]');
            return [one?.getAttribute("badge") ?? "", other?.getAttribute("badge") ?? ""];"""
        )

    # Menus, questions, the clipboard.

    def choose_from_context_menu(self, holding: Sequence[str] = ()) -> None:
        """Opens the context menu on the first selected row by the right mouse button and chooses the extension's entry."""
        row = self.until(
            """
            const tree = tabmail.currentAbout3Pane.threadTree;
            return place(tree.getRowAtIndex(tree.selectedIndices[0]));""",
            "the selected row",
        )
        self.choose_from_menu_at(row[0], row[1], holding=holding)

    def choose_from_menu_of_message(self) -> None:
        """Does the same on the text of the shown message."""
        browser = "shownMessage()?.document.getElementById('messagepane')"
        self.choose_from_menu_at(*self.until(f"return place({browser});", "the text of the message"))

    def choose_from_menu_at(self, x: float, y: float, holding: Sequence[str] = ()) -> None:
        self.display.click(x, y, button=3)
        entry = self.until(
            f"""
            const menu = [tabmail.currentAbout3Pane, shownMessage()].map(each => each?.document.getElementById("mailContext"))
              .find(each => each?.state == "open");
            return place(menu?.querySelector('[id^="{SLUG}-menuitem"]'));""",
            "the entry in the context menu",
        )
        self.display.click(entry[0], entry[1], holding=holding)

    def wait_question(self) -> str:
        """Waits for a question of Thunderbird about a permission or an add-on; returns its name."""
        return self.until(QUESTION + "return question?.id;", "the question")

    def question_box(self) -> list[float]:
        """Where the question is on the screen: x, y, width, height."""
        return self.run(
            QUESTION + "const box = panel.getOuterScreenRect(); return [box.x, box.y, box.width, box.height];"
        )

    def agree(self) -> None:
        """Clicks on the main button of the question."""
        question = self.wait_question()
        insist(
            lambda: self.display.click(*self.until(QUESTION + "return place(question?.button);", "its button")),
            lambda: self.run(QUESTION + "return question?.id != args[0];", question),
            "the answer taken",
        )

    def clipboard(self) -> str:
        """The text on the clipboard."""
        return self.thunderbird.chrome(
            """
            const transfer = Cc["@mozilla.org/widget/transferable;1"].createInstance(Ci.nsITransferable);
            transfer.init(null);
            transfer.addDataFlavor("text/plain");
            Services.clipboard.getData(transfer, Ci.nsIClipboard.kGlobalClipboard, Services.wm.getMostRecentWindow(null).browsingContext.currentWindowContext);
            const data = {};
            try { transfer.getTransferData("text/plain", data); } catch { return ""; }
            return data.value.QueryInterface(Ci.nsISupportsString).data;"""
        )

    def empty_clipboard(self) -> None:
        self.thunderbird.chrome("Services.clipboard.emptyClipboard(Ci.nsIClipboard.kGlobalClipboard);")

    # Pages.

    def page(self, part: str, kind: str = "tab") -> Page:
        return Page(self.thunderbird, kind, part).wait_open()
