"""From a day and a period to the period's last day, in the calendar of whoever set it."""

import calendar
from datetime import date, timedelta
from functools import lru_cache

import holidays
from dateutil.easter import easter

from complaints.recognition.dates import PeriodFound

EUROPEAN_UNION = "EU"
"""Country of the bodies of the Union in the registers; their periods follow Regulation 1182/71."""


def add_period(base: date, period: PeriodFound, country: str) -> date:
    """The last day of ``period``; the first day is not counted.

    Args:
        base: the day the period runs from.
        period: weeks are seven days, a month ends on the same day number (or the month's last day).
        country: ISO 3166 alpha-2, whose public holidays working days skip; GB means England and Wales,
            EU the institutions of the Union.
    """
    if period.unit == "working day":
        return _add_working_days(base, period.count, country)
    if period.unit == "month":
        return _add_months(base, period.count)
    days = {"day": period.count, "week": 7 * period.count, "hour": -(-period.count // 24)}[period.unit]
    return base + timedelta(days=days)


def next_working_day(day: date, country: str) -> date:
    """``day`` itself where it is one, else the next (Regulation (EEC, Euratom) No 1182/71, article 3(4))."""
    return day if is_working_day(day, country) else _add_working_days(day, 1, country)


def is_working_day(day: date, country: str) -> bool:
    """No Saturday, no Sunday, no public holiday of ``country``."""
    return day.weekday() < 5 and day not in _holidays(country, day.year)


def _add_months(base: date, count: int) -> date:
    years, month = divmod(base.month - 1 + count, 12)
    year = base.year + years
    return date(year, month + 1, min(base.day, calendar.monthrange(year, month + 1)[1]))


def _add_working_days(base: date, count: int, country: str) -> date:
    day = base
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day, country)
    return day


@lru_cache(maxsize=256)
def _holidays(country: str, year: int) -> frozenset[date]:
    if country == EUROPEAN_UNION:
        return frozenset(_days_off_of_the_union(year))
    try:
        subdivision = "ENG" if country == "GB" else None
        return frozenset(holidays.country_holidays(country, subdiv=subdivision, years=year))
    except NotImplementedError:
        return frozenset()


def _days_off_of_the_union(year: int) -> list[date]:
    """The holidays that the Commission publishes each year in the Official Journal (Regulation 1182/71, article 2)."""
    fixed = ((1, 1), (1, 2), (5, 1), (5, 9), (7, 21), (8, 15), (11, 1), (11, 2))
    from_easter = (-3, -2, 1, 39, 40, 50)  # Maundy Thursday to Whit Monday
    return [
        *(date(year, month, day) for month, day in fixed),
        *(easter(year) + timedelta(days=offset) for offset in from_easter),
        *(date(year, 12, day) for day in range(24, 32)),
    ]
