"""(a) Letters a second from a full mailbox to acceptance by the relay: the desk beside a bare loop."""

import json
import subprocess
import sys
import time
from dataclasses import dataclass

from tests.benchmarks.desk_process import DeskProcess
from tests.benchmarks.scene import PREPARED, Scene

_AT_MOST_SECONDS = 180.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Burst:
    """How one burst went."""

    letters: int
    seconds: float
    daemon_mb: float = 0.0  # peak
    prefect_mb: float = 0.0
    daemon_cpu: float = 0.0  # seconds of computing, until the last acceptance
    prefect_cpu: float = 0.0
    settled_seconds: float = 0.0  # until daemon and window had nothing left to do

    @property
    def rate(self) -> float:
        """Letters a second."""
        return self.letters / self.seconds


def bare(scene: Scene) -> Burst:
    """The yardstick, in a process of its own."""
    order = {
        "imap_port": scene.imap.port,
        "user": scene.imap.user,
        "password": scene.imap.password,
        "folder": PREPARED,
        "smtp_port": scene.sink.port,
        "database": str(scene.folder / f"bare-{time.monotonic_ns()}.db"),
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.bare_loop"],
        input=json.dumps(order) + "\n",
        capture_output=True,
        text=True,
        check=True,
    )
    scene.sink.news()
    answer = json.loads(done.stdout)
    return Burst(letters=answer["count"], seconds=answer["seconds"])


def desk(scene: Scene, letters: int, database: str = "") -> Burst:
    """The desk, its Prefect server up and idle; from the command that fills the inbox to the last acceptance."""
    with DeskProcess(scene.folder, scene.settings(database)) as process:
        daemon, prefect = process.groups()
        before = daemon.cpu_seconds(), prefect.cpu_seconds()
        began, began_at = time.monotonic(), time.time()
        scene.fill_inbox()
        forwards = scene.sink.wait_for(letters, "forward", seconds=_AT_MOST_SECONDS)
        used = daemon.cpu_seconds() - before[0], prefect.cpu_seconds() - before[1]
        process.rest()
        settled = time.monotonic() - began
        daemon, prefect = process.groups()
        burst = Burst(
            letters=letters,
            seconds=max(one.at for one in forwards) - began_at,
            daemon_mb=daemon.peak_mb(),
            prefect_mb=prefect.peak_mb(),
            daemon_cpu=used[0],
            prefect_cpu=used[1],
            settled_seconds=settled,
        )
    if len({one.ref for one in forwards}) != letters:
        raise RuntimeError("not every letter was forwarded exactly once")
    scene.empty_inbox()
    return burst
