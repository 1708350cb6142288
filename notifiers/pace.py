"""How many letters a minute a relay may be given."""

from collections import deque
from datetime import datetime, timedelta

from complaints.clock import Clock

_NONE, _MINUTE = timedelta(0), timedelta(minutes=1)


class Pace:
    """At most ``a_minute`` letters in any minute; 0: no limit."""

    def __init__(self, a_minute: int, clock: Clock) -> None:
        self._a_minute, self._clock = a_minute, clock
        self._given: deque[datetime] = deque(maxlen=a_minute)

    def take(self) -> bool:
        """Whether one more may go now; if so, it is counted."""
        if not self._a_minute:
            return True
        now = self._clock()
        # A clock that was set back holds nothing up.
        if len(self._given) == self._a_minute and _NONE <= now - self._given[0] < _MINUTE:
            return False
        self._given.append(now)
        return True
