"""Engines, transactions and the way to the newest schema."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import event, make_url, text
from sqlalchemy.engine import URL, Connection
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from complaints.errors import BadSetting, StoreUnavailable
from complaints.store.repository import Repository
from complaints.store.sqlite_turns import BEGIN_READING, BEGIN_WRITING, connect

_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+asyncpg",
    "postgres": "postgresql+asyncpg",
}
_BUSY_MILLISECONDS = 30_000


def async_url(url: str) -> URL:
    """The URL with the driver this product uses.

    Raises:
        BadSetting: when it is neither SQLite nor PostgreSQL.
    """
    try:
        parsed = make_url(url)
        driver = _DRIVERS[parsed.get_backend_name()]
    except (ArgumentError, KeyError):
        raise BadSetting(
            "setting database_url must read sqlite:///FILE or postgresql://USER:PASSWORD@HOST:PORT/NAME"
        ) from None
    return parsed.set(drivername=driver)


class Database:
    """One engine; hands out transactions."""

    def __init__(self, url: str) -> None:
        """Prepare the engine; nothing is opened before the first transaction."""
        self.url = async_url(url)
        self.engine = _engine(self.url)

    @property
    def is_sqlite(self) -> bool:
        """Whether the store is the embedded one."""
        return self.url.get_backend_name() == "sqlite"

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Repository]:
        """A transaction that commits at the end of the block, or leaves no trace of it.

        Raises:
            StoreUnavailable: when the database does not answer.
        """
        async with _translated(), self.engine.begin() as connection:
            yield Repository(connection)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Repository]:
        """A transaction that takes no write lock.

        Raises:
            StoreUnavailable: when the database does not answer.
        """
        async with _translated(), self.engine.connect() as connection:
            await connection.execution_options(forthwith_reading=True)
            yield Repository(connection)

    async def ping(self) -> None:
        """Ask the database for a sign of life.

        Raises:
            StoreUnavailable: when there is none.
        """
        async with self.reading() as repository:
            await repository.connection.execute(text("select 1"))

    async def close(self) -> None:
        """Give all connections back."""
        await self.engine.dispose()


@asynccontextmanager
async def _translated() -> AsyncIterator[None]:
    try:
        yield
    except (OSError, ConnectionError) as error:
        raise StoreUnavailable(
            f"the database does not answer ({type(error).__name__}); see `forthwith doctor`"
        ) from error
    except DBAPIError as error:
        if error.connection_invalidated or "unable to open" in str(error.orig):
            raise StoreUnavailable(
                f"the database does not answer ({error.orig}); see `forthwith doctor`"
            ) from error
        raise


def _engine(url: URL) -> AsyncEngine:
    if url.get_backend_name() != "sqlite":
        return create_async_engine(
            url, pool_size=10, max_overflow=10, pool_pre_ping=True, hide_parameters=True
        )
    file = url.database or ":memory:"
    if file != ":memory:":
        file = str(Path(file).absolute())
        _make_folder(Path(file).parent)
    engine = create_async_engine(
        url,
        pool_size=20,
        max_overflow=5,
        async_creator=partial(connect, file, _BUSY_MILLISECONDS / 1000),
        hide_parameters=True,
    )
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    event.listen(engine.sync_engine, "invalidate", _let_go_of_sqlite)
    return engine


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreUnavailable(f"the folder of the database cannot be made: {error}") from error


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver must not begin transactions by itself: `_begin_sqlite` says which kind.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={_BUSY_MILLISECONDS}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _let_go_of_sqlite(connection: Any, _record: Any, _error: BaseException | None) -> None:
    """Give the write lock back before a cancelled connection is closed.

    A statement with RETURNING that was cancelled halfway keeps SQLite from closing the connection for real,
    and with it the lock from everybody else, until its cursor is collected as garbage.
    """
    with suppress(Exception):
        connection.rollback()


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock at once.

    A deferred transaction that turns into a writer fails when another has written meanwhile: half of
    60 concurrent receipts did in a trial.
    """
    reading = connection.get_execution_options().get("forthwith_reading", False)
    connection.exec_driver_sql(BEGIN_READING if reading else BEGIN_WRITING)
