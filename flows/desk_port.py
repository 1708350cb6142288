"""What the window asks of the desk."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from complaints.model import Complaint, LoggedEvent
from complaints.records import Story


class Figures(Protocol):
    """Counts since the beginning of a period."""

    @property
    def received(self) -> int:
        """Complaints received."""

    @property
    def forwarded(self) -> int:
        """Of these, those that reached their supplier manager."""

    @property
    def in_time(self) -> int:
        """Of these, those within their terms."""

    @property
    def breached(self) -> int:
        """Complaints whose time ran out."""

    @property
    def needs_review(self) -> int:
        """Waiting for a person now."""

    @property
    def unsent(self) -> int:
        """Forwards that the relay has not taken yet."""

    @property
    def bounced(self) -> int:
        """Forwards that came back or were refused."""

    @property
    def causes(self) -> Mapping[str, int]:
        """Why complaints were late, and how many for each cause, the commonest first."""

    @property
    def median_seconds(self) -> float | None:
        """From receipt to forward; None before the first."""

    @property
    def p95_seconds(self) -> float | None:
        """95 of 100 were forwarded within this; None before the first."""


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

    async def received_since(self, instant: datetime) -> Sequence[Complaint]:
        """Every complaint received from an instant on, in the order they came."""

    async def figures(self, since: datetime) -> Figures:
        """Counts since an instant."""

    async def health(self) -> Health:
        """How the desk is."""
