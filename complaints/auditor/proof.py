"""Whether a complaint's record, its notices and its forward are what its history says. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from complaints.auditor.finding import Finding, What, at
from complaints.auditor.replay import Stand
from complaints.lifecycle import Event, Status
from complaints.model import Complaint, LoggedEvent
from complaints.outbox import RUNGS, NoticeKind, NoticeState

_UNSENT = (NoticeState.PENDING, NoticeState.SENDING)
_ALARMS = RUNGS | {
    NoticeKind.DELIVERY_FAILED,
    NoticeKind.LAST_RESORT,
    NoticeKind.KEY_LACKING,
    NoticeKind.ANSWER,
    NoticeKind.ARRANGEMENTS,
}
_ASKING = frozenset(
    {
        Event.RUNG_REACHED,
        Event.BREACHED,
        Event.NEEDS_REVIEW,
        Event.DELIVERY_FAILED,
        Event.BOUNCED,
        Event.KEY_LACKING,
    }
)
"""Events of which somebody must have been told in the same breath."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Outline:
    """What of a notice can be checked without its words."""

    id: int
    complaint_id: int
    kind: NoticeKind
    state: NoticeState
    created_at: datetime
    next_attempt_at: datetime
    attempts: int
    sha256: str = ""  # of a forward: of the letter it carries
    is_turn: bool = False  # of a forward: to the next of the customer's chain, within one handing-over


@dataclass(frozen=True, kw_only=True, slots=True)
class File:
    """Everything on record about one complaint."""

    complaint: Complaint
    history: Sequence[LoggedEvent]
    notices: Sequence[Outline]
    sha256: str  # of the letter as it is stored
    reckoned: datetime | None  # the deadline reckoned anew; None: it cannot be


def record_findings(file: File, now_stands: Stand) -> Iterator[Finding]:
    """Fields of the record that its history contradicts."""
    complaint = file.complaint
    pairs = {
        "status": (complaint.status.value, now_stands.status.value),
        "due_at": (complaint.due_at, now_stands.due_at),
        "received_at": (complaint.received_at, now_stands.received_at),
        "respond_by": (complaint.respond_by, now_stands.respond_by),
        "deadline_version": (complaint.deadline_version, now_stands.version),
        "breached_at": (complaint.breached_at, now_stands.breached_at),
        "forwarded_at": (complaint.forwarded_at, now_stands.forwarded_at),
        "customer": (complaint.customer_id, now_stands.customer_id),
        "held": (complaint.held_at is not None, now_stands.held),
        "version": (complaint.version, file.history[-1].seq),
    }
    for name, (recorded, told) in pairs.items():
        if recorded != told:
            words = f"{name} is recorded as {recorded}, and its history says {told}"
            yield _finding(complaint, What.RECORD, name, words)


def deadline_findings(file: File) -> Iterator[Finding]:
    """The deadline kept on the complaint is not what its terms and its calendar come to."""
    complaint = file.complaint
    if file.reckoned is None:
        words = "its deadline cannot be reckoned anew: its terms or its calendar cannot be read any more"
        yield _finding(complaint, What.DEADLINE, "unreadable", words)
    elif file.reckoned != complaint.due_at:
        words = (
            f"its deadline is kept as {at(complaint.due_at)}; its terms and calendar give {at(file.reckoned)}"
        )
        yield _finding(complaint, What.DEADLINE, file.reckoned.isoformat(), words)


def notice_findings(file: File, tolerance: timedelta, now: datetime) -> Iterator[Finding]:
    """Events of which nobody was written to, and alarms that were written and do not go out."""
    written = {notice.created_at for notice in file.notices}
    asked = {event.at: event for event in file.history if event.name in _ASKING}
    for instant, event in asked.items():
        if instant not in written:
            words = f"“{event.data.get('rung', event.name)}” at {at(instant)}: nobody was written to"
            yield _finding(file.complaint, What.UNWRITTEN, str(event.seq), words)
    for notice in file.notices:
        # Before its first try it may wait for the end of somebody's quiet hours.
        since = notice.created_at if notice.attempts else notice.next_attempt_at
        if notice.kind in _ALARMS and notice.state in _UNSENT and now - since > tolerance:
            words = f"its {notice.kind.value.replace('_', ' ')} alarm of {at(since)} has not gone out ({notice.attempts} tries)"
            yield _finding(file.complaint, What.UNSENT, str(notice.id), words)


def forward_findings(file: File) -> Iterator[Finding]:
    """A forward that is nowhere, or one that does not prove what the record claims (I5)."""
    complaint, forwards = file.complaint, _handing_over(file.notices)
    if complaint.status is Status.FORWARDING:
        if not any(one.state in _UNSENT for one in forwards):
            words = "it is to be forwarded, and nothing is in the outbox for it"
            yield _finding(complaint, What.UNPROVED, f"nothing:{complaint.version}", words)
    elif complaint.forwarded_at is not None and not _was_handed_over(file.history):
        # Where one that was sent once more was lost, what the first one proved stands.
        meant = forwards if complaint.status is not Status.NEEDS_REVIEW else file.notices
        sent = [one for one in meant if one.kind is NoticeKind.FORWARD and one.state is NoticeState.SENT]
        if not sent:
            words = "it counts as forwarded, and the relay has taken no forward of it"
            yield _finding(complaint, What.UNPROVED, f"unsent:{complaint.forwarded_at.isoformat()}", words)
        elif any(one.sha256 != file.sha256 for one in sent):
            words = "the letter that was forwarded is not the one that is stored: their SHA-256 differ"
            yield _finding(complaint, What.UNPROVED, f"sha256:{sent[-1].id}", words)


def _was_handed_over(history: Sequence[LoggedEvent]) -> bool:
    """Whether a person brought it last: no relay can prove that, and none need have taken it."""
    moved = [
        e.name
        for e in history
        if e.name in (Event.FORWARDED, Event.HANDED_OVER, Event.SENT_BACK, Event.ASSIGNED)
    ]
    return moved[-1:] == [Event.HANDED_OVER]


def _handing_over(notices: Sequence[Outline]) -> Sequence[Outline]:
    """The forwards of the present one: to whom the register or a person chose, and to the next of the chain."""
    forwards = [one for one in notices if one.kind is NoticeKind.FORWARD]
    first = max((at for at, one in enumerate(forwards) if not one.is_turn), default=0)
    return forwards[first:]


def _finding(complaint: Complaint, what: What, mark: str, words: str) -> Finding:
    return Finding(complaint_id=complaint.id, ref=complaint.ref, what=what, mark=mark, words=words)
