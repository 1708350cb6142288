"""The auditor on a real store: each kind of damage is found and told once, and nothing is where all is well."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Executable, delete, insert, select, update

from complaints.auditor.auditor import Audit, Auditor
from complaints.auditor.finding import What
from complaints.deadlines import Calendar
from complaints.escalation import Ladder, Ladders, Rung
from complaints.model import Complaint
from complaints.outbox import NoticeKind
from complaints.service import ComplaintDesk
from complaints.store.database import Database
from complaints.store.tables import calendar, complaint, event, finding, mail, notice
from tests.conftest import SteppedClock
from tests.desks import ACME, MANAGER, NOBODY, SWIFT, TRIAGE, DeskAtWork, a_policy, kinds, matched

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def work(database: Database, clock: SteppedClock) -> DeskAtWork:
    at_work = DeskAtWork(database, clock)
    await at_work.take_customers(ACME, SWIFT)
    return at_work


def auditor(work: DeskAtWork, *, policy: Any = None) -> Auditor:
    return Auditor(work.database, policy or work.policy, work.clock, tolerance=2 * MINUTE, place="tests")


async def found(work: DeskAtWork) -> set[What]:
    return {one.what for one in (await auditor(work).audit()).findings}


async def told_by_ticks(work: DeskAtWork, hours: float) -> None:
    """Let time pass with a tick each quarter of an hour, to the minute of each rung at the latest."""
    end = work.clock() + timedelta(hours=hours)
    while work.clock() < end:
        step = await work.desk.next_rung_at() or end
        work.clock.now = min(end, max(step, work.clock() + MINUTE))
        await work.desk.escalate()
        await work.sent()


async def damage(work: DeskAtWork, *statements: Executable) -> None:
    async with work.database.writing() as repository:
        for statement in statements:
            await repository.connection.execute(statement)


async def test_a_desk_at_work_shows_no_difference(work: DeskAtWork) -> None:
    await work.letter(matched(ACME), number=1, respond_by=date(2026, 12, 1))
    await work.letter(matched(SWIFT), number=2)
    waiting = await work.letter(NOBODY, number=3, age=timedelta(hours=2))
    paused = await work.letter(NOBODY, number=4)
    await told_by_ticks(work, 13)
    await work.desk.pause(paused.ref, timedelta(hours=4), why="Ann telephones", actor="ann")
    await told_by_ticks(work, 6)
    await work.desk.assign(waiting.ref, "swift", actor="ann")
    await told_by_ticks(work, 30)
    [first, *_] = await work.records.open_complaints()
    await work.desk.acknowledge("FW-1001", actor="ann")
    await work.desk.dismiss(paused.ref, "spam", actor="ann")
    await told_by_ticks(work, 200)
    made = await auditor(work).audit()
    assert first.ref
    assert (made.looked_at, made.findings) == (4, ())
    assert (await auditor(work).check()).findings == ()
    assert await auditor(work).standing() == (work.clock(), 0)


async def test_a_bounce_and_a_second_forward_show_no_difference(work: DeskAtWork) -> None:
    await work.letter(matched(SWIFT))
    [forward] = await work.sent()
    await told_by_ticks(work, 1)
    await work.desk.outbox.bounced([forward.message_id], "550 5.1.1 no such user")
    await told_by_ticks(work, 9)
    await work.desk.resend(forward.ref, actor="ann")
    await told_by_ticks(work, 50)
    assert await found(work) == set()


async def test_turns_of_deputies_show_no_difference(work: DeskAtWork) -> None:
    deputies = ("dan@acme.example", "eve@acme.example")
    await work.take_customers(replace(ACME, deputies=deputies, fallback_email="front@acme.example"))
    away = await work.letter(matched(ACME), number=1)
    await work.letter(matched(ACME), number=2)
    first, second = await work.sent()
    await told_by_ticks(work, 1)
    await work.desk.outbox.away(first.message_id, None)
    assert await found(work) == set()
    await told_by_ticks(work, 1)
    await work.desk.outbox.bounced([second.message_id], "550 5.1.1 no such user")
    assert await found(work) == set()
    await told_by_ticks(work, 1)
    # The deputy has it: that the manager's own comes back undoes nothing, and the record rests on the other.
    await work.desk.outbox.bounced([first.message_id], "550 5.1.1 no such user")
    assert await found(work) == set()
    await told_by_ticks(work, 30)
    await work.desk.acknowledge(away.ref, actor="ann")
    assert await found(work) == set()


async def late(work: DeskAtWork) -> Complaint:
    """A letter whose time has run out, everything told in its minute."""
    one = await work.letter(NOBODY)
    await told_by_ticks(work, 26)
    return one


Damage = Callable[[Complaint], Executable]
OF_RUNGS: dict[str, tuple[Damage, set[What]]] = {
    "nothing would wake the clock": (
        lambda one: update(complaint).where(complaint.c.id == one.id).values(next_rung_at=None),
        {What.WILL_NOT_RING},
    ),
    "the clock would be woken too late": (
        lambda one: (
            update(complaint)
            .where(complaint.c.id == one.id)
            .values(next_rung_at=one.due_at + timedelta(days=9))
        ),
        {What.WILL_NOT_RING},
    ),
    "the deadline was moved": (
        lambda one: (
            update(complaint).where(complaint.c.id == one.id).values(due_at=one.due_at + timedelta(days=1))
        ),
        {What.RECORD, What.DEADLINE},
    ),
    "the breach was taken off the record": (
        lambda one: update(complaint).where(complaint.c.id == one.id).values(breached_at=None),
        {What.RECORD},
    ),
    "it counts as forwarded": (
        lambda one: (
            update(complaint)
            .where(complaint.c.id == one.id)
            .values(status="forwarded", forwarded_at=one.due_at)
        ),
        {What.RECORD, What.UNPROVED},
    ),
    "the calendar is gone": (
        lambda one: delete(calendar).where(calendar.c.version == one.calendar_version),
        {What.DEADLINE},
    ),
    "the alerts are gone": (
        lambda one: delete(notice).where(notice.c.complaint_id == one.id, notice.c.kind == "breach"),
        {What.UNWRITTEN},
    ),
    "an alert was never sent": (
        lambda one: (
            update(notice)
            .where(notice.c.complaint_id == one.id, notice.c.kind == "breach")
            .values(state="pending", sent_at=None)
        ),
        {What.UNSENT},
    ),
    "the last alarm is gone from the history": (
        lambda one: delete(event).where(
            event.c.complaint_id == one.id,
            event.c.seq.in_(
                select(event.c.seq)
                .where(event.c.complaint_id == one.id)
                .order_by(event.c.seq.desc())
                .limit(1)
            ),
        ),
        {What.NOT_TOLD, What.RECORD},
    ),
    "the history was rewritten": (
        lambda one: (
            update(event).where(event.c.complaint_id == one.id, event.c.seq == 1).values(actor="somebody")
        ),
        {What.CHAIN},
    ),
}


@pytest.mark.parametrize("what", OF_RUNGS)
async def test_each_damage_is_found_and_told_once(work: DeskAtWork, what: str) -> None:
    one = await late(work)
    assert await found(work) == set()
    harm, expected = OF_RUNGS[what]
    await damage(work, harm(one))
    made = await auditor(work).audit()
    assert {each.what for each in made.findings} == expected
    assert {each.ref for each in made.findings} == {one.ref}
    assert made.fresh == made.findings
    again = await auditor(work).audit()
    assert {each.key for each in again.findings} == {each.key for each in made.findings}
    assert again.fresh == ()
    assert [pair for pair in kinds(await work.sent()) if pair[0] is NoticeKind.AUDIT] == [
        (NoticeKind.AUDIT, MANAGER),
        (NoticeKind.AUDIT, TRIAGE),
    ]
    assert await work.sent() == []


async def test_an_alarm_that_nobody_raised_is_found(work: DeskAtWork, clock: SteppedClock) -> None:
    one = await work.letter(NOBODY)
    await work.sent()
    clock.step(hours=12, minutes=3)
    [missing] = (await auditor(work).audit()).findings
    assert (missing.what, missing.ref) == (What.NOT_TOLD, one.ref)
    assert "half of the time" in missing.words
    await work.desk.escalate()
    made = await auditor(work).audit()
    assert [each.what for each in made.findings] == [What.TOLD_LATE]
    assert "3 min late" in made.findings[0].words


async def test_a_difference_that_went_away_is_no_difference_and_is_told_again_when_it_is_back(
    work: DeskAtWork,
) -> None:
    one = await work.letter(NOBODY)
    set_to = update(complaint).where(complaint.c.id == one.id)
    await damage(work, set_to.values(next_rung_at=None))
    assert len((await auditor(work).audit()).fresh) == 1
    await damage(work, set_to.values(next_rung_at=one.received_at + timedelta(hours=12)))
    assert (await auditor(work).audit()).findings == ()
    assert (await auditor(work).standing())[1] == 0
    await damage(work, set_to.values(next_rung_at=None))
    assert len((await auditor(work).audit()).fresh) == 1


async def test_i5_a_forward_of_another_letter_is_found(work: DeskAtWork) -> None:
    one = await work.letter(matched(ACME))
    await work.sent()
    await told_by_ticks(work, 1)
    assert await found(work) == set()
    await damage(work, update(mail).where(mail.c.id == one.mail_id).values(sha256="0" * 64))
    assert await found(work) == {What.UNPROVED}


async def test_a_forward_that_is_nowhere_is_found(work: DeskAtWork) -> None:
    one = await work.letter(matched(ACME))
    await damage(work, delete(notice).where(notice.c.complaint_id == one.id))
    assert await found(work) == {What.UNPROVED}


async def test_i1_a_letter_that_belongs_to_no_complaint_is_found(work: DeskAtWork) -> None:
    await work.letter(matched(ACME))
    values = {
        "sha256": "1" * 64, "size": 1, "oversized": False, "problem": "", "mailbox": "m", "state": "complaint",
        "received_at": work.clock(), "server_at": work.clock(), "stored_at": work.clock(), "kind": "", "sender": "",
        "subject": "", "message_id": "", "why": "", "evidence": {}, "attempts": 0, "claimed_by": "",
    }  # fmt: skip
    await damage(work, insert(mail).values(values))
    made = await auditor(work).audit()
    assert [(each.what, each.ref) for each in made.findings] == [(What.LOST, "")]


async def test_ladders_that_were_changed_are_judged_from_their_change_on(
    work: DeskAtWork, clock: SteppedClock
) -> None:
    one = await work.letter(NOBODY)
    await told_by_ticks(work, 13)
    new = a_policy(
        ladder=Ladders(
            default=Ladder(rungs=(Rung(name="early", at=0.1, tells=("triage",)), Rung(name="due", at=1.0, tells=("managers",))))
        )
    )  # fmt: skip
    desk = ComplaintDesk(work.database, new, clock, name="tests")
    assert await desk.take_up_ladders()
    await desk.escalate()
    clock.step(hours=9)
    await desk.escalate()
    assert (await auditor(work, policy=new).check([one.ref])).findings == ()
    clock.step(hours=3)
    [missing] = (await auditor(work, policy=new).check([one.ref])).findings
    assert (missing.what, "“due”" in missing.words) == (What.NOT_TOLD, True)


async def test_a_day_to_answer_by_that_had_passed_shows_no_difference(
    database: Database, clock: SteppedClock
) -> None:
    days = timedelta(days=1)
    answer = Ladder(
        rungs=(
            Rung(name="half", at=0.5, tells=("triage",)),
            Rung(name="near", at=-2 * days, every=days, tells=("triage",)),
            Rung(name="gone", at=4 * days, tells=("managers",)),
            Rung(name="later", after=2 * days, tells=("managers",)),
        )
    )
    policy = a_policy(ladder=replace(a_policy().ladder, answer=answer))
    work = DeskAtWork(database, clock, policy)
    await work.take_customers(ACME, SWIFT)
    await work.letter(matched(ACME), respond_by=clock().date() - 5 * days)
    await told_by_ticks(work, 60)
    assert await found(work) == set()


async def test_terms_in_business_hours_are_reckoned_from_the_calendar_that_was_kept(
    database: Database, clock: SteppedClock
) -> None:
    hours = {day: ["09:00-12:00", "13:00-17:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
    house = Calendar.parse({"timezone": "Europe/London", "hours": hours, "holidays": "GB-ENG"})
    work = DeskAtWork(database, clock, a_policy(default_terms="9 business hours", calendar=house))
    await work.letter(NOBODY)
    await told_by_ticks(work, 40)
    assert await found(work) == set()


async def test_of_two_auditors_one_alone_tells(work: DeskAtWork) -> None:
    one = await work.letter(NOBODY)
    await work.sent()
    await damage(work, update(complaint).where(complaint.c.id == one.id).values(next_rung_at=None))
    made: list[Audit] = [await auditor(work).audit(), await auditor(work).audit()]
    assert [len(each.fresh) for each in made] == [1, 0]
    async with work.database.reading() as repository:
        rows = (await repository.connection.execute(select(finding.c.key))).all()
    assert len(rows) == 1


async def test_an_audit_is_made_when_it_is_due(work: DeskAtWork, clock: SteppedClock) -> None:
    every = timedelta(minutes=5)
    assert await auditor(work).audit_if_due(every) is not None
    clock.step(minutes=4)
    assert await auditor(work).audit_if_due(every) is None
    clock.step(minutes=1)
    assert await auditor(work).audit_if_due(every) is not None
