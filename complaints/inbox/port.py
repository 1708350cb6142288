"""What the desk asks of an inbox, and what an inbox asks of the desk's ledger."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from complaints.model import Arrival


@dataclass(frozen=True, kw_only=True, slots=True)
class FolderState:
    """What the ledger knows of a mail folder."""

    mailbox: str  # e.g. "privacy@msp.example/INBOX"
    uidvalidity: int  # 0 where there is none
    start_from: datetime  # mail that lay there at the first connection and is older is not acted on


class Ledger(Protocol):
    """Which mail was taken or skipped: the reason why no mail is taken twice or forgotten."""

    async def folder(self, mailbox: str) -> FolderState | None:
        """What is known of a folder; None before its first connection."""
        ...

    async def open_folder(self, mailbox: str, uidvalidity: int, start_from: datetime) -> None:
        """Note a folder's first connection, or its changed UIDVALIDITY."""
        ...

    async def known_uids(self, mailbox: str, uidvalidity: int) -> set[int]:
        """Every UID that was taken or skipped under this UIDVALIDITY."""
        ...

    async def known_places(self, mailbox: str) -> set[str]:
        """Every place (:attr:`Arrival.place`) of a folder without UIDs that was taken or skipped."""
        ...

    async def skip(self, mailbox: str, uidvalidity: int, uids: Sequence[int]) -> None:
        """Note messages older than the watermark; nothing is done with them. Safe to repeat."""
        ...

    async def skip_places(self, mailbox: str, places: Sequence[str]) -> None:
        """The same for a folder without UIDs."""
        ...


class Inbox(Protocol):
    """A place that mail comes to.

    The caller stores a batch (content, and a ledger row for each arrival) and commits before it asks for
    the next one, then calls :meth:`done` with the whole batch (I1).
    """

    @property
    def name(self) -> str:
        """How people call it; also :attr:`Arrival.mailbox` of what comes from it."""
        ...

    def fetch(self) -> AsyncIterator[list[Arrival]]:
        """Hand over all mail the ledger does not know, in batches of bounded count and size.

        Nothing is marked or moved. After an interruption the next call begins where the ledger ends.

        Raises:
            InboxUnavailable: it can't be read now; the next call connects afresh.
        """
        ...

    async def done(self, arrivals: Sequence[Arrival]) -> None:
        """Mark or move what has been committed, as configured; nothing is ever deleted or expunged.

        Raises:
            InboxUnavailable: the connection was lost; the mail itself is safe.
        """
        ...

    async def wait(self, seconds: float) -> bool:
        """Wait for a hint that mail came, for ``seconds`` at most.

        Returns:
            True: something may have come. False says nothing: look all the same.

        Raises:
            InboxUnavailable: the connection was lost.
        """
        ...

    async def close(self) -> None:
        """Hang up; ends a :meth:`wait` at once. Safe to repeat."""
        ...
