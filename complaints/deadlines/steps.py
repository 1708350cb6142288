"""The instants that lie between receipt and due, or after it: all that the ladder and its people need."""

from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import islice

from complaints.deadlines.open_hours import at_wall, open_from
from complaints.deadlines.working_calendar import Calendar

_MOST_STRETCHES = 20
"""Of one open time: a night is two, a weekend a handful, and who is always quiet is told after some days."""


def share(received_at: datetime, due_at: datetime, fraction: float) -> datetime:
    """The instant at which this fraction of the elapsed time from receipt to due is gone."""
    return received_at + (due_at - received_at) * fraction


def shifted(instant: datetime, by: timedelta) -> datetime:
    """``by`` (exact, may be negative) after ``instant``."""
    return instant + by


def day_before(day: date) -> date:
    """The last day of what ends when something else begins on ``day``."""
    return day - timedelta(days=1)


def day_after(day: date) -> date:
    """The first day after what lasts until ``day``."""
    return day + timedelta(days=1)


def days_between(first: date, last: date) -> int:
    """How many days ``last`` lies after ``first``; negative where it lies before."""
    return (last - first).days


def repeat_at(first: datetime, every: timedelta, index: int) -> datetime:
    """The instant of repeat number ``index`` (0 is ``first`` itself)."""
    return first + every * index


def repeats_passed(first: datetime, every: timedelta, now: datetime) -> int:
    """How many repeats have come by ``now``, ``first`` included."""
    return 0 if now < first else (now - first) // every + 1


def half_of_what_is_left(now: datetime, due: datetime) -> datetime:
    """The instant halfway from now to the end of the time."""
    return share(now, due, 0.5)


def sooner(instant: datetime, *others: datetime | None) -> datetime:
    """The earliest of these, as far as they are known."""
    return min((instant, *(other for other in others if other is not None)))


def morning_of(day: date, hour: float, zone: tzinfo) -> datetime:
    """The instant (UTC) at which the clocks of ``zone`` show this hour of ``day``."""
    return at_wall(day, timedelta(hours=hour), zone)


def turn_at(first: datetime, every: timedelta, at: datetime, zone: tzinfo) -> int:
    """Whose turn it is, counted from 0, where turns change by the clock on the wall; negative before the first.

    Args:
        first: the wall clock's reading (naive) at which turn 0 begins.
        every: the length of a turn, in whole days of the wall clock.
        at: aware.
        zone: in which the wall clock hangs.
    """
    return (at.astimezone(zone).replace(tzinfo=None) - first) // every


def closes_at(calendar: Calendar, instant: datetime) -> datetime | None:
    """The end (UTC) of the open stretch that holds this instant, over midnights; None: it is closed then."""
    end: datetime | None = None
    for opens, closes in islice(open_from(calendar, instant), _MOST_STRETCHES):
        if opens > (end or instant):
            break
        end = closes
    return end


def instant_of(reading: datetime, zone: tzinfo) -> datetime:
    """The instant (UTC) at which the clocks of ``zone`` show this; one with an offset of its own is meant as it is."""
    if reading.tzinfo is not None:
        return reading.astimezone(UTC)
    return at_wall(reading.date(), reading - datetime(reading.year, reading.month, reading.day), zone)  # noqa: DTZ001
