"""Whatever the contract says and wherever the clocks change: the quick count agrees with a slow walk (I4)."""

from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from complaints.deadlines import (
    Agreement,
    Calendar,
    Unit,
    brief,
    content_of,
    digest_of,
    explained,
    from_content,
    kept,
    parse_agreement,
    reckon,
)
from tests import slow_clock

# Both kinds of summer time, half an hour of it, none, ends of the date line, changes at midnight.
ZONES = (
    "UTC",
    "Europe/London",
    "Europe/Dublin",
    "Europe/Berlin",
    "America/New_York",
    "America/St_Johns",
    "America/Santiago",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "Asia/Kathmandu",
    "Africa/Casablanca",
)
CHANGES = tuple(
    datetime.fromisoformat(f"{day}T00:00:00+00:00")
    for day in (
        "2026-02-14",
        "2026-03-07",
        "2026-03-28",
        "2026-04-03",
        "2026-09-04",
        "2026-10-02",
        "2026-10-24",
        "2026-10-31",
    )
)
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTE = timedelta(minutes=1)
thorough = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])


@st.composite
def windows(draw: st.DrawFn) -> list[str]:
    edges = draw(st.lists(st.integers(0, 96), min_size=2, max_size=8, unique=True).map(sorted))
    pairs = list(zip(edges[::2], edges[1::2], strict=False))
    return [f"{a // 4:02}:{a % 4 * 15:02}-{b // 4:02}:{b % 4 * 15:02}" for a, b in pairs]


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    days = draw(st.lists(st.sampled_from(WEEK), min_size=1, unique=True))
    offsets = draw(st.lists(st.integers(0, 10), max_size=3))
    return Calendar.parse(
        {
            "timezone": draw(st.sampled_from(ZONES)),
            "hours": draw(st.just("24x7") | st.fixed_dictionaries({day: windows() for day in days})),
            "holidays": [
                (change + timedelta(days=offset)).date().isoformat()
                for change in CHANGES
                for offset in offsets
            ],
        }
    )


receipts = st.builds(
    lambda change, minutes: change + MINUTE * minutes, st.sampled_from(CHANGES), st.integers(0, 3 * 24 * 60)
)
clocks = st.integers(0, 95).map(lambda quarter: f"{quarter // 4:02}:{quarter % 4 * 15:02}")
times = (
    st.integers(0, 4000).map("{}m".format)
    | st.integers(0, 1500).map("{} business minutes".format)
    | st.builds("{} {}days by {}".format, st.integers(1, 4), st.sampled_from(["", "business "]), clocks)
)
whole_days = st.builds("{} {}days".format, st.integers(1, 4), st.sampled_from(["", "business "]))
later = st.sampled_from(["next business day", "next day", "next opening"]) | st.builds(
    "next {}day at {}".format, st.sampled_from(["", "business "]), clocks
)
rules = (
    st.builds("received after {} counts as {}".format, clocks, later)
    | st.builds("not received before {} counts as {}".format, clocks, later)
    | st.builds("received before {} counts as {}".format, clocks, clocks)
    | st.builds("received outside business hours counts as {}".format, later)
    | st.builds("received on a closed day counts as {}".format, later)
)
starts = st.sampled_from(["counted from the next business day", "counted from the day after"])


@st.composite
def agreements(draw: st.DrawFn) -> Agreement:
    start = draw(st.none() | starts)
    time = draw(times if start is None else times | whole_days)
    clauses = [*draw(st.lists(rules, max_size=2)), *([start] if start else [])]
    return parse_agreement("; ".join([time, *clauses]))


def skips_or_repeats(calendar: Calendar, *instants: datetime) -> bool:
    """Whether clocks change about then: the walk knows no policy for times that are skipped or come twice."""
    day = timedelta(hours=26)
    return any(
        (instant - day).astimezone(calendar.zone).utcoffset()
        != (instant + day).astimezone(calendar.zone).utcoffset()
        for instant in instants
    )


