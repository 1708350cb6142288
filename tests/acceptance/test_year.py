"""A year in small: every rung exactly once, none early, none later than the first tick after its instant (I4, I7)."""

from pathlib import Path

from complaints.store.database import Database
from complaints.store.upgrade import upgrade
from tests.year import lived_through


async def test_i4_i7_a_year_of_outages_and_clock_changes_misses_no_rung(tmp_path: Path) -> None:
    store = Database(f"sqlite:///{tmp_path / 'store.db'}")
    await upgrade(store)
    told = await lived_through(store, 150)
    await store.close()
    assert told.complaints == 150
    assert told.breaches > 20
    assert told.faults == []
