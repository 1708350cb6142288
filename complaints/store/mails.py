"""Mail as it came: the verbatim bytes, what is known of them, and the ledger of where they lay."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Row, Update, bindparam, func, select, update
from sqlalchemy.sql.dml import ReturningUpdate

from complaints.model import Arrival
from complaints.store.rows import Claim, Rows, chunks, insert_or_leave
from complaints.store.tables import arrival, letter, mail, mail_raw


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredMail:
    """A mail in the store."""

    id: int
    sha256: str
    size: int  # bytes on the server
    oversized: bool
    problem: str
    mailbox: str
    received_at: datetime
    server_at: datetime
    header_at: datetime | None
    stored_at: datetime
    state: str  # received, complaint, copy or filed
    kind: str
    sender: str
    subject: str
    message_id: str
    why: str
    evidence: dict[str, Any]
    attempts: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Receipt:
    """What came of storing one arrival."""

    mail_id: int
    new: bool  # these bytes were not known
    again: bool  # known bytes, at a place where they were not known


def digest_of(item: Arrival) -> str:
    """SHA-256 of the bytes, 64 hex digits; of what can't be fetched at all, of its place."""
    if item.raw:
        return hashlib.sha256(item.raw).hexdigest()
    return hashlib.sha256(f"{item.mailbox}/{item.uidvalidity}/{item.uid}/{item.place}".encode()).hexdigest()


# What is asked many times a second is composed once: composing costs as much as asking.
_IDS = select(mail.c.sha256, mail.c.id).where(mail.c.sha256.in_(bindparam("digests", expanding=True)))
_STORE = insert_or_leave(mail).returning(mail.c.sha256, mail.c.id)
_PLACE = (arrival.c.mailbox, arrival.c.uidvalidity, arrival.c.uid, arrival.c.place)
_ENTER = insert_or_leave(arrival).returning(*_PLACE)
_CLAIMABLE = (mail.c.state == "received") & (
    mail.c.claimed_until.is_(None) | (mail.c.claimed_until <= bindparam("now"))
)


@cache
def _taking(*, tried: bool, skip_locked: bool) -> ReturningUpdate[Any]:
    """Claims the oldest ``most`` that nobody has at ``now``, for ``by``, ``until`` an instant."""
    waiting = _CLAIMABLE & (mail.c.attempts > 0 if tried else mail.c.attempts == 0)
    chosen = select(mail.c.id).where(waiting).order_by(mail.c.received_at, mail.c.id).limit(bindparam("most"))
    if skip_locked:
        chosen = chosen.with_for_update(skip_locked=True)
    return (
        update(mail)
        .where(mail.c.id.in_(chosen.scalar_subquery()))
        .values(attempts=mail.c.attempts + 1, claimed_by=bindparam("by"), claimed_until=bindparam("until"))
        .returning(mail)
    )


@cache
def _concluding(columns: tuple[str, ...]) -> Update:
    """Writes these columns of one mail and ends its claim."""
    values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in columns}
    statement = update(mail).where(mail.c.id == bindparam("the_id"))
    return statement.values(claimed_by="", claimed_until=None, **values)


