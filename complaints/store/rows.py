"""What every kind of row needs: insert-or-leave for both databases, locks where there are any."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ClauseElement,
    ColumnElement,
    Insert,
    Select,
    Table,
    cast,
    func,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.ext.compiler import compiles

T = TypeVar("T")

IN_CHUNK = 500
"""How many values one IN list holds; SQLite's oldest limit for parameters is 999."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """Who takes rows to work on them, and until when they are theirs."""

    by: str
    at: datetime
    until: datetime


class _Left(ClauseElement):
    """The words for leaving a row as it is where one of its unique keys is there already."""

    inherit_cache = True
    _traverse_internals: list[Any] = []  # noqa: RUF012  as SQLAlchemy wants it: it holds nothing


@compiles(_Left)
def _left(_element: _Left, _compiler: object, **_: object) -> str:
    return "ON CONFLICT DO NOTHING"


class _InsertOrLeave(Insert):
    """An INSERT of rows that may be there; the dialects' own is composed anew each time, which costs more than the rows."""

    inherit_cache = True
    _post_values_clause = _Left()


def insert_or_leave(table: Table) -> Insert:
    """An INSERT that leaves a row as it is where one of its unique keys is there already."""
    return _InsertOrLeave(table)


class Rows:
    """A noun's rows in one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        """Bind to the transaction's connection."""
        self.connection = connection

    @property
    def _postgres(self) -> bool:
        return self.connection.dialect.name == "postgresql"

    def _insert(self, table: Table) -> Any:
        """An INSERT that can change what is there already, in the database's own dialect."""
        return postgresql.insert(table) if self._postgres else sqlite.insert(table)

    async def _alone(self, numbers: Iterable[int]) -> None:
        """Let whoever else names one of these numbers wait until this transaction ends.

        For what is added because it is not there yet, so that there is no row to lock. SQLite's write lock, taken at the
        transaction's begin, does the same for all.
        """
        if not self._postgres:
            return
        # In one order for everybody, so that no two wait for each other.
        if wanted := sorted(set(numbers)):
            each = func.unnest(cast(wanted, ARRAY(BigInteger))).label("number")
            ordered = select(each).order_by("number").subquery()
            await self.connection.execute(select(func.pg_advisory_xact_lock(ordered.c.number)))

    def _locked(self, query: Select[Any], *, skip: bool = False) -> Select[Any]:
        """Lock the rows for this transaction; SQLite's write lock, taken at its begin, covers all."""
        return query.with_for_update(skip_locked=skip) if self._postgres else query


def near(
    first: ColumnElement[Any], second: ColumnElement[Any], pairs: Sequence[tuple[Any, Any]]
) -> ColumnElement[bool]:
    """Whether both columns hold one of these pairs, or parts of two of them; the caller tells them apart.

    SQLite looks through the whole table for a list of pairs, and finds these, few more as a rule, by an index.
    """
    ones, others = (sorted(set(values)) for values in zip(*pairs, strict=True))
    return first.in_(ones) & second.in_(others)


def chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Slices short enough for one statement."""
    for start in range(0, len(values), IN_CHUNK):
        yield values[start : start + IN_CHUNK]
