"""The second clock, a process of its own: alarms are raised whatever has become of the daemon, once (I7)."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
import structlog

from complaints.clock import system_clock
from complaints.lifecycle import Event
from flows.embedded import free_port
from flows.prefect_server import PrefectServer
from tests.acceptance.commands import Process, forthwith, until
from tests.street import MANAGER, Street, ico_letter

pytestmark = [
    pytest.mark.prefect,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.timeout(180),
]

log = structlog.get_logger()

NOBODY = "Somebody nobody knows is responsible."
A_DAY = timedelta(hours=24)


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'store.db'}"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(
    tmp_path_factory: pytest.TempPathFactory, prepared: Callable[[Path], Path]
) -> AsyncIterator[PrefectServer]:
    one = PrefectServer(prepared(tmp_path_factory.mktemp("server")), free_port())
    await one.start()
    yield one
    await one.stop()


class Timetable:
    """The checks that Prefect holds for the complaints of one test."""

    def __init__(self, api_url: str, since: datetime) -> None:
        self._url, self._since = api_url, since

    async def runs(self) -> list[dict[str, Any]]:
        body = {"flows": {"name": {"any_": ["sla-check"]}}, "limit": 200}
        async with httpx.AsyncClient(base_url=self._url, timeout=10) as rest:
            found = (await rest.post("/flow_runs/filter", json=body)).json()
        mine = [run for run in found if datetime.fromisoformat(run["created"]) >= self._since]
        return sorted(mine, key=lambda run: str(run["created"]))

    async def states(self) -> list[str]:
        return [run["state_name"] for run in await self.runs()]

    async def is_waiting(self) -> bool:
        return await self.states() == ["Scheduled"]

    async def shows(self, *wanted: str) -> bool:
        return await self.states() == list(wanted)


@pytest_asyncio.fixture(loop_scope="module")
async def timetable(server: PrefectServer) -> Timetable:
    return Timetable(server.api_url, datetime.now(UTC))


def deliver_due_in(street: Street, seconds: float) -> datetime:
    """Let a letter come that nobody can be found for; when it is due."""
    due = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=seconds)
    street.deliver(ico_letter(NOBODY, at=due - A_DAY), at=due - A_DAY)
    return due


async def is_ready(street: Street, up: Process) -> bool:
    """Whether daemon, window and second clock have all begun; a busy machine takes its time."""
    log_of_clock = street.settings["data_dir"] / "second-clock.log"
    begun = log_of_clock.exists() and "second_clock_started" in log_of_clock.read_text()
    return begun and "forms_served" in up.words.read_text()


def breaches(street: Street) -> int:
    return street.notices(MANAGER).count("breach")


async def is_told(street: Street) -> bool:
    return breaches(street) > 0


async def lateness(street: Street) -> float:
    """Seconds from the deadline of the only complaint to its breach, which is there once."""
    async with street.desk(system_clock) as app:
        [complaint] = await app.records.open_complaints()
        dossier = await app.records.show(complaint.ref)
    [breached] = [event for event in dossier.history if event.name == Event.BREACHED]
    assert dossier.faults == []
    return (breached.at - complaint.due_at).total_seconds()


async def test_i7_a_daemon_killed_before_the_deadline_has_its_breach_raised_once(
    street: Street, server: PrefectServer, timetable: Timetable
) -> None:
    async with forthwith("up", street, server.api_url) as up:
        await until(lambda: is_ready(street, up))
        deliver_due_in(street, 30)
        await until(timetable.is_waiting)
        [run] = await timetable.runs()
        await up.kill()
        assert breaches(street) == 0
        await until(lambda: is_told(street))
        await until(lambda: timetable.shows("Raised"))
        late = await lateness(street)
        left_alone = up.clock()
        assert _lives(left_alone)
        async with forthwith("up", street, server.api_url):
            # The next start takes the place of the clock that was left alone, and tells nobody again.
            await until(lambda: _has_gone(left_alone))
    log.info("raised_without_a_daemon", late=late)
    assert set(run["parameters"]) == {"ref"}
    assert late >= 0
    assert breaches(street) == 1


def _lives(pid: int) -> bool:
    try:
        # Whom nobody has waited for yet is dead all the same.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


async def _has_gone(pid: int) -> bool:
    return not _lives(pid)


async def test_i7_daemon_and_second_clock_raise_a_breach_once_between_them(
    street: Street, server: PrefectServer, timetable: Timetable
) -> None:
    async with forthwith("up", street, server.api_url) as up:
        await until(lambda: is_ready(street, up))
        deliver_due_in(street, 20)
        await until(lambda: is_told(street))
        await until(lambda: _is_any(timetable, "Raised", "Nothing to raise"))
        late = await lateness(street)
    log.info("raised_by_both", late=late, check=await timetable.states())
    assert late >= 0
    assert breaches(street) == 1


async def _is_any(timetable: Timetable, *words: str) -> bool:
    states = await timetable.states()
    return len(states) == 1 and states[0] in words


async def test_a_check_moves_with_its_deadline_and_is_cancelled_by_the_forward(
    street: Street, server: PrefectServer, timetable: Timetable
) -> None:
    sue = "sue@swift-logistics.example"
    street.smtp.refuse(sue, "451 4.7.1 come back later")
    async with forthwith("up", street, server.api_url):
        received = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
        street.deliver(ico_letter(NOBODY, at=received), at=received)
        await until(timetable.is_waiting)
        async with street.desk(system_clock) as app:
            await app.desk.assign("FW-1001", "swift", actor="tests")
        await until(lambda: timetable.shows("Deadline changed", "Scheduled"))
        first, second = await timetable.runs()
        street.smtp.accept(sue)
        await until(lambda: timetable.shows("Deadline changed", "Forwarded in time"))
    assert _starts(first) == received + A_DAY
    assert _starts(second) == received + timedelta(hours=4)
    assert [run["state_type"] for run in await timetable.runs()] == ["CANCELLED", "CANCELLED"]


def _starts(run: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(run["expected_start_time"])


async def test_a_clock_killed_just_before_the_deadline_leaves_its_check_to_the_next(
    street: Street, server: PrefectServer, timetable: Timetable
) -> None:
    async with AsyncExitStack() as stack:
        up = await stack.enter_async_context(forthwith("up", street, server.api_url))
        await until(lambda: is_ready(street, up))
        due = deliver_due_in(street, 30)
        await until(timetable.is_waiting)
        # At its next look, in five seconds at most, this one holds the check, which is due within its minute.
        await asyncio.sleep(6)
        await up.kill()
        os.kill(up.clock(), signal.SIGKILL)
        assert datetime.now(UTC) < due
        await asyncio.sleep((due - datetime.now(UTC)).total_seconds() + 1)
        assert breaches(street) == 0
        assert await timetable.states() in (["Scheduled"], ["Late"])
        await stack.enter_async_context(forthwith("clock", street, server.api_url))
        await until(lambda: is_told(street))
        await until(lambda: timetable.shows("Raised"))
    assert breaches(street) == 1


async def test_i8_without_prefect_and_without_a_daemon_the_clock_goes_by_the_store(street: Street) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}/api"
    async with street.desk(system_clock) as app:
        deliver_due_in(street, 12)
        await app.ingest()
        await app.route_all()
    async with forthwith("clock", street, nowhere):
        await until(lambda: is_told(street))
    late = await lateness(street)
    log.info("raised_without_daemon_and_prefect", late=late)
    assert late >= 0
    assert breaches(street) == 1
