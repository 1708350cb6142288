"""When a complaint is due: the only place that does date arithmetic (I4).

Everything here is pure: the receipt comes in as an argument, a due instant goes out in UTC.
"""

from complaints.deadlines.agreement import LONGEST_LINE, Agreement, End, parse_agreement
from complaints.deadlines.brief import brief
from complaints.deadlines.explanation import Interval, explain, explained
from complaints.deadlines.kept_calendar import content_of, digest_of, from_content, kept
from complaints.deadlines.protocol import answer
from complaints.deadlines.reckoning import Reckoning, due_at, reckon
from complaints.deadlines.steps import (
    closes_at,
    day_after,
    day_before,
    days_between,
    half_of_what_is_left,
    instant_of,
    morning_of,
    repeat_at,
    repeats_passed,
    share,
    shifted,
    sooner,
    turn_at,
)
from complaints.deadlines.terms import Terms, Unit, parse_terms
from complaints.deadlines.working_calendar import BadCalendar, Calendar, Window

__all__ = [
    "LONGEST_LINE",
    "Agreement",
    "BadCalendar",
    "Calendar",
    "End",
    "Interval",
    "Reckoning",
    "Terms",
    "Unit",
    "Window",
    "answer",
    "brief",
    "closes_at",
    "content_of",
    "day_after",
    "day_before",
    "days_between",
    "digest_of",
    "due_at",
    "explain",
    "explained",
    "from_content",
    "half_of_what_is_left",
    "instant_of",
    "kept",
    "morning_of",
    "parse_agreement",
    "parse_terms",
    "reckon",
    "repeat_at",
    "repeats_passed",
    "share",
    "shifted",
    "sooner",
    "turn_at",
]
