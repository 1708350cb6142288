"""Whether the parts that work by themselves are alive: what they show, and what others see of it."""

import secrets
from collections.abc import Sequence

from complaints.clock import Clock
from complaints.store.database import Database
from complaints.store.signs import Sign


class LifeSign:
    """One part's own sign, which it renews.

    Args:
        database: where it is kept.
        name: of the part and of where it runs; two of one name cannot be alive at a time.
        clock: tells the present instant.
    """

    def __init__(self, database: Database, name: str, clock: Clock) -> None:
        self._database = database
        self._name = name
        self._clock = clock
        self._token = secrets.token_hex(16)

    async def take(self) -> None:
        """Begin: an older part of this name, left behind by a crash, learns that it is to go.

        Raises:
            StoreUnavailable: when the database does not answer.
        """
        async with self._database.writing() as repository:
            await repository.signs.take(self._name, self._token, self._clock())

    async def beat(self) -> bool:
        """Show life; False when another one of this name has taken over.

        Raises:
            StoreUnavailable: when the database does not answer.
        """
        async with self._database.writing() as repository:
            return await repository.signs.beat(self._name, self._token, self._clock())

    async def complain(self, problem: str) -> None:
        """Note what went wrong, for `doctor`.

        Raises:
            StoreUnavailable: when the database does not answer.
        """
        async with self._database.writing() as repository:
            await repository.signs.complain(self._name, self._token, self._clock(), problem)


async def signs_of(database: Database, part: str) -> Sequence[Sign]:
    """What was last seen of a part, wherever it runs; the latest first.

    Raises:
        StoreUnavailable: when the database does not answer.
    """
    async with database.reading() as repository:
        return await repository.signs.of(f"{part} ")
