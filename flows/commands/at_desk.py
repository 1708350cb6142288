"""Work at the desk for a command: settings read, the desk opened, and closed behind it."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from complaints.service import ComplaintDesk
from config.bootstrap import open_desk
from config.settings import Settings
from flows.commands.common import run

T = TypeVar("T")


def at_desk(settings: Settings, work: Callable[[ComplaintDesk], Awaitable[T]]) -> T:
    """Do this at the desk, to its end.

    Raises:
        StoreUnavailable: when the database does not answer, or its schema is another version's.
    """

    async def opened() -> T:
        async with open_desk(settings) as desk:
            return await work(desk)

    return run(opened())
