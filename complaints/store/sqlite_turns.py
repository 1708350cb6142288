"""SQLite behind its thread, asked in one turn a statement, or in none.

The driver takes four turns with its thread for each statement (a cursor, the statement, its rows, the end), and
waiting for turns was most of what the desk did in a burst. Here a statement and all its rows are one turn; and
in a transaction that holds the write lock, none: what could wait there, for the lock at the beginning if another
has it and for the disk at the end, waits in the thread, and everything between is short because all others wait
for it. What only reads may be long, and stays in the thread; but it begins without a lock and ends without the
disk, in no turn. Nor is one taken to end a transaction that has ended, as the pool does whenever a connection
comes back.
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import aiosqlite

BEGIN_READING, BEGIN_WRITING = "BEGIN", "BEGIN IMMEDIATE"


class Cursor:
    """The cursor that SQLAlchemy asks the driver for: it holds what its one statement gave."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.lastrowid: int | None = None
        self.rowcount = -1

    async def execute(self, statement: str, parameters: Sequence[Any] = ()) -> None:
        """One statement, with all its rows."""
        if statement in (BEGIN_READING, BEGIN_WRITING):
            await self._connection.begin(writing=statement == BEGIN_WRITING)
            return
        await self._connection.in_turn(lambda cursor: cursor.execute(statement, parameters), self._take)

    async def executemany(self, statement: str, parameters: Iterable[Sequence[Any]]) -> None:
        """One statement for many rows."""
        await self._connection.in_turn(lambda cursor: cursor.executemany(statement, parameters), self._take)

    def _take(self, cursor: sqlite3.Cursor) -> None:
        self.description = cursor.description
        self._rows = cursor.fetchall() if cursor.description else []
        self.lastrowid, self.rowcount = cursor.lastrowid, cursor.rowcount

    async def fetchall(self) -> list[Any]:
        """The rows; they are here already."""
        return self._rows

    async def close(self) -> None:
        """Let the rows go."""
        self._rows = []


class Connection(aiosqlite.Connection):
    """A connection of the driver whose cursors take one turn a statement, or none."""

    _patience = 0.0  # seconds to wait for others' locks
    _writing = False  # whether the transaction that was begun last took the write lock
    # A turn that its asker has given up goes on. The loop counts what is asked for, the thread what is done.
    _asked = _done = 0

    def be_patient(self, seconds: float) -> None:
        """Wait this long for others' locks, always in the thread."""
        self._patience = seconds

    async def begin(self, *, writing: bool) -> None:
        """Begin a transaction; one that writes has the lock then."""
        if self._busy or (writing and not self._lock_at_once()):
            await self.in_turn(lambda cursor: cursor.execute(BEGIN_WRITING if writing else BEGIN_READING))
        elif not writing:
            self._conn.execute(BEGIN_READING)
        self._writing = writing

    def _lock_at_once(self) -> bool:
        """Take the write lock if nobody else has it."""
        self._conn.execute("PRAGMA busy_timeout=0")
        try:
            self._conn.execute(BEGIN_WRITING)
        except sqlite3.OperationalError:
            return False  # waiting, in the thread, tells what is the matter
        finally:
            self._conn.execute(f"PRAGMA busy_timeout={self._patience * 1000:.0f}")
        return True

    @property
    def _busy(self) -> bool:
        return self._asked != self._done

    async def rollback(self) -> None:
        """End the transaction, if there is one, and leave no trace of it."""
        if self._busy or (self._writing and self._conn.in_transaction):
            await super().rollback()
        elif self._conn.in_transaction:
            self._conn.rollback()

    async def cursor(self) -> Cursor:  # type: ignore[override]  # of the driver's, what SQLAlchemy uses
        """A cursor; nothing is asked of the thread for it."""
        return Cursor(self)

    async def in_turn(
        self,
        work: Callable[[sqlite3.Cursor], object],
        take: Callable[[sqlite3.Cursor], None] = lambda _: None,
    ) -> None:
        """Do this with a cursor of SQLite's own, and end it: in one turn of the thread, or at once."""

        def do() -> None:
            cursor = self._conn.cursor()
            try:
                work(cursor)
                take(cursor)
            finally:
                # A statement that was left open would keep its lock.
                cursor.close()

        def turn() -> None:
            try:
                do()
            finally:
                self._done += 1

        if not self._busy and self._writing and self._conn.in_transaction:
            do()
            return
        self._asked += 1
        await self._execute(turn)  # type: ignore[no-untyped-call]  # the driver's own


async def connect(file: str, patience: float) -> Connection:
    """Open a database.

    Args:
        file: its path.
        patience: seconds to wait for others' locks.
    """
    connection = Connection(
        lambda: sqlite3.connect(file, timeout=patience, check_same_thread=False), iter_chunk_size=64
    )
    # The daemon must be able to end while a connection is open; SQLAlchemy does the same.
    connection._thread.daemon = True  # noqa: SLF001  the driver has no other way
    await connection
    connection.be_patient(patience)
    return connection
