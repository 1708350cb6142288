"""Complaints and their chained history."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from operator import attrgetter
from typing import Any

from sqlalchemy import Row, Update, and_, bindparam, func, insert, or_, select, update

from complaints.audit import FIRST
from complaints.errors import UnknownComplaint
from complaints.lifecycle import CLOCK_RUNS, SETTLED, Status
from complaints.model import Complaint, Kind, LoggedEvent
from complaints.refs import id_of, ref_of
from complaints.store.rows import Rows, chunks
from complaints.store.tables import complaint, event, register

_LADDERS = "ladders"
"""The row of the table ``register`` that tells which ladders the open complaints climb."""

_REAL = complaint.c.kind != Kind.SYNTHETIC.value
_COLUMNS = tuple(name for name in Complaint.__slots__ if name != "ref")
_IN_ORDER = attrgetter(*_COLUMNS)

# What is asked many times a second is composed once: composing costs as much as asking.
_BY_ID = (
    select(complaint).where(complaint.c.id.in_(bindparam("ids", expanding=True))).order_by(complaint.c.id)
)
_DUE_FOR_A_RUNG = (
    select(complaint)
    .where(complaint.c.next_rung_at <= bindparam("now"))
    .order_by(complaint.c.next_rung_at, complaint.c.id)
    .limit(bindparam("most"))
)
_NEXT_RUNG_AT = select(func.min(complaint.c.next_rung_at))
_HASHES = select(event.c.complaint_id, event.c.seq, event.c.hash).where(
    event.c.complaint_id.in_(bindparam("ids", expanding=True)),
    event.c.seq.in_(bindparam("seqs", expanding=True)),
)
_LOG = insert(event)


@cache
def _saving(columns: tuple[str, ...]) -> Update:
    """Writes these columns of one complaint."""
    values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in columns}
    return update(complaint).where(complaint.c.id == bindparam("the_id")).values(**values)


class ComplaintRows(Rows):
    """The tables ``complaint`` and ``event``."""

    async def open(self, drafts: Sequence[Complaint]) -> list[Complaint]:
        """Write new complaints (their ids are given here) in the order they come."""
        if not drafts:
            return []
        rows = [{k: v for k, v in _row(one).items() if k != "id"} for one in drafts]
        # Told apart by their mails, not by their order: with that SQLite would take them one by one.
        statement = insert(complaint).returning(complaint.c.id, complaint.c.mail_id, complaint.c.part)
        written = await self.connection.execute(statement, rows)
        ids = {(row.mail_id, row.part): row.id for row in written}
        opened = [(one, ids[one.mail_id, one.part]) for one in drafts]
        return [replace(one, id=number, ref=ref_of(number)) for one, number in opened]

    async def save(self, pairs: Sequence[tuple[Complaint, Complaint]]) -> None:
        """Write what changed from each first to each second; the caller holds the rows' locks."""
        alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        for before, after in pairs:
            sides = zip(_COLUMNS, _IN_ORDER(before), _IN_ORDER(after), strict=True)
            changed = tuple(name for name, old, new in sides if _differs(old, new))
            values = {f"new_{name}": getattr(after, name) for name in changed}
            alike.setdefault(changed, []).append({"the_id": after.id} | values)
        for changed, rows in alike.items():
            if changed:
                await self.connection.execute(_saving(changed), rows)

    async def log(self, events: Sequence[LoggedEvent]) -> None:
        """Add lines to the history."""
        if events:
            await self.connection.execute(_LOG, [_event_row(one) for one in events])

    async def last_hashes(self, marks: Sequence[tuple[int, int]]) -> dict[int, str]:
        """The hash of each complaint's event with this seq, from which the next must follow."""
        found = dict.fromkeys((complaint_id for complaint_id, _ in marks), FIRST)
        for part in chunks(marks):
            seqs = dict(part)
            ids, numbers = (sorted(set(values)) for values in zip(*part, strict=True))
            rows = await self.connection.execute(_HASHES, {"ids": ids, "seqs": numbers})
            found |= {row.complaint_id: row.hash for row in rows if seqs[row.complaint_id] == row.seq}
        return found

    async def history(self, complaint_id: int, after: int = 0) -> list[LoggedEvent]:
        """The events of one complaint, in order, those up to ``after`` left out."""
        query = (
            select(event)
            .where(event.c.complaint_id == complaint_id, event.c.seq > after)
            .order_by(event.c.seq)
        )
        return [_event(row) for row in await self.connection.execute(query)]

    async def histories(self, marks: Sequence[tuple[int, int]]) -> dict[int, list[LoggedEvent]]:
        """The events of several complaints after a seq each."""
        found: dict[int, list[LoggedEvent]] = {complaint_id: [] for complaint_id, _ in marks}
        after = dict(marks)
        for part in chunks([complaint_id for complaint_id, _ in marks]):
            query = (
                select(event)
                .where(event.c.complaint_id.in_(part))
                .order_by(event.c.complaint_id, event.c.seq)
            )
            for row in await self.connection.execute(query):
                if row.seq > after[row.complaint_id]:
                    found[row.complaint_id].append(_event(row))
        return found

    async def told(self, ids: Sequence[int], names: Iterable[str]) -> list[LoggedEvent]:
        """The events of these names of several complaints, in order."""
        found: list[LoggedEvent] = []
        for part in chunks(ids):
            query = (
                select(event)
                .where(event.c.complaint_id.in_(part), event.c.name.in_(sorted(names)))
                .order_by(event.c.complaint_id, event.c.seq)
            )
            found += [_event(row) for row in await self.connection.execute(query)]
        return found

    async def get(self, ref: str) -> Complaint:
        """One complaint by our reference.

        Raises:
            UnknownComplaint: when there is none.
        """
        return await self._one(ref, lock=False)

    async def lock(self, ref: str) -> Complaint:
        """One complaint, its row locked for this transaction.

        Raises:
            UnknownComplaint: when there is none.
        """
        return await self._one(ref, lock=True)

    async def _one(self, ref: str, *, lock: bool) -> Complaint:
        query = self._locked(_BY_ID) if lock else _BY_ID
        row = (await self.connection.execute(query, {"ids": [id_of(ref)]})).first()
        if row is None:
            raise UnknownComplaint(f"no complaint {ref}; `forthwith list --all` shows those there are")
        return _complaint(row)

    async def lock_all(self, ids: Iterable[int]) -> dict[int, Complaint]:
        """Several complaints, locked in the order of their ids so that no two daemons wait for each other."""
        found: dict[int, Complaint] = {}
        for part in chunks(sorted(set(ids))):
            rows = await self.connection.execute(self._locked(_BY_ID), {"ids": part})
            found |= {row.id: _complaint(row) for row in rows}
        return found

    async def family(self, ref: str) -> list[Complaint]:
        """All complaints by the letter of this one, locked, the letter's own first; who asks second waits.

        Raises:
            UnknownComplaint: when there is no such one.
        """
        mail_id = (await self.lock(ref)).mail_id
        query = select(complaint).where(complaint.c.mail_id == mail_id).order_by(complaint.c.part)
        return [_complaint(row) for row in await self.connection.execute(self._locked(query))]

    async def by_id(self, ids: Sequence[int]) -> list[Complaint]:
        """Several complaints, unlocked."""
        found: list[Complaint] = []
        for part in chunks(ids):
            found += [_complaint(row) for row in await self.connection.execute(_BY_ID, {"ids": part})]
        return found

    async def due_for_a_rung(self, now: datetime, limit: int) -> list[Complaint]:
        """Those whose ladder has a rung due, the most urgent first; locked, others' locks passed over."""
        query = self._locked(_DUE_FOR_A_RUNG, skip=True)
        return [_complaint(row) for row in await self.connection.execute(query, {"now": now, "most": limit})]

    async def next_rung_at(self) -> datetime | None:
        """The next instant at which the ladder has something to do."""
        found: datetime | None = (await self.connection.execute(_NEXT_RUNG_AT)).scalar()
        return found

    async def clocks_running(self) -> int:
        """How many wait for their deadline, not late yet."""
        waiting = and_(
            complaint.c.status.in_([s.value for s in CLOCK_RUNS]),
            complaint.c.forwarded_at.is_(None),
            complaint.c.breached_at.is_(None),
        )
        query = select(func.count()).where(waiting, _REAL)
        return (await self.connection.execute(query)).scalar_one()

    async def ladders_differ(self, mark: str) -> bool:
        """Whether the open complaints climb other ladders than those of this mark."""
        query = select(register.c.source_sha256).where(register.c.name == _LADDERS)
        return bool((await self.connection.execute(query)).scalar() != mark)

    async def ladders_since(self) -> datetime | None:
        """From when on the present ladders are climbed; None: for longer than that was written down."""
        query = select(register.c.changed_at).where(register.c.name == _LADDERS)
        found: datetime | None = (await self.connection.execute(query)).scalar()
        return found

    async def climb_all(self, now: datetime, mark: str) -> None:
        """Have every open complaint's ladders looked at; those with an instant before now keep it."""
        open_ = complaint.c.status.not_in([s.value for s in SETTLED])
        waiting = or_(complaint.c.next_rung_at.is_(None), complaint.c.next_rung_at > now)
        await self.connection.execute(update(complaint).where(open_, waiting).values(next_rung_at=now))
        values = {"version": 1, "source_sha256": mark, "edition": "", "changed_at": now}
        insert = self._insert(register).values(name=_LADDERS, **values)
        await self.connection.execute(insert.on_conflict_do_update(index_elements=["name"], set_=values))

    async def unsettled(self, limit: int, *, everything: bool = False) -> list[Complaint]:
        """The open ones by deadline (those whose clock runs first), or all, newest first."""
        query = select(complaint).limit(limit)
        if everything:
            query = query.order_by(complaint.c.id.desc())
        else:
            running = or_(
                complaint.c.status.in_([s.value for s in CLOCK_RUNS]),
                and_(complaint.c.status == Status.FORWARDED.value, complaint.c.next_rung_at.is_not(None)),
            )
            query = query.where(complaint.c.status.not_in([s.value for s in SETTLED]), _REAL).order_by(
                running.desc(), complaint.c.due_at, complaint.c.id
            )
        return [_complaint(row) for row in await self.connection.execute(query)]

    async def waiting_for(self, reasons: Iterable[str]) -> list[Complaint]:
        """Those that wait for a person for one of these reasons, by deadline."""
        waiting = complaint.c.status == Status.NEEDS_REVIEW.value
        query = select(complaint).where(waiting, complaint.c.review_reason.in_(sorted(reasons)))
        return [_complaint(row) for row in await self.connection.execute(query.order_by(complaint.c.due_at))]

    async def of_customer(self, customer_id: str) -> list[str]:
        """Our references of a customer's complaints that are not settled, in order."""
        query = (
            select(complaint.c.id)
            .where(
                complaint.c.customer_id == customer_id,
                complaint.c.status.not_in([s.value for s in SETTLED]),
                _REAL,
            )
            .order_by(complaint.c.id)
        )
        return [ref_of(found) for found in (await self.connection.execute(query)).scalars()]

    async def received(self, begins: datetime, ends: datetime, customer_id: str = "") -> list[Complaint]:
        """Those received from an instant on and before another, of one customer or of all, but for made-up ones."""
        query = select(complaint).where(
            complaint.c.received_at >= begins, complaint.c.received_at < ends, _REAL
        )
        if customer_id:
            query = query.where(complaint.c.customer_id == customer_id)
        return [_complaint(row) for row in await self.connection.execute(query.order_by(complaint.c.id))]

    async def versions(self, since: datetime) -> dict[int, int]:
        """How many events each complaint has that is open or was received from an instant on, but for made-up ones."""
        open_ones = complaint.c.status.not_in([s.value for s in SETTLED])
        query = select(complaint.c.id, complaint.c.version).where(
            or_(open_ones, complaint.c.received_at >= since), _REAL
        )
        return {row.id: row.version for row in await self.connection.execute(query)}


def _differs(before: Any, after: Any) -> bool:
    # Most fields of a changed value are the very same objects.
    return before is not after and before != after


def _row(one: Complaint) -> dict[str, Any]:
    row = dict(zip(_COLUMNS, _IN_ORDER(one), strict=True))
    return row | {"kind": one.kind.value, "status": one.status.value}


def _complaint(row: Row[Any]) -> Complaint:
    values = dict(zip(_COLUMNS, _IN_ORDER(row), strict=True))
    values |= {"kind": Kind(row.kind), "status": Status(row.status), "ref": ref_of(row.id)}
    return Complaint(**values)


def _event_row(one: LoggedEvent) -> dict[str, Any]:
    return {name: getattr(one, name) for name in LoggedEvent.__slots__}


def _event(row: Row[Any]) -> LoggedEvent:
    return LoggedEvent(**{name: getattr(row, name) for name in LoggedEvent.__slots__})
