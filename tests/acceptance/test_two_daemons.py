"""Two daemons at one store and one mailbox need no leader: each letter goes out once, each alert too."""

import asyncio
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog

from complaints.clock import system_clock
from complaints.lifecycle import Status
from complaints.records import Records
from complaints.store.database import Database
from complaints.store.upgrade import current, newest
from tests.conftest import new_postgres_database
from tests.street import MANAGER, TRIAGE, Street, ico_letter

log = structlog.get_logger()

LETTERS = 500
EVERY_TENTH = 10
"""One letter in ten is unmatched and a day late: it raises a breach."""

CONTROLLERS = {
    "Acme Retail Ltd": "ada@acme-retail.example",
    "Swift Logistics GmbH": "sue@swift-logistics.example",
    "Borealis Energy AB": "bo@borealis.example",
}


@pytest.fixture
async def database_url(postgres_server: str) -> str:
    return await new_postgres_database(postgres_server)


@contextmanager
def a_daemon(settings: dict[str, Any], folder: Path) -> Iterator[Path]:
    """Gives the file of its log."""
    folder.mkdir()
    environment = os.environ | {"PREFECT_HOME": str(folder / "prefect")}
    with (folder / "log").open("w") as words:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.acceptance.daemon_process"],
            stdin=subprocess.PIPE,
            stdout=words,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment,
        )
        assert process.stdin is not None
        process.stdin.write(json.dumps(settings | {"data_dir": folder}, default=str) + "\n")
        process.stdin.flush()
        try:
            yield folder / "log"
        finally:
            process.communicate(timeout=30)
    assert process.returncode == 0, (folder / "log").read_text()[-2000:]


def fill(street: Street) -> None:
    now = datetime.now(UTC)
    names = list(CONTROLLERS)
    with ExitStack() as stack:
        client = street.imap.connect()
        stack.callback(client.logout)
        for number in range(LETTERS):
            late = number % EVERY_TENTH == 0
            about = (
                f"Somebody nobody knows is responsible, {number}."
                if late
                else f"The controller is {names[number % len(names)]}, whose systems you operate."
            )
            at = now - timedelta(hours=25 if late else 1)
            client.append(
                "INBOX", ico_letter(about, reference=f"IC-{100000 + number}-Z9Z9", at=at), msg_time=at
            )


async def settled(records: Records) -> None:
    """Until every letter is decided on and every notice has been sent."""
    while True:
        mails, health = await records.mail_counts(), await records.health()
        if sum(mails.values()) == LETTERS and not health.unread and not health.pending_notices:
            return
        await asyncio.sleep(0.2)


@pytest.mark.postgres
async def test_i6_i7_two_daemons_forward_500_letters_once_each(
    street: Street, database_url: str, tmp_path: Path
) -> None:
    fill(street)
    database = Database(database_url)
    began = system_clock()
    with (
        a_daemon(street.settings, tmp_path / "one") as first,
        a_daemon(street.settings, tmp_path / "two") as second,
    ):
        records = await _migrated(database)
        async with asyncio.timeout(90):
            await settled(records)
        seconds = (system_clock() - began).total_seconds()
        complaints = await records.open_complaints(LETTERS * 2, everything=True)
        dossiers = [await records.show(complaint.ref) for complaint in complaints]
        broken = await records.broken_histories()
    await database.close()

    shares = {log_file.parent.name: Counter(_actions(log_file)) for log_file in (first, second)}
    log.info("two_daemons", letters=LETTERS, seconds=seconds, shares=shares)
    assert len(complaints) == LETTERS
    assert broken == {}
    assert Counter(c.status for c in complaints) == {Status.FORWARDED: 450, Status.NEEDS_REVIEW: 50}
    notices = [notice for dossier in dossiers for notice in dossier.notices]
    assert Counter(notice.kind for notice in notices) == {"forward": 450, "review": 50, "breach": 100}
    delivered = Counter(
        (address, str(message["Message-ID"]))
        for address in (*CONTROLLERS.values(), TRIAGE, MANAGER)
        for message in street.mailbox(address)
    )
    assert delivered == Counter((notice.recipient, notice.message_id) for notice in notices)
    assert set(delivered.values()) == {1}
    # Otherwise one of them has merely watched the other.
    assert all(share["notice_sent"] > LETTERS // 20 for share in shares.values())
    assert not any(share["duty_failed"] for share in shares.values())


async def _migrated(database: Database) -> Records:
    """The daemons make the tables; until then there is nothing to read."""
    async with asyncio.timeout(30):
        while await current(database) != newest():  # noqa: ASYNC110  another process does it
            await asyncio.sleep(0.1)
    return Records(database)


def _actions(log_file: Path) -> list[str]:
    return [
        word
        for line in log_file.read_text().splitlines()
        for word in ("notice_sent", "complaint_opened", "duty_failed")
        if word in line
    ]
