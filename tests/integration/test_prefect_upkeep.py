"""What the window leaves in Prefect goes again: by age, and when somebody takes the window away."""

import asyncio
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from prefect.settings import PREFECT_API_URL, temporary_settings

from complaints.clock import system_clock
from complaints.lifecycle import Status
from config.settings import Settings
from flows.complaint_page import page_key
from flows.embedded import free_port
from flows.links import BOARD_KEY
from flows.mirror import FLOW, Mirror
from flows.prefect_api import PrefectApi, RunState, StateType
from flows.prefect_server import Keeps, PrefectServer
from flows.removal import StillRunning, remove_window
from flows.serve import Clerk
from tests.conftest import SteppedClock
from tests.desk_fake import FakeDesk, a_complaint
from tests.integration.test_prefect_window import LONDON, Verbs

pytestmark = [
    pytest.mark.prefect,
    pytest.mark.usefixtures("forgotten_sockets"),
]

KEPT = timedelta(days=30)
_TRIES, _BETWEEN = 100, 0.2


@pytest_asyncio.fixture
async def server(tmp_path: Path, prepared: Callable[[Path], Path]) -> AsyncIterator[PrefectServer]:
    one = PrefectServer(prepared(tmp_path), free_port(), keeps=Keeps(runs=KEPT))
    await one.start()
    yield one
    await one.stop()


@pytest_asyncio.fixture
async def api(server: PrefectServer) -> AsyncIterator[PrefectApi]:
    one = PrefectApi(server.api_url)
    yield one
    await one.aclose()


async def keys_there(server: PrefectServer) -> set[str]:
    async with httpx.AsyncClient(base_url=server.api_url) as rest:
        return {row["key"] for row in (await rest.post("/artifacts/filter", json={"limit": 200})).json()}


async def runs_there(server: PrefectServer) -> set[str]:
    async with httpx.AsyncClient(base_url=server.api_url) as rest:
        return {row["id"] for row in (await rest.post("/flow_runs/filter", json={"limit": 200})).json()}


async def ended(api: PrefectApi, ref: str) -> str:
    """A complaint's run that has ended, with its page; the id of the run."""
    run_id, _ = await api.create_run(
        flow=FLOW,
        key=ref,
        name=ref,
        tags=(),
        state=RunState(type=StateType.RUNNING, name="Received"),
        parameters={},
    )
    await api.set_state(run_id, RunState(type=StateType.COMPLETED, name="Closed"))
    await api.write_artifact(
        "", key=page_key(ref), kind="markdown", data="# page", description=ref, run_id=run_id
    )
    return run_id


def age(folder: Path, run_id: str, by: timedelta) -> None:
    """Let a run have ended earlier; the API tells no run to have ended but now."""
    with closing(sqlite3.connect(folder / "prefect" / "prefect.db")) as kept:
        then = (system_clock() - by).strftime("%Y-%m-%d %H:%M:%S.%f")
        changed = kept.execute("UPDATE flow_run SET end_time = ? WHERE id = ?", (then, run_id)).rowcount
        kept.commit()
    assert changed == 1


async def test_a_run_that_ended_long_ago_goes_with_its_page_and_a_younger_one_stays(
    server: PrefectServer, api: PrefectApi, tmp_path: Path
) -> None:
    old, young = await ended(api, "FW-1001"), await ended(api, "FW-1002")

    # The server looks for what is old when it starts, and every hour.
    await server.stop()
    age(tmp_path, old, KEPT + timedelta(days=1))
    age(tmp_path, young, KEPT - timedelta(days=1))
    await server.start()

    for _ in range(_TRIES):
        if old not in await runs_there(server) and page_key("FW-1001") not in await keys_there(server):
            break
        await asyncio.sleep(_BETWEEN)
    assert await runs_there(server) == {young}
    assert await keys_there(server) == {page_key("FW-1002")}


async def test_the_window_can_be_taken_away_and_comes_back(
    server: PrefectServer, api: PrefectApi, tmp_path: Path
) -> None:
    desk = FakeDesk()
    one = desk.has(a_complaint(1, status=Status.NEEDS_REVIEW), "received")
    mirror = Mirror(desk, api, LONDON, server.ui_url, system_clock)
    await mirror.catch_up()
    await mirror.publish_board()
    foreign, _ = await api.create_run(
        flow="somebody else's",
        key="x",
        name="x",
        tags=(),
        state=RunState(type=StateType.RUNNING, name="Running"),
        parameters={},
    )
    theirs = Settings(
        data_dir=tmp_path / "desk", prefect_api_url=server.api_url, address="privacy@msp.example"
    )

    gone = await remove_window(theirs, [FLOW])

    assert (gone.flows, gone.pages) == (1, 4)
    assert await runs_there(server) == {foreign}
    assert await keys_there(server) == set()

    anew = PrefectApi(server.api_url)
    await Mirror(desk, anew, LONDON, server.ui_url, system_clock).publish_board()
    await anew.aclose()
    assert {BOARD_KEY, page_key(one.ref)} <= await keys_there(server)


