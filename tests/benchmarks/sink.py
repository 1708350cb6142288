"""An SMTP server that accepts everything at once: it measures the sender, not the relay.

``python tests/benchmarks/sink.py`` runs it as its own process: it prints its port, then for every line it
reads on standard input a line of JSON with what it accepted since the line before, and ends with it.
"""

import asyncio
import json
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple, Self

_TELLS = re.compile(rb"^X-Forthwith-(Ref|Notice): ([!-~]+)\r$", re.MULTILINE)


class Accepted(NamedTuple):
    """A mail that was accepted."""

    at: float  # seconds of the epoch, when the answer to DATA was written
    size: int  # bytes
    ref: str  # our reference of the complaint; empty for a mail that names none
    kind: str  # which notice it is


class FastSink:
    """Counts mails; speaks just enough SMTP (PIPELINING, 8BITMIME, SMTPUTF8) for any client."""

    def __init__(self) -> None:
        self.accepted: list[Accepted] = []
        self.port = 0
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, limit=2**20)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 sink ESMTP\r\n")
        try:
            while line := await reader.readline():
                verb = line[:4].upper().strip()
                if verb == b"EHLO":
                    writer.write(b"250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n")
                elif verb == b"DATA":
                    writer.write(b"354 go on\r\n")
                    size, head = await self._swallow(reader)
                    writer.write(b"250 2.0.0 Ok: queued as SINK%d\r\n" % len(self.accepted))
                    tells = {name: value.decode() for name, value in _TELLS.findall(head)}
                    self.accepted.append(
                        Accepted(time.time(), size, tells.get(b"Ref", ""), tells.get(b"Notice", ""))
                    )
                elif verb == b"QUIT":
                    writer.write(b"221 bye\r\n")
                    break
                else:
                    writer.write(b"250 2.1.0 Ok\r\n")
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    @staticmethod
    async def _swallow(reader: asyncio.StreamReader) -> tuple[int, bytes]:
        size, tail, head = 0, b"", b""
        while not tail.endswith(b"\r\n.\r\n"):
            chunk = await reader.read(2**18)
            if not chunk:
                raise ConnectionResetError
            size += len(chunk)
            tail = (tail + chunk[-5:])[-5:]
            head = head or chunk[:4096]
        return size - 3, head


class SinkProcess:
    """The sink in a process of its own, so that it takes no time from the one that is measured."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__))], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.port = int(self._answer())
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=10)

    def _answer(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()

    def news(self) -> list[Accepted]:
        """What was accepted since the last look."""
        assert self._process.stdin is not None
        self._process.stdin.write("?\n")
        self._process.stdin.flush()
        return [Accepted(*row) for row in json.loads(self._answer())]

    def wait_for(self, count: int, kind: str, *, seconds: float) -> list[Accepted]:
        """What comes until there are so many of a kind.

        Raises:
            TimeoutError: when they do not come.
        """
        found: list[Accepted] = []
        end = time.monotonic() + seconds
        while True:
            found += [one for one in self.news() if one.kind == kind]
            if len(found) >= count:
                return found
            if time.monotonic() > end:
                raise TimeoutError(
                    f"{len(found)} of {count} mails of the kind {kind!r} came in {seconds:.0f} s"
                )
            time.sleep(0.1)


async def main() -> None:
    """Serve until standard input ends."""
    loop = asyncio.get_running_loop()
    told = 0
    async with FastSink() as sink:
        print(sink.port, flush=True)  # noqa: T201 -- the starter waits for this line
        while await loop.run_in_executor(None, sys.stdin.readline):
            print(json.dumps(sink.accepted[told:]), flush=True)  # noqa: T201 -- the answer
            told = len(sink.accepted)


if __name__ == "__main__":
    asyncio.run(main())
