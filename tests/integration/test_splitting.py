"""One letter about several customers, a body that gives more time, the month's report. On both databases."""

import csv
import io
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from complaints.answering import AnswerDesk
from complaints.auditor.auditor import Auditor
from complaints.confirmation import Says
from complaints.errors import NotAllowed, UnknownCustomer
from complaints.escalation import Ladder, Ladders, Rung
from complaints.lifecycle import Event, Status
from complaints.model import Customer
from complaints.outbox import NoticeKind, Verdict
from complaints.reports import BadMonth, MonthToCome
from complaints.store.database import Database
from config.ladder import load_ladder
from flows.report import as_csv, as_json, markdown
from tests.conftest import SteppedClock
from tests.desks import ACME, NOBODY, SWIFT, DeskAtWork, a_policy, ambiguous, kinds, matched

ADA, SUE = "ada@acme.example", "sue@swift.example"
LONDON = ZoneInfo("Europe/London")


@pytest.fixture
async def work(database: Database, clock: SteppedClock) -> DeskAtWork:
    at_work = DeskAtWork(database, clock)
    await at_work.take_customers(ACME, SWIFT)
    return at_work


async def nothing_differs(work: DeskAtWork) -> None:
    auditor = Auditor(work.database, work.policy, work.clock, tolerance=timedelta(minutes=2), place="tests")
    assert [one.words for one in (await auditor.audit()).findings] == []


# --- a letter about several customers -------------------------------------------------------------


async def test_each_customer_of_a_letter_gets_a_complaint_of_its_own(work: DeskAtWork) -> None:
    letter = await work.letter(ambiguous(ACME, SWIFT))
    await work.sent()
    work.clock.step(minutes=5)

    acme, swift = await work.desk.split(letter.ref, ["acme", "swift"], actor="ann")

    assert (acme.ref, acme.customer_id, acme.status) == (letter.ref, "acme", Status.FORWARDING)
    assert (swift.customer_id, swift.status) == ("swift", Status.FORWARDING)
    assert swift.ref != letter.ref
    assert (swift.received_at, swift.mail_id) == (letter.received_at, letter.mail_id)
    assert (acme.due_at - acme.received_at, swift.due_at - swift.received_at) == (
        timedelta(hours=24),
        timedelta(hours=4),
    )
    sent = await work.sent()
    forwards = {one.recipient: one for one in sent if one.kind is NoticeKind.FORWARD}
    assert set(forwards) == {ADA, SUE}
    assert {one.mail_id for one in forwards.values()} == {letter.mail_id}
    assert "Swift" not in str(forwards[ADA].facts)
    assert "Acme" not in str(forwards[SUE].facts)
    assert Event.SPLIT in await work.events(letter.ref)
    shown = [await work.records.show(one.ref) for one in (acme, swift)]
    assert shown[0].arrivals
    assert shown[0].arrivals == shown[1].arrivals
    assert (await work.events(swift.ref))[:2] == [Event.RECEIVED, Event.MATCHED]
    await nothing_differs(work)


async def test_the_same_split_once_more_changes_nothing(work: DeskAtWork) -> None:
    letter = await work.letter(ambiguous(ACME, SWIFT))
    first = await work.desk.split(letter.ref, ["acme", "swift"], actor="ann")
    again = await work.desk.split(first[1].ref, ["swift", "acme", "swift"], actor="bob")
    assert [one.ref for one in again] == [one.ref for one in first]
    assert [r for _, r in kinds(await work.sent()) if r in (ADA, SUE)] == [ADA, SUE]


async def test_a_letter_that_has_gone_to_one_customer_may_concern_another_too(work: DeskAtWork) -> None:
    letter = await work.letter(matched(ACME), age=timedelta(hours=5))
    await work.sent()

    acme, swift = await work.desk.split(letter.ref, ["swift"], actor="ann")

    assert (acme.status, acme.customer_id) == (Status.FORWARDED, "acme")
    assert swift.breached_at is not None, "its time ran from the receipt of the letter"
    assert [r for k, r in kinds(await work.sent()) if k is NoticeKind.FORWARD] == [SUE]
    await nothing_differs(work)


