"""Newsgroups, feeds and Exchange: subscribe or connect, and wait for what is there."""

from .folders import Folders


class Subscriptions(Folders):
    def read_news(self, account: int, group: str, number: int) -> str:
        """Subscribes to a newsgroup, if necessary, and fetches its list of articles, of which `number` there are."""
        return self.run(
            """
            const server = MailServices.accounts.getIncomingServer("server" + args[0]);
            const root = server.rootFolder;
            if (!root.containsChildNamed(args[1])) server.QueryInterface(Ci.nsINntpIncomingServer).subscribeToNewsgroup(args[1]);
            const folder = await until(() => root.containsChildNamed(args[1]) && root.getChildNamed(args[1]), "the newsgroup");
            folder.getNewMessages(mailWindow.msgWindow, null);
            await until(() => folder.getTotalMessages(false) >= args[2], "the articles");
            return folder.URI;""",
            account,
            group,
            number,
        )

    def subscribe(self, address: str, number: int) -> str:
        """Subscribes to a feed in the account for feeds, and returns its folder when that has `number` articles."""
        return self.run(
            """
            const {FeedUtils} = ChromeUtils.importESModule("resource:///modules/FeedUtils.sys.mjs");
            FeedUtils.subscribeToFeed(args[0], null);
            const feeds = () => MailServices.accounts.allFolders.filter(each => each.server.type == "rss");
            return until(() => feeds().find(each => headersOf(each).length >= args[1])?.URI, "the articles");""",
            address,
            number,
        )

    def fetch_exchange(self, account: int, password: str, number: int) -> str:
        """Fetches the folders and lists of an Exchange account, and waits until its inbox has `number` mails."""
        return self.run(
            """
            const server = MailServices.accounts.getIncomingServer("server" + args[0]);
            server.password = args[1];
            server.getNewMessages(server.rootFolder, mailWindow.msgWindow, null);
            const inbox = () => server.rootFolder.getFolderWithFlags(Ci.nsMsgFolderFlags.Inbox);
            await until(() => inbox()?.getTotalMessages(false) >= args[2], "the mails");
            return inbox().URI;""",
            account,
            password,
            number,
        )
