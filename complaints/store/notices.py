"""The outbox's rows."""

import secrets
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, bindparam, case, exists, func, or_, select, update
from sqlalchemy.sql.dml import ReturningUpdate

from complaints.model import Complaint
from complaints.outbox import LETTERS, STOPPED, NewNotice, Notice, NoticeKind, NoticeState
from complaints.refs import ref_of
from complaints.store.rows import IN_CHUNK, Claim, Rows, chunks, insert_or_leave
from complaints.store.tables import complaint, notice

# Alarms go before letters, letters in the order of their deadlines.
_PRIORITY = {
    NoticeKind.BREACH: 0,
    NoticeKind.INBOX_BLIND: 0,
    NoticeKind.INBOX_BACK: 0,
    NoticeKind.SYNTHETIC_LOST: 0,
    NoticeKind.AUDIT: 0,
    NoticeKind.RELAY_TROUBLE: 0,
    NoticeKind.DELIVERY_FAILED: 1,
    NoticeKind.WARNING: 1,
    NoticeKind.WITHHELD: 1,
    NoticeKind.LAST_RESORT: 1,
    NoticeKind.KEY_LACKING: 1,
    NoticeKind.ANSWER: 1,
    NoticeKind.REMINDER: 1,
    NoticeKind.UNACKNOWLEDGED: 1,
    NoticeKind.ANSWER_DUE: 1,
    NoticeKind.ARRANGEMENTS: 1,
    NoticeKind.FORWARD: 2,
    NoticeKind.REVIEW: 2,
}
# Whatever wrote it: no forward of a held complaint is ever handed out to be sent.
_HELD = and_(
    notice.c.kind == NoticeKind.FORWARD.value,
    exists().where(complaint.c.id == notice.c.complaint_id, complaint.c.held_at.is_not(None)),
)
_TOKEN_BYTES = 12  # nobody finds one of 2**96 by trying
_COLUMNS = tuple(name for name in Notice.__slots__ if name != "ref")
_IN_ORDER = attrgetter(*_COLUMNS)
_CHANGING = ("state", "attempts", "next_attempt_at", "sent_at", "reply", "queue_id", "receipt")
_CHANGED = attrgetter(*_CHANGING)

