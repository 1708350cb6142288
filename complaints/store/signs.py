"""Signs of life of the parts of the desk that work by themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from complaints.store.rows import Rows
from complaints.store.tables import sign


@dataclass(frozen=True, kw_only=True, slots=True)
class Sign:
    """When one part last showed that it is alive."""

    name: str  # of the part, and of where it runs
    at: datetime
    problem: str  # what it met last; empty: nothing


class SignRows(Rows):
    """The table ``sign``."""

    async def take(self, name: str, token: str, now: datetime) -> None:
        """From now on the row is that of whoever knows this token; whoever had it before learns it by ``beat``."""
        insert = self._insert(sign).values(name=name, token=token, at=now, problem="")
        changed = {"token": token, "at": now, "problem": ""}
        await self.connection.execute(insert.on_conflict_do_update(index_elements=["name"], set_=changed))

    async def beat(self, name: str, token: str, now: datetime, problem: str = "") -> bool:
        """Show life; False when the row belongs to somebody else by now."""
        mine = (sign.c.name == name) & (sign.c.token == token)
        done = await self.connection.execute(update(sign).where(mine).values(at=now, problem=problem))
        return bool(done.rowcount)

    async def complain(self, name: str, token: str, now: datetime, problem: str) -> None:
        """Note what went wrong; the last sign of life stays, where there was one."""
        insert = self._insert(sign).values(name=name, token=token, at=now, problem=problem)
        changed = {"problem": problem}
        await self.connection.execute(insert.on_conflict_do_update(index_elements=["name"], set_=changed))

    async def of(self, prefix: str) -> Sequence[Sign]:
        """Those whose names begin so, the latest first."""
        query = select(sign).where(sign.c.name.startswith(prefix, autoescape=True)).order_by(sign.c.at.desc())
        return [
            Sign(name=row.name, at=row.at, problem=row.problem)
            for row in await self.connection.execute(query)
        ]
