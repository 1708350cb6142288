"""Takes an iCalendar file apart, in a process of its own: what it holds can cost any time and memory.

Standard input: the file. Arguments: IANA zone of events without one, and from when until when (ISO 8601).
Standard output: a JSON list of [starts, ends, whom it invites, summary].
"""

import json
import resource
import sys
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

_MEMORY = 768 * 1024 * 1024  # bytes
_CPU_SECONDS = 8
_MOST_SHIFTS = 5000
_LONGEST_TEXT = 200


def main() -> None:
    """Read, expand, print."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    zone = ZoneInfo(sys.argv[1])
    first, last = (datetime.fromisoformat(argument) for argument in sys.argv[2:4])
    calendar = icalendar.Calendar.from_ical(sys.stdin.buffer.read())
    events = recurring_ical_events.of(calendar).between(first, last)
    rows = [_row(event, zone) for event in events[:_MOST_SHIFTS] if _counts(event)]
    sys.stdout.write(json.dumps(sorted(rows)))


def _counts(event: Any) -> bool:
    return str(event.get("STATUS", "")).upper() != "CANCELLED" and event.end is not None


def _row(event: Any, zone: ZoneInfo) -> tuple[str, str, list[str], str]:
    starts, ends = (_instant(moment, zone).isoformat() for moment in (event.start, event.end))
    invited = event.get("ATTENDEE", [])
    invited = invited if isinstance(invited, list) else [invited]
    names = [name for one in invited for name in _names(one)]
    return starts, ends, names[:20], str(event.get("SUMMARY", ""))[:_LONGEST_TEXT]


def _instant(moment: date | datetime, zone: ZoneInfo) -> datetime:
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time())
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


def _names(invited: Any) -> list[str]:
    """An attendee by address and by name (RFC 5545, 3.8.4.1), unless they have declined."""
    parameters = getattr(invited, "params", {})
    if str(parameters.get("PARTSTAT", "")).upper() == "DECLINED":
        return []
    address = str(invited)
    address = address[7:] if address.lower().startswith("mailto:") else address
    return [text[:_LONGEST_TEXT] for text in (address, str(parameters.get("CN", ""))) if text]


if __name__ == "__main__":
    main()
