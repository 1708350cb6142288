"""The ladder, climbed with a clock that is stepped by hand."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from complaints.escalation import BadLadder, Climb, Ladder, Rung, due_rungs, rung_at, tell, unheard
from complaints.outbox import NoticeKind

RECEIVED = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DUE = RECEIVED + timedelta(hours=24)
HOUR = timedelta(hours=1)


def rung(name: str, at: float | timedelta, *tells: str, every: timedelta | None = None) -> Rung:
    late = at >= timedelta(0) if isinstance(at, timedelta) else at >= 1
    kind = NoticeKind.WARNING if not late else NoticeKind.REMINDER if every else NoticeKind.BREACH
    return Rung(name=name, at=at, every=every, tells=tells, kind=kind)


HALF = rung("half", 0.5, "triage")
MOST = rung("three quarters", 0.75, "triage", "deputy")
NEARLY = rung("nine tenths", 0.9, "triage", "deputy", "managers")
BREACH = rung("breach", 1.0, "triage", "managers")
AGAIN = rung("again", 4 * HOUR, "managers", "triage", every=4 * HOUR)
LADDER = Ladder(rungs=(HALF, MOST, NEARLY, BREACH, AGAIN))
PEOPLE = {
    "triage": ("tia@msp.example",),
    "managers": ("max@msp.example",),
    "deputy": ("dee@customer.example",),
}


def climb(done: int, now: datetime, ladder: Ladder = LADDER, due: datetime = DUE) -> Climb:
    return due_rungs(ladder, done, RECEIVED, due, now)


def names(found: Climb) -> list[str]:
    return [reached.name for reached in found.reached]


def test_a_clock_stepped_past_each_rung_reaches_each_once_and_at_its_instant() -> None:
    now, done, history = RECEIVED, 0, []
    for _ in range(33 * 60):
        now += timedelta(minutes=1)
        found = climb(done, now)
        done = found.done
        history += [(reached.name, (reached.at - RECEIVED) / HOUR) for reached in found.reached]
        assert all(reached.at == now for reached in found.reached)
        assert found.next_at is not None
        assert found.next_at > now
    assert history == [
        ("half", 12),
        ("three quarters", 18),
        ("nine tenths", 21.6),
        ("breach", 24),
        ("again", 28),
        ("again", 32),
    ]


def test_nothing_is_reached_before_the_first_rung_and_its_instant_is_told() -> None:
    assert climb(0, RECEIVED) == Climb(reached=(), done=0, next_at=RECEIVED + 12 * HOUR)


def test_a_rung_is_reached_at_its_very_instant_and_not_a_microsecond_before() -> None:
    assert names(climb(3, DUE - timedelta(microseconds=1))) == []
    assert names(climb(3, DUE)) == ["breach"]


def test_after_a_downtime_all_finite_rungs_come_once_each_and_missed_repeats_as_their_newest() -> None:
    found = climb(1, DUE + 365 * 24 * HOUR + HOUR)
    assert names(found) == ["three quarters", "nine tenths", "breach", "again"]
    assert found.reached[-1].at == DUE + 365 * 24 * HOUR
    assert found.done == 4 + 365 * 6
    assert found.next_at == DUE + 365 * 24 * HOUR + 4 * HOUR
    assert climb(found.done, DUE + 365 * 24 * HOUR + 2 * HOUR) == Climb(
        reached=(), done=found.done, next_at=found.next_at
    )


def test_every_kind_of_rung_carries_its_kind_and_place() -> None:
    found = climb(0, DUE + 4 * HOUR)
    assert [(reached.kind, reached.index) for reached in found.reached] == [
        (NoticeKind.WARNING, 0),
        (NoticeKind.WARNING, 1),
        (NoticeKind.WARNING, 2),
        (NoticeKind.BREACH, 3),
        (NoticeKind.REMINDER, 4),
    ]


def test_a_clock_that_was_set_back_unclimbs_nothing() -> None:
    assert climb(5, RECEIVED) == Climb(reached=(), done=5, next_at=DUE + 8 * HOUR)


def test_a_ladder_without_a_repeating_rung_comes_to_its_end() -> None:
    ladder = Ladder(rungs=(HALF, BREACH))
    found = climb(0, DUE + 100 * HOUR, ladder)
    assert (names(found), found.done, found.next_at) == (["half", "breach"], 2, None)
    assert rung_at(ladder, 2, RECEIVED, DUE) is None


def test_shares_and_offsets_are_put_in_the_order_of_their_instants() -> None:
    early = rung("two hours left", -2 * HOUR, "triage")
    ladder = Ladder(rungs=(BREACH, early, NEARLY))
    assert names(climb(0, DUE, ladder)) == ["nine tenths", "two hours left", "breach"]
    short = RECEIVED + 4 * HOUR
    assert names(climb(0, short, ladder, short)) == ["two hours left", "nine tenths", "breach"]


def test_a_warning_that_would_lie_before_receipt_comes_at_receipt() -> None:
    ladder = Ladder(rungs=(rung("two hours left", -2 * HOUR, "triage"), BREACH))
    found = climb(0, RECEIVED, ladder, RECEIVED + HOUR)
    assert [(reached.name, reached.at) for reached in found.reached] == [("two hours left", RECEIVED)]


def test_a_term_of_no_length_reaches_every_share_at_receipt_in_the_order_of_the_file() -> None:
    assert names(climb(0, RECEIVED, LADDER, RECEIVED)) == ["half", "three quarters", "nine tenths", "breach"]


@given(
    minutes=st.integers(1, 5000),
    steps=st.lists(st.integers(0, 4000), max_size=12),
)
@settings(max_examples=100, deadline=None)
def test_however_the_clock_is_stepped_every_rung_is_passed_once(minutes: int, steps: list[int]) -> None:
    due = RECEIVED + timedelta(minutes=minutes)
    now, done, seen = RECEIVED, 0, []
    for step in steps:
        now += timedelta(minutes=step)
        found = climb(done, now, due=due)
        assert found.done == sum(
            1 for index in range(found.done + 3) if rung_at(LADDER, index, RECEIVED, due) <= now
        )
        assert found.next_at == rung_at(LADDER, found.done, RECEIVED, due)
        seen += [reached.index for reached in found.reached]
        done = found.done
    assert seen == sorted(set(seen))
    assert set(range(min(done, 4))) <= set(seen)
    assert done <= 4 or seen[-1] == done - 1


# --- who is told -----------------------------------------------------------------------------


def test_each_person_hears_only_the_highest_rung_that_addresses_them() -> None:
    told = tell(climb(0, RECEIVED + 20 * HOUR).reached, PEOPLE)
    assert {person: reached.name for person, reached in told.items()} == {
        "tia@msp.example": "three quarters",
        "dee@customer.example": "three quarters",
    }
    told = tell(climb(0, DUE).reached, PEOPLE)
    assert {person: reached.name for person, reached in told.items()} == {
        "tia@msp.example": "breach",
        "dee@customer.example": "nine tenths",
        "max@msp.example": "breach",
    }


def test_after_a_long_downtime_people_hear_of_the_breach_before_any_reminder() -> None:
    told = tell(climb(0, DUE + 9 * HOUR).reached, PEOPLE)
    assert {told["max@msp.example"].kind, told["tia@msp.example"].kind} == {NoticeKind.BREACH}
    told = tell(climb(5, DUE + 9 * HOUR).reached, PEOPLE)
    assert told["max@msp.example"].kind is NoticeKind.REMINDER


def test_somebody_in_two_groups_hears_once() -> None:
    groups = {
        "triage": ("Ann@msp.example",),
        "managers": ("ann@MSP.example", " ann@msp.example "),
        "deputy": (),
    }
    assert list(tell(climb(3, DUE).reached, groups)) == ["ann@msp.example"]


def test_addresses_of_the_rung_itself_are_told_as_they_stand() -> None:
    ladder = Ladder(rungs=(rung("breach", 1.0, "Boss@msp.example", "slack://Token/A"),))
    assert list(tell(climb(0, DUE, ladder).reached, {})) == ["boss@msp.example", "slack://Token/A"]


def test_rungs_that_reach_nobody_are_reported() -> None:
    reached = climb(0, DUE).reached
    assert [each.name for each in unheard(reached, {"managers": ("max@msp.example",)})] == [
        "half",
        "three quarters",
    ]
    assert unheard(reached, PEOPLE) == ()


# --- ladders that have no order --------------------------------------------------------------


@pytest.mark.parametrize(
    ("rungs", "field", "complaint"),
    [
        ((rung("late share", 1.5, "triage"),), "at", "between 0% and 100%"),
        ((BREACH, rung("again", 0.5, "triage", every=HOUR)), "at", "after the deadline"),
        ((BREACH, rung("again", -HOUR, "triage", every=HOUR)), "at", "after the deadline"),
        ((BREACH, AGAIN, rung("again too", 5 * HOUR, "triage", every=HOUR)), "every", "only one rung"),
        ((BREACH, rung("again", HOUR, "triage", every=timedelta(0))), "every", "after some time"),
        ((BREACH, AGAIN, rung("a day late", 24 * HOUR, "managers")), "at", "after every other rung"),
    ],
)
def test_a_ladder_whose_order_would_hang_on_the_term_is_refused(
    rungs: tuple[Rung, ...], field: str, complaint: str
) -> None:
    with pytest.raises(BadLadder, match=complaint) as refused:
        Ladder(rungs=rungs)
    assert refused.value.field == field
