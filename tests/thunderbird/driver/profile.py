"""A fresh Thunderbird profile in a home of its own: preferences, local folders, mail accounts."""

import json
import pathlib
from collections.abc import Sequence
from typing import Any

NO_QUESTIONS = {
    "mail.provider.suppress_dialog_on_startup": True,
    "mail.spotlight.firstRunDone": True,
    "mail.winsearch.firstRunDone": True,
    "mail.shell.checkDefaultClient": False,
    "browser.shell.checkDefaultBrowser": False,
    "mail.rights.version": 1,
    "mail.account.hub.enabled": False,
    "mail.inappnotifications.enabled": False,
    "mailnews.start_page.enabled": False,
    "mailnews.start_page_override.mstone": "ignore",
    "app.donation.eoy.version.viewed": 999999,
    "app.use_without_mail_account": True,
    "toolkit.startup.max_resumed_crashes": -1,
    "mail.chat.enabled": False,
    "calendar.timezone.local": "UTC",
}
NO_NETWORK = {
    "app.update.enabled": False,
    "app.update.auto": False,
    "app.update.disabledForTesting": True,
    "extensions.update.enabled": False,
    "extensions.getAddons.cache.enabled": False,
    "extensions.systemAddon.update.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "datareporting.healthreport.uploadEnabled": False,
    "datareporting.usage.uploadEnabled": False,
    "toolkit.telemetry.server": "data:,",
    "toolkit.telemetry.unified": False,
    "services.settings.server": "data:,#remote-settings-dummy/v1",
    "browser.region.network.url": "",
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.manage-offline-status": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "network.dns.disablePrefetch": True,
    # A proxy address where nobody listens: connections to other machines fail.
    "network.proxy.type": 1,
    "network.proxy.socks": "127.0.0.1",
    "network.proxy.socks_port": 9,
    "network.proxy.no_proxies_on": "localhost, 127.0.0.1",
}
QUIET = {
    "mailnews.mark_message_read.auto": False,
    "mail.biff.show_alert": False,
    "mail.biff.play_sound": False,
    "mail.biff.use_system_alert": False,
    "mail.server.default.login_at_startup": False,
    "ui.prefersReducedMotion": 1,
    # No delay before a question can be answered, as nobody here clicks by mistake.
    "security.notification_enable_delay": 0,
    # Thunderbird shows notifications in its own windows, as there is no desktop.
    "alerts.useSystemBackend": False,
    "ui.alertNotificationOrigin": 2,  # At the bottom on the left, where they cover no button.
}
DRIVEN = {
    # Without this, Marionette would relax the rules for installing add-ons.
    "remote.prefs.recommended": False,
    "devtools.console.stdout.chrome": True,
    "devtools.console.stdout.content": True,
}
STORES = {"mbox": "@mozilla.org/msgstore/berkeleystore;1", "maildir": "@mozilla.org/msgstore/maildirstore;1"}


def local_folders(number: int, name: str, store: str) -> dict[str, str]:
    """An account with local folders only; `store` is their format: mbox or maildir."""
    server = f"mail.server.server{number}"
    return {
        f"mail.account.account{number}.server": f"server{number}",
        f"{server}.type": "none",
        f"{server}.hostname": name,
        f"{server}.name": name,
        f"{server}.userName": "nobody",
        f"{server}.directory-rel": f"[ProfD]Mail/{name}",
        f"{server}.storeContractID": STORES[store],
    }


def mail_account(number: int, kind: str, port: int, user: str, host: str = "127.0.0.1") -> dict[str, Any]:
    """A `pop3`, `imap` or `nntp` account on this machine, without encryption. Two of a kind need different host names."""
    server, identity = f"mail.server.server{number}", f"mail.identity.id{number}"
    preferences = {
        f"mail.account.account{number}.server": f"server{number}",
        f"mail.account.account{number}.identities": f"id{number}",
        f"{identity}.fullName": "Analyst",
        f"{identity}.useremail": f"{user}@example.org",
        f"{identity}.valid": True,
        f"{server}.type": kind,
        f"{server}.hostname": host,
        f"{server}.port": port,
        f"{server}.userName": user,
        f"{server}.name": kind,
        f"{server}.socketType": 0,
        f"{server}.authMethod": 3,
        f"{server}.login_at_startup": False,
        f"{server}.check_new_mail": False,
    }
    if kind == "pop3":
        preferences[f"{server}.leave_on_server"] = False
        preferences[f"{server}.storeContractID"] = STORES["mbox"]
    elif kind == "imap":
        preferences[f"{server}.using_subscription"] = False
    return preferences


def exchange_account(number: int, url: str, user: str) -> dict[str, Any]:
    """An Exchange account, whose web services are at `url`."""
    account = mail_account(number, "ews", 443, user)
    server = f"mail.server.server{number}"
    return account | {f"{server}.ews_url": url, f"{server}.storeContractID": STORES["mbox"]}


def outgoing(port: int) -> dict[str, Any]:
    """The outgoing server on this machine, without encryption and user name."""
    server = "mail.smtpserver.smtp1"
    return {
        "mail.smtpservers": "smtp1",
        "mail.smtp.defaultserver": "smtp1",
        f"{server}.hostname": "127.0.0.1",
        f"{server}.port": port,
        f"{server}.authMethod": 1,
        f"{server}.try_ssl": 0,
    }


class Profile:
    """`accounts` come from `mail_account` or `local_folders`; their numbers begin with 2. The first account, Local Folders,
    always exists."""

    def __init__(
        self,
        folder: pathlib.Path,
        accounts: Sequence[dict[str, Any]] = (),
        preferences: dict[str, Any] | None = None,
    ) -> None:
        self.folder = pathlib.Path(folder)
        self.home = self.folder / "home"
        self.path = self.folder / "profile"
        self.path.mkdir(parents=True)
        self.home.mkdir()
        self.preferences = NO_QUESTIONS | NO_NETWORK | QUIET | DRIVEN | local_folders(1, "Local Folders", "mbox")
        self.preferences["mail.accountmanager.localfoldersserver"] = "server1"
        for account in accounts:
            self.preferences |= account
        names = [f"account{number}" for number in range(1, len(accounts) + 2)]
        self.preferences["mail.accountmanager.accounts"] = ",".join(names)
        self.preferences |= preferences or {}
        for key, value in self.preferences.items():
            if key.endswith(".directory-rel"):
                (self.path / str(value).removeprefix("[ProfD]")).mkdir(parents=True)

    def write(self, port: int) -> None:
        """Writes the preferences for a start with Marionette on that port."""
        preferences = self.preferences | {"marionette.port": port}
        lines = [f"user_pref({json.dumps(key)}, {json.dumps(value)});\n" for key, value in preferences.items()]
        (self.path / "user.js").write_text("".join(lines), encoding="utf-8")
