"""Two clocks at one desk: each rung fires once (I7), and alarms are sent once, on each database."""

import asyncio
from datetime import timedelta

import pytest

from complaints.errors import UnknownComplaint
from complaints.lifecycle import Event
from complaints.outbox import NoticeKind
from complaints.service import ComplaintDesk
from complaints.signs import LifeSign, signs_of
from complaints.store.database import Database
from tests.conftest import SteppedClock
from tests.desks import ACME, NOBODY, DeskAtWork, matched

A_DAY = timedelta(hours=24)


@pytest.fixture
async def work(database: Database, clock: SteppedClock) -> DeskAtWork:
    at_work = DeskAtWork(database, clock)
    await at_work.take_customers(ACME)
    return at_work


async def test_i7_two_clocks_that_ring_at_the_same_instant_raise_each_breach_once(work: DeskAtWork) -> None:
    refs = [(await work.letter(NOBODY, number=number)).ref for number in range(1, 13)]
    await work.sent()
    work.clock.step(hours=24)
    second = ComplaintDesk(work.database, work.policy, work.clock, name="tests:clock")
    moved = await asyncio.gather(
        work.desk.escalate(), *(second.escalate(only=ref) for ref in refs), work.desk.escalate()
    )
    assert sorted(ref for one in moved for ref in one) == sorted(refs)
    for ref in refs:
        assert (await work.events(ref)).count(Event.BREACHED) == 1
    alarms = await asyncio.gather(second.outbox.claim(500, alarms_alone=True), work.desk.outbox.claim(500))
    ids = [notice.id for lot in alarms for notice in lot]
    assert len(ids) == len(set(ids)) == 24


async def test_only_the_complaint_that_is_meant_is_raised_and_not_before_its_time(work: DeskAtWork) -> None:
    first = await work.letter(NOBODY, number=1)
    other = await work.letter(NOBODY, number=2)
    assert await work.desk.escalate(only=first.ref) == []
    work.clock.step(hours=24)
    assert await work.desk.escalate(only=first.ref) == [first.ref]
    assert await work.desk.escalate(only=first.ref) == []
    assert Event.BREACHED not in await work.events(other.ref)
    with pytest.raises(UnknownComplaint):
        await work.desk.escalate(only="FW-9999")


async def test_whoever_sends_alarms_alone_leaves_the_letters(work: DeskAtWork) -> None:
    await work.letter(matched(ACME), number=1)
    await work.letter(NOBODY, number=2, age=A_DAY)
    claimed = await work.desk.outbox.claim(100, alarms_alone=True)
    assert {notice.kind for notice in claimed} == {NoticeKind.BREACH}
    assert {notice.kind for notice in await work.desk.outbox.claim(100)} == {
        NoticeKind.FORWARD,
        NoticeKind.REVIEW,
    }


async def test_a_part_learns_that_another_one_of_its_name_has_taken_over(work: DeskAtWork) -> None:
    old = LifeSign(work.database, "clock here", work.clock)
    new = LifeSign(work.database, "clock here", work.clock)
    await old.take()
    assert await old.beat()
    work.clock.step(seconds=15)
    await new.take()
    assert not await old.beat()
    assert await new.beat()
    [seen] = await signs_of(work.database, "clock")
    assert (seen.at, seen.problem) == (work.clock(), "")
    assert await signs_of(work.database, "heartbeat") == []
