"""The customers register in use: changed as a whole, indexed once, read again only when it changed."""

import asyncio
from collections.abc import Sequence

import structlog

from complaints.clock import Clock
from complaints.matching import CustomerIndex
from complaints.model import Customer
from complaints.store.database import Database

log = structlog.get_logger()


class CustomerRegister:
    """Who our customers are, for matching and for people."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """Nothing is read before it is asked for."""
        self._database = database
        self._clock = clock
        self._version = -1
        self._index = CustomerIndex.build(())

    async def index(self) -> CustomerIndex:
        """The index to match against; rebuilt only when the register has changed since."""
        async with self._database.reading() as repository:
            version = await repository.customers.version()
            if version == self._version:
                return self._index
            customers = await repository.customers.all()
        self._index = await asyncio.to_thread(CustomerIndex.build, customers)
        self._version = version
        log.info("register_indexed", version=version, customers=len(customers))
        return self._index

    async def all(self) -> list[Customer]:
        """Every customer in force."""
        async with self._database.reading() as repository:
            return await repository.customers.all()

    async def source(self) -> str:
        """SHA-256 of the file the register was last taken from."""
        async with self._database.reading() as repository:
            return await repository.customers.source()

    async def replace(self, customers: Sequence[Customer], *, source_sha256: str) -> None:
        """Make these the customers in force, in one transaction; the others are retired.

        Complaints keep the manager and the terms they were given.
        """
        async with self._database.writing() as repository:
            gone = {one.id for one in await repository.customers.all()} - {one.id for one in customers}
            await repository.customers.put(customers)
            await repository.customers.retire(sorted(gone), self._clock())
            await repository.customers.climb(source_sha256)
        log.info("register_changed", customers=len(customers), retired=len(gone))
