"""The second clock beside `forthwith up`: started with it, started again when it dies, stopped with it.

When we are killed it goes on, for that is what it is for: the next start takes its place.
"""

import asyncio
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import structlog
from pydantic import SecretStr

from config.settings import Settings
from flows.lifeline import Child

_log = structlog.get_logger(__name__)
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 60.0
_LONG_LIFE_SECONDS = 120.0


class ClockProcess:
    """Starts, watches and stops it.

    Args:
        settings: it is given all of them, wherever they came from.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._child = Child(
            [sys.executable, "-m", "flows.second_clock"],
            environment=os.environ,
            folder=Path.cwd(),
            log=settings.data_dir / "second-clock.log",
        )

    async def supervise(self) -> None:
        """Start it, and start it again whenever it ends, until cancelled; waits longer each time it dies young."""
        wait = _FIRST_WAIT
        while True:
            born = time.monotonic()
            code = await self._run()
            wait = _FIRST_WAIT if time.monotonic() - born > _LONG_LIFE_SECONDS else wait
            _log.warning("second_clock_ended", exit_code=code, restart_in_seconds=wait)
            await asyncio.sleep(wait)
            wait = min(wait * 2, _LONGEST_WAIT)

    async def _run(self) -> int | str:
        """Its exit code, or why it could not be started."""
        try:
            await self._child.start(_written(self._settings))
        except OSError as error:
            return error.strerror or type(error).__name__
        _log.info("second_clock_runs", pid=self._child.pid)
        return await self._child.ended()

    async def stop(self) -> None:
        """End it; harmless when it does not run."""
        await self._child.stop()


def _written(settings: Settings) -> bytes:
    """All settings on a line, secrets too: the pipe is read by the child alone."""
    values = settings.model_dump()
    return json.dumps({name: _plain(value) for name, value in values.items()}).encode() + b"\n"


def _plain(value: Any) -> Any:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return value if value is None or isinstance(value, bool | int | float | tuple) else str(value)
