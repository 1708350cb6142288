"""What the auditor reads, many complaints at a time, and what it found."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, exists, func, or_, select, update

from complaints.auditor.finding import Finding
from complaints.auditor.proof import Outline
from complaints.lifecycle import SETTLED
from complaints.outbox import NoticeKind, NoticeState
from complaints.store.rows import Rows, chunks
from complaints.store.tables import complaint, finding, letter, mail, notice

_OUTLINE = (
    notice.c.id,
    notice.c.complaint_id,
    notice.c.kind,
    notice.c.state,
    notice.c.created_at,
    notice.c.next_attempt_at,
    notice.c.attempts,
)


class AuditRows(Rows):
    """The table ``finding``, and outlines of what is checked."""

    async def due(self, after: int, settled_since: datetime | None, limit: int) -> list[int]:
        """Ids of complaints to look at, in order, from the one behind ``after`` on.

        Args:
            after: an id.
            settled_since: of the settled ones, those that were from then on; None: all.
            limit: how many at most.
        """
        query = select(complaint.c.id).where(complaint.c.id > after).order_by(complaint.c.id).limit(limit)
        if settled_since is not None:
            open_ = complaint.c.status.not_in([status.value for status in SETTLED])
            since = complaint.c.closed_at >= settled_since
            query = query.where(or_(open_, complaint.c.closed_at.is_(None), since))
        return list((await self.connection.execute(query)).scalars())

    async def outlines(self, complaint_ids: Sequence[int]) -> dict[int, list[Outline]]:
        """The notices of several complaints, in order, without their words."""
        found: dict[int, list[Outline]] = {one: [] for one in complaint_ids}
        for part in chunks(complaint_ids):
            of_part = notice.c.complaint_id.in_(part)
            forwards = select(notice.c.id, notice.c.facts).where(
                of_part, notice.c.kind == NoticeKind.FORWARD.value
            )
            carried = {row.id: row.facts for row in await self.connection.execute(forwards)}
            query = select(*_OUTLINE).where(of_part).order_by(notice.c.id)
            for row in await self.connection.execute(query):
                found[row.complaint_id].append(_outline(row, carried.get(row.id, {})))
        return found

    async def letters(self, mail_ids: Sequence[int]) -> dict[int, str]:
        """SHA-256 of stored letters."""
        found: dict[int, str] = {}
        for part in chunks(mail_ids):
            query = select(mail.c.id, mail.c.sha256).where(mail.c.id.in_(part))
            found |= {row.id: row.sha256 for row in await self.connection.execute(query)}
        return found

    async def orphans(self) -> list[int]:
        """Mails that count as letters of complaints and belong to none (I1)."""
        opened = exists().where(complaint.c.mail_id == mail.c.id)
        joined = exists().where(letter.c.mail_id == mail.c.id)
        query = select(mail.c.id).where(
            or_(and_(mail.c.state == "complaint", ~opened), and_(mail.c.state == "copy", ~joined))
        )
        return list((await self.connection.execute(query.order_by(mail.c.id))).scalars())

    async def note(self, findings: Iterable[Finding], now: datetime) -> list[Finding]:
        """Write differences down; those that were not on record, or had gone, are given back."""
        fresh: list[Finding] = []
        for one in findings:
            values = {
                "key": one.key,
                "complaint_id": one.complaint_id,
                "what": one.what.value,
                "words": one.words,
                "found_at": now,
                "gone_at": None,
            }
            insert = self._insert(finding).values(values)
            again = insert.on_conflict_do_update(
                index_elements=["key"],
                set_={"found_at": now, "gone_at": None, "words": one.words},
                where=finding.c.gone_at.is_not(None),
            )
            if (await self.connection.execute(again.returning(finding.c.id))).first() is not None:
                fresh.append(one)
        return fresh

    async def forget(self, looked_at: Sequence[int | None], still: Iterable[str], now: datetime) -> None:
        """Of what was looked at again, the differences that are none any more."""
        keys = set(still)
        query = select(finding.c.id, finding.c.key, finding.c.complaint_id).where(finding.c.gone_at.is_(None))
        known = (await self.connection.execute(query)).all()
        ids = set(looked_at)
        gone = [row.id for row in known if row.complaint_id in ids and row.key not in keys]
        for part in chunks(gone):
            await self.connection.execute(update(finding).where(finding.c.id.in_(part)).values(gone_at=now))

    async def standing(self) -> int:
        """How many differences there are now."""
        query = select(func.count()).select_from(finding).where(finding.c.gone_at.is_(None))
        return (await self.connection.execute(query)).scalar_one()


def _outline(row: Row[Any], facts: Mapping[str, Any]) -> Outline:
    values = dict(row._mapping)  # noqa: SLF001  SQLAlchemy's public name
    values |= {"kind": NoticeKind(values["kind"]), "state": NoticeState(values["state"])}
    return Outline(**values, sha256=str(facts.get("sha256", "")), is_turn=bool(facts.get("turn")))
