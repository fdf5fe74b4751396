"""Ways in which Thunderbird shows mails: table and cards, folded threads, unified folders, saved searches."""

from .folders import Folders


class Views(Folders):
    def select_in(self, shown: str, folder: str, subject: str) -> None:
        """Selects, in a folder that shows mails of others, the one that lies in `folder`."""
        self.show(shown)
        self.run(
            """
            const pane = tabmail.currentAbout3Pane;
            const view = pane.gDBView;
            const rows = [...Array(view.rowCount).keys()];
            const header = row => view.getMsgHdrAt(row);
            const row = rows.find(each => header(each).folder.URI == args[0] && header(each).mime2DecodedSubject == args[1]);
            pane.threadTree.selectedIndex = row;
            pane.threadTree.table.body.focus();
            await until(() => tabmail.currentAboutMessage?.gMessage == header(row) && tabmail.currentAboutMessage.msgLoaded, "the message");""",
            folder,
            subject,
        )

    def unify(self) -> str:
        """Switches the unified folders on, and returns the inbox of all accounts, which shows each mail on a line of its own."""
        return self.run(
            """
            tabmail.currentAbout3Pane.folderPane.activeModes = ["smart"];
            const inbox = () => MailServices.accounts.findServer("nobody", "smart mailboxes", "none")?.rootFolder
              .getFolderWithFlags(Ci.nsMsgFolderFlags.Inbox);
            const unified = await until(inbox, "the unified inbox");
            const pane = tabmail.currentAbout3Pane;
            pane.displayFolder(unified);
            await until(() => pane.gDBView?.viewFolder == unified, "its list");
            pane.gViewWrapper.showUnthreaded = true;
            return unified.URI;"""
        )

    def show_as(self, view: str) -> None:
        """Shows lists as `table` or `cards`."""
        self.run(
            """
            Services.prefs.setIntPref("mail.threadpane.listview", args[0] == "table" ? 1 : 0);
            const row = args[0] == "table" ? "thread-row" : "thread-card";
            await until(() => tabmail.currentAbout3Pane.threadTree.getAttribute("rows") == row, "the view");""",
            view,
        )

    def fold_thread(self, folder: str, subject: str) -> None:
        """Shows the folder in threads, all of them folded, and selects the one that begins with this mail."""
        self.run(
            """
            const pane = tabmail.currentAbout3Pane;
            pane.displayFolder(MailUtils.getExistingFolder(args[0]));
            const view = () => pane.gDBView;
            await until(() => view()?.rowCount, "the folder");
            pane.gViewWrapper.showThreaded = true;
            view().doCommand(Ci.nsMsgViewCommandType.collapseAll);
            const rows = [...Array(view().rowCount).keys()];
            pane.threadTree.selectedIndex = rows.find(row => view().getMsgHdrAt(row).mime2DecodedSubject == args[1]);
            pane.threadTree.table.body.focus();
            await until(() => view().numSelected == 2, "the thread");""",
            folder,
            subject,
        )

    def save_search(self, name: str, folder: str, words: str) -> str:
        """A folder that shows the mails of another one with these words in the subject."""
        return self.run(
            """
            const {VirtualFolderHelper} = ChromeUtils.importESModule("resource:///modules/VirtualFolderWrapper.sys.mjs");
            const folder = MailUtils.getExistingFolder(args[1]);
            const session = Cc["@mozilla.org/messenger/searchSession;1"].createInstance(Ci.nsIMsgSearchSession);
            const term = session.createTerm();
            const value = term.value;
            value.attrib = Ci.nsMsgSearchAttrib.Subject;
            value.str = args[2];
            Object.assign(term, {attrib: value.attrib, value, op: Ci.nsMsgSearchOp.Contains, booleanAnd: true});
            const search = VirtualFolderHelper.createNewVirtualFolder(args[0], folder.rootFolder, [folder], [term], true);
            return search.virtualFolder.URI;""",
            name,
            folder,
            words,
        )
