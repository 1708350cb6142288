"""A letter that a person has brought to the supplier manager by another way than mail."""

from datetime import datetime

from complaints.case import Case
from complaints.climbing import climb
from complaints.errors import NotAllowed
from complaints.lifecycle import Event
from complaints.policy import Policy


def hand_over(case: Case, policy: Policy, how: str, now: datetime, *, actor: str) -> None:
    """Note that the supplier manager has it in hand: what the contract promises has happened.

    So it is where no relay takes a letter of that size, where no key is held, or while no mail goes out.

    Args:
        case: the complaint, its row held.
        policy: ladders and people.
        how: it was handed over, and what shows that; it is kept in the history.
        now: aware.
        actor: who says so.

    Raises:
        NotAllowed: nobody knows whose it is, a hold lies on it, it has gone by mail, or it is not told how.
    """
    about = case.complaint
    if not how.strip():
        raise NotAllowed("what is handed over by hand is noted with how; give it with --how")
    if not about.customer_id:
        raise NotAllowed("nobody has decided whose it is; assign it first")
    if about.held_at is not None:
        raise NotAllowed("a legal hold lies on it: nothing of it may go to the customer")
    climb(case, policy, now)
    sent_at = case.complaint.forwarded_at or now
    done = {"forwarded_at": sent_at, "acknowledged_at": now, "review_reason": ""}
    case.happen(Event.HANDED_OVER, now, actor=actor, data={"how": how}, **done)
    climb(case, policy, now)
