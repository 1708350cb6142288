"""From wall clocks to instants: when the calendar is really open.

An instant is open when a clock on the wall of the calendar's zone shows a time inside one of the
day's windows then. Hence, when clocks go forward, the hour that does not exist is never counted, and
when they go back, the hour that comes twice counts twice.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo

from complaints.deadlines.terms import LONGEST_DAYS
from complaints.deadlines.working_calendar import Calendar

Span = tuple[datetime, datetime]
"""From (included) and until (excluded), both UTC."""

_MARGIN = timedelta(hours=3)
_A_DAY = timedelta(days=1)


def at_wall(day: date, wall: timedelta, zone: tzinfo) -> datetime:
    """The instant (UTC) at which the clocks of ``zone`` show ``wall`` after midnight of ``day``.

    A time that comes twice means the first; one that is skipped is read with the offset from before
    the gap, so it falls as long after the change as it stood after the gap's beginning (RFC 5545,
    3.3.5).
    """
    midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a reading of the wall, not an instant
    return (midnight + wall).replace(tzinfo=zone, fold=0).astimezone(UTC)


def wall_of(local: datetime) -> timedelta:
    """What a clock on the wall shows, as time after midnight."""
    return timedelta(
        hours=local.hour, minutes=local.minute, seconds=local.second, microseconds=local.microsecond
    )


def open_spans(calendar: Calendar, day: date) -> tuple[Span, ...]:
    """The instants on which the clocks show an open time of ``day``, in order."""
    windows = calendar.windows(day)
    if not windows:
        return ()
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    spans = []
    for start, end, offset in _steady(day, calendar.zone):
        for window in windows:
            opens = max(start, midnight + timedelta(seconds=window.opens) - offset)
            closes = min(end, midnight + timedelta(seconds=window.closes) - offset)
            if opens < closes:
                spans.append((opens, closes))
    return tuple(spans)


def open_from(calendar: Calendar, instant: datetime) -> Iterator[Span]:
    """What is open from ``instant`` on, for ten years."""
    day = instant.astimezone(calendar.zone).date()
    for _ in range(LONGEST_DAYS):
        for opens, closes in open_spans(calendar, day):
            if closes > instant:
                yield max(opens, instant), closes
        day += _A_DAY


def working_days_after(calendar: Calendar, day: date) -> Iterator[date]:
    """The business days that follow ``day``, for ten years."""
    for distance in range(1, LONGEST_DAYS + 1):
        following = day + timedelta(days=distance)
        if calendar.works(following):
            yield following


def _steady(day: date, zone: tzinfo) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """Stretches with one UTC offset each that together hold all of ``day`` as ``zone`` knows it.

    No zone changes its clocks twice within a day and its margins, so one search finds the change.
    """
    start = at_wall(day, -_MARGIN, zone)
    end = at_wall(day, _A_DAY + _MARGIN, zone)
    first, last = _offset(start, zone), _offset(end, zone)
    if first == last:
        yield start, end, first
        return
    change = _change(start, end, zone)
    yield start, change, first
    yield change, end, last


def _change(before: datetime, after: datetime, zone: tzinfo) -> datetime:
    old = _offset(before, zone)
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if _offset(middle, zone) == old:
            before = middle
        else:
            after = middle
    return after


def _offset(instant: datetime, zone: tzinfo) -> timedelta:
    offset = instant.astimezone(zone).utcoffset()
    assert offset is not None
    return offset
