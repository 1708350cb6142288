"""Made-up letters and the stations they came by."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select, update

from complaints.store.rows import Rows, chunks
from complaints.store.tables import complaint, synthetic


@dataclass(frozen=True, kw_only=True, slots=True)
class Synthetic:
    """One made-up letter on its way. Every instant is aware; None: not reached yet."""

    id: int
    token: str
    begun_at: datetime  # made and written down
    sent_at: datetime | None  # the relay has taken it, or it lies in the inbox
    received_at: datetime | None  # the mailbox has it, by its own clock
    opened_at: datetime | None  # recognised, matched, its forward in the outbox
    forwarded_at: datetime | None  # the relay has taken the forward
    returned_at: datetime | None  # the forward is back in our inbox, where it was sent there
    alarmed_at: datetime | None  # people were told that it is lost
    problem: str  # what is known of why it does not get on
    ref: int | None  # id of the complaint that it became

    @property
    def stations(self) -> dict[str, datetime | None]:
        """When it came by where, in order."""
        return {
            "sent": self.sent_at,
            "in the mailbox": self.received_at,
            "opened": self.opened_at,
            "forwarded": self.forwarded_at,
            "back": self.returned_at,
        }


class SyntheticRows(Rows):
    """The table ``synthetic``."""

    async def begin(self, slot: str, token: str, now: datetime) -> bool:
        """Write one down before it is sent; False when that of this slot is there already."""
        insert = self._insert(synthetic).values(slot=slot, token=token, begun_at=now, problem="")
        written = await self.connection.execute(insert.on_conflict_do_nothing().returning(synthetic.c.id))
        return written.first() is not None

    async def note(self, token: str, **values: Any) -> None:
        """Write what has become of it."""
        await self.connection.execute(update(synthetic).where(synthetic.c.token == token).values(**values))

    async def alarm(self, number: int, now: datetime) -> bool:
        """Note that people are told; False when they were told before."""
        first = (synthetic.c.id == number) & synthetic.c.alarmed_at.is_(None)
        done = await self.connection.execute(update(synthetic).where(first).values(alarmed_at=now))
        return bool(done.rowcount)

    async def by_token(self, tokens: Collection[str]) -> dict[str, Synthetic]:
        """Those that bear one of these tokens."""
        found: list[Synthetic] = []
        for part in chunks(sorted(tokens)):
            found += await self._read(_all().where(synthetic.c.token.in_(part)))
        return {one.token: one for one in found}

    async def of_complaints(self, ids: Collection[int]) -> dict[int, Synthetic]:
        """Those that became one of these complaints."""
        found: list[Synthetic] = []
        for part in chunks(sorted(ids)):
            found += await self._read(_all().where(synthetic.c.complaint_id.in_(part)))
        return {one.ref: one for one in found if one.ref is not None}

    async def newest(self, limit: int) -> Sequence[Synthetic]:
        """The last ones, newest first."""
        return await self._read(_all().order_by(synthetic.c.id.desc()).limit(limit))

    async def silent(self, before: datetime, *, to: str, returns: bool) -> Sequence[Synthetic]:
        """Those begun before an instant that have not come through and that nobody was told of.

        Args:
            before: aware.
            to: where forwards go at present; one that went elsewhere was measured by other rules.
            returns: whether they come back; else their acceptance is the end.
        """
        late = (synthetic.c.begun_at <= before) & synthetic.c.alarmed_at.is_(None)
        here = complaint.c.id.is_(None) | (complaint.c.recipient_email == to)
        end = synthetic.c.returned_at if returns else complaint.c.forwarded_at
        return await self._read(_all().where(late, here, end.is_(None)).order_by(synthetic.c.id))

    async def _read(self, query: Select[Any]) -> list[Synthetic]:
        return [_synthetic(row) for row in await self.connection.execute(query)]


def _all() -> Select[Any]:
    return select(synthetic, complaint.c.forwarded_at).outerjoin(
        complaint, complaint.c.id == synthetic.c.complaint_id
    )


def _synthetic(row: Row[Any]) -> Synthetic:
    names = [name for name in Synthetic.__slots__ if name != "ref"]
    return Synthetic(**{name: getattr(row, name) for name in names}, ref=row.complaint_id)
