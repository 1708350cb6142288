"""Which ladders a complaint climbs as it stands: to its forwarding, to its acknowledgement, to its answer."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from complaints.deadlines import morning_of, sooner
from complaints.escalation import Ladder, Until
from complaints.lifecycle import Status
from complaints.model import Complaint
from complaints.outbox import NoticeKind
from complaints.policy import Policy

FORWARD = "forward"
"""The ladder that the promise hangs on."""

ANSWER_HOUR = 9.0
"""A day to answer by is reckoned from this hour of it, in the house's time zone: people are at work then."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sequence:
    """One ladder that one complaint climbs now, and how far it has come."""

    name: str
    ladder: Ladder
    counts_for: str  # with another deadline, forward or day it begins anew
    start: datetime
    due: datetime
    done: datetime | None  # up to then (included) it has been climbed
    kind: NoticeKind | None = None  # of its alerts; None: each rung's own
    ends_pauses: bool = True  # one that begins before ``due`` ends there

    def paused(self, complaint: Complaint) -> datetime | None:
        """Until when nothing of it is told, where somebody has taken the complaint up.

        What was said before a deadline cannot hold up the news that it has passed, even if it has been
        moved forward since.
        """
        until = complaint.paused_until
        told = self.kind is not None or (self.done is not None and self.done >= self.due)
        return until if until is None or told else sooner(until, self.due)


def sequences_of(policy: Policy, complaint: Complaint) -> Iterator[Sequence]:
    """Every ladder that this complaint climbs now."""
    if complaint.clock_runs:
        yield _forwarding(policy, complaint)
    # A reminder would tell the customer's people what a hold keeps from them.
    reminds = complaint.status is Status.FORWARDED and complaint.held_at is None
    if reminds and complaint.forwarded_at is not None:
        reminding = _still_reminding(policy, complaint, complaint.forwarded_at)
        if reminding.ladder.rungs and not complaint.clock_runs:
            yield reminding
        if policy.ladder.acknowledgement is not None:
            yield _acknowledging(policy.ladder.acknowledgement, complaint, complaint.forwarded_at)
    # Before that nobody at the customer has the letter, and it may be another customer's (I2).
    has_it = complaint.status in (Status.FORWARDED, Status.ACKNOWLEDGED)
    if has_it and complaint.respond_by is not None and policy.ladder.answer is not None:
        yield _answering(policy.ladder.answer, policy, complaint)


def _forwarding(policy: Policy, complaint: Complaint) -> Sequence:
    version = str(complaint.deadline_version)
    return Sequence(
        name=FORWARD,
        ladder=policy.ladder.of(complaint),
        counts_for=version,
        start=complaint.received_at,
        due=complaint.due_at,
        done=_done(complaint, FORWARD, version),
    )


def _still_reminding(policy: Policy, complaint: Complaint, forwarded_at: datetime) -> Sequence:
    """Rungs that go on until the acknowledgement; what came before the forward is no concern of theirs."""
    counts_for = f"{complaint.deadline_version} {forwarded_at.isoformat()}"
    return Sequence(
        name="reminding",
        ladder=policy.ladder.of(complaint).only(Until.ACKNOWLEDGED),
        counts_for=counts_for,
        start=complaint.received_at,
        due=complaint.due_at,
        done=_done(complaint, "reminding", counts_for) or forwarded_at,
        kind=NoticeKind.UNACKNOWLEDGED,
        ends_pauses=False,
    )


def _acknowledging(ladder: Ladder, complaint: Complaint, forwarded_at: datetime) -> Sequence:
    counts_for = forwarded_at.isoformat()
    return Sequence(
        name="acknowledgement",
        ladder=ladder,
        counts_for=counts_for,
        start=forwarded_at,
        due=forwarded_at,
        done=_done(complaint, "acknowledgement", counts_for),
        kind=NoticeKind.UNACKNOWLEDGED,
        ends_pauses=False,
    )


def _answering(ladder: Ladder, policy: Policy, complaint: Complaint) -> Sequence:
    assert complaint.respond_by is not None
    counts_for = complaint.respond_by.isoformat()
    return Sequence(
        name="answer",
        ladder=ladder,
        counts_for=counts_for,
        start=complaint.received_at,
        due=morning_of(complaint.respond_by, ANSWER_HOUR, ZoneInfo(policy.timezone)),
        done=_done(complaint, "answer", counts_for),
        kind=NoticeKind.ANSWER_DUE,
    )


def _done(complaint: Complaint, name: str, counts_for: str) -> datetime | None:
    """Up to when this ladder has been climbed; None: never, or for another deadline."""
    kept = complaint.climbs.get(name)
    if not kept or kept["for"] != counts_for:
        return None
    return datetime.fromisoformat(kept["done"])
