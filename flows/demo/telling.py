"""What is told of the things that happen, one line each. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from complaints.case import DESK
from complaints.lifecycle import Event
from complaints.model import Complaint, Kind, LoggedEvent
from complaints.outbox import Notice, NoticeKind, NoticeState
from complaints.reasons import cause_in_words, in_words
from complaints.store.mails import StoredMail
from flows.words import customer, one_line, short

_WHY, _REPLY, _NAME = 400, 160, 100  # characters
_TOLD: Mapping[NoticeKind, str] = {
    NoticeKind.REVIEW: "is asked to decide",
    NoticeKind.WARNING: "is warned: {rung}",
    NoticeKind.BREACH: "is alerted: the deadline has passed",
    NoticeKind.REMINDER: "is reminded: still not forwarded",
    NoticeKind.DELIVERY_FAILED: "is told that the forward came back",
    NoticeKind.LAST_RESORT: "is told that only the fallback address was left",
    NoticeKind.KEY_LACKING: "is told that it may go out encrypted alone, and no usable key is held",
    NoticeKind.ANSWER: "is told of an answer to read",
    NoticeKind.UNACKNOWLEDGED: "is reminded: not acknowledged",
    NoticeKind.ANSWER_DUE: "is reminded of the day to answer by",
    NoticeKind.WITHHELD: "is told that a letter is too big to be mailed",
    NoticeKind.RELAY_TROUBLE: "is told that a relay is out of order",
    NoticeKind.ARRANGEMENTS: "is told that alerts do not reach everybody",
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
    by = "" if event.actor == DESK else f" by {one_line(event.actor)}"
    reply = f"“{one_line(str(event.data.get('reply', '')), longest=_REPLY)}”"
    told: Mapping[str, tuple[str, str]] = {
        Event.RECEIVED: (_received(complaint, event.data, zone), ""),
        Event.MATCHED: (f"about {customer(complaint)}: {_first(complaint.why)}", ""),
        Event.NEEDS_REVIEW: (f"waits for a person: {_reason(complaint)}", "yellow"),
        Event.FORWARDED: (f"forwarded to {complaint.recipient_email}; the relay: {reply}", "green"),
        Event.DELIVERY_DELAYED: (f"the relay asks for patience: {reply}", "yellow"),
        Event.BOUNCED: (f"came back undelivered: {reply}", "red"),
        Event.DELIVERY_FAILED: (f"refused for good: {reply}", "red"),
        Event.PASSED_ON: (
            f"goes on to {complaint.recipient_email}, the next of the customer's chain",
            "yellow",
        ),
        Event.BREACHED: (
            f"BREACHED at {event.at.astimezone(zone):%H:%M:%S}; {cause_in_words(complaint.breach_cause)}",
            "bold red",
        ),
        Event.ASSIGNED: (f"given to {customer(complaint)}{by}", ""),
        Event.DEADLINE_CHANGED: (
            f"now due {short(complaint.due_at, zone)} ({one_line(complaint.terms)})",
            "",
        ),
        # What follows from these is told: the relay's answer, and who was written to.
        Event.FORWARD_QUEUED: ("", ""),
        Event.RUNG_REACHED: ("", ""),
    }
    return told.get(event.name, (f"{event.name.replace('_', ' ')}{by}", ""))


def _received(complaint: Complaint, data: Mapping[str, object], zone: ZoneInfo) -> str:
    # The deadline may have been counted anew since; this line tells the first one.
    due = datetime.fromisoformat(str(data.get("due_at", complaint.due_at.isoformat())))
    terms = one_line(str(data.get("terms", complaint.terms)))
    number = f", their {one_line(complaint.reference)}" if complaint.reference else ""
    return f"{_kind(complaint)}{number}; due {short(due, zone)} ({terms})"


def _kind(complaint: Complaint) -> str:
    if not complaint.body_id:
        return f"{complaint.kind.value}, sender unclear"
    shown = "verified" if complaint.body_verified else "not verified"
    return f"{complaint.kind.value} from {one_line(complaint.body_name, longest=_NAME)}, {shown}"


def _first(why: str) -> str:
    """The first of the signs that decided, and how many more there are."""
    first, *more = one_line(why, longest=_WHY).split("; ")
    return f"{first} (and {len(more)} more)" if more else first


def _reason(complaint: Complaint) -> str:
    """Why a person is asked, and the sign or the names behind it."""
    word = in_words(complaint.review_reason)
    if complaint.review_reason == "ambiguous":
        behind = ", ".join(str(one["name"]) for one in complaint.evidence.get("candidates", ()))
    else:
        behind = "; ".join(
            str(one["found"])
            for one in complaint.evidence.get("recognition", ())
            if one["what"] == f"kind {Kind.SUSPICIOUS.value}"
        )
    return one_line(f"{word}: {behind}" if behind else word, longest=_WHY)


def of_notice(notice: Notice) -> Line | None:
    """Who was written to; a forward is told by its event."""
    if notice.kind is NoticeKind.FORWARD or notice.sent_at is None or notice.state is not NoticeState.SENT:
        return None
    told = _TOLD[notice.kind].format(rung=one_line(str(notice.facts.get("rung", ""))))
    style = "bold red" if notice.kind is NoticeKind.BREACH else "cyan"
    return Line(notice.sent_at, notice.ref, f"{notice.recipient} {told}", style)


def of_filed(mail: StoredMail) -> Line:
    """Mail that needs no routing."""
    why = one_line(mail.why, longest=_WHY)
    return Line(mail.stored_at, "filed", why if why.startswith(mail.kind) else f"{mail.kind}: {why}", "dim")
