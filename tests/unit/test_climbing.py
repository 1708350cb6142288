"""Complaints climb their ladders: what happens, who is told, whatever the clock and people do meanwhile."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from complaints.case import Case
from complaints.climbing import climb
from complaints.deadlines import Calendar
from complaints.errors import NotAllowed
from complaints.escalation import Ladder, Ladders, Rung, Until
from complaints.lifecycle import Event, Status
from complaints.model import Complaint
from complaints.outbox import NoticeKind
from complaints.pauses import pause, resume
from complaints.people import Group, People, Person
from complaints.policy import Policy
from tests.desk_fake import NOON, a_complaint
from tests.desks import MANAGER, TRIAGE, a_policy
from tests.unit.test_escalation import AGAIN, BREACH, HALF, MOST, NEARLY, ladders

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
DUE = NOON + 24 * HOUR
PLAIN = Ladders(default=Ladder(rungs=(HALF, MOST, NEARLY, BREACH, AGAIN)))


def waiting(**changes: Any) -> Complaint:
    """A complaint received at noon that nobody has forwarded."""
    return a_complaint(received_at=NOON, status=Status.NEEDS_REVIEW, review_reason="unmatched", **changes)


def with_ladders(ladders_: Ladders = PLAIN, **changes: Any) -> Policy:
    return a_policy(ladder=ladders_, **changes)


class Climber:
    """A complaint that is looked at now and then, and what came of it."""

    def __init__(self, policy: Policy, complaint: Complaint) -> None:
        self.policy, self.complaint = policy, complaint
        self.notices: list[Any] = []
        self.events: list[tuple[str, dict[str, Any]]] = []

    def do(self, act: Any) -> "Climber":
        case = Case(self.complaint)
        act(case)
        self.complaint = case.complaint
        self.notices += case.notices
        self.events += [(one.event.value, one.data) for one in case.happenings]
        return self

    def tick(self, now: datetime) -> list[tuple[str, str]]:
        seen = len(self.notices)
        self.do(lambda case: climb(case, self.policy, now))
        return [(one.kind.value, one.recipient) for one in self.notices[seen:]]

    def rungs(self) -> list[str]:
        return [data["rung"] for _, data in self.events if "rung" in data]


# --- pauses ----------------------------------------------------------------------------------


def test_a_pause_holds_alarms_up_and_then_only_the_highest_is_told() -> None:
    climber = Climber(with_ladders(), waiting())
    climber.do(lambda case: pause(case, climber.policy, 12 * HOUR, NOON + 10 * HOUR, actor="ann", data={}))
    assert climber.complaint.next_rung_at == NOON + 22 * HOUR
    assert climber.tick(NOON + 19 * HOUR) == []
    told = climber.tick(NOON + 22 * HOUR)
    assert told == [("warning", TRIAGE), ("warning", MANAGER)]
    assert climber.rungs() == ["half", "three quarters", "nine tenths"]


def test_no_pause_outlasts_the_deadline_and_the_breach_is_told_at_its_instant() -> None:
    climber = Climber(with_ladders(), waiting())
    climber.do(lambda case: pause(case, climber.policy, 100 * HOUR, NOON + HOUR, actor="ann", data={}))
    assert (climber.complaint.paused_until, climber.complaint.next_rung_at) == (DUE, DUE)
    assert climber.tick(DUE - MINUTE) == []
    assert set(climber.tick(DUE)) == {("breach", TRIAGE), ("breach", MANAGER)}
    assert climber.complaint.breached_at == DUE


def test_a_deadline_that_is_moved_forward_cuts_a_pause_short() -> None:
    climber = Climber(with_ladders(), waiting())
    climber.do(lambda case: pause(case, climber.policy, 20 * HOUR, NOON, actor="ann", data={}))
    sooner = NOON + 4 * HOUR
    climber.do(lambda case: case.change(due_at=sooner, deadline_version=2))
    assert climber.tick(NOON + 3 * HOUR) == []
    assert climber.complaint.next_rung_at == sooner
    assert {kind for kind, _ in climber.tick(sooner)} == {"breach"}


def test_after_the_breach_a_pause_holds_up_the_reminders() -> None:
    climber = Climber(with_ladders(), waiting())
    climber.do(lambda case: pause(case, climber.policy, 12 * HOUR, DUE + HOUR, actor="ann", data={}))
    assert "breached" in {name for name, _ in climber.events}
    assert climber.tick(DUE + 9 * HOUR) == []
    assert {kind for kind, _ in climber.tick(DUE + 13 * HOUR)} == {"reminder"}


def test_when_a_pause_is_ended_what_has_come_is_told_at_once() -> None:
    climber = Climber(with_ladders(), waiting())
    climber.do(lambda case: pause(case, climber.policy, 10 * HOUR, NOON + 11 * HOUR, actor="ann", data={}))
    climber.do(lambda case: resume(case, climber.policy, NOON + 13 * HOUR, actor="bob"))
    assert climber.rungs() == ["half"]
    with pytest.raises(NotAllowed, match="not paused"):
        climber.do(lambda case: resume(case, climber.policy, NOON + 13 * HOUR, actor="bob"))


def test_a_shorter_pause_takes_nothing_from_a_longer_one() -> None:
    climber = Climber(with_ladders(), waiting())
    for hours in (5, 1):
        climber.do(lambda case, h=hours: pause(case, climber.policy, h * HOUR, NOON, actor="a", data={}))
    assert climber.complaint.paused_until == NOON + 5 * HOUR
    assert [name for name, _ in climber.events] == ["paused"]


def test_a_step_onwards_ends_a_pause() -> None:
    climber = Climber(with_ladders(), waiting())
    climber.do(lambda case: pause(case, climber.policy, 5 * HOUR, NOON, actor="a", data={}))
    climber.do(lambda case: case.happen(Event.ASSIGNED, NOON))
    assert climber.complaint.paused_until is None


@pytest.mark.parametrize("length", [timedelta(0), -HOUR, timedelta(days=8)])
def test_a_pause_of_no_sensible_length_is_refused(length: timedelta) -> None:
    climber = Climber(with_ladders(), waiting())
    with pytest.raises(NotAllowed, match="from a minute to 7 days"):
        climber.do(lambda case: pause(case, climber.policy, length, NOON, actor="a", data={}))


# --- people ----------------------------------------------------------------------------------

NIGHT = ["00:00-07:00", "22:00-24:00"]
NIGHTS = Calendar.parse({"timezone": "UTC", "hours": dict.fromkeys(("mon", "tue", "wed"), NIGHT)})


def ann(**changes: Any) -> People:
    return People(persons=(Person(name="Ann", addresses=(TRIAGE,), quiet=NIGHTS),), **changes)


def test_no_breach_waits_for_the_morning_and_no_warning_for_which_there_is_no_time() -> None:
    # Half of the time is gone at 23:00: eleven hours are left then, and at 07:00 only three.
    climber = Climber(with_ladders(people=ann()), waiting(due_at=NOON + 22 * HOUR))
    climber.tick(NOON + 11 * HOUR)
    assert [(one.kind, one.not_before) for one in climber.notices] == [(NoticeKind.WARNING, None)]
    breached = Climber(with_ladders(people=ann()), waiting(due_at=NOON + 11 * HOUR))
    breached.tick(NOON + 11 * HOUR)
    [told] = [one for one in breached.notices if one.recipient == TRIAGE]
    assert (told.kind, told.not_before) == (NoticeKind.BREACH, None)


def test_a_warning_in_a_long_term_waits_and_the_next_one_replaces_it() -> None:
    rungs = (Rung(name="at eleven", at=-61 * HOUR, tells=("triage",)), BREACH)
    policy = with_ladders(Ladders(default=Ladder(rungs=rungs)), people=ann())
    case = Case(waiting(due_at=NOON + 72 * HOUR))
    climb(case, policy, NOON + 11 * HOUR)
    [warning] = case.notices
    assert warning.not_before == NOON + 19 * HOUR
    assert case.superseded == {NoticeKind.WARNING: [TRIAGE]}


def test_a_group_is_who_is_on_duty_at_that_instant() -> None:
    class Alternating:
        def on_duty(self, at: datetime) -> tuple[str, ...]:
            return ("Ann",) if at < DUE else ()

    people = ann(groups=(Group(name="oncall", roster=Alternating()),))
    rungs = (Rung(name="half", at=0.5, tells=("oncall",)), replace(BREACH, tells=("oncall",)), AGAIN)
    climber = Climber(with_ladders(Ladders(default=Ladder(rungs=rungs)), people=people), waiting())
    assert climber.tick(NOON + 12 * HOUR) == [("warning", TRIAGE)]
    told = climber.tick(DUE)
    # Nobody is on duty: the people of the next rung hear of it at once, and the managers why.
    assert set(told) == {("breach", MANAGER), ("breach", TRIAGE), ("arrangements", MANAGER)}


def test_an_address_as_long_as_web_hooks_have_them_fits_into_the_key() -> None:
    hook = "json://hooks.example/" + "x" * 900
    rungs = (replace(BREACH, tells=(hook,)),)
    climber = Climber(with_ladders(Ladders(default=Ladder(rungs=rungs))), waiting())
    climber.tick(DUE)
    assert climber.notices[0].recipient == hook
    assert len(climber.notices[0].dedupe_key) < 700


# --- acknowledgement and answer --------------------------------------------------------------


def test_until_it_is_acknowledged_some_rungs_go_on_after_the_forward() -> None:
    rungs = (BREACH, replace(AGAIN, until=Until.ACKNOWLEDGED))
    climber = Climber(with_ladders(Ladders(default=Ladder(rungs=rungs))), waiting())
    climber.tick(DUE + 5 * HOUR)
    sent = DUE + 6 * HOUR
    climber.do(lambda case: case.change(status=Status.FORWARDED, forwarded_at=sent))
    assert climber.tick(sent) == []
    assert climber.complaint.next_rung_at == DUE + 8 * HOUR
    assert {kind for kind, _ in climber.tick(DUE + 8 * HOUR)} == {"unacknowledged"}
    climber.do(lambda case: case.happen(Event.ACKNOWLEDGED, sent))
    assert climber.tick(DUE + 12 * HOUR) == []
    assert climber.complaint.next_rung_at is None


def test_a_bounce_while_rungs_waited_for_the_acknowledgement_still_breaches_at_the_deadline() -> None:
    rungs = (BREACH, Rung(name="ask", at=0.0, every=HOUR, until=Until.ACKNOWLEDGED, tells=("triage",)))
    climber = Climber(with_ladders(Ladders(default=Ladder(rungs=rungs))), waiting())
    climber.do(lambda case: case.change(status=Status.FORWARDED, forwarded_at=NOON + HOUR))
    climber.tick(DUE + 3 * HOUR)
    climber.do(lambda case: case.happen(Event.BOUNCED, DUE + 3 * HOUR, forwarded_at=None))
    assert ("breach", MANAGER) in climber.tick(DUE + 3 * HOUR)
    assert climber.complaint.breached_at == DUE


def test_each_forward_has_its_own_time_to_be_acknowledged() -> None:
    rungs = (Rung(name="no word", at=24 * HOUR, tells=("manager", "triage")),)
    policy = with_ladders(Ladders(default=PLAIN.default, acknowledgement=Ladder(rungs=rungs)))
    climber = Climber(policy, waiting(recipient_email="mary@acme.example"))
    for sent in (NOON + HOUR, NOON + 50 * HOUR):
        climber.do(lambda case, at=sent: case.change(status=Status.FORWARDED, forwarded_at=at))
        assert climber.tick(sent) == []
        told = climber.tick(sent + 24 * HOUR)
        assert told == [("unacknowledged", "mary@acme.example"), ("unacknowledged", TRIAGE)]
    assert climber.notices[0].facts["to_customer"] == "yes"
    assert "to_customer" not in climber.notices[1].facts


def test_reminders_of_the_day_to_answer_by_go_on_until_it_is_answered() -> None:
    rungs = (
        Rung(name="a week", at=timedelta(days=-7), tells=("triage",)),
        Rung(name="daily", at=timedelta(days=-2), every=timedelta(days=1), tells=("triage",)),
    )
    policy = with_ladders(Ladders(default=PLAIN.default, answer=Ladder(rungs=rungs)))
    climber = Climber(policy, waiting(respond_by=date(2026, 12, 10)))
    climber.do(lambda case: case.change(status=Status.ACKNOWLEDGED, forwarded_at=NOON))
    told = {}
    for day in range(30):
        for one in climber.tick(NOON + timedelta(days=day)):
            told.setdefault((NOON + timedelta(days=day)).date().isoformat(), []).append(one)
        if day == 20:
            climber.do(lambda case: case.happen(Event.ANSWERED, NOON))
    days = ["2026-12-03", *(f"2026-12-{day:02}" for day in range(8, 14))]
    assert list(told) == days
    assert {kind for kinds in told.values() for kind, _ in kinds} == {"answer_due"}


def test_the_day_to_answer_by_begins_when_the_houses_people_are_at_work() -> None:
    rungs = (Rung(name="the day", at=timedelta(0), tells=("triage",)),)
    policy = with_ladders(Ladders(default=PLAIN.default, answer=Ladder(rungs=rungs)))
    for day, hour in ((date(2027, 3, 27), 9), (date(2027, 3, 29), 8)):  # clocks go forward in between
        climber = Climber(policy, waiting(respond_by=day))
        climber.do(lambda case: case.change(status=Status.FORWARDED, forwarded_at=NOON))
        climber.tick(NOON)
        assert climber.complaint.next_rung_at == datetime(2027, 3, day.day, hour, tzinfo=UTC)


def test_a_pause_ends_on_the_day_to_answer_by_and_one_after_it_holds() -> None:
    rungs = (
        Rung(name="the day", at=timedelta(0), tells=("triage",)),
        Rung(name="late", at=timedelta(days=2), tells=("triage",)),
    )
    policy = with_ladders(Ladders(default=PLAIN.default, answer=Ladder(rungs=rungs)))
    climber = Climber(policy, waiting(respond_by=NOON.date() + timedelta(days=3)))
    climber.do(lambda case: case.change(status=Status.FORWARDED, forwarded_at=NOON))
    morning = NOON + timedelta(days=2, hours=21)
    climber.do(lambda case: pause(case, policy, timedelta(days=6), NOON, actor="ann", data={}))
    assert (climber.complaint.paused_until, climber.complaint.next_rung_at) == (morning, morning)
    assert climber.tick(morning) == [("answer_due", TRIAGE)]
    day = timedelta(days=1)
    climber.do(lambda case: pause(case, policy, 2 * day, morning + day, actor="ann", data={}))
    assert climber.tick(morning + 2 * day) == []
    assert climber.tick(morning + 3 * day) == [("answer_due", TRIAGE)]


# --- whatever happens (I7) -------------------------------------------------------------------

GAPS = st.lists(st.integers(1, 2000), min_size=1, max_size=10)


def climbed(ladder: Ladder, minutes: list[int], changes: dict[int, int], ticks: set[int]) -> Climber:
    """A complaint whose deadline is changed now and then, looked at when something happens and at ticks."""
    climber = Climber(with_ladders(Ladders(default=ladder)), waiting(due_at=NOON + minutes[0] * MINUTE))
    climber.tick(NOON)
    for minute in sorted({*changes, *ticks}):
        now = NOON + minute * MINUTE
        if minute in ticks or minute in changes:
            climber.tick(now)
        if minute in changes:
            due, version = NOON + changes[minute] * MINUTE, climber.complaint.deadline_version + 1
            climber.do(lambda case, d=due, v=version: case.change(due_at=d, deadline_version=v))
            climber.tick(now)
    return climber


@given(
    ladder=ladders(),
    term=st.integers(1, 3000),
    changes=st.dictionaries(st.integers(1, 4000), st.integers(1, 5000), max_size=3),
    one=GAPS,
    other=GAPS,
)
@settings(max_examples=100, deadline=None)
def test_i7_each_rung_is_told_once_a_version_and_person_and_the_same_whatever_the_ticking(
    ladder: Ladder, term: int, changes: dict[int, int], one: list[int], other: list[int]
) -> None:
    end = max(sum(one), sum(other), *changes, 1) + 1
    climbers = [
        climbed(ladder, [term], changes, {*(sum(gaps[: n + 1]) for n in range(len(gaps))), end})
        for gaps in (one, other)
    ]
    happened = []
    for climber in climbers:
        keys = [notice.dedupe_key for notice in climber.notices if notice.kind in NoticeKind]
        rung_keys = [key for key in keys if key.startswith("rung:")]
        assert len(rung_keys) == len(set(rung_keys))
        once = {rung.name for rung in ladder.rungs if rung.every is None}
        happened.append(
            sorted((data["rung"], data["due"]) for _, data in climber.events if data.get("rung") in once)
        )
        assert climber.complaint.next_rung_at is None or climber.complaint.next_rung_at > NOON + end * MINUTE
    assert happened[0] == happened[1]
    assert climbers[0].complaint.breached_at == climbers[1].complaint.breached_at
    assert climbers[0].complaint.next_rung_at == climbers[1].complaint.next_rung_at
