"""Makes Thunderbird's message filters, in the filter editor as a person does or by script, and runs them."""

from typing import Any

from driver.thunderbird import Thunderbird

from .folders import PRELUDE
from .waiting import insist, until
from .window import PLACE

ARRIVAL, MANUAL, AFTER_JUNK, AFTER_SENDING, ARCHIVE, PERIODIC = 0x01, 0x10, 0x20, 0x40, 0x80, 0x100

EDITOR = """
    const list = Services.wm.getMostRecentWindow("mailnews:filterlist");
    const editor = Services.wm.getMostRecentWindow("mailnews:filtereditor");
    const actionList = editor?.document.querySelector("#filterActionList .ruleaction menulist");
"""


class Filters:
    def __init__(self, thunderbird: Thunderbird) -> None:
        self.thunderbird, self.display = thunderbird, thunderbird.display

    def run(self, script: str, *arguments: object, seconds: int = 60) -> Any:  # noqa: ANN401 - whatever the script gives
        return self.thunderbird.chrome(PRELUDE + PLACE + EDITOR + script, *arguments, seconds=seconds)

    def until(self, script: str, what: str, *arguments: object) -> Any:  # noqa: ANN401 - whatever the script gives
        return self.thunderbird.until(PRELUDE + PLACE + EDITOR + script, what, *arguments)

    def make(
        self, account: int, name: str, actions: list[tuple[str, str]], kinds: int = ARRIVAL | MANUAL, subject: str = ""
    ) -> None:
        """A new filter for mails whose subject contains a text, or for all. Actions: ("custom", id), ("tag", key), ("move", folder)."""
        self.run(
            """
            const [account, name, subject, actions, kinds] = args;
            const filters = MailServices.accounts.getIncomingServer("server" + account).getFilterList(null);
            const filter = filters.createFilter(name);
            filter.filterType = kinds;
            const term = filter.createTerm();
            term.attrib = Ci.nsMsgSearchAttrib.Subject;
            term.op = Ci.nsMsgSearchOp.Contains;
            const value = term.value;
            value.attrib = term.attrib;
            value.str = subject;
            term.value = value;
            term.matchAll = !subject;
            filter.appendTerm(term);
            const make = {
              custom: (action, id) => { action.type = Ci.nsMsgFilterAction.Custom; action.customId = id; },
              tag: (action, key) => { action.type = Ci.nsMsgFilterAction.AddTag; action.strValue = key; },
              move: (action, uri) => { action.type = Ci.nsMsgFilterAction.MoveToFolder; action.targetFolderUri = uri; },
            };
            for (const [kind, what] of actions) {
              const action = filter.createAction();
              make[kind](action, what);
              filter.appendAction(action);
            }
            filter.enabled = true;
            filters.insertFilterAt(filters.filterCount, filter);
            filters.saveToDefaultFile();""",
            account,
            name,
            subject,
            actions,
            kinds,
        )

    def names(self, account: int) -> list[dict[str, Any]]:
        """For each filter of an account: its name, whether it is enabled, and the ids of its custom actions."""
        return self.run(
            """
            const filters = MailServices.accounts.getIncomingServer("server" + args[0]).getFilterList(null);
            return Array.from({length: filters.filterCount}, (_, at) => filters.getFilterAt(at)).map(each => ({
              name: each.filterName,
              enabled: each.enabled,
              custom: Array.from({length: each.actionCount}, (_, at) => each.getActionAt(at))
                .filter(action => action.type == Ci.nsMsgFilterAction.Custom).map(action => action.customId),
            }));""",
            account,
        )

    def clear(self, account: int) -> None:
        self.run(
            """
            const filters = MailServices.accounts.getIncomingServer("server" + args[0]).getFilterList(null);
            while (filters.filterCount) filters.removeFilterAt(0);
            filters.saveToDefaultFile();""",
            account,
        )

    def run_on(self, folder: str) -> None:
        """Chooses Tools, Run Filters on Folder."""
        self.run(
            """
            const folder = MailUtils.getExistingFolder(args[0]);
            const all = folder.server.getFilterList(null);
            const chosen = MailServices.filters.getTempFilterList(folder);
            for (let at = 0; at < all.filterCount; at++) {
              const filter = all.getFilterAt(at);
              if (filter.enabled && filter.filterType & Ci.nsMsgFilterType.Manual) chosen.insertFilterAt(chosen.filterCount, filter);
            }
            await new Promise((resolve, reject) => MailServices.filters.applyFiltersToFolders(chosen, [folder], mailWindow.msgWindow, {
              QueryInterface: ChromeUtils.generateQI(["nsIMsgOperationListener"]),
              onStopOperation(status) { Components.isSuccessCode(status) ? resolve() : reject(new Error("filters: " + status)); },
            }));""",
            folder,
        )

    def run_periodically(self, account: int) -> None:
        """Runs the filters of that account that are due, as Thunderbird's timer does once a minute."""
        self.run(
            """
            const {PeriodicFilterManager} = ChromeUtils.importESModule("resource:///modules/PeriodicFilterManager.sys.mjs");
            for (const server of MailServices.accounts.allServers)
              server.setIntValue("nextFilterTime", server.key == "server" + args[0] ? 0 : 0x7fffffff);
            PeriodicFilterManager.notify();""",
            account,
        )

    # The editor.

    def open_editor(self, account: int) -> None:
        """Chooses Tools, Message Filters, New."""
        self.run(
            "mailWindow.MsgFilters(null, MailServices.accounts.getIncomingServer('server' + args[0]).rootFolder);",
            account,
        )
        self.until("return list?.document.readyState == 'complete';", "the list of filters")
        insist(
            lambda: self.display.click(
                *self.until("return place(list.document.getElementById('newButton'));", "the button New")
            ),
            lambda: self.run(
                "return editor?.document.readyState == 'complete' && !!place(editor.document.getElementById('filterName'));"
            ),
            "the filter editor",
        )
        until(lambda: self.display.focus(self.display.windows()[-1]), "the focus in the editor")

    def name_it(self, name: str, subject: str) -> None:
        """Types the name of the filter and the text that subjects have to contain."""
        self.write("editor.document.getElementById('filterName')", name)
        self.write(
            "editor.document.querySelector('#searchTermList .search-value-input, #searchTermList search-value input')",
            subject,
        )

    def write(self, find: str, text: str) -> None:
        self.display.click(*self.until(f"return place({find});", find))
        self.display.press("ctrl+a")
        self.display.write(text)
        self.until(f"return {find}.value == args[0];", f"{text!r} written", text)

    def choose_action(self, label: str) -> None:
        """Chooses the action of the first row by the mouse."""
        self.open_actions()
        find = "[...actionList.menupopup.children].find(each => each.label == args[0])"
        self.run(f"{find}.scrollIntoView?.();", label)
        self.display.click(*self.until(f"return place({find});", f"the action {label}", label))
        self.until("return actionList.label == args[0];", f"{label} chosen", label)

    def open_actions(self) -> None:
        insist(
            lambda: self.display.click(*self.until("return place(actionList);", "the list of actions")),
            lambda: self.run("return actionList.menupopup.state == 'open';"),
            "the open list of actions",
        )

    def actions(self) -> list[str]:
        """Labels of the actions that the editor offers."""
        return self.run(
            "return [...actionList.menupopup.children].filter(each => !each.hidden).map(each => each.label);"
        )

    def box(self) -> list[float]:
        """Where the editor is on the screen: x, y, width, height."""
        return self.run(
            "return [editor.mozInnerScreenX, editor.mozInnerScreenY, editor.innerWidth, editor.innerHeight];"
        )

    def accept(self) -> None:
        """Confirms with OK, and closes the list of filters."""
        insist(
            lambda: self.display.click(
                *self.until("return place(editor.document.querySelector('dialog').getButton('accept'));", "OK")
            ),
            lambda: self.run("return !editor;"),
            "the end of the editor",
        )
        self.run("list?.close();")
        self.until("return !list;", "the end of the list")

    def close(self) -> None:
        self.run("actionList?.menupopup.hidePopup(); editor?.close();")
        self.until("return !editor;", "the end of the editor")
        self.run("list?.close();")
        self.until("return !list;", "the end of the list")
