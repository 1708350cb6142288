"""How a deadline came about, in one line for people: what counts, on which days, and what does not."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from complaints.deadlines.explanation import Interval
from complaints.deadlines.terms import Unit

_MOST = 5
"""Stretches or reasons that one line tells; of more only their number."""


def brief(unit: Unit, intervals: Sequence[Interval], zone: ZoneInfo) -> str:
    """One line, its times in the calendar's zone.

    Args:
        unit: what the term counts.
        intervals: of :func:`explained`.
        zone: the calendar's.
    """
    counted = [one for one in intervals if one.counted]
    skipped = [one.why for one in intervals if not one.counted]
    parts = []
    if unit is Unit.SECONDS:
        parts.append("every hour counts")
    elif counted:
        name = _span if unit is Unit.BUSINESS_SECONDS else _day
        parts.append("counted: " + ", ".join(_some([name(one, zone) for one in counted])))
    if skipped:
        parts.append("not counted: " + ", ".join(_some(list(dict.fromkeys(skipped)))))
    return "; ".join(parts) or "due at once"


def _some(told: list[str]) -> Iterable[str]:
    return told if len(told) <= _MOST + 1 else _shortened(told)


def _shortened(told: list[str]) -> Iterator[str]:
    yield from told[: _MOST - 1]
    yield f"{len(told) - _MOST} more"
    yield told[-1]


def _span(one: Interval, zone: ZoneInfo) -> str:
    start, end = one.start.astimezone(zone), one.end.astimezone(zone)
    until = _clock(end) if end.date() == start.date() else f"{_date(end)} {_clock(end)}"
    return f"{_date(start)} {_clock(start)} to {until}"


def _day(one: Interval, zone: ZoneInfo) -> str:
    return _date(one.start.astimezone(zone))


def _date(local: datetime) -> str:
    return f"{local:%a} {local.day} {local:%b}"


def _clock(local: datetime) -> str:
    return f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
