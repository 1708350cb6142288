"""What a customer's people are told: one note a kind of notice, in their language, the same for text and HTML."""

from collections.abc import Callable, Mapping
from typing import Any

from complaints.outbox import RUNGS, Notice, NoticeKind
from notifiers.forward_note import forward_note
from notifiers.language import language
from notifiers.note import Note
from notifiers.reminder_notes import answer_due_note, pending_note, unacknowledged_note
from notifiers.telling import Telling
from notifiers.withheld_note import withheld_note

_NOTES: Mapping[NoticeKind, Callable[[Telling], Note]] = {
    NoticeKind.FORWARD: forward_note,
    NoticeKind.WITHHELD: withheld_note,
    NoticeKind.UNACKNOWLEDGED: unacknowledged_note,
    NoticeKind.ANSWER_DUE: answer_due_note,
    NoticeKind.WARNING: pending_note,
    NoticeKind.BREACH: pending_note,
    NoticeKind.REMINDER: pending_note,
}

CUSTOMER_KINDS = frozenset(_NOTES)
"""What may go to a customer's people."""

CUSTOMERS_ALONE = frozenset({NoticeKind.FORWARD, NoticeKind.WITHHELD})
"""What goes to nobody else."""


def is_for_customer(notice: Notice) -> bool:
    """Whether a customer's people read it, and not our own."""
    return notice.kind in CUSTOMERS_ALONE or (notice.kind in RUNGS and bool(notice.facts.get("to_customer")))


def language_of(notice: Notice) -> str:
    """The language (BCP 47) that its reader is written to in."""
    return language(str(notice.facts.get("language") or "")).code


def telling(values: Mapping[str, Any]) -> Telling:
    """The facts, as templates are given them, in the reader's language; see :mod:`notifiers.compose`."""
    return Telling(language=language(values["language"]), values=values)


def customer_note(kind: NoticeKind, tell: Telling) -> Note:
    """The note of a notice that goes to a customer; ``kind`` is one of CUSTOMER_KINDS."""
    return _NOTES[kind](tell)
