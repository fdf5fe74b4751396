"""Folders and messages: create, import, fetch, select, open. Selecting waits until Thunderbird shows the message."""

import pathlib
from typing import Any

from driver.thunderbird import Thunderbird

PRELUDE = """
    const {MailServices} = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
    const {MailUtils} = ChromeUtils.importESModule("resource:///modules/MailUtils.sys.mjs");
    const {setTimeout} = ChromeUtils.importESModule("resource://gre/modules/Timer.sys.mjs");
    const until = async (condition, what) => {
      for (let turn = 0; turn < 600; turn++) {
        const value = await condition();
        if (value) return value;
        await new Promise(resolve => setTimeout(resolve, 30));
      }
      throw new Error(`${what}: did not come`);
    };
    const mailWindow = Services.wm.getMostRecentWindow("mail:3pane");
    const tabmail = mailWindow.document.getElementById("tabmail");
    const headersOf = folder => [...folder.messages];
"""


class Folders:
    """The folders of a running Thunderbird. A URI names a folder."""

    def __init__(self, thunderbird: Thunderbird) -> None:
        self.thunderbird = thunderbird

    def run(self, script: str, *arguments: object, seconds: int = 120) -> Any:  # noqa: ANN401 - whatever the script gives
        return self.thunderbird.chrome(PRELUDE + script, *arguments, seconds=seconds)

    def create(self, name: str, account: int = 1) -> str:
        """The folder of this name in a local account; made if there is none."""
        return self.run(
            """
            const root = MailServices.accounts.getIncomingServer("server" + args[1]).rootFolder;
            if (root.containsChildNamed(args[0])) return root.getChildNamed(args[0]).URI;
            return root.QueryInterface(Ci.nsIMsgLocalMailFolder).createLocalSubfolder(args[0]).URI;""",
            name,
            account,
        )

    def put(self, folder: str, *paths: pathlib.Path) -> None:
        """Imports message files, byte for byte as Thunderbird stores them."""
        self.run(
            """
            const folder = MailUtils.getExistingFolder(args[0]);
            for (const path of args[1]) {
              const file = Cc["@mozilla.org/file/local;1"].createInstance(Ci.nsIFile);
              file.initWithPath(path);
              await new Promise((resolve, reject) => {
                MailServices.copy.copyFileMessage(file, folder, null, false, Ci.nsMsgMessageFlags.New, "", {
                  QueryInterface: ChromeUtils.generateQI(["nsIMsgCopyServiceListener"]),
                  onStartCopy() {}, onProgress() {}, setMessageKey() {}, getMessageId() { return null; },
                  onStopCopy(status) {
                    Components.isSuccessCode(status) ? resolve() : reject(new Error(`${path}: 0x${(status >>> 0).toString(16)}`));
                  },
                }, null);
              });
            }""",
            folder,
            [str(pathlib.Path(path).resolve()) for path in paths],
        )

    def subjects(self, folder: str) -> list[str]:
        return self.run(
            "return headersOf(MailUtils.getExistingFolder(args[0])).map(each => each.mime2DecodedSubject);", folder
        )

    def tags(self, folder: str, subject: str) -> list[str]:
        """The keys of the tags of a message."""
        return self.run(
            """
            const header = headersOf(MailUtils.getExistingFolder(args[0])).find(each => each.mime2DecodedSubject == args[1]);
            return header.getStringProperty("keywords").split(" ").filter(Boolean);""",
            folder,
            subject,
        )

    def tag(self, folder: str, subject: str, key: str) -> None:
        """Tags a message as the tag menu does."""
        self.run(
            """
            const folder = MailUtils.getExistingFolder(args[0]);
            folder.addKeywordsToMessages([headersOf(folder).find(each => each.mime2DecodedSubject == args[1])], args[2]);""",
            folder,
            subject,
            key,
        )

    def fetch(self, account: int, password: str, number: int, offline: bool = True) -> str:
        """Fetches the inbox of a POP3 or IMAP account and waits until it has `number` messages. Of IMAP also fetches a local copy
        of their text, unless the text is to stay on the server only."""
        return self.run(
            """
            const server = MailServices.accounts.getIncomingServer("server" + args[0]);
            server.password = args[1];
            const inbox = () => server.rootFolder.getFolderWithFlags(Ci.nsMsgFolderFlags.Inbox);
            const status = start => new Promise(resolve => start({
              QueryInterface: ChromeUtils.generateQI(["nsIUrlListener"]),
              OnStartRunningUrl() {},
              OnStopRunningUrl(url, status) { resolve(status >>> 0); },
            }));
            const BUSY = 0x80550021;
            const fetched = async start => {
              let ended;
              // Thunderbird checks a new account by itself.
              await until(async () => !inbox().locked && (ended = await status(start)) != BUSY, "the folder free");
              if (!Components.isSuccessCode(ended)) throw new Error("0x" + ended.toString(16));
            };
            if (server.type == "pop3") {
              const pop = server.QueryInterface(Ci.nsIPop3IncomingServer);
              await fetched(listener => MailServices.pop3.GetNewMail(mailWindow.msgWindow, listener, inbox(), pop));
            } else {
              if (!inbox()) server.performExpand(mailWindow.msgWindow);
              await until(inbox, "the inbox");
              if (args[3]) inbox().setFlag(Ci.nsMsgFolderFlags.Offline);
              else inbox().clearFlag(Ci.nsMsgFolderFlags.Offline);
              const imap = inbox().QueryInterface(Ci.nsIMsgImapMailFolder);
              await fetched(listener => imap.updateFolderWithListener(mailWindow.msgWindow, listener));
              await until(() => inbox().getTotalMessages(false) >= args[2], "the messages");
              if (args[3]) await fetched(listener => inbox().downloadAllForOffline(listener, mailWindow.msgWindow));
            }
            await until(() => inbox().getTotalMessages(false) >= args[2], "the messages");
            return inbox().URI;""",
            account,
            password,
            number,
            offline,
        )

    def write_and_send(self, account: int, subject: str, text: str) -> str:
        """Writes a mail in a window of its own and presses Send; returns the folder of its copy when that is stored."""
        return self.run(
            """
            const [account, subject, text] = args;
            const fields = Cc["@mozilla.org/messengercompose/composefields;1"].createInstance(Ci.nsIMsgCompFields);
            Object.assign(fields, {to: "abuse@example.net", subject, body: text});
            const params = Cc["@mozilla.org/messengercompose/composeparams;1"].createInstance(Ci.nsIMsgComposeParams);
            params.composeFields = fields;
            params.format = Ci.nsIMsgCompFormat.PlainText;
            params.identity = MailServices.accounts.getAccount("account" + account).defaultIdentity;
            MailServices.compose.OpenComposeWindowWithParams(null, params);
            const window = () => Services.wm.getMostRecentWindow("msgcompose");
            const button = () => window()?.document.getElementById("button-send");
            await until(() => window()?.composeEditorReady && button() && !button().disabled, "the window");
            button().click();
            await until(() => !window(), "the end of sending");
            return params.identity.fccFolderURI;""",
            account,
            subject,
            text,
        )

    def show(self, folder: str) -> None:
        """Shows the folder in the first tab."""
        self.run(
            """
            tabmail.switchToTab(0);
            const pane = tabmail.currentAbout3Pane;
            const folder = MailUtils.getExistingFolder(args[0]);
            pane.displayFolder(folder);
            await until(() => pane.gDBView?.viewFolder == folder && pane.gDBView.rowCount >= folder.getTotalMessages(false), "the folder");""",
            folder,
        )

    def select(self, folder: str, *subjects: str) -> None:
        """Selects messages by their subjects, or without subjects all of the folder. A single one is also shown."""
        self.show(folder)
        self.run(
            """
            const pane = tabmail.currentAbout3Pane;
            const view = pane.gDBView;
            const rows = [];
            for (let row = 0; row < view.rowCount; row++)
              if (!args[0].length || args[0].includes(view.getMsgHdrAt(row).mime2DecodedSubject)) rows.push(row);
            if (rows.length < args[0].length) throw new Error("not all of them are here: " + args[0]);
            pane.threadTree.selectedIndices = rows;
            pane.threadTree.scrollToIndex(rows[0], true);
            pane.threadTree.table.body.focus();
            await until(() => view.selection.count == rows.length, "the selection");
            if (rows.length > 1) return;
            const header = view.getMsgHdrAt(rows[0]);
            await until(() => tabmail.currentAboutMessage?.gMessage == header && tabmail.currentAboutMessage.msgLoaded, "the message");""",
            list(subjects),
        )

    def inbox(self, account: int) -> str:
        return self.run(
            """
            const root = MailServices.accounts.getIncomingServer("server" + args[0]).rootFolder;
            return root.getFolderWithFlags(Ci.nsMsgFolderFlags.Inbox).URI;""",
            account,
        )

    def open_in_tab(self, folder: str, subject: str) -> None:
        self.run(
            """
            const folder = MailUtils.getExistingFolder(args[0]);
            const header = headersOf(folder).find(each => each.mime2DecodedSubject == args[1]);
            mailWindow.OpenMessageInNewTab(header, {background: false});
            await until(() => tabmail.currentTabInfo.mode.name == "mailMessageTab" && tabmail.currentAboutMessage?.gMessage == header
              && tabmail.currentAboutMessage.msgLoaded, "the message in a tab");""",
            folder,
            subject,
        )

    def open_in_window(self, folder: str, subject: str) -> None:
        """Opens the message in a window of its own."""
        self.run(
            """
            const folder = MailUtils.getExistingFolder(args[0]);
            const header = headersOf(folder).find(each => each.mime2DecodedSubject == args[1]);
            MailUtils.openMessageInNewWindow(header);
            await until(() => {
              const shown = Services.wm.getMostRecentWindow("mail:messageWindow")?.messageBrowser?.contentWindow;
              return shown?.gMessage == header && shown.msgLoaded;
            }, "the message window");""",
            folder,
            subject,
        )

    def open_file(self, path: pathlib.Path) -> None:
        """Opens a message file from disk, as File > Open does."""
        self.run(
            """
            const file = Cc["@mozilla.org/file/local;1"].createInstance(Ci.nsIFile);
            file.initWithPath(args[0]);
            MailUtils.openEMLFile(mailWindow, file, Services.io.newFileURI(file));
            const shown = () => {
              const other = Services.wm.getMostRecentWindow("mail:messageWindow")?.messageBrowser?.contentWindow;
              const tab = tabmail.currentTabInfo.mode.name == "mailMessageTab" ? tabmail.currentAboutMessage : null;
              return [tab, other].find(each => each?.gMessageURI?.startsWith("file:") && each.msgLoaded);
            };
            await until(shown, "the message of the file");""",
            str(pathlib.Path(path).resolve()),
        )

    def close_tabs_and_windows(self) -> None:
        """Closes everything but the mail window with its first tab."""
        self.run(
            """
            const others = ["mail:messageWindow", "mail:extensionPopup"];
            for (const kind of others) for (const other of Services.wm.getEnumerator(kind)) other.close();
            while (tabmail.tabInfo.length > 1) tabmail.closeTab(tabmail.tabInfo[1], true);
            await until(() => others.every(kind => !Services.wm.getMostRecentWindow(kind)), "the end of the windows");"""
        )
