"""The instants that lie between receipt and due, or after it: all that the ladder needs."""

from datetime import date, datetime, timedelta


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
