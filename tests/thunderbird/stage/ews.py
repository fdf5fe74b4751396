"""An Exchange server with one mailbox in memory: as much of Exchange Web Services as Thunderbird 153 asks for."""

import base64
import email
import email.utils
import http.server
import re
import threading
from collections.abc import Callable
from xml.sax.saxutils import escape, quoteattr

USER, PASSWORD = "analyst", "letters"
SCHEMAS = "http://schemas.microsoft.com/exchange/services/2006"
ENVELOPE = f"""<?xml version="1.0" encoding="utf-8"?>
<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:m="{SCHEMAS}/messages" xmlns:t="{SCHEMAS}/types">
<s:Header><t:ServerVersionInfo MajorVersion="15" MinorVersion="1" MajorBuildNumber="2507" MinorBuildNumber="6" Version="V2017_07_11"/></s:Header>
<s:Body><m:{{0}}Response><m:ResponseMessages>{{1}}</m:ResponseMessages></m:{{0}}Response></s:Body></s:Envelope>"""
# The name that a client asks for, and the name that people see.
FOLDERS = {
    "msgfolderroot": "Root",
    "inbox": "Inbox",
    "drafts": "Drafts",
    "sentitems": "Sent Items",
    "deleteditems": "Deleted Items",
    "junkemail": "Junk Email",
}
MISSING = ("Error", "ErrorFolderNotFound", "<m:MessageText>no such folder</m:MessageText>")


class Mailbox:
    def __init__(self) -> None:
        self.items: dict[str, tuple[str, bytes]] = {}
        self.changes: list[tuple[str, str, str]] = []  # what, folder, item
        self.number = 0

    def add(self, folder: str, raw: bytes) -> str:
        self.number += 1
        item = f"item{self.number}"
        self.items[item] = (folder, raw)
        self.changes.append(("Create", folder, item))
        return item

    def remove(self, item: str) -> bytes:
        folder, raw = self.items.pop(item)
        self.changes.append(("Delete", folder, item))
        return raw

    def subjects(self, folder: str) -> list[str]:
        held = [raw for place, raw in self.items.values() if place == folder]
        return [str(email.message_from_bytes(raw)["Subject"]) for raw in held]


def message(operation: str, content: str, state: str = "Success", code: str = "NoError") -> str:
    inner = (
        f"{content}<m:ResponseCode>{code}</m:ResponseCode>"
        if state == "Error"
        else f"<m:ResponseCode>{code}</m:ResponseCode>{content}"
    )
    return f'<m:{operation}ResponseMessage ResponseClass="{state}">{inner}</m:{operation}ResponseMessage>'


def item_id(item: str) -> str:
    return f'<t:ItemId Id="{item}" ChangeKey="{item}"/>'


def folder_of(name: str) -> str:
    parent = "" if name == "msgfolderroot" else '<t:ParentFolderId Id="msgfolderroot" ChangeKey="k"/>'
    return (
        f'<t:Folder><t:FolderId Id="{name}" ChangeKey="k"/>{parent}<t:FolderClass>IPF.Note</t:FolderClass>'
        f"<t:DisplayName>{FOLDERS[name]}</t:DisplayName><t:TotalCount>0</t:TotalCount>"
        "<t:ChildFolderCount>0</t:ChildFolderCount><t:UnreadCount>0</t:UnreadCount></t:Folder>"
    )


def mailbox_of(field: str) -> str:
    name, address = email.utils.parseaddr(field)
    return f"<t:Mailbox><t:Name>{escape(name)}</t:Name><t:EmailAddress>{escape(address)}</t:EmailAddress></t:Mailbox>"


def properties(item: str, raw: bytes, whole: bool) -> str:
    mail = email.message_from_bytes(raw)
    content = f'<t:MimeContent CharacterSet="UTF-8">{base64.b64encode(raw).decode()}</t:MimeContent>' if whole else ""
    date = email.utils.parsedate_to_datetime(str(mail["Date"])).strftime("%Y-%m-%dT%H:%M:%SZ")
    return (
        f"<t:Message>{content}{item_id(item)}<t:Subject>{escape(str(mail['Subject']))}</t:Subject><t:Size>{len(raw)}</t:Size>"
        f"<t:DateTimeSent>{date}</t:DateTimeSent><t:HasAttachments>false</t:HasAttachments>"
        f"<t:ToRecipients>{mailbox_of(str(mail['To']))}</t:ToRecipients><t:From>{mailbox_of(str(mail['From']))}</t:From>"
        f"<t:InternetMessageId>{escape(str(mail['Message-ID']))}</t:InternetMessageId><t:IsRead>false</t:IsRead></t:Message>"
    )


