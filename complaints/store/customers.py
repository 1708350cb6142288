"""The customers register as the desk uses it."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update

from complaints.model import Customer
from complaints.store.rows import Rows
from complaints.store.tables import customer, register

_NAME = "customers"


class CustomerRows(Rows):
    """The table ``customer`` and its version."""

    async def version(self) -> int:
        """A number that climbs with every change of the register; 0 before the first import."""
        query = select(register.c.version).where(register.c.name == _NAME)
        return (await self.connection.execute(query)).scalar() or 0

    async def source(self) -> str:
        """SHA-256 of the file that was imported last, or empty."""
        query = select(register.c.source_sha256).where(register.c.name == _NAME)
        return (await self.connection.execute(query)).scalar() or ""

    async def all(self) -> list[Customer]:
        """Every customer in force, by id."""
        query = select(customer).where(customer.c.retired_at.is_(None)).order_by(customer.c.id)
        return [_customer(row) for row in await self.connection.execute(query)]

    async def get(self, customer_id: str) -> Customer | None:
        """One customer in force."""
        query = select(customer).where(customer.c.id == customer_id, customer.c.retired_at.is_(None))
        row = (await self.connection.execute(query)).first()
        return None if row is None else _customer(row)

    async def put(self, customers: Iterable[Customer]) -> None:
        """Add or change customers; who was retired is in force again."""
        rows = [asdict(one) | {"retired_at": None} for one in customers]
        if not rows:
            return
        insert = self._insert(customer)
        changed = {c.name: insert.excluded[c.name] for c in customer.c if c.name != "id"}
        await self.connection.execute(insert.on_conflict_do_update(index_elements=["id"], set_=changed), rows)

    async def retire(self, ids: Iterable[str], now: datetime) -> None:
        """Take customers out of force; their complaints keep what they were given."""
        for customer_id in ids:
            await self.connection.execute(
                update(customer).where(customer.c.id == customer_id).values(retired_at=now)
            )

    async def climb(self, source_sha256: str) -> None:
        """Say that the register changed."""
        insert = self._insert(register).values(name=_NAME, version=1, source_sha256=source_sha256)
        await self.connection.execute(
            insert.on_conflict_do_update(
                index_elements=["name"],
                set_={"version": register.c.version + 1, "source_sha256": source_sha256},
            )
        )


def _customer(row: Row[Any]) -> Customer:
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value := getattr(row, name), list) else value
        for name in Customer.__slots__
    }
    return Customer(**values)