# What is asked many times a second is composed once: composing costs as much as asking.
_PRESENT = (
    select(notice.c.id, *(notice.c[name] for name in _CHANGING))
    .where(notice.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(notice.c.id)
)
_WRITE = insert_or_leave(notice).returning(notice.c.id)
_TRIED = ("state", "reply", "queue_id", "sent_at", "next_attempt_at", "receipt")
_CONCLUDE = (
    update(notice)
    .where(notice.c.id == bindparam("the_id"))
    .values({name: bindparam(f"new_{name}") for name in _TRIED} | {"claimed_by": "", "claimed_until": None})
)
_CANCEL = (
    update(notice)
    .where(
        notice.c.complaint_id.in_(bindparam("complaint_ids", expanding=True)),
        notice.c.state == NoticeState.PENDING.value,
        notice.c.kind.in_(bindparam("kinds", expanding=True)),
    )
    .values(state=NoticeState.CANCELLED.value)
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """A notice and the complaint (if any) that it is about."""

    notice: NewNotice
    complaint: Complaint | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Try:
    """How one try to send one notice ended."""

    id: int
    state: NoticeState
    reply: str
    queue_id: str
    sent_at: datetime | None
    next_attempt_at: datetime
    receipt: Mapping[str, Any]


class NoticeRows(Rows):
    """The table ``notice``."""

    async def write(self, drafts: Iterable[Draft], now: datetime, domain: str) -> int:
        """Put notices into the outbox; one whose key is known already is left as it is.

        Returns:
            How many were new.
        """
        rows = [_new_row(draft, now, domain) for draft in drafts]
        if not rows:
            return 0
        return len((await self.connection.execute(_WRITE, rows)).all())

    async def claim(self, limit: int, claim: Claim, *, alarms_alone: bool = False) -> list[Notice]:
        """Take what is due to be sent, alarms first; a claim that ran out is taken again."""
        take = _taking(alarms_alone=alarms_alone, skip_locked=self._postgres)
        about = {"now": claim.at, "most": limit, "by": claim.by, "until": claim.until}
        rows = await self.connection.execute(take, about)
        return [_notice(row) for row in sorted(rows, key=_turn)]

    async def waiting_alarms(self, now: datetime) -> int:
        """How many alarms could be sent now."""
        query = select(func.count()).where(_due(alarms_alone=True))
        return (await self.connection.execute(query, {"now": now})).scalar_one()

    async def release(self, by: str) -> None:
        """Give back what a desk of this name had claimed before it stopped: it may have been sent or not."""
        held = and_(notice.c.state == NoticeState.SENDING.value, notice.c.claimed_by == by)
        await self.connection.execute(
            update(notice)
            .where(held)
            .values(state=NoticeState.PENDING.value, reply=STOPPED, claimed_by="", claimed_until=None)
        )

    async def put_off(self, ids: Sequence[int], by: str, until: datetime) -> None:
        """Give back letters that this desk claimed and did not try, and let no letter by mail be due until then."""
        for part in chunks(ids):
            mine = (
                notice.c.id.in_(part)
                & (notice.c.claimed_by == by)
                & (notice.c.state == NoticeState.SENDING.value)
            )
            given_back = {
                "state": NoticeState.PENDING.value,
                "attempts": notice.c.attempts - 1,
                "claimed_by": "",
                "claimed_until": None,
            }
            await self.connection.execute(update(notice).where(mine).values(given_back))
        letters = and_(
            notice.c.state == NoticeState.PENDING.value,
            notice.c.kind.in_([kind.value for kind in LETTERS]),
            notice.c.recipient.not_like("%://%"),
            notice.c.next_attempt_at < until,
        )
        # Of two desks that do this at once neither waits for the other.
        free = self._locked(select(notice.c.id).where(letters).order_by(notice.c.id), skip=True)
        put_off = update(notice).where(notice.c.id.in_(free.scalar_subquery()))
        await self.connection.execute(put_off.values(next_attempt_at=until))

    async def lock(self, claimed: Iterable[Notice]) -> dict[int, Notice]:
        """These notices as they are by now, locked in the order of their ids; what never changes is not read again."""
        known = {one.id: one for one in claimed}
        found: dict[int, Notice] = {}
        for part in chunks(sorted(known)):
            for row in await self.connection.execute(self._locked(_PRESENT), {"ids": part}):
                before = known[row.id]
                now = dict(zip(_CHANGING, _CHANGED(row), strict=True)) | {"state": NoticeState(row.state)}
                same = all(getattr(before, name) == value for name, value in now.items())
                found[row.id] = before if same else replace(before, **now)
        return found

    async def conclude(self, tries: Sequence[Try]) -> None:
        """Write how tries ended; that ends their claims."""
        if not tries:
            return
        rows = [
            {"the_id": one.id}
            | {f"new_{name}": getattr(one, name) for name in _TRIED}
            | {"new_state": one.state.value, "new_receipt": dict(one.receipt)}
            for one in tries
        ]
        await self.connection.execute(_CONCLUDE, rows)

    async def cancel(self, complaint_ids: Sequence[int], kinds: Iterable[NoticeKind]) -> None:
        """Take back what has not gone out yet; what is being sent this moment may still go."""
        names = [kind.value for kind in kinds]
        for part in chunks(complaint_ids):
            await self.connection.execute(_CANCEL, {"complaint_ids": part, "kinds": names})

    async def withhold(self, complaint_id: int, people: Sequence[str]) -> None:
        """Take back what has not gone out yet to a customer: its forward, and alerts to these people.

        What is claimed is taken back too: whoever claimed it asks once more before it goes.
        """
        theirs = or_(
            notice.c.kind == NoticeKind.FORWARD.value,
            func.lower(notice.c.recipient).in_([one.lower() for one in people]),
        )
        unsent = notice.c.state.in_([NoticeState.PENDING.value, NoticeState.SENDING.value])
        those = and_(notice.c.complaint_id == complaint_id, unsent, theirs)
        await self.connection.execute(update(notice).where(those).values(state=NoticeState.CANCELLED.value))

    async def state(self, notice_id: int) -> NoticeState:
        """Where one stands now."""
        query = select(notice.c.state).where(notice.c.id == notice_id)
        return NoticeState((await self.connection.execute(query)).scalar_one())

    async def supersede(
        self, complaint_id: int, kind: NoticeKind, recipients: Sequence[str], now: datetime
    ) -> None:
        """Take back the alerts that wait for the end of these people's quiet hours: a higher one is written."""
        held = and_(
            notice.c.complaint_id == complaint_id,
            notice.c.recipient.in_(recipients),
            notice.c.state == NoticeState.PENDING.value,
            notice.c.kind == kind.value,
            notice.c.attempts == 0,
            notice.c.next_attempt_at > now,
        )
        await self.connection.execute(update(notice).where(held).values(state=NoticeState.CANCELLED.value))

    async def of_complaint(self, complaint_id: int) -> list[Notice]:
        """Everything that was written about a complaint, in order."""
        query = select(notice).where(notice.c.complaint_id == complaint_id).order_by(notice.c.id)
        return [_notice(row) for row in await self.connection.execute(query)]

    async def by_message_id(self, message_ids: Sequence[str]) -> list[Notice]:
        """Notices of ours that carry one of these Message-IDs."""
        found: list[Notice] = []
        for part in chunks(message_ids):
            query = select(notice).where(notice.c.message_id.in_(part)).order_by(notice.c.id)
            found += [_notice(row) for row in await self.connection.execute(query)]
        return found

    async def by_token(self, tokens: Sequence[str]) -> list[Notice]:
        """Notices of ours whose return path carries one of these tokens."""
        found: list[Notice] = []
        for part in chunks([token for token in tokens if token]):
            query = select(notice).where(notice.c.bounce_token.in_(part)).order_by(notice.c.id)
            found += [_notice(row) for row in await self.connection.execute(query)]
        return found

    async def forwards(self, complaint_ids: Iterable[int]) -> dict[int, list[Notice]]:
        """Every forward of these complaints, in the order of their writing."""
        found: dict[int, list[Notice]] = {}
        for part in chunks(sorted(set(complaint_ids))):
            query = (
                select(notice)
                .where(notice.c.complaint_id.in_(part), notice.c.kind == NoticeKind.FORWARD.value)
                .order_by(notice.c.id)
            )
            for row in await self.connection.execute(query):
                found.setdefault(row.complaint_id, []).append(_notice(row))
        return found

    async def sent_to(self, recipients: Sequence[str], since: datetime, limit: int = 50) -> list[Notice]:
        """What went to one of these addresses (lower case) from this instant on, newest first."""
        if not recipients:
            return []
        query = (
            select(notice)
            .where(
                func.lower(notice.c.recipient).in_(recipients[:IN_CHUNK]),
                notice.c.state == NoticeState.SENT.value,
                notice.c.sent_at >= since,
            )
            .order_by(notice.c.id.desc())
            .limit(limit)
        )
        return [_notice(row) for row in await self.connection.execute(query)]

    async def next_attempt_at(self) -> datetime | None:
        """The next instant at which the outbox has something to do, as it stands now."""
        waiting = select(func.min(notice.c.next_attempt_at)).where(
            notice.c.state == NoticeState.PENDING.value
        )
        expiring = select(func.min(notice.c.claimed_until)).where(notice.c.state == NoticeState.SENDING.value)
        instants = [(await self.connection.execute(query)).scalar() for query in (waiting, expiring)]
        return min((i for i in instants if i is not None), default=None)

    async def unsent(self) -> tuple[int, datetime | None]:
        """How many wait to be sent, and since when the oldest of them."""
        states = [NoticeState.PENDING.value, NoticeState.SENDING.value]
        # What waits for the end of somebody's quiet hours is no backlog.
        tried_or_due = or_(notice.c.attempts > 0, notice.c.next_attempt_at <= notice.c.created_at)
        query = select(func.count(), func.min(notice.c.created_at)).where(
            notice.c.state.in_(states), tried_or_due
        )
        count, oldest = (await self.connection.execute(query)).one()
        return count, oldest

    async def last_reply(self) -> str:
        """The relay's most recent words."""
        query = select(notice.c.reply).where(notice.c.reply != "").order_by(notice.c.id.desc()).limit(1)
        return (await self.connection.execute(query)).scalar() or ""


def _turn(row: Row[Any]) -> tuple[int, bool, datetime, int]:
    """Alarms first, letters by their deadlines, those without one last."""
    return row.priority, row.due_at is None, row.due_at or row.created_at, row.id


def _due(*, alarms_alone: bool) -> ColumnElement[bool]:
    """Whether a notice is to be sent at the instant that is given as ``now``."""
    due = or_(
        and_(notice.c.state == NoticeState.PENDING, notice.c.next_attempt_at <= bindparam("now")),
        and_(notice.c.state == NoticeState.SENDING, notice.c.claimed_until <= bindparam("now")),
    )
    return due & (notice.c.priority < _PRIORITY[NoticeKind.FORWARD]) if alarms_alone else due


@cache
def _taking(*, alarms_alone: bool, skip_locked: bool) -> ReturningUpdate[Any]:
    """Claims what is due at ``now``, the ``most`` urgent, for ``by``, ``until`` an instant."""
    chosen = (
        select(notice.c.id)
        .where(_due(alarms_alone=alarms_alone), ~_HELD)
        .order_by(notice.c.priority, notice.c.due_at, notice.c.id)
        .limit(bindparam("most"))
    )
    if skip_locked:
        chosen = chosen.with_for_update(skip_locked=True)
    return (
        update(notice)
        .where(notice.c.id.in_(chosen.scalar_subquery()))
        .values(
            state=NoticeState.SENDING.value,
            reply=case((notice.c.state == NoticeState.SENDING.value, STOPPED), else_=notice.c.reply),
            attempts=notice.c.attempts + 1,
            claimed_by=bindparam("by"),
            claimed_until=bindparam("until"),
        )
        .returning(notice)
    )


def _new_row(draft: Draft, now: datetime, domain: str) -> dict[str, Any]:
    new, about = draft.notice, draft.complaint
    token = uuid.uuid4().hex
    return {
        "kind": new.kind.value,
        "priority": _PRIORITY[new.kind],
        "complaint_id": about.id if about else None,
        "recipient": new.recipient,
        "message_id": f"<{about.ref.lower() if about else 'desk'}.{new.kind.value}.{token}@{domain}>",
        "bounce_token": secrets.token_hex(_TOKEN_BYTES),
        "dedupe_key": new.dedupe_key,
        "facts": new.facts,
        "mail_id": new.mail_id,
        "state": NoticeState.PENDING.value,
        "attempts": 0,
        "created_at": now,
        "due_at": about.due_at if about else None,
        "next_attempt_at": new.not_before or now,
        "claimed_by": "",
        "reply": "",
        "queue_id": "",
        "receipt": {},
    }


def _notice(row: Row[Any]) -> Notice:
    values = dict(zip(_COLUMNS, _IN_ORDER(row), strict=True))
    values |= {
        "kind": NoticeKind(row.kind),
        "state": NoticeState(row.state),
        "ref": ref_of(row.complaint_id) if row.complaint_id else "",
    }
    return Notice(**values)
