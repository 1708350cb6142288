"""Legal hold: while one lies on a complaint nothing of it goes to a customer; only a person with a reason lifts it.

The clock runs on and our own people are told; the customer's are not, since an alert would tell them as well.
"""

from datetime import datetime

from complaints import drafting
from complaints.case import DESK, Case
from complaints.climbing import climb
from complaints.confidential import KEY_FAULTS
from complaints.errors import NotAllowed
from complaints.lifecycle import TRANSITIONS, Event, Status
from complaints.model import Assessment, Complaint, Kind
from complaints.policy import Policy

ON_HOLD = "on hold"
"""Why a person is asked whose complaint would go to a customer otherwise."""

MAY_FORBID = "may forbid"
"""Why a person is asked where a letter's words on secrecy forbid telling the customer perhaps, and not for sure."""

RELEASED = "hold released"
"""Why a person is asked once it may go."""


def by_rule(assessment: Assessment) -> str:
    """Why a letter is held without anybody's word; empty: it is not."""
    recognition = assessment.recognition
    if recognition.kind is Kind.NOTICE_TO_PROCESSOR:
        return "a formal demand addressed to us"
    return f"the letter forbids telling the customer: {recognition.forbids}" if recognition.forbids else ""


def by_precedent(ref: str) -> str:
    """Why a letter is held that goes on with a case on which a hold lies."""
    return f"a hold lies on the case that it follows, {ref}"


def may_be_put(case: Case) -> bool:
    """Whether a hold can lie on it: it is not settled."""
    return (case.complaint.status, Event.HELD) in TRANSITIONS


def put(case: Case, why: str, now: datetime, *, actor: str = DESK) -> None:
    """Lay a hold on it; where one lies already nothing changes.

    Raises:
        NotAllowed: it is settled, or no reason is given.
    """
    about = case.complaint
    if not why.strip():
        raise NotAllowed("a hold has a reason; give one with --why")
    if about.held_at is not None:
        return
    # What waits for a key would go on by itself.
    goes = about.status is Status.FORWARDING or about.review_reason in KEY_FAULTS
    stops = {"review_reason": ON_HOLD} if goes else {}
    case.happen(Event.HELD, now, actor=actor, data={"why": why}, held_at=now, hold_reason=why, **stops)


def release(case: Case, policy: Policy, why: str, now: datetime, *, actor: str) -> None:
    """Lift the hold. Nothing goes out by that: a person assigns it then, or sends it again.

    Raises:
        NotAllowed: none lies on it, or no reason is given.
    """
    about = case.complaint
    if not why.strip():
        raise NotAllowed("a hold is released with a reason; give one with --why")
    if about.held_at is None:
        raise NotAllowed("no hold lies on it")
    goes_on = {"review_reason": RELEASED} if about.review_reason == ON_HOLD else {}
    case.happen(
        Event.HOLD_RELEASED, now, actor=actor, data={"why": why}, held_at=None, hold_reason="", **goes_on
    )
    if about.status is Status.NEEDS_REVIEW:
        case.notices += drafting.reviews(policy, case.complaint)
    climb(case, policy, now)


def people_of(complaint: Complaint) -> tuple[str, ...]:
    """The customer's people, who must not be told."""
    theirs = (complaint.recipient_email, complaint.manager_email, complaint.deputy_email)
    return tuple(dict.fromkeys(one for one in theirs if one))
