"""Rows in, compliance figures out."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from statistics import median
from zoneinfo import ZoneInfo

from complaints.errors import ForthwithError
from complaints.lifecycle import Event, Status
from complaints.model import Complaint, LoggedEvent

_NOTHING: Mapping[int, Sequence[datetime]] = {}


class BadMonth(ForthwithError):
    """That is no month; write it as 2026-11."""


class MonthToCome(BadMonth):
    """That month has not begun; there is nothing to report of it yet."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Figures:
    """How well the promise was kept in a period."""

    received: int
    forwarded: int
    in_time: int  # forwarded (or, where that is agreed, acknowledged) at or before the due instant
    breached: int
    needs_review: int
    unsent: int  # forwards the relay has not accepted yet
    bounced: int  # forwards that came back or were refused, whatever became of them since
    causes: Mapping[str, int] = field(default_factory=dict)  # of breaches, the commonest first
    median_seconds: float | None  # receipt to acceptance by the relay
    p95_seconds: float | None  # within which 95 of 100 were forwarded: one of the real times, by nearest rank


def figures(complaints: Sequence[Complaint], *, bounced: int = 0) -> Figures:
    """The figures over these complaints.

    Of the times from receipt to forward the median is told, and that within which 95 of 100 were: by the nearest
    rank, so that it is a time that one of them took, of fewer than twenty the longest.

    Args:
        complaints: those that count.
        bounced: how many forwards came back or were refused; their complaints do not tell it once they go on.
    """
    gone = [(c, c.forwarded_at) for c in complaints if c.forwarded_at is not None]
    took = sorted((at - c.received_at).total_seconds() for c, at in gone)
    return Figures(
        received=len(complaints),
        forwarded=len(gone),
        in_time=sum(c.met_at is not None and c.met_at <= c.due_at for c, _ in gone),
        breached=sum(c.breached_at is not None for c in complaints),
        needs_review=sum(c.status is Status.NEEDS_REVIEW for c in complaints),
        unsent=sum(c.status is Status.FORWARDING for c in complaints),
        bounced=bounced,
        causes=dict(Counter(c.breach_cause for c in complaints if c.breached_at).most_common()),
        median_seconds=median(took) if took else None,
        p95_seconds=took[ceil(len(took) * 95 / 100) - 1] if took else None,
    )


LOSSES = frozenset({Event.BOUNCED, Event.DELIVERY_FAILED, Event.UNDELIVERED})
"""Events that tell of a forward that did not arrive."""


def lost_forwards(events: Iterable[LoggedEvent]) -> list[datetime]:
    """When forwards came back or were refused for good; what we kept back, for want of a key say, is neither."""
    return [one.at for one in events if one.name in LOSSES and _came_from_a_server(one)]


def _came_from_a_server(event: LoggedEvent) -> bool:
    came_back = Event.BOUNCED in (event.name, event.data.get("how"))
    return came_back or str(event.data.get("reply", ""))[:3].isdigit()


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """How the promise was kept to everybody whose complaints were received in a period."""

    name: str  # 2026-11
    begins: datetime
    ends: datetime  # the first instant behind it
    figures: Figures
    customers: Sequence[
        tuple[str, str, Figures]
    ]  # id, name and figures, by name; the last have no customer yet
    late: Sequence[Complaint]  # those whose time ran out, in the order of receipt


def month_of(words: str, zone: ZoneInfo, now: datetime) -> tuple[datetime, datetime]:
    """The first instant of a month, and the first behind it, where the people are.

    Args:
        words: ``2026-11``.
        zone: theirs.
        now: aware.

    Raises:
        BadMonth: when that is no month.
        MonthToCome: when it has not begun.
    """
    try:
        begins = datetime.strptime(words, "%Y-%m").replace(tzinfo=zone)
    except ValueError:
        raise BadMonth(f"{words!r} is no month; write it as 2026-11") from None
    if begins > now:
        raise MonthToCome(f"{words} has not begun; there is nothing to report of it yet")
    year, month = divmod(begins.year * 12 + begins.month, 12)
    return begins, begins.replace(year=year, month=month + 1)


def report(
    complaints: Sequence[Complaint],
    name: str,
    begins: datetime,
    ends: datetime,
    *,
    lost: Mapping[int, Sequence[datetime]] = _NOTHING,
) -> Report:
    """What there is to report of these complaints, all received in that period.

    Args:
        complaints: those that count.
        name: of the period.
        begins: its first instant.
        ends: the first behind it.
        lost: when forwards came back or were refused, by the ids of their complaints.
    """

    def counted(own: Sequence[Complaint]) -> Figures:
        return figures(own, bounced=sum(len(lost.get(one.id, ())) for one in own))

    by_customer: dict[tuple[bool, str, str], list[Complaint]] = {}
    for one in complaints:
        key = (not one.customer_id, one.customer_name if one.customer_id else "", one.customer_id)
        by_customer.setdefault(key, []).append(one)
    return Report(
        name=name,
        begins=begins,
        ends=ends,
        figures=counted(complaints),
        customers=[(number, who, counted(own)) for (_, who, number), own in sorted(by_customer.items())],
        late=sorted(
            (one for one in complaints if one.breached_at), key=lambda one: (one.received_at, one.id)
        ),
    )
