"""A desk in memory, for the window's tests: it keeps complaints, their events and the mirror's cursor."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from complaints.lifecycle import SETTLED, Status
from complaints.model import Complaint, Kind, LoggedEvent
from complaints.records import Story
from complaints.reports import lost_forwards

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class FakeHealth:
    inboxes: Sequence[tuple[str, datetime | None, bool]] = ()
    oldest_unread_at: datetime | None = None
    pending_notices: int = 0
    oldest_pending_at: datetime | None = None
    last_relay_reply: str = ""


def a_complaint(number: int = 1, **changes: Any) -> Complaint:
    received = changes.pop("received_at", NOON - timedelta(hours=1))
    values: dict[str, Any] = {
        "id": number,
        "ref": f"FW-{1000 + number}",
        "mail_id": number,
        "kind": Kind.COMPLAINT,
        "status": Status.FORWARDING,
        "version": 1,
        "body_id": "gb-ico",
        "party": "gb-ico",
        "body_name": "Information Commissioner's Office",
        "body_verified": True,
        "reference": "IC-12345-X1Y2",
        "subject": "Complaint by Jane Roe about your handling",
        "language": "en",
        "customer_id": "acme",
        "customer_name": "Acme Ltd",
        "manager_name": "Mary Manager",
        "manager_email": "mary@acme.example",
        "received_at": received,
        "server_at": received,
        "header_at": None,
        "stored_at": received,
        "terms": "24h",
        "due_at": received + timedelta(hours=24),
        "why": "the letter says Jane Roe",
    }
    return Complaint(**(values | changes))


def an_event(complaint: Complaint, seq: int, name: str, **data: Any) -> LoggedEvent:
    return LoggedEvent(
        complaint_id=complaint.id,
        seq=seq,
        at=complaint.stored_at + timedelta(seconds=seq),
        name=name,
        actor=data.pop("actor", "forthwith"),
        data=data,
        previous_hash="",
        hash=f"{complaint.ref}-{seq}",
    )


@dataclass
class FakeDesk:
    """The desk's reading side."""

    complaints: dict[int, Complaint] = field(default_factory=dict)
    events: dict[int, list[LoggedEvent]] = field(default_factory=dict)
    cursor: dict[int, int] = field(default_factory=dict)
    runs: dict[int, str] = field(default_factory=dict)
    state: FakeHealth = field(default_factory=FakeHealth)
    cursor_breaks: bool = False

    def has(self, complaint: Complaint, *names: str, **data: Any) -> Complaint:
        log = self.events.setdefault(complaint.id, [])
        for name in names:
            log.append(an_event(complaint, len(log) + 1, name, **data))
        kept = self.complaints[complaint.id] = replace(complaint, version=len(log))
        return kept

    def moves(self, number: int, *names: str, **changes: Any) -> Complaint:
        return self.has(replace(self.complaints[number], **changes), *names)

    async def unmirrored(self, limit: int) -> list[tuple[Complaint, list[LoggedEvent], str]]:
        rows = [
            (c, [e for e in self.events[i] if e.seq > self.cursor.get(i, 0)], self.runs.get(i, ""))
            for i, c in self.complaints.items()
        ]
        return [row for row in rows if row[1]][:limit]

    async def mirrored(self, marks: Sequence[tuple[int, int, str]]) -> None:
        if self.cursor_breaks:
            raise ConnectionError("killed before the cursor moved")
        for number, seq, run_id in marks:
            self.cursor[number] = seq
            self.runs[number] = run_id

    async def open_complaints(self, limit: int) -> list[Complaint]:
        settled = (Status.CLOSED, Status.DISMISSED)
        rows = [c for c in self.complaints.values() if c.status not in settled]
        return sorted(rows, key=lambda c: c.due_at)[:limit]

    async def stories(self, complaints: Sequence[Complaint]) -> list[Story]:
        return [Story(complaint=c, history=self.events[c.id], forwards=()) for c in complaints]

    async def versions(self, since: datetime) -> dict[int, int]:
        found = [c for c in self.complaints.values() if c.status not in SETTLED or c.received_at >= since]
        return {c.id: c.version for c in found}

    async def by_id(self, ids: Sequence[int]) -> list[Complaint]:
        return [self.complaints[i] for i in ids if i in self.complaints]

    async def losses(self, ids: Sequence[int]) -> dict[int, list[datetime]]:
        return {i: lost for i in ids if (lost := lost_forwards(self.events.get(i, ())))}

    async def health(self) -> FakeHealth:
        return self.state
