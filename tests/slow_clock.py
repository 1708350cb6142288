"""Deadlines found by walking from minute to minute and looking at the wall each time: slow, and plain to read."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

from complaints.deadlines import Agreement, Calendar, Terms, Unit
from complaints.deadlines.agreement import Day, DeemedReceipt, Start, When

MINUTE = timedelta(minutes=1)
LONGEST = 24 * 24 * 60
"""Minutes after which the walk is given up."""


def minutes_from(instant: datetime) -> Iterator[datetime]:
    for step in range(LONGEST):
        yield instant + MINUTE * step


def first(instant: datetime, fits: Callable[[datetime], bool]) -> datetime | None:
    return next((minute for minute in minutes_from(instant) if fits(minute)), None)


def wall(calendar: Calendar, instant: datetime) -> int:
    """Minutes after local midnight, as the clock on the wall shows them."""
    local = instant.astimezone(calendar.zone)
    return local.hour * 60 + local.minute


def day_of(calendar: Calendar, instant: datetime) -> date:
    return instant.astimezone(calendar.zone).date()


def works(calendar: Calendar, day: date) -> bool:
    return day not in calendar.dates and bool(calendar.week[day.weekday()])


def is_open(calendar: Calendar, instant: datetime) -> bool:
    day, second = day_of(calendar, instant), wall(calendar, instant) * 60
    return day not in calendar.dates and any(
        window.opens <= second < window.closes for window in calendar.week[day.weekday()]
    )


def deemed(rules: tuple[DeemedReceipt, ...], received: datetime, calendar: Calendar) -> datetime | None:
    """When a letter counts as received; None where the walk does not find it."""
    rule = next((rule for rule in rules if _fits(rule, received, calendar)), None)
    if rule is None:
        return received
    today = day_of(calendar, received)
    if rule.day is Day.NEXT_OPENING:
        return first(received, lambda minute: is_open(calendar, minute))
    if rule.day is Day.SAME:
        midnight = received - MINUTE * 60 * 26
        found = first(midnight, lambda minute: day_of(calendar, minute) == today)
    elif rule.day is Day.NEXT:
        found = first(received, lambda minute: day_of(calendar, minute) > today)
    else:
        found = first(
            received,
            lambda minute: day_of(calendar, minute) > today and works(calendar, day_of(calendar, minute)),
        )
        if rule.at is None and found is not None:
            return first(found, lambda minute: is_open(calendar, minute))
    if found is None or rule.at is None:
        return found
    at = rule.at // 60
    return first(found, lambda minute: wall(calendar, minute) >= at)


def _fits(rule: DeemedReceipt, received: datetime, calendar: Calendar) -> bool:
    now, clock = wall(calendar, received), rule.clock // 60
    return {
        When.AFTER: now > clock,
        When.FROM: now >= clock,
        When.BEFORE: now < clock,
        When.OUTSIDE: not is_open(calendar, received),
        When.CLOSED_DAY: not works(calendar, day_of(calendar, received)),
    }[rule.when]


def due(agreement: Agreement, received: datetime, calendar: Calendar) -> datetime | None:
    """The due instant of terms without a cap; None where the walk does not find it."""
    counts = deemed(agreement.receipts, received, calendar)
    if counts is None:
        return None
    begins, day_one = counts, None
    if agreement.start is not Start.RECEIPT:
        today = day_of(calendar, counts)
        any_day = agreement.start is Start.DAY_AFTER
        midnight = first(
            counts,
            lambda minute: (
                day_of(calendar, minute) > today and (any_day or works(calendar, day_of(calendar, minute)))
            ),
        )
        if midnight is None:
            return None
        begins, day_one = midnight, day_of(calendar, midnight)
    ends = _term(agreement.time, begins, day_one, calendar)
    return max(ends, received) if ends else None


def _term(term: Terms, begins: datetime, day_one: date | None, calendar: Calendar) -> datetime | None:
    if term.unit is Unit.SECONDS:
        return begins + timedelta(seconds=term.amount)
    if term.unit is Unit.BUSINESS_SECONDS:
        return _business_time(term.amount // 60, begins, calendar)
    return _day_by_day(term, begins, day_one, calendar)


def _business_time(minutes: int, begins: datetime, calendar: Calendar) -> datetime | None:
    left = minutes
    for minute in minutes_from(begins):
        if is_open(calendar, minute):
            if not left:
                return minute
            left -= 1
            if not left:
                return minute + MINUTE
    return None


def _day_by_day(term: Terms, begins: datetime, day_one: date | None, calendar: Calendar) -> datetime | None:
    """The Nth day after that of receipt (or the Nth from day one), at a time of day or when it ends."""
    business = term.unit is not Unit.DAYS
    left, today = term.amount, day_of(calendar, begins) if day_one is None else None
    by = None if term.by is None else term.by // 60
    for minute in minutes_from(begins):
        day = day_of(calendar, minute)
        if day != today:
            if not left:
                return minute  # the Nth day has come to its end
            today = day
            left -= 1 if not business or works(calendar, day) else 0
        if left or not (works(calendar, day) or not business):
            continue
        if by is not None and wall(calendar, minute) >= by:
            return minute
        if by is None and business and wall(calendar, minute) * 60 >= calendar.week[day.weekday()][-1].closes:
            return minute
    return None
