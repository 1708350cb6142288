"""A calendar as it is kept with the deadlines that were counted in it.

Public holidays are written out for the years that a deadline touches, so that neither a new version of the
list of holidays nor a change of the calendar itself can alter how an old deadline is explained. What is kept
is known by a short digest of its content: it changes when something changes that those years know of.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from complaints.deadlines.working_calendar import Calendar, Window

DIGEST = 12
"""Hexadecimal digits by which a kept calendar is known."""


def kept(calendar: Calendar, received_at: datetime, due_at: datetime) -> Calendar:
    """The calendar for the years from receipt to due instant, every closed day of them by date and name."""
    first, last = (instant.astimezone(calendar.zone).year for instant in (received_at, due_at))
    return _written_out(calendar, min(first, last), max(first, last))


def digest_of(content: Mapping[str, Any]) -> str:
    """What a content is known by."""
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:DIGEST]


def content_of(calendar: Calendar) -> dict[str, Any]:
    """A kept calendar as JSON: zone, seconds after midnight of each weekday's windows, closed days by name."""
    return {
        "timezone": calendar.timezone,
        "week": [[[window.opens, window.closes] for window in day] for day in calendar.week],
        "closed": {day.isoformat(): calendar.holiday(day) for day in sorted(calendar.dates)},
    }


def from_content(content: Mapping[str, Any]) -> Calendar:
    """The calendar that :func:`content_of` wrote down."""
    closed = {date.fromisoformat(day): str(name) for day, name in content["closed"].items()}
    week = tuple(
        tuple(Window(opens=opens, closes=closes) for opens, closes in day) for day in content["week"]
    )
    return Calendar(
        timezone=content["timezone"], week=week, dates=frozenset(closed), names=tuple(sorted(closed.items()))
    )


@lru_cache(maxsize=1024)
def _written_out(calendar: Calendar, first: int, last: int) -> Calendar:
    day, closed = date(first, 1, 1), {}
    while day.year <= last:
        if name := calendar.holiday(day):
            closed[day] = name
        day += timedelta(days=1)
    return replace(calendar, regions=(), dates=frozenset(closed), names=tuple(sorted(closed.items())))
