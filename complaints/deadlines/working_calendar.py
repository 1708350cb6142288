"""When we work: the windows of each weekday in a named time zone, less the holidays."""

import re
import reprlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import holidays

from complaints.errors import ForthwithError


class BadCalendar(ForthwithError):
    """A working calendar cannot be read; the message names the field, its value and what would be right."""

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(f"calendar, {field}: {detail}")
        self.field = field  # timezone, hours or holidays
        self.detail = detail


DAY = 86_400
"""Seconds from one local midnight to the next as a clock on the wall reads them."""

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ROUND_THE_CLOCK = "24x7"

_FIELDS = ("timezone", "hours", "holidays")
_SATURDAY = 5
_MOST_HOLIDAYS = 5000
_WINDOW = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))? ?[-–] ?(\d{1,2}):(\d{2})(?::(\d{2}))?")
_REGION = re.compile(r"[A-Za-z]{2}(?:-[A-Za-z0-9]{1,5})?")


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """A stretch of open hours of one day, half-open: the closing second is no longer part of it."""

    opens: int  # seconds after local midnight
    closes: int  # seconds after local midnight, at most 24:00


@dataclass(frozen=True, kw_only=True, slots=True)
class Calendar:
    """Open hours as a clock on the wall of ``timezone`` shows them."""

    timezone: str = "UTC"  # IANA name
    week: tuple[tuple[Window, ...], ...] = ((Window(opens=0, closes=DAY),),) * 7  # Monday first
    dates: frozenset[date] = frozenset()  # single holidays and closed days
    names: tuple[tuple[date, str], ...] = ()  # of those that have one
    regions: tuple[str, ...] = ()  # whose public holidays are ours, e.g. GB-ENG (ISO 3166-2)

    @classmethod
    def parse(cls, mapping: Mapping[str, Any] | str | None) -> "Calendar":
        """Read the calendar of ``forthwith deadline --json``.

        ``{"timezone": IANA name, "hours": {"mon": ["09:00-12:00", "13:00-17:30"], ...} or "24x7",
        "holidays": [ISO date or region, ...] or a region}``. A field left out is UTC, 24x7, or no
        holidays; a weekday left out is closed. ``"24x7"`` or nothing at all is the whole of UTC.

        Raises:
            BadCalendar: one line naming the field, its value and what would be right.
        """
        if mapping is None or mapping == ROUND_THE_CLOCK:
            return cls()
        if not isinstance(mapping, Mapping):
            raise BadCalendar(
                "as a whole", f"{_shown(mapping)} is no object with timezone, hours and holidays"
            )
        if unknown := [key for key in mapping if key not in _FIELDS]:
            raise BadCalendar(_shown(unknown[0]), f"there is no such field; there are {', '.join(_FIELDS)}")
        dates, regions = _holidays(mapping.get("holidays"))
        zone = _timezone(mapping.get("timezone", "UTC"))
        return cls(timezone=zone, week=_week(mapping.get("hours")), dates=dates, regions=regions)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone itself."""
        return ZoneInfo(self.timezone)

    def with_holidays_of(self, country: str) -> "Calendar | None":
        """The same hours and closed days, with the public holidays of this country; None: they are not known.

        Args:
            country: ISO 3166 alpha-2, or a region of ISO 3166-2.
        """
        try:
            return replace(self, regions=(_region(country),))
        except BadCalendar:
            return None

    def holiday(self, day: date) -> str:
        """The holiday's name where ``day`` is one, or empty."""
        if day in self.dates:
            return next((name for named, name in self.names if named == day), day.isoformat())
        return next((name for region in self.regions if (name := _public(region, day.year).get(day))), "")

    def windows(self, day: date) -> tuple[Window, ...]:
        """The open hours of this day; none on a holiday."""
        hours = self.week[day.weekday()]
        return () if not hours or self.holiday(day) else hours

    def works(self, day: date) -> bool:
        """Whether ``day`` is a business day: it has open hours and is no holiday."""
        return bool(self.windows(day))

    def closed_because(self, day: date) -> str:
        """Why time outside the windows of ``day`` does not count."""
        if name := self.holiday(day):
            return f"holiday {name}"
        return "weekend" if day.weekday() >= _SATURDAY and not self.week[day.weekday()] else "closed"


def _timezone(name: object) -> str:
    try:
        return ZoneInfo(name if isinstance(name, str) else "").key
    except (KeyError, ValueError, OSError):
        raise BadCalendar("timezone", f"{_shown(name)} is no IANA time zone such as Europe/London") from None


