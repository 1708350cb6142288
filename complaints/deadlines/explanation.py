"""How a due instant came about: every stretch between receipt and deadline, counted or skipped."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import count

from complaints.clock import require_aware
from complaints.deadlines.open_hours import at_wall, open_spans
from complaints.deadlines.reckoning import Reckoning, binding, count_starts, due_at
from complaints.deadlines.terms import Terms, Unit
from complaints.deadlines.working_calendar import Calendar


@dataclass(frozen=True, kw_only=True, slots=True)
class Interval:
    """A stretch of time and whether it counts."""

    start: datetime  # UTC, included
    end: datetime  # UTC, excluded
    counted: bool
    why: str  # open, closed, weekend, holiday NAME, business day 2 ...


def explain(terms: Terms, received_at: datetime, calendar: Calendar) -> tuple[Interval, ...]:
    """Receipt to due instant without a gap, in order; of capped terms the part that ends first.

    For terms in time the counted stretches add up to the term. For terms in days they are whole days
    of the calendar's zone (the last one up to the due instant), and the day the count starts from is
    not counted.

    Raises:
        BadTerms: as ``due_at`` does.
        ValueError: as ``due_at`` does.
    """
    received, due = require_aware(received_at), due_at(terms, received_at, calendar)
    return _joined(_term(binding(terms, received, calendar), received, None, due, calendar))


def explained(reckoning: Reckoning, calendar: Calendar) -> tuple[Interval, ...]:
    """The same for a contract's clauses, its rules about receipt and start told as stretches of their own.

    It begins with receipt, or with the instant at which the letter counts as received where that is earlier.
    """
    counts_as, day_one = reckoning.counts_as, reckoning.day_one
    start = counts_as if day_one is None else at_wall(day_one, timedelta(0), calendar.zone)
    why = f"counted from {day_one}"
    pieces = [
        Interval(start=reckoning.received_at, end=counts_as, counted=False, why=reckoning.because),
        Interval(start=counts_as, end=start, counted=False, why=why),
        *_term(reckoning.term, start, day_one, reckoning.ends_at, calendar),
        Interval(
            start=reckoning.ends_at, end=reckoning.due_at, counted=False, why="never due before it came"
        ),
    ]
    return _joined(pieces)


def _term(
    part: Terms, start: datetime, day_one: date | None, due: datetime, calendar: Calendar
) -> Iterator[Interval]:
    if part.unit is Unit.SECONDS:
        return iter([Interval(start=start, end=due, counted=True, why="every hour counts")])
    if part.unit is Unit.BUSINESS_SECONDS:
        return _hours(start, due, calendar)
    if day_one is not None:
        return _days(part, day_one - timedelta(days=1), start, due, calendar)
    counted_from = count_starts(part, start, calendar).astimezone(calendar.zone).date()
    return _days(part, counted_from, start, due, calendar)


def _local_days(received: datetime, due: datetime, calendar: Calendar) -> Iterator[Interval]:
    """The stretch cut at local midnights; ``why`` says why closed time of that day does not count."""
    day, start = received.astimezone(calendar.zone).date(), received
    while start < due:
        following = day + timedelta(days=1)
        end = min(due, at_wall(following, timedelta(0), calendar.zone))
        yield Interval(start=start, end=max(start, end), counted=False, why=calendar.closed_because(day))
        day, start = following, max(start, end)


def _hours(received: datetime, due: datetime, calendar: Calendar) -> Iterator[Interval]:
    for day in _local_days(received, due, calendar):
        at = day.start
        for opens, closes in open_spans(calendar, day.start.astimezone(calendar.zone).date()):
            start, end = max(at, opens), min(day.end, closes)
            if start < end:
                yield replace(day, start=at, end=start)
                yield Interval(start=start, end=end, counted=True, why="open")
                at = end
        yield replace(day, start=at)


def _days(
    terms: Terms, first: date, received: datetime, due: datetime, calendar: Calendar
) -> Iterator[Interval]:
    numbers = count(1)
    for piece in _local_days(received, due, calendar):
        day = piece.start.astimezone(calendar.zone).date()
        if day == first:
            yield replace(piece, why="day the count starts from")
        elif day > first and (terms.unit is Unit.DAYS or calendar.works(day)):
            number = next(numbers)
            name = "day" if terms.unit is Unit.DAYS else "business day"
            yield replace(piece, counted=True, why=f"{name} {number}") if number <= terms.amount else piece
        else:
            yield piece


def _joined(pieces: Iterable[Interval]) -> tuple[Interval, ...]:
    joined: list[Interval] = []
    for piece in (piece for piece in pieces if piece.start < piece.end):
        if joined and (joined[-1].counted, joined[-1].why) == (piece.counted, piece.why):
            piece = replace(joined.pop(), end=piece.end)  # noqa: PLW2901 - the longer piece takes its place
        joined.append(piece)
    return tuple(joined)
