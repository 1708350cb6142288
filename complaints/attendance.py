"""The book of absences: who is away, noted and withdrawn by people."""

from collections.abc import Sequence
from datetime import date

import structlog

from complaints.absences import Absence, Recipient, check, people_of, recipient
from complaints.clock import Clock
from complaints.errors import NotAllowed
from complaints.model import Customer
from complaints.policy import Policy
from complaints.store.database import Database

log = structlog.get_logger()


class Attendance:
    """Notes who is away; from then on the customer's chain says who reads its letters."""

    def __init__(self, database: Database, policy: Policy, clock: Clock) -> None:
        """Open the book."""
        self._database = database
        self._policy = policy
        self._clock = clock

    async def away(
        self, email: str, *, first_day: date | None, last_day: date, stand_in: str, actor: str
    ) -> Absence:
        """Note that somebody is away.

        Args:
            email: of a supplier manager, deputy or fallback in the register.
            first_day: in the house's time zone; None: today.
            last_day: included.
            stand_in: who reads their letters; empty: the next of the customer's chain.
            actor: who says so.

        Raises:
            NotAllowed: it would do harm; see :func:`complaints.absences.check`.
        """
        now = self._clock()
        today = self._policy.day(now)
        new = Absence(
            email=email.strip().lower(),
            first_day=first_day or today,
            last_day=last_day,
            stand_in=stand_in.strip().lower(),
            noted_at=now,
            noted_by=actor,
        )
        async with self._database.writing() as repository:
            rows = [row for row in await repository.customers.all() if row.in_force_on(today)]
            check(new, await repository.absences.since(today), rows, today)
            noted = await repository.absences.note(new)
        log.info("absence_noted", absence=noted.id)
        return noted

    async def back(self, email: str) -> list[Absence]:
        """Forget somebody's absences, present and to come.

        Raises:
            NotAllowed: none is noted.
        """
        now = self._clock()
        async with self._database.writing() as repository:
            found = await repository.absences.withdraw(email.strip().lower(), self._policy.day(now), now)
        if not found:
            raise NotAllowed(
                f"no absence of {email} is noted; `forthwith customers absences` shows those that are"
            )
        for one in found:
            log.info("absence_withdrawn", absence=one.id)
        return found

    async def stood_in_for(self) -> list[tuple[Customer, Recipient | None]]:
        """The customers whose letters somebody else than the supplier manager reads today; None: nobody does."""
        today = self._policy.day(self._clock())
        async with self._database.reading() as repository:
            away = await repository.absences.since(today)
            rows = await repository.customers.all() if away else []
        read = [(row, recipient(row, away, today)) for row in rows if row.in_force_on(today)]
        return [
            (row, reader)
            for row, reader in read
            if row.supplier_manager_email and (reader is None or reader.standing_in)
        ]

    async def stand_ins(self, email: str = "") -> list[tuple[Customer, str]]:
        """The customers, each with somebody named as a stand-in there, today or in days to come.

        Args:
            email: for whom they stand in, lower case; empty: for anybody.
        """
        today = self._policy.day(self._clock())
        async with self._database.reading() as repository:
            named = [one for one in await repository.absences.since(today) if one.stand_in]
            rows = await repository.customers.all() if named else []
        return [
            (row, one.stand_in)
            for one in named
            for row in rows
            if email in ("", one.email) and row.in_force_on(today) and one.email in people_of(row)
        ]

    async def absences(self) -> Sequence[Absence]:
        """Those of today and to come."""
        async with self._database.reading() as repository:
            return await repository.absences.since(self._policy.day(self._clock()))
