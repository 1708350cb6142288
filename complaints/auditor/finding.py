"""One difference between what is recorded and what should be."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum


class What(StrEnum):
    """The kinds of differences."""

    CHAIN = "history changed"
    RECORD = "record and history differ"
    DEADLINE = "deadline reckoned anew differs"
    NOT_TOLD = "alarm missing"
    TOLD_LATE = "alarm late"
    TOLD_WRONGLY = "alarm without reason"
    WILL_NOT_RING = "alarm will not ring"
    UNSENT = "alarm not sent"
    UNWRITTEN = "nobody written to"
    UNPROVED = "forward not proved"
    LOST = "letter without a complaint"


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """A difference, in words without personal data."""

    complaint_id: int | None  # None: about the desk itself
    ref: str  # our reference, or empty
    what: What
    mark: str  # tells it from others of its kind about the same complaint
    words: str

    @property
    def key(self) -> str:
        """The same for the same difference, whenever it is found."""
        return f"{self.complaint_id or 'desk'}:{self.what.name.lower()}:{self.mark}"


def at(instant: datetime) -> str:
    """An instant as findings write it."""
    return f"{instant.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
