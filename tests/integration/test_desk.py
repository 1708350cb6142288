"""The desk's verbs: what follows what, who is told, what can't be done twice. On both databases."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from complaints.attendance import Attendance
from complaints.customers import CustomerRegister
from complaints.errors import NotAllowed, UnknownComplaint, UnknownCustomer
from complaints.lessons import LessonState
from complaints.lifecycle import Status
from complaints.matching import CustomerIndex
from complaints.model import Unmatched
from complaints.outbox import NoticeKind, NoticeState, Outcome, Verdict
from complaints.store.database import Database
from complaints.teaching import Teaching
from tests.conftest import SteppedClock
from tests.desks import (
    ACME,
    MANAGER,
    NOBODY,
    SILENT,
    SWIFT,
    TRIAGE,
    DeskAtWork,
    a_policy,
    ambiguous,
    kinds,
    matched,
)

FORWARD, REVIEW, WARNING, BREACH = (
    NoticeKind.FORWARD,
    NoticeKind.REVIEW,
    NoticeKind.WARNING,
    NoticeKind.BREACH,
)


@pytest.fixture
async def at_work(database: Database, clock: SteppedClock) -> DeskAtWork:
    desk = DeskAtWork(database, clock)
    await desk.take_customers(ACME, SWIFT, SILENT)
    return desk


async def test_a_letter_that_names_one_customer_is_forwarded_and_proved(at_work: DeskAtWork) -> None:
    complaint = await at_work.letter(matched(ACME))
    assert complaint.status is Status.FORWARDING
    assert kinds(await at_work.sent()) == [(FORWARD, "ada@acme.example")]
    dossier = await at_work.records.show(complaint.ref)
    assert dossier.complaint.status is Status.FORWARDED
    assert dossier.complaint.next_rung_at is None
    assert dossier.notices[0].reply == "250 2.0.0 Ok: queued as Q1"
    assert dossier.history[-1].data["queue_id"] == "Q1"
    assert await at_work.events(complaint.ref) == ["received", "matched", "forward_queued", "forwarded"]


async def test_i3_the_clock_starts_at_receipt_on_the_customers_terms(at_work: DeskAtWork) -> None:
    complaint = await at_work.letter(matched(SWIFT), age=timedelta(hours=1))
    assert complaint.received_at == at_work.clock() - timedelta(hours=1)
    assert complaint.due_at - complaint.received_at == timedelta(hours=4)
    assert complaint.terms == "4h"


async def test_while_two_may_be_meant_the_clock_is_that_of_the_one_with_least_time(
    at_work: DeskAtWork,
) -> None:
    complaint = await at_work.letter(ambiguous(ACME, SWIFT))
    assert complaint.status is Status.NEEDS_REVIEW
    assert (complaint.terms, complaint.review_reason) == ("4h", "ambiguous")
    assert kinds(await at_work.sent()) == [(REVIEW, TRIAGE)]


async def test_assigning_puts_it_on_that_customers_terms_and_says_so(at_work: DeskAtWork) -> None:
    complaint = await at_work.letter(ambiguous(ACME, SWIFT))
    given = await at_work.desk.assign(complaint.ref, "acme", actor="pat")
    assert given.due_at - given.received_at == timedelta(hours=24)
    assert given.deadline_version == 2
    assert "deadline_changed" in await at_work.events(complaint.ref)
    assert (FORWARD, "ada@acme.example") in kinds(await at_work.sent())


async def test_a_customer_without_a_manager_goes_to_a_person(at_work: DeskAtWork) -> None:
    complaint = await at_work.letter(matched(SILENT))
    assert (complaint.status, complaint.review_reason) == (Status.NEEDS_REVIEW, "no manager on file")
    assert kinds(await at_work.sent()) == [(REVIEW, TRIAGE)]


async def test_every_rung_fires_once_and_each_person_hears_of_the_highest(at_work: DeskAtWork) -> None:
    complaint = await at_work.letter(NOBODY)
    await at_work.sent()
    heard = []
    for hours in (11.9, 0.2, 5.8, 0.2, 3.4, 0.2, 2.2, 0.2, 3.8, 0.2):
        at_work.clock.step(hours=hours)
        await at_work.desk.escalate()
        await at_work.desk.escalate()
        heard.append([(n.kind.value, n.recipient) for n in await at_work.sent()])
    both = {("breach", TRIAGE), ("breach", MANAGER)}
    assert heard[0] == []
    assert heard[1] == [("warning", TRIAGE)]
    assert heard[3] == [("warning", TRIAGE)]
    assert set(heard[5]) == {("warning", TRIAGE), ("warning", MANAGER)}
    assert set(heard[7]) == both
    assert {kind for kind, _ in heard[9]} == {"reminder"}
    assert [heard[i] for i in (2, 4, 6, 8)] == [[], [], [], []]
    shown = (await at_work.records.show(complaint.ref)).complaint
    assert shown.breached_at == shown.due_at
    assert shown.breach_cause == "waiting for a person: unmatched"


async def test_after_a_long_sleep_all_that_is_due_happens_once(at_work: DeskAtWork) -> None:
    complaint = await at_work.letter(NOBODY)
    await at_work.sent()
    at_work.clock.step(hours=24 + 41)
    await at_work.desk.escalate()
    told = kinds(await at_work.sent())
    assert len(told) == len(set(told)) == len({person for _, person in told})
    events = await at_work.events(complaint.ref)
    assert events.count("breached") == 1
    assert await at_work.desk.escalate() == []


async def test_a_letter_that_goes_out_late_breaches_though_no_tick_had_noticed(at_work: DeskAtWork) -> None:
    complaint = await at_work.letter(matched(ACME))
    at_work.clock.step(hours=25)
    await at_work.sent()
    shown = (await at_work.records.show(complaint.ref)).complaint
    assert (shown.status, shown.breached_at) == (Status.FORWARDED, shown.due_at)
    assert shown.breach_cause == "the relay has not accepted the forward"
    assert (BREACH, MANAGER) in kinds(await at_work.sent())


async def test_forwarding_takes_back_the_warnings_that_have_not_gone_out(at_work: DeskAtWork) -> None:
    complaint = await at_work.letter(matched(ACME))
    [forward] = await at_work.desk.outbox.claim(10)
    at_work.clock.step(hours=13)
    await at_work.desk.escalate()
    await at_work.desk.outbox.settle([Outcome(notice=forward, verdict=Verdict.SENT, reply="250 ok")])
    assert await at_work.sent() == []
    states = {n.kind: n.state for n in (await at_work.records.show(complaint.ref)).notices}
    assert states[WARNING] is NoticeState.CANCELLED


async def test_a_breach_is_never_taken_back(at_work: DeskAtWork) -> None:
    complaint = await at_work.letter(matched(ACME))
    at_work.clock.step(hours=25)
    await at_work.desk.escalate()
    notices = await at_work.desk.outbox.claim(1000)
    await at_work.desk.outbox.settle(
        [Outcome(notice=n, verdict=Verdict.TEMPORARY, reply="451 later") for n in notices if n.kind is BREACH]
        + [Outcome(notice=n, verdict=Verdict.SENT, reply="250 ok") for n in notices if n.kind is FORWARD]
    )
    at_work.clock.step(minutes=1)
    assert {n.kind for n in await at_work.sent()} == {BREACH}
    assert (await at_work.events(complaint.ref)).count("breached") == 1


async def test_a_temporary_refusal_is_tried_again_beyond_the_deadline(at_work: DeskAtWork) -> None:
    complaint = await at_work.letter(matched(ACME))
    tries = 0
    for _ in range(400):
        tries += sum(n.kind is FORWARD for n in await at_work.sent(Verdict.TEMPORARY, "451 4.7.1 greylisted"))
        at_work.clock.step(minutes=5)
        await at_work.desk.escalate()
    assert tries > 100
    assert kinds(await at_work.sent()).count((FORWARD, "ada@acme.example")) == 1
    events = await at_work.events(complaint.ref)
    assert events.count("delivery_delayed") == 1
    assert events[-1] == "forwarded"


async def test_the_message_id_stays_the_same_over_all_tries(at_work: DeskAtWork) -> None:
    await at_work.letter(matched(ACME))
    [first] = await at_work.sent(Verdict.TEMPORARY, "451 later")
    at_work.clock.step(minutes=1)
    [second] = await at_work.sent()
    assert (first.message_id, first.facts) == (second.message_id, second.facts)


async def test_a_claim_that_ended_with_its_holder_is_taken_again_with_the_same_message_id(
    at_work: DeskAtWork,
) -> None:
    await at_work.letter(matched(ACME))
    [lost] = await at_work.desk.outbox.claim(10)
    assert await at_work.desk.outbox.claim(10) == []
    await at_work.desk.outbox.release_claims()
    [again] = await at_work.desk.outbox.claim(10)
    assert again.message_id == lost.message_id


async def test_a_permanent_refusal_goes_to_people_at_once(at_work: DeskAtWork) -> None:
    await at_work.take_customers(replace(ACME, deputies=()))
    complaint = await at_work.letter(matched(ACME))
    await at_work.sent(Verdict.PERMANENT, "550 5.1.1 no such user")
    shown = (await at_work.records.show(complaint.ref)).complaint
    assert (shown.status, shown.review_reason, shown.delivery) == (
        Status.NEEDS_REVIEW,
        "refused",
        "refused",
    )
    assert shown.next_rung_at is not None
    told = await at_work.sent()
    assert kinds(told) == [(NoticeKind.DELIVERY_FAILED, MANAGER), (NoticeKind.DELIVERY_FAILED, TRIAGE)]
    assert told[0].facts["reply"] == "550 5.1.1 no such user"


async def test_i5_a_bounce_undoes_forwarded_and_the_clock_runs_on(at_work: DeskAtWork) -> None:
    await at_work.take_customers(replace(ACME, deputies=()))
    complaint = await at_work.letter(matched(ACME))
    [forward] = await at_work.sent()
    assert await at_work.desk.outbox.bounced([forward.message_id], "550 mailbox unknown") == [complaint.ref]
    assert await at_work.desk.outbox.bounced([forward.message_id], "550 mailbox unknown") == [complaint.ref]
    shown = (await at_work.records.show(complaint.ref)).complaint
    assert (shown.status, shown.due_at, shown.forwarded_at) == (Status.NEEDS_REVIEW, complaint.due_at, None)
    assert shown.next_rung_at is not None
    assert (await at_work.events(complaint.ref)).count("bounced") == 1
    assert {kind for kind, _ in kinds(await at_work.sent())} == {NoticeKind.DELIVERY_FAILED}


async def test_resending_after_a_bounce_is_a_message_of_its_own_to_the_manager_of_today(
    at_work: DeskAtWork,
) -> None:
    complaint = await at_work.letter(matched(ACME))
    [first] = await at_work.sent()
    await at_work.desk.outbox.bounced([first.message_id], "550 unknown")
    await at_work.sent()
    await at_work.take_customers(replace(ACME, supplier_manager_email="new@acme.example"))
    await at_work.desk.resend(complaint.ref, actor="pat")
    [second] = await at_work.sent()
    assert second.recipient == "new@acme.example"
    assert second.message_id != first.message_id
    assert (await at_work.records.show(complaint.ref)).complaint.status is Status.FORWARDED


async def test_an_alarm_that_reaches_nobody_is_passed_to_the_others(at_work: DeskAtWork) -> None:
    await at_work.letter(NOBODY)
    await at_work.sent(Verdict.PERMANENT, "550 no such user")
    assert kinds(await at_work.sent()) == [(NoticeKind.DELIVERY_FAILED, MANAGER)]


async def test_dismissing_needs_a_reason_and_stops_the_clock(at_work: DeskAtWork) -> None:
    complaint = await at_work.letter(NOBODY)
    with pytest.raises(NotAllowed, match="reason"):
        await at_work.desk.dismiss(complaint.ref, "  ", actor="pat")
    await at_work.desk.dismiss(complaint.ref, "an advertisement", actor="pat")
    at_work.clock.step(hours=48)
    assert await at_work.desk.escalate() == []
    assert await at_work.sent() == []


async def test_a_dismissal_by_mistake_can_be_put_right(at_work: DeskAtWork) -> None:
    complaint = await at_work.letter(NOBODY)
    await at_work.desk.dismiss(complaint.ref, "not ours", actor="pat")
    back = await at_work.desk.assign(complaint.ref, "acme", actor="sam")
    assert (back.status, back.closed_at) == (Status.FORWARDING, None)


async def test_what_the_state_does_not_allow_changes_nothing(at_work: DeskAtWork) -> None:
    complaint = await at_work.letter(matched(ACME))
    for attempt in (
        at_work.desk.assign(complaint.ref, "swift", actor="pat"),
        at_work.desk.acknowledge(complaint.ref, actor="pat"),
        at_work.desk.dismiss(complaint.ref, "why not", actor="pat"),
        at_work.desk.close(complaint.ref, actor="pat"),
        at_work.desk.resend(complaint.ref, actor="pat"),
    ):
        with pytest.raises(NotAllowed, match="is being forwarded"):
            await attempt
    assert (await at_work.records.show(complaint.ref)).complaint == complaint


async def test_unknown_names_are_said_to_be_unknown(at_work: DeskAtWork) -> None:
    complaint = await at_work.letter(NOBODY)
    with pytest.raises(UnknownCustomer, match="nobody"):
        await at_work.desk.assign(complaint.ref, "nobody", actor="pat")
    with pytest.raises(UnknownComplaint, match="FW-9999"):
        await at_work.desk.close("FW-9999", actor="pat")


async def test_a_complaint_keeps_the_manager_it_was_given(at_work: DeskAtWork) -> None:
    complaint = await at_work.letter(matched(ACME))
    await at_work.take_customers(replace(ACME, supplier_manager_email="new@acme.example", sla="1h"))
    [forward] = await at_work.sent()
    assert forward.recipient == "ada@acme.example"
    assert (await at_work.records.show(complaint.ref)).complaint.due_at == complaint.due_at


async def test_without_a_triage_team_the_managers_are_asked(database: Database, clock: SteppedClock) -> None:
    desk = DeskAtWork(database, clock, policy=a_policy(triage=()))
    await desk.letter(NOBODY)
    assert kinds(await desk.sent()) == [(REVIEW, MANAGER)]


async def test_a_silent_edit_of_the_history_shows(at_work: DeskAtWork) -> None:
    complaint = await at_work.letter(matched(ACME))
    assert await at_work.records.broken_histories() == {}
    async with at_work.database.writing() as repository:
        await repository.connection.execute(text("UPDATE event SET actor = 'somebody else' WHERE seq = 2"))
    assert await at_work.records.broken_histories() == {
        complaint.ref: ["event 2 was changed after it was written"]
    }
    async with at_work.database.writing() as repository:
        await repository.connection.execute(text("DELETE FROM event WHERE seq = 3"))
    assert "3 events are expected, 2 are there" in (await at_work.records.broken_histories())[complaint.ref]


async def test_a_blind_inbox_is_told_once_and_its_return_too(at_work: DeskAtWork) -> None:
    mailroom, clock = at_work.mailroom, at_work.clock
    mailroom.watching = frozenset({"desk/INBOX"})
    await mailroom.looked("desk/INBOX")
    for _ in range(14):
        clock.step(minutes=1)
        await mailroom.failed("desk/INBOX", "connection refused")
        assert await mailroom.watch() == []
    clock.step(minutes=1)
    assert await mailroom.watch() == ["desk/INBOX"]
    assert await mailroom.watch() == []
    assert kinds(await at_work.sent()) == [
        (NoticeKind.INBOX_BLIND, MANAGER),
        (NoticeKind.INBOX_BLIND, TRIAGE),
    ]
    clock.step(hours=1)
    await mailroom.looked("desk/INBOX")
    await mailroom.looked("desk/INBOX")
    assert {kind for kind, _ in kinds(await at_work.sent())} == {NoticeKind.INBOX_BACK}


async def test_an_inbox_that_hangs_without_a_word_is_blind_too(at_work: DeskAtWork) -> None:
    at_work.mailroom.watching = frozenset({"desk/INBOX"})
    await at_work.mailroom.looked("desk/INBOX")
    at_work.clock.step(minutes=16)
    assert await at_work.mailroom.watch() == ["desk/INBOX"]


async def test_an_inbox_that_was_never_read_is_blind_after_its_time(at_work: DeskAtWork) -> None:
    at_work.mailroom.watching = frozenset({"desk/INBOX"})
    await at_work.mailroom.failed("desk/INBOX", "no such host")
    at_work.clock.step(minutes=15)
    assert await at_work.mailroom.watch() == ["desk/INBOX"]


async def test_i3_a_change_of_terms_leaves_those_of_letters_that_came_before(at_work: DeskAtWork) -> None:
    waiting = await at_work.letter(ambiguous(ACME, SILENT))
    at_work.clock.step(hours=1)
    await at_work.take_customers(replace(ACME, sla="2h", supplier_manager_email="new@acme.example"))
    at_work.clock.step(hours=2)
    assigned = await at_work.desk.assign(waiting.ref, "acme", actor="tests")
    # Three hours after the letter the new terms would have made it late; who reads it is whoever is there now.
    assert (assigned.terms, assigned.breached_at) == ("24h", None)
    assert assigned.manager_email == "new@acme.example"
    later = await at_work.letter(matched(ACME), number=2)
    assert later.terms == "2h"


async def test_terms_change_on_their_day(at_work: DeskAtWork) -> None:
    today = at_work.policy.day(at_work.clock())
    old, new = (
        replace(ACME, valid_until=today),
        replace(ACME, sla="2h", valid_from=today + timedelta(days=1)),
    )
    async with at_work.database.writing() as repository:
        await repository.customers.replace([old, new], at_work.clock())
    before = await at_work.letter(matched(ACME))
    at_work.clock.step(hours=24)
    late = await at_work.letter(matched(ACME), number=2, age=timedelta(hours=20))
    after = await at_work.letter(matched(ACME), number=3)
    assert [one.terms for one in (before, late, after)] == ["24h", "24h", "2h"]


async def test_who_left_the_register_meanwhile_is_sent_nothing(at_work: DeskAtWork) -> None:
    async with at_work.database.writing() as repository:
        await repository.customers.replace([SWIFT], at_work.clock())
    complaint = await at_work.letter(matched(ACME))
    assert (complaint.status, complaint.review_reason) == (Status.NEEDS_REVIEW, "no longer a customer")
    with pytest.raises(UnknownCustomer):
        await at_work.desk.assign(complaint.ref, "acme", actor="tests")


async def is_away(at_work: DeskAtWork, *people: str, days: int = 10) -> None:
    book = Attendance(at_work.database, at_work.policy, at_work.clock)
    last = at_work.policy.day(at_work.clock()) + timedelta(days=days)
    for person in people:
        await book.away(person, first_day=None, last_day=last, stand_in="", actor="tests")


async def test_a_managers_letters_go_to_the_deputy_while_they_are_away(at_work: DeskAtWork) -> None:
    await is_away(at_work, "Ada@acme.example")
    complaint = await at_work.letter(matched(ACME))
    assert kinds(await at_work.sent()) == [(FORWARD, "dan@acme.example")]
    assert complaint.standing_in == "the supplier manager is away until 2026-12-03"
    assert complaint.manager_email == "ada@acme.example"
    dossier = await at_work.records.show(complaint.ref)
    queued = next(event for event in dossier.history if event.name == "forward_queued")
    assert queued.data == {"to": "stand-in", "why": complaint.standing_in}
    at_work.clock.step(hours=24 * 11)
    await at_work.letter(matched(ACME), number=2)
    assert kinds(await at_work.sent()) == [(FORWARD, "ada@acme.example")]


async def test_back_again_is_there_again(at_work: DeskAtWork) -> None:
    await is_away(at_work, "ada@acme.example")
    book = Attendance(at_work.database, at_work.policy, at_work.clock)
    assert [one.email for one in await book.absences()] == ["ada@acme.example"]
    await book.back("ADA@acme.example")
    assert await book.absences() == []
    assert (await at_work.letter(matched(ACME))).recipient_email == "ada@acme.example"
    with pytest.raises(NotAllowed, match="no absence"):
        await book.back("ada@acme.example")


async def test_when_nobody_is_left_a_person_is_asked_at_once(at_work: DeskAtWork) -> None:
    await is_away(at_work, "ada@acme.example", "dan@acme.example")
    complaint = await at_work.letter(matched(ACME))
    assert (complaint.status, complaint.review_reason) == (Status.NEEDS_REVIEW, "everybody is away")
    assert kinds(await at_work.sent()) == [(REVIEW, TRIAGE)]


async def test_the_fallback_is_the_last_resort_and_people_hear_of_it(at_work: DeskAtWork) -> None:
    await at_work.take_customers(replace(ACME, fallback_email="privacy@acme.example"))
    await is_away(at_work, "ada@acme.example", "dan@acme.example")
    complaint = await at_work.letter(matched(ACME))
    assert complaint.status is Status.FORWARDING
    assert sorted(kinds(await at_work.sent())) == [
        (FORWARD, "privacy@acme.example"),
        (NoticeKind.LAST_RESORT, MANAGER),
        (NoticeKind.LAST_RESORT, TRIAGE),
    ]


async def test_resending_to_nobody_is_refused(at_work: DeskAtWork) -> None:
    complaint = await at_work.letter(matched(ACME))
    await at_work.sent()
    await is_away(at_work, "ada@acme.example", "dan@acme.example")
    with pytest.raises(NotAllowed, match="nobody at Acme Ltd can be written to today"):
        await at_work.desk.resend(complaint.ref, actor="tests")
    assert (await at_work.records.show(complaint.ref)).complaint.status is Status.FORWARDED


async def test_an_assignment_offers_what_the_letter_calls_the_customer(at_work: DeskAtWork) -> None:
    book = Teaching(at_work.database, at_work.clock)
    unknown = Unmatched(unknown=("Kettlewell Stores Ltd",))
    complaint = await at_work.letter(unknown)
    await at_work.desk.assign(complaint.ref, "acme", actor="Ann")
    [lesson] = await book.lessons()
    assert (lesson.customer_id, lesson.value, lesson.ref) == ("acme", "Kettlewell Stores Ltd", complaint.ref)
    version = await register_version(at_work)
    await book.take(lesson.id, actor="Ann")
    assert await book.lessons() == []
    assert await register_version(at_work) == version + 1
    await at_work.take_customers(ACME)  # the next import does not unlearn it
    [row, *_] = await CustomerRegister(at_work.database, at_work.clock).taught()
    assert row.aliases == ("Kettlewell Stores Ltd",)
    await book.decline(lesson.id, actor="Ann")
    [row, *_] = await CustomerRegister(at_work.database, at_work.clock).taught()
    assert row.aliases == ()


async def test_a_name_that_another_customer_bears_is_not_learned(at_work: DeskAtWork) -> None:
    complaint = await at_work.letter(Unmatched(unknown=("Swift GmbH",)))
    await at_work.desk.assign(complaint.ref, "acme", actor="Ann")
    book = Teaching(at_work.database, at_work.clock)
    [lesson] = await book.lessons()
    with pytest.raises(NotAllowed, match="is swift Swift GmbH too"):
        await book.take(lesson.id, actor="Ann")
    assert [one.state for one in await book.lessons(everything=True)] == [LessonState.OFFERED]
    with pytest.raises(NotAllowed, match="there is no lesson 99"):
        await book.take(99, actor="Ann")


async def test_a_decision_that_is_undone_offers_nothing(at_work: DeskAtWork) -> None:
    complaint = await at_work.letter(Unmatched(unknown=("Kettlewell Stores Ltd",)))
    await at_work.take_customers(replace(ACME, deputies=()))
    await at_work.desk.assign(complaint.ref, "acme", actor="Ann")
    await at_work.sent(Verdict.PERMANENT)
    await at_work.desk.assign(complaint.ref, "swift", actor="Ann")
    book = Teaching(at_work.database, at_work.clock)
    assert [(one.customer_id, one.state) for one in await book.lessons(everything=True)] == [
        ("acme", LessonState.DECLINED),
        ("swift", LessonState.OFFERED),
    ]


async def register_version(at_work: DeskAtWork) -> int:
    async with at_work.database.reading() as repository:
        return await repository.customers.version()


async def test_a_large_register_is_indexed_once_and_taken_up_by_the_next_start(
    at_work: DeskAtWork, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("complaints.customers._WORTH_KEEPING", 1)
    day, path = at_work.policy.day(at_work.clock()), tmp_path / "customers.index"

    def started() -> CustomerRegister:
        return CustomerRegister(at_work.database, at_work.clock, kept_at=path)

    built: list[int] = []
    build = CustomerIndex.build
    monkeypatch.setattr(CustomerIndex, "build", lambda rows: built.append(len(list(rows))) or build(rows))
    first, second = started(), started()
    built.clear()
    assert (await first.on(day)).index.get("acme") == ACME
    assert (await second.on(day)).index.get("acme") == ACME
    assert built == [3]
    await at_work.take_customers(replace(ACME, name="Acme Holdings Ltd", valid_until=day))
    for register in (first, second):
        known = (await register.on(day)).index.get("acme")
        assert known is not None
        assert known.name == "Acme Holdings Ltd"
    assert built == [3, 3]
    # On the day after, it is another index: what is in force is part of what it was made of.
    await second.on(day + timedelta(days=1))
    assert built == [3, 3, 3]


async def test_an_index_that_cannot_be_kept_is_used_all_the_same(
    at_work: DeskAtWork, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("complaints.customers._WORTH_KEEPING", 1)
    nowhere = tmp_path / "missing" / "customers.index"
    register = CustomerRegister(at_work.database, at_work.clock, kept_at=nowhere)
    assert (await register.on(at_work.policy.day(at_work.clock()))).index.get("acme") == ACME
