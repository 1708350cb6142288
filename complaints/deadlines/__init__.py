"""When a complaint is due: the only place that does date arithmetic (I4).

Everything here is pure: the receipt comes in as an argument, a due instant goes out in UTC.
"""

from complaints.deadlines.explanation import Interval, explain
from complaints.deadlines.protocol import answer
from complaints.deadlines.reckoning import due_at
from complaints.deadlines.steps import (
    closes_at,
    day_after,
    day_before,
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
    "BadCalendar",
    "Calendar",
    "Interval",
    "Terms",
    "Unit",
    "Window",
    "answer",
    "closes_at",
    "day_after",
    "day_before",
    "due_at",
    "explain",
    "half_of_what_is_left",
    "instant_of",
    "morning_of",
    "parse_terms",
    "repeat_at",
    "repeats_passed",
    "share",
    "shifted",
    "sooner",
    "turn_at",
]
