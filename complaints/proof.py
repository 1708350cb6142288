"""What is known of each forward of a complaint, step by step: the ladder of evidence. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from complaints.lifecycle import Event
from complaints.model import Complaint, LoggedEvent
from complaints.outbox import OUTCOME_UNKNOWN, Notice, NoticeKind, NoticeState
from complaints.turns import role


class Step(StrEnum):
    """A rung of the ladder, or what befell a forward on its way up."""

    QUEUED = "queued"
    TRIED = "refused for now"  # tried again by itself
    UNKNOWN = "outcome unknown"  # sent again with the same Message-ID, by which any copy is known
    ACCEPTED = "accepted by the relay"
    REFUSED = "refused"
    DELAYED = "delayed"  # beyond the relay; nothing is undone
    RELAYED = "handed on"  # to where no reports come from: beyond that nothing can be known
    DELIVERED = "delivered"
    READ = "read receipt"  # no acknowledgement
    AUTOMATIC = "automatic reply"  # no acknowledgement
    DOUBTED = "bounced, unproved"  # a report that anybody could have written
    BOUNCED = "bounced"
    ACKNOWLEDGED = "acknowledged"
    WITHDRAWN = "withdrawn"  # before it was sent


@dataclass(frozen=True, kw_only=True, slots=True)
class Proof:
    """One step and what shows it."""

    step: Step
    at: datetime
    words: str = ""  # of the server or the report that said it; may hold addresses
    details: Mapping[str, str] = field(default_factory=dict)  # queue id, TLS version, status code ...


@dataclass(frozen=True, kw_only=True, slots=True)
class ForwardProof:
    """The ladder of one forward."""

    notice_id: int
    to: str  # supplier manager, deputy ...; no personal data
    recipient: str
    message_id: str
    attempts: int
    steps: tuple[Proof, ...]  # in the order in which they happened

    @property
    def stands(self) -> Step:
        """How it stands: what was learned last, of what says something of the forward itself."""
        told = [one.step for one in self.steps if one.step not in _BESIDE]
        return Step.ACKNOWLEDGED if Step.ACKNOWLEDGED in told else told[-1]


_BESIDE = frozenset({Step.READ, Step.AUTOMATIC, Step.DOUBTED})
"""What says nothing of where the letter is."""

_BY_RELAY = frozenset({Step.TRIED, Step.UNKNOWN, Step.ACCEPTED, Step.REFUSED})
"""What our own relay said, or left unsaid."""

_STEPS: Mapping[str, Step] = {
    Event.FORWARDED: Step.ACCEPTED,
    Event.ALSO_FORWARDED: Step.ACCEPTED,
    Event.DELIVERY_FAILED: Step.REFUSED,
    Event.BOUNCED: Step.BOUNCED,
    Event.RELAYED: Step.RELAYED,
    Event.DELIVERED: Step.DELIVERED,
    Event.READ: Step.READ,
    Event.AUTO_REPLIED: Step.AUTOMATIC,
    Event.BOUNCE_DOUBTED: Step.DOUBTED,
    Event.ACKNOWLEDGED: Step.ACKNOWLEDGED,
}
_DETAILS = (
    "sealed",
    "queue_id",
    "status",
    "reporting_mta",
    "remote_mta",
    "disposition",
    "until",
    "by",
    "try",
)
_OF_TLS = {
    "version": "TLS",
    "cipher": "cipher",
    "certificate_name": "certificate",
    "issuer": "issued by",
    "not_after": "valid until",
    "sha256": "SHA-256",
}
"""What a receipt tells of the connection, and how it is shown."""


def ladders_of(
    complaint: Complaint, history: Sequence[LoggedEvent], notices: Sequence[Notice]
) -> list[ForwardProof]:
    """What is known of every forward, in the order of their writing.

    Args:
        complaint: as it stands.
        history: all of its events.
        notices: all that was written about it.
    """
    forwards = [one for one in notices if one.kind is NoticeKind.FORWARD]
    return [
        ForwardProof(
            notice_id=one.id,
            to=role(one, complaint),
            recipient=one.recipient,
            message_id=one.message_id,
            attempts=one.attempts,
            steps=tuple(_steps(one, [e for e in history if _about(e, forwards) is one])),
        )
        for one in forwards
    ]


def _about(event: LoggedEvent, forwards: Sequence[Notice]) -> Notice | None:
    """The forward that an event speaks of; what a person notes is said of the last that was written before."""
    if named := event.data.get("message_id"):
        return next((one for one in forwards if one.message_id == named), None)
    before = [one for one in forwards if one.created_at <= event.at]
    return before[-1] if before else None


def _steps(notice: Notice, events: Sequence[LoggedEvent]) -> Iterator[Proof]:
    yield Proof(step=Step.QUEUED, at=notice.created_at)
    for event in events:
        if str(event.data.get("before", "")).startswith(OUTCOME_UNKNOWN):
            yield Proof(step=Step.UNKNOWN, at=event.at, words=str(event.data["before"]))
        if step := _step_of(event):
            yield _proof(step, event)
    if notice.state is NoticeState.CANCELLED:
        yield Proof(step=Step.WITHDRAWN, at=notice.next_attempt_at)


def _step_of(event: LoggedEvent) -> Step | None:
    words = str(event.data.get("reply", ""))
    if event.name == Event.DELIVERY_DELAYED:
        if "try" not in event.data:
            return Step.DELAYED
        return Step.UNKNOWN if words.startswith(OUTCOME_UNKNOWN) else Step.TRIED
    if event.name == Event.UNDELIVERED:
        return Step.BOUNCED if event.data.get("how") == Event.BOUNCED else Step.REFUSED
    return _STEPS.get(event.name)


def _proof(step: Step, event: LoggedEvent) -> Proof:
    details = {name: str(event.data[name]) for name in _DETAILS if event.data.get(name)}
    if step in _BY_RELAY:
        details |= _of_receipt(event.data.get("receipt") or {}, whole=step is Step.ACCEPTED)
    if step is Step.ACKNOWLEDGED:
        details = {"by": details.get("by", "a person's note"), "who": event.actor}
    return Proof(step=step, at=event.at, words=str(event.data.get("reply", "")), details=details)


def _of_receipt(receipt: Mapping[str, Any], *, whole: bool) -> dict[str, str]:
    """Which relay said so, and under what; whatever is missing was not to be had."""
    told = {"relay": receipt.get("relay"), "whole reply": " / ".join(receipt.get("reply", ()))}
    if whole:
        tls, asked = receipt.get("tls") or {}, receipt.get("dsn_asked")
        told |= {shown: tls.get(name) for name, shown in _OF_TLS.items()}
        told["reports asked for"] = (
            "" if asked is None else "yes" if asked else "no, the relay takes no such wish"
        )
    return {name: str(value) for name, value in told.items() if value}
