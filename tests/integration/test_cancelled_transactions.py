"""Whenever a transaction is cancelled, on a stop say, the next one finds the store free."""

import asyncio
import sqlite3
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from complaints.store.database import Database

_HOPS = 64
"""More steps of the event loop than the transaction below takes."""


async def _write(database: Database) -> None:
    async with database.writing() as repository:
        await repository.connection.execute(text("INSERT INTO t VALUES (1), (2), (3) RETURNING x"))
        await repository.connection.execute(text("UPDATE t SET x = x + 1 RETURNING x"))


@pytest.mark.parametrize("writers", [1, 3])
async def test_a_transaction_cancelled_at_any_step_leaves_no_lock_behind(
    tmp_path: Path, writers: int
) -> None:
    held: list[int] = []
    ended = 0
    for hops in range(_HOPS):
        path = tmp_path / f"{hops}.db"
        database = Database(f"sqlite:///{path}")
        async with database.writing() as repository:
            await repository.connection.execute(text("CREATE TABLE t (x)"))
        tasks = [asyncio.create_task(_write(database)) for _ in range(writers)]
        for _ in range(hops):
            await asyncio.sleep(0)
            # Lets the driver's thread answer, so that every hop is a step forward.
            time.sleep(0.001)  # noqa: ASYNC251
        for task in tasks:
            task.cancel()
        ended += sum(e is None for e in await asyncio.gather(*tasks, return_exceptions=True))
        if _is_locked(path):
            held.append(hops)
        await database.close()
    assert held == []
    assert 0 < ended < _HOPS * writers


def _is_locked(path: Path) -> bool:
    other = sqlite3.connect(path, timeout=0.1)
    try:
        other.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        return True
    finally:
        other.close()
    return False
