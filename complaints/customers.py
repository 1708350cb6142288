"""The customers register in use: changed as a whole, indexed once, read again only when it changed."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import structlog

from complaints.clock import Clock
from complaints.contracts import Contracts
from complaints.lessons import LessonState, taught
from complaints.matching import CustomerIndex
from complaints.model import Customer
from complaints.store.database import Database

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Register:
    """The register as it is known on a day."""

    contracts: Contracts
    index: CustomerIndex


class CustomerRegister:
    """Who our customers are, for matching and for people."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """Nothing is read before it is asked for."""
        self._database = database
        self._clock = clock
        self._version = -1
        self._changes: date | None = None
        self._register = Register(Contracts(()), CustomerIndex.build(()))

    async def on(self, day: date) -> Register:
        """The register to match against; indexed anew only when it has changed, or a contract begins or ends.

        Args:
            day: today, in the house's time zone.
        """
        async with self._database.reading() as repository:
            version = await repository.customers.version()
            if version == self._version and (self._changes is None or day < self._changes):
                return self._register
            lessons = await repository.lessons.all(LessonState.TAKEN)
            rows = taught(await repository.customers.all(), lessons)
        contracts = Contracts(rows)
        known = contracts.known(rows, day)
        self._register = Register(contracts, await asyncio.to_thread(CustomerIndex.build, known))
        self._version, self._changes = version, contracts.next_change(day)
        log.info("register_indexed", version=version, customers=len(known))
        return self._register

    async def all(self) -> list[Customer]:
        """Every row on file, those of contracts that have ended or are to come too."""
        async with self._database.reading() as repository:
            return await repository.customers.all()

    async def taught(self) -> list[Customer]:
        """The same with the aliases and sites that people have taken."""
        async with self._database.reading() as repository:
            return taught(await repository.customers.all(), await repository.lessons.all(LessonState.TAKEN))

    async def source(self) -> str:
        """SHA-256 of the file the register was last taken from."""
        async with self._database.reading() as repository:
            return await repository.customers.source()

    async def replace(self, customers: Sequence[Customer], *, source_sha256: str) -> None:
        """Make these the rows on file, in one transaction; the others are retired.

        Complaints keep the manager and the terms they were given.
        """
        async with self._database.writing() as repository:
            added, retired = await repository.customers.replace(customers, self._clock())
            await repository.customers.climb(source_sha256)
        log.info("register_changed", customers=len(customers), added=added, retired=retired)
