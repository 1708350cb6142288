"""One complaint inside one transaction: what happens to it is gathered, then written together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from complaints.audit import FIRST, chained
from complaints.lifecycle import Event, Status, advance
from complaints.model import Complaint, LoggedEvent
from complaints.outbox import (
    CANCELLED_BY_ACKNOWLEDGEMENT,
    CANCELLED_BY_ANSWER,
    CANCELLED_BY_FORWARD,
    NewNotice,
    NoticeKind,
)
from complaints.store.notices import Draft
from complaints.store.repository import Repository

DESK = "forthwith"
"""The actor of what the engine does by itself."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Happening:
    """An event that waits to be written."""

    seq: int
    at: datetime
    event: Event
    actor: str
    data: dict[str, Any]


NOBODY_HAS_IT: Mapping[str, Any] = MappingProxyType({"forwarded_at": None, "acknowledged_at": None})
"""Fields of a complaint whose promise is yet to be met."""


class Case:
    """A complaint and what is happening to it now. The only writer of a status."""

    def __init__(self, complaint: Complaint) -> None:
        """Take up a complaint whose row this transaction holds (or that is still to be opened)."""
        self.before = complaint
        self.complaint = complaint
        self.happenings: list[Happening] = []
        self.notices: list[NewNotice] = []
        self.calendars: dict[str, Mapping[str, Any]] = {}  # contents by version, to be kept
        # Whose alerts that wait for the end of quiet hours say less than a new one, by their kind.
        self.superseded: dict[NoticeKind, list[str]] = {}

    def happen(
        self,
        event: Event,
        at: datetime,
        *,
        actor: str = DESK,
        data: dict[str, Any] | None = None,
        **changes: Any,
    ) -> None:
        """Let an event happen: move the status, change fields, remember it.

        Raises:
            NotAllowed: when the present status does not know this event; nothing has changed then.
        """
        status = advance(self.complaint.status, event)
        if status is not self.complaint.status:
            # Whoever took it up took up what it was then.
            changes.setdefault("paused_until", None)
        if event in _DELIVERY:
            changes.setdefault("delivery", _DELIVERY[event])
        version = self.complaint.version + 1
        self.happenings.append(Happening(seq=version, at=at, event=event, actor=actor, data=data or {}))
        self.complaint = replace(self.complaint, status=status, version=version, **changes)

    def change(self, **changes: Any) -> None:
        """Change fields that no event speaks of."""
        self.complaint = replace(self.complaint, **changes)

    def chain(self, previous: str) -> list[LoggedEvent]:
        """The gathered events, hashed one after the other."""
        events: list[LoggedEvent] = []
        for one in self.happenings:
            event = chained(
                previous,
                complaint_id=self.complaint.id,
                seq=one.seq,
                at=one.at,
                name=one.event.value,
                actor=one.actor,
                data=one.data,
            )
            events.append(event)
            previous = event.hash
        return events


_DELIVERY = {
    Event.FORWARD_QUEUED: "queued",
    Event.RESENT: "queued",
    Event.FORWARDED: "accepted",
    Event.DELIVERY_DELAYED: "delayed",
    Event.RELAYED: "relayed",
    Event.DELIVERED: "delivered",
    Event.DELIVERY_FAILED: "refused",
    Event.BOUNCED: "bounced",
    Event.SENT_BACK: "",
    Event.HANDED_OVER: "by hand",
}
"""How far the forward has come, for lists and boards; the whole of it is told by :mod:`complaints.proof`."""


async def open_cases(repository: Repository, cases: Sequence[Case]) -> None:
    """Write new complaints and their first events; each case's complaint has its id and ref afterwards."""
    await _keep_calendars(repository, cases)
    opened = await repository.complaints.open([case.complaint for case in cases])
    events: list[LoggedEvent] = []
    for case, complaint in zip(cases, opened, strict=True):
        case.before = case.complaint = complaint
        events += case.chain(FIRST)
        case.happenings.clear()
    await repository.complaints.log(events)


async def write_cases(repository: Repository, cases: Iterable[Case], now: datetime, mail_domain: str) -> None:
    """Write what happened, its history and its notices, in the caller's transaction."""
    touched = list(cases)
    happened = [case for case in touched if case.happenings]
    await _keep_calendars(repository, touched)
    await repository.complaints.save([(case.before, case.complaint) for case in touched])
    hashes = await repository.complaints.last_hashes(
        [(case.complaint.id, case.before.version) for case in happened]
    )
    await repository.complaints.log([e for case in happened for e in case.chain(hashes[case.complaint.id])])
    for case in touched:
        for kind, people in case.superseded.items():
            await repository.notices.supersede(case.complaint.id, kind, people, now)
    drafts = [Draft(notice=notice, complaint=case.complaint) for case in touched for notice in case.notices]
    await repository.notices.write(drafts, now, mail_domain)
    await _take_back(repository, touched)


async def _keep_calendars(repository: Repository, cases: Iterable[Case]) -> None:
    """Write down what the calendars of new deadlines say, once a version."""
    contents: dict[str, Mapping[str, Any]] = {}
    for case in cases:
        contents |= case.calendars
        case.calendars = {}
    await repository.calendars.keep(contents.items())


_POINTLESS = {
    # Nobody at the customer may be written to any more who has not been yet (I2).
    Status.NEEDS_REVIEW: frozenset({NoticeKind.FORWARD}),
    Status.FORWARDED: CANCELLED_BY_FORWARD,
    Status.ACKNOWLEDGED: CANCELLED_BY_ACKNOWLEDGEMENT,
    Status.ANSWERED: CANCELLED_BY_ANSWER,
    Status.CLOSED: CANCELLED_BY_ANSWER,
    Status.DISMISSED: CANCELLED_BY_ANSWER,
}


async def _take_back(repository: Repository, cases: Iterable[Case]) -> None:
    """Cancel what a step has made pointless, in the transaction of the step (I7)."""
    moved: dict[frozenset[NoticeKind], list[int]] = {}
    for case in cases:
        if case.complaint.status is not case.before.status:
            pointless = _POINTLESS.get(case.complaint.status, frozenset())
            if case.complaint.clock_runs:
                # Where the customer's word ends the time, the alarms go on; what to decide is decided.
                pointless &= {NoticeKind.REVIEW, NoticeKind.FORWARD}
            moved.setdefault(pointless, []).append(case.complaint.id)
    for kinds, ids in moved.items():
        if kinds:
            await repository.notices.cancel(ids, kinds)
