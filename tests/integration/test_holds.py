"""Legal hold: by no way does anything of a held complaint go to a customer. On both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from complaints.auditor.auditor import Auditor
from complaints.errors import NotAllowed
from complaints.lifecycle import Event, Status
from complaints.model import Decision, Kind
from complaints.outbox import NoticeKind, NoticeState, Outcome, Verdict
from complaints.store.database import Database
from complaints.store.tables import complaint as complaint_table
from tests.conftest import SteppedClock
from tests.desks import ACME, NOBODY, SWIFT, TRIAGE, DeskAtWork, ambiguous, kinds, matched

THEIRS = {"ada@acme.example", "dan@acme.example", "sue@swift.example"}
ORDER = "You must not inform your customer of this notice"


@pytest.fixture
async def work(database: Database, clock: SteppedClock) -> DeskAtWork:
    at_work = DeskAtWork(database, clock)
    await at_work.take_customers(ACME, SWIFT)
    return at_work


async def to_customers(work: DeskAtWork) -> list[str]:
    return [one.recipient for one in await work.sent() if one.recipient in THEIRS]


async def a_long_time(work: DeskAtWork) -> list[str]:
    """Everything that reaches a customer's people within ten days."""
    told = []
    for _ in range(40):
        work.clock.step(hours=6)
        await work.desk.escalate()
        told += await to_customers(work)
    return told


@pytest.mark.parametrize(
    "letter", [{"forbids": ORDER}, {"kind": Kind.NOTICE_TO_PROCESSOR}], ids=["forbids", "to us"]
)
async def test_a_letter_that_may_not_be_told_is_held_by_itself(
    work: DeskAtWork, letter: dict[str, object]
) -> None:
    # Even if the engine had decided to pass it on.
    one = await work.letter(matched(ACME), **letter)
    assert one.held_at == work.clock()
    assert (one.status, one.customer_id) == (Status.NEEDS_REVIEW, "acme")
    assert {kind for kind, _ in kinds(await work.sent())} == {NoticeKind.REVIEW}
    assert await a_long_time(work) == []


async def test_a_letter_that_perhaps_forbids_it_waits_for_a_person_and_is_not_held(work: DeskAtWork) -> None:
    near = replace(matched(ACME), why="it may forbid telling the customer")
    one = await work.letter(near, decision=Decision.TRIAGE, may_forbid="Keep this letter confidential")
    assert (one.status, one.review_reason, one.held_at) == (Status.NEEDS_REVIEW, "may forbid", None)
    [review] = await work.sent()
    assert (review.kind, review.recipient, review.facts["mark"]) == (
        NoticeKind.REVIEW,
        TRIAGE,
        "may forbid",
    )
    assert await a_long_time(work) == []
    late = (await work.records.show(one.ref)).complaint
    assert late.breach_cause == "waiting for a person: may forbid"
    await work.desk.assign(one.ref, "acme", actor="ann")
    assert await to_customers(work) == ["ada@acme.example"]


async def test_no_verb_sends_what_is_held_until_a_person_has_released_it(work: DeskAtWork) -> None:
    ref = (await work.letter(NOBODY)).ref
    await work.desk.hold(ref, "an order", actor="ann")
    assert (await work.desk.hold(ref, "once more", actor="bob")).hold_reason == "an order"
    assigned = await work.desk.assign(ref, "acme", actor="ann")
    assert (assigned.status, assigned.review_reason) == (Status.NEEDS_REVIEW, "on hold")
    with pytest.raises(NotAllowed, match="must be released first"):
        await work.desk.resend(ref, actor="ann")
    assert await a_long_time(work) == []
    with pytest.raises(NotAllowed, match="give one with --why"):
        await work.desk.release(ref, " ", actor="ann")
    released = await work.desk.release(ref, "lifted", actor="ann")
    assert released.held_at is None
    assert await to_customers(work) == [], "a release sends nothing by itself"
    with pytest.raises(NotAllowed, match="no hold"):
        await work.desk.release(ref, "again", actor="ann")
    await work.desk.assign(ref, "acme", actor="ann")
    assert await to_customers(work) == ["ada@acme.example"]
    assert (await work.events(ref)).count(Event.HELD) == 1


async def test_a_forward_that_waits_is_taken_back(work: DeskAtWork) -> None:
    ref = (await work.letter(matched(ACME))).ref
    held = await work.desk.hold(ref, "an order", actor="ann")
    assert (held.status, held.review_reason) == (Status.NEEDS_REVIEW, "on hold")
    assert kinds(await work.sent()) == [(NoticeKind.REVIEW, TRIAGE)]
    assert await a_long_time(work) == []