@given(agreement=agreements(), calendar=calendars(), received=receipts)
@example(
    agreement=parse_agreement(
        "2 business days; received after 16:00 counts as next business day; counted from the day after"
    ),
    calendar=Calendar.parse(
        {"timezone": "Australia/Lord_Howe", "hours": {"mon": ["09:00-12:00", "13:00-24:00"]}}
    ),
    received=CHANGES[3] + MINUTE * 777,
)
@thorough
def test_every_clause_agrees_with_a_walk_from_minute_to_minute(
    agreement: Agreement, calendar: Calendar, received: datetime
) -> None:
    expected = slow_clock.due(agreement, received, calendar)
    assume(expected is not None)
    found = reckon(agreement, received, calendar)
    if agreement.time.by is not None or any(rule.at is not None for rule in agreement.receipts):
        assume(not skips_or_repeats(calendar, found.counts_as, found.ends_at))
    if agreement.time.unit in {Unit.DAYS, Unit.BUSINESS_DAYS}:
        assume(not skips_or_repeats(calendar, found.ends_at))
    assert found.due_at == expected


@given(agreement=agreements(), calendar=calendars(), received=receipts, cap=st.integers(0, 100))
@thorough
def test_an_explanation_tiles_the_time_and_what_counts_adds_up_to_the_term(
    agreement: Agreement, calendar: Calendar, received: datetime, cap: int
) -> None:
    capped = parse_agreement(
        f"{agreement.time.words} and in any event within {cap}h"
        + agreement.words[len(agreement.time.words) :]
    )
    for terms in (agreement, capped):
        found = reckon(terms, received, calendar)
        steps = explained(found, calendar)
        edges = [min(received, found.counts_as), *(step.end for step in steps)]
        assert [step.start for step in steps] == edges[:-1]
        assert edges[-1] == found.due_at >= received
        assert all(step.start < step.end and step.why for step in steps)
        if found.term.unit in {Unit.SECONDS, Unit.BUSINESS_SECONDS}:
            counted = sum((step.end - step.start for step in steps if step.counted), timedelta())
            assert counted == timedelta(seconds=found.term.amount)
        assert brief(found.term.unit, steps, calendar.zone)


@given(agreement=agreements(), calendar=calendars(), received=receipts)
@thorough
def test_a_kept_calendar_gives_the_same_instant_and_the_same_steps_for_good(
    agreement: Agreement, calendar: Calendar, received: datetime
) -> None:
    found = reckon(agreement, received, calendar)
    content = content_of(kept(calendar, received, found.due_at))
    again = from_content(content)
    assert reckon(agreement, received, again) == found
    assert explained(found, again) == explained(found, calendar)
    assert digest_of(content_of(again)) == digest_of(content)


@given(calendar=calendars(), received=receipts, minutes=st.integers(0, 3000), hours=st.integers(0, 72))
@thorough
def test_a_cap_never_gives_more_time(
    calendar: Calendar, received: datetime, minutes: int, hours: int
) -> None:
    term = parse_agreement(f"{minutes} business minutes")
    capped = parse_agreement(f"{minutes} business minutes and in any event within {hours}h")
    latest = received + timedelta(hours=hours)
    assert reckon(capped, received, calendar).due_at == min(reckon(term, received, calendar).due_at, latest)


def test_the_slow_walk_itself_knows_the_plain_cases() -> None:
    nine_to_five = Calendar.parse({"hours": {day: ["09:00-17:00"] for day in WEEK[:5]}})
    friday = datetime(2026, 11, 27, 16, 30, tzinfo=UTC)
    for words, expected in (
        ("60 business minutes", datetime(2026, 11, 30, 9, 30, tzinfo=UTC)),
        ("1 business day by 12:00", datetime(2026, 11, 30, 12, tzinfo=UTC)),
        ("2 business days; counted from the next business day", datetime(2026, 12, 1, 17, tzinfo=UTC)),
        ("1h; received after 16:00 counts as next business day", datetime(2026, 11, 30, 10, tzinfo=UTC)),
    ):
        assert slow_clock.due(parse_agreement(words), friday, nine_to_five) == expected
