"""When a complaint is due: the only place that does date arithmetic (I4).

Everything here is pure: the receipt comes in as an argument, a due instant goes out in UTC.
"""

from complaints.deadlines.explanation import Interval, explain
from complaints.deadlines.protocol import answer
from complaints.deadlines.reckoning import due_at
from complaints.deadlines.steps import day_after, day_before, repeat_at, repeats_passed, share, shifted
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
    "day_after",
    "day_before",
    "due_at",
    "explain",
    "parse_terms",
    "repeat_at",
    "repeats_passed",
    "share",
    "shifted",
]
