"""What is to be sent, and what became of it.

Delivery is at least once and recognisable (I6): a notice carries one Message-ID for life, so a copy
sent again after a crash can be told from a second letter. ``dedupe_key`` is unique in the store, so
no notice is ever written twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any


class NoticeKind(StrEnum):
    """Why somebody is written to."""

    FORWARD = "forward"  # the complaint itself, to the supplier manager
    REVIEW = "review"  # the triage team: a person must decide
    WARNING = "warning"  # a rung before the deadline
    BREACH = "breach"  # the deadline has passed
    REMINDER = "reminder"  # a rung after the breach
    UNACKNOWLEDGED = "unacknowledged"  # forwarded, and the supplier manager has not said that they have it
    ANSWER_DUE = "answer_due"  # the day to answer the body by comes near, or has gone by
    ARRANGEMENTS = "arrangements"  # the managers: a rung reaches nobody, or a duty roster cannot be read
    DELIVERY_FAILED = "delivery_failed"  # a forward was refused or came back
    WITHHELD = "withheld"  # the supplier manager: a letter is too big to be mailed and waits to be collected
    RELAY_TROUBLE = "relay_trouble"  # the managers: a relay has been out of order for a while
    LAST_RESORT = "last_resort"  # nobody on file at the customer is there: it went to the fallback address
    KEY_LACKING = "key_lacking"  # it may go out encrypted alone, and cannot be: a person must see to the key
    ANSWER = "answer"  # the triage team: somebody or something answered, and a person must read it
    INBOX_BLIND = "inbox_blind"  # the mailbox cannot be read
    INBOX_BACK = "inbox_back"  # it can be read again
    SYNTHETIC_LOST = "synthetic_lost"  # a made-up complaint did not come through
    AUDIT = "audit"  # what should have been told or done and what was differ


class NoticeState(StrEnum):
    """pending -> sending (the claim expires) -> sent | pending (later) | failed; or cancelled."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"


RUNGS = frozenset(
    {
        NoticeKind.WARNING,
        NoticeKind.BREACH,
        NoticeKind.REMINDER,
        NoticeKind.UNACKNOWLEDGED,
        NoticeKind.ANSWER_DUE,
    }
)
"""What ladders tell."""

MAY_WAIT = RUNGS - {NoticeKind.BREACH, NoticeKind.REMINDER}
"""What waits for the end of somebody's quiet hours. A breach is never held back, nor what follows it."""

ALARM_TRIES = 5
"""After so many tries in vain (some eight minutes) an alarm counts as unheard, and others are told."""

CANCELLED_BY_FORWARD = frozenset(
    {NoticeKind.REVIEW, NoticeKind.KEY_LACKING, NoticeKind.WARNING, NoticeKind.REMINDER}
)
"""What is pointless once the complaint is on its way. A breach is never unsaid."""

CANCELLED_BY_ACKNOWLEDGEMENT = CANCELLED_BY_FORWARD | {NoticeKind.UNACKNOWLEDGED}
"""What is pointless once the supplier manager has said that they have it."""

CANCELLED_BY_ANSWER = CANCELLED_BY_ACKNOWLEDGEMENT | {NoticeKind.ANSWER_DUE}
"""What is pointless once the body has been answered, or nothing more is expected of anybody."""

LETTERS = frozenset({NoticeKind.FORWARD, NoticeKind.REVIEW})
"""As many as letters come. Everything else is an alarm, goes before them, and has room of its own."""

OUTCOME_UNKNOWN = "outcome unknown"
"""So begins the reply of a try after which nobody knows whether the relay has the message."""

STOPPED = f"{OUTCOME_UNKNOWN}: the desk was stopped before it knew what became of this try"

CLAIM_LASTS = timedelta(minutes=2)
"""After this a claim is taken for dead and the notice may be claimed again."""

RELAY_LOOKED_AT = timedelta(seconds=20)
"""So often one letter is tried while the relay is out of order; all others wait meanwhile, and go with it."""

_FIRST_WAIT = timedelta(seconds=15)
_LONGEST_WAIT = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """One message to one person."""

    id: int
    kind: NoticeKind
    complaint_id: int | None  # None: about the desk itself
    ref: str  # our reference of the complaint, or empty
    recipient: str  # a mail address, or an apprise URL
    message_id: str  # with angle brackets; fixed for life
    bounce_token: str = ""  # of its return path, where that is its own; no reader is ever shown it
    dedupe_key: str
    facts: dict[str, Any] = field(default_factory=dict)  # frozen at writing, so a retry is the same bytes
    mail_id: int | None = None  # of a forward: the stored original
    state: NoticeState = NoticeState.PENDING
    attempts: int = 0
    created_at: datetime
    next_attempt_at: datetime
    sent_at: datetime | None = None
    reply: str = ""  # the relay's last words, code and text
    queue_id: str = ""  # the relay's own name for it, where it told one
    receipt: Mapping[str, Any] = field(default_factory=dict)  # of the last try; see notifiers.receipt

    @property
    def is_mail(self) -> bool:
        """Whether it goes through the relay (else through apprise)."""
        return "://" not in self.recipient

    @property
    def goes_to_a_customer(self) -> bool:
        """Whether its reader is one of the customer's people."""
        return self.kind is NoticeKind.FORWARD or bool(self.facts.get("to_customer"))


@dataclass(frozen=True, kw_only=True, slots=True)
class NewNotice:
    """A notice to be written; the store gives it an id and a Message-ID."""

    kind: NoticeKind
    recipient: str
    dedupe_key: str
    facts: dict[str, Any] = field(default_factory=dict)
    mail_id: int | None = None
    not_before: datetime | None = None  # held back until then; None: it goes at once


class Verdict(StrEnum):
    """How a try ended, named for what the operator should expect."""

    SENT = "sent"
    TEMPORARY = "temporary"  # tried again by itself
    PERMANENT = "permanent"  # a person must act


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What became of one try to send one notice."""

    notice: Notice
    verdict: Verdict
    reply: str  # the relay's words with their code, or why there were none
    queue_id: str = ""
    sealed: str = ""  # with what it was encrypted and signed, or why it was not; empty: nobody asked for it
    withheld: str = ""  # why it was not handed over at all: no usable key where one is required (a KeyFault)
    receipt: Mapping[str, Any] = field(default_factory=dict)  # under what the relay said so
    too_big: bool = False  # with a permanent end: no relay takes a message of this size
    relay_down: bool = False  # it says nothing of this notice: no other would have gone out either


def retry_at(attempts: int, now: datetime, deadline: datetime | None) -> datetime:
    """When to try again after a temporary refusal.

    Waits double from 15 seconds to 10 minutes and never stop (I1); within the last tenth before a
    deadline no wait is longer than a minute, since a relay that came back must not be missed.

    Args:
        attempts: how many tries there have been, at least 1.
        now: aware.
        deadline: the complaint's due instant, or None for a notice without one.
    """
    wait = min(_LONGEST_WAIT, _FIRST_WAIT * (1 << min(attempts - 1, 10)))
    if deadline is not None and now < deadline:
        wait = min(wait, max(timedelta(minutes=1), (deadline - now) / 10))
    return now + wait
