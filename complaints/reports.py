"""Rows in, compliance figures out."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median, quantiles
from zoneinfo import ZoneInfo

from complaints.errors import ForthwithError
from complaints.lifecycle import Status
from complaints.model import Complaint


class BadMonth(ForthwithError):
    """That is no month; write it as 2026-11."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Figures:
    """How well the promise was kept in a period."""

    received: int
    forwarded: int
    in_time: int  # forwarded (or, where that is agreed, acknowledged) at or before the due instant
    breached: int
    needs_review: int
    unsent: int  # forwards the relay has not accepted yet
    bounced: int
    causes: Mapping[str, int] = field(default_factory=dict)  # of breaches, the commonest first
    median_seconds: float | None  # receipt to acceptance by the relay
    p95_seconds: float | None


def figures(complaints: Sequence[Complaint]) -> Figures:
    """The figures over these complaints."""
    gone = [(c, c.forwarded_at) for c in complaints if c.forwarded_at is not None]
    took = sorted((at - c.received_at).total_seconds() for c, at in gone)
    return Figures(
        received=len(complaints),
        forwarded=len(gone),
        in_time=sum(c.met_at is not None and c.met_at <= c.due_at for c, _ in gone),
        breached=sum(c.breached_at is not None for c in complaints),
        needs_review=sum(c.status is Status.NEEDS_REVIEW for c in complaints),
        unsent=sum(c.status is Status.FORWARDING for c in complaints),
        bounced=sum(c.review_reason in ("bounced", "refused") for c in complaints),
        causes=dict(Counter(c.breach_cause for c in complaints if c.breached_at).most_common()),
        median_seconds=median(took) if took else None,
        p95_seconds=quantiles(took, n=20)[-1] if len(took) > 1 else (took[0] if took else None),
    )


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


def month_of(words: str, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The first instant of a month, and the first behind it, where the people are.

    Args:
        words: ``2026-11``.
        zone: theirs.

    Raises:
        BadMonth: when that is no month.
    """
    try:
        begins = datetime.strptime(words, "%Y-%m").replace(tzinfo=zone)
    except ValueError:
        raise BadMonth(f"{words!r} is no month; write it as 2026-11") from None
    year, month = divmod(begins.year * 12 + begins.month, 12)
    return begins, begins.replace(year=year, month=month + 1)


def report(complaints: Sequence[Complaint], name: str, begins: datetime, ends: datetime) -> Report:
    """What there is to report of these complaints, all received in that period."""
    by_customer: dict[tuple[bool, str, str], list[Complaint]] = {}
    for one in complaints:
        key = (not one.customer_id, one.customer_name if one.customer_id else "", one.customer_id)
        by_customer.setdefault(key, []).append(one)
    return Report(
        name=name,
        begins=begins,
        ends=ends,
        figures=figures(complaints),
        customers=[(number, who, figures(own)) for (_, who, number), own in sorted(by_customer.items())],
        late=sorted(
            (one for one in complaints if one.breached_at), key=lambda one: (one.received_at, one.id)
        ),
    )
