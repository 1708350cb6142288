"""Taking a complaint up: whoever does holds its ladders up for a while, and says so in its history."""

from datetime import datetime, timedelta
from typing import Any

from complaints.case import Case
from complaints.climbing import climb
from complaints.deadlines import shifted, sooner
from complaints.errors import NotAllowed
from complaints.lifecycle import SETTLED, Event
from complaints.policy import Policy
from complaints.sequences import sequences_of

LONGEST = timedelta(days=7)
"""Nobody takes something up for longer than that without saying so again."""


def pause(
    case: Case, policy: Policy, length: timedelta, now: datetime, *, actor: str, data: dict[str, Any]
) -> None:
    """Hold the ladders up from now on for this time; what is due already is told first.

    Before a deadline (of the terms, or the body's day) it ends there at the latest, so that a breach is never
    told later for it. Whoever asks for less than another has asked for changes nothing.

    Raises:
        NotAllowed: nothing is expected of anybody any more, or the time is no sensible one.
    """
    if case.complaint.status in SETTLED:
        raise NotAllowed(f"a complaint that is {case.complaint.status.value} raises no alarms any more")
    if not timedelta(0) < length <= LONGEST:
        raise NotAllowed("a pause lasts from a minute to 7 days, e.g. --for 2h")
    climb(case, policy, now)
    ends = (one.due for one in sequences_of(policy, case.complaint) if one.ends_pauses and one.due > now)
    until = sooner(shifted(now, length), *ends)
    if case.complaint.paused_until is None or until > case.complaint.paused_until:
        case.happen(
            Event.PAUSED, now, actor=actor, data=data | {"until": until.isoformat()}, paused_until=until
        )
    climb(case, policy, now)


def resume(case: Case, policy: Policy, now: datetime, *, actor: str) -> None:
    """Let the ladders go on: what has come meanwhile is told at once.

    Raises:
        NotAllowed: they are not paused.
    """
    if case.complaint.paused_until is None or case.complaint.paused_until <= now:
        raise NotAllowed("its alarms are not paused")
    case.happen(Event.RESUMED, now, actor=actor, paused_until=None)
    climb(case, policy, now)
