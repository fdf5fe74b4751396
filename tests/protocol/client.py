"""Drives the host as Thunderbird does: starts the program with the path of its manifest and the id of the extension, exchanges
frames with it, and checks each against the protocol. The tests decide what to send."""

import base64
import contextlib
import itertools
import json
import os
import select
import signal
import struct
import subprocess
import time
from collections.abc import Sequence
from typing import IO, TYPE_CHECKING, Any

import schema

if TYPE_CHECKING:
    from home import Home

EXTENSION = "mispigeon@mispigeon.org"

# Size of the largest frame that Thunderbird accepts.
LONGEST = 1 << 20

# Size of the largest chunk of a message, and the number of chunks that may wait for an answer.
CHUNK = 768 << 10
UNANSWERED = 4

# Seconds within which a host answers even on a busy machine.
PATIENCE = 30


class Refused(Exception):
    """The host answered a request with an error."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(f"{error['data']['kind']}: {error['message']}")
        self.message, self.data, self.kind = error["message"], error["data"], error["data"]["kind"]


def pipe(stream: IO[bytes] | None) -> IO[bytes]:
    """The input or output of a process that was started with a pipe."""
    assert stream
    return stream


class CutOffError(schema.Violation):
    """The output ended inside a frame: right for a host that was killed, and for no other."""


class Host:
    """A running host. `words` are arguments in place of Thunderbird's."""

    def __init__(
        self, home: "Home", words: Sequence[object] | None = None, greet: bool = True, **environment: str
    ) -> None:
        self.log = open(home.new_file("stderr"), "wb+")  # noqa: SIM115 - it is read at the end
        command = [str(home.manifest), EXTENSION] if words is None else [str(word) for word in words]
        self.process = subprocess.Popen(
            [home.program, *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            env=home.environment | environment,
            cwd=home.folder,
            # Thunderbird ignores no signal. The caller of the tests may do so, as nohup does, and children inherit that.
            preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),
        )
        self.ids = itertools.count(1)
        self.methods: dict[int, str] = {}  # of requests that are not answered yet, by id
        self.answers: dict[int, dict[str, Any]] = {}  # that nobody asked for yet, by id
        self.notifications: list[dict[str, Any]] = []
        self.orphans: list[dict[str, Any]] = []  # errors without an id
        self.longest = 0
        self.received = bytearray()
        self.taken = bytearray()  # the JSON of all frames
        self.greeting: dict[str, Any] = self.call("hello", **greeting()) if greet else {}

    # Out.

    def write(self, data: bytes) -> None:
        """Writes bytes as they are, unless the host has ended."""
        try:
            pipe(self.process.stdin).write(data)
            pipe(self.process.stdin).flush()
        except BrokenPipeError:
            pass

    def frame(self, data: bytes) -> None:
        """Sends a frame with these bytes, whatever they are."""
        self.write(framed(data))

    def raw(self, message: dict[str, Any], method: str | None = None) -> None:
        """Sends a frame with this JSON, without a check against the protocol. `method` says which result the answer may be."""
        if method is not None:
            self.methods[message["id"]] = method
        self.frame(json.dumps(message).encode())

    def ask(self, method: str, **params: object) -> int:
        """Sends a request; returns its id."""
        schema.hold_params(method, params)
        return self.ask_unchecked(method, params)

    def ask_unchecked(self, method: str, params: object) -> int:
        number = next(self.ids)
        self.raw({"jsonrpc": "2.0", "id": number, "method": method, "params": params}, method)
        return number

    def cancel(self, number: int) -> None:
        schema.hold_params("cancel", {"id": number})
        self.raw({"jsonrpc": "2.0", "method": "cancel", "params": {"id": number}})

    # In.

    def answer(self, number: int, patience: int = PATIENCE) -> dict[str, Any]:
        """The result of a request; raises `Refused` if the host refused it."""
        deadline = time.monotonic() + patience
        while number not in self.answers:
            if self.take(deadline) is None:
                raise EOFError(f"the host ended without an answer to {self.methods.get(number)}: {self.said()}")
        answer = self.answers.pop(number)
        if "error" in answer:
            raise Refused(answer["error"])
        return answer["result"]

    def call(self, method: str, **params: object) -> dict[str, Any]:
        return self.answer(self.ask(method, **params))

    def call_unchecked(self, method: str, params: object) -> dict[str, Any]:
        return self.answer(self.ask_unchecked(method, params))

    def notification(self, method: str, patience: int = PATIENCE) -> dict[str, Any]:
        """Waits for the next notification of this method."""
        deadline = time.monotonic() + patience
        while True:
            for at, known in enumerate(self.notifications):
                if known["method"] == method:
                    return self.notifications.pop(at)["params"]
            if self.take(deadline) is None:
                raise EOFError(f"the host ended without `{method}`: {self.said()}")

    def orphan(self, patience: int = PATIENCE) -> dict[str, Any]:
        """Waits for the next error without an id."""
        deadline = time.monotonic() + patience
        while not self.orphans:
            if self.take(deadline) is None:
                raise EOFError(f"the host ended without a word: {self.said()}")
        return self.orphans.pop(0)

    def await_stage(self, number: int, stage: str, patience: int = PATIENCE) -> None:
        """Waits until a request has reached this stage."""
        while True:
            told = self.notification("progress", patience)
            if (told["id"], told["stage"]) == (number, stage):
                return

    def progress(self, number: int) -> list[tuple[str, int]]:
        """The reported progress of an answered request, as pairs of stage and total."""
        of_it = [known["params"] for known in self.notifications if known["method"] == "progress"]
        return [(params["stage"], params["total"]) for params in of_it if params["id"] == number]

    def take(self, deadline: float) -> dict[str, Any] | None:
        """Reads the next frame and checks it against the protocol; None at the end."""
        data = self.next_frame(deadline)
        if data is None:
            return None
        message = json.loads(data.decode("utf-8"))
        if "method" in message:
            schema.hold_notification(message)
            self.notifications.append(message)
            return message
        schema.hold_answer(message)
        number = message["id"]
        if number is None:
            self.orphans.append(message["error"])
            return message
        if number not in self.methods and "result" in message:
            raise schema.Violation(f"an answer to nothing: {message}")
        method = self.methods.pop(number, "")
        if "result" in message:
            schema.hold_result(method, message["result"])
        self.answers[number] = message
        return message

    def next_frame(self, deadline: float) -> bytes | None:
        """The bytes of the next frame; None at the end."""
        if not self.fill(4, deadline):
            return None
        (length,) = struct.unpack("=I", self.received[:4])
        if length > LONGEST:
            raise schema.Violation(f"a frame of {length} bytes")
        self.longest = max(self.longest, length)
        if not self.fill(4 + length, deadline):
            raise CutOffError("the output ended inside a frame")
        data = bytes(self.received[4 : 4 + length])
        del self.received[: 4 + length]
        self.taken += data
        return data

    def fill(self, size: int, deadline: float) -> bool:
        """Reads until `size` bytes are there; False if the output ended before the first of them."""
        output = pipe(self.process.stdout).fileno()
        while len(self.received) < size:
            ready, _, _ = select.select([output], [], [], max(0, deadline - time.monotonic()))
            if not ready:
                raise TimeoutError(f"no frame from the host, which waits or hangs; it said: {self.said()}")
            data = os.read(output, 1 << 20)
            if not data:
                if self.received:
                    raise CutOffError(f"the output ended with a piece of a frame: {bytes(self.received[:200])!r}")
                return False
            self.received += data
        return True

    # Messages.

    def hand_over(self, raw: bytes, chunk: int = CHUNK, **told: str) -> tuple[str, str]:
        """Hands a message over as the extension does; returns its handle and its identity."""
        handle = self.call("message.begin", size=len(raw), **told)["message"]
        waiting: list[int] = []
        for offset in range(0, len(raw), chunk):
            if len(waiting) == UNANSWERED:
                self.answer(waiting.pop(0))
            data = base64.b64encode(raw[offset : offset + chunk]).decode("ascii")
            waiting.append(self.ask("message.chunk", message=handle, offset=offset, data=data))
        for number in waiting:
            self.answer(number)
        return handle, self.call("message.end", message=handle)["identity"]

    def handle_of(self, raw: bytes) -> str:
        return self.hand_over(raw)[0]

    # The process.

    def memory(self, what: str) -> int:
        """Bytes of memory that it has now (`VmRSS`), or had at most (`VmHWM`)."""
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            line = next(line for line in status if line.startswith(f"{what}:"))
        return int(line.split()[1]) << 10

    def said(self) -> str:
        """Standard error so far."""
        return os.pread(self.log.fileno(), 1 << 22, 0).decode("utf-8", "replace")

    def close_input(self) -> None:
        with contextlib.suppress(BrokenPipeError):
            pipe(self.process.stdin).close()

    def rest(self, patience: float = PATIENCE) -> None:
        """Reads all frames that still come."""
        deadline = time.monotonic() + patience
        while self.take(deadline) is not None:
            pass

    def end(self, patience: float = PATIENCE) -> int:
        """Ends the connection as Thunderbird does; returns the exit code."""
        self.close_input()
        if not pipe(self.process.stdout).closed:
            self.rest(patience)
        return self.wait(patience)

    def wait(self, patience: float = PATIENCE) -> int:
        """Waits until the host ends by itself; returns its exit code."""
        code = self.process.wait(patience)
        self.close_input()
        pipe(self.process.stdout).close()
        return code


def greeting(lowest: int = 1, highest: int = 1) -> dict[str, Any]:
    return {"extension": "0.1.0", "protocol": {"min": lowest, "max": highest}}


def framed(data: bytes) -> bytes:
    return struct.pack("=I", len(data)) + data
