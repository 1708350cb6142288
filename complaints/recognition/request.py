"""One sentence of a letter: which days it asks an answer by."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from complaints.recognition.answer_words import (
    ANSWER,
    BEFOREHAND,
    CLAUSE,
    DEADLINE,
    EXTENDED,
    EXTENDED_BY,
    FROM_BEFORE,
    FROM_LETTER,
    FROM_RECEIPT,
    FROM_TODAY,
    GRANTED,
    LIMIT,
    LIMIT_AFTER,
    LIMIT_AT_HAND,
    MORE,
    NOT_EXTENDED,
    OTHER_BEHIND,
    OTHER_MATTER,
    OTHERS_ASKED,
    RAN_OUT,
    RESULT,
    SAME_DAY,
    THROUGH_US,
    YOURS,
)
from complaints.recognition.counting import add_period
from complaints.recognition.dates import DayFound, PeriodFound, days_in, periods_in
from complaints.recognition.other_matters import NO_LIMIT, is_elsewhere, is_stretch
from complaints.recognition.passed import is_late, still_demands
from complaints.recognition.relative_days import relative_days

_BREACH = 72  # hours: the time to notify a breach (GDPR, article 33), of which stories tell
_BARE = 12  # characters of a clause that says nothing by itself
_HEADING = 40  # characters before the colon of a heading
STRONG = 4.0
"""A day whose own sentence sets a limit and asks for an answer goes before one whose neighbours ask."""
SURE = 3.0
"""A day counts from here on: a limit (2) and words of an answer (2, nearby 1.5) do, or several weaker signs."""
SLIGHT = 2.0
"""In a letter that names no surer day, a limit or a period from the letter's own date is sign enough."""


_POSSESSIVE = re.compile(r"\w['’]s\b")
# "within fifteen days of this letter, (i) the log from 1 September on" does not count from September.
_FROM_DAY = re.compile(
    r"\A[^\d();]{0,60}(?:\(\Z|,|\b(?:of|from|after|dated?|on|vom|nach dem|ab dem|du|de|del|dal|van|na|z dnia|den|efter|etter|från|fra|desde el|após|le|il|el|soit|nämlich|i\.e\.|d\.h\.))\s(?:the |le |el |il |den |soit le |dem )?\Z",
    re.IGNORECASE,
)


def _other_matter(clause: str) -> re.Match[str] | None:
    """The first words of another matter; "send us the company's answer" asks us for it."""
    for found in OTHER_MATTER.finditer(clause):
        if not (_POSSESSIVE.search(found[0]) and THROUGH_US.search(clause[: found.start()])):
            return found
    return None


@dataclass(frozen=True, kw_only=True, slots=True)
class Days:
    """The days that periods are counted from."""

    mail: date  # of the Date header, or of the forwarded mail's own
    receipt: date  # the local day on which our server took the mail
    country: str  # ISO 3166 alpha-2, for working days


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """A day by which an answer is wanted."""

    day: date
    extends: bool = False  # it replaces an earlier one
    counted: bool = False  # from a period, not named
    passed: bool = False  # it had gone by before the letter came
    weight: float = SURE