async def test_what_a_customer_sent_back_goes_to_those_whom_it_concerns_instead(work: DeskAtWork) -> None:
    third = replace(SWIFT, id="third", name="Third Ltd", supplier_manager_email="tim@third.example")
    await work.take_customers(ACME, SWIFT, third)
    letter = await work.letter(matched(ACME))
    [forward] = [one for one in await work.sent() if one.kind is NoticeKind.FORWARD]
    answers = AnswerDesk(work.database, work.policy, work.clock, frozenset())
    await answers.replied(forward, ADA, Says.NOT_THEIRS)

    swift, other = await work.desk.split(letter.ref, ["swift", "third"], actor="ann")

    assert (swift.ref, swift.customer_id, swift.status) == (letter.ref, "swift", Status.FORWARDING)
    assert (other.customer_id, other.status) == ("third", Status.FORWARDING)
    sent = [one for one in await work.sent() if one.kind is NoticeKind.FORWARD]
    assert {one.recipient for one in sent} == {SUE, "tim@third.example"}
    assert all("acme" not in str(one.facts).lower() for one in sent)
    await nothing_differs(work)


async def test_what_a_customer_sent_back_stays_theirs_where_a_person_says_so(work: DeskAtWork) -> None:
    letter = await work.letter(matched(ACME))
    [forward] = [one for one in await work.sent() if one.kind is NoticeKind.FORWARD]
    answers = AnswerDesk(work.database, work.policy, work.clock, frozenset())
    await answers.replied(forward, ADA, Says.NOT_THEIRS)

    acme, swift = await work.desk.split(letter.ref, ["acme", "swift"], actor="ann")

    assert (acme.ref, acme.customer_id, acme.status) == (letter.ref, "acme", Status.NEEDS_REVIEW)
    assert (swift.customer_id, swift.status) == ("swift", Status.FORWARDING)


async def test_what_was_split_off_by_mistake_is_dismissed_and_can_be_had_again(work: DeskAtWork) -> None:
    await work.take_customers(Customer(id="swift", name="Swift GmbH"))
    letter = await work.letter(matched(ACME))
    _, swift = await work.desk.split(letter.ref, ["swift"], actor="ann")
    assert swift.review_reason == "no manager on file"
    await work.desk.dismiss(swift.ref, "a mistake", actor="ann")
    [_, again] = await work.desk.split(letter.ref, ["swift"], actor="ann")
    assert again.ref not in (letter.ref, swift.ref)


async def test_nobody_gets_anything_by_a_split_with_an_unknown_customer(work: DeskAtWork) -> None:
    letter = await work.letter(ambiguous(ACME, SWIFT))
    with pytest.raises(UnknownCustomer, match="no customer nobody"):
        await work.desk.split(letter.ref, ["acme", "nobody"], actor="ann")
    with pytest.raises(NotAllowed, match="name each of them"):
        await work.desk.split(letter.ref, [], actor="ann")
    assert (await work.records.show(letter.ref)).complaint.status is Status.NEEDS_REVIEW
    assert [r for _, r in kinds(await work.sent()) if r in (ADA, SUE)] == []


async def test_a_hold_lies_on_every_part(work: DeskAtWork) -> None:
    letter = await work.letter(NOBODY, forbids="You must not tell your customer")
    parts = await work.desk.split(letter.ref, ["acme", "swift"], actor="ann")
    assert [(one.status, one.review_reason) for one in parts] == [(Status.NEEDS_REVIEW, "on hold")] * 2
    assert [r for _, r in kinds(await work.sent()) if r in (ADA, SUE)] == []
    await nothing_differs(work)


# --- more time for the answer ----------------------------------------------------------------------


@pytest.fixture
async def reminding(database: Database, clock: SteppedClock) -> DeskAtWork:
    answer = Ladder(rungs=(Rung(name="two days", at=timedelta(days=-2), tells=("triage",)),))
    ladder = Ladders(default=load_ladder(None).default, answer=answer)
    at_work = DeskAtWork(database, clock, policy=a_policy(ladder=ladder))
    await at_work.take_customers(ACME, SWIFT)
    return at_work


async def reminders(work: DeskAtWork, until: date) -> list[date]:
    """The days on which the answer is asked for, a look every six hours."""
    days = []
    while work.clock().date() < until:
        await work.desk.escalate()
        days += [work.clock().date() for n in await work.sent() if n.kind is NoticeKind.ANSWER_DUE]
        work.clock.step(hours=6)
    return days


async def test_reminders_of_the_answer_go_by_the_body_s_later_day(reminding: DeskAtWork) -> None:
    day = reminding.clock().date() + timedelta(days=6)
    later = day + timedelta(days=10)
    one = await reminding.letter(matched(ACME), respond_by=day)
    await reminding.sent()

    extended = await reminding.desk.extend(one.ref, later, "granted by telephone", actor="ann")

    assert (extended.respond_by, extended.due_at) == (later, one.due_at)
    assert await reminders(reminding, later) == [later - timedelta(days=2)]


