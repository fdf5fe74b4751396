"""Client for Marionette, Gecko's remote protocol: frames `LENGTH:JSON` over TCP, protocol version 3. Runs scripts in
Thunderbird's parent process; the rest of the driver uses that."""

import contextlib
import json
import socket
from collections.abc import Callable
from typing import Any

from .waiting import until


class ScriptError(Exception):
    """A script threw, or Marionette refused a command. Holds the stack of the other side."""

    def __init__(self, message: str, stack: str = "") -> None:
        super().__init__(f"{message}\n{stack}".strip())


class Marionette:
    """One session. `alive()` says whether the program at the other end still runs."""

    def __init__(self, port: int, alive: Callable[..., object], seconds: int = 60) -> None:
        self.buffer, self.last = b"", 0

        def connected() -> socket.socket | None:
            if not alive():
                raise EOFError("Thunderbird ended before Marionette answered")
            try:
                return socket.create_connection(("127.0.0.1", port), timeout=seconds)
            except OSError:
                return None

        self.socket: socket.socket = until(connected, f"Marionette on port {port}", seconds)
        greeting = self.receive()
        if greeting["marionetteProtocol"] != 3:
            raise ScriptError(f"Marionette speaks another protocol: {greeting}")
        self.socket.settimeout(400)
        self.command("WebDriver:NewSession", {"capabilities": {"alwaysMatch": {"acceptInsecureCerts": True}}})
        self.command("Marionette:SetContext", {"value": "chrome"})

    def more(self) -> None:
        received = self.socket.recv(1 << 16)
        if not received:
            raise EOFError("Thunderbird closed the connection")
        self.buffer += received

    def receive(self) -> Any:  # noqa: ANN401 - an object as greeting, then lists of four
        while b":" not in self.buffer:
            self.more()
        length, _, self.buffer = self.buffer.partition(b":")
        while len(self.buffer) < int(length):
            self.more()
        frame, self.buffer = self.buffer[: int(length)], self.buffer[int(length) :]
        return json.loads(frame)

    def command(self, name: str, parameters: dict[str, Any]) -> Any:  # noqa: ANN401 - its result, any JSON
        self.last += 1
        frame = json.dumps([0, self.last, name, parameters]).encode()
        self.socket.sendall(b"%d:%s" % (len(frame), frame))
        while True:
            _, number, error, result = self.receive()
            if number == self.last:
                break
        if error:
            raise ScriptError(f"{error.get('error')}: {error.get('message')}", error.get("stacktrace", ""))
        return result["value"] if isinstance(result, dict) and set(result) == {"value"} else result

    def chrome(self, script: str, *arguments: object, seconds: int = 120) -> Any:  # noqa: ANN401 - whatever the script gives
        """Runs the body of an async function in the parent process, with `args` as its arguments; returns its result."""
        wrapped = f"""
            const done = arguments[arguments.length - 1];
            const args = Array.prototype.slice.call(arguments, 0, -1);
            (async () => {{{script}
            }})().then(value => done({{value: value === undefined ? null : value}}),
                       error => done({{error: String(error), stack: String(error?.stack)}}));"""
        result = self.command(
            "WebDriver:ExecuteAsyncScript",
            {
                "script": wrapped,
                "args": list(arguments),
                "newSandbox": True,
                "sandbox": "system",
                "scriptTimeout": seconds * 1000,
            },
        )
        if "error" in result:
            raise ScriptError(result["error"], result["stack"])
        return result["value"]

    def quit(self) -> None:
        """Asks Thunderbird to end without questions to the user."""
        with contextlib.suppress(EOFError, OSError):  # It may be gone before it answers.
            self.command("Marionette:Quit", {"flags": ["eForceQuit"]})
        self.close()

    def close(self) -> None:
        self.socket.close()
