"""A letter that somebody brought to the supplier manager: the promise is met, and the record says how. On both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from complaints.auditor.auditor import Auditor
from complaints.errors import NotAllowed
from complaints.lifecycle import Event, Status
from complaints.outbox import NoticeKind, NoticeState, Outcome, Verdict
from complaints.store.database import Database
from tests.conftest import SteppedClock
from tests.desks import ACME, NOBODY, DeskAtWork, kinds, matched

ALONE = replace(ACME, deputies=())
HOW = "on a USB stick, signed for by Ada"


@pytest.fixture
async def work(database: Database, clock: SteppedClock) -> DeskAtWork:
    at_work = DeskAtWork(database, clock)
    await at_work.take_customers(ALONE)
    return at_work


async def nothing_differs(work: DeskAtWork) -> None:
    auditor = Auditor(work.database, work.policy, work.clock, tolerance=timedelta(minutes=2), place="tests")
    assert [one.words for one in (await auditor.audit()).findings] == []


async def test_what_no_relay_takes_is_brought_and_counts_from_then(work: DeskAtWork) -> None:
    ref = (await work.letter(matched(ALONE))).ref
    await work.sent(Verdict.PERMANENT, "552 5.3.4 too big")
    await work.sent()
    work.clock.step(hours=3)
    await work.desk.hand_over(ref, HOW, actor="pat")
    work.clock.step(hours=100)
    assert await work.desk.escalate() == []
    shown = await work.records.show(ref)
    assert (shown.complaint.status, shown.complaint.delivery) == (Status.ACKNOWLEDGED, "by hand")
    at = shown.complaint.received_at + timedelta(hours=3)
    assert (shown.complaint.forwarded_at, shown.complaint.acknowledged_at) == (at, at)
    [event] = [one for one in shown.history if one.name == Event.HANDED_OVER]
    assert (event.actor, event.data) == ("pat", {"how": HOW})
    await nothing_differs(work)


async def test_what_waits_for_the_relay_is_taken_back(work: DeskAtWork) -> None:
    ref = (await work.letter(matched(ALONE))).ref
    await work.sent(Verdict.TEMPORARY, "451 4.7.1 later")
    await work.desk.hand_over(ref, HOW, actor="pat")
    work.clock.step(hours=1)
    assert await work.sent() == []
    await nothing_differs(work)


async def test_what_is_being_sent_at_that_moment_is_evidence(work: DeskAtWork) -> None:
    ref = (await work.letter(matched(ALONE))).ref
    claimed = await work.desk.outbox.claim(10)
    await work.desk.hand_over(ref, HOW, actor="pat")
    await work.desk.outbox.settle(
        [Outcome(notice=one, verdict=Verdict.SENT, reply="250 Ok") for one in claimed]
    )
    shown = await work.records.show(ref)
    assert shown.complaint.status is Status.ACKNOWLEDGED
    assert shown.history[-1].name == Event.ALSO_FORWARDED
    [forward] = [one for one in shown.notices if one.kind is NoticeKind.FORWARD]
    assert forward.state is NoticeState.SENT
    await nothing_differs(work)


async def test_brought_too_late_is_late(work: DeskAtWork) -> None:
    ref = (await work.letter(matched(ALONE))).ref
    await work.sent(Verdict.PERMANENT, "552 5.3.4 too big")
    work.clock.step(hours=25)
    handed = await work.desk.hand_over(ref, HOW, actor="pat")
    assert handed.breached_at == handed.due_at
    assert NoticeKind.BREACH in {kind for kind, _ in kinds(await work.sent())}


@pytest.mark.parametrize(
    ("how", "held", "words"),
    [(" ", False, "give it with --how"), (HOW, True, "a legal hold lies on it")],
)
async def test_it_is_refused_without_a_way_and_under_a_hold(
    work: DeskAtWork, how: str, held: bool, words: str
) -> None:
    ref = (await work.letter(matched(ALONE))).ref
    if held:
        await work.desk.hold(ref, "an order", actor="ann")
    with pytest.raises(NotAllowed, match=words):
        await work.desk.hand_over(ref, how, actor="pat")


async def test_what_is_nobodys_or_sent_cannot_be_handed_over(work: DeskAtWork) -> None:
    nobodys = (await work.letter(NOBODY)).ref
    with pytest.raises(NotAllowed, match="assign it first"):
        await work.desk.hand_over(nobodys, HOW, actor="pat")
    ref = (await work.letter(matched(ALONE), number=2)).ref
    await work.sent()
    with pytest.raises(NotAllowed):
        await work.desk.hand_over(ref, HOW, actor="pat")