async def test_a_day_that_is_moved_after_its_reminder_has_another(reminding: DeskAtWork) -> None:
    day = reminding.clock().date() + timedelta(days=6)
    later = day + timedelta(days=10)
    ref = (await reminding.letter(matched(ACME), respond_by=day)).ref
    assert await reminders(reminding, day) == [day - timedelta(days=2)]

    await reminding.desk.extend(ref, later, "granted by telephone", actor="ann")

    assert await reminders(reminding, later) == [later - timedelta(days=2)]
    told = Auditor(
        reminding.database, reminding.policy, reminding.clock, tolerance=timedelta(hours=7), place="tests"
    )
    assert [one.words for one in (await told.audit()).findings] == []


async def test_a_day_is_moved_with_a_reason_and_to_a_later_one_alone(work: DeskAtWork) -> None:
    day = work.clock().date() + timedelta(days=6)
    ref = (await work.letter(matched(ACME), respond_by=day)).ref
    for until, why, words in (
        (day, "so", "name a later day"),
        (day + timedelta(days=1), " ", "give one with --why"),
    ):
        with pytest.raises(NotAllowed, match=words):
            await work.desk.extend(ref, until, why, actor="ann")
    without = (await work.letter(matched(ACME), number=2)).ref
    with pytest.raises(NotAllowed, match="is over"):
        await work.desk.extend(without, date(2020, 1, 1), "so", actor="ann")
    assert Event.EXTENDED not in [*await work.events(ref), *await work.events(without)]


# --- the month's report ----------------------------------------------------------------------------


async def test_the_report_counts_what_was_received_in_the_month(work: DeskAtWork) -> None:
    await work.letter(matched(ACME), number=1)
    await work.letter(matched(SWIFT), number=2, age=timedelta(hours=6))
    await work.letter(NOBODY, number=3)
    await work.letter(matched(ACME), number=4, age=timedelta(days=40))
    await work.desk.escalate()
    await work.sent()
    month = f"{work.clock():%Y-%m}"

    report = await work.records.report(month, LONDON, work.clock())

    assert (report.figures.received, report.figures.forwarded, report.figures.breached) == (3, 2, 1)
    assert [(number, own.received) for number, _, own in report.customers] == [
        ("acme", 1),
        ("swift", 1),
        ("", 1),
    ]
    assert [one.customer_id for one in report.late] == ["swift"]
    page = markdown(report, LONDON)
    assert "| Swift GmbH | 1 | 1 | 0 % | 1 |" in page
    assert "Complaint" in page
    assert as_json(report)["late"][0]["customer"] == "swift"
    rows = list(csv.DictReader(io.StringIO(as_csv(report))))
    assert [(row["customer"], row["in_time"]) for row in rows] == [("acme", "1"), ("swift", "0"), ("", "0")]
    alone = await work.records.report(month, LONDON, work.clock(), "swift")
    assert (alone.figures.received, len(alone.customers)) == (1, 1)
    with pytest.raises(UnknownCustomer):
        await work.records.report(month, LONDON, work.clock(), "nobody")
    with pytest.raises(BadMonth, match="write it as 2026-11"):
        await work.records.report("November", LONDON, work.clock())


async def test_a_month_to_come_is_refused(work: DeskAtWork) -> None:
    now = work.clock()
    with pytest.raises(MonthToCome, match="has not begun"):
        await work.records.report(f"{now.year + 1}-{now:%m}", LONDON, now)


async def test_what_came_back_or_was_refused_counts_whatever_became_of_it(work: DeskAtWork) -> None:
    alone = replace(ACME, deputies=())
    await work.take_customers(alone)
    refused, returned, well = [(await work.letter(matched(alone), number=n)).ref for n in (1, 2, 3)]
    await work.sent(Verdict.PERMANENT, "550 5.1.1 no such user")
    for ref in (refused, returned, well):
        await work.desk.resend(ref, actor="ann")
    sent = {one.ref: one for one in await work.sent() if one.kind is NoticeKind.FORWARD}
    await work.desk.outbox.bounced([sent[returned].message_id], "550 5.1.1 no such user")
    await work.desk.resend(returned, actor="ann")
    await work.sent()

    report = await work.records.report(f"{work.clock():%Y-%m}", LONDON, work.clock())

    assert report.figures.needs_review == 0
    assert report.figures.bounced == 4
    assert [own.bounced for _, _, own in report.customers] == [4]
    found = await work.records.losses([1, 2, 3, 4])
    assert sorted(len(when) for when in found.values()) == [1, 1, 2]
