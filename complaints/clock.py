"""The time of day, as something that is handed in."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The present instant, aware, in UTC: the only call of ``datetime.now`` in the product."""
    return datetime.now(UTC)


def require_aware(instant: datetime) -> datetime:
    """Return ``instant`` in UTC.

    Raises:
        ValueError: when it carries no offset, so that nobody could say which instant it is.
    """
    if instant.utcoffset() is None:
        raise ValueError(f"{instant.isoformat()} has no time zone; write it with an offset, such as +00:00")
    return instant.astimezone(UTC)
