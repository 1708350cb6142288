"""An SMTP server that accepts everything at once: it measures the sender, not the relay.

``python tests/benchmarks/sink.py`` runs it as its own process: it prints its port, then one line
``COUNT BYTES`` for every line it reads on standard input, and ends with it.
"""

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Self


class FastSink:
    """Counts mails; speaks just enough SMTP (PIPELINING, 8BITMIME, SMTPUTF8) for any client."""

    def __init__(self) -> None:
        self.count = 0
        self.bytes = 0
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
                    self.bytes += await self._swallow(reader)
                    self.count += 1
                    writer.write(b"250 2.0.0 Ok: queued as SINK%d\r\n" % self.count)
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
    async def _swallow(reader: asyncio.StreamReader) -> int:
        size, tail = 0, b""
        while not tail.endswith(b"\r\n.\r\n"):
            chunk = await reader.read(2**18)
            if not chunk:
                raise ConnectionResetError
            size += len(chunk)
            tail = (tail + chunk)[-5:]
        return size - 3


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

    def totals(self) -> tuple[int, int]:
        """Mails and bytes accepted so far."""
        assert self._process.stdin is not None
        self._process.stdin.write("?\n")
        self._process.stdin.flush()
        count, size = self._answer().split()
        return int(count), int(size)


async def main() -> None:
    """Serve until standard input ends."""
    loop = asyncio.get_running_loop()
    async with FastSink() as sink:
        print(sink.port, flush=True)  # noqa: T201 -- the starter waits for this line
        while await loop.run_in_executor(None, sys.stdin.readline):
            print(sink.count, sink.bytes, flush=True)  # noqa: T201 -- the answer


if __name__ == "__main__":
    asyncio.run(main())
