"""When a mail reached us, by the word of a server and never by the Date header (I3)."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

HEAD_MAY_TAKE = 256 * 1024  # bytes


def header_section(raw: bytes) -> bytes:
    """Return the header section with the empty line after it, of 256 KiB at most."""
    ends = [at + len(gap) for gap in (b"\r\n\r\n", b"\n\n") if (at := raw.find(gap, 0, HEAD_MAY_TAKE)) >= 0]
    return raw[: min(ends, default=HEAD_MAY_TAKE)]


def topmost_received(raw: bytes) -> datetime | None:
    """Read the time in the topmost Received header: our own server's stamp (RFC 5321, 4.4).

    Only the first counts, whether or not it can be read: those below it were written by others.
    """
    value = _first_header(header_section(raw), b"received")
    return None if value is None else instant_of(value.rpartition(";")[2])


def instant_of(words: str) -> datetime | None:
    """Read an RFC 5322 date as an aware UTC instant; None when it says no instant."""
    try:
        moment = parsedate_to_datetime(words.strip())
        # "-0000" comes back naive: UTC by RFC 5322, 3.3, of an unknown local zone.
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _first_header(head: bytes, name: bytes) -> str | None:
    lines = head.replace(b"\r\n", b"\n").split(b"\n")
    for number, line in enumerate(lines):
        key, colon, value = line.partition(b":")
        if colon and key.strip().lower() == name:
            folded = [value]
            for more in lines[number + 1 :]:
                if not more.startswith((b" ", b"\t")):
                    break
                folded.append(more)
            return b" ".join(folded).decode("ascii", "replace")
    return None
