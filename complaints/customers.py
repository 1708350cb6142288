"""The customers register in use: changed as a whole, indexed once, read again only when it changed."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import structlog

from complaints.clock import Clock
from complaints.contracts import Contracts
from complaints.lessons import LessonState, taught
from complaints.matching import CustomerIndex
from complaints.model import Customer
from complaints.store.database import Database

log = structlog.get_logger()

_WORTH_KEEPING = 2_000
"""Customers; an index of fewer is built sooner than its file is found."""


@dataclass(frozen=True, slots=True)
class Register:
    """The register as it is known on a day."""

    contracts: Contracts
    index: CustomerIndex


class CustomerRegister:
    """Who our customers are, for matching and for people."""

    def __init__(self, database: Database, clock: Clock, *, kept_at: Path | None = None) -> None:
        """Nothing is read before it is asked for.

        Args:
            database: where the register is.
            clock: tells the present instant.
            kept_at: a file of our own for the index, so that the next start of a large register is quick.
        """
        self._database = database
        self._clock = clock
        self._kept_at = kept_at
        self._version = -1
        self._changes: date | None = None
        self._register = Register(Contracts(()), CustomerIndex.build(()))
        self._reading = asyncio.Lock()

    async def on(self, day: date) -> Register:
        """The register to match against; indexed anew only when it has changed, or a contract begins or ends.

        Args:
            day: today, in the house's time zone.
        """
        # Who asks while a long register is being read waits for it, and does not read it once more.
        async with self._reading:
            return await self._on(day)

    async def _on(self, day: date) -> Register:
        async with self._database.reading() as repository:
            version = await repository.customers.version()
            if version == self._version and (self._changes is None or day < self._changes):
                return self._register
            contracts = Contracts(await repository.customers.dated())
            edition = await repository.customers.edition()
            settled = version == await repository.customers.version()
        index = await self._loaded(_key(edition, contracts, day)) if settled else None
        if index is None:
            version, edition, rows = await self._rows()
            contracts = Contracts(rows)
            index = await self._built(contracts.known(rows, day), _key(edition, contracts, day))
        self._register = Register(contracts, index)
        self._version, self._changes = version, contracts.next_change(day)
        log.info("register_indexed", version=version, customers=len(index))
        return self._register

    async def _rows(self) -> tuple[int, str, list[Customer]]:
        """The register's version and edition, and the rows that are just those."""
        while True:
            async with self._database.reading() as repository:
                version = await repository.customers.version()
                edition = await repository.customers.edition()
                lessons = await repository.lessons.all(LessonState.TAKEN)
                rows = taught(await repository.customers.all(), lessons)
                if version == await repository.customers.version():
                    return version, edition, rows

    async def _loaded(self, key: str) -> CustomerIndex | None:
        if not key or self._kept_at is None:
            return None
        return await asyncio.to_thread(CustomerIndex.load, self._kept_at, key=key)

    async def _built(self, known: Sequence[Customer], key: str) -> CustomerIndex:
        index = await asyncio.to_thread(CustomerIndex.build, known)
        if key and self._kept_at is not None and len(index) >= _WORTH_KEEPING:
            try:
                await asyncio.to_thread(index.save, self._kept_at, key=key)
            except OSError as error:
                log.warning("index_not_kept", problem=error.strerror)
        return index

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


def _key(edition: str, contracts: Contracts, day: date) -> str:
    """What an index is made of: a state of the register, and since when who is in force is as it is."""
    return f"{edition} {contracts.last_change(day)}" if edition else ""
