"""The way from whatever schema is there to the declared one, and how far along a store is."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from complaints.store.database import Database
from complaints.store.tables import metadata


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    return config


@cache
def newest() -> str:
    """The revision this version of the product needs."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


async def upgrade(database: Database) -> bool:
    """Bring the schema to the newest revision; several daemons may try at once.

    Returns:
        Whether there was anything to do.

    Raises:
        StoreUnavailable: when the database does not answer.
    """
    if await current(database) == newest():
        return False
    async with database.writing() as repository:
        await repository.connection.run_sync(_upgrade)
    return True


async def current(database: Database) -> str:
    """The revision the store is at; empty for a store without tables.

    Raises:
        StoreUnavailable: when the database does not answer.
    """
    async with database.reading() as repository:
        return await repository.connection.run_sync(_revision)


async def differences(database: Database) -> list[str]:
    """What the store's schema has that is not declared, or lacks; empty when they are equal."""
    async with database.reading() as repository:
        return await repository.connection.run_sync(_differences)


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        # Two daemons that start together must not both create the tables.
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7305042)")
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _revision(connection: Connection) -> str:
    return MigrationContext.configure(connection).get_current_revision() or ""


def _differences(connection: Connection) -> list[str]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return [str(one) for one in compare_metadata(context, metadata)]
