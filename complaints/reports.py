"""Rows in, compliance figures out."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles

from complaints.lifecycle import Status
from complaints.model import Complaint


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
