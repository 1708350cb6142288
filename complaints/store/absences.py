"""Who is away."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update

from complaints.absences import Absence
from complaints.store.rows import Rows
from complaints.store.tables import absence

_SINCE = (
    select(absence)
    .where(absence.c.withdrawn_at.is_(None), absence.c.last_day >= bindparam("day"))
    .order_by(absence.c.first_day, absence.c.id)
)


class AbsenceRows(Rows):
    """The table ``absence``; what is withdrawn stays, for the audit."""

    async def since(self, day: date) -> list[Absence]:
        """Those that last until this day at least, by their first day."""
        return [_absence(row) for row in await self.connection.execute(_SINCE, {"day": day})]

    async def note(self, one: Absence) -> Absence:
        """Write down an absence; it has its id afterwards."""
        values = {name: getattr(one, name) for name in Absence.__slots__ if name != "id"}
        row = (await self.connection.execute(insert(absence).values(**values).returning(*absence.c))).one()
        return _absence(row)

    async def withdraw(self, email: str, day: date, now: datetime) -> list[Absence]:
        """Forget the absences of somebody that last until this day at least; returns them."""
        query = (
            update(absence)
            .where(absence.c.email == email, absence.c.withdrawn_at.is_(None), absence.c.last_day >= day)
            .values(withdrawn_at=now)
            .returning(*absence.c)
        )
        return [_absence(row) for row in await self.connection.execute(query)]


def _absence(row: Row[Any]) -> Absence:
    return Absence(**{name: getattr(row, name) for name in Absence.__slots__})