def _week(hours: object) -> tuple[tuple[Window, ...], ...]:
    if hours is None or hours == ROUND_THE_CLOCK:
        return Calendar().week
    if not isinstance(hours, Mapping):
        raise BadCalendar("hours", f"{_shown(hours)} is neither 24x7 nor an object of weekdays")
    week: list[tuple[Window, ...]] = [()] * 7
    for name, windows in hours.items():
        week[_weekday(name)] = _merged(_windows(name, windows))
    return tuple(week)


def _weekday(name: object) -> int:
    short = str(name).strip().lower()[:3]
    if short not in WEEKDAYS:
        raise BadCalendar("hours", f"{_shown(name)} is no weekday; write {', '.join(WEEKDAYS)}")
    return WEEKDAYS.index(short)


def _windows(day: object, written: object) -> list[Window]:
    if isinstance(written, str):
        written = [written]
    if not isinstance(written, list | tuple | None):
        raise BadCalendar("hours", f"{day}: {_shown(written)} is no list of windows such as 09:00-17:30")
    return [_window(day, each) for each in written or ()]


def _window(day: object, written: object) -> Window:
    match = _WINDOW.fullmatch(written.strip()) if isinstance(written, str) else None
    if match is None:
        raise BadCalendar("hours", f"{day}: {_shown(written)} is no window such as 09:00-17:30")
    numbers = [int(group or 0) for group in match.groups()]
    opens, closes = _seconds(numbers[:3]), _seconds(numbers[3:])
    if opens is None or closes is None:
        raise BadCalendar(
            "hours", f"{day}: {_shown(written)} names no time of day; they go from 00:00 to 24:00"
        )
    if opens >= closes:
        raise BadCalendar(
            "hours",
            f"{day}: {_shown(written)} ends before it begins; a night is 22:00-24:00 and 00:00-06:00 of the next day",
        )
    return Window(opens=opens, closes=closes)


def _seconds(clock: list[int]) -> int | None:
    hours, minutes, seconds = clock
    total = hours * 3600 + minutes * 60 + seconds
    return total if minutes < 60 and seconds < 60 and total <= DAY else None


def _merged(windows: list[Window]) -> tuple[Window, ...]:
    merged: list[Window] = []
    for window in sorted(windows, key=lambda each: each.opens):
        if merged and window.opens <= merged[-1].closes:
            last = merged.pop()
            merged.append(Window(opens=last.opens, closes=max(last.closes, window.closes)))
        else:
            merged.append(window)
    return tuple(merged)


def _holidays(written: object) -> tuple[frozenset[date], tuple[str, ...]]:
    if isinstance(written, str):
        written = [written] if written.strip() else []
    if not isinstance(written, list | tuple | None) or len(written or ()) > _MOST_HOLIDAYS:
        raise BadCalendar(
            "holidays", f"{_shown(written)} is neither a region such as GB-ENG nor a list of dates"
        )
    dates, regions = set(), []
    for each in written or ():
        if isinstance(each, str) and _REGION.fullmatch(each.strip()):
            regions.append(_region(each.strip().upper()))
        else:
            dates.add(_date(each))
    return frozenset(dates), tuple(regions)


def _date(written: object) -> date:
    try:
        return date.fromisoformat(written.strip() if isinstance(written, str) else "")
    except ValueError:
        raise BadCalendar(
            "holidays", f"{_shown(written)} is neither a date such as 2026-12-25 nor a region such as GB-ENG"
        ) from None


def _region(name: str) -> str:
    try:
        _public(name, 2026)
    except NotImplementedError:
        raise BadCalendar(
            "holidays",
            f"the public holidays of {_shown(name)} are not known; write e.g. GB-ENG, or list the dates",
        ) from None
    return name


@lru_cache(maxsize=1024)
def _public(region: str, year: int) -> Mapping[date, str]:
    country, _, subdivision = region.partition("-")
    # A year at a time and without expanding by itself: what is cached here never changes afterwards.
    # Without a language the names would follow the locale of whoever started the process.
    return dict(
        holidays.country_holidays(
            country, subdiv=subdivision or None, years=year, expand=False, language="en_US"
        )
    )


def _shown(value: object) -> str:
    # Bounded in depth and size, whatever the request holds.
    return reprlib.repr(value)
