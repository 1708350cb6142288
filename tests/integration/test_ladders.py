"""Ladders on a real store: pauses, quiet hours, further ladders, changed files. On both databases."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, Integer, column, insert, table

from complaints.deadlines import Calendar
from complaints.errors import NotAllowed
from complaints.escalation import Ladder, Ladders, Rung
from complaints.lifecycle import Status
from complaints.outbox import ALARM_TRIES, Notice, NoticeKind, NoticeState, Verdict
from complaints.people import People, Person
from complaints.service import ComplaintDesk
from complaints.store.database import Database
from complaints.store.tables import complaint as complaint_table
from complaints.store.tables import mail as mail_table
from complaints.store.upgrade import _config, differences, upgrade
from config.ladder import load_ladder
from tests.conftest import SteppedClock
from tests.desks import ACME, MANAGER, NOBODY, SWIFT, TRIAGE, DeskAtWork, a_policy, kinds, matched

HOUR = timedelta(hours=1)


async def working(database: Database, clock: SteppedClock, **policy: Any) -> DeskAtWork:
    desk = DeskAtWork(database, clock, a_policy(**policy))
    await desk.take_customers(ACME, SWIFT)
    return desk


async def told(at_work: DeskAtWork) -> list[tuple[NoticeKind, str]]:
    await at_work.desk.escalate()
    return kinds(await at_work.sent())


async def test_a_pause_is_an_event_and_is_told_by_nothing_but_its_end(
    database: Database, clock: SteppedClock
) -> None:
    at_work = await working(database, clock)
    ref = (await at_work.letter(NOBODY)).ref
    await at_work.sent()
    clock.step(hours=11)
    held = await at_work.desk.pause(ref, 2 * HOUR, why="Ann telephones", actor="ann")
    assert held.paused_until == clock() + 2 * HOUR
    clock.step(hours=1.5)
    assert await told(at_work) == []
    clock.step(hours=0.5)
    assert await told(at_work) == [(NoticeKind.WARNING, TRIAGE)]
    assert await at_work.events(ref) == ["received", "needs_review", "paused", "rung_reached"]
    with pytest.raises(NotAllowed, match="give one with --why"):
        await at_work.desk.pause(ref, HOUR, why=" ", actor="ann")
    with pytest.raises(NotAllowed, match="not paused"):
        await at_work.desk.resume(ref, actor="ann")
    await at_work.desk.pause(ref, HOUR, why="again", actor="ann")
    assert (await at_work.desk.resume(ref, actor="bob")).paused_until is None


async def test_what_waits_for_the_morning_is_replaced_by_the_next_rung_and_taken_back_by_the_forward(
    database: Database, clock: SteppedClock
) -> None:
    quiet = Calendar.parse({"timezone": "UTC", "hours": {"mon": "09:00-24:00", "tue": "00:00-07:00"}})
    rungs = (
        Rung(name="one", at=HOUR - timedelta(hours=96), tells=("triage",)),
        Rung(name="two", at=2 * HOUR - timedelta(hours=96), tells=("triage",)),
        Rung(name="breach", at=1.0, tells=("managers",)),
    )
    people = People(persons=(Person(name="Tia", addresses=(TRIAGE,), quiet=quiet),))
    ladder = Ladders(default=Ladder(rungs=rungs))
    at_work = await working(database, clock, ladder=ladder, people=people, default_terms="96h")
    complaint = await at_work.letter(NOBODY)
    await at_work.sent()
    for _ in range(2):
        clock.step(hours=1)
        assert await told(at_work) == []
    notices = (await at_work.records.show(complaint.ref)).notices
    waits = {
        one.facts["rung"]: (one.state, one.next_attempt_at.hour) for one in notices if "rung" in one.facts
    }
    assert waits == {"one": (NoticeState.CANCELLED, 7), "two": (NoticeState.PENDING, 7)}
    assert (await at_work.records.health()).pending_notices == 0
    clock.step(hours=19.9)
    assert await told(at_work) == []
    clock.step(hours=0.1)
    assert [one[0] for one in await told(at_work)] == [NoticeKind.WARNING]


async def test_after_the_forward_the_acknowledgement_and_the_answer_have_their_own_rungs(
    database: Database, clock: SteppedClock
) -> None:
    ladder = Ladders(
        default=load_ladder(None).default,
        acknowledgement=Ladder(rungs=(Rung(name="no word", at=24 * HOUR, tells=("manager", "triage")),)),
        answer=Ladder(rungs=(Rung(name="two days", at=timedelta(days=-2), tells=("triage",)),)),
    )
    at_work = await working(database, clock, ladder=ladder)
    ref = (await at_work.letter(matched(ACME), respond_by=date(2026, 12, 1))).ref
    await at_work.sent()
    clock.step(hours=24)
    assert await told(at_work) == [
        (NoticeKind.UNACKNOWLEDGED, "ada@acme.example"),
        (NoticeKind.UNACKNOWLEDGED, TRIAGE),
    ]
    await at_work.desk.acknowledge(ref, actor="ann")
    clock.step(hours=24 * 5 - 1)
    assert await told(at_work) == []
    clock.step(hours=1)
    assert await told(at_work) == [(NoticeKind.ANSWER_DUE, TRIAGE)]
    answered = await at_work.desk.answered(ref, actor="ann")
    assert (answered.status, answered.answered_at) == (Status.ANSWERED, clock())
    assert answered.next_rung_at is None


async def test_a_day_to_answer_by_that_had_passed_is_told_once_to_each_and_then_at_the_ladder_s_own_pace(
    database: Database, clock: SteppedClock
) -> None:
    days = timedelta(days=1)
    rungs = (
        Rung(name="a week is left", at=-7 * days, tells=("triage",)),
        Rung(name="near", at=-2 * days, every=days, tells=("manager", "triage")),
        Rung(name="gone", at=days, tells=("managers",)),
    )
    ladder = Ladders(default=load_ladder(None).default, answer=Ladder(rungs=rungs))
    at_work = await working(database, clock, ladder=ladder)
    ref = (await at_work.letter(matched(ACME), respond_by=clock().date() - 5 * days)).ref
    await at_work.sent()
    assert sorted(await told(at_work)) == [
        (NoticeKind.ANSWER_DUE, "ada@acme.example"),
        (NoticeKind.ANSWER_DUE, MANAGER),
        (NoticeKind.ANSWER_DUE, TRIAGE),
    ]
    assert await told(at_work) == []
    clock.step(hours=24)
    assert sorted(await told(at_work)) == [
        (NoticeKind.ANSWER_DUE, "ada@acme.example"),
        (NoticeKind.ANSWER_DUE, TRIAGE),
    ]
    await at_work.desk.answered(ref, actor="ann")
    clock.step(hours=48)
    assert await told(at_work) == []


async def test_i7_an_acknowledgement_takes_back_the_reminder_that_has_not_gone_out(
    database: Database, clock: SteppedClock
) -> None:
    rungs = Ladder(rungs=(Rung(name="no word", at=HOUR, tells=("triage",)),))
    ladder = Ladders(default=load_ladder(None).default, acknowledgement=rungs)
    at_work = await working(database, clock, ladder=ladder)
    ref = (await at_work.letter(matched(ACME))).ref
    await at_work.sent()
    clock.step(hours=2)
    await at_work.desk.escalate()
    await at_work.desk.acknowledge(ref, actor="ann")
    assert await at_work.sent() == []


async def test_an_alarm_that_cannot_get_out_is_told_to_others_once_and_tried_on(
    database: Database, clock: SteppedClock
) -> None:
    at_work = await working(database, clock)
    await at_work.letter(NOBODY)
    await at_work.sent()
    clock.step(hours=12)
    await at_work.desk.escalate()
    failed: list[Notice] = []
    for _ in range(ALARM_TRIES + 3):
        sent = await at_work.sent(Verdict.TEMPORARY, "not accepted by slack")
        failed += [one for one in sent if one.kind is NoticeKind.DELIVERY_FAILED and one.attempts == 1]
        clock.step(minutes=11)
    assert [one.recipient for one in failed] == [MANAGER]
    assert (NoticeKind.WARNING, TRIAGE) in kinds(await at_work.sent())


async def test_a_ladder_that_was_changed_is_climbed_by_what_is_open_and_tells_nothing_twice(
    database: Database, clock: SteppedClock
) -> None:
    before = await working(database, clock)
    assert await before.desk.take_up_ladders()
    assert not await before.desk.take_up_ladders()
    ref = (await before.letter(matched(ACME), respond_by=date(2026, 11, 30))).ref
    await before.letter(NOBODY, number=2)
    await before.sent()
    clock.step(hours=13)
    await before.desk.escalate()
    await before.sent()
    assert (await before.records.show(ref)).complaint.next_rung_at is None
    answer = Ladder(rungs=(Rung(name="three days", at=timedelta(days=-3), tells=("triage",)),))
    changed = a_policy(ladder=Ladders(default=load_ladder(None).default, answer=answer))
    after = DeskAtWork(database, clock, changed)
    assert await after.desk.take_up_ladders()
    assert await told(after) == []
    shown = (await after.records.show(ref)).complaint.next_rung_at
    assert shown == clock().replace(day=27, hour=9)


async def test_what_was_told_before_the_upgrade_is_not_told_again(
    empty_database_url: str, clock: SteppedClock
) -> None:
    store = Database(empty_database_url)
    async with store.writing() as repository:
        await repository.connection.run_sync(_as_of_0005, clock())
    assert await upgrade(store)
    assert await differences(store) == []
    at_work = await working(store, clock)
    assert await told(at_work) == []
    clock.step(hours=6)
    assert await told(at_work) == [(NoticeKind.WARNING, TRIAGE)]
    await store.close()


def _as_of_0005(connection: Connection, now: Any) -> None:
    """A complaint of which the first rung was told, in the schema of before."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "0005")
    at = dict.fromkeys(("received_at", "server_at", "stored_at"), now - 12 * HOUR)
    flat = {"id": 1, "sha256": "0" * 64, "size": 1, "oversized": False, "evidence": {}, "attempts": 0, **at}
    words = ("problem", "mailbox", "state", "kind", "sender", "subject", "message_id", "why", "claimed_by")
    connection.execute(insert(mail_table).values(**flat, **dict.fromkeys(words, "")))
    values = {
        "id": 1,
        "mail_id": 1,
        "kind": "complaint",
        "status": "needs_review",
        "version": 1,
        "body_verified": True,
        "terms": "24h",
        "due_at": now + 12 * HOUR,
        "deadline_version": 1,
        "next_rung_at": now + 6 * HOUR,
        "evidence": {},
        "held_up": False,
        **at,
    }
    before = table(
        "complaint", *(column(c.name, c.type) for c in complaint_table.c), column("rung", Integer())
    )
    later = {
        "climbs",
        "part",
        "delivery",
        "hold_reason",
        "customer_language",
        "customer_timezone",
        "encryption",
    }
    texts = {
        one.name: "" for one in complaint_table.c if not one.nullable and one.name not in {*values, *later}
    }
    connection.execute(insert(before).values(**values, **texts, rung=1))


async def test_several_desks_find_the_same_ladders(
    database: Database, clock: SteppedClock, tmp_path: Path
) -> None:
    path = tmp_path / "ladder.yaml"
    path.write_text(
        "rungs: [{name: b, at: 100%, tell: managers, when: {}}]".replace(", when: {}", "")
        + "\nladders:\n  - {name: x, for: {customer: [b, a, c]}, rungs: [{name: b, at: 100%, tell: triage}]}\n"
    )
    one, other = (ComplaintDesk(database, a_policy(ladder=load_ladder(path)), clock) for _ in range(2))
    assert await one.take_up_ladders()
    assert not await other.take_up_ladders()
