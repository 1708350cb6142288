"""Whose turn it is when somebody at a customer's cannot be reached or is away. On both databases."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from complaints.answering import AnswerDesk
from complaints.confirmation import Says
from complaints.delivery_report import Fate, Report
from complaints.lifecycle import Status
from complaints.model import Complaint
from complaints.outbox import Notice, NoticeKind, NoticeState, Outcome, Verdict
from complaints.proof import ForwardProof, Step, ladders_of
from complaints.store.database import Database
from config.ladder import load_ladder
from tests.conftest import SteppedClock
from tests.desks import ACME, MANAGER, TRIAGE, DeskAtWork, a_policy, kinds, matched

ADA, DAN, EVE, FRONT = (f"{name}@acme.example" for name in ("ada", "dan", "eve", "front"))
CHAIN = replace(ACME, deputies=(DAN, EVE), fallback_email=FRONT)
TOLD = [(NoticeKind.DELIVERY_FAILED, MANAGER), (NoticeKind.DELIVERY_FAILED, TRIAGE)]
LAST = [(NoticeKind.LAST_RESORT, MANAGER), (NoticeKind.LAST_RESORT, TRIAGE)]


@pytest.fixture
async def at_work(database: Database, clock: SteppedClock) -> DeskAtWork:
    desk = DeskAtWork(database, clock)
    await desk.take_customers(CHAIN)
    return desk


async def forwarded(at_work: DeskAtWork) -> tuple[Complaint, Notice]:
    complaint = await at_work.letter(matched(CHAIN))
    [forward] = await at_work.sent()
    return complaint, forward


async def shown(at_work: DeskAtWork, ref: str) -> Complaint:
    return (await at_work.records.show(ref)).complaint


async def ladders(at_work: DeskAtWork, ref: str) -> list[ForwardProof]:
    found = await at_work.records.show(ref)
    return ladders_of(found.complaint, found.history, found.notices)


def to_customer(notices: list[Notice]) -> list[str]:
    return [n.recipient for n in notices if n.kind is NoticeKind.FORWARD]


# --- what comes back or is refused -----------------------------------------------------------------


async def test_i5_a_bounce_goes_down_the_chain_to_the_fallback_and_then_to_people_on_one_clock(
    at_work: DeskAtWork,
) -> None:
    complaint, forward = await forwarded(at_work)
    for reader in (DAN, EVE, FRONT):
        at_work.clock.step(minutes=1)
        assert await at_work.desk.outbox.bounced([forward.message_id], "550 5.1.1 unknown") == [complaint.ref]
        now = await shown(at_work, complaint.ref)
        assert (now.status, now.recipient_email, now.due_at) == (Status.FORWARDING, reader, complaint.due_at)
        sent = await at_work.sent()
        assert kinds(sent) == sorted(
            [(NoticeKind.FORWARD, reader), *TOLD, *(LAST if reader == FRONT else [])]
        )
        assert {n.facts["goes_on"] for n in sent if n.kind is NoticeKind.DELIVERY_FAILED} == {reader}
        [forward] = [n for n in sent if n.kind is NoticeKind.FORWARD]
        assert (await shown(at_work, complaint.ref)).forwarded_at == at_work.clock()
    await at_work.desk.outbox.bounced([forward.message_id], "550 5.1.1 unknown")
    left = await shown(at_work, complaint.ref)
    assert (left.status, left.review_reason, left.forwarded_at) == (Status.NEEDS_REVIEW, "bounced", None)
    assert kinds(await at_work.sent()) == TOLD
    assert [one.stands for one in await ladders(at_work, complaint.ref)] == [Step.BOUNCED] * 4


async def test_a_refusal_for_good_goes_to_the_deputy_at_once(at_work: DeskAtWork) -> None:
    complaint = await at_work.letter(matched(CHAIN))
    await at_work.sent(Verdict.PERMANENT, "550 5.1.1 no such user")
    assert to_customer(await at_work.sent()) == [DAN]
    assert (await shown(at_work, complaint.ref)).status is Status.FORWARDED
    assert await at_work.events(complaint.ref) == [
        "received",
        "matched",
        "forward_queued",
        "delivery_failed",
        "passed_on",
        "forward_queued",
        "forwarded",
    ]
    assert [one.to for one in await ladders(at_work, complaint.ref)] == ["supplier manager", "deputy"]


async def test_the_deputys_turn_may_come_after_the_time_and_is_told_as_late(at_work: DeskAtWork) -> None:
    complaint, forward = await forwarded(at_work)
    at_work.clock.step(hours=25)
    await at_work.desk.outbox.bounced([forward.message_id], "550 unknown")
    late = await shown(at_work, complaint.ref)
    assert (late.breached_at, late.status) == (complaint.due_at, Status.FORWARDING)


async def test_one_bad_recipient_holds_up_no_other(at_work: DeskAtWork) -> None:
    one = await at_work.letter(matched(CHAIN))
    other = await at_work.letter(matched(CHAIN), number=2)
    claimed = await at_work.desk.outbox.claim(10)
    outcomes = [
        Outcome(notice=claimed[0], verdict=Verdict.PERMANENT, reply="550 no"),
        Outcome(notice=claimed[1], verdict=Verdict.SENT, reply="250 ok"),
    ]
    await at_work.desk.outbox.settle(outcomes)
    found = {ref: (await shown(at_work, ref)).status for ref in (one.ref, other.ref)}
    assert found == {one.ref: Status.FORWARDING, other.ref: Status.FORWARDED}


async def test_a_bounce_after_the_acknowledgement_is_evidence_alone(at_work: DeskAtWork) -> None:
    complaint, forward = await forwarded(at_work)
    await at_work.desk.acknowledge(complaint.ref, actor="pat")
    await at_work.desk.outbox.bounced([forward.message_id], "550 unknown")
    assert (await shown(at_work, complaint.ref)).status is Status.ACKNOWLEDGED
    assert (await at_work.events(complaint.ref))[-1] == "undelivered"
    assert await at_work.sent() == []
    [ladder] = await ladders(at_work, complaint.ref)
    assert (ladder.stands, ladder.steps[-1].step) == (Step.ACKNOWLEDGED, Step.BOUNCED)


async def test_a_person_who_sends_it_again_begins_the_chain_anew(at_work: DeskAtWork) -> None:
    complaint, forward = await forwarded(at_work)
    await at_work.desk.outbox.bounced([forward.message_id], "550 unknown")
    await at_work.sent()
    await at_work.desk.resend(complaint.ref, actor="pat")
    [again] = await at_work.sent()
    await at_work.desk.outbox.bounced([again.message_id], "550 unknown")
    assert to_customer(await at_work.sent()) == [DAN]


# --- who is away -----------------------------------------------------------------------------------


async def test_an_absence_gives_the_deputy_the_turn_and_the_manager_keeps_theirs(at_work: DeskAtWork) -> None:
    complaint, forward = await forwarded(at_work)
    await at_work.desk.outbox.away(forward.message_id, date(2026, 12, 14))
    await at_work.desk.outbox.away(forward.message_id, date(2026, 12, 14))
    sent = await at_work.sent()
    assert kinds(sent) == sorted([(NoticeKind.ANSWER, TRIAGE), (NoticeKind.FORWARD, DAN)])
    now = await shown(at_work, complaint.ref)
    assert (now.status, now.forwarded_at, now.recipient_email) == (
        Status.FORWARDED,
        forward.created_at,
        DAN,
    )
    assert now.standing_in == "the supplier manager's mailbox answers that they are away"
    answers = AnswerDesk(at_work.database, at_work.policy, at_work.clock, frozenset())
    assert await answers.replied(forward, ADA, Says.HAS_IT) == (complaint.ref, True)


async def test_mailboxes_that_all_answer_by_themselves_get_one_forward_each(at_work: DeskAtWork) -> None:
    complaint, forward = await forwarded(at_work)
    written = [forward]
    for _ in range(6):
        for one in written:
            await at_work.desk.outbox.away(one.message_id, None)
        written += [n for n in await at_work.sent() if n.kind is NoticeKind.FORWARD]
    assert to_customer(written) == [ADA, DAN, EVE, FRONT]
    assert (await shown(at_work, complaint.ref)).status is Status.FORWARDED


async def test_the_deputys_copy_that_bounces_undoes_nothing_and_the_next_is_written_to(
    at_work: DeskAtWork,
) -> None:
    complaint, forward = await forwarded(at_work)
    await at_work.desk.outbox.away(forward.message_id, None)
    [copy] = [n for n in await at_work.sent() if n.kind is NoticeKind.FORWARD]
    await at_work.desk.outbox.bounced([copy.message_id], "550 unknown")
    now = await shown(at_work, complaint.ref)
    assert (now.status, now.forwarded_at) == (Status.FORWARDED, forward.created_at)
    assert to_customer(await at_work.sent()) == [EVE]


async def test_where_the_managers_own_comes_back_the_deputys_is_the_one_that_counts(
    at_work: DeskAtWork,
) -> None:
    complaint, forward = await forwarded(at_work)
    await at_work.desk.outbox.away(forward.message_id, None)
    at_work.clock.step(minutes=5)
    await at_work.sent()
    at_work.clock.step(minutes=5)
    await at_work.desk.outbox.bounced([forward.message_id], "550 unknown")
    now = await shown(at_work, complaint.ref)
    assert now.status is Status.FORWARDED
    assert now.forwarded_at == at_work.clock() - timedelta(minutes=5)
    assert (await at_work.events(complaint.ref))[-4:] == [
        "bounced",
        "passed_on",
        "forward_queued",
        "forwarded",
    ]


async def test_i2_who_was_not_written_to_yet_is_not_once_the_customer_has_sent_it_back(
    at_work: DeskAtWork,
) -> None:
    complaint, forward = await forwarded(at_work)
    await at_work.desk.outbox.away(forward.message_id, None)
    answers = AnswerDesk(at_work.database, at_work.policy, at_work.clock, frozenset())
    await answers.replied(forward, ADA, Says.NOT_THEIRS)
    assert to_customer(await at_work.sent()) == []
    assert (await ladders(at_work, complaint.ref))[-1].stands is Step.WITHDRAWN


REMINDING = """\
rungs: [{name: breach, at: 100%, tell: [managers]}]
acknowledgement: [{name: no word yet, at: +1d, every: 1d, tell: [manager]}]
"""


async def test_an_absence_that_answers_a_reminder_gives_the_deputy_the_turn_and_the_next_reminder(
    database: Database, clock: SteppedClock, tmp_path: Path
) -> None:
    file = tmp_path / "ladder.yaml"
    file.write_text(REMINDING)
    at_work = DeskAtWork(database, clock, a_policy(ladder=load_ladder(file)))
    await at_work.take_customers(CHAIN)
    await forwarded(at_work)
    clock.step(days=1)
    await at_work.desk.escalate()
    [reminder] = await at_work.sent()
    assert (reminder.kind, reminder.recipient) == (NoticeKind.UNACKNOWLEDGED, ADA)
    await at_work.desk.outbox.away(reminder.message_id, None)
    assert to_customer(await at_work.sent()) == [DAN]
    clock.step(days=1)
    await at_work.desk.escalate()
    assert kinds(await at_work.sent()) == [(NoticeKind.UNACKNOWLEDGED, DAN)]


# --- who may acknowledge ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sender", "counts", "by"),
    [
        (ADA, True, ""),
        (EVE, True, ""),
        (FRONT, True, ""),
        ("legal@acme.example", False, "a colleague"),
        ("lawyer@elsewhere.example", False, "somebody else"),
    ],
)
async def test_the_contacts_on_file_acknowledge_and_all_others_are_read_by_a_person(
    at_work: DeskAtWork, sender: str, counts: bool, by: str
) -> None:
    complaint, forward = await forwarded(at_work)
    answers = AnswerDesk(at_work.database, at_work.policy, at_work.clock, frozenset())
    assert await answers.replied(forward, sender, Says.HAS_IT, outsiders=True) == (complaint.ref, counts)
    found = await at_work.records.show(complaint.ref)
    assert (found.complaint.status is Status.ACKNOWLEDGED) is counts
    assert found.history[-1].data.get("by") == (by or "reply")
    assert [kind for kind, _ in kinds(await at_work.sent())] == ([] if counts else [NoticeKind.ANSWER])


# --- reports ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fate", "step", "delivery"),
    [
        (Fate.DELAYED, Step.DELAYED, "delayed"),
        (Fate.RELAYED, Step.RELAYED, "relayed"),
        (Fate.DELIVERED, Step.DELIVERED, "delivered"),
    ],
)
async def test_reports_are_steps_of_the_ladder_and_undo_nothing(
    at_work: DeskAtWork, fate: Fate, step: Step, delivery: str
) -> None:
    complaint, forward = await forwarded(at_work)
    report = Report(fate=fate, words="said", status="2.0.0", reporting_mta="mx.acme.example")
    assert await at_work.desk.outbox.reported([forward.message_id], report) == [complaint.ref]
    now = await shown(at_work, complaint.ref)
    assert (now.status, now.delivery) == (Status.FORWARDED, delivery)
    [ladder] = await ladders(at_work, complaint.ref)
    assert [one.step for one in ladder.steps] == [Step.QUEUED, Step.ACCEPTED, step]
    assert ladder.steps[-1].details == {"status": "2.0.0", "reporting_mta": "mx.acme.example"}


async def test_an_outcome_nobody_knows_is_shown_and_settled_by_what_arrives_for_its_message_id(
    at_work: DeskAtWork,
) -> None:
    complaint = await at_work.letter(matched(CHAIN))
    [forward] = await at_work.sent(Verdict.TEMPORARY, "outcome unknown: the connection broke")
    report = Report(fate=Fate.DELIVERED, words="250 delivered")
    await at_work.desk.outbox.reported([forward.message_id], report)
    found = await at_work.records.show(complaint.ref)
    assert (found.complaint.status, found.notices[0].state) == (Status.FORWARDED, NoticeState.SENT)
    at_work.clock.step(hours=1)
    assert await at_work.desk.outbox.claim(10) == []
    [ladder] = await ladders(at_work, complaint.ref)
    assert [one.step for one in ladder.steps] == [Step.QUEUED, Step.UNKNOWN, Step.ACCEPTED, Step.DELIVERED]


async def test_a_try_that_a_stop_cut_off_is_sent_again_under_the_same_message_id_and_shown(
    at_work: DeskAtWork,
) -> None:
    complaint = await at_work.letter(matched(CHAIN))
    [first] = await at_work.desk.outbox.claim(10)
    at_work.clock.step(minutes=3)
    [again] = await at_work.sent()
    assert again.message_id == first.message_id
    [ladder] = await ladders(at_work, complaint.ref)
    assert [one.step for one in ladder.steps] == [Step.QUEUED, Step.UNKNOWN, Step.ACCEPTED]
    assert ladder.attempts == 2


async def test_the_answer_to_a_forward_whose_outcome_nobody_knows_acknowledges_it(
    at_work: DeskAtWork,
) -> None:
    complaint = await at_work.letter(matched(CHAIN))
    [forward] = await at_work.sent(Verdict.TEMPORARY, "outcome unknown: the connection broke")
    answers = AnswerDesk(at_work.database, at_work.policy, at_work.clock, frozenset())
    assert await answers.replied(forward, ADA, Says.HAS_IT) == (complaint.ref, True)
    assert (await at_work.events(complaint.ref))[-2:] == ["forwarded", "acknowledged"]


async def test_what_the_relay_says_of_a_forward_settled_meanwhile_is_kept_and_changes_nothing(
    at_work: DeskAtWork,
) -> None:
    complaint = await at_work.letter(matched(CHAIN))
    [claimed] = await at_work.desk.outbox.claim(10)
    await at_work.desk.outbox.reported([claimed.message_id], Report(fate=Fate.DELIVERED, words="250"))
    for verdict in (Verdict.SENT, Verdict.TEMPORARY):
        await at_work.desk.outbox.settle(
            [Outcome(notice=claimed, verdict=verdict, reply="250 2.0.0 Ok", queue_id="Q")]
        )
    found = await at_work.records.show(complaint.ref)
    assert (found.notices[0].state, found.notices[0].queue_id) == (NoticeState.SENT, "Q")
    assert (await at_work.events(complaint.ref)).count("forwarded") == 1
