"""Child processes that never outlive us, not even when we are killed.

The parent holds the write end of the child's standard input and never writes. However the parent ends,
the kernel closes it, and the child, which waits for that in a thread, ends too. It works wherever there
are pipes, and unlike Linux's parent-death signal it does not mind which thread started the child.
"""

import asyncio
import os
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

_GRACE_SECONDS = 5.0
_LARGEST_LOG = 5_000_000


def end_with_parent() -> None:
    """Call it first in the child: from now on it ends (within seconds) when its parent does."""
    threading.Thread(target=_end_at_eof, name="lifeline", daemon=True).start()


def _end_at_eof() -> None:
    while os.read(0, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    # A service that does not let go of its loop must not keep the port.
    threading.Event().wait(_GRACE_SECONDS)
    os._exit(1)


class Child:
    """One process of ours, its words going to a log file.

    Args:
        command: program and arguments.
        environment: the whole environment of the child.
        folder: its working directory.
        log: file that its output is appended to; an overlong one is moved aside at start.
    """

    def __init__(
        self, command: Sequence[str], *, environment: Mapping[str, str], folder: Path, log: Path
    ) -> None:
        self._command = command
        self._environment = environment
        self._folder = folder
        self._log = log
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int | None:
        """Its process id while it runs."""
        return self._process.pid if self._process and self.alive else None

    @property
    def alive(self) -> bool:
        """Whether it has been started and has not ended."""
        return self._process is not None and self._process.returncode is None

    async def start(self, first_words: bytes = b"") -> None:
        """Start it in a session of its own, so that Ctrl-C in a terminal reaches us alone.

        Args:
            first_words: written to its standard input, of which nothing more comes until our end.
        """
        if self._log.exists() and self._log.stat().st_size > _LARGEST_LOG:
            self._log.replace(self._log.with_suffix(".old.log"))
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=dict(self._environment),
                cwd=self._folder,
                start_new_session=True,
            )
        if first_words and self._process.stdin is not None:
            with suppress(ConnectionError):
                self._process.stdin.write(first_words)
                await self._process.stdin.drain()

    async def ended(self) -> int:
        """Wait for its end and return its exit code."""
        assert self._process is not None
        return await self._process.wait()

    async def stop(self) -> None:
        """Ask it to end, and insist after some seconds."""
        if self._process is None or not self.alive:
            return
        with suppress(ProcessLookupError):
            self._process.terminate()
        try:
            await asyncio.wait_for(self._process.wait(), _GRACE_SECONDS)
        except TimeoutError:
            with suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()
