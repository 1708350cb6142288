"""`forthwith up` as an operator would start it, in a process of its own, with its own Prefect server."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from threading import Thread
from typing import Any, Self

from tests.benchmarks.processes import Group, family

_UP_WITHIN_SECONDS = 120.0
_QUIET_SHARE = 0.10
_QUIET_WITHIN_SECONDS = 30.0


class DeskProcess:
    """The daemon at work; ready when its Prefect server is up and the start's own work is done.

    Args:
        folder: where its log goes.
        settings: as in the environment, without the prefix.
    """

    def __init__(self, folder: Path, settings: dict[str, Any]) -> None:
        self.log = folder / "desk.log"
        self._settings = settings
        self._said: list[str] = []

    def __enter__(self) -> Self:
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(("FORTHWITH_", "PREFECT_"))}
        mine = {f"FORTHWITH_{name.upper()}": str(value) for name, value in self._settings.items()}
        with self.log.open("w") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "flows.cli", "up"],
                env=inherited | {"PYTHONPATH": str(Path.cwd())} | mine,
                cwd=self.log.parent,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        Thread(target=self._listen, daemon=True).start()
        try:
            self._wait_until_ready()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    @property
    def pid(self) -> int:
        """Of the daemon."""
        return self._process.pid

    def groups(self) -> tuple[Group, Group]:
        """Daemon and Prefect server."""
        return family(self.pid)

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._said.append(line)

    def _wait_until_ready(self) -> None:
        end = time.monotonic() + _UP_WITHIN_SECONDS
        while "forms_served" not in self.log.read_text():  # the last thing that a start does
            if self._process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"the daemon did not come up; it said: {''.join(self._said)}")
            time.sleep(0.1)
        self.rest()

    def rest(self) -> None:
        """Wait until daemon and server have nothing left to do, as far as their computing time tells."""
        end = time.monotonic() + _QUIET_WITHIN_SECONDS
        quiet = 0
        while quiet < 3 and time.monotonic() < end:
            before = self._cpu_seconds()
            time.sleep(1)
            quiet = quiet + 1 if self._cpu_seconds() - before < _QUIET_SHARE else 0

    def _cpu_seconds(self) -> float:
        return sum(group.cpu_seconds() for group in self.groups())
