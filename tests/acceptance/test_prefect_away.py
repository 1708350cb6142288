"""The promise never waits for Prefect (I8): `forthwith up` with a real server that hangs, stops and comes back."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog

from flows.embedded import free_port
from flows.prefect_server import PrefectServer
from tests.street import MANAGER, Street, ico_letter

pytestmark = [pytest.mark.prefect, pytest.mark.usefixtures("forgotten_sockets")]

log = structlog.get_logger()

ADA = "ada@acme-retail.example"
ABOUT_ACME = "The controller is Acme Retail Ltd, whose systems you operate."
SOON, WITHIN_A_MINUTE = 20.0, 60.0
"""Seconds. What was measured is logged."""


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'store.db'}"


@dataclass
class Window:
    """What people see in Prefect."""

    rest: httpx.AsyncClient

    async def runs(self, flow: str) -> list[dict[str, Any]]:
        body = {"flows": {"name": {"any_": [flow]}}, "limit": 200}
        return list((await self.rest.post("/flow_runs/filter", json=body)).json())

    async def complaints(self) -> dict[str, str]:
        """What each complaint's run says, by our reference."""
        return {run["name"].split()[0]: run["state_name"] for run in await self.runs("complaint")}

    async def board(self) -> str:
        body = {"artifacts": {"key": {"any_": ["complaints"]}}, "limit": 1}
        found = (await self.rest.post("/artifacts/latest/filter", json=body)).json()
        return str(found[0]["data"]) if found else ""

    async def shows(self, **wanted: str) -> bool:
        """Whether every complaint's run is in the state wanted, and the board lists those late."""
        names = {ref.replace("_", "-"): state for ref, state in wanted.items()}
        late = [ref for ref, state in names.items() if state == "SLA breached"]
        try:
            board = await self.board()
            return await self.complaints() == names and all(ref in board for ref in late)
        except (httpx.HTTPError, ValueError):
            return False


@asynccontextmanager
async def forthwith_up(street: Street, api_url: str, folder: Path) -> AsyncIterator[None]:
    settings = street.settings | {"prefect_api_url": api_url}
    environment = {f"FORTHWITH_{name.upper()}": _written(value) for name, value in settings.items()}
    with (folder / "up.log").open("w") as words:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "flows.cli", "up"),
            env=os.environ | environment,
            stdout=words,
            stderr=subprocess.STDOUT,
        )
        try:
            yield
            assert process.returncode is None
        finally:
            process.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(process.wait(), 30) == 0, (folder / "up.log").read_text()[-3000:]


def _written(value: object) -> str:
    return ",".join(value) if isinstance(value, tuple) else str(value)


async def until(asked: Callable[[], Awaitable[object]], seconds: float) -> float:
    """How many seconds it took."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    async with asyncio.timeout(seconds):
        while not await asked():  # noqa: ASYNC110  other processes bring it about
            await asyncio.sleep(0.05)
    return round(loop.time() - began, 2)


async def has_forwards(street: Street, count: int) -> bool:
    return len(street.smtp.mailbox(ADA)) == count


async def has_breaches(street: Street, count: int) -> bool:
    return street.notices(MANAGER).count("breach") == count


@pytest.mark.timeout(240)
async def test_i8_prefect_may_hang_stop_and_return_and_nobody_waits(
    street: Street, tmp_path: Path, prepared: Callable[[Path], Path]
) -> None:
    numbers = iter(range(1, 100))

    def deliver(about: str, hours_ago: float = 1) -> None:
        at = datetime.now(UTC) - timedelta(hours=hours_ago)
        street.deliver(ico_letter(about, reference=f"IC-50000{next(numbers)}-D4D4", at=at), at=at)

    took: dict[str, float] = {}
    server = PrefectServer(prepared(tmp_path / "server"), free_port())
    await server.start()
    try:
        async with (
            forthwith_up(street, server.api_url, tmp_path),
            httpx.AsyncClient(base_url=server.api_url, timeout=5) as rest,
        ):
            window = Window(rest)
            deliver(ABOUT_ACME)
            took["start to forward"] = await until(partial(has_forwards, street, 1), WITHIN_A_MINUTE)
            took["start to board"] = await until(partial(window.shows, FW_1001="Forwarded"), WITHIN_A_MINUTE)
            assert [run["state_type"] for run in await window.runs("route-complaints")] == ["COMPLETED"]

            assert server.pid is not None
            os.kill(server.pid, signal.SIGSTOP)
            deliver(ABOUT_ACME)
            took["forward while it hangs"] = await until(partial(has_forwards, street, 2), SOON)
            deliver("Somebody nobody knows is responsible.", 25)
            took["breach while it hangs"] = await until(partial(has_breaches, street, 1), SOON)
            os.kill(server.pid, signal.SIGCONT)
            shown = {"FW_1001": "Forwarded", "FW_1002": "Forwarded", "FW_1003": "SLA breached"}
            took["right again after hanging"] = await until(partial(window.shows, **shown), WITHIN_A_MINUTE)

            await server.stop()
            deliver(ABOUT_ACME)
            took["forward while it is down"] = await until(partial(has_forwards, street, 3), SOON)
            deliver("Somebody else nobody knows is responsible.", 25)
            took["breach while it is down"] = await until(partial(has_breaches, street, 2), SOON)
            await server.start()
            shown |= {"FW_1004": "Forwarded", "FW_1005": "SLA breached"}
            took["right again after its return"] = await until(
                partial(window.shows, **shown), WITHIN_A_MINUTE
            )
            deliver(ABOUT_ACME)
            shown |= {"FW_1006": "Forwarded"}
            took["the next letter on the board"] = await until(
                partial(window.shows, **shown), WITHIN_A_MINUTE
            )
            states = [run["state_name"] for run in await window.runs("route-complaints")]
    finally:
        if server.pid is not None:
            os.kill(server.pid, signal.SIGCONT)
        await server.stop()
    log.info("prefect_away", **took, routing_runs=states)
    assert len(street.mailbox(ADA)) == len({str(m["Message-ID"]) for m in street.mailbox(ADA)}) == 4