async def test_the_folder_of_our_own_server_goes_once_it_has_stopped(
    server: PrefectServer, tmp_path: Path
) -> None:
    ours = Settings(
        data_dir=tmp_path, prefect_port=int(server.ui_url.rpartition(":")[2]), address="privacy@msp.example"
    )
    with pytest.raises(StillRunning):
        await remove_window(ours, [FLOW])
    assert (tmp_path / "prefect" / "prefect.db").exists()

    await server.stop()
    gone = await remove_window(ours, [FLOW])

    assert gone.folder == str(tmp_path / "prefect")
    assert not (tmp_path / "prefect").exists()


async def nothing() -> None:
    """Where no board is written."""


async def no_report(month: str, customer_id: str) -> str:
    return f"{month} {customer_id}"


@asynccontextmanager
async def a_worker(server: PrefectServer, folder: Path) -> AsyncIterator[Path]:
    """A real one; where it tells what it does."""
    settings = {
        "ORGANISATION": "Northgate",
        "ADDRESS": "privacy@msp.example",
        "DATA_DIR": str(folder / "var"),
        "DATABASE_URL": f"sqlite:///{folder / 'store.db'}",
        "PREFECT_API_URL": server.api_url,
        "PREFECT_WORK_POOL": "forms",
    }
    with (folder / "worker.log").open("w") as words:
        worker = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "flows.cli", "worker"),
            env=os.environ | {f"FORTHWITH_{name}": value for name, value in settings.items()},
            stdin=subprocess.DEVNULL,
            stdout=words,
            stderr=subprocess.STDOUT,
        )
        try:
            yield folder / "worker.log"
        finally:
            worker.terminate()
            try:
                await asyncio.wait_for(worker.wait(), 30)
            except TimeoutError:
                worker.kill()
                await worker.wait()


# Prefect's own senders of logs and events forget sockets when the settings change under them.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_a_form_is_done_by_a_worker_and_by_the_desk_where_none_comes(
    server: PrefectServer, api: PrefectApi, tmp_path: Path, sqlite_template: Path, clock: SteppedClock
) -> None:
    shutil.copy(sqlite_template, tmp_path / "store.db")
    verbs = Verbs()

    @asynccontextmanager
    async def open_desk() -> AsyncIterator[Verbs]:
        yield verbs

    clerk = Clerk(
        api,
        clock,
        board_url=lambda: "http://board",
        open_desk=open_desk,
        refresh=nothing,
        send_synthetic=nothing,
        report=no_report,
        register=verbs.known,
        zone=LONDON,
        pool="forms",
    )
    with temporary_settings({PREFECT_API_URL: server.api_url}):
        forms = await clerk.register()
        async with httpx.AsyncClient(base_url=server.api_url) as rest:
            path = f"/deployments/{forms['assign-complaint']}/create_flow_run"
            parameters = {"ref": "FW-1001", "customer_id": "acme", "who": "AB"}
            asked = {"parameters": parameters, "state": {"type": "SCHEDULED"}}

            async def ended(run_id: str) -> dict[str, Any]:
                for _ in range(5 * _TRIES):
                    run: dict[str, Any] = (await rest.get(f"/flow_runs/{run_id}")).json()
                    if run["state_type"] in ("COMPLETED", "FAILED", "CRASHED"):
                        break
                    await asyncio.sleep(_BETWEEN)
                return run

            first = (await rest.post(path, json=asked)).json()["id"]
            clock.now = system_clock()
            assert await clerk.serve_once() == 0
            clock.step(seconds=25)
            assert await clerk.serve_once() == 1
            await clerk.finish()
            assert (await ended(first))["state_name"] == "Assigned"
            assert verbs.asked == [("FW-1001", "acme", "AB")]

            async with a_worker(server, tmp_path) as told:
                second = (await rest.post(path, json=asked)).json()["id"]
                # The worker opens the store of the settings, which holds no such complaint.
                assert (await ended(second))["state_name"] == "Refused", told.read_text()[-3000:]
            assert len(verbs.asked) == 1
