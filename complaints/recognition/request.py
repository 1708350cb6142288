"""One sentence of a letter: which days it asks an answer by."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from complaints.recognition.answer_words import (
    ANSWER,
    CLAUSE,
    DEADLINE,
    EXTENDED,
    EXTENDED_BY,
    FROM_BEFORE,
    FROM_RECEIPT,
    FROM_TODAY,
    LIMIT,
    LIMIT_AFTER,
    LIMIT_AT_HAND,
    OTHER_MATTER,
)
from complaints.recognition.dates import DayFound, PeriodFound, add_period, days_in, periods_in
from complaints.recognition.relative_days import relative_days


@dataclass(frozen=True, kw_only=True, slots=True)
class Days:
    """The days that periods are counted from."""

    mail: date  # of the Date header, or of the forwarded mail's own
    receipt: date  # the local day on which our server took the mail
    country: str  # ISO 3166 alpha-2, for working days


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """A sentence that may ask for an answer by a day."""

    text: str
    around: tuple[str, ...]  # with its neighbours: one may ask and the next say when
    base: date  # the letter's own date, else the mail's
    days: Days

    def wanted(self) -> Iterator[tuple[date, bool]]:
        """The days wanted, each with whether it extends an earlier one."""
        named, periods = days_in(self.text, self.days.mail), periods_in(self.text)
        if not named and not periods:
            yield from self._relative()
        elif any(self._is_limited(found.start, found.end) for found in named) or any(
            self._is_limited(found.start, found.end) for found in periods
        ):
            yield from self._counted(named, periods)

    def _relative(self) -> Iterator[tuple[date, bool]]:
        for start, end, day in relative_days(self.text, self.days.mail):
            if self._is_wanted(start, end, extension=False):
                yield day, False
                return

    def _counted(
        self, named: Sequence[DayFound], periods: Sequence[PeriodFound]
    ) -> Iterator[tuple[date, bool]]:
        extension = bool(EXTENDED.search(self.text))
        longer = (
            next((p for p in periods if EXTENDED_BY.search(self.text[: p.start])), None)
            if extension
            else None
        )
        if longer is not None:
            # "extended by two weeks" counts from the old day; where that is not named, nobody can tell.
            if named:
                yield add_period(max(day.day for day in named), longer, self.days.country), True
            return
        bases = {day.start: day.day for period in periods for day in named if self._is_base(period, day)}
        wanted = [
            day.day
            for day in named
            if day.start not in bases
            and self._is_ahead(day.day)
            and self._is_wanted(day.start, day.end, extension=extension)
        ] or list(self._by_period(periods, bases, extension=extension))
        yield from ((day, extension) for day in ([max(wanted)] if extension and wanted else wanted))

    def _is_ahead(self, day: date) -> bool:
        return day > self.base or day == self.base == self.days.mail

    def _by_period(
        self, periods: Sequence[PeriodFound], bases: Mapping[int, date], *, extension: bool
    ) -> Iterator[date]:
        for period in periods:
            if self._is_wanted(period.start, period.end, extension=extension):
                named = next((day for start, day in bases.items() if start >= period.end), None)
                yield add_period(named or self._start(period), period, self.days.country)

    def _is_base(self, period: PeriodFound, day: DayFound) -> bool:
        """Whether ``period`` runs from ``day``: "thirty days from the date of this letter, 2 December"."""
        return period.end <= day.start <= period.end + 90 and day.day <= self.base + timedelta(days=1)

    def _start(self, period: PeriodFound) -> date:
        after = self.text[period.end : period.end + 70]
        # The words before count too: "ab Erhalt dieses Schreibens binnen zwei Wochen".
        before = self.text[max(0, period.start - 45) : period.start]
        if FROM_RECEIPT.search(after) or (FROM_BEFORE.search(before) and FROM_RECEIPT.search(before)):
            return self.days.receipt
        return self.days.mail if FROM_TODAY.search(after) else self.base

    def _is_wanted(self, start: int, end: int, *, extension: bool) -> bool:
        if not self._is_limited(start, end) or OTHER_MATTER.search(CLAUSE.split(self.text[:start])[-1]):
            return False
        return (
            extension or bool(DEADLINE.search(self.text)) or any(ANSWER.search(text) for text in self.around)
        )

    def _is_limited(self, start: int, end: int) -> bool:
        before = self.text[max(0, start - 52) : start]
        return bool(
            LIMIT.search(before) or LIMIT_AT_HAND.search(before[-22:]) or LIMIT_AFTER.match(self.text, end)
        )
