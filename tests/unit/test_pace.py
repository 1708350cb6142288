"""How many letters a minute a relay is given."""

from notifiers.pace import Pace
from tests.conftest import SteppedClock


def test_any_minute_has_so_many_and_no_more(clock: SteppedClock) -> None:
    pace = Pace(2, clock)
    given = []
    for _ in range(8):
        given.append(pace.take())
        clock.step(seconds=20)
    assert given == [True, True, False, True, True, False, True, True]


def test_no_limit_is_no_limit(clock: SteppedClock) -> None:
    pace = Pace(0, clock)
    assert all(pace.take() for _ in range(1000))


def test_a_clock_that_is_set_back_holds_nothing_up(clock: SteppedClock) -> None:
    pace = Pace(1, clock)
    assert pace.take()
    assert not pace.take()
    clock.step(hours=-1)
    assert pace.take()
