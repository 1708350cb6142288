"""A forward that a person has sent once more: it breaks no promise that was kept. On both databases."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from complaints.answering import AnswerDesk
from complaints.auditor.auditor import Auditor
from complaints.confirmation import Says
from complaints.lifecycle import Event, Status
from complaints.model import Complaint
from complaints.outbox import NoticeKind, Verdict
from complaints.store.database import Database
from tests.conftest import SteppedClock
from tests.desks import ACME, SWIFT, TRIAGE, DeskAtWork, kinds, matched

ALONE = replace(ACME, deputies=())
UNTIL_ACKNOWLEDGED = replace(ALONE, sla="24h; until acknowledged")
ADA = "ada@acme.example"


@pytest.fixture
async def work(database: Database, clock: SteppedClock) -> DeskAtWork:
    at_work = DeskAtWork(database, clock)
    await at_work.take_customers(ALONE, SWIFT)
    return at_work


async def now(work: DeskAtWork, ref: str) -> Complaint:
    return (await work.records.show(ref)).complaint


async def nothing_differs(work: DeskAtWork) -> None:
    auditor = Auditor(work.database, work.policy, work.clock, tolerance=timedelta(minutes=2), place="tests")
    assert [one.words for one in (await auditor.audit()).findings] == []


async def forwarded(work: DeskAtWork, *, acknowledged: bool = False) -> tuple[str, datetime]:
    """A complaint that was forwarded at once, three days ago."""
    ref = (await work.letter(matched(ALONE))).ref
    [forward] = await work.sent()
    at = work.clock()
    if acknowledged:
        answers = AnswerDesk(work.database, work.policy, work.clock, frozenset())
        await answers.replied(forward, ADA, Says.HAS_IT)
    work.clock.step(hours=72)
    await work.desk.escalate()
    return ref, at


@pytest.mark.parametrize("acknowledged", [False, True])
async def test_to_send_it_again_after_its_time_is_no_breach(work: DeskAtWork, acknowledged: bool) -> None:
    ref, at = await forwarded(work, acknowledged=acknowledged)
    again = await work.desk.resend(ref, actor="pat")
    assert (again.status, again.clock_runs, again.breached_at) == (Status.FORWARDING, False, None)
    work.clock.step(hours=5)
    assert await work.desk.escalate() == []
    assert [kind for kind, _ in kinds(await work.sent())] == [NoticeKind.FORWARD]
    shown = await now(work, ref)
    assert (shown.status, shown.forwarded_at, shown.breached_at) == (Status.FORWARDED, at, None)
    await nothing_differs(work)


async def test_until_acknowledged_one_acknowledgement_is_enough(work: DeskAtWork) -> None:
    await work.take_customers(UNTIL_ACKNOWLEDGED, SWIFT)
    ref, _ = await forwarded(work, acknowledged=True)
    await work.desk.resend(ref, actor="pat")
    await work.sent()
    work.clock.step(hours=5)
    assert await work.desk.escalate() == []
    assert (await now(work, ref)).breached_at is None
    await nothing_differs(work)


async def test_a_second_forward_that_is_refused_undoes_nothing_and_a_person_hears_of_it(
    work: DeskAtWork,
) -> None:
    ref, at = await forwarded(work)
    await work.desk.resend(ref, actor="pat")
    await work.sent(Verdict.PERMANENT, "550 5.1.1 no such user")
    shown = await now(work, ref)
    assert (shown.status, shown.review_reason) == (Status.NEEDS_REVIEW, "refused")
    assert (shown.forwarded_at, shown.clock_runs, shown.breached_at) == (at, False, None)
    assert (NoticeKind.DELIVERY_FAILED, TRIAGE) in kinds(await work.sent())
    await nothing_differs(work)


async def test_a_second_forward_that_comes_back_undoes_nothing_either(work: DeskAtWork) -> None:
    ref, at = await forwarded(work)
    await work.desk.resend(ref, actor="pat")
    [second] = await work.sent()
    await work.desk.outbox.bounced([second.message_id], "550 5.1.1 no such user")
    shown = await now(work, ref)
    assert (shown.status, shown.forwarded_at, shown.breached_at) == (Status.NEEDS_REVIEW, at, None)
    await work.desk.resend(ref, actor="pat")
    await work.sent()
    shown = await now(work, ref)
    assert (shown.status, shown.forwarded_at) == (Status.FORWARDED, at)
    await nothing_differs(work)


async def test_for_another_customer_the_time_runs_from_receipt(work: DeskAtWork) -> None:
    ref, _ = await forwarded(work)
    await work.desk.resend(ref, actor="pat")
    await work.sent(Verdict.PERMANENT, "550 5.1.1 no such user")
    await work.desk.assign(ref, "swift", actor="pat")
    shown = await now(work, ref)
    assert (shown.customer_id, shown.forwarded_at) == ("swift", None)
    assert shown.breached_at == shown.received_at + timedelta(hours=4)
    assert Event.BREACHED in await work.events(ref)
    await work.sent()
    await nothing_differs(work)


async def test_the_first_breach_keeps_its_cause(work: DeskAtWork) -> None:
    letter = await work.letter(matched(ALONE))
    await work.sent(Verdict.TEMPORARY, "451 4.7.1 later")
    work.clock.step(hours=30)
    await work.desk.escalate()
    cause = (await now(work, letter.ref)).breach_cause
    assert cause == "the relay has not accepted the forward"
    await work.sent(Verdict.PERMANENT, "550 5.1.1 no such user")
    await work.desk.assign(letter.ref, "swift", actor="pat")
    shown = await now(work, letter.ref)
    assert (shown.breach_cause, (await work.events(letter.ref)).count(Event.BREACHED)) == (cause, 2)