@dataclass(frozen=True, kw_only=True)
class Request:
    """A sentence that may ask for an answer by a day; what holds for all its days is looked up once."""

    text: str
    around: tuple[str, ...]  # with its neighbours: one may ask and the next say when
    base: date  # the letter's own date, else the mail's
    days: Days

    def wanted(self) -> Iterator[Wanted]:
        """The days by which this sentence asks for an answer."""
        named = days_in(self.text, self.days.mail)
        # "el día 8 de julio" is a day and no eight days.
        periods = tuple(
            one
            for one in periods_in(self.text)
            if not any(day.start < one.end and one.start < day.end for day in named)
        )
        relative = tuple(relative_days(self.text, self.days.mail))
        # Most sentences name no time at all; the longer word lists are for those that do.
        if not (named or periods or relative) or NO_LIMIT.search(self.text):
            return
        if named and not self._extends:
            spans = [(day.start, day.end) for day in named]
            named = tuple(day for day in named if not is_stretch(self.text, (day.start, day.end), spans))
        counted = list(self._counted(named, periods)) if named or periods else []
        yield from counted
        if all(one.passed for one in counted):
            yield from self._relative(relative, named)

    def _relative(
        self, relative: Sequence[tuple[int, int, date]], named: Sequence[DayFound]
    ) -> Iterator[Wanted]:
        for start, end, day in relative:
            # "Friday, 4 December" names one day, and so does "den 4. december".
            if any(
                SAME_DAY.fullmatch(self.text, end, other.start) or other.start < end <= other.end
                for other in named
            ):
                continue
            weight = self._weight(start, end)
            if day >= self.days.mail and self._is_limited(start, end) and weight >= SLIGHT:
                yield Wanted(day=day, weight=weight)
                return
            yield from self._overdue(DayFound(day=day, start=start, end=end))

    def _counted(self, named: Sequence[DayFound], periods: Sequence[PeriodFound]) -> Iterator[Wanted]:
        if self._extends and (longer := self._longer(periods)) is not None:
            yield from self._lengthened(longer, named)
            return
        bases = {day.start: day.day for period in periods for day in named if self._is_base(period, day)}
        wanted = [
            Wanted(day=day.day, extends=self._extends, weight=weight)
            for day in named
            if day.start not in bases
            and self._is_ahead(day.day)
            and (weight := self._weight(day.start, day.end)) >= SLIGHT
        ] or list(self._by_period(periods, bases))
        if not wanted:
            by_day = sorted((day for day in named if day.start not in bases), key=lambda day: day.day)
            # Of an extension the last is the new day, and the others are told of.
            for day in by_day[-1:] if self._extends else by_day:
                wanted += self._overdue(day)
        yield from [max(wanted, key=lambda one: one.day)] if self._extends and wanted else wanted

    def _overdue(self, day: DayFound) -> Iterator[Wanted]:
        """A day that had gone by before the letter came, where it demands an answer by it all the same."""
        if day.day > max(self.base, self.days.mail) or not is_late(day.day, self.days.receipt):
            return
        weight = self._weight(day.start, day.end)
        # What is less than sure of a day ahead is history of one behind.
        if weight >= STRONG and still_demands(self.text, day.start, day.end):
            yield Wanted(day=day.day, extends=self._extends, passed=True, weight=weight)

    def _lengthened(self, longer: PeriodFound, named: Sequence[DayFound]) -> Iterator[Wanted]:
        if not named:
            # "extended by two weeks" counts from the old day; where that is not named, nobody can tell.
            if FROM_TODAY.search(self.text[longer.end : longer.end + 40]):
                day = add_period(self.days.mail, longer, self.days.country)
                yield Wanted(day=day, extends=True, counted=True)
            return
        latest = max(named, key=lambda day: day.day)
        if latest.start >= longer.end and (overdue := list(self._overdue(latest))):
            yield from overdue
            return
        ahead = [day for day in named if day.day > self.base]
        told = any(RESULT.search(self.text[: day.start]) for day in ahead) or (
            ahead and (MORE.search(self.text) or ahead[-1].start > longer.end)
        )
        last = latest.day if told else add_period(latest.day, longer, self.days.country)
        if last > self.base:
            yield Wanted(day=last, extends=True, counted=not told)

    def _longer(self, periods: Sequence[PeriodFound]) -> PeriodFound | None:
        """The period that is added to an earlier one."""
        return next(
            (
                period
                for period in periods
                if EXTENDED_BY.search(self.text[: period.start])
                or MORE.search(self.text[max(0, period.start - 12) : period.end])
            ),
            None,
        )

    def _is_ahead(self, day: date) -> bool:
        return day > self.base or day == self.base == self.days.mail

    def _by_period(self, periods: Sequence[PeriodFound], bases: Mapping[int, date]) -> Iterator[Wanted]:
        for period in periods:
            if BEFOREHAND.match(self.text, period.end) or (period.unit == "hour" and period.count == _BREACH):
                continue
            named = next((day for start, day in bases.items() if start >= period.end), None)
            runs_from = 2.0 if named else self._runs_from_letter(period)
            weight = self._weight(period.start, period.end, more=runs_from)
            if weight >= SLIGHT:
                last = add_period(named or self._start(period), period, self.days.country)
                yield Wanted(day=last, extends=self._extends, counted=True, weight=weight)

    def _is_base(self, period: PeriodFound, day: DayFound) -> bool:
        """Whether ``period`` runs from ``day``: "thirty days from the date of this letter, 2 December"."""
        between = self.text[period.end : day.start] if period.end <= day.start <= period.end + 90 else "("
        return _FROM_DAY.search(between) is not None and day.day <= self.base + timedelta(days=1)

    def _start(self, period: PeriodFound) -> date:
        after = self.text[period.end : period.end + 70]
        # The words before count too: "ab Erhalt dieses Schreibens binnen zwei Wochen".
        before = self.text[max(0, period.start - 45) : period.start]
        if FROM_RECEIPT.search(after) or (FROM_BEFORE.search(before) and FROM_RECEIPT.search(before)):
            return self.days.receipt
        return self.days.mail if FROM_TODAY.search(after) else self.base

    def _runs_from_letter(self, period: PeriodFound) -> float:
        before = self.text[max(0, period.start - 30) : period.start]
        return 2.0 * bool(FROM_LETTER.match(self.text, period.end) or FROM_TODAY.search(before))

    def _weight(self, start: int, end: int, *, more: float = 0.0) -> float:
        """How much speaks for this day being the last for an answer; nothing where it belongs to another matter."""
        if self._is_of_other_matter(start, end):
            return 0.0
        limited = self._is_limited(start, end)
        # "Within fourteen days of the date of this letter" is hardly ever said of anything but an answer.
        limit = 3.0 if limited and more else max(2.0 * limited, more)
        # Without a limit the sentence must at least give time: "two weeks ought to be sufficient".
        return self._asks + limit if limit or self._grants or self._sets_term else 0.0

    def _is_of_other_matter(self, start: int, end: int) -> bool:
        clauses = CLAUSE.split(self.text[:start])
        # "has been asked to comment separately, by 23 October": a mere "by" belongs to what stands before it.
        bare = len(clauses[-1].strip()) <= _BARE
        clause = " ".join(clauses[-2:]) if bare else clauses[-1]
        # "who keeps the pictures, within a week": there the words before the comma are what is asked about.
        other = OTHERS_ASKED.search(clause) if bare else _other_matter(clause)
        other = other or _other_matter(clauses[-1])
        # "the time that ran out on the 6th is moved to the 20th"
        moved = self._extends and other is not None and RAN_OUT.match(other[0])
        if (other and not moved) or OTHER_BEHIND.match(self.text, end):
            return True
        return is_elsewhere(self.text, start, end)

    @cached_property
    def _extends(self) -> bool:
        return EXTENDED.search(self.text) is not None and NOT_EXTENDED.search(self.text) is None

    @cached_property
    def _grants(self) -> bool:
        return GRANTED.search(self.text) is not None

    @cached_property
    def _sets_term(self) -> bool:
        return DEADLINE.search(self.text) is not None

    @cached_property
    def _asks(self) -> float:
        """How much the sentence, or else its neighbours, speak of an answer to be given."""
        if ANSWER.search(self.text):
            answer = 2.0
        else:
            answer = 1.5 if any(ANSWER.search(text) for text in self.around) else 0.0
        return (
            answer
            + 2.0 * self._sets_term
            + 2.0 * self._extends
            + 1.5 * self._grants
            + 0.5 * bool(YOURS.search(self.text))
        )

    def _is_limited(self, start: int, end: int) -> bool:
        before = self.text[max(0, start - 52) : start]
        return bool(
            LIMIT.search(before)
            or LIMIT_AT_HAND.search(before[-22:])
            or LIMIT_AFTER.match(self.text, end)
            or (start <= _HEADING and before.rstrip().endswith(":"))
            or self._extends
        )
