"""A mail server, byte by byte as a test wants it: it says whatever it is told, however wrong, and then does worse.

For what a sane server says see :mod:`tests.integration.smtp_server`, which is one.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class Then(Enum):
    """What it does after it has spoken."""

    GO_ON = "go on"
    HANG_UP = "hang up"
    STALL = "stall"  # until the client gives up


@dataclass(frozen=True)
class Says:
    """One answer, verbatim."""

    words: bytes
    then: Then = Then.GO_ON
    takes: bool | None = None  # of the message: None, as its reply says


def says(line: str, **more: Any) -> Says:
    """An ordinary line."""
    return Says(line.encode() + b"\r\n", **more)


SILENT = Says(b"", Then.STALL)
GONE = Says(b"", Then.HANG_UP)
SANE = {
    "GREETING": says("220 relay.test ESMTP"),
    "MAIL": says("250 2.1.0 Ok"),
    "RCPT": says("250 2.1.5 Ok"),
    "DATA": says("354 go ahead"),
    "RSET": says("250 2.0.0 Ok"),
    "NOOP": says("250 2.0.0 Ok"),
    "QUIT": says("221 2.0.0 Bye"),
    "AUTH": says("235 2.7.0 Welcome"),
    "STARTTLS": says("220 2.0.0 go ahead"),
}


@dataclass(frozen=True)
class Took:
    """A message that it has, whatever it said about it."""

    recipient: str
    message: bytes


@dataclass
class HostileSmtp:
    """Answers sanely, except where a script or a rule says otherwise."""

    extensions: Sequence[str] = ("SIZE 50000000", "8BITMIME", "DSN")
    script: dict[str, deque[Says]] = field(default_factory=lambda: defaultdict(deque))  # each answer once
    always: dict[str, Says] = field(default_factory=dict)
    to: dict[str, Says] = field(default_factory=dict)  # of RCPT, by recipient
    largest: int = 0  # bytes that it really takes; 0: any
    took: list[Took] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    port: int = 0

    def then(self, verb: str, *answers: Says) -> "HostileSmtp":
        """Give these answers next to this verb."""
        self.script[verb].extend(answers)
        return self

    @asynccontextmanager
    async def running(self) -> AsyncIterator["HostileSmtp"]:
        talking: set[asyncio.Task[None]] = set()

        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            talking.add(task)
            try:
                with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                    await self._talk(reader, writer)
            finally:
                talking.discard(task)
                writer.close()

        server = await asyncio.start_server(talk, "127.0.0.1", self.port, limit=2**26)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            for task in talking:
                task.cancel()
            await asyncio.gather(*talking, return_exceptions=True)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        recipient = ""
        if not await self._say(writer, reader, self._answer("GREETING")):
            return
        while line := (await reader.readline()).decode("utf-8", "replace").rstrip("\r\n"):
            self.heard.append(line)
            verb = line.split(" ", 1)[0].split(":", 1)[0].upper()
            if verb == "RCPT":
                recipient = line.partition("<")[2].partition(">")[0]
            answer = self._answer(verb, recipient)
            if not await self._say(writer, reader, answer):
                return
            if verb == "DATA" and answer.words.startswith(b"354"):
                message = (await reader.readuntil(b"\r\n.\r\n"))[:-3].replace(b"\r\n..", b"\r\n.")
                if not await self._say(writer, reader, self._verdict(recipient, message)):
                    return
            if verb == "QUIT":
                return

    def _answer(self, verb: str, recipient: str = "") -> Says:
        if self.script[verb]:
            return self.script[verb].popleft()
        if verb == "RCPT" and recipient in self.to:
            return self.to[recipient]
        if verb in self.always:
            return self.always[verb]
        if verb == "EHLO":
            lines = ("relay.test", *self.extensions)
            return Says(
                b"".join(f"250-{one}\r\n".encode() for one in lines[:-1]) + f"250 {lines[-1]}\r\n".encode()
            )
        return SANE.get(verb, says("502 5.5.2 what?"))

    def _verdict(self, recipient: str, message: bytes) -> Says:
        usual = says(f"250 2.0.0 Ok: queued as Q{len(self.took) + 1:04d}")
        if self.largest and len(message) > self.largest:
            usual = says("552 5.3.4 message too big")
        answer = self._scripted_verdict() or usual
        if answer.words.startswith(b"250") if answer.takes is None else answer.takes:
            self.took.append(Took(recipient, message))
        return answer

    def _scripted_verdict(self) -> Says | None:
        return self.script["MESSAGE"].popleft() if self.script["MESSAGE"] else self.always.get("MESSAGE")

    async def _say(self, writer: asyncio.StreamWriter, reader: asyncio.StreamReader, answer: Says) -> bool:
        """Speak; whether the conversation goes on."""
        writer.write(answer.words)
        await writer.drain()
        if answer.then is Then.STALL:
            while await reader.read(65536):
                pass
        return answer.then is Then.GO_ON
