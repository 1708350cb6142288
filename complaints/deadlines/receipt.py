"""When a letter counts as received, and from when its time is counted, where the contract says so."""

from datetime import date, datetime, timedelta
from itertools import islice

from complaints.deadlines.agreement import Day, DeemedReceipt, Start, When
from complaints.deadlines.open_hours import at_wall, open_from, wall_of, working_days_after
from complaints.deadlines.working_calendar import Calendar
from complaints.errors import BadTerms


def deemed_receipt(
    rules: tuple[DeemedReceipt, ...], received: datetime, calendar: Calendar
) -> tuple[datetime, str]:
    """The instant (UTC) at which a letter counts as received, and the clause that says so.

    A rule never reaches further back than the day of receipt; empty words mean that none fits.

    Raises:
        BadTerms: the calendar never opens again.
    """
    rule = next((rule for rule in rules if _fits(rule, received, calendar)), None)
    return (_instead(rule, received, calendar), rule.words) if rule else (received, "")


def first_day(start: Start, received: datetime, calendar: Calendar) -> date | None:
    """The first day of the term, where it is not counted from receipt itself.

    Raises:
        BadTerms: the calendar never opens again.
    """
    today = received.astimezone(calendar.zone).date()
    if start is Start.RECEIPT:
        return None
    return today + timedelta(days=1) if start is Start.DAY_AFTER else _next_business_day(today, calendar)


def _fits(rule: DeemedReceipt, received: datetime, calendar: Calendar) -> bool:
    local = received.astimezone(calendar.zone)
    wall, clock = wall_of(local), timedelta(seconds=rule.clock)
    if rule.when is When.AFTER:
        return wall > clock
    if rule.when is When.FROM:
        return wall >= clock
    if rule.when is When.BEFORE:
        return wall < clock
    if rule.when is When.CLOSED_DAY:
        return not calendar.works(local.date())
    opening = next(open_from(calendar, received), None)
    return opening is None or opening[0] > received


def _instead(rule: DeemedReceipt, received: datetime, calendar: Calendar) -> datetime:
    today = received.astimezone(calendar.zone).date()
    if rule.day is Day.NEXT_OPENING:
        return _opening(received, calendar)
    if rule.day is Day.NEXT_BUSINESS:
        day = _next_business_day(today, calendar)
    else:
        day = today + timedelta(days=1 if rule.day is Day.NEXT else 0)
    if rule.at is not None:
        return at_wall(day, timedelta(seconds=rule.at), calendar.zone)
    midnight = at_wall(day, timedelta(0), calendar.zone)
    return _opening(midnight, calendar) if rule.day is Day.NEXT_BUSINESS else midnight


def _opening(instant: datetime, calendar: Calendar) -> datetime:
    opening = next(open_from(calendar, instant), None)
    if opening is None:
        raise _never()
    return opening[0]


def _next_business_day(day: date, calendar: Calendar) -> date:
    found = next(islice(working_days_after(calendar, day), 1), None)
    if found is None:
        raise _never()
    return found


def _never() -> BadTerms:
    return BadTerms("terms: there is no business day within ten years of receipt by this working calendar")
