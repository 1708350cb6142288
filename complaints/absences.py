"""Who is away, and who reads a customer's letters then.

The chain is the customer's own: the supplier manager, the deputies in the register's order, and the fallback
address when nobody of them is there. Somebody away may have named who stands in; that person comes first.
"""

from collections import deque
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from complaints.errors import NotAllowed
from complaints.matching.webnames import is_within
from complaints.matching.words import FREEMAIL
from complaints.model import Customer


@dataclass(frozen=True, kw_only=True, slots=True)
class Absence:
    """Somebody cannot be written to from the first day to the last, both included, in the house's time zone."""

    id: int = 0
    email: str  # lower case
    first_day: date
    last_day: date
    stand_in: str = ""  # lower case; empty: the customer's chain says who
    noted_at: datetime
    noted_by: str

    def covers(self, day: date) -> bool:
        """Whether the person is away on this day."""
        return self.first_day <= day <= self.last_day

    def meets(self, other: "Absence") -> bool:
        """Whether there is a day on which both are away."""
        return self.first_day <= other.last_day and other.first_day <= self.last_day


AWAY_UNTIL = "the supplier manager is away until"
"""Why a stand-in reads a complaint, before the day."""

LAST_RESORT = "the supplier manager and everybody who could stand in are away or cannot be reached"
"""Why a complaint goes to the fallback address."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Recipient:
    """Whom a complaint is forwarded to, and why it is not the supplier manager."""

    email: str
    standing_in: str = ""  # in words without personal data; empty: it is the supplier manager


def recipient(
    customer: Customer,
    absences: Iterable[Absence],
    day: date,
    *,
    passed_over: Collection[str] = (),
    why: str = "",
) -> Recipient | None:
    """Who reads this customer's letters on that day; None when nobody on file is there.

    A chain that comes back to somebody it has asked already goes on behind them, so that no cycle can hold
    a letter up.

    Args:
        customer: the row in force.
        absences: those noted.
        day: in the house's time zone.
        passed_over: who was written to in vain, lower case.
        why: they were, in words without personal data.
    """
    away = {one.email: one for one in sorted(absences, key=lambda a: a.last_day) if one.covers(day)}
    manager = customer.supplier_manager_email
    if not manager:
        return None
    waiting = deque((manager, *customer.deputies))
    asked: set[str] = set()
    while waiting:
        person = waiting.popleft()
        if person.lower() in asked:
            continue
        asked.add(person.lower())
        absence = away.get(person.lower())
        if absence is None and person.lower() not in passed_over:
            return Recipient(email=person, standing_in=_why(manager, person, away, why))
        if absence is not None and absence.stand_in:
            waiting.appendleft(absence.stand_in)
    fallback = customer.fallback_email
    if not fallback or fallback.lower() in asked | away.keys() | set(passed_over):
        return None
    return Recipient(email=fallback, standing_in=LAST_RESORT)


def _why(manager: str, person: str, away: dict[str, Absence], else_why: str) -> str:
    if person.lower() == manager.lower():
        return ""
    absence = away.get(manager.lower())
    return f"{AWAY_UNTIL} {absence.last_day}" if absence else else_why


def check(new: Absence, known: Sequence[Absence], rows: Sequence[Customer], today: date) -> None:
    """Refuse an absence that would do harm.

    Args:
        new: what is to be noted.
        known: the absences noted already.
        rows: the customers in force.
        today: in the house's time zone.

    Raises:
        NotAllowed: the days are wrong, nobody in the register has this address, the stand-in is not the
            customer's (I2), or the stand-ins' own absences lead back to who is away.
    """
    if new.last_day < new.first_day:
        raise NotAllowed(f"the last day, {new.last_day}, lies before the first, {new.first_day}")
    if new.last_day < today:
        raise NotAllowed(f"{new.last_day} is over already; name the last day of the absence with --until")
    served = [row for row in rows if new.email in people_of(row)]
    if not served:
        raise NotAllowed(
            f"nobody in the register has the address {new.email}; `forthwith customers list` shows who there is"
        )
    if not new.stand_in:
        return
    for row in served:
        if not _is_of(row, new.stand_in):
            raise NotAllowed(
                f"{new.stand_in} is not at {row.name} by what the register says;"
                " make them a deputy there, or leave --stand-in out"
            )
    if circle := _circle(new, known):
        raise NotAllowed(f"nobody would be left: {' -> '.join(circle)}; name somebody who is there")


def people_of(row: Customer) -> set[str]:
    """Who reads a customer's letters by the register, lower case."""
    people = (row.supplier_manager_email, *row.deputies, row.fallback_email)
    return {person.lower() for person in people if person}


def _is_of(row: Customer, person: str) -> bool:
    """Whether an address is the customer's own: one on file, or at a domain that is theirs."""
    domain = person.rpartition("@")[2]
    own = {*row.domains, *(known.rpartition("@")[2] for known in people_of(row))} - FREEMAIL
    return person in people_of(row) or any(is_within(domain, one) for one in own)


def _circle(new: Absence, known: Sequence[Absence]) -> list[str]:
    """The stand-ins by whom the absence would come back to who is away, or empty."""
    asked, person = [new.email], new.stand_in
    while person and person not in asked:
        asked.append(person)
        away = (one for one in known if one.email == person and one.meets(new))
        person = next((one.stand_in for one in away if one.stand_in), "")
    return [*asked, person] if person == new.email else []
