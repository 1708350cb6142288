"""The Maildir inbox on real folders, filled by the standard library's own Maildir."""

import asyncio
import mailbox
import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from complaints.errors import InboxUnavailable
from complaints.inbox.maildir import MaildirInbox, delivered_at
from complaints.model import Arrival
from tests.fakes import MemoryLedger

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
YESTERDAY = NOW - timedelta(days=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    mailbox.Maildir(tmp_path / "mail").close()
    return tmp_path / "mail"


@pytest.fixture
def ledger() -> MemoryLedger:
    return MemoryLedger()


def deliver(
    folder: Path, subject: str, *, at: datetime = YESTERDAY, part: str = "new", flags: str = "", size: int = 0
) -> Path:
    path = folder / part / f"{int(at.timestamp())}.{subject}.mx{flags}"
    path.write_bytes(f"Subject: {subject}\n\n".encode() + b"x" * size)
    os.utime(path, (at.timestamp(), at.timestamp()))
    return path


def inbox_on(folder: Path, ledger: MemoryLedger, **options: Any) -> MaildirInbox:
    settings = {"clock": lambda: NOW, "max_bytes": 50_000, "start_from": NOW - timedelta(days=9)}
    return MaildirInbox(folder, ledger, **settings | options)


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def round_of(inbox: MaildirInbox, ledger: MemoryLedger) -> list[str]:
    taken: list[Arrival] = []
    async for batch in inbox.fetch():
        ledger.commit(batch)
        await inbox.done(batch)
        taken += batch
    return [subject_of(arrival) for arrival in taken]


def subject_of(arrival: Arrival) -> str:
    return arrival.raw.split(b"\n")[0].removeprefix(b"Subject: ").decode()


async def test_mail_is_taken_once_whether_or_not_a_person_has_read_it(
    folder: Path, ledger: MemoryLedger
) -> None:
    deliver(folder, "unread")
    deliver(folder, "read", part="cur", flags=":2,S")
    inbox = inbox_on(folder, ledger)
    assert sorted(await round_of(inbox, ledger)) == ["read", "unread"]
    assert await round_of(inbox, ledger) == []


async def test_bytes_and_time_of_delivery_are_kept(folder: Path, ledger: MemoryLedger) -> None:
    path = deliver(folder, "one", at=YESTERDAY)
    inbox = inbox_on(folder, ledger)
    ((arrival,),) = [batch async for batch in inbox.fetch()]
    assert arrival.raw == path.read_bytes()
    assert arrival.server_at == YESTERDAY
    assert (arrival.mailbox, arrival.place, arrival.uid) == (str(folder), path.name, None)


async def test_mail_is_moved_to_cur_after_the_commit_unread_as_it_is(
    folder: Path, ledger: MemoryLedger
) -> None:
    name = deliver(folder, "one").name
    inbox = inbox_on(folder, ledger)
    async for batch in inbox.fetch():
        assert names(folder / "new") == [name]
        await inbox.done(batch)
    assert names(folder / "new") == []
    assert names(folder / "cur") == [f"{name}:2,"]


async def test_moving_never_overwrites_a_file(folder: Path, ledger: MemoryLedger) -> None:
    name = deliver(folder, "one").name
    (folder / "cur" / f"{name}:2,").write_bytes(b"Subject: another\n\n")
    await round_of(inbox_on(folder, ledger), ledger)
    assert (folder / "cur" / f"{name}:2,").read_bytes() == b"Subject: another\n\n"
    assert names(folder / "new") == [name]


async def test_a_half_written_file_is_not_looked_at(folder: Path, ledger: MemoryLedger) -> None:
    deliver(folder, "half", part="tmp")
    assert await round_of(inbox_on(folder, ledger), ledger) == []


async def test_a_mail_flagged_by_a_client_is_still_the_same(folder: Path, ledger: MemoryLedger) -> None:
    deliver(folder, "one")
    inbox = inbox_on(folder, ledger)
    await round_of(inbox, ledger)
    (path,) = (folder / "cur").iterdir()
    path.rename(f"{path}RS")
    assert await round_of(inbox, ledger) == []


async def test_a_mail_that_a_client_moves_while_we_read_is_found_again(
    folder: Path, ledger: MemoryLedger
) -> None:
    deliver(folder, "one", at=YESTERDAY)
    path = deliver(folder, "two", at=YESTERDAY + timedelta(hours=1))
    gone = deliver(folder, "three", at=YESTERDAY + timedelta(hours=2))
    inbox = inbox_on(folder, ledger, batch_count=1)
    taken: list[str] = []
    async for batch in inbox.fetch():
        taken += [subject_of(arrival) for arrival in batch]
        if taken == ["one"]:
            path.rename(folder / "cur" / f"{path.name}:2,S")
            gone.unlink()
    assert taken == ["one", "two"]


async def test_an_old_maildir_is_noted_and_not_acted_on(folder: Path, ledger: MemoryLedger) -> None:
    deliver(folder, "years ago", at=NOW - timedelta(days=900))
    inbox = inbox_on(folder, ledger, start_from=None)
    assert await round_of(inbox, ledger) == []
    deliver(folder, "an old letter found", at=NOW - timedelta(days=800))
    assert await round_of(inbox, ledger) == ["an old letter found"]


async def test_a_mail_too_large_comes_with_its_header_alone(folder: Path, ledger: MemoryLedger) -> None:
    deliver(folder, "huge", size=60_000)
    ((arrival,),) = [batch async for batch in inbox_on(folder, ledger).fetch()]
    assert (arrival.raw, arrival.oversized) == (b"Subject: huge\n\n", True)
    assert arrival.size > 60_000


async def test_a_file_that_cannot_be_read_is_handed_over_as_a_problem(
    folder: Path, ledger: MemoryLedger
) -> None:
    deliver(folder, "one", at=YESTERDAY)
    broken = deliver(folder, "broken", at=YESTERDAY + timedelta(hours=1))
    inbox = inbox_on(folder, ledger, batch_count=1)
    taken: list[Arrival] = []
    async for batch in inbox.fetch():
        taken += batch
        if broken.is_file():
            broken.unlink()
            broken.mkdir()
    assert sorted(arrival.problem for arrival in taken) == ["", "could not be read: Is a directory"]


async def test_batches_are_bounded_in_count_and_bytes(folder: Path, ledger: MemoryLedger) -> None:
    for number in range(5):
        deliver(folder, f"{number}", size=10_000)
    assert [len(batch) async for batch in inbox_on(folder, ledger, batch_count=3).fetch()] == [3, 2]
    assert [len(batch) async for batch in inbox_on(folder, ledger, batch_bytes=25_000).fetch()] == [2, 2, 1]


async def test_a_folder_that_is_no_maildir_is_said_in_one_line(tmp_path: Path, ledger: MemoryLedger) -> None:
    with pytest.raises(InboxUnavailable, match=r"^[^\n]*is not a Maildir[^\n]*$"):
        await round_of(inbox_on(tmp_path / "nowhere", ledger), ledger)


async def test_new_mail_ends_the_wait_and_so_does_closing(folder: Path, ledger: MemoryLedger) -> None:
    inbox = inbox_on(folder, ledger)
    await round_of(inbox, ledger)
    assert not await inbox.wait(0.1)
    waiting = asyncio.create_task(inbox.wait(30))
    await asyncio.sleep(0.1)
    started = time.monotonic()
    deliver(folder, "one")
    assert await waiting
    assert time.monotonic() - started < 1
    await round_of(inbox, ledger)
    await round_of(inbox, ledger)
    waiting = asyncio.create_task(inbox.wait(30))
    await asyncio.sleep(0.1)
    await inbox.close()
    assert not await waiting


@pytest.mark.parametrize(
    ("name", "mtime", "expected"),
    [
        (f"{int(YESTERDAY.timestamp())}.M1P1.mx", NOW, YESTERDAY),  # copied back from a backup
        (f"{int(NOW.timestamp())}.M1P1.mx", YESTERDAY, YESTERDAY),  # moved between folders by a server
        ("no-time-at-all", YESTERDAY, YESTERDAY),
        ("123456789.too.early", YESTERDAY, YESTERDAY),
        ("99999999999.far.future", YESTERDAY, YESTERDAY),
        ("no-time-at-all", NOW + timedelta(days=3), NOW),
    ],
)
def test_the_time_of_delivery_is_the_earlier_sane_one(name: str, mtime: datetime, expected: datetime) -> None:
    assert delivered_at(name, mtime.timestamp(), NOW) == expected
