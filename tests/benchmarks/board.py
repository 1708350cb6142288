"""What the board costs with 5,000 open complaints, on a real Prefect server.

``python -m tests.benchmarks.board`` prints it.
"""

import asyncio
import statistics
import tempfile
import time
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx

from complaints.clock import system_clock
from complaints.records import Records
from complaints.store.database import Database
from complaints.store.upgrade import upgrade
from flows.embedded import free_port
from flows.links import BOARD_KEY, TABLE_KEY, YEAR_KEY
from flows.log import set_up_log
from flows.mirror import Mirror
from flows.prefect_api import PrefectApi
from flows.prefect_server import PrefectServer
from tests.benchmarks.ladder import filled

_OPEN, _TIMES = 5_000, 10


async def _measured(folder: Path) -> None:
    database = Database(f"sqlite:///{folder}/store.db")
    await upgrade(database)
    await filled(database, _OPEN, system_clock())
    server = PrefectServer(folder, free_port())
    await server.start()
    api = PrefectApi(server.api_url)
    mirror = Mirror(Records(database), api, ZoneInfo("Europe/London"), server.ui_url, system_clock)
    try:
        begun = time.perf_counter()
        await mirror.publish_board()
        _say(
            f"{_OPEN} open: the first board, with the pages it leads to: {time.perf_counter() - begun:.2f} s"
        )
        walls, cpus = [], []
        for _ in range(_TIMES):
            wall, cpu = time.perf_counter(), time.process_time()
            await mirror.publish_board()
            walls.append(time.perf_counter() - wall)
            cpus.append(time.process_time() - cpu)
        _say(
            f"again: median {statistics.median(walls) * 1000:.0f} ms, of our processor {statistics.median(cpus) * 1000:.0f} ms"
        )
        for key, artifact in (await api.artifacts_of([BOARD_KEY, TABLE_KEY, YEAR_KEY])).items():
            _say(f"{key}: {len(await _text(server, artifact)) / 1000:.0f} kB")
    finally:
        await api.aclose()
        await server.stop()
        await database.close()


async def _text(server: PrefectServer, artifact: str) -> str:
    async with httpx.AsyncClient(base_url=server.api_url) as rest:
        return str((await rest.get(f"/artifacts/{artifact}")).json()["data"])


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201  the benchmark's own output


def main() -> None:
    """Measure and print."""
    set_up_log("error", as_json=False)
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_measured(Path(folder)))


if __name__ == "__main__":
    main()
