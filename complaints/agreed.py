"""The deadline of one letter and all that it came from: kept on the complaint, so that it can be told for good (I3)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from complaints.deadlines import (
    Calendar,
    Interval,
    Reckoning,
    brief,
    content_of,
    days_between,
    digest_of,
    explained,
    from_content,
    kept,
    parse_agreement,
    reckon,
)
from complaints.model import Complaint, Kind


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What a contract's terms may ask of a letter."""

    received_at: datetime
    kind: Kind
    respond_by: date | None

    @classmethod
    def of(cls, complaint: Complaint) -> "Facts":
        """Those of a complaint."""
        return cls(received_at=complaint.received_at, kind=complaint.kind, respond_by=complaint.respond_by)


@dataclass(frozen=True, kw_only=True, slots=True)
class Urgency:
    """When the house calls a letter urgent: the body wants its answer soon, or its kind is so by itself."""

    days: int = 7  # from the day of receipt to the day the body wants its answer, at most
    kinds: frozenset[str] = frozenset()  # kinds of letter that always are

    def why(self, letter: Facts, calendar: Calendar) -> str:
        """Why a letter is urgent, for people; empty where it is not."""
        if letter.kind.value in self.kinds:
            return f"letters of the kind {letter.kind.value} are"
        if letter.respond_by is None:
            return ""
        days = days_between(letter.received_at.astimezone(calendar.zone).date(), letter.respond_by)
        if days > self.days:
            return ""
        distance = f"{days} days after receipt" if days >= 0 else f"{-days} days before receipt"
        return f"an answer is wanted by {letter.respond_by}, {distance}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Deadline:
    """When a complaint must have been passed on, and by what that was reckoned."""

    terms: str  # the contract's line
    house_number: str  # what vague words stood for
    calendar: str  # its name
    calendar_version: str
    urgent: str  # why the letter is; empty: it is not
    until: str  # sent, delivered or acknowledged
    due_at: datetime  # UTC
    reckoned: str  # how it was counted, in one line
    content: Mapping[str, Any] = field(compare=False, repr=False)  # of the calendar's version

    def given(self) -> dict[str, Any]:
        """The fields of the complaint."""
        return {
            "terms": self.terms,
            "house_number": self.house_number,
            "calendar": self.calendar,
            "calendar_version": self.calendar_version,
            "urgent": self.urgent,
            "until": self.until,
            "due_at": self.due_at,
            "reckoned": self.reckoned,
        }


def deadline(
    terms: str, letter: Facts, *, house_number: str, name: str, calendar: Calendar, urgency: Urgency
) -> Deadline:
    """Reckon a letter's deadline and write down what it came from.

    Args:
        terms: the contract's line.
        letter: what is known of the letter.
        house_number: what vague words stand for.
        name: of the calendar.
        calendar: the one to count in.
        urgency: when the house calls a letter urgent.

    Raises:
        BadTerms: the line cannot be read, or does not end by this calendar.
    """
    agreement = parse_agreement(terms, vague=house_number)
    urgent = urgency.why(letter, calendar)
    kind = letter.kind.value
    found = reckon(agreement, letter.received_at, calendar, kind=kind, urgent=bool(urgent))
    lasting = kept(calendar, letter.received_at, found.due_at)
    content = content_of(lasting)
    tier = agreement.tier_of(kind, urgent=bool(urgent))
    capped = found.term == agreement.time_for(kind, urgent=bool(urgent)).cap
    return Deadline(
        terms=terms,
        house_number=house_number,
        calendar=name,
        calendar_version=digest_of(content),
        urgent=urgent,
        until=agreement.end.value,
        due_at=found.due_at,
        reckoned=_told(found, lasting, tier, urgent, capped=capped),
        content=content,
    )


def _told(found: Reckoning, calendar: Calendar, tier: str, urgent: str, *, capped: bool) -> str:
    words = brief(found.term.unit, explained(found, calendar), calendar.zone)
    if found.term.is_vague:
        words = f"“{found.term.words}” is {found.term.house} by our own rule; {words}"
    if capped:
        words = f"at the latest {found.term.words.removeprefix('at the latest ')}; {words}"
    if not tier:
        return words
    return f"{tier} ({urgent}): {words}" if urgent and tier == "urgent" else f"{tier}: {words}"


def retold(complaint: Complaint, content: Mapping[str, Any]) -> tuple[Reckoning, tuple[Interval, ...]]:
    """Every step to a complaint's deadline, from what was written down with it.

    Args:
        complaint: its terms, house number and urgency count, not today's.
        content: of the calendar's version that it names.

    Raises:
        BadTerms: the terms cannot be read any more.
    """
    calendar = from_content(content)
    found = recounted(complaint, calendar)
    return found, explained(found, calendar)


def recounted(complaint: Complaint, calendar: Calendar) -> Reckoning:
    """A complaint's deadline, counted once more from what was written down with it.

    Args:
        complaint: its terms, house number and urgency count, not today's.
        calendar: of the version that it names, see :func:`complaints.deadlines.from_content`.

    Raises:
        BadTerms: the terms cannot be read any more.
    """
    return reckon(
        parse_agreement(complaint.terms, vague=complaint.house_number),
        complaint.received_at,
        calendar,
        kind=complaint.kind.value,
        urgent=bool(complaint.urgent),
    )
