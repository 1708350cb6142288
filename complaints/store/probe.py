"""Whether the store can be used, tried for real: for ``forthwith doctor``."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from complaints.store.database import Database
from complaints.store.upgrade import current, differences


@dataclass(frozen=True, kw_only=True, slots=True)
class Soundness:
    """What was found."""

    product: str  # e.g. SQLite 3.45.1 or PostgreSQL 18.0
    revision: str  # of the schema; empty: no tables yet
    journal: str  # SQLite's journal mode; empty elsewhere
    its_time: (
        datetime | None
    )  # what the database server takes for the present instant; None: it is this machine's
    differs: tuple[str, ...]  # where the schema is not the declared one


async def probe(database: Database) -> Soundness:
    """Connect, take the write lock, look at the schema; nothing is left behind.

    Raises:
        StoreUnavailable: when the database does not answer.
        PermissionError: when it can be read and not written.
    """
    async with database.reading() as repository:
        connection = repository.connection
        if database.is_sqlite:
            version = (await connection.execute(text("select sqlite_version()"))).scalar_one()
            journal = (await connection.execute(text("pragma journal_mode"))).scalar_one()
            product, its_time = f"SQLite {version}", None
        else:
            version = (await connection.execute(text("show server_version"))).scalar_one()
            its_time = (await connection.execute(text("select clock_timestamp()"))).scalar_one()
            product, journal = f"PostgreSQL {version}", ""
    revision = await current(database)
    await _write(database, revision)
    return Soundness(
        product=product,
        revision=revision,
        journal=journal,
        its_time=its_time,
        differs=tuple(await differences(database)) if revision else (),
    )


async def _write(database: Database, revision: str) -> None:
    """Write without a trace: where there are tables, to one of them; else a table that is taken back."""
    statements = (
        ("delete from folder where 1 = 0",)
        if revision
        else ("create table probe (n integer)", "drop table probe")
    )
    try:
        async with database.writing() as repository:
            for statement in statements:
                await repository.connection.execute(text(statement))
    except Exception as error:
        if any(
            word in str(error).lower()
            for word in ("readonly", "read-only", "permission denied", "disk is full")
        ):
            raise PermissionError(str(getattr(error, "orig", error))) from error
        raise
