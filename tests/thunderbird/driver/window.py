"""The buttons, menus and shortcuts of the extension in Thunderbird's own windows, used by mouse and keyboard."""

import json
from collections.abc import Callable, Sequence
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

    def choose_for_selection(self, words: str) -> None:
        """Selects these words in the text of the shown message and chooses the entry for selections in their context menu."""
        select = """
            const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            for (let node = walker.nextNode(); node; node = walker.nextNode()) {
              const start = node.nodeValue.indexOf(args[0]);
              if (start < 0) continue;
              const range = document.createRange();
              range.setStart(node, start);
              range.setEnd(node, start + args[0].length);
              const selection = getSelection();
              selection.removeAllRanges();
              selection.addRange(range);
              return middle(range);
            }
            throw new Error("not in the message: " + args[0]);"""
        self.choose_for_part(lambda: self.in_message(select, words), "mailContext", "selection")

    def choose_for_link(self, part: str) -> None:
        """Chooses the entry for links in the context menu of the link whose address contains this."""
        find = "return middle([...document.links].find(each => each.href.includes(args[0])));"
        self.choose_for_part(lambda: self.in_message(find, part), "mailContext", "link")

    def choose_for_attachment(self, name: str) -> None:
        """Chooses the extension's entry in the context menu of an attachment of the shown message."""
        self.run(
            "const pane = shownMessage().document; if (pane.getElementById('attachmentList').collapsed) pane.getElementById('attachmentToggle').click();"
        )
        find = """
            const items = [...shownMessage().document.querySelectorAll("#attachmentList > [role=option], #attachmentList > richlistitem")];
            return place(items.find(each => each.attachment?.name == args[0]));"""
        self.choose_for_part(lambda: self.until(find, f"the attachment {name}", name), "attachmentItemContext", "files")

    def in_message(self, script: str, *arguments: object) -> Any:  # noqa: ANN401 - whatever the script gives
        """Runs the body of a function in the shown message; `middle(x)` is where a range or an element is on the screen."""
        return self.run(
            """
            const pane = await until(() => shownMessage()?.msgLoaded && shownMessage().document.getElementById("messagepane"), "the message");
            const actor = pane.browsingContext.currentWindowGlobal.getActor("MarionetteCommands");
            const source = `const args = arguments[0];
              const middle = where => {
                const box = where.getBoundingClientRect();
                const middle = [window.mozInnerScreenX + box.x + box.width / 2, window.mozInnerScreenY + box.y + box.height / 2];
                return middle.map(at => at * devicePixelRatio);
              };
              ${args[0]}`;
            return actor.executeScript(source, [args[1]], {async: false, timeout: 10000, sandboxName: "system"});""",
            script,
            list(arguments),
        )

    def choose_for_part(self, point: Callable[[], tuple[float, float]], menu: str, item: str) -> None:
        """Opens the context menu at `point()` and chooses this entry of the extension, which may be in a menu of its own."""
        find = f"""
            const menu = [shownMessage(), tabmail.currentAbout3Pane].map(each => each?.document.getElementById({json.dumps(menu)}))
              .find(each => each?.state == "open");
            const item = menu?.querySelector('[id="{SLUG}-menuitem-_{item}"]');
            const group = item?.parentNode.closest("menu");
        """
        insist(
            lambda: self.display.click(*point(), button=3),
            lambda: self.run(find + "return !!item;"),
            f"the entry {item} in the context menu",
        )
        if self.run(find + "return !!group;"):
            self.display.click(*self.until(find + "return place(group);", "the extension's menu"))
        self.display.click(*self.until(find + "return place(item);", f"the entry {item}"))

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
