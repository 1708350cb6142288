"""What the ladders cost with 100,000 open complaints, and how late an alarm is when 500 letters wait.

``python -m tests.benchmarks.ladder`` prints it. The relay of the second part takes a second for each letter.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from sqlalchemy import insert, text

from complaints.lifecycle import Status
from complaints.model import Complaint
from complaints.outbox import NewNotice, NoticeKind, Verdict
from complaints.service import ComplaintDesk
from complaints.store.database import Database
from complaints.store.notices import Draft
from complaints.store.tables import complaint, mail, mail_raw
from complaints.store.upgrade import upgrade
from flows.log import set_up_log
from notifiers.channels import Channels
from notifiers.compose import Voice
from notifiers.dispatcher import Dispatcher
from notifiers.receipt import NONE, Receipt, Wishes
from tests.benchmarks.scene import postgres
from tests.desk_fake import a_complaint
from tests.desks import a_policy

_OPEN, _DUE = 100_000, 100
_LOT = 5000
_NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
_LETTERS = 500


def main() -> None:
    """Measure and print."""
    set_up_log("warning", as_json=False)
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_of_store("SQLite", f"sqlite:///{folder}/store.db"))
        with postgres() as url:
            asyncio.run(_of_store("PostgreSQL", url))
        asyncio.run(_alarm_beside_letters(Path(folder)))


async def _of_store(name: str, url: str) -> None:
    database = Database(url)
    await upgrade(database)
    await filled(database, _OPEN, _NOW)
    now = [_NOW]
    desk = ComplaintDesk(database, a_policy(), lambda: now[0])
    idle = await _milliseconds(desk.escalate, 50)
    _say(f"{name}: {_OPEN} open, nothing due: a tick {idle}")
    async with database.writing() as repository:
        first = text(f"UPDATE complaint SET next_rung_at = :at WHERE id <= {_DUE}").bindparams(
            at=_NOW.replace(tzinfo=None) if database.is_sqlite else _NOW
        )
        await repository.connection.execute(first)

    async def find() -> object:
        async with database.writing() as repository:
            found = await repository.complaints.due_for_a_rung(_NOW, _DUE)
            assert len(found) == _DUE
            return found

    _say(f"{name}: {_DUE} due ones of {_OPEN} found {await _milliseconds(find, 20)}")
    now[0] = _NOW + timedelta(hours=24)
    begun = time.perf_counter()
    moved = await desk.escalate()
    _say(f"{name}: {len(moved)} climbed and written in {(time.perf_counter() - begun) * 1000:.0f} ms")
    await database.close()


async def filled(database: Database, count: int, now: datetime) -> None:
    """Put so many open complaints into an empty store."""
    for start in range(1, count + 1, _LOT):
        numbers = range(start, start + _LOT)
        async with database.writing() as repository:
            await repository.connection.execute(insert(mail), [_mail(number, now) for number in numbers])
            await repository.connection.execute(insert(complaint), [_row(number, now) for number in numbers])
    async with database.writing() as repository:
        await repository.connection.execute(text("ANALYZE"))


def _mail(number: int, now: datetime) -> dict[str, Any]:
    return {
        "id": number,
        "sha256": f"{number:064}",
        "size": 1000,
        "oversized": False,
        "received_at": now,
        "server_at": now,
        "stored_at": now,
        "state": "complaint",
        "evidence": {},
        "attempts": 0,
    } | dict.fromkeys(
        ("problem", "mailbox", "kind", "sender", "subject", "message_id", "why", "claimed_by"), ""
    )


def _row(number: int, now: datetime) -> dict[str, Any]:
    """A complaint with as much evidence as they mostly have; half of them wait for a rung, half are forwarded."""
    waits = number % 2 == 0 or number <= _DUE
    one = a_complaint(
        number,
        received_at=now - timedelta(hours=1),
        status=Status.NEEDS_REVIEW if waits else Status.FORWARDED,
        next_rung_at=now + timedelta(minutes=number) if waits else None,
        evidence={"match": [{"what": "name", "found": "Acme Ltd", "where": "body", "weight": 1.0}] * 20},
    )
    row = {field.name: getattr(one, field.name) for field in fields(Complaint) if field.name != "ref"}
    return row | {"kind": one.kind.value, "status": one.status.value}


async def _milliseconds(work: Callable[[], Awaitable[object]], times: int) -> str:
    await work()
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        await work()
        taken.append((time.perf_counter() - begun) * 1000)
    return f"median {statistics.median(taken):.1f} ms, worst {max(taken):.1f} ms"


class _SlowRelay:
    """Takes a second for each letter and eight at once, as a relay that is being throttled does."""

    def __init__(self, places: int) -> None:
        self._places = asyncio.Semaphore(places)
        self.alarmed = asyncio.Event()

    async def send(self, message: bytes, sender: str, recipient: str, wishes: Wishes = NONE) -> Receipt:
        async with self._places:
            await asyncio.sleep(1)
        if b"X-Forthwith-Notice: breach" in message:
            self.alarmed.set()
        return Receipt(verdict=Verdict.SENT, reply="250 ok")

    def take_turn(self) -> bool:
        return True

    def troubles(self) -> dict[str, str]:
        return {}

    async def close(self) -> None:
        """Nothing is held."""


async def _alarm_beside_letters(folder: Path) -> None:
    database = Database(f"sqlite:///{folder}/alarms.db")
    await upgrade(database)
    letter = EmailMessage()
    letter["Subject"] = "letter"
    await _write(database, letter.as_bytes())
    relay = _SlowRelay(10)
    desk = ComplaintDesk(database, a_policy(), lambda: datetime.now(UTC))
    voice = Voice(organisation="Northgate", address="privacy@msp.example", timezone="Europe/London")
    draining = asyncio.create_task(Dispatcher(desk.outbox, relay, Channels(), voice, concurrency=8).drain())
    late = []
    for number in range(5):
        await asyncio.sleep(3.3)
        relay.alarmed.clear()
        alarm = NewNotice(kind=NoticeKind.BREACH, recipient="boss@msp.example", dedupe_key=f"alarm {number}")
        begun = time.perf_counter()
        async with database.writing() as repository:
            await repository.notices.write([Draft(notice=alarm)], datetime.now(UTC), "msp.example")
        await relay.alarmed.wait()
        late.append(time.perf_counter() - begun)
    draining.cancel()
    await asyncio.gather(draining, return_exceptions=True)
    await database.close()
    _say(
        f"{_LETTERS} letters wait, the relay takes a second for each: an alarm is out after "
        f"{statistics.median(late):.1f} s, {max(late):.1f} s at worst, of which the relay takes one"
    )


async def _write(database: Database, raw: bytes) -> None:
    forwards = [
        NewNotice(kind=NoticeKind.FORWARD, recipient=f"m{n}@c.example", dedupe_key=f"f{n}", mail_id=1)
        for n in range(_LETTERS)
    ]
    async with database.writing() as repository:
        await repository.connection.execute(insert(mail), [_mail(1, datetime.now(UTC))])
        await repository.connection.execute(insert(mail_raw), [{"mail_id": 1, "raw": raw}])
        await repository.notices.write(
            [Draft(notice=one) for one in forwards], datetime.now(UTC), "msp.example"
        )


def _say(words: str) -> None:
    print(words, flush=True)  # noqa: T201  the answer


if __name__ == "__main__":
    main()
