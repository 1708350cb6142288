"""From terms, receipt and calendar to the due instant.

What the words mean, where they leave a choice:

- Hours, minutes and seconds are exact: 24h is 86,400 seconds, whatever the clocks do in between.
- Business time counts only while the calendar is open; a term that is used up at closing time is due
  at closing time, not at the next opening.
- N business days end N business days later at the same time on the wall. Outside open hours the count
  starts at the next opening, and a result that would fall outside them moves on to the next opening.
  Business-hours libraries (business_time, biz) resolve it so; GLPI moves the result back to closing
  time, between which and the next opening no working time lies.
- "By 17:00" is that time on the Nth business day after the day of receipt, even where we close earlier; "by close
  of business" is when we close that day, and so is "by the end of the next business day".
- "Next business day" is one business day, yet never later than closing time of the first business day
  after the day of receipt: what comes in on Saturday is due on Monday by either reading of the words.
- Days that are not business days end at the same time on the wall, counted in the calendar's zone.

Where the contract lets the count start with a later day, that day is the first: hours are counted from its
00:00, and days are whole ones, of which the last ends at 24:00 (a business day: at closing time). So does
Regulation (EEC, Euratom) 1182/71, article 3(1) and (2)(b), count a period that an event begins.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from complaints.clock import require_aware
from complaints.deadlines.agreement import Agreement
from complaints.deadlines.open_hours import at_wall, open_from, wall_of, working_days_after
from complaints.deadlines.receipt import deemed_receipt, first_day
from complaints.deadlines.terms import CLOSING, Terms, Unit
from complaints.deadlines.working_calendar import DAY, Calendar
from complaints.errors import BadTerms

EARLIEST_YEAR = 1970
LATEST_YEAR = 2200


@dataclass(frozen=True, kw_only=True, slots=True)
class Reckoning:
    """A due instant and the steps to it; every instant in UTC."""

    received_at: datetime  # when the letter came
    counts_as: datetime  # when the contract says that it came
    because: str  # the clause that says so; empty: the two are one
    term: Terms  # the part of the contract's time that ends first
    day_one: date | None  # the first day of the term, where it does not start with the receipt
    ends_at: datetime  # when the term is up
    due_at: datetime  # the same, yet never before the letter came


def reckon(
    agreement: Agreement, received_at: datetime, calendar: Calendar, *, kind: str = "", urgent: bool = False
) -> Reckoning:
    """Count a contract's time for one letter.

    A cap counts from (deemed) receipt whatever the contract says of the start: "in any event" leaves no room.

    Args:
        agreement: as read by ``parse_agreement``.
        received_at: aware; between 1970 and 2200.
        calendar: whose open hours, holidays and zone count.
        kind: of the letter, for contracts that know tiers.
        urgent: whether the letter is urgent, for the same.

    Raises:
        BadTerms, ValueError: as ``due_at`` does.
    """
    received = _checked(received_at)
    counts_as, because = deemed_receipt(agreement.receipts, received, calendar)
    term = agreement.time_for(kind, urgent=urgent)
    day_one = first_day(agreement.start, counts_as, calendar)
    ends, part, first = _due_from(term, counts_as, day_one, calendar), term, day_one
    if term.cap is not None and (capped := _due(term.cap, counts_as, calendar)) < ends:
        ends, part, first = capped, term.cap, None
    return Reckoning(
        received_at=received,
        counts_as=counts_as,
        because=because,
        term=part,
        day_one=first,
        ends_at=ends,
        due_at=max(ends, received),
    )


def _due_from(terms: Terms, receipt: datetime, day_one: date | None, calendar: Calendar) -> datetime:
    if day_one is None:
        return _due(terms, receipt, calendar)
    if not terms.amount or terms.unit in {Unit.SECONDS, Unit.BUSINESS_SECONDS}:
        return _due(terms, at_wall(day_one, timedelta(0), calendar.zone), calendar)
    eve = day_one - timedelta(days=1)
    if terms.unit is Unit.DAYS:
        last, ends = eve + timedelta(days=terms.amount), DAY
    else:
        last = _nth(terms, eve, calendar)
        ends = calendar.windows(last)[-1].closes
    by = ends if terms.by in {None, CLOSING} else terms.by
    return at_wall(last, timedelta(seconds=by or 0), calendar.zone)


def due_at(terms: Terms, received_at: datetime, calendar: Calendar) -> datetime:
    """The instant (UTC) at which the time to forward is up.

    Args:
        terms: as read by ``parse_terms``; with a cap, the earlier of the two ends.
        received_at: aware; between 1970 and 2200.
        calendar: whose open hours, holidays and zone business terms count in.

    Raises:
        BadTerms: the term does not end within ten years by this calendar.
        ValueError: ``received_at`` carries no offset or lies outside 1970 to 2200.
    """
    return min(_due(part, _checked(received_at), calendar) for part in parts(terms))


def parts(terms: Terms) -> tuple[Terms, ...]:
    """The term itself and its cap, where it has one."""
    return (terms,) if terms.cap is None else (terms, terms.cap)


def binding(terms: Terms, received_at: datetime, calendar: Calendar) -> Terms:
    """Which part of the terms ends first."""
    return min(parts(terms), key=lambda part: _due(part, _checked(received_at), calendar))


def count_starts(terms: Terms, received_at: datetime, calendar: Calendar) -> datetime:
    """From when days are counted: receipt, or the next opening where days must be open ones."""
    if terms.by is not None or terms.unit is Unit.DAYS:
        return received_at
    return _next_opening(terms, received_at, calendar)


def _checked(received_at: datetime) -> datetime:
    received = require_aware(received_at)
    if not EARLIEST_YEAR <= received.year <= LATEST_YEAR:
        raise ValueError(f"received_at {received.isoformat()} lies outside {EARLIEST_YEAR} to {LATEST_YEAR}")
    return received


def _due(terms: Terms, received: datetime, calendar: Calendar) -> datetime:
    if terms.by is not None:
        return _by_time_of_day(terms, received, calendar)
    return _RECKON[terms.unit](terms, received, calendar)


def _seconds(terms: Terms, received: datetime, _calendar: Calendar) -> datetime:
    return received + timedelta(seconds=terms.amount)


def _business_seconds(terms: Terms, received: datetime, calendar: Calendar) -> datetime:
    left = timedelta(seconds=terms.amount)
    for opens, closes in open_from(calendar, received):
        if closes - opens >= left:
            return opens + left
        left -= closes - opens
    raise _endless(terms)


def _days(terms: Terms, received: datetime, calendar: Calendar) -> datetime:
    local = received.astimezone(calendar.zone)
    later = local.date() + timedelta(days=terms.amount)
    return max(received, at_wall(later, wall_of(local), calendar.zone))


def _business_days(terms: Terms, received: datetime, calendar: Calendar) -> datetime:
    start = _next_opening(terms, received, calendar)
    if not terms.amount:
        return start
    local = start.astimezone(calendar.zone)
    due = at_wall(_nth(terms, local.date(), calendar), wall_of(local), calendar.zone)
    return due if _is_in_hours(due, calendar) else _next_opening(terms, due, calendar)


def _next_business_day(terms: Terms, received: datetime, calendar: Calendar) -> datetime:
    following = _nth(terms, received.astimezone(calendar.zone).date(), calendar)
    closing = timedelta(seconds=calendar.windows(following)[-1].closes)
    return min(_business_days(terms, received, calendar), at_wall(following, closing, calendar.zone))


def _by_time_of_day(terms: Terms, received: datetime, calendar: Calendar) -> datetime:
    assert terms.by is not None
    today = received.astimezone(calendar.zone).date()
    last = today + timedelta(days=terms.amount) if terms.unit is Unit.DAYS else _nth(terms, today, calendar)
    by = calendar.windows(last)[-1].closes if terms.by == CLOSING else terms.by
    return at_wall(last, timedelta(seconds=by), calendar.zone)


_RECKON: dict[Unit, Callable[[Terms, datetime, Calendar], datetime]] = {
    Unit.SECONDS: _seconds,
    Unit.BUSINESS_SECONDS: _business_seconds,
    Unit.DAYS: _days,
    Unit.BUSINESS_DAYS: _business_days,
    Unit.NEXT_BUSINESS_DAY: _next_business_day,
}


def _next_opening(terms: Terms, instant: datetime, calendar: Calendar) -> datetime:
    opening = next(open_from(calendar, instant), None)
    if opening is None:
        raise _endless(terms)
    return opening[0]


def _nth(terms: Terms, day: date, calendar: Calendar) -> date:
    found = next(islice(working_days_after(calendar, day), terms.amount - 1, None), None)
    if found is None:
        raise _endless(terms)
    return found


def _is_in_hours(instant: datetime, calendar: Calendar) -> bool:
    # Closing time itself is a good time to be due, as it is for terms in business hours.
    local = instant.astimezone(calendar.zone)
    wall = wall_of(local).total_seconds()
    return any(window.opens <= wall <= window.closes for window in calendar.windows(local.date()))


def _endless(terms: Terms) -> BadTerms:
    return BadTerms(f"terms {terms.words!r}: do not end within ten years of receipt by this working calendar")
