"""The house's working calendar, as the settings describe it."""

import re
from typing import Any

from complaints.deadlines import BadCalendar, Calendar
from complaints.errors import BadSetting
from config.settings import Settings

_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ROUND_THE_CLOCK = "24x7"
_DAYS = re.compile(r"([a-z]{3,9})(?:[-–]([a-z]{3,9}))?")
_SETTING = {"timezone": "timezone", "hours": "business_hours", "holidays": "holidays"}
_HOURS_LIKE = "write e.g. mon-thu 08:00-12:00 13:00-17:00, fri 08:00-12:00, or 24x7"


def house_calendar(settings: Settings) -> Calendar:
    """Open hours and holidays from ``timezone``, ``business_hours`` and ``holidays``.

    ``business_hours`` are clauses parted by commas, each a weekday or a range of them with its windows;
    ``holidays`` regions and single dates parted by commas, empty for none.

    Raises:
        BadSetting: one line naming the setting, its value and what would be right.
    """
    holidays = [word.strip() for word in settings.holidays.split(",") if word.strip()]
    hours = _hours(settings.business_hours)
    try:
        return Calendar.parse({"timezone": settings.timezone, "hours": hours, "holidays": holidays})
    except BadCalendar as error:
        name = _SETTING[error.field]
        raise _bad(name, getattr(settings, name), error.detail) from None


def _hours(written: str) -> dict[str, list[str]] | str:
    text = " ".join(written.lower().split())
    if text == _ROUND_THE_CLOCK:
        return text
    hours: dict[str, list[str]] = {}
    for clause in text.split(","):
        days, *windows = clause.split() or [""]
        if not windows:
            raise _bad("business_hours", written, f"{clause.strip()!r} has no hours; {_HOURS_LIKE}")
        for day in _days(days, written):
            hours.setdefault(day, []).extend(windows)
    return hours


def _days(text: str, written: str) -> list[str]:
    match = _DAYS.fullmatch(text)
    first, last = (match[1][:3], (match[2] or match[1])[:3]) if match else ("", "")
    if first not in _WEEK or last not in _WEEK:
        raise _bad("business_hours", written, f"{text!r} is no weekday and no range of them; {_HOURS_LIKE}")
    start, length = _WEEK.index(first), (_WEEK.index(last) - _WEEK.index(first)) % 7 + 1
    return [_WEEK[(start + number) % 7] for number in range(length)]


def _bad(name: str, value: Any, detail: str) -> BadSetting:
    return BadSetting(f"setting {name} (FORTHWITH_{name.upper()}) is {value!r}: {detail}")