@pytest.mark.parametrize("verdict", [Verdict.SENT, Verdict.TEMPORARY])
async def test_a_forward_that_is_with_the_relay_already_is_told_and_not_tried_again(
    work: DeskAtWork, verdict: Verdict
) -> None:
    ref = (await work.letter(matched(ACME))).ref
    claimed = await work.desk.outbox.claim(10)
    await work.desk.hold(ref, "an order", actor="ann")
    await work.desk.outbox.settle(
        [Outcome(notice=one, verdict=verdict, reply="250 or 451") for one in claimed]
    )
    one = (await work.records.show(ref)).complaint
    assert one.status is Status.NEEDS_REVIEW
    [forward] = [n for n in (await work.records.show(ref)).notices if n.kind is NoticeKind.FORWARD]
    if verdict is Verdict.SENT:
        assert one.review_reason == "on its way when held"
    else:
        assert forward.state is NoticeState.CANCELLED
    assert await a_long_time(work) == []


async def test_a_letter_that_goes_on_with_a_held_case_is_held_too(work: DeskAtWork) -> None:
    first = await work.letter(matched(ACME), forbids=ORDER)
    second = await work.letter(matched(ACME), number=2, follows=first.ref, kind=Kind.FOLLOW_UP)
    assert second.hold_reason == f"a hold lies on the case that it follows, {first.ref}"
    assert (second.status, second.review_reason) == (Status.NEEDS_REVIEW, "on hold")
    await work.desk.release(first.ref, "lifted", actor="ann")
    third = await work.letter(matched(ACME), number=3, follows=first.ref, kind=Kind.FOLLOW_UP)
    assert (third.held_at, third.status) == (None, Status.FORWARDING)
    assert await to_customers(work) == ["ada@acme.example"]


async def test_a_hold_lies_on_every_complaint_by_the_letter(work: DeskAtWork) -> None:
    letter = await work.letter(ambiguous(ACME, SWIFT))
    acme, swift = await work.desk.split(letter.ref, ["acme", "swift"], actor="ann")
    await work.desk.hold(swift.ref.lower(), "an order", actor="ann")
    for one in (acme, swift):
        held = (await work.records.show(one.ref)).complaint
        assert (held.hold_reason, held.status) == ("an order", Status.NEEDS_REVIEW)
    assert await a_long_time(work) == []


async def test_a_forward_that_is_claimed_and_not_tried_yet_may_not_go(work: DeskAtWork) -> None:
    ref = (await work.letter(matched(ACME))).ref
    [forward] = await work.desk.outbox.claim(10)
    assert await work.desk.outbox.may_go(forward)
    await work.desk.hold(ref, "an order", actor="ann")
    assert not await work.desk.outbox.may_go(forward)
    await work.desk.release(ref, "lifted", actor="ann")
    await work.desk.outbox.settle([Outcome(notice=forward, verdict=Verdict.TEMPORARY, reply="taken back")])
    work.clock.step(hours=1)
    assert "ada@acme.example" not in await to_customers(work), "neither a release nor a stopped try sends it"


async def test_a_claim_that_ran_out_is_not_taken_again(work: DeskAtWork, clock: SteppedClock) -> None:
    ref = (await work.letter(matched(ACME))).ref
    await work.desk.outbox.claim(10)
    await work.desk.hold(ref, "an order", actor="ann")
    clock.step(minutes=10)
    await work.desk.outbox.release_claims()
    assert await to_customers(work) == []


async def test_i2_whatever_wrote_it_no_forward_of_a_held_complaint_is_handed_out(work: DeskAtWork) -> None:
    one = await work.letter(matched(ACME))
    async with work.database.writing() as repository:
        await repository.connection.execute(
            complaint_table.update().where(complaint_table.c.id == one.id).values(held_at=work.clock())
        )
    assert await to_customers(work) == []


async def test_who_has_it_is_not_reminded_and_no_deputy_gets_it(work: DeskAtWork) -> None:
    ref = (await work.letter(matched(ACME))).ref
    [forward] = await work.sent()
    await work.desk.hold(ref, "an order came later", actor="ann")
    await work.desk.outbox.away(forward.message_id, None)
    assert await a_long_time(work) == []
    await work.desk.outbox.bounced([forward.message_id], "550 5.1.1 no such user")
    assert await a_long_time(work) == []


async def test_the_clock_runs_on_and_the_breach_names_the_hold(work: DeskAtWork, clock: SteppedClock) -> None:
    ref = (await work.letter(matched(ACME), forbids=ORDER)).ref
    await a_long_time(work)
    one = (await work.records.show(ref)).complaint
    assert one.breached_at is not None
    assert one.breach_cause == "a legal hold forbids telling the customer"
    made = await Auditor(
        work.database, work.policy, clock, tolerance=timedelta(hours=7), place="tests"
    ).check()
    assert made.findings == ()


async def test_a_settled_complaint_cannot_be_held(work: DeskAtWork) -> None:
    ref = (await work.letter(NOBODY)).ref
    await work.desk.dismiss(ref, "spam", actor="ann")
    with pytest.raises(NotAllowed, match="dismissed cannot be held"):
        await work.desk.hold(ref, "an order", actor="ann")
