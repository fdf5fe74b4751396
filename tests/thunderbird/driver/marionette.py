"""Client for Marionette, Gecko's remote protocol: frames `LENGTH:JSON` over TCP, protocol version 3. Runs scripts in
Thunderbird's parent process; everything else is built on that."""

import json
import socket

from .waiting import until


class ScriptError(Exception):
    """A script that threw, or a command that Marionette refused, with the stack of the other side."""

    def __init__(self, message, stack=""):
        super().__init__(f"{message}\n{stack}".strip())


class Marionette:
    """One session. `alive()` says whether the program at the other end still runs."""

    def __init__(self, port, alive, seconds=60):
        self.buffer, self.last = b"", 0

        def connected():
            if not alive():
                raise EOFError("Thunderbird ended before Marionette answered")
            try:
                return socket.create_connection(("127.0.0.1", port), timeout=seconds)
            except OSError:
                return None

        self.socket = until(connected, f"Marionette on port {port}", seconds)
        greeting = self.receive()
        if greeting["marionetteProtocol"] != 3:
            raise ScriptError(f"Marionette speaks another protocol: {greeting}")
        self.socket.settimeout(400)
        self.command("WebDriver:NewSession", {"capabilities": {"alwaysMatch": {"acceptInsecureCerts": True}}})
        self.command("Marionette:SetContext", {"value": "chrome"})

    def more(self):
        received = self.socket.recv(1 << 16)
        if not received:
            raise EOFError("Thunderbird closed the connection")
        self.buffer += received

    def receive(self):
        while b":" not in self.buffer:
            self.more()
        length, _, self.buffer = self.buffer.partition(b":")
        while len(self.buffer) < int(length):
            self.more()
        frame, self.buffer = self.buffer[: int(length)], self.buffer[int(length) :]
        return json.loads(frame)

    def command(self, name, parameters):
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

    def chrome(self, script, *arguments, seconds=120):
        """Runs the body of an async function in the parent process, with `args` as its arguments; gives its result."""
        wrapped = f"""
            const done = arguments[arguments.length - 1];
            const args = Array.prototype.slice.call(arguments, 0, -1);
            (async () => {{{script}
            }})().then(value => done({{value: value === undefined ? null : value}}),
                       error => done({{error: String(error), stack: String(error?.stack)}}));"""
        result = self.command(
            "WebDriver:ExecuteAsyncScript",
            {"script": wrapped, "args": list(arguments), "newSandbox": True, "sandbox": "system", "scriptTimeout": seconds * 1000},
        )
        if "error" in result:
            raise ScriptError(result["error"], result["stack"])
        return result["value"]

    def quit(self):
        """Asks Thunderbird to end, without questions to anybody."""
        try:
            self.command("Marionette:Quit", {"flags": ["eForceQuit"]})
        except (EOFError, OSError):
            pass  # It may be gone before it answers.
        self.close()

    def close(self):
        self.socket.close()
