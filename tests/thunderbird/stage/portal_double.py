"""A stand-in for xdg-desktop-portal and its interface WebExtensions, as a Snap's Thunderbird uses it, on the session bus of its environment:

    portal_double.py FOLDER HOME    starts the programs that the manifests in FOLDER name, with HOME as their home

Prints `ready`, then each call. Other portals are not there."""

import asyncio
import json
import os
import pathlib
import subprocess
import sys
from collections.abc import Callable

from dbus_next.aio.message_bus import MessageBus
from dbus_next.constants import BusType, MessageType
from dbus_next.message import Message
from dbus_next.signature import Variant

NAME = "org.freedesktop.portal.Desktop"
OBJECT = "/org/freedesktop/portal/desktop"
WEB_EXTENSIONS = "org.freedesktop.portal.WebExtensions"


class Portal:
    def __init__(self, bus: MessageBus, folder: pathlib.Path, home: str) -> None:
        self.bus, self.folder, self.home = bus, folder, home
        self.hosts: dict[str, subprocess.Popen[bytes]] = {}
        self.calls: dict[tuple[str, str], Callable[[Message], Message]] = {
            ("org.freedesktop.DBus.Properties", "GetAll"): self.properties,
            (WEB_EXTENSIONS, "CreateSession"): self.create_session,
            (WEB_EXTENSIONS, "GetManifest"): self.get_manifest,
            (WEB_EXTENSIONS, "Start"): self.start,
            (WEB_EXTENSIONS, "GetPipes"): self.get_pipes,
            ("org.freedesktop.portal.Session", "Close"): self.close,
        }

    def handle(self, message: Message) -> Message | None:
        call = self.calls.get((message.interface, message.member))
        if message.message_type != MessageType.METHOD_CALL or call is None:
            return None
        print(message.interface, message.member, flush=True)
        return call(message)

    def properties(self, message: Message) -> Message:
        known = {"version": Variant("u", 1)} if message.body[0] == WEB_EXTENSIONS else {}
        return Message.new_method_return(message, "a{sv}", [known])

    def create_session(self, message: Message) -> Message:
        return self.object(message, "session", message.body[0]["session_handle_token"].value)

    def object(self, message: Message, kind: str, token: str) -> Message:
        """The path of an object that the caller has named, as the answer."""
        sender = message.sender.removeprefix(":").replace(".", "_")
        return Message.new_method_return(message, "o", [f"{OBJECT}/{kind}/{sender}/{token}"])

    def manifest(self, name: str) -> pathlib.Path:
        return self.folder / f"{name}.json"

    def get_manifest(self, message: Message) -> Message:
        return Message.new_method_return(message, "s", [self.manifest(message.body[1]).read_text(encoding="utf-8")])

    def start(self, message: Message) -> Message:
        session, name, extension, options = message.body
        manifest = self.manifest(name)
        program = json.loads(manifest.read_text(encoding="utf-8"))["path"]
        pipe = subprocess.PIPE
        self.hosts[session] = subprocess.Popen(
            [program, str(manifest), extension],
            stdin=pipe,
            stdout=pipe,
            stderr=pipe,
            env=os.environ | {"HOME": self.home},
        )
        answer = self.object(message, "request", options["handle_token"].value)
        response = Message(
            destination=message.sender,
            path=answer.body[0],
            interface="org.freedesktop.portal.Request",
            member="Response",
            message_type=MessageType.SIGNAL,
            signature="ua{sv}",
            body=[0, {}],
        )
        # After the answer: the caller listens for it by then.
        asyncio.get_running_loop().call_later(0.1, self.bus.send, response)
        return answer

    def get_pipes(self, message: Message) -> Message:
        host = self.hosts[message.body[0]]
        pipes = [pipe for pipe in (host.stdin, host.stdout, host.stderr) if pipe]
        answer = Message.new_method_return(
            message, "h" * len(pipes), list(range(len(pipes))), unix_fds=[pipe.fileno() for pipe in pipes]
        )
        # Once they are sent, the caller's copies are to be the only ones: the host ends when those are closed.
        asyncio.get_running_loop().call_later(1, lambda: [pipe.close() for pipe in pipes])
        return answer

    def close(self, message: Message) -> Message:
        host = self.hosts.pop(message.path, None)
        if host:
            host.terminate()
        return Message.new_method_return(message)


async def main() -> None:
    bus = await MessageBus(bus_type=BusType.SESSION, negotiate_unix_fd=True).connect()
    bus.add_message_handler(Portal(bus, pathlib.Path(sys.argv[1]), sys.argv[2]).handle)
    await bus.request_name(NAME)
    print("ready", flush=True)
    await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    asyncio.run(main())
