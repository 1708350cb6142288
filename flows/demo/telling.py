"""What is told of the things that happen, one line each. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from complaints.lifecycle import Event
from complaints.model import Complaint, LoggedEvent
from complaints.outbox import Notice, NoticeKind, NoticeState
from complaints.store.mails import StoredMail
from flows.words import authority, customer, one_line, short

_WHY = 220
_REASONS = {
    "ambiguous": "several customers fit",
    "unmatched": "no customer fits",
    "suspicious": "it looks forged",
    "bounced": "the forward came back",
}
_TOLD: Mapping[NoticeKind, str] = {
    NoticeKind.REVIEW: "is asked to decide",
    NoticeKind.WARNING: "is warned: {rung}",
    NoticeKind.BREACH: "is alerted: the deadline has passed",
    NoticeKind.REMINDER: "is reminded: still not forwarded",
    NoticeKind.DELIVERY_FAILED: "is told that the forward came back",
    NoticeKind.INBOX_BLIND: "is told that the inbox cannot be read",
    NoticeKind.INBOX_BACK: "is told that the inbox can be read again",
}


class Line(NamedTuple):
    """One thing that happened."""

    at: datetime
    ref: str
    text: str
    style: str = ""  # of rich


def of_event(complaint: Complaint, event: LoggedEvent, zone: ZoneInfo) -> Line | None:
    """What an event of the history means; None for what another line tells already."""
    text, style = _words(complaint, event, zone)
    return Line(event.at, complaint.ref, text, style) if text else None


def _words(complaint: Complaint, event: LoggedEvent, zone: ZoneInfo) -> tuple[str, str]:
    data = event.data
    by = "" if event.actor == "forthwith" else f" by {one_line(event.actor)}"
    match event.name:
        case Event.RECEIVED:
            return _received(complaint, data, zone), ""
        case Event.MATCHED:
            return f"about {customer(complaint)}: {one_line(complaint.why, longest=_WHY)}", ""
        case Event.NEEDS_REVIEW:
            return f"waits for a person: {_reason(complaint)}", "yellow"
        case Event.FORWARDED:
            return f"forwarded to {complaint.manager_email}; the relay: {_reply(data)}", "green"
        case Event.DELIVERY_DELAYED:
            return f"the relay asks for patience: {_reply(data)}", "yellow"
        case Event.BOUNCED | Event.DELIVERY_FAILED:
            return f"did not reach {complaint.manager_email}: {_reply(data)}. Back to a person.", "red"
        case Event.BREACHED:
            return f"BREACHED: {one_line(str(data.get('cause', '')), longest=_WHY)}", "bold red"
        case Event.ASSIGNED:
            return f"given to {customer(complaint)}{by}", ""
        case Event.DEADLINE_CHANGED:
            return f"now due {short(complaint.due_at, zone)} ({one_line(complaint.terms)})", ""
        case Event.RECEIVED | Event.FORWARD_QUEUED | Event.RUNG_REACHED:
            return "", ""
    return f"{event.name.replace('_', ' ')}{by}", ""


def _received(complaint: Complaint, data: Mapping[str, object], zone: ZoneInfo) -> str:
    # The deadline may have been counted anew since; this line tells the first one.
    due = datetime.fromisoformat(str(data.get("due_at", complaint.due_at.isoformat())))
    terms = one_line(str(data.get("terms", complaint.terms)))
    shown = "shown to be genuine" if complaint.body_verified else "not shown to be genuine"
    number = f", their number {one_line(complaint.reference)}" if complaint.reference else ""
    return f"{complaint.kind.value} from {authority(complaint)} ({shown}){number}; due {short(due, zone)} ({terms})"


def _reason(complaint: Complaint) -> str:
    word = _REASONS.get(complaint.review_reason, complaint.review_reason)
    why = one_line(complaint.why, longest=_WHY)
    return f"{word} ({why})" if why else word


def _reply(data: Mapping[str, object]) -> str:
    return f"“{one_line(str(data.get('reply', '')), longest=_WHY)}”"


def of_notice(notice: Notice) -> Line | None:
    """Who was written to; a forward is told by its event."""
    if notice.kind is NoticeKind.FORWARD or notice.sent_at is None or notice.state is not NoticeState.SENT:
        return None
    told = _TOLD[notice.kind].format(rung=one_line(str(notice.facts.get("rung", ""))))
    style = "bold red" if notice.kind is NoticeKind.BREACH else "cyan"
    return Line(notice.sent_at, notice.ref, f"{notice.recipient} {told}", style)


def of_filed(mail: StoredMail) -> Line:
    """Mail that needs no routing."""
    return Line(mail.stored_at, "filed", f"{mail.kind}: {one_line(mail.why, longest=_WHY)}", "dim")
