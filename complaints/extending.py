"""The body's own day: the answer is wanted by, and moved when the body says so."""

from datetime import date, datetime

from complaints.case import Case
from complaints.climbing import climb
from complaints.errors import NotAllowed
from complaints.lifecycle import SETTLED, Event, Status
from complaints.policy import Policy


def extend(case: Case, policy: Policy, until: date, why: str, now: datetime, *, actor: str) -> None:
    """Note that the body wants its answer by a later day than its letter says; the reminders go by that day.

    The time to forward it is the contract's and stays as it is.

    Args:
        case: the complaint, held.
        policy: the ladders, and the team's time zone.
        until: the body's new day; where it named none, its first.
        why: who granted it and how, for the audit.
        now: aware.
        actor: who says so.

    Raises:
        NotAllowed: no reason is given, the answer is given or wanted no more, or the day is no later one.
    """
    about, before = case.complaint, case.complaint.respond_by
    if not why.strip():
        raise NotAllowed("a later day has a reason; give one with --why")
    if about.status in SETTLED or about.status is Status.ANSWERED:
        raise NotAllowed(f"no answer is awaited of a complaint that is {about.status.value}")
    if before is not None and until <= before:
        raise NotAllowed(f"an answer is wanted by {before} already; name a later day")
    if until < policy.day(now):
        raise NotAllowed(f"{until} is over; name a day to come")
    climb(case, policy, now)
    data = {"from": before.isoformat() if before else "", "to": until.isoformat(), "why": why}
    # What the letter says of its day is true no more.
    case.happen(Event.EXTENDED, now, actor=actor, data=data, respond_by=until, respond_by_quote="")
    climb(case, policy, now)
