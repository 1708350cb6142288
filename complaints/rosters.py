"""Who is on duty when: from shifts that are written down, or by turns. Pure; answers from memory."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from complaints.deadlines import turn_at


@dataclass(frozen=True, kw_only=True, slots=True)
class Shift:
    """From (included) until (excluded), both aware, these people are on duty."""

    starts: datetime
    ends: datetime
    names: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Shifts:
    """Duty as it is written down; several may be on duty at once, and nobody in the gaps."""

    shifts: tuple[Shift, ...]

    def on_duty(self, at: datetime) -> Sequence[str]:
        """The names of those whose shift holds this instant."""
        found = (shift.names for shift in self.shifts if shift.starts <= at < shift.ends)
        return tuple(dict.fromkeys(name for names in found for name in names))


@dataclass(frozen=True, kw_only=True, slots=True)
class Turns:
    """Duty that goes round: everybody's turn is as long, and changes by the clock on the wall."""

    first: datetime  # the wall clock's reading (naive) at which the first turn begins
    every: timedelta  # whole days
    timezone: str  # IANA
    names: tuple[str, ...]

    def on_duty(self, at: datetime) -> Sequence[str]:
        """The name of the one whose turn it is; none before the first."""
        turn = turn_at(self.first, self.every, at, ZoneInfo(self.timezone))
        return () if turn < 0 else (self.names[turn % len(self.names)],)
