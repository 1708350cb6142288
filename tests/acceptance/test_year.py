"""A year in small: every rung exactly once, none early, none later than the first tick after its instant (I4, I7)."""

from datetime import datetime, timedelta
from pathlib import Path

from complaints.auditor.auditor import Auditor
from complaints.auditor.finding import What
from complaints.store.database import Database
from complaints.store.upgrade import upgrade
from tests.conftest import SteppedClock
from tests.desks import a_policy
from tests.year import END, HOUSE, lived_through

BETWEEN_TICKS = timedelta(hours=6)  # what lies further apart is an outage


async def test_i4_i7_a_year_of_outages_and_clock_changes_misses_no_rung(tmp_path: Path) -> None:
    store = Database(f"sqlite:///{tmp_path / 'store.db'}")
    await upgrade(store)
    told = await lived_through(store, 150)
    assert told.complaints == 150
    assert told.breaches > 20
    assert told.faults == []
    made = await Auditor(
        store, a_policy(calendar=HOUSE), SteppedClock(END), tolerance=BETWEEN_TICKS, place="tests"
    ).check()
    await store.close()
    assert made.looked_at == 150
    assert made.findings, "some outages of this year were long enough to be told"
    for one in made.findings:
        assert one.what in (What.NOT_TOLD, What.TOLD_LATE)
        instant = datetime.fromisoformat(one.mark.partition(":")[2])
        assert told.noticed(instant) - instant > BETWEEN_TICKS, one