class Session(http.server.BaseHTTPRequestHandler):
    server: "Server"
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        request = self.rfile.read(int(self.headers["Content-Length"])).decode()
        wanted = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if self.headers.get("Authorization") != f"Basic {wanted}":
            self.reply(401, "", ("WWW-Authenticate", 'Basic realm="EWS"'))
            return
        found = re.search(r"<(?:\w+:)?Body[^>]*>\s*<(?:\w+:)?(\w+)", request)
        operation = found[1] if found else ""
        self.server.asked.append((operation, request))
        answer = getattr(self, f"answer_{operation}", None)
        if answer is None:
            self.reply(500, f"no {operation}")
            return
        self.reply(200, ENVELOPE.format(operation, answer(request)))

    def reply(self, status: int, text: str, *headers: tuple[str, str]) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Type", "text/xml; charset=utf-8")
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        pass

    def answer_GetFolder(self, request: str) -> str:
        names = re.findall(r"FolderId Id=\"([^\"]+)\"", request)
        return "".join(
            message("GetFolder", f"<m:Folders>{folder_of(name)}</m:Folders>")
            if name in FOLDERS
            else message(
                "GetFolder", "<m:MessageText>no such folder</m:MessageText><m:Folders/>", "Error", "ErrorFolderNotFound"
            )
            for name in names
        )

    def answer_SyncFolderHierarchy(self, request: str) -> str:
        known = "<m:SyncState>all" in request or ":SyncState>all" in request
        names = [] if known else [name for name in FOLDERS if name != "msgfolderroot"]
        changes = "".join(f"<t:Create>{folder_of(name)}</t:Create>" for name in names)
        last = "<m:IncludesLastFolderInRange>true</m:IncludesLastFolderInRange>"
        return message("SyncFolderHierarchy", f"<m:SyncState>all</m:SyncState>{last}<m:Changes>{changes}</m:Changes>")

    def answer_SyncFolderItems(self, request: str) -> str:
        folder = re.findall(r"FolderId Id=\"([^\"]+)\"", request)[0]
        state = re.search(r"SyncState>(\d+)<", request)
        changes = self.server.mailbox.changes[int(state[1]) if state else 0 :]
        mine = [(what, item) for what, place, item in changes if place == folder]
        told = "".join(
            f"<t:Create><t:Message>{item_id(item)}</t:Message></t:Create>"
            if what == "Create"
            else f"<t:Delete>{item_id(item)}</t:Delete>"
            for what, item in mine
            if what == "Delete" or item in self.server.mailbox.items
        )
        state_now = f"<m:SyncState>{len(self.server.mailbox.changes)}</m:SyncState>"
        last = "<m:IncludesLastItemInRange>true</m:IncludesLastItemInRange>"
        return message("SyncFolderItems", f"{state_now}{last}<m:Changes>{told}</m:Changes>")

    def answer_GetItem(self, request: str) -> str:
        whole = "IncludeMimeContent>true" in request
        return self.of_each(
            "GetItem", request, lambda item: properties(item, self.server.mailbox.items[item][1], whole)
        )

    def answer_UpdateItem(self, request: str) -> str:
        return self.of_each("UpdateItem", request, lambda item: f"<t:Message>{item_id(item)}</t:Message>")

    def answer_MoveItem(self, request: str) -> str:
        target = re.findall(r"FolderId Id=\"([^\"]+)\"", request)[0]
        box = self.server.mailbox

        def move(item: str) -> str:
            return f"<t:Message>{item_id(box.add(target, box.remove(item)))}</t:Message>"

        return self.of_each("MoveItem", request, move)

    def answer_DeleteItem(self, request: str) -> str:
        ids = re.findall(r"ItemId Id=\"([^\"]+)\"", request)
        for item in ids:
            raw = self.server.mailbox.remove(item)
            if "MoveToDeletedItems" in request:
                self.server.mailbox.add("deleteditems", raw)
        return "".join(message("DeleteItem", "") for _ in ids)

    def answer_MarkAsJunk(self, request: str) -> str:
        box = self.server.mailbox
        ids = re.findall(r"ItemId Id=\"([^\"]+)\"", request)
        moved = [box.add("junkemail", box.remove(item)) for item in ids]
        return "".join(message("MarkAsJunk", f'<m:MovedItemId Id={quoteattr(item)} ChangeKey="k"/>') for item in moved)

    def of_each(self, operation: str, request: str, answer: Callable[[str], str]) -> str:
        ids = re.findall(r"ItemId Id=\"([^\"]+)\"", request)
        return "".join(message(operation, f"<m:Items>{answer(item)}</m:Items>") for item in ids)


class Server(http.server.ThreadingHTTPServer):
    mailbox: Mailbox
    asked: list[tuple[str, str]]


class Exchange:
    def __init__(self) -> None:
        self.server = Server(("127.0.0.1", 0), Session)
        self.mailbox = self.server.mailbox = Mailbox()
        self.asked = self.server.asked = []
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/EWS/Exchange.asmx"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
