"""What holds letters together: the marks of a case, and the prints of its letters."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, literal, select

from complaints.lifecycle import Status
from complaints.model import Precedent
from complaints.recognition.references import normalised
from complaints.refs import ref_of
from complaints.sameness import LetterPrint, from_stored, stored_form
from complaints.store.rows import Rows, chunks, insert_or_leave, near
from complaints.store.tables import complaint, letter, mail, notice, thread

Key = tuple[str, str]
"""A party and a mark of one of its cases."""

_LONGEST_MARK = 400
_LONGEST_PARTY = 320


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownLetter:
    """A mail that belongs to a complaint: the one that opened it, or a further copy."""

    complaint_id: int
    dismissed: bool
    received_at: datetime
    print: LetterPrint


class ThreadRows(Rows):
    """The tables ``thread`` and ``letter``."""

    async def hold(self, keys: Iterable[Key]) -> None:
        """Keep every other desk from settling mail of these cases until this transaction ends.

        Two copies of one letter that two desks read at the same moment would otherwise both find that
        there is none yet.
        """
        await self._alone(_number_of(key) for key in keys)

    async def enter(self, marks: Mapping[int, Sequence[tuple[Key, bool]]]) -> None:
        """Give complaints their marks; each says whether it is the letter's own or merely named in it."""
        rows = [
            {"complaint_id": complaint_id, "party": party, "mark": mark, "main": main}
            for complaint_id, given in marks.items()
            for (party, mark), main in (((_cut(key)), own) for key, own in given)
        ]
        if rows:
            await self.connection.execute(insert_or_leave(thread), rows)

    async def keep(self, letters: Sequence[tuple[int, int, LetterPrint]]) -> None:
        """Remember what letters are known again by: mail id, complaint id, print."""
        rows = [
            {"mail_id": mail_id, "complaint_id": complaint_id, "print": stored_form(one)}
            for mail_id, complaint_id, one in letters
        ]
        if rows:
            await self.connection.execute(insert_or_leave(letter), rows)

    async def precedents(self, keys: Iterable[Key]) -> dict[Key, Precedent]:
        """What earlier letters under these keys were about.

        A case's own mark goes before one that is merely named; what nobody stands behind (the sender was
        not shown, and no person has said whose it is) comes last; of equals the newest counts.
        """
        wanted = sorted({_cut(key) for key in keys})
        found: dict[Key, tuple[Any, Precedent]] = {}
        for row in [*await self._marked(wanted), *await self._answered(wanted)]:
            rank = (row.main, bool(row.body_verified or row.customer_id), row.id)
            key = (row.party, row.mark)
            if key not in found or rank > found[key][0]:
                found[key] = (rank, _precedent(row))
        precedents = {key: precedent for key, (_, precedent) in found.items()}
        undecided = {rank[-1] for key, (rank, _) in found.items() if not precedents[key].customer_id}
        decided = {rank[-1] for rank, _ in found.values()} - undecided
        shared = await self._shared(decided)
        return await self._with_candidates(
            {
                key: replace(one, customer_id=None, candidates=shared[one.ref]) if one.ref in shared else one
                for key, one in precedents.items()
            },
            undecided,
        )

    async def _shared(self, ids: Collection[int]) -> dict[str, frozenset[str]]:
        """Of those whose letter was split between customers, all of these: a later one may mean any of them (I2)."""
        part = complaint.alias()
        customers: dict[str, set[str]] = {}
        for some in chunks(sorted(ids)):
            query = (
                select(complaint.c.id, part.c.customer_id)
                .join(part, part.c.mail_id == complaint.c.mail_id)
                .where(
                    complaint.c.id.in_(some),
                    part.c.customer_id != "",
                    part.c.status != Status.DISMISSED.value,
                )
            )
            for row in await self.connection.execute(query):
                customers.setdefault(ref_of(row.id), set()).add(row.customer_id)
        return {ref: frozenset(several) for ref, several in customers.items() if len(several) > 1}

    async def _with_candidates(
        self, precedents: dict[Key, Precedent], undecided: Collection[int]
    ) -> dict[Key, Precedent]:
        """Add who came into question where nobody has decided yet."""
        evidence: dict[str, Any] = {}
        for part in chunks(sorted(undecided)):
            query = select(complaint.c.id, complaint.c.evidence).where(complaint.c.id.in_(part))
            evidence |= {ref_of(row.id): row.evidence for row in await self.connection.execute(query)}
        return {
            key: replace(one, candidates=frozenset(c["id"] for c in evidence[one.ref].get("candidates", ())))
            if one.ref in evidence
            else one
            for key, one in precedents.items()
        }

    async def _marked(self, keys: Sequence[Key]) -> list[Row[Any]]:
        rows: list[Row[Any]] = []
        for part in chunks(keys):
            query = (
                select(thread.c.party, thread.c.mark, thread.c.main, *_ABOUT)
                .join(complaint, complaint.c.id == thread.c.complaint_id)
                .where(
                    near(thread.c.party, thread.c.mark, part),
                    complaint.c.status != Status.DISMISSED.value,
                )
            )
            wanted = set(part)
            rows += [row for row in await self.connection.execute(query) if (row.party, row.mark) in wanted]
        return rows

    async def _answered(self, keys: Sequence[Key]) -> list[Row[Any]]:
        """The body answers a notice of ours about its own complaint."""
        identifiers = sorted({mark for _, mark in keys if mark.startswith("<")})
        wanted, rows = set(keys), list[Row[Any]]()
        for part in chunks(identifiers):
            query = (
                select(
                    complaint.c.party,
                    notice.c.message_id.label("mark"),
                    literal(True).label("main"),
                    *_ABOUT,
                )
                .join(complaint, complaint.c.id == notice.c.complaint_id)
                .where(notice.c.message_id.in_(part), complaint.c.status != Status.DISMISSED.value)
            )
            found = await self.connection.execute(query)
            rows += [row for row in found if (row.party, row.mark) in wanted]
        return rows

    async def letters(self, keys: Iterable[Key]) -> dict[Key, list[KnownLetter]]:
        """Every letter of the complaints that bear these marks as their own, newest first."""
        found: dict[Key, list[KnownLetter]] = {}
        for part in chunks(sorted({_cut(key) for key in keys})):
            query = (
                select(
                    thread.c.party,
                    thread.c.mark,
                    letter.c.complaint_id,
                    letter.c.print,
                    mail.c.received_at,
                    complaint.c.status,
                )
                .join(letter, letter.c.complaint_id == thread.c.complaint_id)
                .join(mail, mail.c.id == letter.c.mail_id)
                .join(complaint, complaint.c.id == letter.c.complaint_id)
                .where(near(thread.c.party, thread.c.mark, part), thread.c.main)
                .order_by(letter.c.complaint_id.desc(), letter.c.mail_id)
            )
            wanted = set(part)
            for row in await self.connection.execute(query):
                if (row.party, row.mark) in wanted:
                    found.setdefault((row.party, row.mark), []).append(_known(row))
        return found

    async def complaint_of(self, mail_id: int) -> int | None:
        """The complaint that a mail opened or is a further copy of."""
        query = select(letter.c.complaint_id).where(letter.c.mail_id == mail_id)
        return (await self.connection.execute(query)).scalar()


_ABOUT = (
    complaint.c.id,
    complaint.c.customer_id,
    complaint.c.reference,
    complaint.c.body_verified,
)


def _precedent(row: Row[Any]) -> Precedent:
    return Precedent(
        customer_id=row.customer_id or None,
        ref=ref_of(row.id),
        # A mark that is no Message-ID is the number of the case, without that of the single document.
        reference=row.mark if row.main and not row.mark.startswith("<") else normalised(row.reference),
        main=bool(row.main),
        shown=bool(row.body_verified),
    )


def _known(row: Row[Any]) -> KnownLetter:
    return KnownLetter(
        complaint_id=row.complaint_id,
        dismissed=row.status == Status.DISMISSED.value,
        received_at=row.received_at,
        print=from_stored(row.print),
    )


def _cut(key: Key) -> Key:
    party, mark = (part.replace("\x00", "").encode("utf-8", "replace").decode() for part in key)
    return party[:_LONGEST_PARTY], mark[:_LONGEST_MARK]


def _number_of(key: Key) -> int:
    digest = hashlib.sha256("\0".join(_cut(key)).encode("utf-8")).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