class MailRows(Rows):
    """The tables ``mail``, ``mail_raw`` and ``arrival``."""

    async def store(self, items: Sequence[Arrival], now: datetime) -> list[Receipt]:
        """Write raw bytes and ledger of a batch; what is known already is left as it is (I1, I6)."""
        digests = [digest_of(item) for item in items]
        known = await self._ids(digests)
        fresh = {d: item for d, item in zip(digests, items, strict=True) if d not in known}
        created = await self._insert_mails(fresh, now)
        known |= created or {}
        if len(created) < len(fresh):  # another daemon was quicker
            known |= await self._ids(list(fresh))
        entered = await self._enter(items, [known[d] for d in digests], now)
        return [
            Receipt(mail_id=known[d], new=d in created, again=d not in created and at in entered)
            for at, d in enumerate(digests)
        ]

    async def _ids(self, digests: Sequence[str]) -> dict[str, int]:
        found: dict[str, int] = {}
        for part in chunks(digests):
            rows = await self.connection.execute(_IDS, {"digests": part})
            found |= {row.sha256: row.id for row in rows}
        return found

    async def _insert_mails(self, fresh: dict[str, Arrival], now: datetime) -> dict[str, int]:
        if not fresh:
            return {}
        rows = await self.connection.execute(_STORE, [_mail_row(d, item, now) for d, item in fresh.items()])
        created = {row.sha256: row.id for row in rows}
        raws = [{"mail_id": created[d], "raw": item.raw} for d, item in fresh.items() if d in created]
        if raws:
            await self.connection.execute(mail_raw.insert(), raws)
        return created

    async def _enter(self, items: Sequence[Arrival], mail_ids: Sequence[int], now: datetime) -> set[int]:
        """Write the ledger; returns the positions of those that were not in it yet."""
        rows = [_arrival_row(item, mail_id, now) for item, mail_id in zip(items, mail_ids, strict=True)]
        written = {tuple(row) for row in await self.connection.execute(_ENTER, rows)}
        return {at for at, row in enumerate(rows) if tuple(row[key.name] for key in _PLACE) in written}

    async def known_uids(self, mailbox: str, uidvalidity: int) -> set[int]:
        """Every UID of this folder that the ledger holds."""
        query = select(arrival.c.uid).where(
            arrival.c.mailbox == mailbox, arrival.c.uidvalidity == uidvalidity
        )
        return {uid for (uid,) in await self.connection.execute(query) if uid is not None}

    async def known_places(self, mailbox: str) -> set[str]:
        """Every place (file name) of this Maildir that the ledger holds."""
        query = select(arrival.c.place).where(arrival.c.mailbox == mailbox, arrival.c.place.is_not(None))
        return {place for (place,) in await self.connection.execute(query)}

    async def skip(self, mailbox: str, uidvalidity: int, uids: Sequence[int], now: datetime) -> None:
        """Note mail that is older than the watermark without taking it."""
        await self._note(
            [{"mailbox": mailbox, "uidvalidity": uidvalidity, "uid": uid, "stored_at": now} for uid in uids]
        )

    async def skip_places(self, mailbox: str, places: Sequence[str], now: datetime) -> None:
        """The same for a folder without UIDs."""
        await self._note(
            [{"mailbox": mailbox, "uidvalidity": 0, "place": place, "stored_at": now} for place in places]
        )

    async def _note(self, rows: list[dict[str, Any]]) -> None:
        if rows:
            await self.connection.execute(insert_or_leave(arrival), rows)

    async def claim_unread(self, limit: int, claim: Claim, *, tried: bool) -> list[StoredMail]:
        """Take mails nobody has assessed yet, oldest first, and count the attempt before it is made.

        Args:
            limit: how many at most.
            claim: for whom and until when.
            tried: those whose reader never came back, instead of those never tried.
        """
        take = _taking(tried=tried, skip_locked=self._postgres)
        about = {"now": claim.at, "most": limit, "by": claim.by, "until": claim.until}
        claimed = [_stored(row) for row in await self.connection.execute(take, about)]
        return sorted(claimed, key=lambda m: (m.received_at, m.id))

    async def give_back(self, ids: Sequence[int]) -> None:
        """Undo a claim as if it had never been made."""
        for part in chunks(ids):
            undone = {"claimed_by": "", "claimed_until": None, "attempts": mail.c.attempts - 1}
            await self.connection.execute(update(mail).where(mail.c.id.in_(part)).values(**undone))

    async def claimable(self, now: datetime) -> int:
        """How many mails wait for somebody to assess them."""
        query = select(func.count()).where(_CLAIMABLE)
        return (await self.connection.execute(query, {"now": now})).scalar_one()

    async def release(self, by: str) -> None:
        """Give back what a desk of this name had claimed before it stopped."""
        await self.connection.execute(
            update(mail).where(mail.c.claimed_by == by).values(claimed_by="", claimed_until=None)
        )

    async def raw(self, mail_ids: Sequence[int]) -> dict[int, bytes]:
        """The verbatim bytes."""
        found: dict[int, bytes] = {}
        for part in chunks(mail_ids):
            rows = await self.connection.execute(select(mail_raw).where(mail_raw.c.mail_id.in_(part)))
            found |= {row.mail_id: bytes(row.raw) for row in rows}
        return found

    async def still_unread(self, mail_ids: Sequence[int]) -> set[int]:
        """Which of these nobody has settled meanwhile; their rows are locked."""
        found: set[int] = set()
        for part in chunks(mail_ids):
            query = (
                select(mail.c.id).where(mail.c.id.in_(part), mail.c.state == "received").order_by(mail.c.id)
            )
            found |= {row.id for row in await self.connection.execute(self._locked(query))}
        return found

    async def conclude(self, mail_id: int, values: dict[str, Any]) -> None:
        """Write what the desk thinks of a mail."""
        await self.conclude_all({mail_id: values})

    async def conclude_all(self, conclusions: Mapping[int, dict[str, Any]]) -> None:
        """The same for several by id, with one statement; all give values for the same columns."""
        if not conclusions:
            return
        columns = tuple(next(iter(conclusions.values())))
        rows = [
            {"the_id": mail_id} | {f"new_{name}": given[name] for name in columns}
            for mail_id, given in conclusions.items()
        ]
        await self.connection.execute(_concluding(columns), rows)

    async def get(self, mail_id: int) -> StoredMail:
        """One mail by id."""
        return _stored((await self.connection.execute(select(mail).where(mail.c.id == mail_id))).one())

    async def arrivals(self, complaint_id: int) -> list[dict[str, Any]]:
        """Where and when a complaint's letter came in, first first: the same bytes, and further copies of it."""
        query = (
            select(
                arrival.c.mailbox, arrival.c.server_at, arrival.c.stored_at, mail.c.sha256, mail.c.message_id
            )
            .join(letter, letter.c.mail_id == arrival.c.mail_id)
            .join(mail, mail.c.id == arrival.c.mail_id)
            .where(letter.c.complaint_id == complaint_id)
        )
        return [dict(row._mapping) for row in await self.connection.execute(query.order_by(arrival.c.id))]  # noqa: SLF001  SQLAlchemy's public name

    async def filed(self, limit: int) -> list[StoredMail]:
        """Mail that needed no routing, newest first."""
        query = select(mail).where(mail.c.state == "filed").order_by(mail.c.received_at.desc()).limit(limit)
        return [_stored(row) for row in await self.connection.execute(query)]

    async def unread(self) -> tuple[int, datetime | None]:
        """How many mails nobody has assessed yet, and since when the oldest lies here."""
        query = select(func.count(), func.min(mail.c.stored_at)).where(mail.c.state == "received")
        count, oldest = (await self.connection.execute(query)).one()
        return count, oldest

    async def counts(self) -> dict[str, int]:
        """How many mails are in each state."""
        query = select(mail.c.state, func.count()).group_by(mail.c.state)
        return {row[0]: row[1] for row in await self.connection.execute(query)}


def _arrival_row(item: Arrival, mail_id: int, now: datetime) -> dict[str, Any]:
    return {
        "mailbox": item.mailbox,
        "uidvalidity": item.uidvalidity or 0,
        "uid": item.uid,
        "place": item.place or None,
        "mail_id": mail_id,
        "server_at": item.server_at,
        "stored_at": now,
    }


def _mail_row(digest: str, item: Arrival, now: datetime) -> dict[str, Any]:
    return {
        "sha256": digest,
        "size": item.size or len(item.raw),
        "oversized": item.oversized,
        "problem": item.problem,
        "mailbox": item.mailbox,
        # A server whose clock is ahead must not give us time we do not have.
        "received_at": min(item.server_at, now),
        "server_at": item.server_at,
        "stored_at": now,
        "state": "received",
        "kind": "",
        "sender": "",
        "subject": "",
        "message_id": "",
        "why": "",
        "evidence": {},
        "attempts": 0,
        "claimed_by": "",
    }


def _stored(row: Row[Any]) -> StoredMail:
    return StoredMail(**{name: getattr(row, name) for name in StoredMail.__slots__})
