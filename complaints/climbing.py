"""Bringing a complaint's ladder up to now: events, breach and alarms, gathered on its case."""

from datetime import datetime

import structlog

from complaints import drafting
from complaints.case import Case
from complaints.escalation import ReachedRung, due_rungs, tell, unheard
from complaints.lifecycle import Event, Status
from complaints.model import Complaint, Kind
from complaints.outbox import NoticeKind
from complaints.policy import Policy

log = structlog.get_logger()


def climb(case: Case, policy: Policy, now: datetime, *, blind: bool = False) -> None:
    """Fire the rungs that are due, while the complaint's clock runs.

    Args:
        case: the complaint, its row held.
        policy: ladder and people.
        now: aware.
        blind: an inbox cannot be read at present.
    """
    complaint = case.complaint
    if not complaint.clock_runs or complaint.kind is Kind.SYNTHETIC:
        return
    found = due_rungs(policy.ladder, complaint.rung, complaint.received_at, complaint.due_at, now)
    for reached in found.reached:
        _reach(case, reached, now, blind=blind)
    case.change(rung=found.done, next_rung_at=found.next_at)
    groups = policy.groups(complaint)
    cause = case.complaint.breach_cause or cause_of(complaint, blind=blind)
    for person, reached in tell(found.reached, groups).items():
        case.notices.append(drafting.alarm(policy, case.complaint, reached, person, cause))
    for reached in unheard(found.reached, groups):
        log.error("rung_unheard", ref=complaint.ref, rung=reached.name)


def _reach(case: Case, reached: ReachedRung, now: datetime, *, blind: bool) -> None:
    data = {"rung": reached.name, "due": reached.at.isoformat()}
    if reached.kind is not NoticeKind.BREACH:
        case.happen(Event.RUNG_REACHED, now, data=data)
        return
    cause = cause_of(case.complaint, blind=blind)
    first = case.complaint.breached_at or reached.at
    case.happen(Event.BREACHED, now, data=data | {"cause": cause}, breached_at=first, breach_cause=cause)


def cause_of(complaint: Complaint, *, blind: bool) -> str:
    """Why the promise is not kept yet, in words without personal data."""
    if complaint.stored_at >= complaint.due_at:
        return "the mail was read only after its time was over"
    if complaint.status is Status.FORWARDING:
        return "the relay has not accepted the forward"
    if complaint.status is Status.FORWARDED:
        return (
            "forwarded, but not acknowledged"
            if complaint.until == "acknowledged"
            else "forwarded, but not delivered yet"
        )
    if complaint.review_reason:
        return f"waiting for a person: {complaint.review_reason}"
    return "the inbox could not be read" if blind else "not decided yet"
