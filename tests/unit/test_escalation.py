"""The ladder, climbed with a clock that is stepped by hand."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from complaints.conditions import Condition
from complaints.escalation import (
    LAST_HEIRS,
    BadLadder,
    Climb,
    Ladder,
    Ladders,
    Rung,
    Until,
    due_rungs,
    meant,
    tell,
)
from complaints.outbox import NoticeKind
from tests.desk_fake import a_complaint

RECEIVED = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DUE = RECEIVED + timedelta(hours=24)
HOUR = timedelta(hours=1)


def rung(name: str, at: float | timedelta, *tells: str, every: timedelta | None = None) -> Rung:
    return Rung(name=name, at=at, every=every, tells=tells)


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


def climb(done: datetime | None, now: datetime, ladder: Ladder = LADDER, due: datetime = DUE) -> Climb:
    return due_rungs(ladder, done, RECEIVED, due, now)


def names(found: Climb) -> list[str]:
    return [reached.name for reached in found.reached]


def test_a_clock_stepped_past_each_rung_reaches_each_once_and_at_its_instant() -> None:
    now, done, history = RECEIVED, None, []
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
    assert climb(None, RECEIVED) == Climb(reached=(), done=RECEIVED, next_at=RECEIVED + 12 * HOUR)


def test_a_rung_is_reached_at_its_very_instant_and_not_a_microsecond_before() -> None:
    before = DUE - timedelta(microseconds=1)
    assert names(climb(RECEIVED + 22 * HOUR, before)) == []
    assert names(climb(before, DUE)) == ["breach"]
    assert names(climb(DUE, DUE)) == []


def test_after_a_downtime_all_finite_rungs_come_once_each_and_missed_repeats_as_their_newest() -> None:
    found = climb(RECEIVED + 12 * HOUR, DUE + 365 * 24 * HOUR + HOUR)
    assert names(found) == ["three quarters", "nine tenths", "breach", "again"]
    assert found.reached[-1].at == DUE + 365 * 24 * HOUR
    assert found.next_at == DUE + 365 * 24 * HOUR + 4 * HOUR
    later = climb(found.done, DUE + 365 * 24 * HOUR + 2 * HOUR)
    assert (later.reached, later.next_at) == ((), found.next_at)


def test_of_a_day_that_passed_before_the_letter_came_all_rungs_have_come_and_the_last_is_told() -> None:
    days = timedelta(days=1)
    ladder = Ladder(
        rungs=(
            rung("half", 0.5, "triage"),
            rung("a week is left", -7 * days, "triage"),
            rung("near", -2 * days, "managers", every=days),
            rung("gone", 1 * days, "triage"),
            rung("long gone", 30 * days, "triage"),
        )
    )
    passed = RECEIVED - 5 * days
    found = climb(None, RECEIVED + HOUR, ladder, passed)
    assert names(found) == ["a week is left", "half", "gone", "near"]
    told = {person: reached.name for person, reached in tell(found.reached, PEOPLE).items()}
    assert told == {"tia@msp.example": "gone", "max@msp.example": "near"}
    assert found.next_at == RECEIVED + days
    assert names(climb(found.done, RECEIVED + days, ladder, passed)) == ["near"]


def test_every_kind_of_rung_carries_its_kind() -> None:
    assert [reached.kind for reached in climb(None, DUE + 4 * HOUR).reached] == [
        NoticeKind.WARNING,
        NoticeKind.WARNING,
        NoticeKind.WARNING,
        NoticeKind.BREACH,
        NoticeKind.REMINDER,
    ]


def test_a_clock_that_was_set_back_unclimbs_nothing() -> None:
    done = DUE + 4 * HOUR
    assert climb(done, RECEIVED) == Climb(reached=(), done=done, next_at=DUE + 8 * HOUR)


def test_a_ladder_without_a_repeating_rung_comes_to_its_end() -> None:
    found = climb(None, DUE + 100 * HOUR, Ladder(rungs=(HALF, BREACH)))
    assert (names(found), found.next_at) == (["half", "breach"], None)


def test_a_rung_may_come_some_time_after_the_one_before_it() -> None:
    ladder = Ladder(
        rungs=(
            HALF,
            Rung(name="soon after", after=2 * HOUR, tells=("triage",)),
            Rung(name="and after that", after=11 * HOUR, tells=("triage",)),
            BREACH,
        )
    )
    found = climb(None, DUE + 2 * HOUR, ladder)
    assert [(reached.name, (reached.at - RECEIVED) / HOUR, reached.kind) for reached in found.reached] == [
        ("half", 12, NoticeKind.WARNING),
        ("soon after", 14, NoticeKind.WARNING),
        ("breach", 24, NoticeKind.BREACH),
        ("and after that", 25, NoticeKind.REMINDER),
    ]


def test_several_rungs_may_repeat_and_one_before_the_deadline_warns_until_then() -> None:
    often = rung("often", 0.5, "triage", every=6 * HOUR)
    ladder = Ladder(rungs=(often, BREACH, AGAIN))
    found = climb(None, RECEIVED + 19 * HOUR, ladder)
    assert [(reached.name, reached.kind) for reached in found.reached] == [("often", NoticeKind.WARNING)]
    found = climb(found.done, DUE + 4 * HOUR, ladder)
    assert [(reached.name, reached.kind) for reached in found.reached] == [
        ("often", NoticeKind.REMINDER),
        ("breach", NoticeKind.BREACH),
        ("again", NoticeKind.REMINDER),
    ]
    assert found.next_at == DUE + 6 * HOUR


def test_a_ladder_that_is_changed_on_the_way_tells_nothing_twice() -> None:
    found = climb(None, RECEIVED + 13 * HOUR)
    more = Ladder(rungs=(rung("a tenth", 0.1, "triage"), *LADDER.rungs))
    assert names(climb(found.done, RECEIVED + 19 * HOUR, more)) == ["three quarters"]


def test_shares_and_offsets_are_put_in_the_order_of_their_instants() -> None:
    early = rung("two hours left", -2 * HOUR, "triage")
    ladder = Ladder(rungs=(BREACH, early, NEARLY))
    assert names(climb(None, DUE, ladder)) == ["nine tenths", "two hours left", "breach"]
    short = RECEIVED + 4 * HOUR
    assert names(climb(None, short, ladder, short)) == ["two hours left", "nine tenths", "breach"]


def test_a_warning_that_would_lie_before_receipt_comes_at_receipt() -> None:
    ladder = Ladder(rungs=(rung("two hours left", -2 * HOUR, "triage"), BREACH))
    found = climb(None, RECEIVED, ladder, RECEIVED + HOUR)
    assert [(reached.name, reached.at) for reached in found.reached] == [("two hours left", RECEIVED)]


def test_a_term_of_no_length_reaches_every_share_at_receipt_in_the_order_of_the_file() -> None:
    assert names(climb(None, RECEIVED, LADDER, RECEIVED)) == [
        "half",
        "three quarters",
        "nine tenths",
        "breach",
    ]


OFFSETS = st.integers(-6000, 6000).map(lambda minutes: timedelta(minutes=minutes))
SOME_TIME = st.integers(20, 3000).map(lambda minutes: timedelta(minutes=minutes))
FIRST = st.one_of(
    st.fixed_dictionaries({"at": st.floats(0, 1, allow_nan=False)}), st.fixed_dictionaries({"at": OFFSETS})
)
FURTHER = st.one_of(FIRST, st.fixed_dictionaries({"after": SOME_TIME}))
REPEATS = st.one_of(st.just({}), st.just({}), st.fixed_dictionaries({"every": SOME_TIME}))


@st.composite
def ladders(draw: st.DrawFn) -> Ladder:
    """Any rungs in any order."""
    instants = [draw(FIRST), *draw(st.lists(FURTHER, max_size=7))]
    return Ladder(
        rungs=tuple(
            Rung(name=f"rung {number}", tells=(f"p{number % 3}@msp.example",), **instant, **draw(REPEATS))
            for number, instant in enumerate(instants)
        )
    )


def all_instants(ladder: Ladder, due: datetime, until: datetime) -> set[tuple[str, datetime]]:
    """Every coming of every rung, reckoned one by one."""
    found, before = set(), RECEIVED
    for one in ladder.rungs:
        if one.after is not None:
            at = before + one.after
        elif isinstance(one.at, timedelta):
            at = max(RECEIVED, due + one.at)
        else:
            at = RECEIVED + (due - RECEIVED) * (one.at or 0)
        before = at
        while at <= until:
            found.add((one.name, at))
            if one.every is None:
                break
            at += one.every
    return found


TICKS = st.lists(st.integers(0, 9000), min_size=1, max_size=15)


@given(ladder=ladders(), minutes=st.integers(0, 5000), gaps=TICKS)
@settings(max_examples=200, deadline=None)
def test_i7_however_the_clock_is_stepped_every_rung_comes_once_not_early_and_at_the_first_tick(
    ladder: Ladder, minutes: int, gaps: list[int]
) -> None:
    due = RECEIVED + timedelta(minutes=minutes)
    now, done, seen = RECEIVED, None, set()
    for gap in gaps:
        before, now = done, now + timedelta(minutes=gap)
        found = climb(done, now, ladder, due)
        done = found.done
        fired = {(reached.name, reached.at) for reached in found.reached}
        assert len(fired) == len(found.reached)
        assert not fired & seen
        assert all(before is None or before < at <= now for _, at in fired)
        assert found.next_at is None or found.next_at > now
        assert found.next_at is None or climb(done, found.next_at, ladder, due).reached
        seen |= fired
    everything = all_instants(ladder, due, now)
    once = {one.name for one in ladder.rungs if one.every is None}
    assert {(name, at) for name, at in everything if name in once} <= seen <= everything
    newest: dict[str, datetime] = {}
    for name, at in everything:
        newest[name] = max(at, newest.get(name, at))
    assert set(newest.items()) <= seen


# --- who is told -----------------------------------------------------------------------------


def test_each_person_hears_only_the_highest_rung_that_addresses_them() -> None:
    told = tell(climb(None, RECEIVED + 20 * HOUR).reached, PEOPLE)
    assert {person: reached.name for person, reached in told.items()} == {
        "tia@msp.example": "three quarters",
        "dee@customer.example": "three quarters",
    }
    told = tell(climb(None, DUE).reached, PEOPLE)
    assert {person: reached.name for person, reached in told.items()} == {
        "tia@msp.example": "breach",
        "dee@customer.example": "nine tenths",
        "max@msp.example": "breach",
    }


def test_after_a_long_downtime_people_hear_of_the_breach_before_any_reminder() -> None:
    told = tell(climb(None, DUE + 9 * HOUR).reached, PEOPLE)
    assert {told["max@msp.example"].kind, told["tia@msp.example"].kind} == {NoticeKind.BREACH}
    told = tell(climb(DUE + 4 * HOUR, DUE + 9 * HOUR).reached, PEOPLE)
    assert told["max@msp.example"].kind is NoticeKind.REMINDER


def test_somebody_in_two_groups_hears_once() -> None:
    groups = {
        "triage": ("Ann@msp.example",),
        "managers": ("ann@MSP.example", " ann@msp.example "),
        "deputy": (),
    }
    assert list(tell(climb(RECEIVED + 22 * HOUR, DUE).reached, groups)) == ["ann@msp.example"]


def test_addresses_of_the_rung_itself_are_told_as_they_stand() -> None:
    ladder = Ladder(rungs=(rung("breach", 1.0, "Boss@msp.example", "slack://Token/A"),))
    assert list(tell(climb(None, DUE, ladder).reached, {})) == ["boss@msp.example", "slack://Token/A"]


def test_a_rung_that_reaches_nobody_is_heard_at_once_by_the_people_of_the_next_that_does() -> None:
    reached = climb(None, RECEIVED + 12 * HOUR).reached
    [heard] = meant(reached, a_complaint(), {"managers": ("max@msp.example",)})
    assert (heard.name, heard.instead) == ("half", ("triage",))
    assert list(tell([heard], {"managers": ("max@msp.example",)})) == ["max@msp.example"]
    assert meant(reached, a_complaint(), PEOPLE) == reached


def test_where_no_later_rung_reaches_anybody_managers_and_triage_hear() -> None:
    ladder = Ladder(rungs=(rung("breach", 1.0, "oncall"),))
    [heard] = meant(climb(None, DUE, ladder).reached, a_complaint(), PEOPLE | {"oncall": ()})
    assert heard.tells == LAST_HEIRS


def test_a_rung_is_told_only_of_complaints_that_it_is_meant_for() -> None:
    for_swift = Condition(answers=(("customer", ("swift",)), ("status", ("needs_review", "forwarding"))))
    rungs = (Rung(name="swift", at=0.5, tells=("triage",), when=for_swift), BREACH)
    reached = climb(None, DUE, Ladder(rungs=rungs)).reached
    assert [each.name for each in meant(reached, a_complaint(), PEOPLE)] == ["breach"]
    swift = a_complaint(customer_id="Swift")
    assert [each.name for each in meant(reached, swift, PEOPLE)] == ["swift", "breach"]


def test_a_ladder_may_be_for_urgent_letters_alone() -> None:
    urgent = Ladder(rungs=(BREACH,), name="urgent", fits=Condition(answers=(("urgent", ("yes",)),)))
    ladders = Ladders(default=Ladder(rungs=(BREACH,)), special=(urgent,))
    assert ladders.of(a_complaint(urgent="an answer is wanted by 2026-12-01, 3 days after receipt")) is urgent
    assert ladders.of(a_complaint()) is ladders.default


def test_of_several_ladders_the_first_that_fits_is_climbed() -> None:
    nobodys = Ladder(rungs=(BREACH,), name="nobody's", fits=Condition(answers=(("customer", ("none",)),)))
    icos = Ladder(rungs=(BREACH,), name="ico", fits=Condition(answers=(("authority", ("gb-ico",)),)))
    every = Ladders(default=LADDER, special=(nobodys, icos))
    assert every.of(a_complaint(customer_id="")) is nobodys
    assert every.of(a_complaint()) is icos
    assert every.of(a_complaint(body_id="")) is LADDER


# --- rungs that cannot stand --------------------------------------------------------------


@pytest.mark.parametrize(
    ("rungs", "field", "complaint"),
    [
        ((rung("late share", 1.5, "triage"),), "at", "between 0% and 100%"),
        ((Rung(name="never", tells=("triage",)),), "at", "at or after"),
        ((Rung(name="both", at=0.5, after=HOUR, tells=("triage",)),), "at", "at or after"),
        ((Rung(name="first", after=HOUR, tells=("triage",)),), "after", "no rung before it"),
        ((BREACH, Rung(name="before", after=-HOUR, tells=("triage",))), "after", "some time after"),
        ((BREACH, rung("again", HOUR, "triage", every=timedelta(0))), "every", "after some time"),
        ((replace(BREACH, until=Until.ACKNOWLEDGED),), "until", "only a rung with every"),
    ],
)
def test_a_rung_that_cannot_stand_where_it_does_is_refused(
    rungs: tuple[Rung, ...], field: str, complaint: str
) -> None:
    with pytest.raises(BadLadder, match=complaint) as refused:
        Ladder(rungs=rungs)
    assert refused.value.field == field
