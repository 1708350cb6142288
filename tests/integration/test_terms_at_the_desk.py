"""Contracts at the desk: what is written down, what ends the time, what a recalculation changes. On both databases."""

from datetime import date, timedelta

import pytest

from complaints.agreed import Facts
from complaints.answering import AnswerDesk
from complaints.confirmation import Says
from complaints.deadlines import Calendar
from complaints.delivery_report import Fate, Report
from complaints.errors import UnknownComplaint
from complaints.explaining import explanation
from complaints.lifecycle import Status
from complaints.model import Customer
from complaints.outbox import NoticeKind, NoticeState, Outcome, Verdict
from complaints.recalculation import Recalculation
from complaints.reports import figures
from complaints.store.database import Database
from flows.standing import Standing
from tests.conftest import SteppedClock
from tests.desks import MANAGER, NOBODY, TRIAGE, DeskAtWork, a_policy, ambiguous, kinds, matched

HOURS = {day: ["09:00-17:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
OFFICE = Calendar.parse({"timezone": "Europe/London", "hours": HOURS, "holidays": []})
SHUT = Calendar.parse({"timezone": "Europe/London", "hours": HOURS, "holidays": ["2026-11-23", "2026-11-24"]})


def customer(sla: str, calendar: str = "", name: str = "thorough") -> Customer:
    return Customer(
        id=name,
        name=name.title(),
        supplier_manager_email=f"tess@{name}.example",
        sla=sla,
        calendar=calendar,
    )


DELAYED = Report(fate=Fate.DELAYED, words="451 4.7.1 greylisted")
ARRIVED = Report(fate=Fate.RELAYED, words="250 relayed")
THOROUGH = customer("4h; until acknowledged")
CAREFUL = customer("4h; until delivered", name="careful")
OFFICIAL = customer("4 business hours", "office", name="official")


@pytest.fixture
async def at_work(database: Database, clock: SteppedClock) -> DeskAtWork:
    desk = DeskAtWork(database, clock, a_policy(calendars={"office": OFFICE}))
    await desk.take_customers(THOROUGH, CAREFUL, OFFICIAL)
    return desk


def another_day(at_work: DeskAtWork, **policy: object) -> DeskAtWork:
    """The same store after a restart under other settings."""
    return DeskAtWork(at_work.database, at_work.clock, a_policy(**policy))


def recalculation(at_work: DeskAtWork) -> Recalculation:
    return Recalculation(at_work.database, at_work.policy, at_work.clock)


# --- what ends the time --------------------------------------------------------------------------------


async def test_i4_until_acknowledged_the_ladder_climbs_on_after_the_forward(at_work: DeskAtWork) -> None:
    complaint = await at_work.letter(matched(THOROUGH))
    await at_work.sent()
    sent = (await at_work.records.show(complaint.ref)).complaint
    assert (sent.status, sent.clock_runs, sent.until) == (Status.FORWARDED, True, "acknowledged")
    assert sent.next_rung_at is not None
    at_work.clock.step(hours=4)
    assert await at_work.desk.escalate() == [complaint.ref]
    late = (await at_work.records.show(complaint.ref)).complaint
    assert late.breached_at == late.due_at
    assert late.breach_cause == "forwarded, but not acknowledged"
    told = [n for n in await at_work.sent() if n.kind is NoticeKind.BREACH]
    assert (NoticeKind.BREACH, MANAGER) in kinds(told)
    assert {n.facts["waits_for"] for n in told} == {"acknowledged"}
    assert [one.ref for one in await at_work.records.open_complaints()] == [complaint.ref]


async def test_an_acknowledgement_in_time_stops_the_clock_and_takes_the_warnings_back(
    at_work: DeskAtWork,
) -> None:
    complaint = await at_work.letter(matched(THOROUGH))
    [forward] = await at_work.sent()
    at_work.clock.step(hours=3)
    await at_work.desk.escalate()
    answers = AnswerDesk(at_work.database, at_work.policy, at_work.clock, frozenset())
    told = await answers.replied(forward, "tess@thorough.example", Says.HAS_IT)
    assert told == (complaint.ref, True)
    found = await at_work.records.show(complaint.ref)
    assert (found.complaint.status, found.complaint.next_rung_at) == (Status.ACKNOWLEDGED, None)
    assert found.complaint.met_at == at_work.clock()
    assert {n.state for n in found.notices if n.kind is NoticeKind.WARNING} == {NoticeState.CANCELLED}
    at_work.clock.step(days=2)
    assert await at_work.desk.escalate() == []
    assert "breached" not in await at_work.events(complaint.ref)


async def test_an_acknowledgement_that_comes_late_is_a_breach_though_no_tick_saw_it(
    at_work: DeskAtWork,
) -> None:
    complaint = await at_work.letter(matched(THOROUGH))
    [forward] = await at_work.sent()
    at_work.clock.step(hours=5)
    answers = AnswerDesk(at_work.database, at_work.policy, at_work.clock, frozenset())
    await answers.replied(forward, "tess@thorough.example", Says.HAS_IT)
    found = (await at_work.records.show(complaint.ref)).complaint
    assert (found.status, found.breach_cause) == (Status.ACKNOWLEDGED, "forwarded, but not acknowledged")
    standing = Standing(at_work.records)
    await standing.read(complaint.received_at)
    kept = figures(standing.received_since(complaint.received_at))
    assert (kept.forwarded, kept.in_time, kept.breached) == (1, 0, 1)


async def test_a_person_can_acknowledge_and_closing_ends_it_too(at_work: DeskAtWork) -> None:
    for number, verb in enumerate((at_work.desk.acknowledge, at_work.desk.close)):
        complaint = await at_work.letter(matched(THOROUGH), number=number)
        await at_work.sent()
        done = await verb(complaint.ref, actor="pat")
        assert (done.clock_runs, done.next_rung_at) == (False, None)


async def test_a_request_to_decide_is_taken_back_when_the_letter_is_gone_though_its_time_runs(
    at_work: DeskAtWork,
) -> None:
    complaint = await at_work.letter(ambiguous(THOROUGH, CAREFUL))
    await at_work.desk.assign(complaint.ref, "thorough", actor="pat")
    waiting = await at_work.desk.outbox.claim(1000)
    await at_work.desk.outbox.release_claims()
    [forward] = [n for n in waiting if n.kind is NoticeKind.FORWARD]
    await at_work.desk.outbox.settle([Outcome(notice=forward, verdict=Verdict.SENT, reply="250 Ok")])
    found = await at_work.records.show(complaint.ref)
    assert found.complaint.clock_runs
    assert {n.state for n in found.notices if n.kind is NoticeKind.REVIEW} == {NoticeState.CANCELLED}


async def test_delivered_is_sent_unless_a_report_says_that_it_is_still_under_way(at_work: DeskAtWork) -> None:
    complaint = await at_work.letter(matched(CAREFUL))
    [forward] = await at_work.sent()
    assert not (await at_work.records.show(complaint.ref)).complaint.clock_runs
    await at_work.desk.outbox.reported([forward.message_id], DELAYED)
    held_up = (await at_work.records.show(complaint.ref)).complaint
    assert (held_up.clock_runs, held_up.held_up) == (True, True)
    at_work.clock.step(hours=4)
    await at_work.desk.escalate()
    late = (await at_work.records.show(complaint.ref)).complaint
    assert late.breach_cause == "forwarded, but not delivered yet"
    await at_work.desk.outbox.reported([forward.message_id], ARRIVED)
    there = (await at_work.records.show(complaint.ref)).complaint
    assert (there.clock_runs, there.next_rung_at, there.breached_at) == (False, None, late.due_at)


async def test_a_delay_says_nothing_where_the_time_ends_with_sending(at_work: DeskAtWork) -> None:
    complaint = await at_work.letter(matched(OFFICIAL))
    [forward] = await at_work.sent()
    await at_work.desk.outbox.reported([forward.message_id], DELAYED)
    assert not (await at_work.records.show(complaint.ref)).complaint.clock_runs


# --- what is written down ------------------------------------------------------------------------------


async def test_i3_a_deadline_keeps_what_it_came_from(at_work: DeskAtWork) -> None:
    complaint = await at_work.letter(matched(OFFICIAL))
    assert (complaint.calendar, complaint.terms, complaint.until) == ("office", "4 business hours", "sent")
    assert "counted: " in complaint.reckoned
    [forward] = await at_work.sent()
    assert forward.facts["reckoned"] == complaint.reckoned
    content = await at_work.records.calendar(complaint.calendar_version)
    assert content is not None
    assert content["timezone"] == "Europe/London"


async def test_i3_an_old_deadline_is_explained_though_calendar_terms_and_house_number_changed(
    at_work: DeskAtWork,
) -> None:
    await at_work.take_customers(customer("promptly", "office", name="vague"))
    official = await at_work.letter(matched(OFFICIAL))
    vague = await at_work.letter(matched(customer("promptly", "office", name="vague")), number=2)
    before = await explanation(at_work.desk, at_work.records, official.ref)
    later = another_day(at_work, calendars={"office": SHUT}, vague_terms="2h")
    after = await explanation(later.desk, later.records, official.ref)
    assert after.steps == before.steps
    assert (after.kept, after.adds_up, after.differs, before.differs) == (True, True, True, False)
    assert after.complaint.due_at == official.due_at != after.today.due_at
    told = await explanation(later.desk, later.records, vague.ref)
    assert told.plain_terms == "promptly (house number: 24h)"
    assert told.adds_up
    assert told.differs


async def test_the_letter_s_own_urgency_and_kind_choose_the_time(at_work: DeskAtWork) -> None:
    tiered = customer("2 days; urgent: 2h; until acknowledged", name="tiered")
    await at_work.take_customers(tiered)
    soon: date = at_work.clock().date() + timedelta(days=3)
    urgent = await at_work.letter(matched(tiered), respond_by=soon)
    calm = await at_work.letter(matched(tiered), number=2)
    assert urgent.due_at - urgent.received_at == timedelta(hours=2)
    assert urgent.urgent == f"an answer is wanted by {soon}, 3 days after receipt"
    assert urgent.reckoned.startswith(f"urgent ({urgent.urgent})")
    assert calm.due_at - calm.received_at == timedelta(days=2)
    assert (await explanation(at_work.desk, at_work.records, urgent.ref)).adds_up


async def test_while_two_may_be_meant_each_counts_in_its_own_calendar(at_work: DeskAtWork) -> None:
    complaint = await at_work.letter(ambiguous(OFFICIAL, THOROUGH))
    assert complaint.terms in {OFFICIAL.sla, THOROUGH.sla}
    options = [at_work.policy.deadline(one, Facts.of(complaint)).due_at for one in (OFFICIAL, THOROUGH)]
    assert complaint.due_at == min(options)


# --- recalculation -------------------------------------------------------------------------------------


async def test_a_preview_changes_nothing_and_the_recalculation_is_on_the_record(at_work: DeskAtWork) -> None:
    complaint = await at_work.letter(matched(OFFICIAL))
    await at_work.take_customers(customer("2h; until acknowledged", name="official"))
    assert (await at_work.records.show(complaint.ref)).complaint.due_at == complaint.due_at
    [planned] = await recalculation(at_work).preview([complaint.ref])
    assert planned.moves
    assert (await at_work.records.show(complaint.ref)).complaint == complaint
    [change] = await recalculation(at_work).apply([complaint.ref], actor="pat")
    assert change.after == planned.after
    found = await at_work.records.show(complaint.ref)
    one, event = found.complaint, found.history[-1]
    assert (one.terms, one.until, one.deadline_version) == ("2h; until acknowledged", "acknowledged", 2)
    assert one.due_at == complaint.received_at + timedelta(hours=2)
    assert one.next_rung_at is not None
    assert (event.name, event.actor) == ("deadline_changed", "pat")
    assert event.data["from"] == ["4 business hours", complaint.due_at.isoformat()]
    assert event.data["calendars"] == [
        f"office {complaint.calendar_version}",
        f"house {one.calendar_version}",
    ]
    [again] = await recalculation(at_work).apply([complaint.ref], actor="pat")
    assert not again.moves
    assert (await at_work.events(complaint.ref)).count("deadline_changed") == 1


async def test_a_recorded_breach_stays_when_the_deadline_moves_away(at_work: DeskAtWork) -> None:
    complaint = await at_work.letter(matched(customer("1h", name="official")), age=timedelta(hours=0))
    await at_work.take_customers(customer("3 days", name="official"))
    before = (await at_work.records.show(complaint.ref)).complaint
    at_work.clock.step(hours=5)
    await at_work.desk.escalate()
    breached = (await at_work.records.show(complaint.ref)).complaint
    assert breached.breached_at == before.due_at
    await recalculation(at_work).apply([complaint.ref], actor="pat")
    after = (await at_work.records.show(complaint.ref)).complaint
    assert (after.breached_at, after.breach_cause) == (breached.breached_at, breached.breach_cause)
    assert after.due_at > at_work.clock()


async def test_what_is_gone_already_is_left_alone(at_work: DeskAtWork) -> None:
    complaint = await at_work.letter(matched(OFFICIAL))
    await at_work.sent()
    await at_work.take_customers(customer("1h", name="official"))
    [change] = await recalculation(at_work).apply([complaint.ref], actor="pat")
    assert (change.after, change.moves) == (None, False)
    assert (await at_work.records.show(complaint.ref)).complaint.due_at == complaint.due_at


async def test_terms_that_end_with_sending_stop_the_clock_of_what_was_sent(at_work: DeskAtWork) -> None:
    complaint = await at_work.letter(matched(THOROUGH))
    await at_work.sent()
    await at_work.take_customers(customer("4h"))
    await recalculation(at_work).apply([complaint.ref], actor="pat")
    found = (await at_work.records.show(complaint.ref)).complaint
    assert (found.until, found.clock_runs, found.next_rung_at) == ("sent", False, None)


async def test_all_open_complaints_of_a_customer_can_be_meant(at_work: DeskAtWork) -> None:
    first = await at_work.letter(matched(OFFICIAL))
    second = await at_work.letter(matched(OFFICIAL), number=2)
    await at_work.letter(matched(THOROUGH), number=3)
    assert await recalculation(at_work).of_customer("official") == [first.ref, second.ref]
    later = another_day(at_work, calendars={"office": SHUT})
    changes = await recalculation(later).apply([second.ref, first.ref], actor="pat")
    assert [change.before.ref for change in changes] == [first.ref, second.ref]
    assert all(change.moves for change in changes)
    with pytest.raises(UnknownComplaint):
        await recalculation(later).apply([first.ref, "FW-9999"], actor="pat")


async def test_a_former_customer_s_complaint_keeps_the_contract_of_its_receipt(at_work: DeskAtWork) -> None:
    complaint = await at_work.letter(matched(OFFICIAL))
    async with at_work.database.writing() as repository:
        await repository.customers.replace([THOROUGH, CAREFUL], at_work.clock())
    [change] = await recalculation(at_work).preview([complaint.ref])
    assert not change.moves


async def test_a_letter_that_nobody_is_known_for_is_recalculated_by_its_candidates(
    at_work: DeskAtWork,
) -> None:
    nobody = await at_work.letter(NOBODY)
    two = await at_work.letter(ambiguous(OFFICIAL, THOROUGH), number=2)
    later = another_day(at_work, calendars={"office": OFFICE}, default_terms="1h")
    changes = await recalculation(later).preview([nobody.ref, two.ref])
    assert [change.after.terms for change in changes if change.after] == ["1h", "1h"]
    assert kinds(await at_work.sent()) == [(NoticeKind.REVIEW, TRIAGE)] * 2


async def test_a_forward_knows_in_which_zone_its_time_was_counted(at_work: DeskAtWork) -> None:
    await at_work.letter(matched(OFFICIAL))
    [forward] = [one for one in await at_work.sent() if one.kind is NoticeKind.FORWARD]
    assert forward.facts["reckoned"].startswith("counted: ")
    assert forward.facts["counted_in"] == "Europe/London"


async def test_of_a_calendar_that_is_gone_no_zone_is_made_up(at_work: DeskAtWork) -> None:
    await at_work.letter(matched(OFFICIAL))
    await at_work.sent()
    later = another_day(at_work)
    await later.desk.resend("FW-1001", actor="ann")
    [forward] = [one for one in await later.sent() if one.kind is NoticeKind.FORWARD]
    assert forward.facts["counted_in"] == ""
