"""Instants of the facts, and the zones in which people are shown them."""

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo


def instant(text: object) -> datetime | None:
    """An ISO 8601 instant of the facts in UTC, or None where there is none that can be read."""
    try:
        read = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)


def zone_named(name: str) -> tzinfo:
    """A time zone by its IANA name; UTC where there is no such one."""
    try:
        return UTC if name in ("UTC", "Etc/UTC") else ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return UTC
