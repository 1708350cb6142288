"""The event log's chain: each line carries the hash of the one before, so a silent edit shows."""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from complaints.model import LoggedEvent

FIRST = "0" * 64
"""What stands before the first event of a complaint."""


def event_hash(
    *, complaint_id: int, seq: int, at: datetime, name: str, actor: str, data: dict[str, Any], previous: str
) -> str:
    """SHA-256 over one event and the hash before it, as 64 hex digits."""
    line = json.dumps(
        [complaint_id, seq, at.astimezone(UTC).isoformat(), name, actor, data, previous],
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return hashlib.sha256(line.encode("utf-8", "replace")).hexdigest()


def storable(data: Any) -> Any:
    """The same facts in a spelling every database gives back unchanged: no NUL, no lone surrogate."""
    spelled = json.dumps(data, default=str, ensure_ascii=False).replace("\\u0000", "")
    return json.loads(spelled.encode("utf-8", "replace"))


def chained(
    previous: str, *, complaint_id: int, seq: int, at: datetime, name: str, actor: str, data: dict[str, Any]
) -> LoggedEvent:
    """The next event of a complaint, its hash computed.

    Args:
        previous: the hash of the event before, or ``FIRST``.
        complaint_id: of the complaint.
        seq: one more than the event before; the first is 1.
        at: when it happened, aware.
        name: of ``lifecycle.Event``.
        actor: who did it.
        data: JSON-able facts; no letter text.
    """
    clean = storable(data)
    return LoggedEvent(
        complaint_id=complaint_id,
        seq=seq,
        at=at,
        name=name,
        actor=actor,
        data=clean,
        previous_hash=previous,
        hash=event_hash(
            complaint_id=complaint_id, seq=seq, at=at, name=name, actor=actor, data=clean, previous=previous
        ),
    )


def broken_links(events: Iterable[LoggedEvent]) -> list[str]:
    """What does not fit in one complaint's history, a line each; empty when it is whole.

    Args:
        events: all events of one complaint, in order.
    """
    faults, previous = [], FIRST
    for expected, event in enumerate(events, 1):
        if event.seq != expected:
            faults.append(f"event {expected} is missing")
            break
        if event.previous_hash != previous:
            faults.append(f"event {event.seq} does not follow from the one before")
        if event.hash != _hash_of(event):
            faults.append(f"event {event.seq} was changed after it was written")
        previous = event.hash
    return faults


def _hash_of(event: LoggedEvent) -> str:
    return event_hash(
        complaint_id=event.complaint_id,
        seq=event.seq,
        at=event.at,
        name=event.name,
        actor=event.actor,
        data=event.data,
        previous=event.previous_hash,
    )
