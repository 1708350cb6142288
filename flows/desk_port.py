"""What the window asks of the desk."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from complaints.model import Complaint, LoggedEvent
from complaints.records import Story


class Health(Protocol):
    """Whether the desk itself is well."""

    @property
    def inboxes(self) -> Sequence[tuple[str, datetime | None, bool]]:
        """Mailbox, when it was last read, whether it counts as blind."""

    @property
    def oldest_unread_at(self) -> datetime | None:
        """Receipt of the oldest mail that was stored and not yet looked at."""

    @property
    def pending_notices(self) -> int:
        """Mails and messages that wait to go out."""

    @property
    def oldest_pending_at(self) -> datetime | None:
        """Since when the oldest of them waits."""

    @property
    def last_relay_reply(self) -> str:
        """The relay's last words."""


class MirrorSource(Protocol):
    """The desk's reading side, and the mirror's cursor."""

    async def unmirrored(self, limit: int) -> Sequence[tuple[Complaint, Sequence[LoggedEvent], str]]:
        """Complaints with events after their cursor, these events, and the run that stands for each."""

    async def mirrored(self, marks: Sequence[tuple[int, int, str]]) -> None:
        """Move the cursor: complaint id, seq reached, id of its run."""

    async def open_complaints(self, limit: int) -> Sequence[Complaint]:
        """Those not settled, by deadline."""

    async def stories(self, complaints: Sequence[Complaint]) -> Sequence[Story]:
        """The whole history of each of these."""

    async def versions(self, since: datetime) -> Mapping[int, int]:
        """How many events each complaint has that is open or was received from an instant on, by its id."""

    async def by_id(self, ids: Sequence[int]) -> Sequence[Complaint]:
        """These complaints."""

    async def losses(self, ids: Sequence[int]) -> Mapping[int, Sequence[datetime]]:
        """When forwards of these complaints came back or were refused, by the ids of those that had any."""

    async def health(self) -> Health:
        """How the desk is."""
