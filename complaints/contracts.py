"""Which row of a customer counts for a letter: by its days, and by what was on file when the letter came.

The terms are those that were in force and on file at receipt (I3); whom to write to is whoever is on file
today, for a mail address that was corrected since was wrong before too.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from complaints.deadlines import day_after
from complaints.model import Assessment, Customer, Decision, Matched, Unmatched


@dataclass(frozen=True, kw_only=True, slots=True)
class FiledRow:
    """A row of the register and when it was on file."""

    customer: Customer
    recorded_at: datetime
    retired_at: datetime | None  # None: still on file

    def was_on_file(self, at: datetime) -> bool:
        """Whether the register held this row at the instant ``at``."""
        return self.recorded_at <= at and (self.retired_at is None or at < self.retired_at)


class Contracts:
    """The contracts that begin or end on a day; all others are in force as long as they are on file.

    Args:
        rows: every row on file, or those with days.
    """

    def __init__(self, rows: Iterable[Customer]) -> None:
        self._dated: dict[str, tuple[Customer, ...]] = {}
        for row in rows:
            # Rows of one id do not overlap, so that each of several has days.
            if row.valid_from or row.valid_until:
                self._dated[row.id] = (*self._dated.get(row.id, ()), row)
        for customer_id, own in self._dated.items():
            self._dated[customer_id] = tuple(sorted(own, key=_begin))

    def on(self, customer: Customer, day: date) -> Customer | None:
        """The customer's row in force on a day of the house's time zone, or None."""
        rows = self._dated.get(customer.id, (customer,))
        return _in_force(rows, day)

    def outside(self, customer: Customer, day: date) -> str:
        """Why no row of the customer is in force on that day, for people."""
        rows = self._dated.get(customer.id, (customer,))
        ended = [row.valid_until for row in rows if row.valid_until and row.valid_until < day]
        if ended:
            return f"{customer.name} was a customer until {max(ended)}"
        begins = [row.valid_from for row in rows if row.valid_from]
        return f"{customer.name} is a customer only from {min(begins)} on" if begins else "no customer"

    def next_change(self, day: date) -> date | None:
        """The first day after ``day`` on which a contract is in force, or none any more; None: there is none."""
        return min((each for each in self._changes() if each > day), default=None)

    def last_change(self, day: date) -> date | None:
        """The same up to ``day``, and the last one: since when what is in force is as it is."""
        return max((each for each in self._changes() if each <= day), default=None)

    def _changes(self) -> Iterator[date]:
        for row in (row for own in self._dated.values() for row in own):
            if row.valid_from:
                yield row.valid_from
            if row.valid_until:
                yield day_after(row.valid_until)

    def known(self, rows: Sequence[Customer], day: date) -> Sequence[Customer]:
        """One row a customer, to know it by: that of the day, with every name it bears at any time.

        Former and coming customers are known too, so that their complaints are not taken for somebody
        else's; but not where a customer in force bears their very name, as after a change of ids.
        """
        if not self._dated:
            return rows
        lasting = [row for row in rows if row.id not in self._dated]
        merged = [_merged(own, day) for own in self._dated.values()]
        now = [*lasting, *(row for row in merged if row.in_force_on(day))]
        taken = {row.name.casefold() for row in now}
        return [
            *now,
            *(row for row in merged if not row.in_force_on(day) and row.name.casefold() not in taken),
        ]


def _merged(rows: Sequence[Customer], day: date) -> Customer:
    now = _in_force(rows, day) or rows[-1]
    if len(rows) == 1:
        return now
    names = (name for row in (now, *rows) for name in (row.name, *row.aliases))
    return replace(
        now,
        aliases=tuple(name for name in dict.fromkeys(names) if name != now.name),
        domains=tuple(dict.fromkeys(domain for row in (now, *rows) for domain in row.domains)),
        identifiers=tuple(dict.fromkeys(number for row in (now, *rows) for number in row.identifiers)),
    )


def _in_force(rows: Iterable[Customer], day: date) -> Customer | None:
    return next((row for row in rows if row.in_force_on(day)), None)


def _begin(row: Customer) -> date:
    return row.valid_from or date.min


def within_contract(assessment: Assessment, contracts: Contracts, day: date) -> Assessment:
    """The assessment with the row in force on the day of receipt; without one a person decides (I2)."""
    found = assessment.match
    if not isinstance(found, Matched):
        return assessment
    row = contracts.on(found.customer, day)
    if row == found.customer:
        return assessment
    first, *others = found.candidates
    if row is not None:
        candidates = (replace(first, customer=row), *others)
        return replace(assessment, match=replace(found, customer=row, candidates=candidates))
    why = contracts.outside(found.customer, day)
    return replace(
        assessment,
        match=Unmatched(candidates=found.candidates, why=why),
        decision=Decision.TRIAGE if assessment.decision is Decision.ASSIGN else assessment.decision,
        why=why if assessment.decision is Decision.ASSIGN else assessment.why,
    )


def at_receipt(rows: Sequence[FiledRow], received_at: datetime, day: date) -> Customer | None:
    """The row whose terms count for a letter.

    Args:
        rows: everything that was ever on file of the customer, oldest first.
        received_at: aware; when the letter came.
        day: the day of that in the house's time zone.

    Returns:
        What was on file and in force then; else what is on file now and was in force then, for a letter
        that is older than the register; else the newest; None without any row.
    """
    now = [one.customer for one in rows if one.retired_at is None]
    then = [one.customer for one in rows if one.was_on_file(received_at)]
    return _in_force((*then, *now), day) or _last(now) or _last([one.customer for one in rows])


def on_file(rows: Sequence[FiledRow], today: date) -> Customer | None:
    """The row that tells whom to write to today; None where the register has none any more."""
    now = [one.customer for one in rows if one.retired_at is None]
    return _in_force(now, today) or _last(now)


def _last(rows: Sequence[Customer]) -> Customer | None:
    return max(rows, key=_begin, default=None)
