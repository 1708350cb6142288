"""The daemon alone, without Prefect: hints, alarms, neighbours, a clean stop, an inbox that is away."""

import asyncio
import os
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
import structlog

from complaints.clock import system_clock
from complaints.lifecycle import Event, Status
from complaints.outbox import NoticeKind
from config.bootstrap import App
from flows.daemon import Daemon
from tests.street import MANAGER, Street, ico_letter

log = structlog.get_logger()

ADA = "ada@acme-retail.example"
ABOUT_ACME = "The controller is Acme Retail Ltd, whose systems you operate."
NOBODY = "Somebody nobody knows is responsible."
PATIENCE_SECONDS = 60
"""Generous: the machine may be busy. What was measured is logged."""


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'store.db'}"


@asynccontextmanager
async def at_work(street: Street, **changes: object) -> AsyncIterator[App]:
    async with street.desk(system_clock, **changes) as app, Daemon(app, runner=None):
        yield app


async def until(happened: Callable[[], object], *, seconds: float = PATIENCE_SECONDS) -> float:
    """Wait for something that another thread or process brings about; how many seconds it took."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    while not happened():
        if loop.time() - began > seconds:
            raise TimeoutError(f"it has not happened within {seconds:.0f} s")
        await asyncio.sleep(0.02)
    return loop.time() - began


async def until_true(asked: Callable[[], Awaitable[bool]]) -> None:
    """The same for what the store has to be asked."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await asked():  # noqa: ASYNC110  other tasks bring it about
            await asyncio.sleep(0.02)


async def has_sent_all(app: App) -> bool:
    return not (await app.records.health()).pending_notices


async def has_failed_twice(app: App) -> bool:
    """Each of the two folders has been tried."""
    return len((await app.records.health()).inboxes) == 2


def forwards(street: Street) -> int:
    return len(street.smtp.mailbox(ADA))


async def test_a_hint_of_the_mailbox_is_enough_however_rarely_it_is_polled(street: Street) -> None:
    async with at_work(street, poll_seconds=3600):
        street.deliver(ico_letter(ABOUT_ACME))
        await until(lambda: forwards(street))
        street.deliver(ico_letter(ABOUT_ACME, reference="IC-400000-B2B2"))
        seconds = await until(lambda: forwards(street) == 2)
    log.info("forwarded_by_hint", seconds=round(seconds, 3))


async def test_i4_an_alarm_goes_out_at_its_instant(street: Street) -> None:
    async with at_work(street, poll_seconds=3600) as app:
        # All parts have worked once, so that the next letter is read long before its deadline.
        street.deliver(ico_letter(ABOUT_ACME))
        await until(lambda: forwards(street))
        due = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=6)
        street.deliver(ico_letter(NOBODY, reference="IC-400000-B2B2"), at=due - timedelta(hours=24))
        await until(lambda: "breach" in street.notices(MANAGER))
        heard = system_clock()
        [complaint] = [one for one in await app.records.open_complaints() if one.due_at == due]
        dossier = await app.records.show(complaint.ref)
    [breached] = [event for event in dossier.history if event.name == Event.BREACHED]
    late = (breached.at - due).total_seconds()
    log.info("breach_told", late=late, heard_after=(heard - due).total_seconds())
    assert late >= 0
    assert street.notices(MANAGER).count("breach") == 1


async def test_what_another_process_takes_in_is_forwarded(street: Street, tmp_path: Path) -> None:
    letter = tmp_path / "letter.eml"
    letter.write_bytes(ico_letter(ABOUT_ACME))
    async with at_work(street, poll_seconds=3600):
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "flows.cli", "ingest", str(letter)),
            env=os.environ | as_environment(street),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        said, _ = await process.communicate()
        assert process.returncode == 0, said.decode()
        seconds = await until(lambda: forwards(street))
    log.info("forwarded_for_another", seconds=round(seconds, 3))
    assert forwards(street) == 1


def as_environment(street: Street) -> dict[str, str]:
    """The street's settings as an operator would export them."""
    return {
        f"FORTHWITH_{name.upper()}": ",".join(value) if isinstance(value, tuple) else str(value)
        for name, value in street.settings.items()
    }


async def test_a_clean_stop_halfway_loses_nothing_and_repeats_nothing(street: Street) -> None:
    for number in range(60):
        street.deliver(ico_letter(ABOUT_ACME, reference=f"IC-{300000 + number}-C3C3"))
    async with at_work(street, smtp_connections=1):
        await until(lambda: forwards(street))
    done = forwards(street)
    async with at_work(street, smtp_connections=1) as app:
        await until(lambda: forwards(street) >= 60)
        await until_true(partial(has_sent_all, app))
        complaints = await app.records.open_complaints()
    log.info("stopped_halfway", forwarded_before=done)
    assert 0 < done < 60
    assert Counter(c.status for c in complaints) == {Status.FORWARDED: 60}
    assert max(Counter(str(m["Message-ID"]) for m in street.mailbox(ADA)).values()) == 1


async def test_a_mailbox_that_is_away_at_the_start_is_read_when_it_is_back(street: Street) -> None:
    street.deliver(ico_letter(ABOUT_ACME))
    street.imap.stop()
    async with at_work(street) as app:
        await until_true(partial(has_failed_twice, app))
        assert [last_ok_at for _, last_ok_at, _ in (await app.records.health()).inboxes] == [None, None]
        street.imap.start()
        seconds = await until(lambda: forwards(street))
        [complaint] = await app.records.open_complaints()
        notices = (await app.records.show(complaint.ref)).notices
    log.info("read_after_return", seconds=round(seconds, 3))
    assert [notice.kind for notice in notices] == [NoticeKind.FORWARD]
