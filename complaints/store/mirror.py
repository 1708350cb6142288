"""How far each complaint's history has been told to the window."""

from collections.abc import Sequence

from sqlalchemy import func, or_, select

from complaints.model import Kind
from complaints.store.rows import Rows
from complaints.store.tables import complaint, mirror


class MirrorRows(Rows):
    """The table ``mirror``: a cursor per complaint.

    One cursor over all events would skip some: on PostgreSQL a transaction that began earlier may
    commit later, behind a cursor that has already passed it.
    """

    async def behind(self, limit: int) -> list[tuple[int, int, str]]:
        """Complaints with events that were not told yet: id, the seq told last (0: none), flow run id."""
        told = func.coalesce(mirror.c.seq, 0)
        query = (
            select(complaint.c.id, told, func.coalesce(mirror.c.flow_run_id, ""))
            .outerjoin(mirror, mirror.c.complaint_id == complaint.c.id)
            .where(or_(mirror.c.seq.is_(None), mirror.c.seq < complaint.c.version))
            .where(complaint.c.kind != Kind.SYNTHETIC.value)
            .order_by(complaint.c.id)
            .limit(limit)
        )
        return [(row[0], row[1], row[2]) for row in await self.connection.execute(query)]

    async def tell(self, marks: Sequence[tuple[int, int, str]]) -> None:
        """Move cursors: complaint id, seq told last, flow run id."""
        rows = [{"complaint_id": c, "seq": s, "flow_run_id": f} for c, s, f in marks]
        if not rows:
            return
        insert = self._insert(mirror)
        await self.connection.execute(
            insert.on_conflict_do_update(
                index_elements=["complaint_id"],
                set_={"seq": insert.excluded.seq, "flow_run_id": insert.excluded.flow_run_id},
            ),
            rows,
        )
