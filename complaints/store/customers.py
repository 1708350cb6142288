"""The customers register as the desk uses it."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Row, bindparam, insert, or_, select, update

from complaints.contracts import FiledRow
from complaints.model import Customer
from complaints.store.rows import Rows, chunks
from complaints.store.tables import customer, register

_NAME = "customers"
_LOCK = 7305043  # whoever changes the register; the schema has the number before
# Asked for each decision, composed once.
_FILED = (
    select(customer).where(customer.c.id.in_(bindparam("ids", expanding=True))).order_by(customer.c.serial)
)


class CustomerRows(Rows):
    """The table ``customer`` and its version."""

    async def version(self) -> int:
        """A number that climbs with every change of the register; 0 before the first import."""
        query = select(register.c.version).where(register.c.name == _NAME)
        return (await self.connection.execute(query)).scalar() or 0

    async def edition(self) -> str:
        """What this state of the register is known by, unlike any other of any store; empty: nothing is known."""
        query = select(register.c.edition).where(register.c.name == _NAME)
        return (await self.connection.execute(query)).scalar() or ""

    async def source(self) -> str:
        """SHA-256 of the file that was imported last, or empty."""
        query = select(register.c.source_sha256).where(register.c.name == _NAME)
        return (await self.connection.execute(query)).scalar() or ""

    async def all(self) -> list[Customer]:
        """Every row on file, by id and day."""
        return [row for _, row in await self._on_file()]

    async def dated(self) -> list[Customer]:
        """Those of contracts that begin or end on a day."""
        return [
            row
            for _, row in await self._on_file(
                or_(customer.c.valid_from.is_not(None), customer.c.valid_until.is_not(None))
            )
        ]

    async def _on_file(self, *conditions: ColumnElement[bool]) -> list[tuple[int, Customer]]:
        query = (
            select(customer)
            .where(customer.c.retired_at.is_(None), *conditions)
            .order_by(customer.c.id, customer.c.valid_from, customer.c.serial)
        )
        return [(row.serial, _customer(row)) for row in await self.connection.execute(query)]

    async def filed(self, ids: Iterable[str]) -> dict[str, list[FiledRow]]:
        """Everything that was ever on file of these customers, oldest first."""
        wanted = sorted(set(ids))
        found: dict[str, list[FiledRow]] = {customer_id: [] for customer_id in wanted}
        for part in chunks(wanted):
            for row in await self.connection.execute(_FILED, {"ids": part}):
                filed = FiledRow(
                    customer=_customer(row), recorded_at=row.recorded_at, retired_at=row.retired_at
                )
                found[row.id].append(filed)
        return found

    async def replace(self, customers: Sequence[Customer], now: datetime) -> tuple[int, int]:
        """Make these the rows on file; what stays as it is keeps the instant from which it is on file.

        Returns:
            How many rows were added, and how many retired.
        """
        # Two daemons that start together must not both add what neither sees yet.
        await self._alone([_LOCK])
        wanted = dict.fromkeys(customers)
        gone = []
        for serial, row in await self._on_file():
            if row in wanted:
                del wanted[row]
            else:
                gone.append(serial)
        for part in chunks(gone):
            await self.connection.execute(
                update(customer).where(customer.c.serial.in_(part)).values(retired_at=now)
            )
        if wanted:
            rows = [asdict(one) | {"recorded_at": now, "retired_at": None} for one in wanted]
            await self.connection.execute(insert(customer), rows)
        return len(wanted), len(gone)

    async def climb(self, source_sha256: str) -> None:
        """Say that the register changed."""
        statement = self._insert(register).values(
            name=_NAME, version=1, source_sha256=source_sha256, edition=uuid4().hex
        )
        await self.connection.execute(
            statement.on_conflict_do_update(
                index_elements=["name"],
                set_={
                    "version": register.c.version + 1,
                    "source_sha256": source_sha256,
                    "edition": statement.excluded.edition,
                },
            )
        )


def _customer(row: Row[Any]) -> Customer:
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value := getattr(row, name), list) else value
        for name in Customer.__slots__
    }
    return Customer(**values)
