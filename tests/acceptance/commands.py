"""Commands of ours at work, each a process of its own, as an operator would start them."""

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.street import Street

PATIENCE_SECONDS = 60


@dataclass
class Process:
    """A command of ours at work."""

    child: asyncio.subprocess.Process
    words: Path
    clocks: set[int] = field(default_factory=set)

    def clock(self) -> int:
        """The second clock that runs beside it: its process id; 0 while there is none."""
        found = re.findall(r"second_clock_runs pid=(\d+)", self.words.read_text())
        self.clocks.update(map(int, found))
        return int(found[-1]) if found else 0

    async def kill(self) -> None:
        self.clock()
        self.child.kill()
        await self.child.wait()

    async def end(self) -> None:
        if self.child.returncode is None:
            self.child.terminate()
            assert await asyncio.wait_for(self.child.wait(), 30) == 0, self.words.read_text()[-3000:]
        self.clock()
        for pid in self.clocks:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)


@asynccontextmanager
async def forthwith(command: str, street: Street, api_url: str, **changes: object) -> AsyncIterator[Process]:
    settings = street.settings | {"prefect_api_url": api_url, "second_clock": True} | changes
    environment = {f"FORTHWITH_{name.upper()}": _written(value) for name, value in settings.items()}
    words = street.folder / f"{command}.log"
    with words.open("a") as said:
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "flows.cli", command),
            env=os.environ | environment,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
    process = Process(child, words)
    try:
        yield process
    finally:
        await process.end()


def _written(value: object) -> str:
    return ",".join(value) if isinstance(value, tuple) else str(value)


async def until(happened: Callable[[], Awaitable[object]], seconds: float = PATIENCE_SECONDS) -> None:
    async with asyncio.timeout(seconds):
        while not await happened():  # noqa: ASYNC110  other processes bring it about
            await asyncio.sleep(0.05)
